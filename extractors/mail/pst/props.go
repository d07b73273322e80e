package pst

import (
	"encoding/binary"

	"guidang/extractors/mail/outlook"
)

// Types of values that are told apart here ([MS-OXCDATA] 2.11.1).
const (
	ptObject  = 0x000D
	ptString8 = 0x001E
	ptUnicode = 0x001F
	ptBinary  = 0x0102
	ptMany    = 0x1000
)

// Values that are read by stream, or not at all when they are long.
const (
	idAttachData = 0x3701
	maxValue     = 64 << 20
	maxOther     = 1 << 20 // of a value that nothing asks for
	maxProps     = 20_000  // of one item
	maxMany      = 1000
)

// long are the values that may be long: the text's three forms, the header.
func long(id uint16) bool {
	switch id {
	case 0x1000, 0x1009, 0x1013, 0x007D:
		return true
	}
	return false
}

// fixedWidth is how many bytes a value of fixed length has; 0 is a variable one.
func fixedWidth(kind uint16) int {
	switch kind {
	case 0x0002, 0x000B:
		return 2
	case 0x0003, 0x0004, 0x000A, 0x0001:
		return 4
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040:
		return 8
	case 0x0048:
		return 16
	}
	return 0
}

// props reads a property context ([MS-PST] 2.3.3). whole is false when some of it is
// lost. data is the reference of an attachment's bytes, which are not read.
func (h *heap) props() (p outlook.Properties, data attached, whole bool) {
	p = outlook.NewProperties()
	whole = h.whole
	if h.kind != ofProps {
		return p, data, false
	}
	left := maxProps
	ok := h.records(h.root, 2, 6, func(key, value []byte) bool {
		id, kind := binary.LittleEndian.Uint16(key), binary.LittleEndian.Uint16(value)
		tag, ref := uint32(id)<<16|uint32(kind), binary.LittleEndian.Uint32(value[2:])
		if id == idAttachData {
			if h.attached(&data, kind, ref) {
				return true
			}
			whole = false
			return true
		}
		if !h.property(p, tag, ref, value[2:6]) {
			whole = false
		}
		left--
		return left > 0
	})
	return p, data, whole && ok
}

// property takes one value.
func (h *heap) property(p outlook.Properties, tag, ref uint32, inline []byte) bool {
	id, kind := uint16(tag>>16), uint16(tag) //nolint:gosec // the halves are meant
	if n := fixedWidth(kind); n > 0 && n <= 4 {
		p.One[tag] = inline[:n]
		return true
	}
	limit := int64(maxOther)
	if long(id) {
		limit = maxValue
	}
	if n, isSub := h.subs[ref]; isSub && !long(id) && ref&kindMask != 0 {
		if x := h.s.stream(n.data); x.size() > maxOther {
			return true // a value of some program's own
		}
	}
	data, ok := h.value(ref, limit)
	if kind&ptMany != 0 {
		values, fine := many(data, kind&^ptMany)
		p.Many[tag] = values
		return ok && fine
	}
	if data != nil || ok {
		p.One[tag] = data
	}
	return ok
}

// many takes a value of several apart ([MS-PST] 2.3.3.4).
func many(data []byte, kind uint16) (values [][]byte, ok bool) {
	if n := fixedWidth(kind); n > 0 {
		for at := 0; at+n <= len(data) && len(values) < maxMany; at += n {
			values = append(values, data[at:at+n])
		}
		return values, true
	}
	if len(data) < 4 {
		return nil, len(data) == 0
	}
	count := int64(binary.LittleEndian.Uint32(data))
	if count*4+4 > int64(len(data)) {
		return nil, false
	}
	for i := range min(count, maxMany) {
		from, to := int64(binary.LittleEndian.Uint32(data[4+4*i:])), int64(len(data))
		if i+1 < count {
			to = int64(binary.LittleEndian.Uint32(data[8+4*i:]))
		}
		if from > to || to > int64(len(data)) {
			return values, false
		}
		values = append(values, data[from:to])
	}
	return values, true
}

// attached is where an attachment's bytes are: in the heap, or in a sub-node, which
// may be an item of its own.
type attached struct {
	bytes  []byte
	node   *sub
	object bool
	there  bool
}

func (h *heap) attached(a *attached, kind uint16, ref uint32) bool {
	if kind != ptBinary && kind != ptObject && kind != ptString8 && kind != ptUnicode {
		return true
	}
	a.there, a.object = true, kind == ptObject
	if a.object {
		// [MS-PST] 2.3.3.5: an object is a piece of the heap that names its sub-node.
		if piece := h.item(ref); len(piece) >= 4 {
			ref = binary.LittleEndian.Uint32(piece)
		}
	}
	if ref == 0 {
		return true
	}
	if ref&kindMask == 0 {
		a.bytes = h.item(ref)
		return a.bytes != nil
	}
	n, ok := h.subs[ref]
	if ok {
		a.node = &n
	}
	return ok
}
