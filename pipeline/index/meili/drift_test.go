package meili

import (
	"encoding/json"
	"slices"
	"testing"

	"guidang/pipeline/index/indextest"
)

func TestDrift(t *testing.T) {
	t.Parallel()
	// As v1.50 tells them.
	rest := `{"nonSeparatorTokens": [], "separatorTokens": [], "stopWords": [], "dictionary": [], "synonyms": {}, "distinctAttribute": null, "embedders": {}, "facetSearch": false}`
	ours, err := json.Marshal(settings())
	if err != nil {
		t.Fatal(err)
	}
	filters, err := json.Marshal(filterable())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change string // JSON
		want   []string
	}{
		{`{}`, nil},
		{`{"embedders": {"a": {}}, "chat": {}}`, nil},
		{`{"rankingRules": ["words", "sort"], "prefixSearch": "disabled"}`, []string{"prefixSearch", "rankingRules"}},
		{`{"faceting": {"maxValuesPerFacet": 50, "sortFacetValuesBy": {"*": "alpha"}}}`, []string{"faceting"}},
		{`{"pagination": {"maxTotalHits": 1000}, "filterableAttributes": ["doc"]}`, []string{"filterableAttributes", "pagination"}},
		{`{"stopWords": ["qkmxe0e"], "synonyms": {"a": ["b"]}, "distinctAttribute": "doc"}`, []string{"distinctAttribute", "stopWords", "synonyms"}},
		{`{"searchableAttributes": ["*"]}`, []string{"searchableAttributes"}},
		{`{"proximityPrecision": null}`, []string{"proximityPrecision"}},
	} {
		have := map[string]json.RawMessage{"filterableAttributes": filters}
		for _, some := range []string{rest, string(ours), c.change} {
			if err := json.Unmarshal([]byte(some), &have); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := drift(have); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v, want %q", c.change, got, err, c.want)
		}
	}
}

// What was changed on the server is as it was when the index is opened again.
func TestPutBack(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	e := openFake(t, f, quick())
	visible(t, e, upsert(t, e, 1, indextest.Doc("a", "邮件", "物料")))
	told := func() map[string]json.RawMessage {
		var out map[string]json.RawMessage
		if err := e.s.look(t.Context(), "/indexes/"+e.uid+"/settings", e.s.key.Key, &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got, err := drift(told()); err != nil || len(got) > 0 {
		t.Fatalf("at first %q, %v", got, err)
	}
	for name, v := range map[string]any{"faceting": map[string]any{"maxValuesPerFacet": 50.0}, "stopWords": []any{"qkmxe0e"}} {
		f.mu.Lock()
		f.indexes[e.uid].set(name, v)
		f.mu.Unlock()
		if got, err := drift(told()); err != nil || !slices.Equal(got, []string{name}) {
			t.Errorf("changed %s: %q, %v", name, got, err)
		}
		if err := openFake(t, f, quick()).Close(); err != nil {
			t.Error(err)
		}
		if got, err := drift(told()); err != nil || len(got) > 0 {
			t.Errorf("opened again: %q, %v", got, err)
		}
	}
	if got := held(t, e); len(got) != 1 {
		t.Errorf("the index has %v", got)
	}
}
