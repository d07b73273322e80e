package sheet

import (
	"archive/zip"
	"context"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
	"guidang/extractors/sheet/biff"
)

// Xlsx reads .xlsx, .xlsm and .xltx, row by row.
//
// The reader is our own: excelize, which was here before, keeps each row's cells
// as structs and looks up each shared string in a file, and took 78 s and 275 MB
// before it was stopped at a workbook of 3 million cells.
var Xlsx = document.Format{
	Name: "xlsx", Version: 3, Kind: document.KindSheet,
	MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	Detect:    func(in *document.Input) bool { return ooxml.Detect(in) == ooxml.Excel },
	Read:      readXlsx,
}

// xlsx is one reading.
type xlsx struct {
	*reading
	book *workbook
}

func readXlsx(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	return readPackage(ctx, in, workbookPart, emit)
}

// readPackage reads a workbook of XML parts or of binary ones.
func readPackage(ctx context.Context, in *document.Input, part string, emit func(*document.Child) error) (*document.Document, error) {
	x := &xlsx{reading: newReading(ctx, in)}
	z, ok, err := openPackage(ctx, x.in, x.doc)
	if err != nil {
		return nil, err
	}
	if !ok {
		return document.Unreadable(document.KindSheet, document.Truncated, "the file is cut off before its sheets"), nil
	}
	ooxml.Properties(z, x.doc)
	x.book = newWorkbook(z, part, x.in.Limits)
	if part == binaryPart {
		err = x.binaryBook()
	} else {
		err = x.open()
	}
	if err != nil {
		return nil, err
	}
	if x.doc.Read == document.None {
		return x.doc, nil
	}
	if len(x.book.sheets) == 0 {
		reason := document.Corrupt
		if x.doc.Reason != "" {
			reason = x.doc.Reason
		}
		return document.Unreadable(document.KindSheet, reason, "its list of sheets is lost"), nil
	}
	if err := x.sheets(); err != nil {
		return nil, err
	}
	if err := x.beside(); err != nil {
		return nil, err
	}
	x.finish(len(x.book.sheets))
	return x.doc, ooxml.Embedded(ctx, z, []string{"xl/embeddings/"}, x.in.Limits, x.doc, emit)
}

// open reads what cells need: the list of sheets, styles and strings.
func (x *xlsx) open() error {
	x.book.list(x.in, x.doc)
	if f := x.book.related("styles", "xl/styles.xml"); f != nil {
		if r, err := f.Open(); err == nil {
			// Without its styles numbers are shown plain, so damage here loses nothing.
			_ = x.book.styles.read(r, ooxml.PartLimit(f, x.in.Limits))
			r.Close()
		}
	}
	f := x.book.related("sharedStrings", "xl/sharedStrings.xml")
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err == nil {
		defer r.Close()
		err = sharedStrings(r, ooxml.PartLimit(f, x.in.Limits), &x.book.strings, x.ctx.Err)
	}
	return x.stringsRead(err)
}

// stringsRead tells what is wrong with the table of strings.
func (x *xlsx) stringsRead(err error) error {
	t := &x.book.strings
	t.close()
	if x.ctx.Err() != nil {
		return fmt.Errorf("read %q: %w", x.in.Name, x.ctx.Err())
	}
	if err != nil {
		ooxml.Lose(x.doc, "its table of strings", err, true)
	}
	if t.full {
		x.doc.Lose(document.Partial, document.TooLarge, "its strings are too long; only the first ones were read")
	}
	return nil
}

// sheets reads the cells of all sheets in the workbook's order.
func (x *xlsx) sheets() error {
	for _, s := range x.book.sheets {
		f := ooxml.Part(x.book.z, s.part)
		if f == nil {
			x.begin(s.name, s.hidden, nil)
			x.doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("sheet %q is lost", s.name))
			continue
		}
		before := x.rows
		err := x.sheet(s, f)
		if more, err := x.ended(err, s.name, x.rows > before); err != nil || !more {
			return err
		}
	}
	return nil
}

func (x *xlsx) sheet(s *sheetInfo, f *zip.File) error {
	limit := ooxml.PartLimit(f, x.in.Limits)
	if x.book.part == binaryPart {
		return x.binarySheet(s, f, limit)
	}
	t := x.begin(s.name, s.hidden, newMerges(mergedIn(x.ctx, f, limit)))
	defer t.finish()
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	w := &sheetWalk{x: x, t: t, name: s.name, m: newMarkup(utf8Of(r), limit)}
	err = w.walk()
	x.leads(s, w.links)
	return err
}

// sheetWalk reads the cells of one sheet (ECMA-376 part 1, 18.3.1).
type sheetWalk struct {
	x    *xlsx
	t    *table
	m    *markup
	name string

	row    int // the last one that came
	column int // of the next cell, from 0
	last   int // the row that was handed on
	cells  []string
	width  int // of the row before
	style  int
	sort   string // of the cell
	value  []byte
	into   bool // text belongs to the value
	ruby   int
	header []byte
	inHead bool
	tokens int
	links  []cellLink
}

// cellLink is a hyperlink: the cells it covers, and the id of where it leads.
type cellLink struct{ ref, id string }

// linked takes a hyperlink (18.3.1.47); they come behind all rows.
func (w *sheetWalk) linked() {
	if id := w.m.value("id"); id != "" && len(w.links) < maxNamed {
		w.links = append(w.links, cellLink{w.m.value("ref"), id})
	}
}

// leads tells where a sheet's hyperlinks lead.
func (x *xlsx) leads(s *sheetInfo, links []cellLink) {
	if len(links) == 0 {
		return
	}
	to := ooxml.Addresses(x.book.z, s.part)
	for _, l := range links {
		first, _, _ := strings.Cut(l.ref, ":")
		if column, row, ok := cellAt(first); ok {
			x.files.link(place{s.name, row, column}, to[l.id])
		}
	}
}

const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
)

func (w *sheetWalk) walk() error {
	m := w.m
	for {
		k, err := m.next()
		if w.tokens++; err == nil && w.tokens&0xfff == 0 {
			err = w.x.ctx.Err()
		}
		if err != nil || k == ended {
			if last := w.endRow(); err == nil { // what came of the last row
				err = last
			}
			return err
		}
		switch k { //nolint:exhaustive // ended is taken above
		case opening:
			w.start()
		case lone:
			switch string(m.name) {
			case "c":
				w.place()
				w.column++
			case "hyperlink":
				w.linked()
			}
		case closing:
			if err := w.end(); err != nil {
				return err
			}
		case words:
			switch {
			case w.into && w.ruby == 0 && len(w.value) < maxCell:
				w.value = m.add(w.value)
			case w.inHead && len(w.header) < maxCell:
				w.header = m.add(w.header)
			}
		}
	}
}

func (w *sheetWalk) start() {
	m := w.m
	switch string(m.name) {
	case "row":
		// QUIRK: 18.3.1.73: rows come in order; where a number does not, it is the next.
		if w.row = min(max(m.number("r", w.row+1), w.row+1), maxRows); w.row <= w.last {
			w.row = w.last + 1
		}
		w.column, w.cells = 0, make([]string, 0, w.width)
	case "c":
		w.place()
		w.sort, w.style = string(m.attr("t")), m.number("s", 0)
		w.value = w.value[:0]
	case "v", "t":
		w.into = true
	case "rPh":
		w.ruby++
	case "hyperlink":
		w.linked()
	case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
		w.inHead, w.header = true, w.header[:0]
	}
}

// place finds the cell's column: by its own word, else behind the one before.
func (w *sheetWalk) place() {
	column := 0
	for _, c := range w.m.attr("r") {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' || column > maxColumns {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	if column > 0 && column <= maxColumns {
		w.column = column - 1
	}
}

func (w *sheetWalk) end() error {
	switch string(w.m.name) {
	case "v", "t":
		w.into = false
	case "rPh":
		w.ruby--
	case "c":
		if shown := w.show(); shown != "" && w.column < maxColumns {
			for len(w.cells) <= w.column {
				w.cells = append(w.cells, "")
			}
			w.cells[w.column] = shown
		}
		w.column++
	case "row":
		return w.endRow()
	case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
		w.inHead = false
		if text := biff.PlainHeader(string(w.header)); text != "" {
			w.x.at(w.name, 1, "页眉页脚 Header and footer", text)
		}
	}
	return nil
}

func (w *sheetWalk) endRow() error {
	cells := w.cells
	w.cells, w.width = nil, min(len(cells), 256)
	if len(cells) == 0 {
		return nil
	}
	w.last = w.row
	return w.x.row(w.t, w.row, cells)
}

// show gives what the cell shows.
func (w *sheetWalk) show() string {
	v := w.value
	if len(v) == 0 {
		return ""
	}
	switch w.sort {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(string(v)))
		if err != nil {
			return ""
		}
		return w.x.book.strings.at(n)
	case "str", "inlineStr":
		return string(unmask(v))
	case "b":
		if v[0] == '1' || v[0] == 't' {
			return "TRUE"
		}
		return "FALSE"
	case "e", "d":
		return string(v)
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(string(v)), 64)
	if err != nil {
		return string(v)
	}
	return w.x.book.styles.show(f, w.style)
}
