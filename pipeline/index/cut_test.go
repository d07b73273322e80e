package index

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"guidang/extractors/document"
)

func TestCutMerges(t *testing.T) {
	t.Parallel()
	type section = document.Section
	type position = document.Position
	short := strings.Repeat("短句。", 30) // 90 characters
	for name, c := range map[string]struct {
		in   []section
		want string // position, heading and length of each passage
	}{
		"nothing":      {nil, ""},
		"blank":        {[]section{{Text: " \n\t"}, {Text: ""}}, ""},
		"heading only": {[]section{{Heading: "附件", Text: ""}}, `{} 附件 0`},
		"utterances": {
			[]section{{Position: position{Start: new(1.0), End: new(2.0)}, Text: short}, {Position: position{Start: new(2.0), End: new(9.5)}, Text: short}},
			`{"start":1,"end":9.5}  181`,
		},
		"rows": {
			[]section{{Position: position{Sheet: "合同", Rows: &[2]int{2, 3}}, Text: short}, {Position: position{Sheet: "合同", Rows: &[2]int{4, 9}}, Text: short}, {Position: position{Sheet: "清单", Rows: &[2]int{1, 1}}, Text: short}},
			`{"sheet":"合同","rows":[2,9]}  181|{"sheet":"清单","rows":[1,1]}  90`,
		},
		"pages":        {[]section{{Position: position{Page: 1}, Text: short}, {Position: position{Page: 1}, Text: short}, {Position: position{Page: 2}, Text: short}}, `{"page":1}  181|{"page":2}  90`},
		"slides":       {[]section{{Position: position{Slide: 1}, Text: short}, {Position: position{Slide: 2}, Text: short}}, `{"slide":1}  90|{"slide":2}  90`},
		"lines":        {[]section{{Position: position{Line: 1}, Text: short}, {Position: position{Line: 40}, Text: short}}, `{"line":1}  181`},
		"parts":        {[]section{{Position: position{Part: "header"}, Text: short}, {Position: position{Part: "body"}, Text: short}}, `{"part":"header"}  90|{"part":"body"}  90`},
		"headings":     {[]section{{Position: position{Part: "body"}, Heading: "一", Text: short}, {Position: position{Part: "body"}, Heading: "二章", Text: short}}, `{"part":"body"} 一 184`},
		"time and not": {[]section{{Position: position{Start: new(1.0), End: new(2.0)}, Text: short}, {Text: short}}, `{"start":1,"end":2}  90|{}  90`},
		"enough":       {[]section{{Text: strings.Repeat("长", 600)}, {Text: short}}, `{}  600|{}  90`},
		"too much":     {[]section{{Text: strings.Repeat("长", 599)}, {Text: strings.Repeat("长", 601)}}, `{}  599|{}  601`},
		"just fits":    {[]section{{Text: strings.Repeat("长", 599)}, {Text: strings.Repeat("长", 600)}}, `{}  1200`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := fmt.Sprintf("%+v", c.in)
			var got []string
			for n, p := range Cut(&document.Document{Sections: c.in}) {
				if p.Seq != n {
					t.Errorf("passage %d says it is %d", n, p.Seq)
				}
				where, err := json.Marshal(p.Position)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprintf("%s %s %d", where, p.Heading, utf8.RuneCountInString(p.Text)))
			}
			if s := strings.Join(got, "|"); s != c.want {
				t.Errorf("got  %s\nwant %s", s, c.want)
			}
			if after := fmt.Sprintf("%+v", c.in); after != before {
				t.Error("the sections were changed")
			}
		})
	}
}

// check holds for every cut text: sizes, overlap, and nothing is lost.
func check(t *testing.T, text string, got []Passage) {
	t.Helper()
	rest := text
	for n, p := range got {
		size := utf8.RuneCountInString(p.Text)
		if size > passageMax || !utf8.ValidString(p.Text) {
			t.Fatalf("passage %d has %d characters", n, size)
		}
		i := strings.Index(rest, p.Text)
		if i < 0 || n == 0 && i > 0 {
			t.Fatalf("passage %d does not go on where the one before it ended", n)
		}
		if n > 0 {
			end := len(got[n-1].Text)
			if over := utf8.RuneCountInString(rest[min(i, end):end]); i >= end || over > overlapMax {
				t.Fatalf("passage %d overlaps %d characters", n, over)
			}
		}
		rest = rest[i:]
	}
	if last := got[len(got)-1].Text; rest != last {
		t.Fatalf("the end is lost: %q", rest[len(last):])
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func ideographs(first rune, n int) string {
	out := make([]rune, n)
	for i := range out {
		out[i] = first + rune(i)
	}
	return string(out)
}

// letters are a word in which no eight letters stand twice.
func letters(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		for v := i + 26*26*26; v > 0; v /= 26 {
			b.WriteByte(byte('a' + v%26))
		}
	}
	return b.String()[:n]
}

func TestCutLong(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"sentences":  strings.TrimRight(numbered("第%d次会议讨论了付款条件。客户要求在九月十五日前交付第%[1]d阶段成果！", 300), "\n"),
		"english":    strings.TrimSpace(numbered("The customer asked for delivery %d by 15 September, and we agreed. ", 300)),
		"lines":      strings.TrimSpace(numbered("编号%d\t名称\t数量\n", 900)),
		"one word":   letters(9001),
		"no places":  ideographs(0x4e00, 5000),
		"1201":       ideographs(0x4e00, 1201),
		"astral":     ideographs(0x20000, 3000),
		"spaces":     "a" + strings.Repeat(" ", 5000) + "b",
		"words only": strings.TrimSpace(numbered("configuration%d ", 800)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Cut(&document.Document{Sections: []document.Section{{Position: document.Position{Page: 3}, Heading: "标题", Text: text}}})
			if name != "spaces" {
				check(t, text, got)
			}
			for n, p := range got {
				size := utf8.RuneCountInString(p.Text)
				if n < len(got)-1 && size < passageMin-2 && name != "spaces" || p.Heading != "标题" || p.Position.Page != 3 {
					t.Errorf("passage %d: %d characters, %q, %+v", n, size, p.Heading, p.Position)
				}
				if name == "sentences" && !strings.HasSuffix(p.Text, "。") && !strings.HasSuffix(p.Text, "！") {
					t.Errorf("passage %d ends inside a sentence: %s", n, p.Text[len(p.Text)-30:])
				}
				if (name == "english" || name == "words only") && (!boundary(text, strings.Index(text, p.Text)+len(p.Text))) {
					t.Errorf("passage %d is cut inside a word", n)
				}
			}
		})
	}
}

func TestCutPositionsOfParts(t *testing.T) {
	t.Parallel()
	var rows []string
	for n := 2; n <= 400; n++ {
		rows = append(rows, fmt.Sprintf("第%d行\t合同\t金额", n))
	}
	text := strings.Join(rows, "\n")
	got := Cut(&document.Document{Sections: []document.Section{{Position: document.Position{Sheet: "合同", Rows: &[2]int{2, 400}}, Text: text}}})
	for n, p := range got {
		lines := strings.Split(p.Text, "\n")
		first, last := fmt.Sprintf("第%d行", p.Position.Rows[0]), fmt.Sprintf("第%d行", p.Position.Rows[1])
		if !strings.HasPrefix(lines[0], first) || !strings.HasPrefix(lines[len(lines)-1], last) {
			t.Errorf("passage %d says rows %v, has %s to %s", n, *p.Position.Rows, lines[0], lines[len(lines)-1])
		}
	}
	got = Cut(&document.Document{Sections: []document.Section{{Position: document.Position{Line: 2}, Text: text}}})
	for n, p := range got {
		if want := fmt.Sprintf("第%d行", p.Position.Line); !strings.HasPrefix(p.Text, want) {
			t.Errorf("passage %d says line %d, begins %.20s", n, p.Position.Line, p.Text)
		}
	}
}

// A huge single line takes linear time: ten times the text may not take more
// than that by an order of magnitude. No clock: the test just ends.
func TestCutHugeLine(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("没有任何标点的一行", 400_000) // 10 MB
	d := &document.Document{Sections: []document.Section{{Position: document.Position{Line: 1}, Text: text}}}
	began := time.Now()
	got := Cut(d)
	if len(got) < 3000 || time.Since(began) > time.Minute {
		t.Errorf("%d passages in %s", len(got), time.Since(began))
	}
}

func FuzzCut(f *testing.F) {
	f.Add("一。二！three. four\n\nfive", 90, uint8(1))
	f.Add("x y", 900, uint8(2))
	f.Fuzz(func(t *testing.T, unit string, times int, kind uint8) {
		if len(unit) > 200 || times < 0 || times > 2000 {
			return
		}
		s := document.Section{Text: strings.Repeat(unit, times)}
		switch kind % 3 {
		case 1:
			s.Position.Line = 1
		case 2:
			s.Position = document.Position{Sheet: "s", Rows: &[2]int{1, 1 + strings.Count(s.Text, "\n")}}
		}
		for _, p := range Cut(&document.Document{Sections: []document.Section{s, {Text: "after"}}}) {
			if utf8.RuneCountInString(p.Text) > passageMax || !utf8.ValidString(p.Text) {
				t.Fatalf("%d characters", utf8.RuneCountInString(p.Text))
			}
			if r := p.Position.Rows; r != nil && (r[0] < 1 || r[1] < r[0] || r[1] > s.Position.Rows[1]) {
				t.Fatalf("rows %v of %v", *r, *s.Position.Rows)
			}
		}
	})
}
