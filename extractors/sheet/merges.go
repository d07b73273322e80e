package sheet

import "sort"

// maxMerges bounds the merged cells of one sheet.
const maxMerges = 200_000

// maxOpen bounds the ranges that one row may lie in. True ones never overlap, so
// that there are fewer than columns; 200,000 over all rows would take minutes.
const maxOpen = 1 << 10

// merge is a merged range, 0-based columns, 1-based rows.
type merge struct {
	left, top, right, bottom int
	value                    string
}

// merges gives the rows of a stream what merged cells show in them. The file
// holds the value only in the first cell.
type merges struct {
	all  []merge // by top
	next int
	open []*merge // ranges that the current row lies in
}

// newMerges reads references such as B2:D5; bad ones are left out.
func newMerges(refs []string) *merges {
	m := &merges{}
	for _, ref := range refs {
		for i := range len(ref) {
			if ref[i] != ':' {
				continue
			}
			left, top, ok1 := cellAt(ref[:i])
			right, bottom, ok2 := cellAt(ref[i+1:])
			if ok1 && ok2 && left <= right && top <= bottom {
				m.all = append(m.all, merge{left: left, top: top, right: right, bottom: bottom})
			}
			break
		}
	}
	m.sort()
	return m
}

// sort brings the ranges into the order of their first rows.
func (m *merges) sort() {
	sort.SliceStable(m.all, func(i, j int) bool { return m.all[i].top < m.all[j].top })
}

// down fills a cell that a range from above covers, so that each row names its
// customer. Only a range's first column is filled: a title over ten columns is
// said once.
func (m *merges) down(r *row) {
	for m.next < len(m.all) && m.all[m.next].top <= r.n {
		if len(m.open) < maxOpen {
			m.open = append(m.open, &m.all[m.next])
		}
		m.next++
	}
	kept := m.open[:0]
	for _, g := range m.open {
		if g.bottom < r.n {
			continue
		}
		kept = append(kept, g)
		if r.n == g.top {
			if g.left < len(r.cells) {
				g.value = r.cells[g.left]
			}
			continue
		}
		if g.value == "" {
			continue
		}
		// A row that holds nothing else stays blank.
		if g.left < len(r.cells) && r.cells[g.left] == "" && !r.blank() {
			r.cells[g.left] = g.value
		}
	}
	m.open = kept
}

// across is a header's row with the merged ranges of that row filled to their
// right ends.
func (m *merges) across(r row) []string {
	cells := append([]string(nil), r.cells...)
	if m == nil {
		return cells
	}
	for _, g := range m.at(r.n) {
		if g.left >= len(cells) {
			continue
		}
		for c := g.left + 1; c <= g.right && c < g.left+256; c++ {
			for len(cells) <= c {
				cells = append(cells, "")
			}
			if cells[c] == "" {
				cells[c] = cells[g.left]
			}
		}
	}
	return cells
}

// spans says whether a range goes over several columns in a row.
func (m *merges) spans(r row) bool {
	if m == nil {
		return false
	}
	for _, g := range m.at(r.n) {
		if g.right > g.left && g.top == g.bottom {
			return true
		}
	}
	return false
}

// at are the ranges that begin in a row.
func (m *merges) at(n int) []merge {
	from := sort.Search(len(m.all), func(i int) bool { return m.all[i].top >= n })
	to := sort.Search(len(m.all), func(i int) bool { return m.all[i].top > n })
	return m.all[from:to]
}

// cellAt reads a cell's name such as B7 or $B$7: its column from 0, its row from 1.
func cellAt(name string) (column, row int, ok bool) {
	for _, c := range []byte(name) {
		switch {
		case c >= 'a' && c <= 'z' && row == 0 && column <= maxColumns:
			column = column*26 + int(c-'a') + 1
		case c >= 'A' && c <= 'Z' && row == 0 && column <= maxColumns:
			column = column*26 + int(c-'A') + 1
		case c >= '0' && c <= '9' && row <= maxRows:
			row = row*10 + int(c-'0')
		case c == '$':
		default:
			return 0, 0, false
		}
	}
	return column - 1, row, column > 0 && column <= maxColumns && row > 0 && row <= maxRows
}
