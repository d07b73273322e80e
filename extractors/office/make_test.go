package office

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"guidang/extractors/document"
)

const (
	wordNS  = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`
	slideNS = ` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
)

// part is one part of a made package.
type part struct{ name, body string }

func makePackage(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range append([]part{{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`}}, parts...) {
		f, err := w.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte(p.body))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// word makes a Word file of a body.
func word(t testing.TB, body string, more ...part) []byte {
	t.Helper()
	return makePackage(t, append([]part{{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document` + wordNS + `><w:body>` + body + `</w:body></w:document>`}}, more...)...)
}

func para(style, text string) string {
	props := ""
	if style != "" {
		props = `<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`
	}
	return `<w:p>` + props + `<w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

func read(t testing.TB, f document.Format, in *document.Input) (*document.Document, []*document.Child) {
	t.Helper()
	if !f.Detect(in) {
		t.Errorf("%s is not detected as %s", in.Name, f.Name)
	}
	var children []*document.Child
	doc, err := f.Read(context.Background(), in, func(c *document.Child) error {
		children = append(children, c)
		return nil
	})
	if err != nil {
		t.Fatalf("read %s: %v", in.Name, err)
	}
	return doc, children
}

// all shows a document's sections for comparing.
func all(doc *document.Document) string {
	var b strings.Builder
	for _, s := range doc.Sections {
		where := s.Position.Part
		if s.Position.Slide > 0 {
			where = fmt.Sprint("slide ", s.Position.Slide)
		}
		fmt.Fprintf(&b, "[%s] %s\n%s\n", where, s.Heading, s.Text)
	}
	return b.String()
}
