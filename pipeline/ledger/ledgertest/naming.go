package ledgertest

import (
	"slices"
	"testing"

	"guidang/pipeline/ledger"
)

func naming(t *testing.T, l ledger.Ledger) {
	update(t, l, func(tx ledger.Tx) error {
		for _, r := range []struct{ locator, data string }{{"b", "one"}, {"a", "one"}, {"c", "two"}} {
			if _, _, err := read(tx, r.locator, r.data); err != nil {
				return err
			}
		}
		i := item("unread")
		return tx.AddItem(i)
	})
	var got []string
	err := l.EachNamed(t.Context(), func(f *ledger.Located) error {
		got = append(got, f.Content.DocumentID()[:4]+" "+f.Item.Source+" "+f.Item.Name)
		if f.Content.Tags != "[]" || f.Item.Modified.IsZero() {
			t.Errorf("%+v is not filled", f)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	one, two := content("one"), content("two")
	want := []string{one.DocumentID()[:4] + " s a", one.DocumentID()[:4] + " s b", two.DocumentID()[:4] + " s c"}
	if !slices.Equal(got, want) {
		t.Errorf("named %q, want %q", got, want)
	}
}
