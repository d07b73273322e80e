package pipeline

import (
	"context"
	"math"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// maxKnown is how many children a container that is read as a whole is told of. One
// with more of them is cut, unless it is damaged, and then all of it is read.
const maxKnown = 20_000

// know finds what an earlier state of a container held and can be told without its
// bytes being made, so that the reader passes over it.
func (v *visit) know(ctx context.Context, in *document.Input) error {
	from, to := in.Range.From, in.Range.To
	if in.Range == (document.Range{}) {
		to = math.MaxInt64
	}
	known, err := v.a.ledger.Stamps(ctx, v.r.item.ID, from, to, maxKnown+1)
	if err != nil || len(known) == 0 || len(known) > maxKnown {
		return err
	}
	in.Known, v.known = make(map[int]string, len(known)), make(map[int]ledger.Stamp, len(known))
	for _, s := range known {
		in.Known[s.Ordinal], v.known[s.Ordinal] = s.Stamp, s
	}
	return nil
}

// same takes a child that is the one it was. A reader's word counts only for what it
// was told of.
func (v *visit) same(c *document.Child) bool {
	k, ok := v.known[c.Ordinal]
	if !ok || !c.Same || k.Stamp != c.Stamp || c.Content != nil {
		return false
	}
	v.r.same = append(v.r.same, k.Item)
	return true
}
