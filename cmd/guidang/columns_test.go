package main

import (
	"strings"
	"testing"
)

func TestColumns(t *testing.T) {
	t.Parallel()
	c := &columns{indent: " ", right: []bool{false, true}}
	c.add("状态", "1")
	c.add("indexed", "1,234")
	c.add("é", "12", "x")
	want := " 状态         1\n indexed  1,234\n é           12  x\n"
	if got := c.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"需求变更", 5, "需求…"}, {"需求变更", 8, "需求变更"}, {"x", 0, "x"}} {
		got := cut(c.in, c.n)
		if got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
		if c.n > 0 && cells(got) > c.n {
			t.Errorf("%q is wider than %d", got, c.n)
		}
	}
}

// A title in an archive may be written by anybody; on a terminal it must stay
// a title.
func TestVisible(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"合同.docx":              "合同.docx",
		"a\x1b[2Jb":            "a[2Jb",
		"invoice\u202efdp.exe": "invoicefdp.exe",
		"two\nlines\tx":        "two lines x",
		"\u009b31m":            "31m",
	} {
		if got := visible(in); got != want {
			t.Errorf("visible(%q) = %q, want %q", in, got, want)
		}
	}
	if got := visibleText("a\r\nb\x07\n"); got != "a\nb\n" {
		t.Errorf("%q", got)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -5: "-5"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 5 << 30: "5.0 GiB", 300 << 20: "300 MiB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestSnippet(t *testing.T) {
	t.Parallel()
	hit := "前 <mark>合同</mark> a &lt;b&gt;\n &amp; \x1b[31m<mark>x"
	if got := (&env{}).snippet(hit); got != "前 合同 a <b> & [31mx" {
		t.Errorf("%q", got)
	}
	if got := (&env{colour: true}).snippet(hit); !strings.Contains(got, "\x1b[1m合同\x1b[0m") {
		t.Errorf("%q", got)
	}
}
