package psttest

import (
	"encoding/binary"
	"slices"
)

// maxPiece is the longest piece of a heap ([MS-PST] 2.3.1.1).
const maxPiece = 3580

// heap is a heap that is being written, with the sub-nodes of its long values.
type heap struct {
	f      *file
	kind   byte
	blocks [][][]byte
	used   int // bytes of the last block
	sub    []sub
	next   uint32
}

func (f *file) newHeap(kind byte) *heap { return &heap{f: f, kind: kind} }

// head is how many bytes a block's own head has.
func head(block int) int {
	switch {
	case block == 0:
		return 12
	case block == 8, block > 8 && (block-8)%128 == 0:
		return 66
	}
	return 2
}

// add puts a piece into the heap and gives its reference.
func (h *heap) add(piece []byte) uint32 {
	shift, most := 16, 2000
	if h.f.page == 4096 {
		shift = 19
	}
	last := len(h.blocks) - 1
	if last < 0 || h.used+len(piece)+2 > h.f.capacity()-8 || len(h.blocks[last]) >= most {
		h.blocks = append(h.blocks, nil)
		last++
		h.used = head(last) + 4 + 2
	}
	h.blocks[last] = append(h.blocks[last], piece)
	h.used += len(piece) + 2
	return uint32(last)<<shift | uint32(len(h.blocks[last]))<<5
}

// value puts a value wherever it has room.
func (h *heap) value(v []byte) uint32 {
	if len(v) == 0 {
		return 0
	}
	if len(v) <= maxPiece {
		return h.add(v)
	}
	return h.node(sub{data: h.f.data(v)}, 0x1F)
}

// node adds a sub-node, and gives it an identifier of the type when it has none.
func (h *heap) node(s sub, kind uint32) uint32 {
	if s.nid == 0 {
		h.next++
		s.nid = (0x400+h.next)<<5 | kind
	}
	h.sub = append(h.sub, s)
	return s.nid
}

// finish writes the heap.
func (h *heap) finish(root uint32) (data, subs uint64) {
	parts := make([][]byte, len(h.blocks))
	for i, pieces := range h.blocks {
		b := append([]byte(nil), make([]byte, head(i))...)
		offsets := []int{len(b)}
		for _, p := range pieces {
			b = append(b, p...)
			offsets = append(offsets, len(b))
		}
		if len(b)%2 == 1 {
			b = append(b, 0)
		}
		binary.LittleEndian.PutUint16(b, uint16(len(b)))
		if i == 0 {
			b[2], b[3] = 0xEC, h.kind
			binary.LittleEndian.PutUint32(b[4:], root)
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(len(pieces)))
		b = binary.LittleEndian.AppendUint16(b, 0)
		for _, o := range offsets {
			b = binary.LittleEndian.AppendUint16(b, uint16(o))
		}
		parts[i] = b
	}
	return h.f.parts(parts), h.f.subs(h.sub)
}

// tree writes a tree on the heap of records with keys of a width, in order.
func (h *heap) tree(key, value int, records [][]byte) uint32 {
	root := uint32(0)
	level := byte(0)
	if len(records) > 0 {
		for width := key + value; ; level++ {
			var up [][]byte
			var ref uint32
			for some := range slices.Chunk(records, maxPiece/width) {
				ref = h.add(slices.Concat(some...))
				up = append(up, binary.LittleEndian.AppendUint32(slices.Clone(some[0][:key]), ref))
			}
			if len(up) == 1 {
				root = ref
				break
			}
			records, width = up, key+4
		}
	}
	return h.add(binary.LittleEndian.AppendUint32([]byte{0xB5, byte(key), byte(value), level}, root))
}
