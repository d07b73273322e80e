package unread

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"guidang/extractors/compound"
	"guidang/extractors/document"
)

// summary is a stream of properties with a title in UTF-8 ([MS-OLEPS] 2.20).
func summary(title string) []byte {
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			_ = binary.Write(&b, binary.LittleEndian, v)
		}
	}
	text := append([]byte(title), 0)
	for len(text)%4 != 0 {
		text = append(text, 0)
	}
	n := uint32(len(text))
	put(uint16(0xfffe), uint16(0), make([]byte, 20), uint32(1), make([]byte, 16), uint32(48))
	put(uint32(0), uint32(2), uint32(1), uint32(24), uint32(2), uint32(32))
	put(uint32(2), uint32(65001), uint32(30), n, text)
	return b.Bytes()
}

func TestProperties(t *testing.T) {
	t.Parallel()
	file := func(names ...string) []byte {
		root := compound.NewStorage("Root Entry", compound.NewStream("\x05SummaryInformation", summary("实施计划")))
		for _, n := range names {
			root.Children = append(root.Children, compound.NewStream(n, []byte("x")))
		}
		return compound.Write(root)
	}
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"Project": {file("Props14"), "application/vnd.ms-project"}, "Visio": {file("VisioDocument"), "application/vnd.visio"},
		"something else": {file("PropsOther"), ""},
	} {
		in := input("计划", tt.data)
		if got := Properties.Detect(in); got != (tt.want != "") {
			t.Errorf("%s: detected %v", name, got)
			continue
		}
		if tt.want == "" {
			continue
		}
		doc, err := Properties.Read(context.Background(), in, nil)
		if err != nil || doc.Title != "实施计划" || doc.MediaType != tt.want || doc.Read != document.Partial || doc.Reason != document.Unsupported || len(doc.Sections) != 1 {
			t.Errorf("%s: %+v, error %v", name, doc, err)
		}
	}
}
