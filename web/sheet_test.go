package web

import (
	"fmt"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// drawn writes a table as text: numbers, cells, anchors.
func drawn(g *grid) string {
	if g == nil {
		return "none"
	}
	var b strings.Builder
	b.WriteString(strings.Join(g.Names, "|") + "\n")
	for _, r := range g.Rows {
		fmt.Fprintf(&b, "%d%s", r.Number, strings.Join(r.Anchors, ","))
		if r.Head {
			b.WriteString("^")
		}
		if r.Wide != "" {
			fmt.Fprintf(&b, "<%s>", r.Wide)
		}
		for _, c := range r.Cells {
			fmt.Fprintf(&b, "[%s]", c)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestRowsBecomeATable(t *testing.T) {
	t.Parallel()
	rows := func(from, to int, heading, text string) *document.Document {
		d := &document.Document{ID: "x", Kind: document.KindSheet}
		d.AddText(document.Position{Sheet: "合同", Rows: &[2]int{from, to}}, heading, text)
		return d
	}
	for _, tt := range []struct {
		name, want string
		d          *document.Document
	}{
		{"a title, a header, rows", "客户|金额|备注\n1p0<2024年台账>\n2^[客户][金额][备注]\n3[<mark>华信</mark>][350,000][]\n4[中软][][已付; 另议: 无 &lt;b&gt;]\n",
			rows(1, 4, "2024年台账", "2024年台账\n客户 | 金额 | 备注\n客户: 华信; 金额: 350,000\n客户: 中软; 备注: 已付; 另议: 无 <b>")},
		{"rows without their header", "编号|客户\n41p0[1][甲]\n42[2][乙]\n", rows(41, 42, "", "编号: 1; 客户: 甲\n编号: 2; 客户: 乙")},
		{"rows without names", "\n7p0[1][2]\n8[3][4]\n", rows(7, 8, "", "1 | 2\n3 | 4")},
		{"rows with gaps have no numbers", "编号|客户\n0p0[1][甲]\n0[2][乙]\n", rows(1, 9, "", "编号: 1; 客户: 甲\n编号: 2; 客户: 乙")},
		{"one cell", "none", rows(1, 1, "", "最低 28 万")},
		{"a comment", "none", rows(3, 3, "批注 Comment A3", "赵: 价格再谈")},
		{"a letter", "none", rows(1, 3, "", "您好\n见下\n主题: 合同")},
	} {
		p := textParts(tt.d, []string{"华信"}, target{passage: -1}, plainPath)
		if got := drawn(p.Sections[0].Table); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	d := rows(1, 2, "", "1 | 2\n3 | 4")
	d.Kind = document.KindDocument
	if textParts(d, nil, target{passage: -1}, plainPath).Sections[0].Table != nil {
		t.Error("only a workbook has tables")
	}
}

// TestEveryAnchorIsInATable: hits link to passages, wherever they begin.
func TestEveryAnchorIsInATable(t *testing.T) {
	t.Parallel()
	d := &document.Document{ID: "x", Kind: document.KindSheet}
	for s := range 20 {
		var b strings.Builder
		for r := range 40 {
			fmt.Fprintf(&b, "编号: %d; 客户: 客户%d; 备注: %s\n", s*40+r, r, strings.Repeat("进展", r))
		}
		d.AddText(document.Position{Sheet: "甲", Rows: &[2]int{s*40 + 1, s*40 + 40}}, "", b.String())
	}
	p := textParts(d, nil, target{passage: -1}, plainPath)
	inPieces, inTables := 0, 0
	for _, s := range p.Sections {
		for _, piece := range s.Pieces {
			inPieces += len(piece.Anchors)
		}
		for _, r := range s.Table.Rows {
			inTables += len(r.Anchors)
		}
	}
	if inPieces == 0 || inPieces != inTables {
		t.Errorf("%d anchors in pieces, %d in tables", inPieces, inTables)
	}
}

func TestSheetsAndPicturesOnTheirPages(t *testing.T) {
	t.Parallel()
	f := sample(t)
	sheet := f.add("s", "台账.xlsx", []byte("x"), &document.Document{Kind: document.KindSheet, MediaType: "application/x", Sections: []document.Section{
		{Position: document.Position{Sheet: "合同", Rows: &[2]int{1, 3}}, Heading: "台账", Text: "客户 | 金额\n客户: 华信; 金额: 350,000\n客户: " + hostile + "; 金额: 1"}}})
	picture := f.add("s", "现场.jpg", []byte("x"), &document.Document{Kind: document.KindImage, MediaType: "image/jpeg", Fields: map[string]string{"width": "400", "height": "300"}})
	huge := f.add("s", "图.png", []byte("x"), &document.Document{Kind: document.KindImage, MediaType: "image/png", Fields: map[string]string{"width": "65536", "height": "65536"}})
	client := newClient(t, f, Options{})
	page := client.get("/d/"+sheet.ID).want(t, 200).body
	inlineCode(t, "a sheet", page)
	for _, w := range []string{`<table class="grid">`, `<th scope="col">金额</th>`, "<td>350,000</td>", `>2</th>`} {
		if !strings.Contains(page, w) {
			t.Errorf("%q is not on the sheet's page", w)
		}
	}
	src := `<img src="/d/`
	if !strings.Contains(client.get("/d/"+picture.ID).want(t, 200).body, src+picture.ID+"/page/1") {
		t.Error("the picture is not on its page")
	}
	if strings.Contains(client.get("/d/"+huge.ID).want(t, 200).body, src) {
		t.Error("a picture of 4,000 million pixels is on its page")
	}
}
