package doctype

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// place is a stretch of a line: where a value stands.
type place struct {
	line     *line
	from, to int // bytes of the folded line
}

func (p place) folded() string { return p.line.folded[p.from:p.to] }

func (p place) raw() string { return p.line.raw[p.line.at[p.from]:p.line.at[p.to]] }

// part is a stretch of it.
func (p place) part(from, to int) place { return place{p.line, p.from + from, p.from + to} }

func (p place) trimmed() place {
	s := p.folded()
	left := len(s) - len(strings.TrimLeftFunc(s, edge))
	s = strings.TrimRightFunc(s[left:], edge)
	return p.part(left, left+len(s))
}

// edge holds for what may stand around a value and is none of it.
func edge(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(":_。;,、|*=", r) }

// value finds what stands behind one of some labels, taken in their order.
func (t *text) value(words []string) (found place, ok bool) {
	ok = t.values(words, func(p place) bool {
		found = p
		return true
	})
	return found, ok
}

// valuesMost is how many places of one label are looked at: a word of every line
// is no label.
const valuesMost = 200

// values calls take for what stands behind any of some labels until it says that
// it has what it wants.
func (t *text) values(words []string, take func(place) bool) bool {
	for _, w := range words {
		seen := 0
		for i := range t.lines {
			for at := 0; seen < valuesMost; seen++ {
				from, end, ok := labelIn(t.lines[i].folded, w, at)
				if !ok {
					break
				}
				at = end
				if !t.labels(i, from, end) {
					continue
				}
				if p, ok := t.behind(i, end); ok && take(p) {
					return true
				}
			}
		}
	}
	return false
}

// labelIn finds a label in a folded line. Chinese labels are set with blanks
// (甲　　方), English ones stand as words.
func labelIn(s, label string, at int) (from, end int, ok bool) {
	first, size := utf8.DecodeRuneInString(label)
	for from = at; from < len(s); from++ {
		next := strings.Index(s[from:], label[:size])
		if next < 0 {
			return 0, 0, false
		}
		from += next
		if end, ok = matchSpaced(s, from, label, first > utf8.RuneSelf); ok && begins(s, from) {
			return from, end, true
		}
	}
	return 0, 0, false
}

// matchSpaced matches a label at a place, over blanks between Han characters.
func matchSpaced(s string, at int, label string, han bool) (end int, ok bool) {
	for n, r := range label {
		if han && n > 0 {
			for at < len(s) && s[at] == ' ' {
				at++
			}
		}
		got, size := utf8.DecodeRuneInString(s[at:])
		if got != r {
			return 0, false
		}
		at += size
	}
	if !han && at < len(s) && (s[at] >= 'a' && s[at] <= 'z' || s[at] >= '0' && s[at] <= '9') {
		return 0, false
	}
	return at, true
}

// begins says that a label may begin at a place: at the beginning of a line, of
// a cell, or after a blank or a mark.
func begins(s string, at int) bool {
	before := strings.TrimRight(s[:at], " ")
	if before == "" || len(before) < at {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	return strings.ContainsRune("\t|;,，。；、(.:*-·#>", r) || r >= '0' && r <= '9'
}

// labels says that a label is one there: not a word of a sentence. What stands
// before it on its line is nothing, a number of the paragraph, or another
// label's value.
func (t *text) labels(i, from, end int) bool {
	s := t.lines[i].folded
	before := strings.TrimSpace(s[:from])
	if before == "" || len(before) <= 12 && strings.Trim(before, "0123456789.一二三四五六七八九十第条章、()*-·#>|") == "" {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	if strings.ContainsRune("|;\t:", r) || strings.HasSuffix(s[:from], "\t") || strings.HasSuffix(s[:from], "  ") {
		return true
	}
	// On the line of a PDF's table a label follows the value before it. Its line
	// begins with a label then. English labels are words of titles, too: Customer
	// Portal.
	if rest := strings.TrimLeft(s[end:], " "); s[from] < utf8.RuneSelf && !strings.HasPrefix(rest, ":") {
		return false
	}
	return t.lines[i].startsWithLabel()
}

// startsWithLabel says that a line begins with a label; it is found out once.
func (l *line) startsWithLabel() bool {
	if l.labelled == 0 {
		l.labelled = 2
		if startsWithLabel(l.folded) {
			l.labelled = 1
		}
	}
	return l.labelled == 1
}

func startsWithLabel(s string) bool {
	s = strings.TrimSpace(s)
	for n := min(len(s), longestLabel); n > 1; n-- {
		if everyLabel[s[:n]] || s[n-1] >= utf8.RuneSelf && strings.IndexByte(s[:n], ' ') > 0 && everyLabel[squeezed(s[:n])] {
			if end := n; end == len(s) || s[end] == ' ' || s[end] == ':' || s[end] == '(' || s[end] == '\t' {
				return true
			}
		}
	}
	return false
}

// behind gives what stands behind a label that ends at a place: on its line, or
// on the next one where the label stands alone.
func (t *text) behind(i, end int) (place, bool) {
	l := &t.lines[i]
	s := l.folded
	at := end
	if next, ok := parenthesis(s, at); ok {
		at = next
	}
	sep := at
	for at < len(s) && (s[at] == ' ' || s[at] == ':' || s[at] == '\t' || s[at] == '|' || s[at] == '=' || s[at] == '*') {
		at++
	}
	if at == len(s) {
		return t.below(i)
	}
	if at == sep { // 甲方应当…: a sentence
		return place{}, false
	}
	p := place{l, at, valueEnd(s, at)}.trimmed()
	return p, p.from < p.to && !everyLabel[squeezed(p.folded())]
}

// below is the next line, where a label stands alone on its own.
func (t *text) below(i int) (place, bool) {
	if i+1 >= len(t.lines) {
		return place{}, false
	}
	n := &t.lines[i+1]
	if n.heading || n.startsWithLabel() {
		return place{}, false
	}
	p := place{n, 0, valueEnd(n.folded, 0)}.trimmed()
	return p, p.from < p.to && !everyLabel[squeezed(p.folded())]
}

// parenthesis passes （盖章）, （委托方） and the like behind a label.
func parenthesis(s string, at int) (end int, ok bool) {
	rest := strings.TrimLeft(s[at:], " ")
	if !strings.HasPrefix(rest, "(") {
		return at, false
	}
	n := strings.IndexByte(rest, ')')
	if n < 0 || n > 40 {
		return at, false
	}
	return len(s) - len(rest) + n + 1, true
}

// valueEnd is where a value ends that begins at a place: at the next cell, at two
// blanks, or where another label follows.
func valueEnd(s string, at int) int {
	const longest = 400 // bytes of a value in which another label is looked for
	for i := at; i < len(s); i++ {
		switch s[i] {
		case '\t', '|':
			return i
		case ';':
			return i
		case ' ':
			if i+1 < len(s) && s[i+1] == ' ' {
				return i
			}
			if i > at && i-at < longest && labelAt(s, i+1) {
				return i
			}
		}
	}
	return len(s)
}

// labelAt says that a label stands at a place, with something behind it.
func labelAt(s string, at int) bool {
	for n := min(len(s)-at, longestLabel); n > 2; n-- {
		if !utf8.RuneStart(s[at]) || at+n < len(s) && !utf8.RuneStart(s[at+n]) {
			continue
		}
		if everyLabel[s[at:at+n]] {
			if at+n == len(s) {
				return true
			}
			return s[at+n] == ' ' || s[at+n] == ':' || s[at+n] == '(' || s[at+n] == '\t'
		}
	}
	return false
}

// block is the text under a heading that is one of some labels, or behind one of
// them on its line.
func (t *text) block(words []string) (place, bool) {
	for i := range t.lines {
		if !isHeading(t.lines[i].folded, words) || i+1 >= len(t.lines) {
			continue
		}
		n := &t.lines[i+1]
		if n.heading || n.startsWithLabel() && !strings.Contains(n.folded, "。") {
			continue
		}
		return place{n, 0, len(n.folded)}.trimmed(), true
	}
	return t.value(words)
}

// isHeading says that a line is nothing but one of some labels and its number.
func isHeading(s string, words []string) bool {
	s = strings.Trim(s, " \t:*#")
	s = strings.TrimLeft(s, "0123456789.一二三四五六七八九十、() ")
	s = squeezed(s)
	return slices.Contains(words, s)
}
