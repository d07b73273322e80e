package pst

import (
	"encoding/binary"

	"guidang/extractors/mail/outlook"
)

// column is one of a table's ([MS-PST] 2.3.4.2).
type column struct {
	tag   uint32
	at    int
	width int
	bit   int
}

// table is a table context ([MS-PST] 2.3.4): the recipients or attachments of an
// item, the folders or mails of a folder.
type table struct {
	h       *heap
	columns []column
	width   int // bytes of a row
	bitmap  int // where a row says which of its cells are there
	index   uint32
	rows    *stream // of a table that is too long for the heap
	inline  []byte
	perPart int
}

// table opens a heap as a table, nil when it is none.
func (h *heap) table() *table {
	info := h.item(h.root)
	if h.kind != ofTable || len(info) < 22 || info[0] != ofTable {
		return nil
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(info[at:])) }
	t := &table{h: h, bitmap: u16(6), width: u16(8), index: binary.LittleEndian.Uint32(info[10:])}
	for i := range int(info[1]) {
		at := 22 + 8*i
		if at+8 > len(info) {
			h.whole = false
			break
		}
		c := column{binary.LittleEndian.Uint32(info[at:]), u16(at + 4), int(info[at+6]), int(info[at+7])}
		if c.at+c.width <= t.bitmap {
			t.columns = append(t.columns, c)
		}
	}
	if t.width < 4 || t.bitmap > t.width {
		return nil
	}
	switch rows := binary.LittleEndian.Uint32(info[14:]); {
	case rows == 0:
	case rows&kindMask == 0:
		if t.inline = h.item(rows); t.inline == nil {
			h.whole = false
		}
	default:
		n, ok := h.subs[rows]
		if !ok {
			h.whole = false
			break
		}
		t.rows = h.s.stream(n.data)
		if len(t.rows.blocks) > 0 {
			// [MS-PST] 2.3.4.4.1: rows do not cross blocks, and all but the last block
			// hold equally many.
			t.perPart = max(int(t.rows.ends[0])/t.width, 1)
		}
	}
	return t
}

// row gives the bytes of a row by its number, or nil.
func (t *table) row(n uint32) []byte {
	if t.rows == nil {
		at := int64(n) * int64(t.width)
		if at+int64(t.width) > int64(len(t.inline)) {
			return nil
		}
		return t.inline[at : at+int64(t.width)]
	}
	if t.perPart == 0 {
		return nil
	}
	i, at := int64(n)/int64(t.perPart), int64(n)%int64(t.perPart)*int64(t.width)
	if i >= int64(len(t.rows.blocks)) {
		return nil
	}
	part := t.rows.part(int(i))
	if at+int64(t.width) > int64(len(part)) {
		return nil
	}
	return part[at : at+int64(t.width)]
}

// each goes through the rows in the order of their identifiers. fn gets nil for a
// row that is lost.
func (t *table) each(fn func(id uint32, row []byte) bool) (whole bool) {
	width := 2
	if t.h.s.wide {
		width = 4
	}
	return t.h.records(t.index, 4, 0, func(key, value []byte) bool {
		var n uint32
		switch {
		case len(value) >= 4 && width == 4:
			n = binary.LittleEndian.Uint32(value)
		case len(value) >= 2:
			n = uint32(binary.LittleEndian.Uint16(value))
		}
		return fn(binary.LittleEndian.Uint32(key), t.row(n))
	})
}

// cells reads a row as properties.
func (t *table) cells(row []byte) (p outlook.Properties, whole bool) {
	p, whole = outlook.NewProperties(), true
	for _, c := range t.columns {
		if at := t.bitmap + c.bit/8; at >= len(row) || row[at]&(0x80>>(c.bit%8)) == 0 {
			continue
		}
		cell, kind := row[c.at:c.at+c.width], uint16(c.tag) //nolint:gosec // the lower half is meant
		if n := fixedWidth(kind); n > 0 && n <= 8 {
			// QUIRK: [MS-PST] 2.3.4.2: a cell is as wide as its type; flags have one byte.
			value := make([]byte, 8)
			copy(value, cell)
			p.One[c.tag] = value[:n]
			continue
		}
		if c.width != 4 {
			continue
		}
		data, ok := t.h.value(binary.LittleEndian.Uint32(cell), maxOther)
		if !ok {
			whole = false
		}
		switch {
		case data == nil:
		case kind&ptMany != 0:
			p.Many[c.tag], _ = many(data, kind&^ptMany)
		default:
			p.One[c.tag] = data
		}
	}
	return p, whole
}
