package office

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/ooxml"
)

// maxNumbering bounds the lists of a document. Word itself allows 2,047.
const maxNumbering = 10_000

// listLevel is one level of a list: 第%1条, %1.%2, (%3).
type listLevel struct {
	format, text, style string
	start               int
	legal               bool // all numbers in it are decimal
}

// list is a list that paragraphs belong to.
type list struct {
	abstract string
	starts   [9]int // where a level begins anew; 0: as the level says
}

// numbering makes the numbers of list items, which Word stores nowhere in the text
// (ECMA-376 part 1, 17.9). In Chinese contracts "第三条" is such a number.
type numbering struct {
	levels map[string]*[9]listLevel // by abstract list
	lists  map[string]*list
	counts map[string]*[9]int // by abstract list: lists that share one go on counting
	begun  map[string]bool

	abstract, id string // being read
	level        int
	override     bool
}

func newNumbering() *numbering {
	return &numbering{levels: map[string]*[9]listLevel{}, lists: map[string]*list{}, counts: map[string]*[9]int{}, begun: map[string]bool{}, level: -1}
}

// token reads word/numbering.xml.
func (n *numbering) token(tok xml.Token) {
	e, ok := tok.(xml.StartElement)
	if !ok {
		return
	}
	val := ooxml.Attr(e, "val")
	number := func(s string, most int) int {
		v, err := strconv.Atoi(s)
		if err != nil || v < 0 || v > most {
			return 0
		}
		return v
	}
	switch e.Name.Local {
	case "abstractNum":
		n.abstract, n.id, n.level, n.override = ooxml.Attr(e, "abstractNumId"), "", -1, false
		if len(n.levels) < maxNumbering {
			n.levels[n.abstract] = &[9]listLevel{}
		}
	case "num":
		n.abstract, n.id, n.level, n.override = "", ooxml.Attr(e, "numId"), -1, false
		if len(n.lists) < maxNumbering {
			n.lists[n.id] = &list{}
		}
	case "abstractNumId":
		if l := n.lists[n.id]; l != nil {
			l.abstract = val
		}
	case "lvlOverride":
		n.override, n.level = true, number(ooxml.Attr(e, "ilvl"), 8)
	case "startOverride":
		if l := n.lists[n.id]; l != nil && n.override && n.level >= 0 {
			l.starts[n.level] = max(number(val, 1_000_000), 1)
		}
	case "lvl":
		n.level = number(ooxml.Attr(e, "ilvl"), 8)
	}
	levels := n.levels[n.abstract]
	if levels == nil || n.level < 0 || n.override {
		return
	}
	l := &levels[n.level]
	switch e.Name.Local {
	case "start":
		l.start = number(val, 1_000_000)
	case "numFmt":
		l.format = val
	case "lvlText":
		l.text = val
	case "pStyle":
		l.style = val
	case "isLgl":
		l.legal = ooxml.On(e)
	}
}

// next counts an item of a list on, and gives its number. style is the paragraph's:
// a level can be a style's own.
func (n *numbering) next(id string, level int, style string) string {
	l := n.lists[id]
	if l == nil || n.levels[l.abstract] == nil {
		return ""
	}
	levels := n.levels[l.abstract]
	if level < 0 {
		level = 0
		for i := range levels {
			if style != "" && levels[i].style == style {
				level = i
			}
		}
	}
	level = min(level, 8)
	counts := n.counts[l.abstract]
	if counts == nil {
		counts = &[9]int{}
		for i := range counts {
			counts[i] = levels[i].start - 1
		}
		n.counts[l.abstract] = counts
	}
	if !n.begun[id] {
		n.begun[id] = true
		for i, start := range l.starts {
			if start > 0 {
				counts[i] = start - 1
			}
		}
	}
	counts[level]++
	for i := level + 1; i < len(counts); i++ {
		counts[i] = levels[i].start - 1
	}
	out := levels[level].text
	if levels[level].format == "bullet" || levels[level].format == "none" && !strings.Contains(out, "%") {
		return ""
	}
	for i := range level + 1 {
		mark := "%" + strconv.Itoa(i+1)
		if !strings.Contains(out, mark) {
			continue
		}
		format := levels[i].format
		if levels[level].legal {
			format = "decimal"
		}
		out = strings.ReplaceAll(out, mark, counted(max(counts[i], levels[i].start), format))
	}
	return strings.TrimSpace(out)
}

// counted writes a number in a format (17.18.59).
func counted(n int, format string) string {
	switch format {
	case "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital", "japaneseCounting", "japaneseDigitalTenThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "koreanDigital2":
		digits := "〇一二三四五六七八九"
		units := "十百千"
		if format == "chineseLegalSimplified" {
			digits, units = "零壹贰叁肆伍陆柒捌玖", "拾佰仟"
		}
		return chinese(n, []rune(digits), []rune(units), format == "ideographDigital" || format == "japaneseDigitalTenThousand" || format == "koreanDigital2")
	case "upperLetter", "lowerLetter":
		if n < 1 || n > 26*20 {
			break
		}
		s := strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
		if format == "lowerLetter" {
			s = strings.ToLower(s)
		}
		return s
	case "upperRoman", "lowerRoman":
		if n < 1 || n > 3999 {
			break
		}
		s := roman(n)
		if format == "lowerRoman" {
			s = strings.ToLower(s)
		}
		return s
	case "decimalZero":
		return fmt.Sprintf("%02d", n)
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		if n >= 1 && n <= 20 {
			return string(rune('①' + n - 1))
		}
	case "none":
		return ""
	}
	return strconv.Itoa(n)
}

// chinese writes numbers below ten thousand: 十二, 二十, 一百〇三; plain is digit by
// digit.
func chinese(n int, digits, units []rune, plain bool) string {
	if n < 0 || n > 9999 {
		return strconv.Itoa(n)
	}
	if n < 10 {
		return string(digits[n])
	}
	var out []rune
	text := strconv.Itoa(n)
	gap := false
	for i, c := range text {
		d, place := int(c-'0'), len(text)-1-i
		switch {
		case plain:
			out = append(out, digits[d])
			continue
		case d == 0:
			gap = true
			continue
		case gap:
			out = append(out, digits[0])
			gap = false
		}
		if d > 1 || place != 1 || i > 0 || units[0] != '十' {
			out = append(out, digits[d])
		}
		if place > 0 {
			out = append(out, units[place-1])
		}
	}
	return string(out)
}

func roman(n int) string {
	var b strings.Builder
	for _, r := range []struct {
		value int
		text  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= r.value; n -= r.value {
			b.WriteString(r.text)
		}
	}
	return b.String()
}
