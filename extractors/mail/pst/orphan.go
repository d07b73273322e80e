package pst

import (
	"encoding/binary"
	"slices"
	"strings"

	"guidang/extractors/mail/outlook"
)

// maxOrphans is how many items without a node are looked for.
const maxOrphans = 1_000_000

// orphans gives the blocks of items whose node is lost: properties of an item that no
// node and no sub-node names, in blocks that the file still uses. Which recipients
// and attachments were theirs cannot be told for sure, so they come without.
func (s *store) orphans() []uint64 {
	v := s.salvaged()
	for first, list := range v.lists { // properties that are longer than a block
		if v.heaps[first] {
			delete(v.heaps, first)
			v.heaps[list] = true
		}
	}
	v.lists = nil
	for _, id := range v.within {
		delete(v.heaps, id)
	}
	v.within = nil
	s.walkNodes(0, lastNode, func(n node) bool {
		delete(v.heaps, n.data&^bitOwn)
		return s.err == nil
	})
	var out []uint64
	for id := range v.heaps {
		if s.used(id) && isPersonal(s.orphan(id)) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// used says that the tree of blocks has the block, or is too broken to say.
func (s *store) used(id uint64) bool {
	p, broken := s.leaf(s.blocks, pageBlocks, id)
	return broken || p != nil && s.entry(p, id) >= 0
}

// orphan reads such an item, nil when it is none.
func (s *store) orphan(id uint64) *outlook.Item {
	it := s.item(id, 0)
	if it != nil {
		it.Lost = true
	}
	return it
}

// isPersonal tells an item of a person from the program's own: views, rules, settings.
func isPersonal(it *outlook.Item) bool {
	if it == nil {
		return false
	}
	class := strings.ToLower(it.Text(idClass, ""))
	for _, own := range []string{"ipm.microsoft.", "ipm.configuration.", "ipm.rule.", "ipm.extendedrule.", "ipm.note.rules."} {
		if strings.HasPrefix(class, own) {
			return false
		}
	}
	return strings.HasPrefix(class, "ipm.") || strings.HasPrefix(class, "report.")
}

const idClass = 0x001A

// takeBlock keeps what a found block says of others: that it may be an item's, that it
// is a list of blocks, or of sub-nodes.
func (s *store) takeBlock(x extent, data []byte) {
	v := s.saved
	if x.id&bitInside == 0 {
		head := slices.Clone(data[:min(len(data), 12)])
		if x.full != x.size {
			head, _ = inflate(data, 12)
		}
		decode(s.crypt, head, x.id)
		if len(head) == 12 && head[2] == heapMark && head[3] == ofProps && len(v.heaps) < maxOrphans {
			v.heaps[x.id] = true
		}
		return
	}
	if len(data) < 8 {
		return
	}
	word, head := 4, 4
	if s.wide {
		word, head = 8, 8
	}
	switch count := int(binary.LittleEndian.Uint16(data[2:])); {
	case data[0] == 1 && data[1] == 1 && len(data) >= 8+word && len(v.lists) < maxOrphans:
		v.lists[s.word(data[8:])&^bitOwn] = x.id
	case data[0] == 2 && data[1] == 0:
		for i := 0; i < count && head+(i+1)*3*word <= len(data) && len(v.within) < maxSavedBlocks; i++ {
			v.within = append(v.within, s.word(data[head+i*3*word+word:])&^bitOwn)
		}
	}
}
