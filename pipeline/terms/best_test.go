package terms

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBest compares the few best, and the order of all, with sorting everything.
func TestBest(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		list := make([]Term, draw.IntN(60))
		for i := range list {
			list[i] = Term{string(rune('a'+draw.IntN(26))) + string(rune('a'+i)), float64(draw.IntN(8)), Keyword}
		}
		want := slices.SortedFunc(slices.Values(list), func(a, b Term) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Term, b.Term))
		})
		if got := slices.Collect(inOrder(slices.Clone(list))); !slices.Equal(got, want) {
			t.Fatalf("in order: %v\nwant %v", got, want)
		}
		n := draw.IntN(30) + 1
		if got := slices.Collect(inOrder(bestOf(slices.Clone(list), n))); !slices.Equal(got, want[:min(n, len(want))]) {
			t.Fatalf("best %d: %v\nwant %v", n, got, want)
		}
	}
}
