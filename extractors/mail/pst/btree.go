package pst

import (
	"encoding/binary"
	"sort"
)

// node is an entry of the node tree ([MS-PST] 2.2.2.7.7.4): a folder, a mail, a
// table.
type node struct {
	id     uint32
	parent uint32
	data   uint64 // block of its bytes
	subs   uint64 // block of its sub-nodes, or 0
}

// extent is an entry of the block tree ([MS-PST] 2.2.2.7.7.3).
type extent struct {
	id   uint64
	at   int64
	size int32 // of its bytes in the file
	full int32 // of its bytes unpacked; the same unless they are packed
}

// The lowest bit of a block's identifier is nobody's, the second tells blocks of
// the file's own from data.
const (
	bitOwn     = 1
	bitInside  = 2
	kindBits   = 5
	kindMask   = 0x1F // of a node's identifier, what it is; 0x08 is a folder's own view or rule
	kindFolder = 0x02
	kindSearch = 0x03
	kindMail   = 0x04
	kindFile   = 0x05 // attachment
)

func (l *layout) word(b []byte) uint64 {
	if l.wide {
		return binary.LittleEndian.Uint64(b)
	}
	return uint64(binary.LittleEndian.Uint32(b))
}

// key is an entry's first word: the identifier in order of which it stands. Of a
// node's only 32 bits are used.
func (l *layout) key(p *page, i int) uint64 {
	k := l.word(p.data[i*p.width:])
	if p.kind == pageNodes {
		return k & 0xffffffff
	}
	return k &^ bitOwn
}

// child is where an entry of an upper page leads.
func (l *layout) child(p *page, i int) ref {
	e := p.data[i*p.width:]
	if l.wide {
		return ref{binary.LittleEndian.Uint64(e[8:]), place(binary.LittleEndian.Uint64(e[16:]))}
	}
	return ref{uint64(binary.LittleEndian.Uint32(e[4:])), int64(binary.LittleEndian.Uint32(e[8:]))}
}

func (l *layout) node(p *page, i int) node {
	e := p.data[i*p.width:]
	if l.wide {
		return node{binary.LittleEndian.Uint32(e), binary.LittleEndian.Uint32(e[24:]), binary.LittleEndian.Uint64(e[8:]), binary.LittleEndian.Uint64(e[16:])}
	}
	return node{binary.LittleEndian.Uint32(e), binary.LittleEndian.Uint32(e[12:]), uint64(binary.LittleEndian.Uint32(e[4:])), uint64(binary.LittleEndian.Uint32(e[8:]))}
}

func (l *layout) extent(p *page, i int) extent {
	e := p.data[i*p.width:]
	if !l.wide {
		n := int32(binary.LittleEndian.Uint16(e[8:]))
		return extent{uint64(binary.LittleEndian.Uint32(e)) &^ bitOwn, int64(binary.LittleEndian.Uint32(e[4:])), n, n}
	}
	x := extent{id: binary.LittleEndian.Uint64(e) &^ bitOwn, at: place(binary.LittleEndian.Uint64(e[8:])), size: int32(binary.LittleEndian.Uint16(e[16:]))}
	if x.full = x.size; l.page == 4096 {
		x.full = int32(binary.LittleEndian.Uint16(e[18:]))
	}
	return x
}

// plausible tells an entry that can be one from bytes of a damaged page.
func (s *store) plausible(x extent) bool {
	return x.id != 0 && x.at > 0 && x.size > 0 && x.at+int64(x.size) <= s.size
}

// leaf goes down a tree to the leaf page in which a key must stand. broken says that
// the way there is lost, so that the key may have been there.
func (s *store) leaf(root ref, kind byte, key uint64) (p *page, broken bool) {
	p = s.pageAt(root, kind)
	for p != nil && p.usable && p.level > 0 {
		i := sort.Search(p.count, func(i int) bool { return s.key(p, i) > key }) - 1
		if i < 0 {
			return nil, false
		}
		level, next := p.level, s.child(p, i)
		if p = s.pageAt(next, kind); p != nil && p.level >= level {
			s.tell(&s.lostPages, next.at)
			return nil, true // a circle
		}
	}
	return p, p == nil || !p.usable
}

// entry is a key's place in a leaf, or -1.
func (l *layout) entry(p *page, key uint64) int {
	if p.usable {
		i := sort.Search(p.count, func(i int) bool { return l.key(p, i) >= key })
		if i < p.count && l.key(p, i) == key {
			return i
		}
		return -1
	}
	for i := range p.count {
		if l.key(p, i) == key {
			return i
		}
	}
	return -1
}

// findNode looks a node up, in the tree or among what was saved of it.
func (s *store) findNode(id uint32) (node, bool) {
	p, broken := s.leaf(s.nodes, pageNodes, uint64(id))
	if broken {
		if n, ok := s.salvaged().node(id); ok {
			return n, true
		}
	}
	if p != nil && p.level == 0 {
		if i := s.entry(p, uint64(id)); i >= 0 {
			return s.node(p, i), true
		}
	}
	return node{}, false
}

// findBlock looks a block up.
func (s *store) findBlock(id uint64) (extent, bool) {
	id &^= bitOwn
	p, broken := s.leaf(s.blocks, pageBlocks, id)
	if p != nil && p.level == 0 {
		if i := s.entry(p, id); i >= 0 {
			if x := s.extent(p, i); s.plausible(x) {
				return x, true
			}
			broken = true
		}
	}
	if broken {
		return s.salvaged().block(id)
	}
	return extent{}, false
}
