package web

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/index"
)

func plainPath(part int) string { return fmt.Sprintf("/part/%d", part) }

// shown is the text of all parts of a document, and where each anchor stands
// in it.
func shown(t testing.TB, d *document.Document) (text string, anchors map[string]int, of int) {
	anchors = map[string]int{}
	var b strings.Builder
	for part := 1; ; part++ {
		p := textParts(d, nil, target{part: part, passage: -1}, plainPath)
		if p.Part != part {
			t.Fatalf("part %d is shown as %d", part, p.Part)
		}
		size := 0
		for _, s := range p.Sections {
			for _, piece := range s.Pieces {
				for _, a := range piece.Anchors {
					if _, ok := anchors[a]; ok {
						t.Errorf("anchor %s stands twice", a)
					}
					anchors[a] = b.Len()
				}
				text := html.UnescapeString(string(piece.Text))
				size += len(text)
				b.WriteString(text)
			}
		}
		if size > partBytes+pieceBytes {
			t.Errorf("part %d has %d bytes", part, size)
		}
		if (p.Next == "") != (part == p.Of) || (p.Prev == "") != (part == 1) {
			t.Errorf("part %d of %d leads to %q and %q", part, p.Of, p.Prev, p.Next)
		}
		if part == p.Of {
			return b.String(), anchors, p.Of
		}
	}
}

func whole(d *document.Document) string {
	var b strings.Builder
	for _, s := range d.Sections {
		b.WriteString(s.Text)
	}
	return b.String()
}

func textOf(position document.Position, text string) *document.Document {
	return &document.Document{ID: "x", Sections: []document.Section{{Position: position, Text: text}}}
}

// Every passage has one anchor, and it stands where the passage begins.
func TestAnchorsStandWhereTheirPassagesBegin(t *testing.T) {
	t.Parallel()
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	rows := &document.Document{ID: "x"}
	for i := range 40 {
		at := [2]int{1 + 25*i, 25 + 25*i}
		rows.Sections = append(rows.Sections, document.Section{Position: document.Position{Sheet: fmt.Sprint("表", i/20), Rows: &at}, Text: strings.Repeat("状态: 已验收; 金额: 350,000; 备注: 无\n", 24) + fmt.Sprintf("状态: 第 %d 块\n", i)})
	}
	pages := &document.Document{ID: "x"}
	for i := range 30 {
		pages.Sections = append(pages.Sections, document.Section{Position: document.Position{Page: i + 1}, Text: "页眉：远航项目\n" + numbered(60, "本页第 %d 行写的是验收的要求。\n")})
	}
	for name, d := range map[string]*document.Document{
		"one short":      textOf(document.Position{Part: "body"}, "验收报告"),
		"prose":          textOf(document.Position{Part: "body"}, numbered(2000, "第 %d 条：双方同意按期交付，逾期按日计算违约金。")),
		"numbered lines": textOf(document.Position{Line: 1}, numbered(5000, "%d 行日志 log line\n")),
		"equal lines":    textOf(document.Position{Line: 1}, strings.Repeat("每一行都一样，没有分别。\n", 9000)),
		"one long line":  textOf(document.Position{Line: 1}, numbered(30000, "字段%d,")),
		"english":        textOf(document.Position{Part: "body"}, numbered(4000, "Clause %d says that the supplier answers within four hours. ")),
		"rows alike":     rows,
		"pages alike":    pages,
	} {
		text, anchors, _ := shown(t, d)
		if text != whole(d) {
			t.Errorf("%s: the parts together are not the text", name)
		}
		passages := index.Cut(d)
		if len(anchors) != len(passages) {
			t.Errorf("%s: %d anchors for %d passages", name, len(anchors), len(passages))
		}
		for n, p := range passages {
			at, ok := anchors[fmt.Sprint("p", n)]
			if !ok {
				t.Fatalf("%s: passage %d has no anchor", name, n)
			}
			// The anchor may stand at the beginning of the line.
			if i := strings.Index(text[at:], beginning(p.Text)); i < 0 || i > 80 {
				t.Fatalf("%s: passage %d begins %d bytes from its anchor", name, n, i)
			}
			if p.Position.Line > 0 {
				if line := 1 + strings.Count(text[:at], "\n"); line != p.Position.Line {
					t.Fatalf("%s: passage %d begins in line %d, its anchor stands in %d", name, n, p.Position.Line, line)
				}
			}
		}
	}
}

func TestLongTextsComeInParts(t *testing.T) {
	t.Parallel()
	d := textOf(document.Position{Line: 1}, strings.Repeat("很长的说明。\n", 100_000)+"末尾的鲲鹏。")
	_, _, of := shown(t, d)
	if of < 4 {
		t.Fatalf("%d parts", of)
	}
	last := len(index.Cut(d)) - 1
	p := textParts(d, []string{"鲲鹏"}, target{passage: last}, plainPath)
	if p.Part != p.Of {
		t.Errorf("the last passage is shown in part %d of %d", p.Part, p.Of)
	}
	found := false
	for _, s := range p.Sections {
		for _, piece := range s.Pieces {
			found = found || strings.Contains(string(piece.Text), "<mark>鲲鹏</mark>")
		}
	}
	if !found {
		t.Error("the word is not marked")
	}
	for _, at := range []target{{part: 999, passage: -1}, {passage: 1 << 30}, {passage: -1}} {
		if p := textParts(d, nil, at, plainPath); len(p.Sections) == 0 || p.Part < 1 || p.Part > p.Of {
			t.Errorf("%+v shows part %d with %d sections", at, p.Part, len(p.Sections))
		}
	}
	if p := textParts(&document.Document{}, nil, target{passage: 3}, plainPath); p.Of != 1 || len(p.Sections) != 0 {
		t.Errorf("no text: %+v", p)
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// Whatever a text holds, all of it is shown, once and escaped.
func FuzzText(f *testing.F) {
	f.Add("第一段。\n\n第二段\x00\xff", "段 <b>", "段", byte(1))
	f.Add(strings.Repeat("同一行\n", 900), strings.Repeat("a", 5000), "a", byte(2))
	f.Fuzz(func(t *testing.T, a, b, word string, kind byte) {
		first, second := document.Position{Line: 1}, document.Position{Line: 1 + int(kind)}
		switch kind % 4 {
		case 1:
			first, second = document.Position{Page: 1}, document.Position{Page: 2}
		case 2:
			r, s := [2]int{1, 9}, [2]int{10, 8}
			first, second = document.Position{Sheet: "a", Rows: &r}, document.Position{Sheet: "a", Rows: &s}
		case 3:
			first, second = document.Position{Part: "body"}, document.Position{}
		}
		d := &document.Document{ID: "x", Sections: []document.Section{{Position: first, Text: a}, {Position: second, Text: b}}}
		text, _, _ := shown(t, d)
		// Escaping and back turns what is not UTF-8 into itself.
		if want := html.UnescapeString(html.EscapeString(whole(d))); strings.ReplaceAll(text, "\x00", "\ufffd") != strings.ReplaceAll(want, "\x00", "\ufffd") {
			t.Errorf("%q is shown as %q", want, text)
		}
		p := textParts(d, index.Words(word), target{passage: int(kind)}, plainPath)
		for _, s := range p.Sections {
			for _, piece := range s.Pieces {
				for _, tag := range tags.FindAllString(string(piece.Text), -1) {
					if tag != "<mark>" && tag != "</mark>" {
						t.Errorf("tag %q", tag)
					}
				}
			}
		}
	})
}

// A page of a text of 20 MB.
func BenchmarkTextParts(b *testing.B) {
	d := textOf(document.Position{Line: 1}, strings.Repeat("合同编号: HT-2023-0815; 客户: 远航物流; 合同金额: 350,000; 状态: 已验收\n", 220_000))
	b.SetBytes(int64(len(d.Sections[0].Text)))
	for b.Loop() {
		textParts(d, []string{"远航"}, target{passage: 5000}, plainPath)
	}
}
