package meili

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

func TestDrift(t *testing.T) {
	t.Parallel()
	ours, err := json.Marshal(settings())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change string // JSON
		want   []string
	}{
		{`{}`, nil},
		{`{"maxValuesPerFacet": 7, "nonSeparatorTokens": []}`, nil},
		{`{"rankingRules": ["words", "sort"], "prefixSearch": "disabled"}`, []string{"rankingRules", "prefixSearch"}},
		{`{"searchableAttributes": ["*"]}`, []string{"searchableAttributes"}},
		{`{"proximityPrecision": null}`, []string{"proximityPrecision"}},
	} {
		var have, change map[string]json.RawMessage
		if err := json.Unmarshal(ours, &have); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(c.change), &change); err != nil {
			t.Fatal(err)
		}
		maps.Copy(have, change)
		if got, err := drift(have); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v, want %q", c.change, got, err, c.want)
		}
	}
}
