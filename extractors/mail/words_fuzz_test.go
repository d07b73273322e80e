package mail

import (
	"testing"
	"unicode/utf8"
)

// FuzzHeaderWords: no header value panics, and its text is valid.
func FuzzHeaderWords(f *testing.F) {
	for _, s := range []string{"=?gb2312?B?us/NrA==?= =?gbk?q?=BA=CF?=", "=?utf-8?Q?a?=20b?=", "=?a?b", "~{9XSZ~} +AGE-", "\xba\xcf\xcd\xac"} {
		f.Add([]byte(s), "gb2312")
	}
	f.Fuzz(func(t *testing.T, raw []byte, hint string) {
		if s := decodeText(raw, hint); !utf8.ValidString(s) {
			t.Fatalf("%q is no text", s)
		}
		for _, p := range addresses(nil, "to", rawText(unfold(raw), hint), hint) {
			if !utf8.ValidString(p.Name) {
				t.Fatalf("%q is no name", p.Name)
			}
		}
	})
}

// FuzzParams: no structured value panics.
func FuzzParams(f *testing.F) {
	for _, s := range []string{`a/b; name*0*=gb2312''%BA; name*1="x"`, `text/plain charset="gbk`, `a; =; b==c; name*99999999999999=x`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := parseParams(raw, "gb2312")
		for _, x := range p.list {
			if s := p.text(x.name, ""); len(s) > 8*len(raw)+16 {
				t.Fatalf("%d bytes become %d", len(raw), len(s))
			}
		}
		p.text("name", "big5")
	})
}

// FuzzDate: no date panics, and what is read can be written.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"Tue, 15 Aug 2023 10:30:00 +0800", "2023年8月15日 下午3:20", "15-Aug-23 1:2:3 GMT+8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, _, ok := parseDate(s); ok && (d.Year() < 1970 || d.Year() >= 2100 || formatDate(d) == "") {
			t.Fatalf("%q is %v", s, d)
		}
	})
}
