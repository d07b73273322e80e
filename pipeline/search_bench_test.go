package pipeline

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// BenchmarkSearch asks the whole archive, ledger, kept texts and index, for words
// that stand in all mails, in a seventh of them and in some.
// GUIDANG_ITEMS=100000 makes it as large as docs/performance.md says.
func BenchmarkSearch(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("GUIDANG_ITEMS"))
	if err != nil {
		n = 4000
	}
	a := filled(b, n)
	if _, err := a.merge(b.Context(), customersOfFilled(), ledger.FromList, false, false); err != nil {
		b.Fatal(err)
	}
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	for some := range slices.Chunk(ids, 1000) {
		err := a.ledger.Update(b.Context(), func(tx ledger.Tx) error {
			for _, id := range some {
				c, err := tx.Content(id)
				if err == nil && c.Revision == 0 {
					err = tx.Publish(c)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = newFeed(a).drain(b.Context())
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	for _, q := range []string{"附件", "合同", "第7制造", "export", "HT-2025-0030", "附件 合同", ""} {
		b.Run(fmt.Sprintf("%q", q), func(b *testing.B) {
			var took []time.Duration
			found := 0
			for b.Loop() {
				began := time.Now()
				res, err := a.Search(b.Context(), index.Request{Text: q}, []string{Scope("s")})
				if err != nil {
					b.Fatal(err)
				}
				took, found = append(took, time.Since(began)), res.Total
			}
			slices.Sort(took)
			b.ReportMetric(float64(found), "documents")
			b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
			b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "p95-ms")
			b.ReportMetric(took[len(took)-1].Seconds()*1000, "most-ms")
		})
	}
}
