package index

import (
	"cmp"
	"maps"
	"slices"
)

// facetMost is how many values of a facet with no end of values are told: those
// of most documents.
const facetMost = 50

// countMore counts a document's month, project and people.
func countMore(facets map[string]map[string]int, d *Description) {
	add := func(facet, value string) {
		if facets[facet] == nil {
			facets[facet] = map[string]int{}
		}
		if value != "" {
			facets[facet][value]++
		}
	}
	add("project", d.Project)
	if !d.Date.IsZero() {
		add("month", d.Date.Format("2006-01"))
	}
	seen := make(map[string]bool, len(d.People))
	for _, p := range d.People {
		if !seen[p.Name] {
			seen[p.Name] = true
			add("person", p.Name)
		}
	}
}

// cutFacets leaves the commonest people.
func cutFacets(facets map[string]map[string]int) {
	people := facets["person"]
	if len(people) <= facetMost {
		return
	}
	names := slices.SortedFunc(maps.Keys(people), func(a, b string) int {
		return cmp.Or(cmp.Compare(people[b], people[a]), cmp.Compare(a, b))
	})
	for _, name := range names[facetMost:] {
		delete(people, name)
	}
}
