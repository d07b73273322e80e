package meili

import (
	"math/rand/v2"
	"testing"

	"guidang/pipeline/index/indextest"
)

// BenchmarkRows is what a passage of 600 Han characters costs on our side.
func BenchmarkRows(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	e := indextest.Doc("a", "标题", indextest.Prose(rng, 600))
	var enc encoder
	size := 0
	for b.Loop() {
		g, err := enc.rows(&e)
		if err != nil {
			b.Fatal(err)
		}
		size = g.size()
	}
	b.ReportMetric(float64(size), "bytes/passage")
}
