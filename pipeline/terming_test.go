package pipeline

import (
	"fmt"
	"slices"
	"testing"

	"guidang/pipeline/terms"
)

// TestLearnTerms: frequencies are learned when somebody says so, whatever the
// order in which things came, and hold until somebody says so again.
func TestLearnTerms(t *testing.T) {
	t.Parallel()
	things := []string{"锅炉", "配电箱", "输送带", "叉车", "冷却塔", "空压机"}
	works := []string{"检修", "改造", "验收", "采购", "盘点", "清洗", "巡查", "报废", "租赁", "安装"}
	letters := func(o *office, from, to int) {
		for i := from; i < to; i++ {
			o.write(fmt.Sprintf("%03d.txt", i), fmt.Sprintf("星河物流平台周报第%d期\n星河物流平台运行正常。%s%s待定。\n", i, things[i%6], works[i/6%10]))
		}
	}
	words := func(o *office) []string {
		v, err := o.a.Show(t.Context(), "007.txt", nil)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, w := range v.Terms {
			out = append(out, w.Term)
		}
		return out
	}
	one, other := newOffice(t), newOffice(t)
	letters(one, 0, 30)
	one.ingest()
	if did, err := one.a.LearnTerms(t.Context()); err != nil || did.Number != 0 || did.Changed != 0 {
		t.Errorf("30 texts: %+v, %v", did, err)
	}
	letters(one, 30, 60)
	one.ingest()
	before := words(one)
	letters(other, 20, 60)
	other.ingest()
	letters(other, 0, 20)
	other.ingest()
	for _, o := range []*office{one, other} {
		did, err := o.a.LearnTerms(t.Context())
		if err != nil || did.Number != 1 || did.Texts != 60 || did.Changed == 0 {
			t.Errorf("60 texts: %+v, %v", did, err)
		}
	}
	after := words(one)
	if slices.Index(after, "星河物流平台") <= slices.Index(before, "星河物流平台") || !slices.Equal(after, words(other)) {
		t.Errorf("before %v, after %v, in another order %v", before, after, words(other))
	}
	dump := one.dump()
	one.restart()
	one.ingest()
	if one.dump() != dump {
		t.Error("terms changed by themselves")
	}
	letters(one, 60, 61)
	letters(other, 60, 61)
	one.ingest()
	other.ingest()
	if got, want := one.a.learned.Load().String(), other.a.learned.Load().String(); got != want {
		t.Error("two archives of the same texts learned different frequencies")
	}
	now, err := one.a.ledger.Note(t.Context(), termsNote)
	if err != nil || now != terms.Fingerprint(one.a.termOptions()) {
		t.Errorf("the ledger's note of terms: %q, %v", now, err)
	}
}
