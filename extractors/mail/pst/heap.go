package pst

import "encoding/binary"

// heap is a node's data cut into small pieces ([MS-PST] 2.3.1), with the sub-nodes
// that hold those which are too long for it.
type heap struct {
	s     *store
	data  *stream
	parts [][]byte
	subs  map[uint32]sub
	kind  byte // what uses it: 0xBC properties, 0x7C a table
	root  uint32
	whole bool
}

const (
	heapMark  = 0xEC
	ofProps   = 0xBC
	ofTable   = 0x7C
	treeMark  = 0xB5
	heapIndex = 5 // bits of a reference that are its type
)

// heap opens a node's data as a heap. nil when it is none.
func (s *store) heap(data, subs uint64) *heap {
	h := &heap{s: s, data: s.stream(data), whole: true}
	if len(h.data.blocks) == 0 {
		return nil
	}
	h.parts = make([][]byte, len(h.data.blocks))
	first := h.part(0)
	if len(first) < 12 || first[2] != heapMark {
		s.tell(&s.other, int64(data&^bitOwn)) //nolint:gosec // only counted
		return nil
	}
	h.kind, h.root = first[3], binary.LittleEndian.Uint32(first[4:])
	var ok bool
	h.subs, ok = s.subnodes(subs)
	h.whole = h.whole && ok
	return h
}

// part gives a block of the heap, decoded otherwise where the file says wrongly how.
//
// QUIRK: [MS-PST] 2.2.2.6 bCryptMethod holds for all data blocks. ExMerge wrote files
// that say `none` and are permuted, some with plain blocks among them; the mark of a
// heap tells.
func (h *heap) part(i int) []byte {
	if h.parts[i] != nil {
		return h.parts[i]
	}
	data := h.data.part(i)
	if i == 0 && len(data) >= 4 && data[2] != heapMark {
		other := append([]byte(nil), data...)
		switch h.s.crypt {
		case cryptNone:
			unpermute(other)
		case cryptPermute:
			permute(other)
		case cryptCyclic:
			cycle(other, h.data.blocks[0])
		}
		if other[2] == heapMark && (other[3] == ofProps || other[3] == ofTable) {
			data = other
			if h.s.crypt == cryptNone {
				h.s.crypt = cryptPermute
			} else if h.s.guessed {
				h.s.crypt = cryptNone
			}
		}
	}
	h.parts[i] = data
	return data
}

// item gives a piece of the heap by its reference, or nil. The bytes are the
// block's own.
func (h *heap) item(id uint32) []byte {
	if id&kindMask != 0 {
		return nil
	}
	index, block := int(id>>heapIndex&0x7FF), int(id>>16)
	if h.s.page == 4096 {
		// QUIRK: files with 4 KB pages have blocks of 64 KB, and 14 bits for the index.
		index, block = int(id>>heapIndex&0x3FFF), int(id>>19)
	}
	if index == 0 || block >= len(h.parts) {
		return nil
	}
	data := h.part(block)
	if len(data) < 2 {
		return nil
	}
	at := int(binary.LittleEndian.Uint16(data))
	if at+4 > len(data) {
		return nil
	}
	count := int(binary.LittleEndian.Uint16(data[at:]))
	if index > count || at+4+2*(index+1) > len(data) {
		return nil
	}
	from := int(binary.LittleEndian.Uint16(data[at+4+2*(index-1):]))
	to := int(binary.LittleEndian.Uint16(data[at+4+2*index:]))
	if from > to || to > len(data) {
		return nil
	}
	return data[from:to]
}

// value gives the bytes that a reference names: a piece of the heap, or a sub-node.
// ok is false when they are lost.
func (h *heap) value(id uint32, limit int64) (data []byte, ok bool) {
	if id == 0 {
		return nil, true
	}
	if id&kindMask == 0 {
		data = h.item(id)
		return data, data != nil
	}
	n, ok := h.subs[id]
	if !ok {
		return nil, false
	}
	d := h.s.stream(n.data)
	data, whole := d.bytes(limit)
	return data, whole
}
