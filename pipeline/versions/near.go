package versions

import (
	"cmp"
	"slices"
)

// Texts that are alike are found by locality-sensitive hashing: a sketch is cut
// into bands of three places, and documents that agree in a whole band are looked
// at. Two texts that share 0.55 miss each other once in 2,000 times, two that
// share a tenth meet once in 25.
//
// Band after band is sorted and forgotten, so the memory is 16 bytes a document
// beside the pairs that were found.
const (
	rows  = 3
	bands = places / rows

	// A bucket of a thousand copies of one form is not compared pair by pair: each
	// document meets so many of its neighbours, and chains join over them.
	neighbours = 8
)

type banded struct {
	hash uint64
	doc  int32
}

// near calls fn for pairs of documents whose sketches are alike by at least a
// share, each pair once, in an order that only the documents decide.
func near(docs []*Doc, share float64, fn func(a, b int, similarity float64)) {
	type pair struct{ a, b int32 }
	done := map[pair]bool{}
	list := make([]banded, 0, len(docs))
	for band := range bands {
		list = list[:0]
		for i := range docs {
			s := &docs[i].Sketch
			if !s.Tells() {
				continue
			}
			var h uint64
			for _, v := range s.values[band*rows : band*rows+rows] {
				h = h<<16 | uint64(v)
			}
			list = append(list, banded{h, int32(i)})
		}
		slices.SortFunc(list, func(x, y banded) int { return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.doc, y.doc)) })
		for i := range list {
			for n := i + 1; n < len(list) && n <= i+neighbours && list[n].hash == list[i].hash; n++ {
				p := pair{list[i].doc, list[n].doc}
				if done[p] {
					continue
				}
				a, b := int(p.a), int(p.b)
				if sim := Similarity(&docs[a].Sketch, &docs[b].Sketch); sim >= share {
					done[p] = true
					fn(a, b, sim)
				}
			}
		}
	}
}
