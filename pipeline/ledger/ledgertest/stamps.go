package ledgertest

import (
	"errors"
	"slices"
	"testing"

	"guidang/pipeline/ledger"
)

func stamps(t *testing.T, l ledger.Ledger) {
	box := item("a.pst")
	other := item("b.pst")
	var inside []*ledger.Item
	update(t, l, func(tx ledger.Tx) error {
		if err := errors.Join(tx.AddItem(box), tx.AddItem(other)); err != nil {
			return err
		}
		for n, at := range []string{"a.pst!/1", "a.pst!/2", "a.pst!/3", "b.pst!/1"} {
			i := item(at)
			i.Parent, i.Within, i.Ordinal, i.Content = box.ID, 7, n+1, int64(10+n)
			if n == 3 {
				i.Parent, i.Ordinal = other.ID, 1
			}
			inside = append(inside, i)
			if err := tx.AddItem(i); err != nil {
				return err
			}
			if err := tx.SetStamp(i, "\xff"+at); err != nil {
				return err
			}
		}
		return nil
	})
	have := func(from, to int64, limit int) (out []int64) {
		all, err := l.Stamps(t.Context(), box.ID, from, to, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			out = append(out, s.Item)
		}
		return out
	}
	if got := have(0, 100, 10); !slices.Equal(got, []int64{inside[0].ID, inside[1].ID, inside[2].ID}) {
		t.Errorf("all: %v", got)
	}
	if got := have(2, 3, 10); !slices.Equal(got, []int64{inside[1].ID}) {
		t.Errorf("the second: %v", got)
	}
	if got := have(0, 100, 2); len(got) != 2 {
		t.Errorf("two at most: %v", got)
	}
	update(t, l, func(tx ledger.Tx) error {
		gone, without := *inside[0], *inside[2]
		gone.Gone, without.Content = true, 0
		newer := item("a.pst!/2")
		newer.Parent, newer.Ordinal, newer.Version, newer.Content = box.ID, 2, 1, 20
		if err := errors.Join(tx.SetItem(&gone), tx.SetItem(&without), tx.AddItem(newer)); err != nil {
			return err
		}
		inside = append(inside, newer)
		return tx.SetStamp(newer, "new")
	})
	all, err := l.Stamps(t.Context(), box.ID, 0, 100, 10)
	if want := (ledger.Stamp{Item: inside[4].ID, Ordinal: 2, Stamp: "new"}); err != nil || len(all) != 1 || all[0] != want {
		t.Errorf("have %+v, %v; want %+v: one is gone, of one the bytes are not known", all, err, want)
	}
	update(t, l, func(tx ledger.Tx) error {
		return errors.Join(tx.StillIn(8, []int64{inside[0].ID, inside[4].ID}), tx.StillIn(9, nil))
	})
	for n, want := range map[int]int64{0: 7, 1: 7, 4: 8} {
		if i, err := l.Item(t.Context(), inside[n].ID); err != nil || i.Within != want {
			t.Errorf("item %d lies in %d, %v; want %d", n, i.Within, err, want)
		}
	}
}
