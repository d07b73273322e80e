package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tidy turns an engine's page text into lines that can be searched.
//
// QUIRK: pdfium marks a hyphen that it takes for one of a broken word by U+FFFE
// (before 2019 by U+0002); the word is joined.
//
// A page breaks Chinese lines in mid-word, so a search for 合同金额 would miss
// every tenth one: lines that fill the column are joined to the next when Han
// stands on both sides. Short lines (headings, cells, addresses) stay.
func tidy(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	for _, hyphen := range []string{"\ufffe", "\x02"} {
		s = strings.ReplaceAll(s, hyphen+"\n", "")
		s = strings.ReplaceAll(s, hyphen, "")
	}
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	widest := 0
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\u00a0\u3000")
		widest = max(widest, width(lines[i]))
	}
	var b strings.Builder
	b.Grow(len(s))
	for i, l := range lines {
		b.WriteString(l)
		if i+1 < len(lines) && !(width(l)*10 >= widest*9 && widest >= leastColumn && hanEnds(l, lines[i+1])) {
			b.WriteByte('\n')
		}
	}
	return strings.TrimSpace(b.String())
}

// leastColumn is how wide a column of running text is at least: 20 Han, as in
// two columns on A4.
const leastColumn = 40

// hanEnds says whether a line goes on in the next in mid-sentence.
func hanEnds(a, b string) bool {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	goesOn := unicode.Is(unicode.Han, last) || last == '，' || last == '、'
	return goesOn && unicode.Is(unicode.Han, first)
}

// width counts columns: a wide character takes two.
func width(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= 0x2e80 {
			n++
		}
	}
	return n
}

// garbled says that a text is made of characters that nobody writes: private
// use, unassigned, replacement. Text in plausible but wrong Han cannot be told
// here.
func garbled(s string) bool {
	bad, all := 0, 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			continue
		}
		all++
		if r == utf8.RuneError || unicode.Is(unicode.Co, r) || !unicode.IsGraphic(r) && r != 0xad && r != 0x200b {
			bad++
		}
	}
	return all >= 20 && bad*10 > all*3
}
