package html

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page is what a walk over the tokens gives.
type page struct {
	title    string
	author   string
	sections []section
}

// section is the text below one heading.
type section struct{ heading, text string }

// Text returns the readable text of HTML that is UTF-8 already, as mail bodies
// are when their own charset has been undone. Headings stand on their own lines.
func Text(decoded []byte) string {
	var b strings.Builder
	for _, s := range walk(decoded).sections {
		for _, part := range []string{s.heading, s.text} {
			if part == "" {
				continue
			}
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(part)
		}
	}
	return b.String()
}

// walker turns tokens into text. It keeps no tree, so neither deep nesting nor
// missing end tags cost anything.
type walker struct {
	page    page
	out     strings.Builder
	heading string // of the section being written

	space, newline bool // white space seen since the last rune written
	last           rune // the last rune written; 0 at a line's beginning
	cells          int  // cells begun in this row
	pre            int

	hiding  atom.Atom // the element whose content is dropped, or 0
	hidingN string    // its name, when it is none of the known ones
	depth   int       // how many of the same name are open within it

	capture *strings.Builder // title or heading being read
	within  atom.Atom

	mail *mailWalk // of a mail's body, else nil
}

func walk(decoded []byte) page { return (&walker{}).walk(decoded) }

func (w *walker) walk(decoded []byte) page {
	z := html.NewTokenizer(bytes.NewReader(decoded))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) && w.out.Len() == 0 {
				w.text(string(z.Raw()))
			}
			w.endCapture()
			w.endSection("")
			return w.page
		case html.TextToken:
			if w.hiding == 0 && w.hidingN == "" {
				w.text(string(z.Text()))
			} else if w.mail != nil {
				w.mail.passOver(z.Text())
			}
		case html.StartTagToken:
			w.start(z.Token(), false)
		case html.SelfClosingTagToken:
			w.start(z.Token(), true)
		case html.EndTagToken:
			w.end(z.Token())
		}
	}
}

func (w *walker) start(t html.Token, closed bool) {
	if w.hiding == t.DataAtom && endsItself(t.DataAtom) {
		w.hiding, w.depth = 0, 0
	}
	if w.hiding != 0 || w.hidingN != "" {
		if !closed && t.DataAtom == w.hiding && (w.hidingN == "" || t.Data == w.hidingN) {
			w.depth++
		}
		return
	}
	if hidden(t) {
		if w.mail != nil {
			w.mail.styled = !neverShown(t.DataAtom)
		}
		if !closed && !isVoid(t.DataAtom) {
			w.hiding, w.depth = t.DataAtom, 1
			if t.DataAtom == 0 {
				w.hidingN = t.Data
			}
		}
		return
	}
	if w.mail != nil && w.mailStart(t) {
		return
	}
	switch t.DataAtom {
	case atom.Title:
		w.startCapture(atom.Title)
	case atom.Meta:
		if strings.EqualFold(attr(t, "name"), "author") {
			w.page.author = attr(t, "content")
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.endCapture()
		w.startCapture(t.DataAtom)
	case atom.Br:
		if w.mail != nil && w.cells == 0 {
			w.mail.kept = true
		}
		w.line()
	case atom.Hr:
		w.line()
	case atom.Td, atom.Th:
		if w.cells++; w.cells > 1 {
			w.space, w.newline = false, false
			w.write('\t')
		}
	case atom.Tr:
		w.line()
		w.cells = 0
	case atom.Pre, atom.Textarea:
		w.line()
		w.pre++
	case atom.Img, atom.Area:
		if alt := attr(t, "alt"); alt != "" {
			w.text(" " + alt + " ")
		}
	case atom.Input:
		switch attr(t, "type") {
		case "", "text", "email", "number", "date":
			w.text(" " + attr(t, "value") + " ")
		}
	default:
		w.block(t.DataAtom)
	}
}

func (w *walker) end(t html.Token) {
	if w.hiding != 0 || w.hidingN != "" {
		if t.DataAtom == w.hiding && (w.hidingN == "" || t.Data == w.hidingN) {
			if w.depth--; w.depth == 0 {
				w.hiding, w.hidingN = 0, ""
			}
		}
		return
	}
	if w.mail != nil {
		w.mailEnd(t.DataAtom)
	}
	switch t.DataAtom {
	case atom.Title, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.endCapture()
	case atom.Pre, atom.Textarea:
		w.pre = max(w.pre-1, 0)
		w.line()
	case atom.Tr:
		w.line()
		w.cells = 0
	case atom.Td, atom.Th:
	default:
		w.block(t.DataAtom)
	}
}

// block breaks the line at elements that stand on their own; within a table's
// row a paragraph is only a space, so that a row stays a line.
func (w *walker) block(a atom.Atom) {
	switch a {
	case atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header,
		atom.Footer, atom.Nav, atom.Aside, atom.Blockquote, atom.Form, atom.Fieldset, atom.Figure, atom.Figcaption,
		atom.Address, atom.Main, atom.Option, atom.Center, atom.Caption, atom.Body, atom.Html, atom.Legend, atom.Summary, atom.Details:
		if w.cells > 0 {
			w.space = true
			return
		}
		w.line()
	case atom.Table:
		w.line()
		w.cells = 0
	}
}

func (w *walker) text(s string) {
	if w.capture != nil {
		w.capture.WriteString(s)
		return
	}
	if w.pre > 0 {
		for _, r := range s {
			w.write(r)
		}
		return
	}
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r':
			w.newline, w.space = true, true
		case r == ' ' || r == '\t' || r == '\f' || r == '\u00a0' || r == '\u3000' && w.last == 0:
			w.space = true
			if r == '\u00a0' && w.mail != nil {
				w.mail.kept = true
			}
		case r == '\u200b' || r == '\ufeff' || r == '\u00ad':
		default:
			w.write(r)
		}
	}
}

// write writes a rune and the space before it. White space that is only a
// wrapped line of the source is none between Chinese.
func (w *walker) write(r rune) {
	if w.space && w.last != 0 && w.last != '\n' && w.last != '\t' && !(w.newline && wide(w.last) && wide(r)) {
		w.out.WriteByte(' ')
	}
	w.space, w.newline = false, false
	if r == '\r' {
		return
	}
	if w.mail != nil && (w.last == 0 || w.last == '\n') {
		w.mailLine()
	}
	w.out.WriteRune(r)
	w.last = r
}

// line ends the line unless it is empty.
func (w *walker) line() {
	w.space, w.newline = false, false
	if w.capture != nil {
		w.capture.WriteByte(' ')
		return
	}
	if w.last != 0 && w.last != '\n' {
		w.out.WriteByte('\n')
	} else if w.mail != nil && w.mail.kept {
		w.out.WriteByte('\n') // a paragraph of one hard space is an empty line
	}
	if w.mail != nil {
		w.mail.kept = false
	}
	w.last = 0
}

func (w *walker) startCapture(a atom.Atom) {
	w.capture, w.within = &strings.Builder{}, a
}

// endCapture ends a title or heading; a heading begins a section.
func (w *walker) endCapture() {
	if w.capture == nil {
		return
	}
	s := strings.Join(strings.Fields(w.capture.String()), " ")
	a := w.within
	w.capture, w.within = nil, 0
	if a == atom.Title {
		if w.page.title == "" {
			w.page.title = s
		}
		return
	}
	if s != "" {
		w.endSection(s)
	}
}

// endSection closes the section being written and opens one under heading.
func (w *walker) endSection(heading string) {
	text := w.tidy()
	if text != "" || w.heading != "" {
		w.page.sections = append(w.page.sections, section{w.heading, text})
	}
	w.out.Reset()
	w.last, w.space, w.newline, w.cells = 0, false, false, 0
	w.heading = heading
}

// tidy drops lines of white space and spaces at lines' ends. A tab at a line's
// beginning stays: it is an empty first cell.
// In a mail one empty line stays, because paragraphs tell where a signature begins.
func (w *walker) tidy() string {
	lines := strings.Split(w.out.String(), "\n")
	out := lines[:0]
	for _, l := range lines {
		if l = strings.TrimRightFunc(l, unicode.IsSpace); l != "" || w.mail != nil && len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, l)
		}
	}
	if n := len(out); n > 0 && out[n-1] == "" {
		out = out[:n-1]
	}
	return strings.Join(out, "\n")
}

// hidden is true for what a reader of the page does not see.
func hidden(t html.Token) bool {
	if neverShown(t.DataAtom) {
		return true
	}
	for _, a := range t.Attr {
		switch a.Key {
		case "hidden":
			return t.DataAtom != 0 && a.Val != "until-found"
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all") ||
				strings.Contains(style, "max-height:0") && strings.Contains(style, "overflow:hidden") {
				return true
			}
		}
	}
	return false
}

// neverShown is true for elements whose content is none of the page's text.
func neverShown(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Object, atom.Noembed, atom.Noframes, atom.Math:
		return true
	}
	return false
}

// endsItself is true for elements whose end tag may be left out: the next one of
// the same name ends them, so a hidden paragraph does not swallow the page.
func endsItself(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Li, atom.Td, atom.Th, atom.Tr, atom.Option, atom.Dt, atom.Dd:
		return true
	}
	return false
}

func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func wide(r rune) bool {
	return utf8.RuneLen(r) >= 3 && (r >= 0x2e80 && r <= 0x9fff || r >= 0xf900 && r <= 0xffef)
}
