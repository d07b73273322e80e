package ledgertest

import (
	"slices"
	"testing"

	"guidang/pipeline/ledger"
)

// work checks that open work is found by its name.
func work(t *testing.T, l ledger.Ledger) {
	ids := map[string]int64{}
	update(t, l, func(tx ledger.Tx) error {
		for _, data := range []string{"a", "b", "c"} {
			_, c, err := read(tx, data, data)
			if err != nil {
				return err
			}
			if ids[data] = c.ID; data != "b" {
				c.OpenWork = "ocr"
			}
			if err := tx.SetContent(c); err != nil {
				return err
			}
		}
		return nil
	})
	for name, want := range map[string][]int64{"ocr": {ids["c"], ids["a"]}, "minutes": nil, "": nil} {
		if got, err := l.OpenWork(t.Context(), name); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v, want %v", name, got, err, want)
		}
	}
}
