package ledgertest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"guidang/pipeline/ledger"
)

// pieces of mails are given with all their places, by mail and number, and what was
// joined of them by its item.
func pieces(t *testing.T, l ledger.Ledger) {
	var whole *ledger.Item
	ids := map[string]int64{}
	update(t, l, func(tx ledger.Tx) error {
		for _, name := range []string{"b/2", "a/2", "a/1", "a/3"} {
			_, c, err := read(tx, name, name[len(name)-1:])
			if err != nil {
				return err
			}
			ids[name] = c.ID
		}
		for n, name := range []string{"a/1", "b/2", "a/3"} {
			if err := tx.SetPiece(ids[name], &ledger.Piece{Mail: "x@y", Number: n + 1, Total: n * n}); err != nil {
				return err
			}
		}
		var err error
		whole, _, err = read(tx, "a/1!/joined", "joined")
		return errors.Join(err, tx.SetPiece(whole.Content, &ledger.Piece{Mail: "w", Number: 1}), tx.AddWhole(&ledger.Whole{Item: whole.ID, Pieces: []int64{ids["a/1"], ids["b/2"], ids["a/3"]}}))
	})
	var got []string
	err := l.EachPiece(t.Context(), func(p *ledger.PieceAt) error {
		got = append(got, fmt.Sprint(p.Mail, " ", p.Number, "/", p.Total, " ", p.Locator, " ", p.Canonical))
		return nil
	})
	want := []string{"w 1/0 a/1!/joined true", "x@y 1/0 a/1 true", "x@y 2/1 a/2 false", "x@y 2/1 b/2 true", "x@y 3/4 a/3 true"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("pieces %q, %v", got, err)
	}
	update(t, l, func(tx ledger.Tx) error { return tx.SetPiece(whole.Content, nil) })
	got = nil
	if err := l.EachPiece(t.Context(), func(p *ledger.PieceAt) error { got = append(got, p.Mail); return nil }); err != nil || slices.Contains(got, "w") {
		t.Errorf("pieces %q, %v", got, err)
	}
	w, err := l.Whole(t.Context(), whole.ID)
	if err != nil || !slices.Equal(w.Pieces, []int64{ids["a/1"], ids["b/2"], ids["a/3"]}) {
		t.Errorf("whole %+v, %v", w, err)
	}
	if _, err := l.Whole(t.Context(), whole.ID+1); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("what was not joined: %v", err)
	}
	n := 0
	if err := l.EachWhole(t.Context(), func(*ledger.Whole) error { n++; return nil }); err != nil || n != 1 {
		t.Errorf("%d wholes, %v", n, err)
	}
}
