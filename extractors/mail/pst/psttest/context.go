package psttest

import (
	"encoding/binary"
	"slices"
)

// Prop is a MAPI property: identifier in the upper half of the tag, type in the lower.
type Prop struct {
	Tag   uint32
	Value []byte
	Many  [][]byte // of a type with many values
}

// fixed is how long values of a type are; 0 says that it varies.
func fixed(tag uint32) int {
	switch tag & 0xFFFF {
	case 0x0002:
		return 2
	case 0x000B:
		return 1
	case 0x0003, 0x0004:
		return 4
	case 0x0014, 0x0040, 0x0005:
		return 8
	}
	return 0
}

// bytes is a property's value as it lies in a file.
func (p Prop) bytes() []byte {
	if p.Tag&0x1000 == 0 {
		return p.Value
	}
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(p.Many)))
	at := 4 + 4*len(p.Many)
	for _, v := range p.Many {
		out = binary.LittleEndian.AppendUint32(out, uint32(at))
		at += len(v)
	}
	for _, v := range p.Many {
		out = append(out, v...)
	}
	return out
}

// properties writes a property context on a heap, and gives its root.
func (h *heap) properties(props []Prop) uint32 {
	props = slices.Clone(props)
	slices.SortStableFunc(props, func(a, b Prop) int { return int(a.Tag>>16) - int(b.Tag>>16) })
	var records [][]byte
	for _, p := range props {
		r := binary.LittleEndian.AppendUint16(nil, uint16(p.Tag>>16))
		r = binary.LittleEndian.AppendUint16(r, uint16(p.Tag))
		if n := fixed(p.Tag); n > 0 && n <= 4 && p.Tag&0x1000 == 0 {
			r = append(r, append(slices.Clone(p.Value), 0, 0, 0, 0)[:4]...)
		} else {
			r = binary.LittleEndian.AppendUint32(r, h.value(p.bytes()))
		}
		records = append(records, r)
	}
	return h.tree(2, 6, records)
}

// row is one of a table.
type row struct {
	id    uint32
	props []Prop
}

// table writes a table context with the columns that its rows have, and those named.
func (f *file) table(columns []uint32, rows []row) (data, subs uint64) {
	h := f.newHeap(0x7C)
	columns = append(slices.Clone(columns), 0x67F20003, 0x67F30003)
	for _, r := range rows {
		for _, p := range r.props {
			columns = append(columns, p.Tag)
		}
	}
	slices.Sort(columns)
	columns = slices.Compact(columns)
	width := func(tag uint32) int {
		if n := fixed(tag); n > 0 {
			return n
		}
		return 4
	}
	at := map[uint32]int{0x67F20003: 0, 0x67F30003: 4}
	bit := map[uint32]int{0x67F20003: 0, 0x67F30003: 1}
	end := 8
	var groups [4]int
	for g, widths := range [][]int{{8, 4}, {2}, {1}} {
		for _, c := range columns {
			if _, ok := at[c]; !ok && slices.Contains(widths, width(c)) {
				at[c], bit[c] = end, len(bit)
				end += width(c)
			}
		}
		groups[g] = end
	}
	total := end + (len(columns)+7)/8
	groups[3] = total

	var matrix [][]byte
	var index [][]byte
	slices.SortFunc(rows, func(a, b row) int { return int(int64(a.id) - int64(b.id)) })
	for i, r := range rows {
		b := make([]byte, total)
		props := append(slices.Clone(r.props), Prop{Tag: 0x67F20003, Value: le32(r.id)}, Prop{Tag: 0x67F30003, Value: le32(uint32(i + 1))})
		for _, p := range props {
			if n := fixed(p.Tag); n > 0 {
				copy(b[at[p.Tag]:at[p.Tag]+n], p.Value)
			} else {
				binary.LittleEndian.PutUint32(b[at[p.Tag]:], h.value(p.bytes()))
			}
			b[end+bit[p.Tag]/8] |= 0x80 >> (bit[p.Tag] % 8)
		}
		matrix = append(matrix, b)
		e := le32(r.id)
		if f.wide {
			e = append(e, le32(uint32(i))...)
		} else {
			e = binary.LittleEndian.AppendUint16(e, uint16(i))
		}
		index = append(index, e)
	}
	value := 2
	if f.wide {
		value = 4
	}
	tree := h.tree(4, value, index)
	rowsRef := uint32(0)
	if all := slices.Concat(matrix...); len(all) > maxPiece {
		var parts [][]byte
		for some := range slices.Chunk(matrix, f.capacity()/total) {
			part := slices.Concat(some...)
			if len(some) == f.capacity()/total { // all but the last block are full
				part = append(part, make([]byte, f.capacity()-len(part))...)
			}
			parts = append(parts, part)
		}
		rowsRef = h.node(sub{data: f.parts(parts)}, 0x1F)
	} else if len(all) > 0 {
		rowsRef = h.add(all)
	}
	info := []byte{0x7C, byte(len(columns))}
	for _, g := range groups {
		info = binary.LittleEndian.AppendUint16(info, uint16(g))
	}
	info = append(info, le32(tree)...)
	info = append(info, le32(rowsRef)...)
	info = append(info, 0, 0, 0, 0)
	for _, c := range columns {
		info = append(info, le32(c)...)
		info = binary.LittleEndian.AppendUint16(info, uint16(at[c]))
		info = append(info, byte(width(c)), byte(bit[c]))
	}
	return h.finish(h.add(info))
}

func le32(v uint32) []byte { return binary.LittleEndian.AppendUint32(nil, v) }
