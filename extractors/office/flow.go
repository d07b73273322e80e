package office

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"

	"guidang/extractors/ooxml"
)

// flow turns the text elements of WordprocessingML and DrawingML into lines.
// Both call a paragraph p, a text t, a table tbl with tr and tc, so one walk
// serves Word, slides, notes and diagrams.
//
// Tracked changes give the current text: what was inserted or moved here is
// kept; what was deleted is counted and kept apart, what was moved away is left
// out.
type flow struct {
	// block receives a line: a paragraph, or a table's row with tabs between its
	// cells. style is the paragraph's style id, outline its level from 1, or 0.
	block func(line, style string, outline int)

	// number, where there are lists, gives the number of an item.
	number func(p *paragraph) string

	paragraphs []*paragraph
	tables     []*table
	skipping   int  // how many elements are open within the one left out
	taking     bool // what is left out was deleted, and its text is wanted
	reading    int  // how many t are open
	props      int  // how many pPr are open

	inserted, deleted int
	gone              []string // what was deleted
	removed           strings.Builder
}

// maxGone bounds the deletions that are kept.
const maxGone = 100_000

type paragraph struct {
	text    strings.Builder
	style   string
	outline int
	list    string // the number of the list it belongs to; "" when its style says
	level   int    // in the list; -1 when its style says
}

type table struct {
	row  []string
	cell strings.Builder
	open bool // a cell is open
}

func (f *flow) token(tok xml.Token) {
	switch t := tok.(type) {
	case xml.StartElement:
		if f.skipping > 0 {
			f.skipping++
			return
		}
		f.start(t)
	case xml.EndElement:
		if f.skipping > 0 {
			if f.skipping--; f.skipping == 0 && f.taking {
				f.endDeletion()
			}
			return
		}
		f.end(t.Name.Local)
	case xml.CharData:
		switch {
		case f.skipping > 0:
			if f.taking {
				f.removed.Write(t)
			}
		case f.reading > 0:
			f.add(string(t))
		}
	}
}

func (f *flow) start(e xml.StartElement) {
	switch e.Name.Local {
	case "del", "moveFrom":
		if f.props == 0 {
			f.deleted++
			f.taking = e.Name.Local == "del"
		}
		f.skipping = 1
	case "rt":
		// QUIRK: a reading above characters (17.3.3.24) stands between them in the file
		// and would break the words.
		f.skipping = 1
	case "textpath":
		// QUIRK: WordArt of old files keeps its text in an attribute (VML).
		f.add(ooxml.Attr(e, "string"))
	case "Fallback", "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange":
		// QUIRK: mc:Fallback repeats a text box for old programs; the changes of
		// properties hold the former ones.
		f.skipping = 1
	case "ins", "moveTo":
		if f.props == 0 {
			f.inserted++
		}
	case "p":
		f.paragraphs = append(f.paragraphs, &paragraph{level: -1})
	case "pPr":
		f.props++
	case "pStyle":
		if p := f.current(); p != nil {
			p.style = ooxml.Attr(e, "val")
		}
	case "numId":
		if p := f.current(); p != nil && f.props > 0 {
			p.list = ooxml.Attr(e, "val")
		}
	case "ilvl":
		if p := f.current(); p != nil && f.props > 0 {
			if n, err := strconv.Atoi(ooxml.Attr(e, "val")); err == nil && n >= 0 && n < 9 {
				p.level = n
			}
		}
	case "outlineLvl":
		if p := f.current(); p != nil {
			if n, err := strconv.Atoi(ooxml.Attr(e, "val")); err == nil && n < 9 {
				p.outline = n + 1
			}
		}
	case "t":
		f.reading++
	case "tab":
		if f.props == 0 {
			f.add("\t")
		}
	case "br", "cr":
		f.add("\n")
	case "noBreakHyphen":
		f.add("-")
	case "tbl":
		f.tables = append(f.tables, &table{})
	case "tr":
		if t := f.table(); t != nil {
			t.row = nil
		}
	case "tc":
		if t := f.table(); t != nil {
			t.cell.Reset()
			t.open = true
		}
	}
}

// endDeletion keeps what was deleted.
func (f *flow) endDeletion() {
	f.taking = false
	if text := strings.Join(strings.Fields(f.removed.String()), " "); text != "" && len(f.gone) < maxGone {
		f.gone = append(f.gone, text)
	}
	f.removed.Reset()
}

func (f *flow) end(name string) {
	switch name {
	case "t":
		f.reading = max(f.reading-1, 0)
	case "pPr":
		f.props = max(f.props-1, 0)
	case "p":
		if n := len(f.paragraphs); n > 0 {
			p := f.paragraphs[n-1]
			f.paragraphs = f.paragraphs[:n-1]
			text := p.text.String()
			if f.number != nil && strings.TrimSpace(text) != "" {
				if n := f.number(p); n != "" {
					text = n + " " + text
				}
			}
			f.line(text, p.style, p.outline)
		}
	case "tc":
		if t := f.table(); t != nil {
			t.row = append(t.row, t.cell.String())
			t.open = false
		}
	case "tr":
		if t := f.table(); t != nil {
			row := t.row
			t.row = nil
			if line := strings.TrimRight(strings.Join(row, "\t"), "\t"); strings.TrimSpace(line) != "" {
				f.rowLine(line)
			}
		}
	case "tbl":
		if n := len(f.tables); n > 0 {
			f.tables = f.tables[:n-1]
		}
	}
}

// rowLine hands a row on: to the cell around it for a table within a table.
func (f *flow) rowLine(line string) {
	if n := len(f.tables); n > 1 && f.tables[n-2].open {
		joinCell(&f.tables[n-2].cell, strings.ReplaceAll(line, "\t", " "))
		return
	}
	f.block(line, "", 0)
}

// line hands a paragraph on: to the open cell, or to the block.
func (f *flow) line(text, style string, outline int) {
	if t := f.table(); t != nil && t.open {
		joinCell(&t.cell, strings.Join(strings.Fields(text), " "))
		return
	}
	if strings.TrimSpace(text) != "" {
		f.block(strings.Trim(text, "\n"), style, outline)
	}
}

func joinCell(cell *strings.Builder, text string) {
	if text == "" {
		return
	}
	if cell.Len() > 0 {
		cell.WriteByte(' ')
	}
	cell.WriteString(text)
}

// finish hands on what an end of file in the middle left open.
func (f *flow) finish() {
	for n := len(f.paragraphs); n > 0; n-- {
		f.line(f.paragraphs[n-1].text.String(), "", 0)
	}
	f.paragraphs = nil
	for n := len(f.tables); n > 0; n-- {
		t := f.tables[n-1]
		if t.open {
			t.row = append(t.row, t.cell.String())
			t.open = false
		}
		f.tables = f.tables[:n]
		if line := strings.Join(t.row, "\t"); strings.TrimSpace(line) != "" {
			f.rowLine(line)
		}
	}
	f.tables = nil
}

func (f *flow) add(s string) {
	if p := f.current(); p != nil {
		p.text.WriteString(s)
	}
}

func (f *flow) current() *paragraph {
	if n := len(f.paragraphs); n > 0 {
		return f.paragraphs[n-1]
	}
	return nil
}

func (f *flow) table() *table {
	if n := len(f.tables); n > 0 {
		return f.tables[n-1]
	}
	return nil
}

// styles maps style ids to what the walk needs of them.
type styles struct {
	level map[string]int // outline level from 1
	title map[string]bool
	list  map[string]string // the list that its paragraphs belong to
	depth map[string]int    // their level in it
}

var headingName = regexp.MustCompile(`^(?i:heading|标题)\s*([1-9])$`)

// styleWalk reads word/styles.xml. Levels come from the style's outline level,
// else from its built-in name; QUIRK: Chinese Word calls the ids "1", "2", "a3",
// so an id alone says nothing.
type styleWalk struct {
	styles
	id      string
	parents map[string]string
}

func (s *styleWalk) token(tok xml.Token) {
	e, ok := tok.(xml.StartElement)
	if !ok {
		return
	}
	switch e.Name.Local {
	case "style":
		s.id = ooxml.Attr(e, "styleId")
	case "name":
		name := strings.TrimSpace(ooxml.Attr(e, "val"))
		if m := headingName.FindStringSubmatch(name); m != nil && s.level[s.id] == 0 {
			s.level[s.id] = int(m[1][0] - '0')
		}
		if strings.EqualFold(name, "Title") || name == "标题" {
			s.title[s.id] = true
		}
	case "numId":
		s.list[s.id] = ooxml.Attr(e, "val")
	case "ilvl":
		if n, err := strconv.Atoi(ooxml.Attr(e, "val")); err == nil && n >= 0 && n < 9 {
			s.depth[s.id] = n
		}
	case "basedOn":
		s.parents[s.id] = ooxml.Attr(e, "val")
	case "outlineLvl":
		if n, err := strconv.Atoi(ooxml.Attr(e, "val")); err == nil && n < 9 {
			s.level[s.id] = n + 1
		}
	}
}

// of returns a style's outline level, looking through the ones it is based on.
func (s *styleWalk) of(id string) int {
	for range 16 {
		if n := s.level[id]; n > 0 {
			return n
		}
		if id = s.parents[id]; id == "" {
			break
		}
	}
	return 0
}

// listOf returns the list that a style's paragraphs belong to, and their level in
// it: -1 where the list knows. owner is the style that says so.
func (s *styleWalk) listOf(id string) (list string, level int, owner string) {
	level = -1
	for range 16 {
		if n, ok := s.depth[id]; ok && level < 0 {
			level = n
		}
		if n, ok := s.list[id]; ok {
			return n, level, id
		}
		if id = s.parents[id]; id == "" {
			break
		}
	}
	return "", level, ""
}
