package ledgertest

import (
	"slices"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// forms of one document are kept, told from both sides, and forgotten.
func forms(t *testing.T, l ledger.Ledger) {
	var ids []int64
	update(t, l, func(tx ledger.Tx) error {
		for _, name := range []string{"发票.pdf", "发票.ofd", "发票.xml", "合同.docx"} {
			_, c, err := read(tx, "b/"+name, name)
			if err != nil {
				return err
			}
			ids = append(ids, c.ID)
			p := &ledger.Paper{Type: document.TypeInvoice, Locator: "b/" + name, Verdict: `{"type":"invoice"}`, Findings: "[]"}
			if name == "合同.docx" {
				p.Type = document.TypeContract
			}
			if err := tx.SetPaper(c.ID, p); err != nil {
				return err
			}
		}
		return tx.SetForms(nil, []ledger.Form{{Content: ids[1], Main: ids[0]}, {Content: ids[2], Main: ids[0]}})
	})
	var invoices []int64
	err := l.EachInvoice(t.Context(), func(content int64, verdict string) error {
		invoices = append(invoices, content)
		return nil
	})
	if err != nil || !slices.Equal(invoices, ids[:3]) {
		t.Errorf("invoices %v, %v; want %v", invoices, err, ids[:3])
	}
	want := []ledger.Form{{Content: ids[1], Main: ids[0]}, {Content: ids[2], Main: ids[0]}}
	for _, id := range ids[:3] {
		if got, err := l.Forms(t.Context(), id); err != nil || !slices.Equal(got, want) {
			t.Errorf("forms of %d: %v, %v", id, got, err)
		}
	}
	if got, err := l.Forms(t.Context(), ids[3]); err != nil || len(got) != 0 {
		t.Errorf("of a contract: %v, %v", got, err)
	}
	update(t, l, func(tx ledger.Tx) error { return tx.SetForms(ids[1:2], nil) })
	var left []ledger.Form
	if err := l.EachForm(t.Context(), func(f ledger.Form) error { left = append(left, f); return nil }); err != nil || !slices.Equal(left, want[1:]) {
		t.Errorf("left %v, %v", left, err)
	}
}
