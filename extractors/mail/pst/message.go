package pst

import (
	"bytes"
	"io"
	"maps"
	"slices"

	"guidang/extractors/mail/outlook"
)

// Sub-nodes of an item ([MS-PST] 2.4.5).
const (
	subRecipients  = 0x692
	subAttachments = 0x671
	maxRecipients  = 5000
	maxAttachments = 10_000
)

// item reads an item with its recipients and attachments; nil when nothing of it is
// left.
func (s *store) item(data, subs uint64) *outlook.Item {
	h := s.heap(data, subs)
	if h == nil {
		return nil
	}
	p, _, whole := h.props()
	if len(p.One) == 0 {
		return nil
	}
	it := &outlook.Item{Properties: p, Names: s.names, Lost: !whole}
	if n, ok := h.subs[subRecipients]; ok && !s.recipients(it, n) {
		it.Lost = true
	}
	if !s.attachments(it, h.subs) {
		it.Lost = true
	}
	return it
}

// recipients reads the table of those whom a mail went to.
func (s *store) recipients(it *outlook.Item, n sub) (whole bool) {
	h := s.heap(n.data, n.subs)
	if h == nil {
		return false
	}
	t := h.table()
	if t == nil {
		return false
	}
	fine := true
	whole = t.each(func(_ uint32, row []byte) bool {
		if row == nil {
			fine = false
			return true
		}
		p, ok := t.cells(row)
		fine = fine && ok
		it.Recipients = append(it.Recipients, p)
		return len(it.Recipients) < maxRecipients
	})
	return whole && fine && h.whole
}

// attachments reads those that the item's table names, in its order, else all that
// lie below the item.
func (s *store) attachments(it *outlook.Item, subs map[uint32]sub) (whole bool) {
	whole = true
	taken := map[uint32]bool{}
	take := func(id uint32) {
		n, ok := subs[id]
		if taken[id] || len(it.Attachments) >= maxAttachments {
			return
		}
		taken[id] = true
		if !ok {
			whole = false
		}
		it.Attachments = append(it.Attachments, s.attachment(n))
	}
	if n, ok := subs[subAttachments]; ok {
		h := s.heap(n.data, n.subs)
		var t *table
		if h != nil {
			t = h.table()
		}
		if t == nil || !t.each(func(id uint32, _ []byte) bool { take(id); return true }) {
			whole = false
		}
	}
	if !whole || len(taken) == 0 {
		// QUIRK: [MS-PST] 2.4.6.1 wants a table. Where it is lost, an attachment's node is
		// told by its type.
		for _, id := range slices.Sorted(maps.Keys(subs)) {
			if id&kindMask == kindFile {
				take(id)
			}
		}
	}
	return whole
}

// attachment reads one attachment ([MS-PST] 2.4.6.2).
func (s *store) attachment(n sub) outlook.Attached {
	a := outlook.Attached{Properties: outlook.NewProperties()}
	if n.data == 0 {
		return a
	}
	h := s.heap(n.data, n.subs)
	if h == nil {
		return a
	}
	var data attached
	var whole bool
	a.Properties, data, whole = h.props()
	method, _ := a.Number(idMethod)
	switch {
	case !data.there:
	case data.node == nil:
		if data.bytes != nil || !data.object {
			a.Data, a.Whole = io.NewSectionReader(bytes.NewReader(data.bytes), 0, int64(len(data.bytes))), whole
		}
	case data.object && s.isItem(*data.node):
		n := *data.node
		a.Item = func() *outlook.Item { return s.item(n.data, n.subs) }
	case method == embedded && data.object:
		a.Item = func() *outlook.Item { return nil } // an item of which nothing is left
	default:
		d := s.stream(data.node.data)
		d.check()
		a.Data, a.Whole = io.NewSectionReader(d, 0, d.size()), d.whole
	}
	return a
}

const (
	idMethod = 0x3705
	embedded = 5
)

// isItem tells an item within an item from an object of some program.
//
// QUIRK: [MS-OXCMSG] 2.2.2.9: method 5 is an item and 6 an object; a heap of
// properties is an item, whatever the method says.
func (s *store) isItem(n sub) bool {
	d := s.stream(n.data)
	if len(d.blocks) == 0 {
		return false
	}
	h := &heap{s: s, data: d, parts: make([][]byte, len(d.blocks))}
	head := h.part(0)
	return len(head) >= 12 && head[2] == heapMark && head[3] == ofProps
}
