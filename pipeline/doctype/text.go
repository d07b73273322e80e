package doctype

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/han"
)

// line is one line of a section, as it is compared and as it was read.
type line struct {
	section  int
	from     int    // where it begins in the section's text
	raw      string // as it was read
	folded   string // half-width, simplified, lower case
	at       []int  // folded byte to raw byte, with one more at the end
	heading  bool   // the section's own heading, which is no part of its text
	labelled int8   // whether it begins with a label: 0 unknown, 1 yes, 2 no
	position document.Position
}

// text is the part of a document that is looked at.
type text struct {
	lines []line
	d     *document.Document
	flat  string
}

// readText takes the beginning and the end of a document, line by line.
func readText(d *document.Document) *text {
	t := &text{d: d}
	size := 0
	total := 0
	for i := range d.Sections {
		total += len(d.Sections[i].Text)
	}
	seen := 0
	for n := range d.Sections {
		s := &d.Sections[n]
		if s.Heading != "" && size < headText {
			t.add(n, 0, s.Heading, true, s.Position)
		}
		for from := 0; from < len(s.Text); {
			end := strings.IndexByte(s.Text[from:], '\n')
			if end < 0 {
				end = len(s.Text) - from
			}
			if seen+from < headText || total-seen-from < tailText {
				t.add(n, from, s.Text[from:from+end], false, s.Position)
				size += end
			}
			from += end + 1
		}
		seen += len(s.Text)
	}
	return t
}

const lineMost = 2000 // bytes; a longer line is prose without breaks, looked at by its beginning

func (t *text) add(section, from int, raw string, heading bool, at document.Position) {
	for len(raw) > lineMost {
		cut := lineMost
		for cut > lineMost-utf8.UTFMax && !utf8.RuneStart(raw[cut]) {
			cut--
		}
		t.add(section, from, raw[:cut], heading, at)
		raw, from = raw[cut:], from+cut
	}
	if strings.TrimSpace(raw) == "" {
		return
	}
	l := line{section: section, from: from, raw: raw, heading: heading, position: at}
	l.folded, l.at = fold(raw)
	t.lines = append(t.lines, l)
}

// fold brings a line into the form in which it is compared, one character for
// one, so that every place of it is a place of what was read.
func fold(raw string) (folded string, at []int) {
	var b strings.Builder
	b.Grow(len(raw))
	at = make([]int, 0, len(raw)+1)
	for i, r := range raw {
		r = foldRune(r)
		n := b.Len()
		b.WriteRune(r)
		for range b.Len() - n {
			at = append(at, i)
		}
	}
	return b.String(), append(at, len(raw))
}

func foldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return unicode.ToLower(r)
	case r >= '！' && r <= '～': // full-width ASCII
		return unicode.ToLower(r - '！' + '!')
	case r == '　' || r == '\u00a0':
		return ' '
	case r == '—' || r == '–' || r == '‐' || r == '−':
		return '-'
	case r == '￥':
		return '¥'
	case r == '“' || r == '”':
		return '"'
	}
	return unicode.ToLower(han.Fold(r))
}

// squeezed takes white space between Han characters out of a folded text.
func squeezed(s string) string {
	if !strings.ContainsAny(s, " \t") {
		return s
	}
	runes := []rune(s)
	out := runes[:0:len(runes)]
	for i, r := range runes {
		if r == ' ' || r == '\t' {
			if len(out) == 0 || i+1 == len(runes) || wide(out[len(out)-1]) || wide(runes[i+1]) || out[len(out)-1] == ' ' {
				continue
			}
			r = ' '
		}
		out = append(out, r)
	}
	return string(out)
}

// plain folds a short text and takes white space between Han characters out:
// 合　同 书 is 合同书.
func plain(s string) string {
	f, _ := fold(s)
	var b strings.Builder
	runes := []rune(f)
	for i, r := range runes {
		if unicode.IsSpace(r) {
			if i == 0 || i+1 == len(runes) || wide(runes[i-1]) || wide(runes[i+1]) || unicode.IsSpace(runes[i-1]) {
				continue
			}
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

func wide(r rune) bool { return r >= 0x2e80 }

// headings are the first short lines, where a document says what it is.
func (t *text) headings() (out []string) {
	const lines, short = 5, 90
	for i := range t.lines {
		s := strings.TrimLeft(strings.TrimSpace(t.lines[i].raw), "#=*> 【《")
		if len(s) > short || len(s) < 4 {
			if i > 20 {
				break
			}
			continue
		}
		if out = append(out, strings.TrimRight(s, "#*】》")); len(out) == lines {
			break
		}
	}
	return out
}
