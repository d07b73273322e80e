package sheet

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// maxCells bounds the cells that are looked at, empty ones among them: a row
// with one cell in the last column has 16,384.
const maxCells = 500_000_000

// errFull ends a reading whose limits are reached; the document tells which.
var errFull = errors.New("a limit of the workbook is reached")

// reading is the reading of one workbook, whatever its format: it counts what
// has come and turns rows into sections.
type reading struct {
	ctx    context.Context //nolint:containedctx // it lives for one reading
	in     *document.Input
	doc    *document.Document
	rows   int
	cells  int64
	bytes  int64
	hidden []string
	files  *naming
}

func newReading(ctx context.Context, in *document.Input) *reading {
	limited := *in
	limited.Limits = in.Limits.WithDefaults()
	doc := &document.Document{Kind: document.KindSheet, Read: document.Full, Fields: map[string]string{}}
	return &reading{ctx: ctx, in: &limited, doc: doc, files: &naming{doc: doc}}
}

// begin makes the table of a sheet; a hidden one is marked.
func (x *reading) begin(name string, hidden bool, m *merges) *table {
	t := &table{heading: name, merges: m, sheet: name, files: x.files}
	if hidden {
		t.heading += "（隐藏 hidden）"
		x.hidden = append(x.hidden, name)
		x.doc.Warn("hidden-sheet", fmt.Sprintf("sheet %q is hidden in the workbook", name))
	}
	t.emit = func(from, to int, heading, text string) {
		x.bytes += int64(len(text))
		x.doc.AddText(document.Position{Sheet: name, Rows: &[2]int{from, to}}, heading, text)
	}
	return t
}

// row takes a row that has cells.
func (x *reading) row(t *table, n int, cells []string) error {
	if x.rows++; x.rows&0xff == 0 && x.ctx.Err() != nil {
		return x.ctx.Err()
	}
	if x.rows&0xff == 0 && x.in.Late() {
		x.doc.Lose(document.Partial, document.TimeLimit, fmt.Sprintf("only the first %d rows were read in time", x.rows))
		return errFull
	}
	if x.cells += int64(len(cells)); x.rows > x.in.Limits.Rows || x.cells > maxCells {
		x.rows--
		x.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d rows were read", x.rows))
		return errFull
	}
	if t.add(row{n, cells}); x.bytes > x.in.Limits.TextBytes {
		x.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d rows were read: the text is too long", x.rows))
		return errFull
	}
	return nil
}

// ended settles how a sheet's reading ended. more is false when nothing else is
// to be read.
func (x *reading) ended(err error, name string, got bool) (more bool, fault error) {
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, errFull):
		return false, nil
	case x.ctx.Err() != nil:
		return false, fmt.Errorf("read %q: %w", x.in.Name, x.ctx.Err())
	}
	ooxml.Lose(x.doc, "sheet "+name, err, got || len(x.doc.Sections) > 0)
	return true, nil
}

// finish fills in what is counted, and lowers a loss to all that there was when
// nothing came out.
func (x *reading) finish(sheets int) {
	x.files.finish()
	x.doc.Fields["sheets"] = strconv.Itoa(sheets)
	x.doc.Fields["rows"] = strconv.Itoa(x.rows)
	if len(x.hidden) > 0 {
		x.doc.Fields["hidden_sheets"] = strings.Join(x.hidden, ", ")
	}
	if x.doc.Read == document.None {
		x.doc.Sections = nil
	}
	if x.doc.Read == document.Partial && len(x.doc.Sections) == 0 {
		x.doc.Read = document.None
	}
}

// at adds a section beside the cells.
func (x *reading) at(sheet string, row int, heading, text string) {
	x.bytes += int64(len(text))
	x.doc.AddText(document.Position{Sheet: sheet, Rows: &[2]int{row, row}}, heading, strings.TrimSpace(text))
}
