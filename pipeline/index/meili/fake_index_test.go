package meili

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// fakeIndex answers searches the way the server does, as far as code words go:
// phrases by pairs of neighbours, ten terms, the last word a prefix.
type fakeIndex struct {
	docs     map[string]*fakeDoc
	settings map[string]any
	updated  time.Time
}

type fakeDoc struct {
	id     string
	fields map[string]json.RawMessage
	values map[string]any
	words  map[string]int      // word: best field
	pairs  map[[2]string]uint8 // neighbours: how far apart, below 4
	facets map[string][]string
}

func newFakeIndex() *fakeIndex {
	return &fakeIndex{docs: map[string]*fakeDoc{}, settings: map[string]any{}, updated: time.Now()}
}

func newFakeDoc(line []byte) (*fakeDoc, error) {
	d := &fakeDoc{words: map[string]int{}, pairs: map[[2]string]uint8{}, facets: map[string][]string{}}
	if err := json.Unmarshal(line, &d.fields); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(line, &d.values); err != nil {
		return nil, err
	}
	d.id, _ = d.values["id"].(string)
	for weight, field := range searchable {
		text, _ := d.values[field].(string)
		d.index(text, weight)
	}
	for field, v := range d.values {
		switch v := v.(type) {
		case string:
			d.facets[field] = []string{strings.ToLower(v)}
		case []any:
			for _, one := range v {
				s, _ := one.(string)
				d.facets[field] = append(d.facets[field], strings.ToLower(s))
			}
		}
	}
	return d, nil
}

func (d *fakeDoc) index(text string, weight int) {
	type at struct {
		word string
		pos  int
	}
	var near []at
	pos := 0
	for f := range strings.FieldsSeq(text) {
		word := strings.TrimSuffix(f, ".")
		if have, ok := d.words[word]; !ok || weight < have {
			d.words[word] = weight
		}
		for _, b := range near {
			if dist := pos - b.pos; dist < 4 {
				key := [2]string{b.word, word}
				if have, ok := d.pairs[key]; !ok || uint8(dist) < have {
					d.pairs[key] = uint8(dist)
				}
			}
		}
		near = append(near, at{word, pos})
		if len(near) > 3 {
			near = near[1:]
		}
		if pos++; word != f {
			pos += 7 // of a hard separator
		}
	}
}

func (ix *fakeIndex) set(name string, v any) {
	ix.settings[name] = v
	if all, ok := v.(map[string]any); ok && name == "settings" {
		maps.Copy(ix.settings, all)
	}
}

// told are the settings as the server tells them.
func (ix *fakeIndex) told() map[string]any {
	out := map[string]any{"facetSearch": true, "filterableAttributes": []any{}, "stopWords": []any{}, "nonSeparatorTokens": []any{}, "separatorTokens": []any{}, "dictionary": []any{}, "synonyms": map[string]any{}, "distinctAttribute": nil}
	maps.Copy(out, ix.settings)
	for name, path := range map[string]string{"facetSearch": "facet-search", "filterableAttributes": "filterable-attributes"} {
		if v, ok := ix.settings[path]; ok {
			out[name] = v
		}
	}
	return out
}

func (ix *fakeIndex) mostHits() int {
	p, _ := ix.settings["pagination"].(map[string]any)
	if n, ok := p["maxTotalHits"].(float64); ok {
		return int(n)
	}
	return 1000
}

func (ix *fakeIndex) displayed(d *fakeDoc, fields []string) map[string]any {
	out := map[string]any{}
	for k, v := range d.fields {
		if shown := k == "id" || k == "rev" || k == "state" || k == "plain"; shown && (fields == nil || slices.Contains(fields, k)) {
			out[k] = v
		}
	}
	return out
}

type fakeQuery struct {
	Q                    string
	Filter               string
	Limit                int
	Sort                 []string
	Facets               []string
	AttributesToSearchOn []string
	Distinct             string
	MatchingStrategy     string
	ShowRankingScore     bool
	AttributesToRetrieve []string
	Fields               []string
}

func (ix *fakeIndex) fetch(w http.ResponseWriter, body []byte) {
	q := fakeQuery{Limit: 20}
	_ = json.Unmarshal(body, &q)
	all, err := ix.filtered(q.Filter)
	if err != "" {
		wrongf(w, 400, "invalid_document_filter", "%s", err)
		return
	}
	results := []any{}
	for _, d := range all[:min(q.Limit, len(all))] {
		results = append(results, ix.displayed(d, q.Fields))
	}
	reply(w, 200, map[string]any{"results": results, "total": len(all), "offset": 0, "limit": q.Limit})
}

func (ix *fakeIndex) search(w http.ResponseWriter, body []byte, rule string) {
	q := fakeQuery{Limit: 20}
	if err := json.Unmarshal(body, &q); err != nil {
		wrongf(w, 400, "bad_request", "%v", err)
		return
	}
	if rule != "" {
		q.Filter += " AND " + rule
	}
	all, bad := ix.filtered(q.Filter)
	if bad != "" {
		wrongf(w, 400, "invalid_search_filter", "%s", bad)
		return
	}
	for _, name := range q.Facets {
		if !ix.filterable(name) {
			wrongf(w, 400, "invalid_search_facets", "attribute %s is not filterable", name)
			return
		}
	}
	terms, not := parseFakeQuery(q.Q)
	type hit struct {
		d    *fakeDoc
		rank int
	}
	var hits []hit
	for _, d := range all {
		if rank, ok := d.match(terms, not); ok && d.only(terms, q.AttributesToSearchOn) {
			hits = append(hits, hit{d, rank})
		}
	}
	sort.SliceStable(hits, func(a, b int) bool { return hits[a].rank < hits[b].rank })
	if slices.Equal(q.Sort, []string{"date:desc"}) {
		sort.SliceStable(hits, func(a, b int) bool {
			x, okX := hits[a].d.values["date"].(float64)
			y, okY := hits[b].d.values["date"].(float64)
			return okX && (!okY || x > y)
		})
	}
	out := []any{}
	seen := map[string]bool{}
	for _, h := range hits {
		if len(out) == min(q.Limit, ix.mostHits()) {
			break
		}
		if q.Distinct != "" {
			v := strings.Join(h.d.facets[q.Distinct], "")
			if seen[v] {
				continue
			}
			seen[v] = true
		}
		shown := ix.displayed(h.d, q.AttributesToRetrieve)
		if q.ShowRankingScore {
			shown["_rankingScore"] = 1 / float64(1+h.rank)
		}
		out = append(out, shown)
	}
	answer := map[string]any{"hits": out, "query": q.Q, "limit": q.Limit, "offset": 0, "estimatedTotalHits": min(len(hits), ix.mostHits()), "processingTimeMs": 0}
	if len(q.Facets) > 0 {
		found := make([]*fakeDoc, len(hits))
		for i := range hits {
			found[i] = hits[i].d
		}
		answer["facetDistribution"] = ix.distribution(q.Facets, found)
	}
	reply(w, 200, answer)
}

func (ix *fakeIndex) filterable(name string) bool {
	rules, _ := ix.settings["filterable-attributes"].([]any)
	return slices.ContainsFunc(rules, func(rule any) bool {
		r, _ := rule.(map[string]any)
		patterns, _ := r["attributePatterns"].([]any)
		return slices.Contains(patterns, any(name))
	})
}

// distribution counts values of matches, the first ones in alphabetic order.
func (ix *fakeIndex) distribution(facets []string, found []*fakeDoc) map[string]map[string]int {
	most := 100
	if f, ok := ix.settings["faceting"].(map[string]any); ok {
		if n, ok := f["maxValuesPerFacet"].(float64); ok {
			most = int(n)
		}
	}
	out := map[string]map[string]int{}
	for _, name := range facets {
		counts := map[string]int{}
		for _, d := range found {
			for _, v := range d.facets[name] {
				counts[v]++
			}
		}
		for i, v := range slices.Sorted(maps.Keys(counts)) {
			if i >= most {
				delete(counts, v)
			}
		}
		out[name] = counts
	}
	return out
}

type fakeTerm struct {
	words  []string
	prefix bool
}

func parseFakeQuery(q string) (terms []fakeTerm, not []string) {
	for q = strings.TrimLeft(q, " "); q != "" && len(terms) < 10; q = strings.TrimLeft(q, " ") {
		if rest, ok := strings.CutPrefix(q, `"`); ok {
			var in string
			in, q, _ = strings.Cut(rest, `"`)
			terms = append(terms, fakeTerm{words: strings.Fields(in)})
			continue
		}
		var word string
		var more bool
		word, q, more = strings.Cut(q, " ")
		if rest, ok := strings.CutPrefix(word, "-"); ok {
			not = append(not, rest)
			continue
		}
		terms = append(terms, fakeTerm{[]string{word}, !more})
	}
	return terms, not
}

func (d *fakeDoc) match(terms []fakeTerm, not []string) (rank int, ok bool) {
	for _, w := range not {
		if _, has := d.words[w]; has {
			return 0, false
		}
	}
	for _, t := range terms {
		best := -1
		if t.prefix {
			for w, weight := range d.words {
				if strings.HasPrefix(w, t.words[0]) && (best < 0 || weight < best) {
					best = weight
				}
			}
		} else {
			best = d.phrase(t.words)
		}
		if best < 0 {
			return 0, false
		}
		rank += best
	}
	return rank, true
}

// only says whether the words stand in these fields.
func (d *fakeDoc) only(terms []fakeTerm, fields []string) bool {
	for _, t := range terms {
		for _, w := range t.words {
			if len(fields) > 0 && (t.prefix || !slices.Contains(fields, searchable[d.words[w]])) {
				return false
			}
		}
	}
	return true
}

// phrase is checked by the pairs of every three neighbours.
func (d *fakeDoc) phrase(words []string) (weight int) {
	for i, w := range words {
		at, ok := d.words[w]
		if !ok {
			return -1
		}
		weight = max(weight, at)
		for j := i + 1; j < len(words) && j < i+3; j++ {
			if dist, ok := d.pairs[[2]string{w, words[j]}]; !ok || int(dist) > j-i {
				return -1
			}
		}
	}
	return weight
}

// filtered keeps the order of ids.
func (ix *fakeIndex) filtered(filter string) (out []*fakeDoc, bad string) {
	ids := make([]string, 0, len(ix.docs))
	for id := range ix.docs {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	conditions := []func(*fakeDoc) bool{}
	for c := range strings.SplitSeq(filter, " AND ") {
		if c == "" {
			continue
		}
		ok := fakeCondition(c)
		if ok == nil {
			return nil, "cannot read " + c
		}
		conditions = append(conditions, ok)
	}
	for _, id := range ids {
		d := ix.docs[id]
		if !slices.ContainsFunc(conditions, func(ok func(*fakeDoc) bool) bool { return !ok(d) }) {
			out = append(out, d)
		}
	}
	return out, ""
}

func fakeCondition(c string) func(*fakeDoc) bool {
	field, rest, ok := strings.Cut(c, " ")
	if list, isList := strings.CutPrefix(rest, "IN "); ok && isList {
		var values []string
		if json.Unmarshal([]byte(list), &values) != nil {
			return nil
		}
		set := map[string]bool{}
		for _, v := range values {
			set[strings.ToLower(v)] = true
		}
		return func(d *fakeDoc) bool {
			return slices.ContainsFunc(d.facets[field], func(v string) bool { return set[v] })
		}
	}
	op, value, ok := strings.Cut(rest, " ")
	want, err := strconv.ParseFloat(value, 64)
	if !ok || err != nil {
		return nil
	}
	return func(d *fakeDoc) bool {
		have, ok := d.values[field].(float64)
		switch op {
		case "=":
			return ok && have == want
		case ">=":
			return ok && have >= want
		case "<":
			return ok && have < want
		}
		return false
	}
}
