package office

import (
	"bytes"
	"context"
	"testing"

	"guidang/extractors/document"
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
		{"an object", `{\rtf1 x{\object{\*\objdata 0105}}}`, document.Partial, "", []string{"x"}},
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
