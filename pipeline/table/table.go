// Package table writes tables for other programs: CSV that Excel opens rightly
// and that cannot make it compute anything.
package table

import (
	"encoding/csv"
	"io"
	"strings"
)

// bom makes Excel read a file as UTF-8; without it Chinese becomes noise.
const bom = "\uFEFF"

// CSV writes rows. It is used by one goroutine.
type CSV struct {
	w    *csv.Writer
	safe []string
}

// NewCSV begins a table with its head.
func NewCSV(w io.Writer, head ...string) (*CSV, error) {
	if _, err := io.WriteString(w, bom); err != nil {
		return nil, err
	}
	c := &CSV{w: csv.NewWriter(w)}
	c.w.UseCRLF = true // RFC 4180
	return c, c.Row(head...)
}

// Row writes a row, each cell made harmless.
func (c *CSV) Row(cells ...string) error {
	c.safe = c.safe[:0]
	for _, cell := range cells {
		c.safe = append(c.safe, Harmless(cell))
	}
	return c.w.Write(c.safe)
}

// Flush writes out what is held back.
func (c *CSV) Flush() error {
	c.w.Flush()
	return c.w.Error()
}

// Harmless makes a cell that no spreadsheet takes for a formula: an apostrophe
// stands before = + - @ where a cell begins with it. A spreadsheet may also cut
// a line at other signs than we did (Excel at semicolons, where commas are
// decimal signs), so the apostrophe stands after separators within the cell too,
// and a cell is one line. Programs that want the exact text take JSON.
func Harmless(cell string) string {
	if !strings.ContainsAny(cell, "=+-@\t\r\n\x00＝＋－＠") {
		return cell
	}
	var b strings.Builder
	start := true // a cell may begin here
	for _, r := range cell {
		switch r {
		case '\r', '\n', '\t':
			r, start = ' ', true
		case 0:
			continue
		case ',', ';', '"', '\'', ' ', '|':
			start = start || r == ',' || r == ';' || r == '|'
		case '=', '+', '-', '@', '＝', '＋', '－', '＠': // full-width signs begin formulas in Excel for Chinese and Japanese
			if start {
				b.WriteByte('\'')
			}
			start = false
		default:
			start = false
		}
		b.WriteRune(r)
	}
	return b.String()
}
