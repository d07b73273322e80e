package ledgertest

import (
	"slices"
	"testing"

	"guidang/pipeline/ledger"
)

// bareItems is whose the items without a content are.
func bareItems(t *testing.T, l ledger.Ledger) {
	customer := &ledger.Customer{Name: "安澜物流集团有限公司"}
	project := &ledger.Project{Key: "PROJ-1"}
	locked := &ledger.Item{Source: "s", Locator: "锁.zip!/合同.pdf", Name: "合同.pdf", State: ledger.Waiting, Reason: "password", Size: 9}
	skipped := &ledger.Item{Source: "s", Locator: "Thumbs.db", Name: "Thumbs.db", State: ledger.Skipped}
	open := &ledger.Item{Source: "s", Locator: "未读.txt", Name: "未读.txt", State: ledger.Pending, Todo: true}
	update(t, l, func(tx ledger.Tx) error {
		if _, _, err := read(tx, "有字.txt", "a"); err != nil {
			return err
		}
		for _, i := range []*ledger.Item{locked, skipped, open} {
			if err := tx.AddItem(i); err != nil {
				return err
			}
		}
		if err := tx.PutCustomer(customer); err != nil {
			return err
		}
		project.CustomerID = customer.ID
		return tx.PutProject(project)
	})
	var places []string
	err := l.EachBare(t.Context(), func(s *ledger.Spot) error {
		places = append(places, s.Locator)
		return nil
	})
	if err != nil || !slices.Equal(places, []string{skipped.Locator, locked.Locator}) {
		t.Errorf("bare items %q, %v", places, err)
	}
	of := func(f ledger.OfDossier) (out []string) {
		t.Helper()
		err := l.BareAssignments(t.Context(), f, func(item int64, b *ledger.Belonging) error {
			if item == locked.ID {
				out = append(out, b.Name+" "+b.Key+" "+b.Evidence[0].Detail)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		return out
	}
	why := []ledger.Evidence{{Rule: "folder", Detail: "安澜", Weight: 950}}
	update(t, l, func(tx ledger.Tx) error {
		return tx.SetBareAssignments(locked.ID, []ledger.Assignment{{Customer: customer.ID, Project: project.ID, Standing: ledger.Sure, Confidence: 950, Evidence: why}})
	})
	want := []string{"安澜物流集团有限公司 PROJ-1 安澜"}
	for _, f := range []ledger.OfDossier{{}, {Customer: customer.ID}, {Project: project.ID}} {
		if got := of(f); !slices.Equal(got, want) {
			t.Errorf("%+v: %q", f, got)
		}
	}
	if got := of(ledger.OfDossier{Customer: customer.ID + 1}); got != nil {
		t.Errorf("of another customer: %q", got)
	}
	update(t, l, func(tx ledger.Tx) error { return tx.SetBareAssignments(locked.ID, nil) })
	if got := of(ledger.OfDossier{}); got != nil {
		t.Errorf("taken away: %q", got)
	}
}
