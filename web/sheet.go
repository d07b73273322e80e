package web

import (
	"html/template"
	"strings"

	"guidang/extractors/document"
)

// maxColumns bounds a table on a page; what is wider is shown as lines.
const maxColumns = 100

// grid is a section of a workbook as a table.
type grid struct {
	Names  []string
	Headed bool // the row of names is one of the rows
	Rows   []gridRow
}

// gridRow is one row of the sheet.
type gridRow struct {
	Number  int // in the sheet; 0: not known
	Anchors []string
	Head    bool
	Wide    template.HTML // a title: one cell over all columns
	Cells   []template.HTML
	raw     []string // what stands in them
}

// gridOf turns the lines of a section back into a table. Readers write a row as a
// line that names its columns (客户: 华信; 金额: 350,000), which is right for
// a search and hard to compare by eye. nil: the section is no rows, or wider
// than a page.
func gridOf(s *document.Section, v *sectionView, words []string) *grid {
	if s.Position.Rows == nil && s.Position.Line == 0 {
		return nil
	}
	for _, beside := range []string{"批注 ", "图形 ", "图表 ", "页眉页脚 ", "链接 "} { // what stands beside the rows
		if strings.HasPrefix(s.Heading, beside) {
			return nil
		}
	}
	var all strings.Builder
	for _, p := range v.Pieces {
		all.WriteString(p.raw)
	}
	shown := all.String()
	lines := strings.Split(strings.TrimRight(shown, "\n"), "\n")
	names := columnNames(lines)
	if len(names) == 0 && !strings.Contains(shown, " | ") || len(names) > maxColumns {
		return nil
	}
	g := &grid{Names: names}
	first := numbering(s, shown)
	column := map[string]int{}
	for i, n := range names {
		column[n] = i
	}
	at, piece := 0, 0
	for i, line := range lines {
		row := gridRow{}
		if first > 0 {
			row.Number = first + i
		}
		// A piece's anchors stand at the row in which it begins.
		for end := at + len(line) + 1; piece < len(v.Pieces); piece++ {
			if startOf(v.Pieces, piece) >= end {
				break
			}
			row.Anchors = append(row.Anchors, v.Pieces[piece].Anchors...)
		}
		at += len(line) + 1
		g.fill(&row, line, column, words)
		g.Headed = g.Headed || row.Head
		g.Rows = append(g.Rows, row)
	}
	return g
}

func startOf(pieces []piece, n int) int {
	at := 0
	for _, p := range pieces[:n] {
		at += len(p.raw)
	}
	return at
}

// numbering is the row of the sheet in which what is shown begins, where each
// line is one row.
func numbering(s *document.Section, shown string) int {
	if s.Position.Rows == nil || strings.Count(s.Text, "\n") != s.Position.Rows[1]-s.Position.Rows[0] {
		return 0
	}
	before := strings.Index(s.Text, strings.TrimRight(shown, "\n"))
	if before < 0 {
		return 0
	}
	return s.Position.Rows[0] + strings.Count(s.Text[:before], "\n")
}

// columnNames finds the names that lines give their values, in their order. A
// colon within a value makes a name too, but not in a third of the rows.
func columnNames(lines []string) []string {
	counts := map[string]int{}
	var order []string
	named := 0
	for _, l := range lines {
		got := false
		for chunk := range strings.SplitSeq(l, "; ") {
			name, _, ok := strings.Cut(chunk, ": ")
			if !ok || name == "" || len(name) > 160 {
				continue
			}
			if counts[name]++; counts[name] == 1 {
				order = append(order, name)
			}
			got = true
		}
		if got {
			named++
		}
	}
	kept := map[string]bool{}
	for _, n := range order {
		if counts[n]*3 >= named {
			kept[n] = true
		}
	}
	// Where the header's own row is shown, it has all of them in their order.
	for _, l := range lines {
		cells := strings.Split(l, " | ")
		if len(cells) < 2 {
			continue
		}
		found := 0
		for _, c := range cells {
			if kept[c] || counts[c] > 0 {
				found++
			}
		}
		if found*2 > len(cells) && found >= len(kept)/2 {
			out := cells
			has := map[string]bool{}
			for _, c := range cells {
				has[c] = true
			}
			for _, n := range order {
				if counts[n]*2 > named && !has[n] {
					out = append(out, n)
				}
			}
			return out
		}
	}
	var out []string
	for _, n := range order {
		if kept[n] {
			out = append(out, n)
		}
	}
	if named*2 < len(lines) {
		return nil // sentences with colons
	}
	return out
}

// fill puts a line into its cells.
func (g *grid) fill(row *gridRow, line string, column map[string]int, words []string) {
	if cells := strings.Split(line, " | "); len(cells) > 1 && !strings.Contains(cells[0], ": ") {
		row.Head = len(g.Names) > 0 && strings.Join(g.Names[:min(len(cells), len(g.Names))], " | ") == line
		for _, c := range cells[:min(len(cells), maxColumns)] {
			row.Cells, row.raw = append(row.Cells, highlighted(c, words)), append(row.raw, c)
		}
		return
	}
	values := make([]string, len(g.Names))
	last := -1
	for chunk := range strings.SplitSeq(line, "; ") {
		name, value, ok := strings.Cut(chunk, ": ")
		i, known := column[name]
		switch {
		case ok && known && i > last:
			values[i], last = value, i
		case last >= 0:
			values[last] += "; " + chunk
		default:
			row.Wide = highlighted(line, words)
			return
		}
	}
	row.raw = values
	for _, v := range values {
		row.Cells = append(row.Cells, highlighted(v, words))
	}
}
