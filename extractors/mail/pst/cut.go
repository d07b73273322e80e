package pst

import (
	"context"
	"fmt"

	"guidang/extractors/document"
)

const (
	// lastNode is behind all identifiers. The range that ends there also has the items
	// whose nodes are lost.
	lastNode = 1 << 32
	lastItem = lastNode >> kindBits

	// A broken file is looked through as a whole wherever a part of its trees is
	// missing. Up to this size it is not cut, and what is lost is looked for once;
	// above, its slices are long.
	wholeBroken = 1 << 30
	brokenSlice = 20_000 // items
)

// firstNode is the first identifier that an item of this ordinal, or of a later one,
// may have.
func firstNode(ordinal int64) uint64 { return uint64(min(max(ordinal, 0), lastItem)) << kindBits }

// cut makes ranges of ordinals that hold about per items each.
func cut(ctx context.Context, in *document.Input, per int) ([]document.Range, error) {
	s, reason, err := open(in)
	if err != nil {
		return nil, fmt.Errorf("cut %q: %w", in.Name, err)
	}
	if reason != "" {
		return nil, nil
	}
	broken := !s.soundBlocks(ctx) || s.guessed
	var out []document.Range
	from, mails := int64(0), 0
	s.walkNodes(0, lastNode, func(n node) bool {
		if n.id&kindMask == kindMail {
			if mails == max(per, 1) {
				here := int64(n.id >> kindBits)
				out = append(out, document.Range{From: from, To: here})
				from, mails = here, 0
			}
			mails++
		}
		return ctx.Err() == nil && s.err == nil
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case s.err != nil:
		return nil, fmt.Errorf("cut %q: %w", in.Name, s.err)
	}
	out = append(out, document.Range{From: from, To: lastItem})
	if broken = broken || s.gaps || len(s.lostPages) > 0; !broken {
		return out, nil
	}
	if s.size <= wholeBroken {
		return nil, nil
	}
	return join(out, brokenSlice/max(per, 1)), nil
}

// join makes one range of every n.
func join(ranges []document.Range, n int) []document.Range {
	var out []document.Range
	for i := 0; i < len(ranges); i += max(n, 1) {
		last := min(i+max(n, 1), len(ranges)) - 1
		out = append(out, document.Range{From: ranges[i].From, To: ranges[last].To})
	}
	return out
}

// torn goes through the node tree and says whether a stretch of it is lost.
func (s *store) torn() bool {
	if !s.gaps {
		s.walkNodes(0, lastNode, func(node) bool { return s.err == nil && !s.gaps })
	}
	return s.gaps
}

// soundBlocks goes through the tree of blocks and says whether all of it can be
// read. The tree of a file of 20 GB has about 100 MB.
func (s *store) soundBlocks(ctx context.Context) bool {
	steps := int64(0)
	var down func(r ref, above int) bool
	down = func(r ref, above int) bool {
		p := s.loadPage(r, pageBlocks)
		if steps++; p == nil || !p.usable || p.level >= above || steps > s.size/s.page+1 || ctx.Err() != nil {
			return false
		}
		for i := range p.count {
			if p.level > 0 && !down(s.child(p, i), p.level) {
				return false
			}
		}
		return true
	}
	return down(s.blocks, maxLevels+1)
}
