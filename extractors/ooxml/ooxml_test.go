package ooxml

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func pack(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		p, _ := w.Create(parts[i])
		_, _ = p.Write([]byte(parts[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	types := "[Content_Types].xml"
	tests := []struct {
		name, file string
		data       []byte
		want       Family
	}{
		{"word", "a.docx", pack(t, types, "", "word/document.xml", "x"), Word},
		{"a workbook named .zip", "a.zip", pack(t, types, "", "xl/workbook.xml", "x"), Excel},
		{"slides", "a.bin", pack(t, "_rels/.rels", "", "ppt/presentation.xml", "x"), Slide},
		{"backslashes", "a.docx", pack(t, types, "", `word\document.xml`, "x"), Word},
		{"a binary workbook", "a.xlsb", pack(t, types, "", "xl/workbook.bin", "x"), ""},
		{"a plain zip", "a.zip", pack(t, "readme.txt", "see word/document.xml"), ""},
		{"a zip of office parts deeper down", "a.zip", pack(t, "backup/a.txt", "", "backup/word/document.xml", "x"), ""},
		{"a package cut off", "a.docx", pack(t, "word/document.xml", strings.Repeat("x", 50), types, "")[:90], Word},
		{"nothing", "a.docx", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Detect(input(tt.file, tt.data)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		limit    int64
		want     error
		text     string
	}{
		{"plain", "<a>一<b>二</b></a>", 1 << 10, nil, "一二"},
		{"another charset's label", `<?xml version="1.0" encoding="gbk"?><a>好</a>`, 1 << 10, nil, "好"},
		{"a document type", "<!DOCTYPE a><a>x</a>", 1 << 10, ErrDTD, ""},
		{"too deep", strings.Repeat("<a>", maxDepth+1), 1 << 20, ErrTooDeep, ""},
		{"too big", "<a>" + strings.Repeat("x", 100), 50, ErrTooBig, ""},
		{"unknown entities stay", "<a>R&amp;D&nbsp;x</a>", 1 << 10, nil, "R&D&nbsp;x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			err := Walk(strings.NewReader(tt.in), tt.limit, func(tok xml.Token) error {
				if c, ok := tok.(xml.CharData); ok {
					text.Write(c)
				}
				return nil
			})
			if !errors.Is(err, tt.want) || tt.text != "" && text.String() != tt.text {
				t.Errorf("error %v, text %q", err, text.String())
			}
		})
	}
}

func TestRelationsResolve(t *testing.T) {
	t.Parallel()
	data := pack(t, "ppt/_rels/presentation.xml.rels", `<Relationships><Relationship Id="a" Type="t/slide" Target="slides/slide1.xml"/>`+
		`<Relationship Id="b" Type="t/slide" Target="/ppt/slides/slide2.xml"/><Relationship Id="c" Type="t/slide" Target="..\x.xml"/>`+
		`<Relationship Id="d" Type="t/template" TargetMode="External" Target="http://evil/"/></Relationships>`)
	z, err := Open(input("a", data))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range Relations(z, "ppt/presentation.xml") {
		got = append(got, r.ID+" "+r.Type+" "+r.Target)
	}
	if s := strings.Join(got, ";"); s != "a slide ppt/slides/slide1.xml;b slide ppt/slides/slide2.xml;c slide x.xml" {
		t.Error(s)
	}
}

func FuzzWalk(f *testing.F) {
	f.Add([]byte("<a b='c'>x<![CDATA[y]]></a>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("a.docx", data)
		Detect(in)
		Encrypted(in)
		Salvage(in, func(string, io.Reader) bool { return true })
		_ = Walk(bytes.NewReader(data), 1<<20, func(xml.Token) error { return nil })
	})
}
