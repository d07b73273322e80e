package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"

	"guidang/extractors/ooxml"
)

// told writes what a walk over s finds.
func told(r io.Reader, limit int64) (string, error) {
	m := newMarkup(utf8Of(r), limit)
	var b strings.Builder
	for {
		k, err := m.next()
		if err != nil || k == ended {
			return b.String(), err
		}
		switch k {
		case words:
			b.Write(m.add(nil))
		case closing:
			fmt.Fprintf(&b, "[/%s]", m.name)
		default:
			fmt.Fprintf(&b, "[%s %s|%s]", m.name, m.value("a"), m.value("n"))
		}
	}
}

func TestMarkup(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string
		err            error
	}{
		{"names and values", `<?xml version="1.0"?><!-- x > y --><x:r a='1' b:n = "甲&amp;乙"><c a=">"/></x:r>`, "[r 1|甲&乙][c >|][/r]", nil},
		{"text", "<t>a &lt;b&gt; &#21512;&#x540c; &unknown; & c</t>", "[t |]a <b> 合同 &unknown; & c[/t]", nil},
		{"unescaped pieces", "<t><![CDATA[a<b&amp;]]></t>", "[t |]a<b&amp;[/t]", nil},
		{"a document type", "<!DOCTYPE a><t/>", "", ooxml.ErrDTD},
		{"an end within a tag", "<t><c a='", "[t |]", io.ErrUnexpectedEOF},
		{"an end within an element", "<t><c/>", "[t |][c |]", io.ErrUnexpectedEOF},
		{"deep", strings.Repeat("<a>", deepest+1), strings.Repeat("[a |]", deepest), ooxml.ErrTooDeep},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for name, r := range map[string]io.Reader{"whole": strings.NewReader(tt.in), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.in))} {
				if got, err := told(r, 1<<20); got != tt.want && !strings.HasPrefix(tt.name, "text") || strings.ReplaceAll(got, "\x00", "") != tt.want || !errors.Is(err, tt.err) {
					t.Errorf("%s: got %q, error %v", name, got, err)
				}
			}
		})
	}
	for name, e := range map[string]unicode.Endianness{"little": unicode.LittleEndian, "big": unicode.BigEndian} {
		s, _ := unicode.UTF16(e, unicode.UseBOM).NewEncoder().String("<t a='甲'>合同𠮷</t>")
		if got, err := told(strings.NewReader(s), 1<<20); got != "[t 甲|]合同𠮷[/t]" || err != nil {
			t.Errorf("UTF-16, %s: %q, %v", name, got, err)
		}
	}
	if got, err := told(strings.NewReader("<t>"+strings.Repeat("x", 100)), 50); !errors.Is(err, ooxml.ErrTooBig) {
		t.Errorf("beyond its limit: %q, %v", got, err)
	}
	long := "<t a='" + strings.Repeat("甲", markupBuffer) + "'/>"
	if got, err := told(strings.NewReader(long), 1<<20); err != nil || len(got) != 3*markupBuffer+5 {
		t.Errorf("a value longer than the buffer: %d bytes, %v", len(got), err)
	}
}

func FuzzMarkup(f *testing.F) {
	f.Add("<r><c r='A1' t=\"s\"><v>1</v></c></r>")
	f.Add("<!--><![CDATA[]]>&#x;&")
	f.Fuzz(func(t *testing.T, s string) {
		a, errA := told(strings.NewReader(s), 1<<20)
		b, errB := told(iotest.OneByteReader(strings.NewReader(s)), 1<<20)
		if a != b || (errA == nil) != (errB == nil) {
			t.Fatalf("in one piece %q (%v), in many %q (%v)", a, errA, b, errB)
		}
	})
}

func TestUnmask(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"a_x000D_\nb": "a\r\nb", "_x005F_x000D_": "_x000D_", "_x4e00_": "一", "_xzzzz_": "_xzzzz_", "_x00": "_x00", "_x0001_a": "a"} {
		if got := string(unmask([]byte(in))); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func TestTextsInSlabs(t *testing.T) {
	t.Parallel()
	all := texts{most: 3 * slab}
	word := []byte(strings.Repeat("合同", 50_000)) // 300 kB
	for i := range 45 {
		all.add(fmt.Appendf(nil, "%d%s", i, word))
		all.add(nil)
	}
	all.close()
	for i := range 45 {
		want := fmt.Sprintf("%d%s", i, word)
		if i >= 41 { // beyond 12 MiB
			want = ""
		}
		if got := all.at(2 * i); got != want || all.at(2*i+1) != "" {
			t.Errorf("string %d has %d bytes", i, len(got))
		}
	}
	if !all.full || all.at(-1) != "" || all.at(1000) != "" {
		t.Error("its bounds")
	}
}

func TestCellAt(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]int{"A1": {0, 1}, "$B$7": {1, 7}, "xfd1048576": {16383, 1048576}, "XFE1": {}, "A1048577": {}, "A": {}, "7": {}, "7A": {}, "A-1": {}, "": {}} {
		column, row, ok := cellAt(name)
		if got := [2]int{column, row}; ok != (want[1] > 0) || ok && got != want {
			t.Errorf("%q is %v, %v", name, got, ok)
		}
	}
}
