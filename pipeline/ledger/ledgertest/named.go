package ledgertest

import (
	"slices"
	"strings"
	"testing"

	"guidang/pipeline/ledger"
)

// named: names of files are found from both sides, and what lies below a place.
func named(t *testing.T, l ledger.Ledger) {
	var ids []int64
	update(t, l, func(tx ledger.Tx) error {
		for _, name := range []string{"审批/审批.xlsx", "审批/附件/合同.docx", "审批/附件.zip!/a/报价.pdf", "审批2/合同.docx"} {
			_, c, err := read(tx, name, name)
			if err != nil {
				return err
			}
			ids = append(ids, c.ID)
		}
		if err := tx.SetNamed(ids[0], []string{"old.docx"}); err != nil {
			return err
		}
		return tx.SetNamed(ids[0], []string{"合同.docx", "合同.docx", "报价.pdf"})
	})
	for name, want := range map[string][]int64{"合同.docx": ids[:1], "报价.pdf": ids[:1], "old.docx": nil} {
		if got, err := l.NamedIn(t.Context(), name); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is named in %v, %v; want %v", name, got, err, want)
		}
	}
	for i, want := range []bool{true, false} {
		if got, err := l.NamesFiles(t.Context(), ids[i]); err != nil || got != want {
			t.Errorf("%d names files: %v, %v", i, got, err)
		}
	}
	for limit, want := range map[int]string{10: "审批/审批.xlsx 审批/附件.zip!/a/报价.pdf 审批/附件/合同.docx", 1: "审批/审批.xlsx"} {
		var got []string
		err := l.Below(t.Context(), "s", "审批/", limit, func(_ int64, locator string) error { got = append(got, locator); return nil })
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("below: %v, %v; want %s", got, err, want)
		}
	}
}
