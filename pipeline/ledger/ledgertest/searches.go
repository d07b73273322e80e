package ledgertest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"guidang/pipeline/ledger"
)

func searches(t *testing.T, l ledger.Ledger) {
	now := time.UnixMilli(time.Now().UnixMilli())
	mine := &ledger.Saved{Owner: "me", Name: "验收", Address: "q=x", Request: "{}", Scopes: "null", Token: "one", Created: now}
	hers := &ledger.Saved{Owner: "her", Name: "合同", Token: "two", Created: now}
	update(t, l, func(tx ledger.Tx) error {
		if err := errors.Join(tx.SaveSearch(mine), tx.SaveSearch(hers)); err != nil {
			return err
		}
		return errors.Join(tx.FoundBy(mine.ID, []string{"a", "b"}, time.Time{}), tx.FoundBy(hers.ID, []string{"c"}, time.Time{}), tx.FoundBy(hers.ID, nil, now))
	})
	got, err := l.SavedSearches(t.Context(), "me")
	if err != nil || len(got) != 1 || *got[0] != *mine {
		t.Fatalf("mine %+v, %v", got, err)
	}
	if s, err := l.SavedSearch(t.Context(), "two"); err != nil || s.Name != "合同" {
		t.Errorf("by token: %+v %v", s, err)
	}
	if _, err := l.SavedSearch(t.Context(), ""); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("an unknown token: %v", err)
	}
	if fresh, err := l.UnseenBy(t.Context(), mine.ID, []string{"a", "c", "d"}); err != nil || !slices.Equal(fresh, []string{"c", "d"}) {
		t.Errorf("unseen %q %v", fresh, err)
	}
	update(t, l, func(tx ledger.Tx) error {
		return errors.Join(tx.FoundBy(mine.ID, []string{"a", "c"}, now), tx.FoundBy(mine.ID, []string{"d"}, now.Add(time.Second)))
	})
	hits, err := l.SavedHits(t.Context(), mine.ID, 10)
	if want := []ledger.SavedHit{{Document: "d", Since: now.Add(time.Second)}, {Document: "c", Since: now}}; err != nil || !slices.Equal(hits, want) {
		t.Errorf("hits %v %v, want %v", hits, err, want)
	}
	update(t, l, func(tx ledger.Tx) error {
		if err := tx.DropSearch("her", mine.ID); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("somebody else's was dropped: %v", err)
		}
		return tx.DropSearch("me", mine.ID)
	})
	if got, err := l.SavedSearches(t.Context(), "me"); err != nil || len(got) != 0 {
		t.Errorf("after all was dropped: %v %v", got, err)
	}
	if hits, err := l.SavedHits(t.Context(), mine.ID, 10); err != nil || len(hits) != 0 {
		t.Errorf("its hits are left: %v %v", hits, err)
	}
}
