package office

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/extractors/office/msdoc/msdoctest"
)

func TestRTF(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, data string
		read       document.Read
		title      string
		sections   []string
	}{
		{"Word", `{\rtf1\ansi\ansicpg936{\info{\title \'ba\'cf\'cd\'ac}{\author \'cd\'f5}}{\header page}\'b8\'b6\'bf\'ee\'cc\'f5\'bc\'fe}`, document.Full, "合同", []string{"付款条件", "page"}},
		{"a mark before it", "\xef\xbb\xbf\r\n{\\rtf1 x}", document.Full, "", []string{"x"}},
		{"broken off", `{\rtf1 {\b half`, document.Partial, "", []string{"half"}},
		{"an object that is none", `{\rtf1 x{\object{\*\objdata 0105}}}`, document.Full, "", []string{"x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := &document.Input{Name: "a.doc", Size: int64(len(tt.data)), Bytes: bytes.NewReader([]byte(tt.data))}
			if !RTF.Detect(in) {
				t.Fatal("it is not detected")
			}
			doc, err := RTF.Read(context.Background(), in, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range doc.Sections {
				got = append(got, s.Text)
			}
			if doc.Read != tt.read || doc.Title != tt.title || len(got) != len(tt.sections) {
				t.Fatalf("%+v", doc)
			}
			for i := range got {
				if got[i] != tt.sections[i] {
					t.Errorf("section %q, want %q", got[i], tt.sections[i])
				}
			}
		})
	}
	if RTF.Detect(&document.Input{Name: "a.rtf", Size: 5, Bytes: bytes.NewReader([]byte("plain"))}) {
		t.Error("a text is taken for RTF")
	}
}

// TestRTFObjects: what the packager wrapped, and an old Office document.
func TestRTFObjects(t *testing.T) {
	t.Parallel()
	object := func(class string, data []byte) string {
		var b []byte
		put := func(n int) { b = binary.LittleEndian.AppendUint32(b, uint32(n)) }
		put(0x501)
		put(2)
		put(len(class) + 1)
		b = append(append(b, class...), 0)
		put(0)
		put(0)
		put(len(data))
		return `{\object{\*\objdata ` + hex.EncodeToString(append(b, data...))[:20] + "\r\n" + hex.EncodeToString(append(b, data...))[20:] + `}}`
	}
	inner := msdoctest.Doc{Stories: [8]string{"附件里的话\r"}}.Bytes()
	data := []byte(`{\rtf1 x` + object("Package", []byte("\x02\x00a.txt\x00C:\\a.txt\x00\x00\x00\x03\x00\x05\x00\x00\x00C:\\t\x00\x05\x00\x00\x00hello")) + object("Word.Document.8", inner) + object("Equation.3", []byte("x")) + `y}`)
	var children []string
	doc, err := RTF.Read(context.Background(), &document.Input{Name: "a.rtf", Size: int64(len(data)), Bytes: bytes.NewReader(data)}, func(c *document.Child) error {
		b, err := io.ReadAll(c.Content)
		children = append(children, c.Step+" "+c.Name+" "+string(b[:5]))
		return err
	})
	if err != nil || doc.Read != document.Full || len(doc.Warnings) != 1 {
		t.Fatalf("%v, %+v", err, doc)
	}
	if got := strings.Join(children, ";"); got != "object:1 a.txt hello;object:2 object.doc \xd0\xcf\x11\xe0\xa1" {
		t.Errorf("children %q", got)
	}
}
