package text

import (
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// blocks cuts text into sections at empty lines, so that each has the line a
// person can go to. Markdown is cut at its headings as well.
type blocks struct {
	doc      *document.Document
	markdown bool

	title   string
	heading string
	bare    bool   // the heading has no text below it yet
	line0   int    // where it stands
	fence   string // the mark of the code block being in, or empty

	lines []string
	first int // line number of lines[0]
	runes int
}

func (b *blocks) all(text string) {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "\ufeff"), "\x1a") // DOS wrote Ctrl-Z at the end
	number := 0
	for more := true; more; {
		var line string
		line, text, more = nextLine(text)
		number++
		b.line(number, line)
	}
	b.flush()
}

// nextLine cuts at LF, CR LF or a lone CR, as old Macs and some devices end lines.
func nextLine(text string) (line, rest string, more bool) {
	at := strings.IndexAny(text, "\r\n")
	if at < 0 {
		return text, "", false
	}
	end := at + 1
	if text[at] == '\r' && end < len(text) && text[end] == '\n' {
		end++
	}
	return text[:at], text[end:], true
}

func (b *blocks) line(number int, line string) {
	if b.markdown && b.head(number, line) {
		return
	}
	blank := strings.TrimSpace(line) == ""
	switch {
	case blank && len(b.lines) == 0:
		return
	case blank && b.runes >= blockRunes*3/5, b.runes >= blockRunes*3/2:
		b.flush()
		if blank {
			return
		}
	}
	if len(b.lines) == 0 {
		b.first = number
	}
	b.lines = append(b.lines, line)
	b.runes += utf8.RuneCountInString(line) + 1
}

// head takes a Markdown heading (CommonMark 4.2: up to six # and a space) unless
// it stands in a code block.
func (b *blocks) head(number int, line string) bool {
	trimmed := strings.TrimLeft(line, " ")
	if b.fence != "" {
		if strings.HasPrefix(trimmed, b.fence) {
			b.fence = ""
		}
		return false
	}
	if strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~") {
		b.fence = trimmed[:3]
		return false
	}
	level := len(trimmed) - len(strings.TrimLeft(trimmed, "#"))
	if level == 0 || level > 6 || len(line)-len(trimmed) > 3 {
		return false
	}
	// QUIRK: CommonMark 4.2 wants a space after the marks; Chinese writers leave it
	// out (#背景), which no one means otherwise unless it is a number or a tag.
	rest := trimmed[level:]
	text := strings.TrimSpace(strings.TrimRight(strings.TrimSpace(rest), "#"))
	if text == "" || rest[0] != ' ' && rest[0] != '\t' && (rest[0] < 0x80 || level == 1) {
		return false
	}
	b.flush()
	b.heading, b.bare, b.line0 = text, true, number
	if level == 1 && b.title == "" {
		b.title = text
	}
	return true
}

func (b *blocks) flush() {
	switch {
	case len(b.lines) > 0:
		b.doc.AddText(document.Position{Line: b.first}, b.heading, strings.Join(b.lines, "\n"))
	case b.bare: // a heading alone is text too
		b.doc.AddText(document.Position{Line: b.line0}, "", b.heading)
	}
	b.lines, b.runes, b.bare = nil, 0, false
}
