package pst

import "encoding/binary"

// sub is a node within a node ([MS-PST] 2.2.2.8.3.3): a long value, a table, an
// attachment.
type sub struct {
	data uint64
	subs uint64
}

// maxSubs bounds the sub-nodes of one node; an item with the most attachments that
// are read has some 10,000.
const maxSubs = 200_000

// subnodes reads a node's tree of sub-nodes. whole is false when a part of it is
// lost.
func (s *store) subnodes(id uint64) (found map[uint32]sub, whole bool) {
	if id&^bitOwn == 0 {
		return nil, true
	}
	found = map[uint32]sub{}
	return found, s.addSubs(id, found, 0)
}

func (s *store) addSubs(id uint64, into map[uint32]sub, depth int) (whole bool) {
	list, whole := s.block(id)
	if len(list) < 4 || list[0] != 2 || depth > 1 {
		s.tell(&s.other, int64(id&^bitOwn)) //nolint:gosec // only counted
		return false
	}
	head, width, word := 4, 8, 4
	if s.wide {
		head, width, word = 8, 16, 8
	}
	leaf := list[1] == 0
	if leaf {
		width += word
	}
	count := int(binary.LittleEndian.Uint16(list[2:]))
	if room := max(len(list)-head, 0) / width; count > room {
		count, whole = room, false
	}
	for i := range count {
		e := list[head+i*width:]
		if !leaf {
			next := s.word(e[word:])
			if len(into) >= maxSubs || !s.addSubs(next, into, depth+1) {
				whole = false
			}
			continue
		}
		if len(into) < maxSubs {
			into[binary.LittleEndian.Uint32(e)] = sub{s.word(e[word:]), s.word(e[2*word:])}
		}
	}
	return whole
}
