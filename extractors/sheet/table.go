// Package sheet reads workbooks and separated values. A row becomes a line that
// names its columns (合同金额: 350,000; 客户: 华信), so that what is found
// can be understood without the sheet around it.
package sheet

import (
	"strings"
	"unicode/utf8"
)

// Bounds of one section. A section of 40 short rows reads well; one of long
// rows is cut by its text.
const (
	sectionRows  = 40
	sectionRunes = 1500
	ahead        = 12       // rows looked at before a header is decided on
	maxCell      = 64 << 10 // bytes kept of a row's text
)

// row is one row of a sheet: its number and its cells as shown.
type row struct {
	n     int
	cells []string
}

// blank says that nothing stands in the row.
func (r row) blank() bool {
	for _, c := range r.cells {
		if c != "" {
			return false
		}
	}
	return true
}

// filled counts the cells with something in them.
func (r row) filled() int {
	n := 0
	for _, c := range r.cells {
		if c != "" {
			n++
		}
	}
	return n
}

// table turns the rows of one sheet into sections. Rows come in order; an empty
// row ends a region, and each region may have a title and a header of its own.
type table struct {
	emit    func(from, to int, heading, text string)
	merges  *merges
	heading string // of sections without a title of their own
	sheet   string
	files   *naming // where the files go that rows name; nil: nowhere

	waiting []row // the beginning of a region, until its header is decided
	decided bool
	title   string
	names   []string // of the columns; nil: the region has no header
	former  []string // names of the region before
	holding []holding

	text     strings.Builder
	runes    int
	rows     int
	from, to int
	last     int // number of the last row that came
}

// holding is a column that names files.
type holding struct {
	column   int
	attached bool
}

// hold finds the columns that name files.
func (t *table) hold() {
	t.holding = nil
	for i, name := range t.names {
		if attached, files := ofFiles(name); files {
			t.holding = append(t.holding, holding{i, attached})
		}
	}
}

// named hands on the files that a row names: in the columns of such names, and where
// there are none behind the word itself, as forms have it.
func (t *table) named(r row) {
	if t.files == nil {
		return
	}
	for _, h := range t.holding {
		if h.column < len(r.cells) && r.cells[h.column] != "" {
			t.files.cell(place{t.sheet, r.n, h.column}, r.cells[h.column], h.attached)
		}
	}
	if len(t.holding) > 0 {
		return
	}
	for i, c := range r.cells {
		if c == "" {
			continue
		}
		if !attaches(c) {
			if t.names != nil {
				return // a short form looks like a table, but begins its rows so
			}
			continue
		}
		for j := i + 1; j < len(r.cells); j++ {
			if r.cells[j] != "" && r.cells[j] != c {
				t.files.cell(place{t.sheet, r.n, j}, r.cells[j], true)
				break
			}
		}
		break
	}
}

// add takes the next row. Blank rows may be left out by the caller: a gap in the
// numbers is one.
func (t *table) add(r row) {
	for i, c := range r.cells {
		r.cells[i] = oneLine(c)
	}
	if t.merges != nil {
		t.merges.down(&r)
	}
	if r.blank() {
		t.endRegion()
		return
	}
	if t.last > 0 && r.n > t.last+1 {
		t.endRegion()
	}
	t.last = r.n
	if !t.decided {
		if t.waiting = append(t.waiting, r); len(t.waiting) >= ahead {
			t.decide()
		}
		return
	}
	t.line(r)
}

// finish ends the sheet.
func (t *table) finish() { t.endRegion() }

func (t *table) endRegion() {
	if !t.decided {
		t.decide()
	}
	t.flush()
	if t.names != nil {
		t.former = t.names
	}
	t.decided, t.title, t.names, t.holding = false, "", nil, nil
}

// decide finds title and header among the waiting rows and writes them.
func (t *table) decide() {
	rows := t.waiting
	t.waiting, t.decided = nil, true
	for len(rows) > 0 && rows[0].filled() == 1 && len(rows) > 1 && (t.title == "" || rows[1].filled() > 1) {
		if title := strings.Join(rows[0].cells, ""); t.title == "" && utf8.RuneCountInString(title) <= 60 {
			t.title = title
		}
		t.write(rows[0].n, strings.Join(rows[0].cells, ""))
		rows = rows[1:]
	}
	names, used := header(rows, t.merges)
	for _, r := range rows[:used] {
		t.write(r.n, joined(r.cells))
	}
	if t.names = names; names == nil && t.title == "" && goesOn(rows, t.former) {
		t.names = t.former // a blank row in the middle of a table
	}
	t.hold()
	for _, r := range rows[used:] {
		t.line(r)
	}
}

// goesOn says whether rows without a header fit under the one before: every
// filled column has a name there, and half of the names are used.
func goesOn(rows []row, names []string) bool {
	for _, r := range rows {
		for i, c := range r.cells {
			if c != "" && (i >= len(names) || names[i] == "") {
				return false
			}
		}
	}
	return wide(rows...)*2 >= wide(row{cells: names})
}

// line writes a row of data.
func (t *table) line(r row) {
	t.named(r)
	if t.names == nil {
		t.write(r.n, joined(r.cells))
		return
	}
	var b strings.Builder
	for i, c := range r.cells {
		if c == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		if i < len(t.names) && t.names[i] != "" && t.names[i] != c {
			b.WriteString(t.names[i] + ": ")
		}
		b.WriteString(c)
		if b.Len() > maxCell {
			break
		}
	}
	t.write(r.n, b.String())
}

// joined writes a row without column names.
func joined(cells []string) string {
	var b strings.Builder
	for _, c := range cells {
		if c == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" | ")
		}
		b.WriteString(c)
		if b.Len() > maxCell {
			break
		}
	}
	return b.String()
}

func (t *table) write(n int, line string) {
	if line == "" {
		return
	}
	if len(line) > maxCell {
		line = strings.ToValidUTF8(line[:maxCell], "")
	}
	size := utf8.RuneCountInString(line)
	if t.rows > 0 && (t.rows >= sectionRows || t.runes+size > sectionRunes+sectionRunes/4) {
		t.flush()
	}
	if t.rows == 0 {
		t.from = n
	}
	t.to = n
	t.text.WriteString(line + "\n")
	t.rows++
	if t.runes += size; t.runes >= sectionRunes {
		t.flush()
	}
}

func (t *table) flush() {
	if t.rows > 0 {
		heading := t.heading
		if t.title != "" {
			heading = t.title
		}
		t.emit(t.from, t.to, heading, strings.Clone(t.text.String())) // a builder keeps up to twice the room
	}
	t.text.Reset()
	t.rows, t.runes = 0, 0
}

// oneLine folds the line breaks within a cell: a line is a row. No space comes
// between Chinese, or a word broken in a narrow cell could not be found.
func oneLine(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, "\r\n\t") {
		return s
	}
	var b strings.Builder
	var last rune
	for i, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		first, _ := utf8.DecodeRuneInString(part)
		if i > 0 && b.Len() > 0 && !(last >= 0x2e80 && first >= 0x2e80) {
			b.WriteByte(' ')
		}
		b.WriteString(part)
		last, _ = utf8.DecodeLastRuneInString(part)
	}
	return b.String()
}
