package main

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns prints rows whose cells stand under each other also when they are
// Chinese: text/tabwriter counts characters, a terminal counts cells, and a
// Han character takes two.
type columns struct {
	indent string
	right  []bool // columns that end, not begin, at the same place
	rows   [][]string
}

func (c *columns) add(cells ...string) { c.rows = append(c.rows, cells) }

func (c *columns) String() string {
	var widths []int
	for _, row := range c.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], cells(cell))
		}
	}
	var b strings.Builder
	for _, row := range c.rows {
		var line strings.Builder
		line.WriteString(c.indent)
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-cells(cell))
			if i < len(c.right) && c.right[i] {
				line.WriteString(pad + cell)
			} else {
				line.WriteString(cell + pad)
			}
			if i < len(row)-1 {
				line.WriteString("  ")
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// cells is how many places of a terminal a text takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cut shortens a text to n places.
func cut(s string, n int) string {
	if n <= 0 || cells(s) <= n {
		return s
	}
	used := 0
	for i, r := range s {
		if used+runeCells(r) > n-1 {
			return s[:i] + "…"
		}
		used += runeCells(r)
	}
	return s
}

// visible makes text from archives safe for a terminal: no control characters,
// which could move the cursor or change what stands there, and no directions
// that turn a name around.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}

// visibleText is visible for text of several lines.
func visibleText(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = visible(strings.TrimSuffix(lines[i], "\r"))
	}
	return strings.Join(lines, "\n")
}

// grouped writes a number with commas between thousands.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// size writes a number of bytes as people read it.
func size(n int64) string {
	const unit = 1024
	if n < unit {
		return strconv.FormatInt(n, 10) + " B"
	}
	v, names := float64(n)/unit, []string{"KiB", "MiB", "GiB", "TiB", "PiB"}
	i := 0
	for v >= unit && i < len(names)-1 {
		v /= unit
		i++
	}
	precision := 1
	if v >= 100 {
		precision = 0
	}
	return strconv.FormatFloat(v, 'f', precision, 64) + " " + names[i]
}
