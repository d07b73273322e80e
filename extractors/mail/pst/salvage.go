package pst

import (
	"cmp"
	"io"
	"slices"
	"sort"
)

// salvage is what was found by going through the whole file: pages say themselves
// what they are, and blocks end in a trailer that ties them to their place.
type salvage struct {
	nodes  []savedNode // by identifier, then page
	blocks []extent    // by identifier, then place

	heaps  map[uint64]bool   // blocks that may be an item's properties
	lists  map[uint64]uint64 // lists of blocks, by their first
	within []uint64          // blocks of sub-nodes
}

// savedNode is a node with the page that says it. Of two pages that name the same
// node the newer one holds: identifiers of pages rise.
type savedNode struct {
	node
	page uint64
}

const (
	maxSavedNodes  = 2_000_000
	maxSavedBlocks = 4_000_000 // 24 bytes each
	window         = 1 << 20
)

// salvaged scans the file, once.
func (s *store) salvaged() *salvage {
	if s.saved != nil {
		return s.saved
	}
	s.saved = &salvage{heaps: map[uint64]bool{}, lists: map[uint64]uint64{}}
	s.scan()
	v := s.saved
	slices.SortFunc(v.nodes, func(a, b savedNode) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(b.page, a.page))
	})
	v.nodes = slices.Clip(slices.CompactFunc(v.nodes, func(a, b savedNode) bool { return a.id == b.id }))
	slices.SortFunc(v.blocks, func(a, b extent) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.at, b.at))
	})
	return v
}

// node finds a node by its identifier.
func (v *salvage) node(id uint32) (node, bool) {
	i := v.from(uint64(id))
	if i < len(v.nodes) && v.nodes[i].id == id {
		return v.nodes[i].node, true
	}
	return node{}, false
}

// from is where the nodes from an identifier on begin.
func (v *salvage) from(id uint64) int {
	return sort.Search(len(v.nodes), func(i int) bool { return uint64(v.nodes[i].id) >= id })
}

// block finds a block by its identifier. Of several the last in the file is taken:
// all have the same bytes unless the file was damaged by more than chance.
func (v *salvage) block(id uint64) (extent, bool) {
	i := sort.Search(len(v.blocks), func(i int) bool { return v.blocks[i].id > id })
	if i > 0 && v.blocks[i-1].id == id {
		return v.blocks[i-1], true
	}
	return extent{}, false
}

// scan goes through the file by windows that overlap by the largest block.
func (s *store) scan() {
	keep := int(s.layout.block + s.page)
	buf := make([]byte, 0, window+keep)
	base := int64(0) // of buf in the file
	for at := int64(0); at < s.size && !s.late(); {
		if drop := len(buf) - keep; drop > 0 {
			buf = append(buf[:0], buf[drop:]...)
			base += int64(drop)
		}
		have := len(buf)
		n, err := s.r.ReadAt(buf[have:have+int(min(window, s.size-at))], at)
		if s.fail(err, err); n == 0 || s.err != nil {
			return
		}
		buf = buf[:have+n]
		s.look(buf, base, have)
		at += int64(n)
		if err == io.EOF {
			return
		}
	}
}

// look takes the pages and blocks that end in the new part of a window.
func (s *store) look(buf []byte, base int64, from int) {
	l := &s.layout
	step := int(l.align)
	for end := from - from%step + step; end <= len(buf); end += step {
		if n := int(l.page); end >= n && (base+int64(end))%512 == 0 {
			s.takePage(buf[end-n : end])
		}
		size, sig, crc, id, full := l.trailerOf(buf[end-l.trailer : end])
		room := l.allocated(size)
		if size == 0 || room > l.block || int64(end) < room || id == 0 {
			continue
		}
		at := base + int64(end) - room
		if sig != signature(at, id) || crc != sum(buf[end-int(room):end-int(room)+size]) || len(s.saved.blocks) >= maxSavedBlocks {
			continue
		}
		x := extent{id &^ bitOwn, at, int32(size), int32(full)} //nolint:gosec // of 16 bits
		s.saved.blocks = append(s.saved.blocks, x)
		s.takeBlock(x, buf[end-int(room):end-int(room)+size])
	}
}

// takePage keeps the entries of a sound leaf of the node tree.
func (s *store) takePage(data []byte) {
	p, ok := s.parsePage(data)
	if !ok || !p.sound || p.kind != pageNodes || p.level != 0 {
		return
	}
	v := s.saved
	for i := range p.count {
		n := s.node(&p, i)
		if n.id == 0 || n.data == 0 && n.subs == 0 || len(v.nodes) >= maxSavedNodes {
			continue
		}
		v.nodes = append(v.nodes, savedNode{n, p.id})
	}
}
