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

// TestPptxMore has comments of both sorts, a chart, a footer, a link.
func TestPptxMore(t *testing.T) {
	t.Parallel()
	data := slides(t, []int{1}, []string{slide("", shape("title", "计划")+shape("ftr", "机密"))},
		part{"ppt/slides/_rels/slide1.xml.rels", `<Relationships><Relationship Id="a" Type="x/comments" Target="../comments/comment1.xml"/><Relationship Id="b" Type="x/comments" Target="../comments/modern.xml"/>` +
			`<Relationship Id="c" Type="x/chart" Target="../charts/chart1.xml"/><Relationship Id="d" Type="x/hyperlink" Target="http://huaxin.example/" TargetMode="External"/></Relationships>`},
		part{"ppt/commentAuthors.xml", `<p:cmAuthorLst><p:cmAuthor id="0" name="王伟"/></p:cmAuthorLst>`}, part{"ppt/authors.xml", `<p188:authorLst><p188:author id="{A}" name="李娜"/></p188:authorLst>`},
		part{"ppt/comments/comment1.xml", `<p:cmLst><p:cm authorId="0"><p:text>换图</p:text></p:cm></p:cmLst>`},
		part{"ppt/comments/modern.xml", `<p188:cmLst><p188:cm authorId="{A}"><p188:replyLst><p188:reply authorId="0"><p188:txBody><a:p><a:r><a:t>好</a:t></a:r></a:p></p188:txBody></p188:reply></p188:replyLst><p188:txBody><a:p><a:r><a:t>改</a:t></a:r><a:r><a:t>期</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>`},
		part{"ppt/charts/chart1.xml", chartPart})
	doc, _ := read(t, Pptx, input("a.pptx", data))
	want := "[slide 1] 计划\n计划\n[slide 1] 批注 Comments\n王伟: 换图\n[slide 1] 批注 Comments\n王伟: 好\n李娜: 改期\n[slide 1] 图表 Chart\n季度回款\n华东\n[footer] \n机密\n[links] \nhttp://huaxin.example/\n"
	if got := all(doc); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// TestPptxCutOff: slides before the damage are read.
func TestPptxCutOff(t *testing.T) {
	t.Parallel()
	data := slides(t, []int{1, 2}, []string{slide("", shape("title", "第一页")), slide("", shape("", "第二页"))}, part{"ppt/notesSlides/notesSlide1.xml", `<p:notes` + slideNS + `>` + shape("body", "备注") + `</p:notes>`})
	doc, err := Pptx.Read(context.Background(), input("a.pptx", data[:len(data)-100]), nil)
	if err != nil || doc.Reason != document.Truncated || all(doc) != "[slide 1] 备注 Notes\n备注\n[slide 1] 第一页\n第一页\n[slide 2] \n第二页\n" {
		t.Errorf("%v, %q", err, all(doc))
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
