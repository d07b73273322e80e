package meili

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/meilisearch/meilisearch-go"

	"guidang/pipeline/index"
)

const (
	// format names how passages are written; an index of another format is made
	// anew. It changes with code.go and rows.go, and with index.Tokens.
	format = "2." + index.Analysis

	primaryKey = "id"
	cutoff     = 1500 // milliseconds; what is found until then is answered, unranked
)

// searchable is in the order of weight.
var searchable = []string{"title", "name", "people", "terms", "heading", "body"}

// settings of an index. They are sent in three parts, because the library
// (v0.36.3) cannot say facetSearch:false nor rules for filters in its Settings.
func settings() *meilisearch.Settings {
	prefix := "indexingTime"
	return &meilisearch.Settings{
		SearchableAttributes: searchable,
		DisplayedAttributes:  []string{primaryKey, "rev", "state", "plain"},
		SortableAttributes:   []string{"date"},
		RankingRules:         []string{"sort", "words", "attribute", "proximity"},
		ProximityPrecision:   meilisearch.ByWord, // else phrases are only words in the same field
		PrefixSearch:         &prefix,
		SearchCutoffMs:       cutoff,
		Pagination:           &meilisearch.Pagination{MaxTotalHits: everything}, // else not all are counted
		// More than a list has, should many documents come in between two requests.
		Faceting: &meilisearch.Faceting{MaxValuesPerFacet: 2 * listMost, SortFacetValuesBy: map[string]meilisearch.SortFacetType{"*": meilisearch.SortFacetTypeAlpha}},
		// Code words look Latin, and a run of them may look German, whose words the
		// server cuts in parts. A declared language is not guessed.
		LocalizedAttributes: []*meilisearch.LocalizedAttributes{{Locales: locales, AttributePatterns: []string{"*"}}},
		// The zero value would be sent as it is, lists as null.
		TypoTolerance: &meilisearch.TypoTolerance{
			MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: 5, TwoTypos: 9},
			DisableOnWords:      []string{}, DisableOnAttributes: []string{}, DisableOnNumbers: true,
		},
	}
}

var locales = []string{"eng"}

func filterable() []any {
	rule := func(f meilisearch.FilterFeatures, names ...string) meilisearch.AttributeRule {
		return meilisearch.AttributeRule{AttributePatterns: names, Features: meilisearch.AttributeFeatures{Filter: f}}
	}
	return []any{
		rule(meilisearch.FilterFeatures{Equality: true}, primaryKey, "doc", "scopes", "kind", "type", "tags", "sensitive", "customer", "project"),
		rule(meilisearch.FilterFeatures{Equality: true, Comparison: true}, "date", "seq", "bin"),
	}
}

// settingsHash names the settings, so that they are sent only when they differ:
// most changes make the server index everything again.
func settingsHash() (string, error) {
	b, err := json.Marshal([]any{settings(), filterable(), false})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), nil
}
