package office

import (
	"strings"
	"testing"

	"guidang/extractors/compound"
	"guidang/extractors/document"
	"guidang/extractors/office/msdoc/msdoctest"
	"guidang/extractors/office/msppt/msppttest"
)

// TestDoc: sections by heading, deletions apart, objects as children.
func TestDoc(t *testing.T) {
	t.Parallel()
	d := msdoctest.Doc{Stories: [8]string{"引言\r合同金额 350,000\r第一条\r验收\r旧的\r"}}
	d.Paras = []msdoctest.Run{{From: 16, To: 20, Style: 1}}
	d.Chars = []msdoctest.Run{{From: 23, To: 25, Props: []byte{0x00, 0x08, 1}}}
	// Heading 1 alone in the style sheet, at its place.
	d.Tables = map[int][]byte{1: {18, 0, 2, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 1, 0, 0xf1, 0xff, 0, 0, 0, 0, 0, 0}}
	inner := msdoctest.Doc{Stories: [8]string{"里面的话\r"}}
	main, table := inner.Streams()
	pool := compound.NewStorage("ObjectPool", compound.NewStorage("_1000000001", compound.NewStream("WordDocument", main), compound.NewStream("1Table", table)),
		compound.NewStorage("_1000000002", compound.NewStream("\x01Ole", []byte("x"))))
	data := d.Bytes(pool)
	if !Doc.Detect(input("a.bin", data)) || Ppt.Detect(input("a.doc", data)) {
		t.Error("content tells what it is")
	}
	var children []string
	doc, err := Doc.Read(t.Context(), input("a.doc", data), func(c *document.Child) error {
		children = append(children, c.Step+" "+c.Name)
		return nil
	})
	if err != nil || doc.Read != document.Full {
		t.Fatalf("%v, %+v", err, doc)
	}
	if got := flat(doc); got != "body: 引言\n合同金额 350,000|body 第一条: 验收|deletions: 旧的" {
		t.Errorf("got %q", got)
	}
	if strings.Join(children, ";") != "object:_1000000001 _1000000001.doc" || doc.Fields["tracked_deletions"] != "1" || doc.Language != "zh" {
		t.Errorf("children %q, fields %v, language %s", children, doc.Fields, doc.Language)
	}
}

// flat writes sections down in one line.
func flat(doc *document.Document) string {
	var out []string
	for _, s := range doc.Sections {
		at := s.Position.Part
		if s.Position.Slide > 0 {
			at = string(rune('0' + s.Position.Slide))
		}
		if s.Heading != "" {
			at += " " + s.Heading
		}
		out = append(out, at+": "+s.Text)
	}
	return strings.Join(out, "|")
}

func TestPpt(t *testing.T) {
	t.Parallel()
	inner := msdoctest.Doc{Stories: [8]string{"附件里的话\r"}}.Bytes()
	data := msppttest.Deck{Objects: [][]byte{inner, []byte("noise")}, Footer: "机密", Slides: []msppttest.Slide{{Title: "启动会", Body: "目标", Notes: "备注", Author: "王", Comment: "改"}, {Title: "只有标题"}}}.Bytes()
	if !Ppt.Detect(input("a.bin", data)) || Doc.Detect(input("a.ppt", data)) {
		t.Error("content tells what it is")
	}
	var children []string
	doc, err := Ppt.Read(t.Context(), input("a.ppt", data), func(c *document.Child) error {
		children = append(children, c.Step+" "+c.Name)
		return nil
	})
	if err != nil || doc.Read != document.Full || doc.Title != "启动会" {
		t.Fatalf("%v, %+v", err, doc)
	}
	if got := flat(doc); got != "1 启动会: 目标|1 备注 Notes: 备注\n内部资料|1 批注 Comments: 王: 改|2 只有标题: 只有标题|footer: 机密" {
		t.Errorf("got %q", got)
	}
	if strings.Join(children, ";") != "object:15 object15.doc" && len(children) != 1 {
		t.Errorf("children %q", children)
	}
}

// TestEncryptedBinary: no password opens it, and the reason says so.
func TestEncryptedBinary(t *testing.T) {
	t.Parallel()
	data := msppttest.Deck{Password: "guidang", Slides: []msppttest.Slide{{Title: "密"}}}.Bytes()
	in := input("a.ppt", data)
	doc, err := Ppt.Read(t.Context(), in, nil)
	if err != nil || doc.Read != document.None || doc.Reason != document.Encrypted {
		t.Errorf("%v, %+v", err, doc)
	}
	in.Passwords = []string{"guidang"}
	if doc, err = Ppt.Read(t.Context(), in, nil); err != nil || doc.Title != "密" {
		t.Errorf("%v, %+v", err, doc)
	}
}
