package pst

import "encoding/binary"

// maxRecords bounds one tree on a heap: rows of a folder's table.
const maxRecords = 4_000_000

// records goes through a tree on the heap ([MS-PST] 2.3.2) and gives each record's
// key and value. It returns false when a part of the tree is lost.
func (h *heap) records(root uint32, key, value int, fn func(key, value []byte) bool) bool {
	head := h.item(root)
	if len(head) < 8 || head[0] != treeMark || int(head[1]) != key || value > 0 && int(head[2]) != value || head[3] > maxLevels {
		return false
	}
	top := binary.LittleEndian.Uint32(head[4:])
	if top == 0 {
		return true
	}
	w := &recordWalk{h: h, key: key, value: int(head[2]), fn: fn, left: maxRecords}
	w.level(top, int(head[3]))
	return !w.lost
}

// recordWalk is one pass over such a tree.
type recordWalk struct {
	h          *heap
	key, value int
	fn         func(key, value []byte) bool
	left       int // records and pieces that may still come: a tree of circles ends
	lost       bool
}

func (w *recordWalk) level(id uint32, depth int) bool {
	data := w.h.item(id)
	if w.left--; data == nil || w.left < 0 {
		w.lost = true
		return w.left >= 0
	}
	width := w.key + w.value
	if depth > 0 {
		width = w.key + 4
	}
	for at := 0; at+width <= len(data); at += width {
		if w.left--; w.left < 0 {
			w.lost = true
			return false
		}
		if depth > 0 {
			if !w.level(binary.LittleEndian.Uint32(data[at+w.key:]), depth-1) {
				return false
			}
			continue
		}
		if !w.fn(data[at:at+w.key:at+w.key], data[at+w.key:at+width:at+width]) {
			return false
		}
	}
	return true
}
