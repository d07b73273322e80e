package packed

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/traditionalchinese"

	"guidang/extractors/document"
)

func big5(s string) string {
	out, _ := traditionalchinese.Big5.NewEncoder().String(s)
	return out
}

func stepsOf(all []got) []string {
	var out []string
	for _, g := range all {
		out = append(out, g.step)
	}
	return out
}

// inTar and inGzip read the same tar from a file and from a stream.
func inTar(t *testing.T, data []byte, change func(*document.Limits)) map[string]func() (*document.Document, []got) {
	t.Helper()
	read := func(f document.Format, name string, data []byte) func() (*document.Document, []got) {
		return func() (*document.Document, []got) {
			in := input(name, data)
			if change != nil {
				change(&in.Limits)
			}
			return readAll(t, f, in)
		}
	}
	return map[string]func() (*document.Document, []got){
		"file":   read(Tar, "a.tar", data),
		"stream": read(Zstd, "a.tar.zst", packStream(t, "zstd", data)),
	}
}

func TestTar(t *testing.T) {
	t.Parallel()
	end := make([]byte, 2*tarBlock)
	body := strings.Repeat("合同 ", 400)
	long := strings.Repeat("很长的目录/", 40) + "文件.txt"
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	ordinary := makeTar(t, tarFile{name: "a.txt", body: body}, tarFile{name: "b.txt", body: "b"}, tarFile{name: "c.txt", body: "c"})
	damaged := append([]byte{}, ordinary...)
	second := bytes.Index(damaged, []byte("b.txt"))
	copy(damaged[second:], "XXXXXXXX")
	claims := makeTar(t, tarFile{name: "a.txt", body: "a"}, tarFile{name: "b.txt", body: "b"})
	head := claims[2*tarBlock : 3*tarBlock]
	copy(head[124:], octal(7<<30, 11)+"\x00")
	sealTar(head)
	type want = []got
	tests := []struct {
		name   string
		data   []byte
		want   want
		reason document.Reason
		warned string
		limits func(*document.Limits)
	}{
		{name: "ustar", data: ordinary, want: want{{"a.txt", body, ""}, {"b.txt", "b", ""}, {"c.txt", "c", ""}}},
		{name: "pax with a long name", data: makeTar(t, tarFile{name: long, body: "x", format: tar.FormatPAX}), want: want{{long, "x", ""}}},
		{name: "GNU with a long name", data: makeTar(t, tarFile{name: long, body: "x", format: tar.FormatGNU}), want: want{{long, "x", ""}}},
		{name: "names in GBK", data: join(rawTar(gbk("项目资料/需求说明书.doc"), "1"), rawTar(gbk("报价.xls"), "2"), rawTar("plain", "3"), end),
			want: want{{"项目资料/需求说明书.doc", "1", ""}, {"报价.xls", "2", ""}, {"plain", "3", ""}}},
		{name: "names in Big5", data: join(rawTar(big5("專案資料/需求規格說明書.doc"), "1"), rawTar(big5("會議記錄與報價單.xls"), "2"), end),
			want: want{{"專案資料/需求規格說明書.doc", "1", ""}, {"會議記錄與報價單.xls", "2", ""}}},
		{name: "no end", data: ordinary[:len(ordinary)-2*tarBlock], want: want{{"a.txt", body, ""}, {"b.txt", "b", ""}, {"c.txt", "c", ""}}},
		{name: "no padding behind the last", data: ordinary[:len(ordinary)-3*tarBlock+1], want: want{{"a.txt", body, ""}, {"b.txt", "b", ""}, {"c.txt", "c", ""}}},
		{name: "two joined", data: join(ordinary, makeTar(t, tarFile{name: "a.txt", body: "later"})),
			want: want{{"a.txt", body, ""}, {"b.txt", "b", ""}, {"c.txt", "c", ""}, {"a.txt#2", "later", ""}}},
		{name: "rubbish behind the end", data: join(ordinary, []byte(strings.Repeat("rubbish", 1000))), want: want{{"a.txt", body, ""}, {"b.txt", "b", ""}, {"c.txt", "c", ""}}},
		{name: "a damaged header", data: damaged, want: want{{"a.txt", body, ""}, {"c.txt", "c", ""}}, reason: document.Corrupt},
		{name: "cut off in a member", data: ordinary[:tarBlock+100], want: want{{"a.txt", body[:100], document.Truncated}}, reason: document.Truncated},
		{name: "cut off in a header", data: ordinary[:len(ordinary)-4*tarBlock+9], want: want{{"a.txt", body, ""}, {"b.txt", "b", ""}}, reason: document.Truncated},
		{name: "a claim of 7 GB", data: claims, want: want{{"a.txt", "a", ""}, {"b.txt", string(claims[3*tarBlock:]), document.Truncated}}, reason: document.Truncated},
		{name: "links and devices", data: makeTar(t, tarFile{name: "l", typ: tar.TypeSymlink, link: "/etc/passwd"}, tarFile{name: "h", typ: tar.TypeLink, link: "../x"},
			tarFile{name: "d", typ: tar.TypeChar}, tarFile{name: "f", typ: tar.TypeFifo}, tarFile{name: "dir/", typ: tar.TypeDir}, tarFile{name: "good", body: "good"}),
			want: want{{"l", "", document.Unsupported}, {"h", "", document.Unsupported}, {"d", "", document.Unsupported}, {"f", "", document.Unsupported}, {"good", "good", ""}}, warned: "links-skipped"},
		{name: "names that lead out", data: makeTar(t, tarFile{name: "../../etc/passwd", body: "x"}, tarFile{name: "/root/x", body: "y"}, tarFile{name: "./ok", body: "z"}),
			want: want{{"etc/passwd", "x", ""}, {"root/x", "y", ""}, {"ok", "z", ""}}, warned: "unsafe-names"},
		{name: "too many", data: ordinary, limits: func(l *document.Limits) { l.Entries = 2 }, want: want{{"a.txt", body, ""}, {"b.txt", "b", ""}}, reason: document.TooMany},
	}
	for _, tt := range tests {
		for how, read := range inTar(t, tt.data, tt.limits) {
			t.Run(tt.name+", "+how, func(t *testing.T) {
				t.Parallel()
				doc, have := read()
				if fmt.Sprint(have) != fmt.Sprint(tt.want) {
					t.Errorf("got %.400q\nwant %.400q", have, tt.want)
				}
				if doc.Reason != tt.reason {
					t.Errorf("read %s, reason %q, %v", doc.Read, doc.Reason, doc.Warnings)
				}
				if tt.warned != "" && !strings.Contains(fmt.Sprint(doc.Warnings), tt.warned) {
					t.Errorf("warnings %v", doc.Warnings)
				}
			})
		}
	}
}

// gnuSparse writes a GNU sparse file: data at a place, holes around it.
func gnuSparse(name string, at, size int64, data string) []byte {
	b := rawTar(name, data)
	b[156] = 'S'
	copy(b[386:], octal(at, 11)+"\x00"+octal(int64(len(data)), 11)+"\x00")
	copy(b[483:], octal(size, 11)+"\x00")
	sealTar(b[:tarBlock])
	return b
}

func TestSparse(t *testing.T) {
	t.Parallel()
	after := rawTar("after", "x")
	data := append(append(gnuSparse("holes", 5000, 9000, "content"), after...), make([]byte, 2*tarBlock)...)
	body := strings.Repeat("\x00", 5000) + "content" + strings.Repeat("\x00", 9000-5007)
	for how, read := range inTar(t, data, nil) {
		if _, have := read(); len(have) != 2 || have[0].body != body || have[1].body != "x" {
			t.Errorf("%s: %d children, %d bytes, %q", how, len(have), len(have[0].body), have[0].reason)
		}
	}
	bomb := append(append(gnuSparse("holes", 5000, 1<<32, "content"), after...), make([]byte, 2*tarBlock)...)
	for how, read := range inTar(t, bomb, nil) {
		if _, have := read(); len(have) != 2 || have[0].reason != document.Bomb || len(have[0].body) > 20<<20 || have[1].reason != "" && have[1].reason != document.Bomb {
			t.Errorf("%s: %d children, %d bytes, %q", how, len(have), len(have[0].body), have[0].reason)
		}
	}
}

// TestManyEqualNames: 60,000 entries of one name must not take quadratic time.
func TestManyEqualNames(t *testing.T) {
	t.Parallel()
	one := rawTar("a", "")
	data := append(bytes.Repeat(one, 60_000), make([]byte, 2*tarBlock)...)
	in := input("a.tar", data)
	last := ""
	doc, err := Tar.Read(context.Background(), in, func(c *document.Child) error {
		last = c.Step
		return nil
	})
	if err != nil || doc.Fields["entries"] != "60000" || last != "a#60000" {
		t.Errorf("%v, last %q, error %v", doc.Fields, last, err)
	}
}

func TestTarDetect(t *testing.T) {
	t.Parallel()
	v7 := rawTar("old.txt", "x")
	copy(v7[257:], "\x00\x00\x00\x00\x00\x00\x00\x00")
	sealTar(v7)
	for name, tt := range map[string]struct {
		data []byte
		want bool
	}{
		"v7":               {v7, true},
		"nothing in it":    {make([]byte, 10240), true},
		"zeros":            {make([]byte, 700), false},
		"text":             {[]byte(strings.Repeat("plain words\n", 200)), false},
		"a sum of nothing": {sealTar(make([]byte, tarBlock)), false},
	} {
		if have := Tar.Detect(input("a.tar", tt.data)); have != tt.want {
			t.Errorf("%s: %v", name, have)
		}
	}
}

func FuzzTar(f *testing.F) {
	f.Add(makeTar(f, tarFile{name: "a", body: "abc"}, tarFile{name: strings.Repeat("长", 60), body: "x", format: tar.FormatPAX}))
	f.Add(append(rawTar(gbk("项目/a.txt"), "abc"), gnuSparse("s", 600, 2000, "data")...))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, Tar, data) })
}

// fuzzed reads whatever bytes as that format: no panic, no child without bytes or
// reason, no step twice, no more out than the limit.
func fuzzed(t *testing.T, f document.Format, data []byte) {
	t.Helper()
	in := input("a", data)
	in.Limits.Expanded, in.Limits.Entries = 32<<20, 1000
	in.Passwords = []string{"密码"}
	steps, out := map[string]bool{}, 0
	_ = f.Detect(in)
	doc, err := f.Read(context.Background(), in, func(c *document.Child) error {
		if steps[c.Step] || c.Content == nil && c.Reason == "" {
			t.Fatalf("child %+v", c)
		}
		steps[c.Step] = true
		g := take(c)
		if out += len(g.body); out > 33<<20 {
			t.Fatalf("%d bytes came out", out)
		}
		return nil
	})
	if err != nil || doc == nil {
		t.Fatalf("document %v, error %v", doc, err)
	}
}
