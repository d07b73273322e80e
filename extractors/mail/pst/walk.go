package pst

import (
	"cmp"
	"slices"
)

// nodeWalk goes through the node tree in the order of identifiers. Where a page of
// it is lost, what salvage found stands in, and only there: pages that the file
// does not use any more hold what was deleted.
type nodeWalk struct {
	s        *store
	from, to uint64
	fn       func(node) bool
	next     uint64 // the least identifier that may still come
	steps    int64
}

// walkNodes gives the nodes from one identifier to another. It stops when fn gives
// false.
func (s *store) walkNodes(from, to uint64, fn func(node) bool) {
	w := &nodeWalk{s: s, from: from, to: to, fn: fn, next: from}
	w.page(s.nodes, 0, lastNode, maxLevels+1)
}

// page gives what lies below a page, which holds the keys from low to high; false
// ends the walk.
func (w *nodeWalk) page(r ref, low, high uint64, levels int) bool {
	s := w.s
	p := s.pageAt(r, pageNodes)
	// The pages of a tree are its file's; more steps than it has room for is a circle.
	if w.steps++; p == nil || !p.usable || levels == 0 || w.steps > s.size/s.page+1 {
		return w.saved(max(low, w.from), min(high, w.to), p)
	}
	if p.level == 0 {
		for i := range p.count {
			if !w.give(s.node(p, i)) {
				return false
			}
		}
		return true
	}
	for i := range p.count {
		key, end := s.key(p, i), high
		if i+1 < p.count {
			end = s.key(p, i+1)
		}
		if end <= w.from {
			continue
		}
		if key >= w.to {
			return true
		}
		child := s.child(p, i)
		if q := s.pageAt(child, pageNodes); q != nil && q.level >= p.level {
			s.tell(&s.lostPages, child.at)
			continue
		}
		if !w.page(child, key, end, levels-1) {
			return false
		}
	}
	return true
}

// give hands a node out, once, in order.
func (w *nodeWalk) give(n node) bool {
	id := uint64(n.id)
	if id < w.next || id >= w.to || n.data == 0 && n.subs == 0 {
		return true
	}
	w.next = id + 1
	return w.fn(n)
}

// saved hands out what was saved of a lost stretch of the tree, and those entries of
// its damaged leaf that lead somewhere.
func (w *nodeWalk) saved(low, high uint64, p *page) bool {
	w.s.gaps = true
	found := w.s.salvaged()
	var all []node
	for _, n := range found.nodes[found.from(low):] {
		if uint64(n.id) >= high {
			break
		}
		all = append(all, n.node)
	}
	if p != nil && p.level == 0 {
		for i := range p.count {
			n := w.s.node(p, i)
			if _, ok := found.node(n.id); ok || uint64(n.id) < low || uint64(n.id) >= high {
				continue
			}
			if _, ok := w.s.findBlock(n.data); ok {
				all = append(all, n)
			}
		}
		slices.SortStableFunc(all, func(a, b node) int { return cmp.Compare(a.id, b.id) })
	}
	for _, n := range all {
		if !w.give(n) {
			return false
		}
	}
	return true
}
