package office

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func shape(holder, text string) string {
	ph := ""
	if holder != "" {
		ph = `<p:nvPr><p:ph type="` + holder + `"/></p:nvPr>`
	}
	return `<p:sp>` + ph + `<p:txBody><a:p><a:r><a:t>` + text + `</a:t></a:r></a:p></p:txBody></p:sp>`
}

func slide(attr, shapes string) string { return `<p:sld` + slideNS + attr + `>` + shapes + `</p:sld>` }

// slides makes a deck; order lists the slides' numbers as they are shown.
func slides(t testing.TB, order []int, bodies []string, more ...part) []byte {
	t.Helper()
	var ids, rels strings.Builder
	for i, n := range order {
		fmt.Fprintf(&ids, `<p:sldId id="%d" r:id="rId%d"/>`, 256+i, n)
	}
	parts := more
	for i, b := range bodies {
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://x/slide" Target="slides/slide%d.xml"/>`, i+1, i+1)
		parts = append(parts, part{fmt.Sprintf("ppt/slides/slide%d.xml", i+1), b})
	}
	parts = append(parts, part{"ppt/_rels/presentation.xml.rels", `<Relationships>` + rels.String() + `</Relationships>`},
		part{"ppt/presentation.xml", `<p:presentation` + slideNS + `><p:sldIdLst>` + ids.String() + `</p:sldIdLst></p:presentation>`})
	return makePackage(t, parts...)
}

func TestPptx(t *testing.T) {
	t.Parallel()
	table := `<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>模块</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>工期</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>`
	data := slides(t, []int{2, 1, 3}, []string{
		slide("", shape("title", "实施计划")+table+shape("sldNum", "2")),
		slide("", shape("ctrTitle", "项目启动会")+shape("subTitle", "华信 2024")),
		slide(` show="0"`, shape("", "备用页")),
	}, part{"ppt/slides/_rels/slide1.xml.rels", `<Relationships><Relationship Id="r" Type="x/notesSlide" Target="../notesSlides/notesSlide1.xml"/></Relationships>`},
		part{"ppt/notesSlides/notesSlide1.xml", `<p:notes` + slideNS + `>` + shape("body", "这里要强调风险") + shape("sldNum", "2") + `</p:notes>`})
	doc, _ := read(t, Pptx, input("a.pptx", data))
	want := "[slide 1] 项目启动会\n华信 2024\n[slide 2] 实施计划\n模块\t工期\n[slide 2] 备注 Notes\n这里要强调风险\n[slide 3] \n备用页\n"
	if got := all(doc); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if doc.Title != "项目启动会" || len(doc.Warnings) != 1 || doc.Warnings[0].Code != "hidden-slide" {
		t.Errorf("title %q, warnings %v", doc.Title, doc.Warnings)
	}
}

func TestPptxWithoutOrder(t *testing.T) {
	t.Parallel()
	var bodies []string
	for i := range 11 {
		bodies = append(bodies, slide("", shape("", fmt.Sprintf("page %d", i+1))))
	}
	doc, _ := read(t, Pptx, input("a.pptx", slides(t, nil, bodies)))
	if len(doc.Sections) != 11 || doc.Sections[10].Text != "page 11" || doc.Sections[1].Text != "page 2" {
		t.Errorf("got %s", all(doc))
	}
	in := input("a.pptx", slides(t, nil, bodies))
	in.Limits.Pages = 3
	if doc, _ := read(t, Pptx, in); len(doc.Sections) != 3 || doc.Reason != document.TooMany {
		t.Errorf("%d sections, reason %q", len(doc.Sections), doc.Reason)
	}
}

func TestPptxDamaged(t *testing.T) {
	t.Parallel()
	data := slides(t, []int{1, 2}, []string{slide("", shape("", "好的")+"<p:sp><"), slide("", shape("", "也好"))})
	doc, _ := read(t, Pptx, input("a.pptx", data))
	if doc.Read != document.Partial || !strings.Contains(all(doc), "好的") || !strings.Contains(all(doc), "也好") {
		t.Errorf("read %s, got %s", doc.Read, all(doc))
	}
	doc, err := Pptx.Read(context.Background(), input("a.pptx", data[:len(data)/2]), nil)
	if err != nil || doc.Read == document.Full {
		t.Errorf("cut off: read %s, error %v", doc.Read, err)
	}
}

func FuzzPptx(f *testing.F) {
	f.Add([]byte(shape("title", "题")+shape("body", "文")), []byte(shape("body", "注")))
	f.Fuzz(func(t *testing.T, body, notes []byte) {
		data := slides(t, []int{1}, []string{slide("", string(body))}, part{"ppt/slides/_rels/slide1.xml.rels", `<Relationships><Relationship Id="r" Type="x/notesSlide" Target="../n.xml"/></Relationships>`},
			part{"ppt/n.xml", string(notes)})
		doc, err := Pptx.Read(context.Background(), input("a.pptx", data), nil)
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
	})
}
