package sheet

import (
	"context"
	"fmt"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/odf"
)

// Ods reads OpenDocument spreadsheets: .ods, .ots, and flat .fods.
var Ods = document.Format{
	Name: "ods", Version: 2, Kind: document.KindSheet, MediaType: "application/vnd.oasis.opendocument.spreadsheet",
	Detect: func(in *document.Input) bool { return odf.Kind(in) == odf.KindSheet },
	Read:   readOds,
}

func readOds(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	x := newReading(ctx, in)
	p, ok := odf.Open(x.in, x.doc)
	if !ok {
		return x.doc, nil
	}
	r, limit, err := p.Part(odf.Content)
	if err != nil || r == nil {
		return document.Unreadable(document.KindSheet, document.Corrupt, "its content is lost"), nil
	}
	defer r.Close()
	w := &odsWalk{reading: x, m: newMarkup(r, limit), hiding: map[string]bool{}}
	err = w.walk()
	w.endSheet()
	if _, err := x.ended(err, "content", x.rows > 0); err != nil {
		return nil, err
	}
	if len(w.names) > 0 {
		x.doc.AddText(document.Position{Part: "names"}, "定义名称 Defined names", strings.Join(w.names, "\n"))
	}
	x.finish(w.sheets)
	return x.doc, nil
}

// odsWalk reads the tables of content.xml (ODF 1.3 part 3, 9.1).
type odsWalk struct {
	*reading
	m      *markup
	tokens int
	sheets int
	names  []string

	style  string // being read
	hiding map[string]bool

	sheet string
	t     *table
	deep  int // tables within cells
	row   int
	again int // how often the row stands there
	cells []string
	blank int // empty cells that may follow

	cell     strings.Builder
	repeat   int
	value    string // where the cell shows no text
	lines    int
	span     [2]int
	within   bool // a paragraph is open
	note     *strings.Builder
	by       strings.Builder
	creating bool
	shapes   *strings.Builder
	comments []document.Section
	skipping int
}

func (w *odsWalk) walk() error {
	for {
		k, err := w.m.next()
		if w.tokens++; err == nil && w.tokens&0xfff == 0 {
			err = w.ctx.Err()
		}
		if err != nil || k == ended {
			return err
		}
		switch k { //nolint:exhaustive // ended is taken above
		case opening:
			if w.skipping > 0 {
				w.skipping++
				continue
			}
			w.start()
		case lone:
			if w.skipping == 0 {
				if err := w.alone(); err != nil {
					return err
				}
			}
		case closing:
			if w.skipping > 0 {
				w.skipping--
				continue
			}
			if err := w.end(); err != nil {
				return err
			}
		case words:
			if w.skipping == 0 {
				w.text(string(w.m.add(nil)))
			}
		}
	}
}

// text goes where text is being gathered.
func (w *odsWalk) text(s string) {
	switch {
	case w.creating:
		w.by.WriteString(s)
	case !w.within:
	case w.note != nil:
		w.note.WriteString(s)
	case w.shapes != nil:
		w.shapes.WriteString(s)
	case w.cell.Len() < maxCell:
		w.cell.WriteString(s)
	}
}

// alone takes an element without content.
func (w *odsWalk) alone() error {
	switch string(w.m.name) {
	case "table-cell", "covered-table-cell", "table-row", "table":
		w.start()
		return w.end()
	case "s":
		w.text(strings.Repeat(" ", min(max(w.m.number("c", 1), 1), 1<<10)))
	case "tab", "line-break":
		w.text("\n")
	case "table-properties":
		w.start()
	case "named-range":
		if name := w.m.value("name"); name != "" && len(w.names) < maxNames {
			w.names = append(w.names, name+" = "+w.m.value("cell-range-address"))
		}
	}
	return nil
}

func (w *odsWalk) start() {
	m := w.m
	switch string(m.name) {
	case "style":
		w.style = m.value("name")
	case "table-properties":
		if string(m.attr("display")) == "false" && len(w.hiding) < maxStyles {
			w.hiding[w.style] = true
		}
	case "tracked-changes", "binary-data", "scripts":
		w.skipping = 1
	case "table":
		if w.t != nil {
			w.deep++
			return
		}
		w.sheets++
		w.sheet, w.row = m.value("name"), 0
		w.t = w.begin(w.sheet, w.hiding[m.value("style-name")], &merges{})
	case "table-row":
		if w.deep == 0 {
			w.cells, w.blank, w.again = nil, 0, max(m.number("number-rows-repeated", 1), 1)
		}
	case "table-cell", "covered-table-cell":
		if w.deep > 0 {
			return
		}
		w.cell.Reset()
		w.lines = 0
		w.repeat = max(m.number("number-columns-repeated", 1), 1)
		w.span = [2]int{m.number("number-columns-spanned", 1), m.number("number-rows-spanned", 1)}
		w.value = ""
		for _, name := range []string{"value", "date-value", "time-value", "boolean-value", "string-value"} {
			if v := m.attr(name); v != nil {
				w.value = string(unescape(nil, v))
				break
			}
		}
	case "a":
		if to := m.attr("href"); to != nil && w.t != nil && w.note == nil && w.shapes == nil && w.deep == 0 {
			w.files.link(place{w.sheet, w.row + 1, min(len(w.cells)+w.blank, maxColumns)}, string(unescape(nil, to)))
		}
	case "annotation":
		w.note = &strings.Builder{}
		w.by.Reset()
	case "creator":
		w.creating = w.note != nil
	case "shapes":
		w.shapes = &strings.Builder{}
	case "p", "h":
		w.within = true
		if w.note == nil && w.shapes == nil {
			if w.lines++; w.lines > 1 {
				w.cell.WriteByte('\n')
			}
		}
	}
}

func (w *odsWalk) end() error {
	switch string(w.m.name) {
	case "table":
		if w.deep > 0 {
			w.deep--
			return nil
		}
		w.endSheet()
	case "table-row":
		if w.deep == 0 && w.t != nil {
			return w.endRow()
		}
	case "table-cell", "covered-table-cell":
		if w.deep == 0 && w.t != nil {
			w.endCell()
		}
	case "annotation":
		w.endNote()
	case "creator":
		w.creating = false
	case "shapes":
		if w.shapes != nil && w.t != nil {
			w.comments = append(w.comments, document.Section{Position: document.Position{Sheet: w.sheet, Rows: &[2]int{1, 1}}, Heading: "图形 Shapes", Text: strings.TrimSpace(w.shapes.String())})
		}
		w.shapes = nil
	case "p", "h":
		if w.within = false; w.note != nil {
			w.note.WriteByte('\n')
		} else if w.shapes != nil {
			w.shapes.WriteByte('\n')
		}
	}
	return nil
}

// endCell puts the cell into its row as often as it stands there. Empty cells
// wait until something follows: most sheets end their rows with a thousand.
func (w *odsWalk) endCell() {
	shown := w.cell.String()
	if strings.TrimSpace(shown) == "" {
		shown = w.value
	}
	if shown == "" {
		w.blank = min(w.blank+w.repeat, maxColumns)
		return
	}
	for ; w.blank > 0 && len(w.cells) < maxColumns; w.blank-- {
		w.cells = append(w.cells, "")
	}
	w.blank = 0
	column := len(w.cells)
	for i := 0; i < w.repeat && len(w.cells) < maxColumns; i++ {
		w.cells = append(w.cells, shown)
	}
	if (w.span[0] > 1 || w.span[1] > 1) && w.repeat == 1 && len(w.t.merges.all) < maxMerges {
		w.t.merges.all = append(w.t.merges.all, merge{left: column, top: w.row + 1,
			right: column + min(max(w.span[0], 1), maxColumns) - 1, bottom: w.row + min(max(w.span[1], 1), maxRows)})
	}
}

// endRow hands a row on as often as it stands there.
func (w *odsWalk) endRow() error {
	from := w.row
	w.row = min(w.row+w.again, maxRows)
	if len(w.cells) == 0 {
		return nil
	}
	for n := from + 1; n <= w.row; n++ {
		if err := w.reading.row(w.t, n, append([]string(nil), w.cells...)); err != nil {
			return err
		}
	}
	return nil
}

func (w *odsWalk) endNote() {
	if w.note == nil {
		return
	}
	text, by := strings.TrimSpace(w.note.String()), strings.TrimSpace(w.by.String())
	w.note, w.creating, w.within = nil, false, false
	if text == "" || w.t == nil {
		return
	}
	if by != "" {
		text = by + ": " + text
	}
	column := min(len(w.cells)+w.blank, maxColumns)
	w.comments = append(w.comments, document.Section{Position: document.Position{Sheet: w.sheet, Rows: &[2]int{w.row + 1, w.row + 1}},
		Heading: fmt.Sprintf("批注 Comment %s%d", columnName(column), w.row+1), Text: text})
}

// endSheet ends the cells of a sheet; what stands beside them follows.
func (w *odsWalk) endSheet() {
	if w.t == nil {
		return
	}
	w.t.finish()
	for _, c := range w.comments {
		w.bytes += int64(len(c.Text))
		w.doc.AddText(c.Position, c.Heading, c.Text)
	}
	w.t, w.comments, w.deep = nil, nil, 0
}
