package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// Xlsx reads .xlsx, .xlsm and .xltx, row by row.
var Xlsx = document.Format{
	Name: "xlsx", Version: 1, Kind: document.KindSheet,
	MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	Detect:    func(in *document.Input) bool { return ooxml.Detect(in) == ooxml.Excel },
	Read:      readXlsx,
}

const (
	// inMemory is how long a sheet or the table of strings may be before it goes to
	// a temporary file: a workbook has many of them.
	inMemory = 8 << 20
	// maxCells bounds the cells that are looked at, empty ones among them: a row
	// with one cell in the last column has 16,384.
	maxCells = 500_000_000
)

// limits of one reading.
type xlsx struct {
	ctx   context.Context //nolint:containedctx // it lives for one reading
	in    *document.Input
	doc   *document.Document
	rows  int
	cells int64
	bytes int64
}

func readXlsx(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	limited := *in
	limited.Limits = in.Limits.WithDefaults()
	x := &xlsx{ctx: ctx, in: &limited, doc: &document.Document{Kind: document.KindSheet, Read: document.Full, Fields: map[string]string{}}}
	z, ok, err := openPackage(ctx, x.in, x.doc)
	if err != nil {
		return nil, err
	}
	if !ok {
		return document.Unreadable(document.KindSheet, document.Truncated, "the file is cut off before its sheets"), nil
	}
	ooxml.Properties(z, x.doc)
	book, err := load(ctx, x.in, z, x.doc)
	if err != nil {
		return nil, err
	}
	if x.doc.Read == document.None {
		return x.doc, nil
	}
	if len(book.sheets) == 0 {
		reason := document.Corrupt
		if x.doc.Reason != "" {
			reason = x.doc.Reason
		}
		return document.Unreadable(document.KindSheet, reason, "its list of sheets is lost"), nil
	}
	if err := x.sheets(book); err != nil {
		return nil, err
	}
	if err := x.beside(book); err != nil {
		return nil, err
	}
	if x.doc.Read == document.Partial && len(x.doc.Sections) == 0 {
		x.doc.Read = document.None
	}
	return x.doc, ooxml.Embedded(ctx, z, "xl/embeddings/", limited.Limits, x.doc, emit)
}

// sheets reads the cells of all sheets in the workbook's order.
func (x *xlsx) sheets(book *workbook) (err error) {
	f, err := excelize.OpenReader(bytes.NewReader(book.copied.Bytes()), excelize.Options{
		UnzipSizeLimit: book.size + inMemory, UnzipXMLSizeLimit: inMemory, TmpDir: os.TempDir(),
		// Dates that follow the system's language are shown as in China, where year,
		// month and day cannot be mistaken.
		ShortDatePattern: "yyyy-mm-dd", CultureInfo: excelize.CultureNameZhCN,
	})
	if f != nil {
		defer f.Close() // removes the temporary files
	}
	book.copied = nil
	if err != nil {
		x.doc.Lose(document.None, document.Corrupt, "the workbook cannot be opened")
		return nil // told in the document
	}
	var hidden []string
	for _, s := range book.sheets {
		if s.hidden {
			hidden = append(hidden, s.name)
			x.doc.Warn("hidden-sheet", fmt.Sprintf("sheet %q is hidden in the workbook", s.name))
		}
		more, err := x.sheet(f, s)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	x.doc.Fields["sheets"] = strconv.Itoa(len(book.sheets))
	x.doc.Fields["rows"] = strconv.Itoa(x.rows)
	if len(hidden) > 0 {
		x.doc.Fields["hidden_sheets"] = strings.Join(hidden, ", ")
	}
	return nil
}

// sheet reads one sheet. more is false when a limit of the workbook is reached.
func (x *xlsx) sheet(f *excelize.File, s *sheetInfo) (more bool, err error) {
	if s.size == 0 {
		x.doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("sheet %q is lost", s.name))
		return true, nil
	}
	rows, err := f.Rows(s.name)
	if err != nil {
		x.doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("sheet %q cannot be opened", s.name))
		return true, nil // told in the document
	}
	defer rows.Close()
	t := &table{heading: s.name, merges: newMerges(s.merges)}
	if s.hidden {
		t.heading += "（隐藏 hidden）"
	}
	t.emit = func(from, to int, heading, text string) {
		x.bytes += int64(len(text))
		x.doc.AddText(document.Position{Sheet: s.name, Rows: &[2]int{from, to}}, heading, text)
	}
	defer t.finish()
	for n := 1; rows.Next(); n++ {
		if n&0xff == 0 && x.ctx.Err() != nil {
			return false, x.ctx.Err()
		}
		cells, err := rows.Columns()
		if err != nil {
			x.doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("row %d of sheet %q is damaged; the rows before it were read", n, s.name))
			return true, nil // told in the document
		}
		if x.cells += int64(len(cells)); len(cells) == 0 {
			continue
		}
		r := row{n, cells}
		if x.rows++; x.rows > x.in.Limits.Rows || x.cells > maxCells {
			x.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d rows were read", x.rows-1))
			return false, nil
		}
		if t.add(r); x.bytes > x.in.Limits.TextBytes {
			x.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d rows were read: the text is too long", x.rows))
			return false, nil
		}
	}
	if err := rows.Error(); err != nil {
		x.doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("sheet %q is damaged; the rows before it were read", s.name))
		if errors.Is(err, excelize.ErrMaxRows) {
			x.doc.Warn("row-number", fmt.Sprintf("sheet %q numbers a row beyond the last one there can be", s.name))
		}
	}
	return true, nil
}
