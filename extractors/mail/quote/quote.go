// Package quote takes the text of a mail apart into what its writer wrote, what
// is quoted from others, and what stands below every mail: signatures, lines of
// mobile mailers, confidentiality notes, footers of lists. Search looks at the
// new text first, and pages fold the rest; nothing is dropped.
//
// There is no standard for quoting in plain text (RFC 3676 4.5 only describes the
// > of Usenet), so the marks are those that mailers write, told by lines.
package quote

import (
	"strings"

	"guidang/extractors/document"
)

// The parts of a mail's text; they stand in positions as they are.
const (
	Body      = "body"
	Quote     = "quote"
	Signature = "signature"
)

// Block is a stretch of lines of one part.
type Block struct {
	Part string
	Text string
}

const (
	// maxBlocks bounds the pieces of a mail with answers between the lines; the rest
	// counts as new, because answers stand in it.
	maxBlocks = 64

	// maxLines is how many lines are looked at; a longer text is data that somebody
	// pasted, and its end is told as its last line was.
	maxLines = 100_000
)

// Split gives the blocks of a text in its order. Their texts, put together with
// the line ends between them, are the whole text.
func Split(text string) []Block {
	if !hasMarks(text) {
		return []Block{{Body, text}}
	}
	s := &splitter{lines: lines(text)}
	s.parts = make([]byte, len(s.lines))
	s.run()
	s.signatures()
	s.settle()
	return s.blocks(text)
}

// AddTo puts the blocks of a text into a document, each as a section.
func AddTo(doc *document.Document, text string) {
	for _, b := range Split(text) {
		doc.AddText(document.Position{Part: b.Part}, "", strings.Trim(b.Text, "\n"))
	}
}

// hasMarks is a quick look that spares most mails the rest: without a line that
// ends in a colon, begins with a sign or a name of a header, nothing is quoted.
func hasMarks(text string) bool {
	if len(text) < 8 {
		return strings.HasPrefix(text, ">") || strings.Contains(text, "\n>")
	}
	return strings.IndexByte(text, '\n') >= 0 || text[0] == '>' || isDivider(text) || mobile(text)
}

func lines(text string) []string {
	n := min(strings.Count(text, "\n")+1, maxLines)
	out := make([]string, 0, n)
	for len(out) < n-1 {
		end := strings.IndexByte(text, '\n')
		out = append(out, text[:end])
		text = text[end+1:]
	}
	return append(out, text)
}

// unindent takes the blanks before a line's text off. Nearly every line begins with
// a letter, which is seen without looking for wide blanks.
func unindent(line string) string {
	if line == "" || line[0] > ' ' && line[0] < 0x80 {
		return line
	}
	return strings.TrimLeft(line, " \t\u3000\u00a0")
}

// What a line is.
const (
	isNew byte = iota
	isQuote
	isSign
)

type splitter struct {
	lines []string
	parts []byte
}

// run tells new lines from quoted ones.
func (s *splitter) run() {
	for i := 0; i < len(s.lines); i++ {
		line := unindent(s.lines[i])
		if line == "" {
			if i > 0 && s.parts[i-1] == isQuote {
				s.parts[i] = isQuote // settled below by what follows
			}
			continue
		}
		switch {
		case marked(line):
			s.parts[i] = isQuote
		case s.wrapped(i, line):
			s.parts[i] = isQuote
		default:
			from, to, ok := s.opening(i, line)
			said := false
			if !ok {
				if from, ok = s.attribution(i, line); !ok {
					continue
				}
				to, said = i, true
			}
			for j := from; j <= to; j++ {
				s.parts[j] = isQuote
			}
			if next := s.nextText(to + 1); next < len(s.lines) && marked(strings.TrimLeft(s.lines[next], " \t")) {
				// The quote that follows has marks of its own, so it ends where they do.
				for j := to + 1; j < next; j++ {
					s.parts[j] = isQuote
				}
				i = next - 1
				continue
			}
			if said && s.lastText(from-1) < 0 {
				// "He wrote:" above everything, and no marks: what follows answers, or
				// nothing would be new. Seen in 40 of 7,000 mails of lists.
				continue
			}
			// What is quoted without marks goes to the end.
			for j := to + 1; j < len(s.lines); j++ {
				s.parts[j] = isQuote
			}
			return
		}
	}
}

// marked is true for a line that begins with the sign of a quote.
//
// QUIRK: RFC 3676 4.5 has > alone; Chinese input methods make a full-width one.
func marked(line string) bool {
	return line != "" && line[0] == '>' && !strings.HasPrefix(line, ">From ") || strings.HasPrefix(line, "＞")
}

// wrapped is true for the rest of a quoted line that a mailer broke.
//
// QUIRK: RFC 3676 4.2: lines are wrapped before they are quoted; mailers that wrap
// after it leave a few words on a line without a mark, between lines with one.
func (s *splitter) wrapped(i int, line string) bool {
	return i > 0 && i+1 < len(s.lines) && s.parts[i-1] == isQuote && len(s.lines[i-1]) >= 66 && len(line) <= 40 &&
		marked(s.lines[i-1]) && strings.HasPrefix(s.lines[i+1], ">")
}

// opening finds what stands before a quoted mail: a ruler with a name, or its header
// in words.
func (s *splitter) opening(i int, line string) (from, to int, ok bool) {
	if isDivider(line) {
		return i, s.headerEnd(i + 1), true
	}
	if end, ok := s.header(i); ok {
		from = i
		// The line of underscores or dashes above is Outlook's.
		if p := s.lastText(i - 1); p >= 0 && i-p <= 2 && s.parts[p] == isNew && isRuler(s.lines[p]) {
			from = p
		}
		return from, end, true
	}
	return 0, 0, false
}

// headerEnd passes over the header in words that follows a divider.
func (s *splitter) headerEnd(i int) int {
	next := s.nextText(i)
	if next-i > 2 {
		return i - 1
	}
	if end, ok := s.headerLines(next, 1); ok {
		return end
	}
	return i - 1
}

func (s *splitter) nextText(i int) int {
	for i < len(s.lines) && strings.TrimSpace(s.lines[i]) == "" {
		i++
	}
	return i
}

func (s *splitter) lastText(i int) int {
	for i >= 0 && strings.TrimSpace(s.lines[i]) == "" {
		i--
	}
	return i
}

// settle gives blank lines to the block before them, and bounds the blocks.
func (s *splitter) settle() {
	for i := 1; i < len(s.lines); i++ {
		if strings.TrimSpace(s.lines[i]) == "" {
			s.parts[i] = s.parts[i-1]
		}
	}
	changes := 0
	for i := 1; i < len(s.parts); i++ {
		if s.parts[i] == s.parts[i-1] {
			continue
		}
		if changes++; changes == maxBlocks-1 {
			for j := i; j < len(s.parts); j++ {
				s.parts[j] = isNew
			}
			return
		}
	}
}

// blocks joins the lines of one part.
func (s *splitter) blocks(text string) []Block {
	names := [...]string{Body, Quote, Signature}
	var out []Block
	at := 0
	for i := 0; i < len(s.lines); {
		j, size := i, 0
		for j < len(s.lines) && s.parts[j] == s.parts[i] {
			size += len(s.lines[j]) + 1
			j++
		}
		end := min(at+size, len(text))
		if j < len(s.lines) {
			out = append(out, Block{names[s.parts[i]], text[at : end-1]})
		} else {
			out = append(out, Block{names[s.parts[i]], text[at:]})
		}
		at, i = end, j
	}
	return out
}
