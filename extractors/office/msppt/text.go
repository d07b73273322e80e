package msppt

import (
	"slices"
	"strings"
	"unicode/utf16"
)

// Sorts of text ([MS-PPT] 2.13.33).
const (
	textTitle       = 0
	textNotes       = 2
	textCenterTitle = 6
)

// block is the text of one shape.
type block struct {
	sort int
	text string
}

// lines are the paragraphs of a block, without empty ones.
func (b block) lines() (out []string) {
	for l := range strings.SplitSeq(b.text, "\n") {
		if strings.TrimSpace(l) != "" {
			out = append(out, strings.TrimRight(l, " \t"))
		}
	}
	return out
}

// texts gathers blocks from the records that make them up, which follow each
// other: the head, the characters, and marks that stand for fields.
type texts struct {
	r      *reader
	blocks []block
	units  []uint16
	sort   int
	open   bool
}

// take takes a record; it says whether the record belonged to a text.
func (t *texts) take(rec record) bool {
	switch rec.kind {
	case rtTextHeader:
		t.close()
		t.sort, t.open = int(u32(rec.body, 0)), true
	case rtTextChars:
		t.open = true
		n := min(len(rec.body)/2, t.r.left)
		for i := range n {
			t.units = append(t.units, uint16(u16(rec.body, 2*i))) //nolint:gosec // a word
		}
		t.r.spend(len(rec.body) / 2)
	case rtTextBytes:
		// 2.9.43: the low bytes of characters whose high byte is zero.
		t.open = true
		n := min(len(rec.body), t.r.left)
		for _, c := range rec.body[:n] {
			t.units = append(t.units, uint16(c))
		}
		t.r.spend(len(rec.body))
	case rtSlideNumber, rtDateTime, rtGenericDate, rtHeaderMark, rtFooterMark, rtRTFDate:
		// The text holds a star in the place of a field's value.
		if at := int(u32(rec.body, 0)); at < len(t.units) && t.units[at] == '*' {
			t.units[at] = 0
		}
	default:
		return false
	}
	return true
}

// close ends a block.
func (t *texts) close() {
	if t.open {
		t.blocks = append(t.blocks, block{t.sort, plain(t.units)})
	}
	t.units, t.open, t.sort = nil, false, 4
}

// spend counts characters; behind the limit no more are read.
func (r *reader) spend(n int) {
	if r.left -= n; r.left <= 0 {
		r.left = 0
		r.out.TooLong = true
	}
}

// plain makes text of characters: paragraphs and breaks are lines.
func plain(units []uint16) string {
	var b strings.Builder
	for _, c := range utf16.Decode(units) {
		switch {
		case c == '\r', c == 0x0b:
			b.WriteByte('\n')
		case c == '\t':
			b.WriteByte('\t')
		case c < ' ', c == 0xfffe, c == 0xffff, c >= 0xf000 && c <= 0xf0ff:
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// str is the text of a string atom.
func str(rec record) string {
	var units []uint16
	for i := 0; i+2 <= len(rec.body) && i < 1<<16; i += 2 {
		units = append(units, uint16(u16(rec.body, i))) //nolint:gosec // a word
	}
	return strings.TrimSpace(plain(units))
}

// row is a cell's place in a table.
type cell struct {
	left, top int32
	text      string
}

// rows puts the cells of a table into lines, by their places.
func rows(cells []cell) (out []string) {
	slices.SortStableFunc(cells, func(a, b cell) int {
		if a.top != b.top {
			return int(a.top) - int(b.top)
		}
		return int(a.left) - int(b.left)
	})
	for i := 0; i < len(cells); {
		var row []string
		top := cells[i].top
		for ; i < len(cells) && cells[i].top == top; i++ {
			row = append(row, strings.Join(strings.Fields(cells[i].text), " "))
		}
		if line := strings.TrimRight(strings.Join(row, "\t"), "\t"); strings.TrimSpace(line) != "" {
			out = append(out, line)
		}
	}
	return out
}
