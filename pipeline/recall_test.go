package pipeline

import (
	"fmt"
	"testing"

	"guidang/pipeline/index"
)

// What is remembered is what was read, until that changes; what changed while it
// was being read is not kept.
func TestRecall(t *testing.T) {
	t.Parallel()
	r := &recall{}
	read := func(title string) map[string]*described {
		return map[string]*described{"a": {about: index.Description{Title: title, Tags: []string{"验收通过"}}, source: "s"}}
	}
	_, missing, turn := r.get([]string{"a", "b"})
	if len(missing) != 2 {
		t.Fatalf("missing %v", missing)
	}
	r.keep(read("甲"), turn)
	known, missing, _ := r.get([]string{"a", "b"})
	if len(missing) != 1 || known["a"] == nil || known["a"].about.Title != "甲" || known["a"].about.Tags[0] != "验收通过" || known["a"].source != "s" {
		t.Errorf("known %v, missing %v", known, missing)
	}
	r.forget([]string{"a"})
	_, missing, turn = r.get([]string{"a"})
	if len(missing) != 1 {
		t.Error("what changed is still known")
	}
	r.forget([]string{"a"}) // again, while the ledger is asked
	r.keep(read("甲"), turn)
	if _, missing, _ = r.get([]string{"a"}); len(missing) != 1 {
		t.Error("what was read before a change is kept")
	}
}

func TestRecallIsBounded(t *testing.T) {
	t.Parallel()
	r := &recall{most: 10}
	for n := range 50 {
		_, _, turn := r.get(nil)
		r.keep(map[string]*described{fmt.Sprint(n): {}}, turn)
	}
	if len(r.known) != 10 {
		t.Errorf("%d documents are remembered", len(r.known))
	}
}
