package sqlite

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"guidang/pipeline/ledger"
)

func sumOf(n int) ledger.Sum { return sha256.Sum256([]byte(fmt.Sprint(n))) }

func TestSumsTellWhatIsNotThere(t *testing.T) {
	t.Parallel()
	l, err := Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	add := func(from, to int, within func()) {
		t.Helper()
		err := l.Update(t.Context(), func(tx ledger.Tx) error {
			for n := from; n < to; n++ {
				if _, err := tx.AddContent(&ledger.Content{Sum: sumOf(n)}); err != nil {
					return err
				}
			}
			within()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	there := func(n int) bool {
		t.Helper()
		c, err := l.BySum(t.Context(), sumOf(n))
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			t.Fatal(err)
		}
		return err == nil && c.Sum == sumOf(n)
	}
	add(0, 1000, func() {})
	// The filter is made while a transaction has added what reading does not see.
	add(1000, 1100, func() {
		for n := 2000; n < 2000+sumsFrom+10; n++ {
			if there(n) {
				t.Errorf("%d is there", n)
			}
		}
		if there(1050) {
			t.Error("what is not committed is there")
		}
	})
	if !l.sums.made {
		t.Fatal("no filter was made")
	}
	add(1100, 1200, func() {}) // with the filter
	failed := errors.New("undone")
	err = l.Update(t.Context(), func(tx ledger.Tx) error {
		_, err := tx.AddContent(&ledger.Content{Sum: sumOf(5000)})
		return errors.Join(err, failed)
	})
	if !errors.Is(err, failed) || there(5000) {
		t.Errorf("%v; what was undone is there: %v", err, there(5000))
	}
	for n := range 1200 {
		if !there(n) {
			t.Fatalf("%d is not found", n)
		}
	}
	maybe := 0
	for n := 10_000; n < 20_000; n++ {
		if sum := sumOf(n); l.sums.holds(&sum) {
			maybe++
		}
	}
	if maybe > 100 {
		t.Errorf("of 10000 sums that are not there %d seem to be", maybe)
	}
}
