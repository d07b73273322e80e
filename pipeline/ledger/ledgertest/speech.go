package ledgertest

import (
	"math"
	"testing"

	"guidang/pipeline/ledger"
)

// speech checks notes and what a night may cost.
func speech(t *testing.T, l ledger.Ledger) {
	ctx := t.Context()
	if note, err := l.Note(ctx, "a"); err != nil || note != "" {
		t.Errorf("a note that nobody made: %q, %v", note, err)
	}
	for _, value := range []string{"one", "两"} {
		if err := l.Update(ctx, func(tx ledger.Tx) error { return tx.SetNote("a", value) }); err != nil {
			t.Fatal(err)
		}
		if note, err := l.Note(ctx, "a"); err != nil || note != value {
			t.Errorf("the note is %q, %v", note, err)
		}
	}
	limit := ledger.Spent{Minutes: 10, Money: 1}
	for n, c := range []struct {
		add, limit ledger.Spent
		ok         bool
		have       ledger.Spent
	}{
		{ledger.Spent{Minutes: 4, Money: 0.4}, limit, true, ledger.Spent{Minutes: 4, Money: 0.4}},
		{ledger.Spent{Minutes: 6, Money: 0.4}, limit, true, ledger.Spent{Minutes: 10, Money: 0.8}},
		{ledger.Spent{Minutes: 0.1}, limit, false, ledger.Spent{Minutes: 10, Money: 0.8}},
		{ledger.Spent{Minutes: -5, Money: -0.1}, limit, true, ledger.Spent{Minutes: 5, Money: 0.7}},
		{ledger.Spent{Minutes: 1, Money: 0.5}, limit, false, ledger.Spent{Minutes: 5, Money: 0.7}},
		{ledger.Spent{Minutes: 1000, Money: 90}, ledger.Spent{}, true, ledger.Spent{Minutes: 1005, Money: 90.7}},
		{ledger.Spent{Minutes: -5000}, limit, true, ledger.Spent{Money: 90.7}},
	} {
		ok := false
		if err := l.Update(ctx, func(tx ledger.Tx) (err error) {
			ok, err = tx.Spend("2026-03-05", c.add, c.limit)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		have, err := l.Spent(ctx, "2026-03-05")
		if err != nil || ok != c.ok || math.Abs(have.Minutes-c.have.Minutes) > 1e-9 || math.Abs(have.Money-c.have.Money) > 1e-9 {
			t.Errorf("%d: ok %v, spent %+v, %v", n, ok, have, err)
		}
	}
	if other, err := l.Spent(ctx, "2026-03-06"); err != nil || other != (ledger.Spent{}) {
		t.Errorf("another night has cost %+v, %v", other, err)
	}
}
