package unread

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data)}
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{7}).Read(b)
	return b
}

func TestProtected(t *testing.T) {
	t.Parallel()
	noise := random(20_000)
	tests := []struct {
		name, file, who string
		data            []byte
		want            bool
		kind            document.Kind
	}{
		{"a known header", "合同.docx", "天锐绿盾 (Tipray)", append([]byte("%TSD-Header-###%"), noise...), true, document.KindDocument},
		{"behind its version", "台账.xlsx", "亿赛通 (ESAFENET)", append([]byte("b\x14#e\x0b\x00E-SafeNet\x00\x00\x00LOCK"), noise...), true, document.KindSheet},
		{"noise", "汇报.pptx", "", noise, true, document.KindSlides},
		{"noise under another name", "data.bin", "", noise, false, ""},
		{"too little of it", "a.txt", "", noise[:500], false, ""},
		{"a zip without its beginning", "a.docx", "", append(bytes.Clone(noise), "PK\x05\x06"+strings.Repeat("\x00", 18)...), false, ""},
		{"a damaged compound file", "图.vsd", "", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), noise...), false, ""},
		{"a PDF without its beginning", "a.pdf", "", append(bytes.Clone(noise), "%%EOF"...), false, ""},
		{"text", "a.txt", "", bytes.Repeat([]byte("合同金额 350,000 元\n"), 400), false, ""},
	}
	for _, tt := range tests {
		in := input(tt.file, tt.data)
		if got := Protected.Detect(in); got != tt.want {
			t.Errorf("%s: detected %v", tt.name, got)
		}
		if !tt.want {
			continue
		}
		doc, err := Protected.Read(context.Background(), in, nil)
		if err != nil || doc.Reason != document.Protected || doc.Read != document.None || doc.Kind != tt.kind || doc.Fields["protected_by"] != tt.who {
			t.Errorf("%s: %+v, error %v", tt.name, doc, err)
		}
	}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{"会议.one": "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "原型.rp": "anything", "图.bin": "AC1027\x00", "库.mdb": "\x00\x01\x00\x00Standard Jet DB\x00"} {
		in := input(name, []byte(data))
		if !Known.Detect(in) {
			t.Errorf("%s is not known", name)
			continue
		}
		doc, err := Known.Read(context.Background(), in, nil)
		if err != nil || doc.Reason != document.Unsupported || doc.Read != document.None || len(doc.Warnings) != 1 {
			t.Errorf("%s: %+v, error %v", name, doc, err)
		}
	}
	if Known.Detect(input("a.txt", []byte("text"))) {
		t.Error("a text is known as something else")
	}
}
