package pipeline

import (
	"maps"
	"testing"

	"guidang/pipeline/ledger"
)

func TestFormsOf(t *testing.T) {
	t.Parallel()
	one := func(id int64, format, number, amount string, reach ...string) invoice {
		c := &ledger.Content{ID: id, Format: format}
		c.Sum[0] = byte(id)
		return invoice{content: c, number: number, amount: amount, reach: reach}
	}
	const n = "24312000000012345678"
	for _, c := range []struct {
		name string
		all  []invoice
		want map[int64]int64
	}{
		{"three forms", []invoice{one(1, "xml", n, "100.00", "source:a"), one(2, "ofd", n, "100.00", "source:a"), one(3, "pdf", n, "100.00", "source:a")}, map[int64]int64{1: 3, 2: 3}},
		{"without a PDF", []invoice{one(1, "xml", n, "100.00", "source:a"), one(2, "ofd", n, "100.00", "source:a")}, map[int64]int64{1: 2}},
		{"another sum", []invoice{one(1, "xml", n, "100.00", "source:a"), one(2, "pdf", n, "100.01", "source:a")}, map[int64]int64{}},
		{"another number", []invoice{one(1, "xml", n, "100.00", "source:a"), one(2, "pdf", n[:19]+"9", "100.00", "source:a")}, map[int64]int64{}},
		{"two PDFs", []invoice{one(1, "pdf", n, "100.00", "source:a"), one(2, "pdf", n, "100.00", "source:a"), one(3, "ofd", n, "100.00", "source:a")}, map[int64]int64{3: 1}},
		{"seen by others", []invoice{one(1, "xml", n, "100.00", "source:a", "source:b"), one(2, "pdf", n, "100.00", "source:a")}, map[int64]int64{}},
		{"seen by fewer", []invoice{one(1, "xml", n, "100.00", "source:b"), one(2, "pdf", n, "100.00", "source:a", "source:b")}, map[int64]int64{1: 2}},
		{"of another project", []invoice{one(1, "xml", n, "100.00", "source:a", "project:P"), one(2, "pdf", n, "100.00", "source:a")}, map[int64]int64{}},
		{"seen through the OFD only", []invoice{one(1, "xml", n, "100.00", "source:b"), one(2, "pdf", n, "100.00", "source:a"), one(3, "ofd", n, "100.00", "source:b")}, map[int64]int64{1: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := formsOf(c.all); !maps.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}
