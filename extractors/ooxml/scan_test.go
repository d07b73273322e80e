package ooxml

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"
)

// flat writes tokens down.
func flat(next func() (xml.Token, error)) (string, error) {
	var b strings.Builder
	for {
		tok, err := next()
		if err == io.EOF { //nolint:errorlint // both give it bare
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			fmt.Fprintf(&b, "<%s:%s", t.Name.Space, t.Name.Local)
			for _, a := range t.Attr {
				fmt.Fprintf(&b, " %s:%s=%q", a.Name.Space, a.Name.Local, a.Value)
			}
			b.WriteString(">")
		case xml.EndElement:
			fmt.Fprintf(&b, "</%s:%s>", t.Name.Space, t.Name.Local)
		case xml.CharData:
			b.Write(t)
		case xml.Directive:
			fmt.Fprintf(&b, "!%s", t)
		}
	}
}

var wellFormed = []string{
	`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n" + `<w:p xmlns:w="x"><w:r w:rsidR="00A1"><w:t xml:space="preserve"> 合同 &amp; &lt;350&gt; &#x5408;&#21516; </w:t><w:br/></w:r></w:p>`,
	`<a b='1' c="x > y" d="&quot;'">one` + "\r\n" + `two<!-- <c> --><![CDATA[<raw> & ]] >]]>three</a >`,
	"<a\n  b = \"1\"\t><b/><c  /></a>", `<a>` + strings.Repeat("长文本", 20_000) + `<b c="` + strings.Repeat("值>", 20_000) + `"/></a>`, `<!DOCTYPE x><a/>`, ``,
}

// TestScannerAgrees: on XML as it should be, tokens are those of encoding/xml,
// however the bytes arrive.
func TestScannerAgrees(t *testing.T) {
	t.Parallel()
	for i, in := range wellFormed {
		d := xml.NewDecoder(strings.NewReader(in))
		d.Strict = false
		want, err := flat(d.RawToken)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []io.Reader{strings.NewReader(in), iotest.HalfReader(strings.NewReader(in)), iotest.OneByteReader(strings.NewReader(in))} {
			if got, err := flat(newScanner(r).next); err != nil || got != want {
				t.Errorf("%d: error %v, got\n%.300q\nwant\n%.300q", i, err, got, want)
			}
		}
	}
}

func TestScannerTolerates(t *testing.T) {
	t.Parallel()
	wide, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(`<a b="值">合同</a>`)
	for _, tt := range []struct{ name, in, want string }{
		{"UTF-16", wide, `<:a :b="值">合同</:a>`}, {"an attribute without quotes", `<a b=1 c>x`, `<:a :b="1">x`},
		{"unknown references", `<a>R&D &nbsp; &#xZ; &`, `<:a>R&D &nbsp; &#xZ; &`}, {"colons", `<a:b:c :d="1">`, ``},
	} {
		got, err := flat(newScanner(strings.NewReader(tt.in)).next)
		if err != nil || tt.want != "" && got != tt.want {
			t.Errorf("%s: error %v, got %q", tt.name, err, got)
		}
	}
	for _, in := range []string{`<a><`, `<a b="x`, `<a><!-- x`, `<a><![CDATA[x`, `<a>x< b>`, `<a><1>`, `<a b="x' c>y`} {
		if got, err := flat(newScanner(strings.NewReader(in)).next); err == nil || !strings.HasPrefix(got, "<:a>") && strings.HasPrefix(in, "<a>") {
			t.Errorf("%q: error %v, got %q", in, err, got)
		}
	}
}

// BenchmarkWalk is why the scanner is our own.
func BenchmarkWalk(b *testing.B) {
	body := strings.Repeat(`<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD"><w:pPr><w:pStyle w:val="a3"/><w:ind w:firstLine="420"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/><w:sz w:val="21"/></w:rPr><w:t>合同总金额为三十五万元</w:t></w:r></w:p>`, 2000)
	b.SetBytes(int64(len(body)))
	b.Run("own", func(b *testing.B) {
		for b.Loop() {
			_ = Walk(strings.NewReader(body), 1<<30, func(xml.Token) error { return nil })
		}
	})
	b.Run("encoding/xml", func(b *testing.B) {
		for b.Loop() {
			d := xml.NewDecoder(strings.NewReader(body))
			d.Strict = false
			for {
				if _, err := d.RawToken(); err != nil {
					break
				}
			}
		}
	})
}
