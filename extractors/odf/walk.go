package odf

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// errFull ends a walk whose text has reached the limit.
var errFull = errors.New("the text is too long")

// maxSpaces bounds what one element of spaces may stand for.
const maxSpaces = 1 << 10

// walker turns content.xml into sections. What stands apart from the text around
// it (notes, comments, headers) is gathered in a place of its own, so places form
// a stack.
type walker struct {
	ctx    context.Context //nolint:containedctx // it lives for one reading
	doc    *document.Document
	limits document.Limits
	slides bool
	aside  bool // only headers and footers count
	bytes  int64
	tokens int

	places   []*place
	skipping int // how many elements are open within the one left out
	slide    int
	title    bool // the frame being read is the slide's title
	heading  string
	notes    []document.Section // behind the body, in the order of the text

	inserted, deleted int
}

// place is where text is gathered.
type place struct {
	part       string // of the position; "" is the body
	by         string // who wrote it, of a comment
	creator    bool   // his name is being read
	text       strings.Builder
	paragraphs []*paragraph
	tables     []*rows
}

type paragraph struct {
	text  strings.Builder
	level int // of a heading
}

type rows struct {
	row  []string
	cell strings.Builder
	open bool
}

func (w *walker) begin(part string) { w.places = append(w.places, &place{part: part}) }

func (w *walker) here() *place { return w.places[len(w.places)-1] }

// apart says whether a name begins a place of its own, and which.
func apart(name xml.Name, aside bool) (part string, ok bool) {
	switch name.Local {
	case "annotation":
		return "comments", true
	case "note-body":
		return "footnotes", true
	case "notes":
		return "notes", name.Space == "presentation"
	case "header", "header-left", "header-first":
		return "header", name.Space == "style" && aside
	case "footer", "footer-left", "footer-first":
		return "footer", name.Space == "style" && aside
	}
	return "", false
}

func (w *walker) token(tok xml.Token) error {
	if w.tokens++; w.tokens&0x3ff == 0 {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if w.bytes > w.limits.TextBytes {
			w.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d bytes of its text were read", w.limits.TextBytes))
			return errFull
		}
	}
	switch t := tok.(type) {
	case xml.StartElement:
		if w.skipping > 0 {
			w.skipping++
			return nil
		}
		return w.start(t)
	case xml.EndElement:
		if w.skipping > 0 {
			w.skipping--
			return nil
		}
		w.end(t.Name)
	case xml.CharData:
		if w.skipping > 0 {
			return nil
		}
		if p := w.here(); p.creator {
			p.by += string(t)
		} else if n := len(p.paragraphs); n > 0 {
			p.paragraphs[n-1].write(string(t))
		}
	}
	return nil
}

// write adds text as a reader of the page sees it: white space in the file is one
// space (part 3, 6.1.2).
func (p *paragraph) write(s string) {
	if !strings.ContainsAny(s, "\n\r\t") && !strings.Contains(s, "  ") {
		p.text.WriteString(s)
		return
	}
	space := false
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
			space = true
			continue
		}
		if space {
			p.text.WriteByte(' ')
			space = false
		}
		p.text.WriteRune(r)
	}
	if space {
		p.text.WriteByte(' ')
	}
}

func (w *walker) add(s string) {
	p := w.here()
	if n := len(p.paragraphs); n > 0 {
		p.paragraphs[n-1].text.WriteString(s)
	}
}

func (w *walker) start(e xml.StartElement) error {
	if part, ok := apart(e.Name, w.aside); ok && len(w.places) < 64 {
		w.begin(part)
		return nil
	}
	p := w.here()
	switch e.Name.Local {
	case "tracked-changes":
		// What is deleted is kept here; the text itself is the current one.
		w.skipping = 1
	case "insertion", "deletion", "format-change", "note-citation", "binary-data", "script", "event-listeners", "date":
		w.skipping = 1
	case "creator":
		p.creator = p.part == "comments"
	case "h", "p":
		level := 0
		if e.Name.Local == "h" {
			level = 1
			if n, err := strconv.Atoi(ooxml.Attr(e, "outline-level")); err == nil {
				level = n
			}
		}
		if e.Name.Space == "text" || e.Name.Space == "" {
			p.paragraphs = append(p.paragraphs, &paragraph{level: level})
		}
	case "s":
		n, err := strconv.Atoi(ooxml.Attr(e, "c"))
		if err != nil {
			n = 1
		}
		w.add(strings.Repeat(" ", min(max(n, 1), maxSpaces)))
	case "tab":
		w.add("\t")
	case "line-break":
		w.add("\n")
	case "change-start":
		w.inserted++
	case "change":
		w.deleted++
	case "table":
		p.tables = append(p.tables, &rows{})
	case "table-row":
		if t := p.table(); t != nil {
			t.row = nil
		}
	case "table-cell", "covered-table-cell":
		if t := p.table(); t != nil {
			t.cell.Reset()
			t.open = true
		}
	case "frame", "custom-shape":
		if class := ooxml.Attr(e, "class"); w.slides {
			w.title = class == "title"
		}
	case "page":
		if e.Name.Space == "draw" && w.slides {
			w.flush()
			if w.slide++; w.slide > w.limits.Pages {
				w.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d slides were read", w.slide-1))
				return errFull
			}
		}
	}
	return nil
}

func (w *walker) end(name xml.Name) {
	p := w.here()
	if _, ok := apart(name, w.aside); ok && len(w.places) > 1 {
		w.close()
		return
	}
	switch name.Local {
	case "creator":
		p.creator = false
	case "h", "p":
		if n := len(p.paragraphs); n > 0 {
			done := p.paragraphs[n-1]
			p.paragraphs = p.paragraphs[:n-1]
			w.line(p, done.text.String(), done.level)
		}
	case "table-cell", "covered-table-cell":
		if t := p.table(); t != nil && t.open {
			t.row = append(t.row, t.cell.String())
			t.open = false
		}
	case "table-row":
		if t := p.table(); t != nil {
			w.rowEnd(p, t)
		}
	case "table":
		if n := len(p.tables); n > 0 {
			p.tables = p.tables[:n-1]
		}
	case "frame", "custom-shape":
		w.title = false
	}
}

func (p *place) table() *rows {
	if n := len(p.tables); n > 0 {
		return p.tables[n-1]
	}
	return nil
}

// rowEnd writes a table's row as a line, or into the cell around it.
func (w *walker) rowEnd(p *place, t *rows) {
	line := strings.TrimRight(strings.Join(t.row, "\t"), "\t")
	t.row = nil
	if strings.TrimSpace(line) == "" {
		return
	}
	if n := len(p.tables); n > 1 && p.tables[n-2].open {
		join(&p.tables[n-2].cell, strings.ReplaceAll(line, "\t", " "))
		return
	}
	w.write(p, line)
}

func join(cell *strings.Builder, text string) {
	if text == "" {
		return
	}
	if cell.Len() > 0 {
		cell.WriteByte(' ')
	}
	cell.WriteString(text)
}

// line takes a paragraph that has ended.
func (w *walker) line(p *place, text string, level int) {
	if t := p.table(); t != nil && t.open {
		join(&t.cell, strings.Join(strings.Fields(text), " "))
		return
	}
	text = strings.Trim(text, "\n ")
	if text == "" || w.aside && p.part == "" {
		return
	}
	flat := strings.Join(strings.Fields(text), " ")
	switch {
	case p.part == "" && w.slides && w.title:
		w.heading = strings.TrimSpace(w.heading + " " + flat)
		if w.slide == 1 && w.doc.Title == "" {
			w.doc.Title = flat
		}
	case p.part == "" && !w.slides && level > 0 && len([]rune(flat)) <= 200:
		w.flush()
		w.heading = flat
	default:
		w.write(p, text)
	}
}

func (w *walker) write(p *place, line string) {
	w.bytes += int64(len(line)) + 1
	p.text.WriteString(line + "\n")
}

// close ends a place of its own.
func (w *walker) close() {
	p := w.here()
	w.places = w.places[:len(w.places)-1]
	text := strings.TrimSpace(p.text.String())
	if text == "" {
		return
	}
	at, heading := document.Position{Part: p.part}, ""
	if w.slides {
		at = document.Position{Slide: max(w.slide, 1)}
	}
	switch p.part {
	case "comments":
		heading = strings.TrimSpace("批注 Comment " + strings.TrimSpace(p.by))
	case "notes":
		heading = "备注 Notes"
	case "header", "footer":
		// A text's pages repeat them; slides' are placeholders.
		if w.slides {
			return
		}
	}
	w.notes = append(w.notes, document.Section{Position: at, Heading: heading, Text: text})
}

// flush ends the section being written: at a heading, or with a slide.
func (w *walker) flush() {
	body := w.places[0]
	text := body.text.String()
	body.text.Reset()
	if strings.TrimSpace(text) == "" {
		text = w.heading // a heading alone is text too
	}
	at := document.Position{Part: "body"}
	if w.slides {
		at = document.Position{Slide: max(w.slide, 1)}
	}
	w.doc.AddText(at, w.heading, text)
	w.heading = ""
	if w.slides {
		w.rest()
	}
}

func (w *walker) rest() {
	for _, s := range w.notes {
		w.doc.AddText(s.Position, s.Heading, s.Text)
	}
	w.notes = nil
}

// finish hands on what is left, also of a file that ends in the middle.
func (w *walker) finish() {
	for i, p := range slices.Backward(w.places) {
		for n := len(p.paragraphs); n > 0; n-- {
			w.line(p, p.paragraphs[n-1].text.String(), 0)
		}
		for n := len(p.tables); n > 0; n-- {
			t := p.tables[n-1]
			if t.open {
				t.row = append(t.row, t.cell.String())
			}
			p.tables = p.tables[:n]
			w.rowEnd(p, t)
		}
		p.paragraphs, p.tables = nil, nil
		if i > 0 {
			w.close()
		}
	}
	w.flush()
	w.rest()
}
