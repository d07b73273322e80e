package ledgertest

import (
	"testing"
	"time"

	"guidang/pipeline/ledger"
)

// reviews is what a ledger keeps of quarterly reviews.
func reviews(t *testing.T, l ledger.Ledger) {
	at := time.Unix(1767225600, 0)
	first := ledger.Confirmation{Finding: "abc", Quarter: "2026Q1", Decision: "seen", Who: "何嘉", Note: "下季度补签", About: `{"id":"abc"}`, At: at}
	second := ledger.Confirmation{Finding: "abc", Quarter: "2026Q2", Decision: "done", Who: "Tom", At: at.Add(time.Hour)}
	update(t, l, func(tx ledger.Tx) error {
		if err := tx.AddConfirmation(&first); err != nil {
			return err
		}
		return tx.AddConfirmation(&second)
	})
	got, err := l.Confirmations(t.Context())
	if err != nil || len(got) != 2 || first.ID == 0 || second.ID <= first.ID {
		t.Fatalf("Confirmations: %v, %v", got, err)
	}
	if got[0].Note != first.Note || got[0].About != first.About || !got[0].At.Equal(at) || got[1].Who != "Tom" || got[1].Decision != "done" {
		t.Errorf("Confirmations: %+v", got)
	}
}
