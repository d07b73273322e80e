package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/compound"
	"guidang/extractors/document"
	"guidang/extractors/sheet/biff"
)

// Xls reads the workbooks of Excel 2 to 2003 and of WPS: .xls, .xlt, .et.
var Xls = document.Format{
	Name: "xls", Version: 3, Kind: document.KindSheet, MediaType: "application/vnd.ms-excel",
	Detect: detectXls,
	Read:   readXls,
}

// detectXls goes by content; by name only for a compound file that no longer says
// what it holds.
func detectXls(in *document.Input) bool {
	if biff.Is(in.Head(), in.Bytes, in.Size) {
		return true
	}
	switch in.Ext() {
	case ".xls", ".xlt", ".et", ".ett":
		return compound.Is(in.Head()) && biff.Damaged(in.Bytes, in.Size)
	}
	return false
}

// xls is one reading.
type xls struct {
	ctx   context.Context //nolint:containedctx // it lives for one reading
	in    *document.Input
	doc   *document.Document
	rows  int
	cells int64 // bytes of cells that were looked at
	bytes int64 // of text
	files *naming
}

func readXls(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	limits := in.Limits.WithDefaults()
	book, err := biff.Open(ctx, in.Bytes, in.Size, biff.Options{Passwords: in.Passwords, Strings: 4 * limits.TextBytes})
	switch {
	case errors.Is(err, biff.ErrEncrypted):
		return document.Unreadable(document.KindSheet, document.Encrypted, "it is encrypted, and no listed password opens it"), nil
	case errors.Is(err, biff.ErrNoBook):
		return document.Unreadable(document.KindSheet, document.Corrupt, "its list of sheets is lost"), nil
	case errors.Is(err, biff.ErrTooLarge):
		return document.Unreadable(document.KindSheet, document.TooLarge, "its workbook is too large to be read"), nil
	case err != nil:
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	limited := *in
	limited.Limits = limits
	doc := &document.Document{Kind: document.KindSheet, Read: document.Full, Fields: map[string]string{}}
	x := &xls{ctx: ctx, in: &limited, doc: doc, files: &naming{doc: doc}}
	x.about(book)
	if err := x.sheets(book); err != nil {
		return nil, err
	}
	if x.doc.Read == document.Partial && len(x.doc.Sections) == 0 {
		x.doc.Read = document.None
	}
	return x.doc, x.embedded(book, emit)
}

// about fills in what the workbook says about itself, and what was wrong with it.
func (x *xls) about(book *biff.Book) {
	doc := x.doc
	book.Props.Fill(doc)
	if book.Charset != "" {
		doc.Fields["charset"] = book.Charset
	}
	doc.Fields["biff"] = strconv.Itoa(book.Version)
	if book.Decrypted {
		doc.Warn("decrypted", "it was encrypted and opened with a known password")
	}
	if book.Damage.Salvaged {
		doc.Warn("salvaged", "its directory is damaged; the workbook was found by its own marks")
	}
	if book.Damage.Cut {
		doc.Lose(document.Partial, document.Truncated, "its end is lost; what was there was read")
	}
	if book.Damage.Lost > 0 {
		doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("%d sheets that it lists are not there", book.Damage.Lost))
	}
	if book.Damage.Strings {
		doc.Lose(document.Partial, document.TooLarge, "its strings are too long; only the first ones were read")
	}
}

// sheets reads all sheets in the workbook's order.
func (x *xls) sheets(book *biff.Book) error {
	var hidden []string
	for _, s := range book.Sheets {
		if s.State != biff.Visible {
			hidden = append(hidden, s.Name)
			x.doc.Warn("hidden-sheet", fmt.Sprintf("sheet %q is hidden in the workbook", s.Name))
		}
		more, err := x.sheet(s)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	for _, s := range book.Sheets {
		if x.bytes <= x.in.Limits.TextBytes {
			x.beside(s)
		}
		for _, l := range s.Links {
			x.files.link(place{s.Name, l.Row, l.Column}, l.To)
		}
	}
	x.files.finish()
	x.doc.Fields["sheets"] = strconv.Itoa(len(book.Sheets))
	x.doc.Fields["rows"] = strconv.Itoa(x.rows)
	if len(hidden) > 0 {
		x.doc.Fields["hidden_sheets"] = strings.Join(hidden, ", ")
	}
	return nil
}

// sheet reads the cells of one sheet. more is false when a limit is reached.
func (x *xls) sheet(s *biff.Sheet) (more bool, err error) {
	m := &merges{}
	for _, r := range s.Merges {
		m.all = append(m.all, merge{left: r.Left, top: r.Top, right: r.Right, bottom: r.Bottom})
	}
	m.sort()
	t := &table{heading: s.Name, merges: m, sheet: s.Name, files: x.files}
	if s.State != biff.Visible {
		t.heading += "（隐藏 hidden）"
	}
	t.emit = func(from, to int, heading, text string) {
		x.bytes += int64(len(text))
		x.doc.AddText(document.Position{Sheet: s.Name, Rows: &[2]int{from, to}}, heading, text)
	}
	defer t.finish()
	for n, cells := range s.Rows() {
		if x.rows&0xff == 0 && x.ctx.Err() != nil {
			return false, fmt.Errorf("read %q: %w", x.in.Name, x.ctx.Err())
		}
		if x.rows&0xff == 0 && x.in.Late() {
			x.doc.Lose(document.Partial, document.TimeLimit, fmt.Sprintf("only the first %d rows were read in time", x.rows))
			return false, nil
		}
		if x.rows++; x.rows > x.in.Limits.Rows {
			x.rows--
			x.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d rows were read", x.rows))
			return false, nil
		}
		for _, c := range cells {
			x.cells += int64(len(c)) + 1
		}
		t.add(row{n, cells})
		// The same long string may stand in every cell: a row's text is bounded, and
		// so is the work to get there.
		if x.bytes > x.in.Limits.TextBytes || x.cells > 16*x.in.Limits.TextBytes {
			x.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d rows were read: the text is too long", x.rows))
			return false, nil
		}
	}
	return true, nil
}

// beside adds what stands beside a sheet's cells.
func (x *xls) beside(s *biff.Sheet) {
	add := func(row int, heading, text string) {
		x.bytes += int64(len(text))
		x.doc.AddText(document.Position{Sheet: s.Name, Rows: &[2]int{row, row}}, heading, strings.TrimSpace(text))
	}
	for _, n := range s.Notes {
		text := n.Text
		if n.Author != "" && !strings.HasPrefix(text, n.Author) {
			text = n.Author + ": " + text
		}
		add(n.Row, "批注 Comment "+columnName(n.Column)+strconv.Itoa(n.Row), text)
	}
	add(1, "图形 Shapes", strings.Join(s.Shapes, "\n"))
	add(1, "图表 Chart", strings.Join(s.Chart, "\n"))
	add(1, "页眉页脚 Header and footer", strings.Join(nonEmpty(s.Header, s.Footer), "\n"))
}

func nonEmpty(list ...string) (out []string) {
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// columnName is A for 0.
func columnName(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// embedded hands out what is embedded in the workbook.
func (x *xls) embedded(book *biff.Book, emit func(*document.Child) error) error {
	if emit == nil {
		return nil
	}
	n := 0
	return book.Files(func(f biff.File) error {
		if err := x.ctx.Err(); err != nil {
			return fmt.Errorf("read %q: %w", x.in.Name, err)
		}
		if n++; n > x.in.Limits.Entries {
			x.doc.Lose(document.Partial, document.TooMany, "more files are embedded than may be")
			return nil
		}
		return emit(&document.Child{Step: f.Storage + "/" + f.Name, Name: f.Name, Ordinal: n, Size: int64(len(f.Data)), Content: bytes.NewReader(f.Data)})
	})
}
