package web

import (
	"fmt"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/doctype"
	"guidang/pipeline/sensitive"
)

func TestPaperOnThePage(t *testing.T) {
	t.Parallel()
	f := &fake{}
	text := func(s string) *document.Document {
		return &document.Document{Kind: document.KindDocument, Sections: []document.Section{{Position: document.Position{Page: 2}, Text: s}}}
	}
	old := f.add("s", "合同_v1.docx", []byte("1"), text("合同\n甲方应在10日内付款\n其他"))
	now := f.add("s", "合同_v2.docx", []byte("2"), text("合同\n甲方应在15日内付款\n其他"))
	hidden := f.add("other", "合同_v3.docx", []byte("3"), text("合同"))
	old.Type = document.TypeContract
	old.Details = []doctype.Field{
		{Name: doctype.PartyA, Value: "华信<公司>", Text: "华信<公司>", Position: document.Position{Page: 2}}, {Name: doctype.Amount, Value: "1280000.00", Text: "¥1,280,000.00"},
		{Name: doctype.Currency, Value: "CNY"}, {Name: doctype.Signed, Value: doctype.SignedNo},
	}
	old.Sensitive = []sensitive.Finding{{Kind: document.SensitiveMobile, Masked: "138****8000"}, {Kind: document.SensitiveMobile, Masked: "139****8000"}}
	old.Versions = []pipeline.VersionOf{{Document: now.ID, Name: now.Name, Label: "v2", Ordinal: 2, Previous: old.ID}, {Document: old.ID, Name: old.Name, Label: "v1", Ordinal: 1, Here: true}}

	c := newClient(t, f, Options{})
	compare := "/d/" + old.ID + "/diff/" + now.ID
	c.get("/d/"+old.ID).want(t, 200, `href="/?type=contract">合同</a>`, "华信&lt;公司&gt;", "1,280,000.00 CNY", "未签", "手机号 2", "有更新的版本", compare, "第 2 页", "!138****8000")
	c.get("/d/"+old.ID, "Accept-Language", "en").want(t, 200, ">Contract</a>", "no, the places are empty", "There is a newer version", "Mobile number 2")
	c.get(compare).want(t, 200, "<mark>10</mark>", "<mark>15</mark>", "新增 1 行，删除 1 行", "/d/"+now.ID+"/diff/"+old.ID)
	c.get("/d/"+old.ID+"/diff/"+old.ID).want(t, 200, "两份文本相同")
	c.get("/d/"+old.ID+"/diff/nonsense").want(t, 404)
	c.get("/?type=合同&sensitive=mobile-number").want(t, 200)
	for _, path := range []string{"/api/search?type=nonsense", "/api/search?sensitive=x"} {
		c.get(path).want(t, 400)
	}
	_ = hidden
}

// A difference shows what has changed and a little around it.
func TestDiffIsShort(t *testing.T) {
	t.Parallel()
	f := &fake{}
	var a, b string
	for n := range 500 {
		a += fmt.Sprintf("line %d\n", n)
		if n == 250 {
			b += "another line\n"
		}
		b += fmt.Sprintf("line %d\n", n)
	}
	text := func(s string) *document.Document {
		return &document.Document{Kind: document.KindText, Sections: []document.Section{{Text: s}}}
	}
	x, y := f.add("s", "a.txt", []byte("a"), text(a)), f.add("s", "b.txt", []byte("b"), text(b))
	c := newClient(t, f, Options{})
	c.get("/d/"+x.ID+"/diff/"+y.ID, "Accept-Language", "en").want(t, 200, "another line", "line 249", "!line 200<", "248 lines are the same")
}
