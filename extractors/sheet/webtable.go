package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"guidang/extractors/document"
	"guidang/extractors/html"
)

// HTML reads pages under the name of a workbook: what issue trackers, approval
// systems and old web programs call an export to Excel. Their tables are sheets.
var HTML = document.Format{
	Name: "html-table", Version: 2, Kind: document.KindSheet, MediaType: "application/vnd.ms-excel",
	Detect: func(in *document.Input) bool {
		switch in.Ext() {
		case ".xls", ".xlsx", ".xlt", ".et":
			return html.HTML.Detect(in)
		}
		return false
	},
	Read: readHTML,
}

// maxHTML bounds such a file in memory.
const maxHTML = 128 << 20

func readHTML(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	data, whole, err := in.All(maxHTML)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	x := newReading(ctx, in)
	if !whole {
		x.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d bytes were read", len(data)))
	}
	text, used, lossy := html.Decode(data, "")
	x.doc.Fields["charset"] = used
	if lossy {
		x.doc.Warn("undecodable", "some bytes mean nothing in "+used)
	}
	w := &webWalk{reading: x}
	err = w.walk(text)
	if _, err := x.ended(err, "page", true); err != nil {
		return nil, err
	}
	if w.tables == 0 {
		return html.HTML.Read(ctx, in, emit) // a page after all
	}
	x.doc.Title = strings.Join(strings.Fields(w.title.String()), " ")
	x.finish(w.tables)
	return x.doc, nil
}

// webWalk turns the outer tables of a page into sheets. A table within a cell is
// that cell's text.
type webWalk struct {
	*reading
	tables int
	t      *table
	deep   int
	row    int
	cells  []string
	hang   map[int]int // rows that a cell above still covers, by column

	cell   strings.Builder
	open   bool
	span   [2]int
	title  strings.Builder
	titled bool
	hidden atom.Atom // style or script
	to     string    // where a link in the cell leads
}

func (w *webWalk) walk(page string) error {
	z := nethtml.NewTokenizer(bytes.NewReader([]byte(page)))
	z.SetMaxBuf(16 << 20)
	for n := 0; ; n++ {
		if n&0xfff == 0 && w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		switch z.Next() {
		case nethtml.ErrorToken:
			err := w.endTable()
			if !errors.Is(z.Err(), io.EOF) {
				return z.Err()
			}
			return err
		case nethtml.TextToken:
			w.text(string(z.Text()))
		case nethtml.StartTagToken:
			if err := w.start(z.Token()); err != nil {
				return err
			}
		case nethtml.SelfClosingTagToken:
			if t := z.Token(); t.DataAtom == atom.Br && w.open {
				w.cell.WriteByte('\n')
			}
		case nethtml.EndTagToken:
			if err := w.end(z.Token().DataAtom); err != nil {
				return err
			}
		}
	}
}

func (w *webWalk) text(s string) {
	switch {
	case w.hidden != 0:
	case w.titled:
		w.title.WriteString(s)
	case w.open && w.cell.Len() < maxCell:
		// Line breaks of the source are spaces; those of the page are br.
		w.cell.WriteString(strings.NewReplacer("\n", " ", "\r", "", "\u00a0", " ").Replace(s))
	}
}

func (w *webWalk) start(t nethtml.Token) error {
	switch t.DataAtom {
	case atom.Style, atom.Script:
		w.hidden = t.DataAtom
	case atom.Title:
		w.titled = true
	case atom.Br, atom.P, atom.Div, atom.Li:
		if w.open && w.cell.Len() > 0 {
			w.cell.WriteByte('\n')
		}
	case atom.A:
		for _, a := range t.Attr {
			if a.Key == "href" && w.open && w.to == "" && !strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
				w.to = a.Val
			}
		}
	case atom.Table:
		if w.t != nil {
			w.deep++
			return nil
		}
		w.tables++
		name := fmt.Sprintf("表 %d", w.tables)
		w.row, w.hang = 0, map[int]int{}
		w.t = w.begin(name, false, &merges{})
	case atom.Tr:
		if w.t != nil && w.deep == 0 {
			return w.endRow()
		}
	case atom.Td, atom.Th:
		if w.t == nil || w.deep > 0 {
			return nil
		}
		w.endCell()
		w.open, w.span = true, [2]int{1, 1}
		for _, a := range t.Attr {
			n, err := strconv.Atoi(strings.TrimSpace(a.Val))
			switch {
			case err != nil || n < 1:
			case a.Key == "colspan":
				w.span[0] = min(n, maxColumns)
			case a.Key == "rowspan":
				w.span[1] = min(n, maxRows)
			}
		}
	}
	return nil
}

func (w *webWalk) end(a atom.Atom) error {
	switch a {
	case w.hidden:
		w.hidden = 0
	case atom.Title:
		w.titled = false
	case atom.Table:
		if w.deep > 0 {
			w.deep--
			return nil
		}
		return w.endTable()
	case atom.Tr:
		if w.deep == 0 {
			return w.endRow()
		}
	case atom.Td, atom.Th:
		if w.deep == 0 {
			w.endCell()
		}
	}
	return nil
}

// endCell puts the cell into its row, behind what hangs down from above.
func (w *webWalk) endCell() {
	if !w.open || w.t == nil {
		return
	}
	w.open = false
	for w.hang[len(w.cells)] > 0 && len(w.cells) < maxColumns {
		w.cells = append(w.cells, "")
	}
	column := len(w.cells)
	if column >= maxColumns {
		w.cell.Reset()
		return
	}
	shown := strings.TrimSpace(w.cell.String())
	w.cell.Reset()
	if w.to != "" {
		w.files.link(place{w.t.sheet, w.row + 1, column}, w.to)
		w.to = ""
	}
	w.cells = append(w.cells, shown)
	for i := 1; i < w.span[0] && len(w.cells) < maxColumns; i++ {
		w.cells = append(w.cells, "")
	}
	if w.span[1] > 1 {
		for i := column; i < len(w.cells); i++ {
			w.hang[i] = w.span[1]
		}
	}
	if (w.span[0] > 1 || w.span[1] > 1) && len(w.t.merges.all) < maxMerges {
		w.t.merges.all = append(w.t.merges.all, merge{left: column, top: w.row + 1, right: column + w.span[0] - 1, bottom: min(w.row+w.span[1], maxRows)})
	}
}

func (w *webWalk) endRow() error {
	w.endCell()
	if w.t == nil || len(w.cells) == 0 || w.row >= maxRows {
		return nil
	}
	w.row++
	cells := w.cells
	w.cells = nil
	for c, n := range w.hang {
		if n <= 1 {
			delete(w.hang, c)
		} else {
			w.hang[c] = n - 1
		}
	}
	return w.reading.row(w.t, w.row, cells)
}

func (w *webWalk) endTable() error {
	if w.t == nil {
		return nil
	}
	err := w.endRow()
	w.t.finish()
	w.t, w.deep = nil, 0
	return err
}
