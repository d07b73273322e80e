package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"guidang/extractors/charset"
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

// What a page must hold before its characters are judged, and the least share of
// common ones among its Han. Running text has 70 to 95 % of them, a list of
// persons and places 50 %; glyph numbers that are taken for characters hit one in
// twenty.
const (
	leastJudged = 20
	leastHan    = 80
	leastCommon = 30 // percent
)

// unspoken tells a page, as its engine gives it, of control characters: numbers of
// glyphs that are taken for characters, which tidy leaves out.
func unspoken(s string) string {
	bad, all := 0, 0
	for _, r := range s {
		switch {
		case r < 0x20 && r != '\t' && r != '\n' && r != '\r' && r != 2: // 2 is a hyphen
			bad++
			all++
		case !unicode.IsSpace(r):
			all++
		}
	}
	if all >= leastJudged && bad*5 > all {
		return "has no readable letters; its fonts do not say what they show"
	}
	return ""
}

// garbled says what is wrong with a text that nobody wrote: characters of private
// use, unassigned and replacement ones, or Han as they stand in a table. The
// second comes from fonts without a table of what they show (Identity-H without
// ToUnicode): each character is a real one and none is right.
func garbled(s string) string {
	bad, all, han, common, kana := 0, 0, 0, 0, 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			continue
		}
		all++
		switch {
		case r == utf8.RuneError || unicode.Is(unicode.Co, r) || !unicode.IsGraphic(r) && r != 0xad && r != 0x200b:
			bad++
		case unicode.Is(unicode.Han, r):
			if han++; charset.CommonHan(r) {
				common++
			}
		case unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) || unicode.Is(unicode.Hangul, r):
			kana++
		}
	}
	switch {
	case all >= leastJudged && bad*10 > all*3:
		return "has no readable letters; its fonts do not say what they show"
	case han >= leastHan && kana*10 < han && common*100 < han*leastCommon:
		return "holds characters that make no text; its fonts do not say what they show"
	}
	return ""
}
