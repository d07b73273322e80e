package terms

import (
	"cmp"
	"iter"
	"slices"
)

// before orders terms: the better one first, equal ones by name.
func before(a, b *Term) bool {
	if a.Score != b.Score {
		return a.Score > b.Score
	}
	return a.Term < b.Term
}

// bestOf keeps the n best terms of a list, in no order: of a thousand candidates ten
// become terms, and sorting them all took a sixth of Extract.
func bestOf(list []Term, n int) []Term {
	if len(list) <= n {
		return list
	}
	scores := make([]float64, len(list))
	for i := range list {
		scores[i] = list[i].Score
	}
	slices.SortFunc(scores, func(a, b float64) int { return cmp.Compare(b, a) })
	least := scores[n-1]
	kept, tied := list[:0], []Term(nil)
	for _, t := range list {
		switch {
		case t.Score > least:
			kept = append(kept, t)
		case t.Score == least:
			tied = append(tied, t)
		}
	}
	slices.SortFunc(tied, func(a, b Term) int { return cmp.Compare(a.Term, b.Term) })
	return append(kept, tied[:n-len(kept)]...)
}

// inOrder gives the terms of a list, best first, by a heap: whoever needs the first
// few does not wait for the order of the rest. The list is used up.
func inOrder(list []Term) iter.Seq[Term] {
	sink := func(i int) {
		for {
			child := 2*i + 1
			if child >= len(list) {
				return
			}
			if child+1 < len(list) && before(&list[child+1], &list[child]) {
				child++
			}
			if !before(&list[child], &list[i]) {
				return
			}
			list[i], list[child] = list[child], list[i]
			i = child
		}
	}
	return func(yield func(Term) bool) {
		for i := len(list)/2 - 1; i >= 0; i-- {
			sink(i)
		}
		for len(list) > 0 {
			best := list[0]
			list[0] = list[len(list)-1]
			list = list[:len(list)-1]
			if sink(0); !yield(best) {
				return
			}
		}
	}
}
