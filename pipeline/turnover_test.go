package pipeline

import (
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/both"
	"guidang/pipeline/index/embedded"
	"guidang/pipeline/ledger"
)

// An index that was filled beside another takes over once it answers alike, and
// not before.
func TestTurnOver(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for name, text := range map[string]string{"a.txt": "订单管理系统验收报告已经提交", "b.txt": "the delivery of version two is late", "c.txt": "尾款在验收之后十个工作日内支付"} {
		o.write(name, text)
	}
	o.ingest()
	fresh, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := both.Open(t.Context(), o.a.engine, fresh)
	if err != nil {
		t.Fatal(err)
	}
	o.a.engine = pair // nothing is under way; closed with the archive
	for _, filled := range []bool{false, true} {
		if filled {
			fill(t, o.a, fresh)
		}
		if err := o.a.turnOver(t.Context()); err != nil {
			t.Fatal(err)
		}
		if pair.Turned() != filled {
			t.Errorf("turned over: %v, the other index has everything: %v", pair.Turned(), filled)
		}
		if got := o.find("验收"); len(got) != 2 {
			t.Errorf("found %q", got)
		}
	}
	if questions, err := o.a.probes(t.Context(), fresh); err != nil || len(questions) != 3 {
		t.Errorf("asked %q, %v", questions, err)
	}
}

// fill gives an engine everything.
func fill(t *testing.T, a *Archive, e index.Engine) {
	t.Helper()
	var all []ledger.Outgoing
	err := a.ledger.EachFindable(t.Context(), func(o ledger.Outgoing) error {
		all = append(all, o)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := a.batch(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	token, err := b.give(t.Context(), e, index.Mark{Ledger: a.ledger.ID()})
	if err == nil {
		err = e.Visible(t.Context(), token)
	}
	if err != nil {
		t.Fatal(err)
	}
}
