package meili

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// The answer to a swap is lost; the server does it all the same.
func TestLostSwap(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	visible(t, e, upsert(t, e, 1, indextest.Doc("old", "旧", "验收")))
	fresh, err := e.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fresh.Upsert(t.Context(), []index.Entry{indextest.Doc("new", "新", "验收")}, index.Mark{Ledger: "L"}); err != nil {
		t.Fatal(err)
	}
	swaps := 0
	f.mu.Lock()
	f.answer = func(w http.ResponseWriter, r *http.Request, body []byte) bool {
		if r.URL.Path != "/swap-indexes" {
			return false
		}
		f.mu.Lock()
		f.route(httptest.NewRecorder(), r, body, &caller{master: true})
		f.mu.Unlock()
		swaps++
		w.WriteHeader(http.StatusGatewayTimeout)
		return true
	}
	f.mu.Unlock()
	before := e.Generation()
	if err := fresh.Swap(t.Context()); err == nil || swaps != 1 {
		t.Fatalf("swap: %v, %d times", err, swaps)
	}
	if err := fresh.Discard(); err != nil {
		t.Fatal(err)
	}
	want(t, e, map[string]string{"new": "1:1"})
	if err := e.Visible(t.Context(), upsert(t, e, 2, indextest.Doc("more", "更多", "验收"))); err == nil {
		t.Error("a batch is said to be in a generation that was replaced")
	}
	if now := e.Generation(); now == before || now != fresh.Generation() {
		t.Errorf("generation %s, before %s, rebuilt %s", now, before, fresh.Generation())
	}
	visible(t, e, upsert(t, e, 2, indextest.Doc("more", "更多", "验收")))
	want(t, e, map[string]string{"new": "1:1", "more": "1:1"})
	if len(f.indexes) != 1 {
		t.Errorf("%d indexes are left", len(f.indexes))
	}
}

// Another process rebuilds the same index.
func TestReplacedByAnother(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	one, two := openFake(t, f, quick()), openFake(t, f, quick())
	if one.Generation() != two.Generation() {
		t.Fatalf("%s and %s", one.Generation(), two.Generation())
	}
	token := upsert(t, one, 7, indextest.Doc("a", "甲", "验收"))
	fresh, err := two.Rebuild(t.Context())
	if err == nil {
		err = fresh.Swap(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := one.Visible(t.Context(), token); err == nil || one.Generation() != two.Generation() {
		t.Errorf("visible: %v; generation %s, want %s", err, one.Generation(), two.Generation())
	}
	if m, err := one.Mark(t.Context()); err != nil || m != (index.Mark{}) {
		t.Errorf("mark %v %v", m, err)
	}
	visible(t, one, upsert(t, one, 7, indextest.Doc("a", "甲", "验收")))
	want(t, two, map[string]string{"a": "1:1"})
}
