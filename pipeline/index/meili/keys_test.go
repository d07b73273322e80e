package meili

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// Of a master key one key with few rights is made, and nothing else is used.
func TestLeastRights(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	if len(f.keys) != 1 || f.keys[0].Indexes[0] != "t_*" || e.s.key.Key != f.keys[0].Key {
		t.Fatalf("keys %+v, in use %q", f.keys, e.s.key.Name)
	}
	f.mu.Lock()
	f.answer = func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
		if r.Header.Get("Authorization") == "Bearer "+fakeKey {
			t.Errorf("%s %s with the master key", r.Method, r.URL.Path)
		}
		return false
	}
	f.mu.Unlock()
	visible(t, e, upsert(t, e, 1, indextest.Doc("a", "甲", "验收")))
	if _, err := e.Search(t.Context(), index.Query{Terms: index.Parse("验收").Terms, Scopes: []string{indextest.Everyone}, Candidates: 5}); err != nil {
		t.Error(err)
	}
	fresh, err := e.Rebuild(t.Context())
	if err == nil {
		err = fresh.Swap(t.Context())
	}
	if err != nil {
		t.Error(err)
	}
	f.mu.Lock()
	f.answer = nil
	f.mu.Unlock()
	again := openFake(t, f, quick())
	if len(f.keys) != 1 || again.s.key.Key != f.keys[0].Key {
		t.Errorf("a second opening made of one key %d", len(f.keys))
	}
	given := openAt(t, Options{URL: f.url, Key: f.keys[0].Key, Prefix: "t"}, quick())
	if given.s.key.Key != f.keys[0].Key || given.s.key.UID != "" {
		t.Errorf("a key that was given is not the one in use: %+v", given.s.key)
	}
	other := openAt(t, Options{URL: f.url, Key: f.key, Prefix: "u"}, quick())
	if len(f.keys) != 2 || other.s.key.Indexes[0] != "u_*" {
		t.Errorf("another prefix has no key of its own: %+v", f.keys)
	}
}

// A token lets through what its scopes hold and nothing else, whatever is asked.
func TestTenantsAreLocked(t *testing.T) {
	t.Parallel()
	locked(t, openFake(t, newFake(t), quick()))
}

// TestRealTenants is the same on a server.
func TestRealTenants(t *testing.T) {
	t.Parallel()
	locked(t, openAt(t, realOptions(t)(t), usualPace))
}

func locked(t *testing.T, e *Engine) {
	t.Helper()
	one, two := indextest.Doc("a", "甲", "验收报告"), indextest.Doc("b", "乙", "验收报告")
	one.Scopes, two.Scopes = []string{"source:A"}, []string{"source:a"}
	visible(t, e, upsert(t, e, 1, one, two))
	ask := func(api meilisearch.ServiceManager, scopes ...string) int {
		r := &meilisearch.SearchRequest{Filter: in("scopes", exactAll(scopes)), Limit: 10, AttributesToRetrieve: []string{primaryKey}}
		hits, total, err := e.s.hits(t.Context(), api.Index(e.uid), "", r)
		if err != nil {
			t.Fatal(err)
		}
		listed, err := e.s.others(t.Context(), api.Index(e.uid), "", *r, total, 10)
		if err != nil || total != len(hits) || len(listed) != len(hits) {
			t.Errorf("%d hits, %d counted, %d listed, %v", len(hits), total, len(listed), err)
		}
		return len(hits)
	}
	api, err := e.s.asTenant(e.uid, []string{"source:A"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if a, b, both := ask(api, "source:A"), ask(api, "source:a"), ask(api, "source:A", "source:a"); a != 1 || b != 0 || both != 1 {
		t.Errorf("one's own %d, another's %d, both %d; want 1, 0, 1", a, b, both)
	}
	if same, err := e.s.asTenant(e.uid, []string{"source:A"}, time.Now().Add(time.Minute)); err != nil || same != api {
		t.Errorf("a token is made anew each time: %v", err)
	}
	if later, err := e.s.asTenant(e.uid, []string{"source:A"}, time.Now().Add(tenantLife)); err != nil || later == api {
		t.Errorf("a token outlives itself: %v", err)
	}
	for what, call := range map[string]func(ctx context.Context) error{
		"documents": func(ctx context.Context) error {
			return api.Index(e.uid).GetDocumentsWithContext(ctx, &meilisearch.DocumentsQuery{Limit: 1}, &meilisearch.DocumentsResult{})
		},
		"another index": func(ctx context.Context) error {
			_, err := api.Index(e.uid+"_other").SearchWithContext(ctx, "", &meilisearch.SearchRequest{Limit: 1})
			return err
		},
	} {
		var answer *Error
		if err := e.s.do(t.Context(), what, 1, call); !errors.As(err, &answer) || answer.Status != http.StatusForbidden {
			t.Errorf("%s with a token: %v", what, err)
		}
	}
}
