package index

import (
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// Sizes of passages, in characters. Below the lower one neighbours are merged;
// above the upper one a section is cut, and what is cut overlaps, so that a
// phrase is whole in one of the two.
const (
	passageMin  = 600
	passageMax  = 1200
	overlapMin  = 80
	overlapMax  = 120
	wordReach   = 64 // how far a cut gives way so as not to fall inside a word
	tailAtLeast = 500
)

// Cut makes passages of a document's sections. It is the same for every engine
// and does not depend on anything but the sections, so that a document read
// twice has the same passages. It takes time linear in the text, also for one
// line of any length.
func Cut(d *document.Document) []Passage {
	var c cutter
	for i := range d.Sections {
		c.section(&d.Sections[i])
	}
	c.flush()
	return c.out
}

type cutter struct {
	out   []Passage
	open  *Passage // small neighbours gather here
	text  strings.Builder
	runes int
}

func (c *cutter) section(s *document.Section) {
	text := strings.ToValidUTF8(strings.Trim(s.Text, "\r\n"), "\ufffd")
	blank := strings.TrimSpace(text) == ""
	if blank && strings.TrimSpace(s.Heading) == "" {
		return
	}
	if blank {
		text = ""
	}
	heading := ""
	if c.open != nil && s.Heading != c.open.Heading {
		heading = s.Heading // of a merged section: it stands in the text
	}
	n := utf8.RuneCountInString(text)
	joined := c.runes + 1 + n
	if heading != "" {
		joined += 1 + utf8.RuneCountInString(heading)
	}
	if c.open != nil && c.runes < passageMin && joined <= passageMax && near(&c.open.Position, &s.Position) {
		c.open.Position = union(c.open.Position, s.Position)
		if heading != "" {
			c.text.WriteString("\n" + heading)
		}
		c.text.WriteString("\n" + text)
		c.runes = joined
		return
	}
	c.flush()
	if n > passageMax {
		c.long(s, text, n)
		return
	}
	c.open = &Passage{Position: s.Position, Heading: s.Heading}
	c.text.WriteString(text)
	c.runes = n
}

func (c *cutter) flush() {
	if c.open != nil {
		c.add(c.open.Position, c.open.Heading, c.text.String())
	}
	c.open, c.runes = nil, 0
	c.text.Reset()
}

func (c *cutter) add(at document.Position, heading, text string) {
	c.out = append(c.out, Passage{Seq: len(c.out), Position: at, Heading: heading, Text: text})
}

// long cuts one section of n characters.
func (c *cutter) long(s *document.Section, text string, n int) {
	line := lineMap(s, text)
	from := 0
	for {
		rest := text[from:]
		if n <= passageMax {
			c.add(line.span(from, len(text)), s.Heading, rest)
			return
		}
		most := passageMax
		if n-most < tailAtLeast { // rather two middling ones than a long and a tiny one
			most = max(n-tailAtLeast, passageMin)
		}
		end := cutAt(rest, passageMin, most)
		c.add(line.span(from, from+end), s.Heading, strings.TrimRight(rest[:end], " \t\r\n"))
		next := restart(rest[:end])
		n -= utf8.RuneCountInString(rest[:next])
		from += next
	}
}

// near says whether two sections may stand in one passage. Pages and slides
// are what people open, so they are never joined with the next.
func near(a, b *document.Position) bool {
	switch {
	case a.Start != nil || b.Start != nil:
		return a.Start != nil && b.Start != nil
	case a.Line > 0 && b.Line > 0:
		return a.Part == b.Part
	}
	return a.Page == b.Page && a.Slide == b.Slide && a.Sheet == b.Sheet && a.Part == b.Part &&
		(a.Line > 0) == (b.Line > 0) && (a.Rows == nil) == (b.Rows == nil)
}

// union is the position of two sections together.
func union(a, b document.Position) document.Position {
	if b.End != nil && (a.End == nil || *b.End > *a.End) {
		a.End = b.End
	}
	if a.Rows != nil && b.Rows != nil {
		a.Rows = &[2]int{min(a.Rows[0], b.Rows[0]), max(a.Rows[1], b.Rows[1])}
	}
	return a
}

// A lines map tells the position of a part of a section.
type lines struct {
	at    document.Position
	text  string
	exact bool // one line of text is one row
	done  int  // bytes whose line breaks are counted
	count int
}

func lineMap(s *document.Section, text string) *lines {
	l := &lines{at: s.Position, text: text}
	if r := s.Position.Rows; r != nil {
		l.exact = strings.Count(text, "\n") == r[1]-r[0]
	}
	return l
}

// span is called with growing from.
func (l *lines) span(from, to int) document.Position {
	if l.at.Line == 0 && !l.exact {
		return l.at
	}
	l.count += strings.Count(l.text[l.done:from], "\n")
	l.done = from
	at := l.at
	if at.Line > 0 {
		at.Line += l.count
	}
	if l.exact {
		last := l.count + strings.Count(strings.TrimRight(l.text[from:to], "\n"), "\n")
		at.Rows = &[2]int{at.Rows[0] + l.count, at.Rows[0] + last}
	}
	return at
}

// cutAt finds the best place to end a passage, after between least and most
// characters of s: the end of a line, of a sentence, of a clause, of a word.
func cutAt(s string, least, most int) int {
	var best [4]int
	n, at := 0, 0
	var prev rune
	for at < len(s) && n < most {
		r, size := utf8.DecodeRuneInString(s[at:])
		at += size
		if n++; n >= least {
			if rank := ends(prev, r, s[at:]); rank >= 0 {
				best[rank] = at
			}
		}
		prev = r
	}
	for _, place := range best[:3] {
		if place > 0 {
			return place
		}
	}
	if best[3] > 0 && utf8.RuneCountInString(s[best[3]:at]) <= wordReach {
		return best[3]
	}
	return at
}

// ends ranks the place after r: 0 a line, 1 a sentence, 2 a clause, 3 a word,
// -1 nothing of the kind.
func ends(prev, r rune, rest string) int {
	switch r {
	case '\n':
		return 0
	case '。', '！', '？', '；', '…':
		return 1
	case '.', '!', '?', ';':
		if rest == "" || isSpace(rune(rest[0])) {
			return 1
		}
	case '，', '、', '：', '\t':
		return 2
	case ',', ':':
		if rest == "" || isSpace(rune(rest[0])) {
			return 2
		}
	}
	if isSpace(r) {
		if prev == '.' || prev == '!' || prev == '?' {
			return 1
		}
		return 2
	}
	next, _ := utf8.DecodeRuneInString(rest)
	a, b := classOf(r), classOf(next)
	if a == b && (a == letter || a == digit) {
		return -1
	}
	return 3
}

// restart finds where the next passage begins: some characters before the end
// of this one, at a place where something begins.
func restart(s string) int {
	n, at := 0, len(s)
	best, bestRank := -1, 4
	fallback := at
	for at > 0 && n < overlapMax {
		r, size := utf8.DecodeLastRuneInString(s[:at])
		if n >= overlapMin {
			prev, _ := utf8.DecodeLastRuneInString(s[:at-size])
			if rank := ends(prev, r, s[at:]); rank >= 0 && rank < bestRank {
				best, bestRank = at, rank
			}
			fallback = at
		}
		at -= size
		n++
	}
	if best > 0 {
		return best
	}
	return fallback
}
