package meili

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"
	"golang.org/x/sync/errgroup"

	"guidang/pipeline/index"
)

const (
	// QUIRK: the server reads ten terms of a query, a quoted phrase being one, and
	// silently ignores the rest (v1.50).
	phrasesMost  = 10
	negativeMost = 20 // read beside them

	// Where there are more matches than are asked for, no document gives more than
	// a twentieth of them, and half of them are the best passages of different
	// documents.
	shareOfOne = 20

	// A hit costs the server 40 µs to write, 2,000 of them 80 ms (v1.50). So only the
	// best come as hits; of the others only the ids are asked for, as values of a
	// facet, of which it lists 2,000 in 5 ms.
	leading = 20

	// QUIRK: the values of more than 3,000 matches are found by going through all values
	// that the index has (v1.50).
	listMost = 3000
)

// search gives candidates: at most n.
func (s *server) search(ctx context.Context, uid string, q *index.Query) (out index.Candidates, err error) {
	n := min(q.Candidates, listMost)
	if n <= 0 || len(q.Scopes) == 0 || q.Documents != nil && len(q.Documents) == 0 {
		return out, nil
	}
	r := &meilisearch.SearchRequest{
		Filter: filterOf(q), Limit: int64(min(n, leading)), AttributesToRetrieve: []string{primaryKey}, Locales: locales,
		MatchingStrategy: meilisearch.All, ShowRankingScore: len(q.Terms) > 0,
	}
	byDate := len(q.Terms) == 0 || q.Newest
	if byDate {
		r.Sort = []string{"date:desc"} // those without a date come last
	}
	text := queryOf(q)
	api, err := s.asTenant(uid, q.Scopes, time.Now())
	if err != nil {
		return out, err
	}
	ix := api.Index(uid)
	best, total, err := s.hits(ctx, ix, text, r)
	out.Hits, out.More = best, total > n
	switch {
	case err != nil || total <= len(best):
		return out, err
	case byDate && out.More: // which ones there are depends on the order of all
		r.Limit = int64(n)
		out.Hits, _, err = s.hits(ctx, ix, text, r)
		return out, err
	}
	all := best
	if n > len(best) {
		others, err := s.others(ctx, ix, text, *r, total, n)
		if err != nil {
			return out, err
		}
		all = slices.Concat(best, without(others, best))
	}
	if !byDate && documents(best) < len(best)/2 { // one of each document, to begin with
		r.Distinct = "doc"
		if best, _, err = s.hits(ctx, ix, text, r); err != nil {
			return out, err
		}
	}
	out.Hits = choose(best, all, n)
	out.More = out.More || len(out.Hits) < total // a list was cut, or something went meanwhile
	return out, nil
}

// without gives the candidates that are not among some.
func without(all, some []index.Candidate) []index.Candidate {
	have := make(map[index.PassageID]bool, len(some))
	for i := range some {
		have[some[i].ID] = true
	}
	return slices.DeleteFunc(all, func(c index.Candidate) bool { return have[c.ID] })
}

// hits gives the best matches, and how many there are.
func (s *server) hits(ctx context.Context, ix meilisearch.IndexManager, text string, r *meilisearch.SearchRequest) ([]index.Candidate, int, error) {
	got, err := s.answer(ctx, ix, text, r)
	if err != nil {
		return nil, 0, err
	}
	out := make([]index.Candidate, len(got.Hits))
	for i, hit := range got.Hits {
		if out[i].ID, err = idOf(hit); err != nil {
			return nil, 0, err
		}
		if score, ok := hit["_rankingScore"]; ok {
			if err := json.Unmarshal(score, &out[i].Score); err != nil {
				return nil, 0, fmt.Errorf("meilisearch: score of %s: %w", out[i].ID, err)
			}
		}
	}
	return out, int(got.EstimatedTotalHits), nil
}

// others lists matches without an order or scores. Of more than n, where nothing is counted
// to the end anyway, it lists those in whose titles all stands, which somebody may page
// through, and of all of them half as many as n at least.
func (s *server) others(ctx context.Context, ix meilisearch.IndexManager, text string, r meilisearch.SearchRequest, total, n int) (out []index.Candidate, err error) {
	r.Limit, r.Sort, r.ShowRankingScore = 1, nil, false // the library cannot say 0
	if total <= n || text == "" {
		return s.part(ctx, ix, text, r, total, n)
	}
	var titled, some []index.Candidate
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		titles := r
		titles.AttributesToSearchOn = []string{"title", "name"}
		first, total, err := s.hits(ctx, ix, text, &titles)
		if titled = first; err == nil && total > len(first) {
			titled, err = s.part(ctx, ix, text, titles, total, n)
		}
		return err
	})
	g.Go(func() (err error) {
		some, err = s.part(ctx, ix, text, r, total, n)
		return err
	})
	err = g.Wait()
	return append(titled, without(some, titled)...), err
}

// part lists all matches, or of more than n those of the documents whose hash is low: a fair
// part.
func (s *server) part(ctx context.Context, ix meilisearch.IndexManager, text string, r meilisearch.SearchRequest, total, n int) (out []index.Candidate, err error) {
	r.Facets = []string{primaryKey}
	if total <= n {
		return s.list(ctx, ix, text, &r)
	}
	// Where one document has many of them the part may be too small.
	for from, to := 0, max(bins*n/total*5/8, 1); from < bins && len(out) < n/2; from, to = to, min(2*to, bins) {
		some := r
		some.Filter = fmt.Sprintf("%s AND bin >= %d AND bin < %d", r.Filter, from, to)
		more, err := s.list(ctx, ix, text, &some)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// list gives the ids of all matches.
func (s *server) list(ctx context.Context, ix meilisearch.IndexManager, text string, r *meilisearch.SearchRequest) ([]index.Candidate, error) {
	got, err := s.answer(ctx, ix, text, r)
	if err != nil {
		return nil, err
	}
	// {"id":{"a_0":1,"b_3":1}}: ids need no escaping, and reading them as any JSON was a
	// tenth of a search.
	quoted := bytes.Split(got.FacetDistribution, []byte{'"'})
	if len(quoted) < 2 || string(quoted[1]) != primaryKey {
		return nil, errors.New("meilisearch: no ids of matches")
	}
	out := make([]index.Candidate, 0, len(quoted)/2)
	for n := 3; n < len(quoted); n += 2 {
		id, err := index.ParsePassageID(string(quoted[n]))
		if err != nil {
			return nil, fmt.Errorf("meilisearch: a passage without an id of ours: %w", err)
		}
		out = append(out, index.Candidate{ID: id})
	}
	return out, nil
}

func (s *server) answer(ctx context.Context, ix meilisearch.IndexManager, text string, r *meilisearch.SearchRequest) (got *meilisearch.SearchResponse, err error) {
	err = s.do(ctx, "search", askAttempts, func(ctx context.Context) (err error) {
		got, err = ix.SearchWithContext(ctx, text, r)
		return err
	})
	return got, err
}

// documents counts them.
func documents(hits []index.Candidate) int {
	seen := map[string]bool{}
	for i := range hits {
		seen[hits[i].ID.Document] = true
	}
	return len(seen)
}

// choose takes n of more matches than that, or of matches most of which are of one document,
// best first: best has one of each document. What is beyond a document's share comes last.
func choose(best, all []index.Candidate, n int) []index.Candidate {
	out := make([]index.Candidate, 0, n)
	seen := make(map[index.PassageID]bool, n)
	have := make(map[string]int, n)
	take := func(from []index.Candidate, upTo, share int) {
		for _, c := range from {
			if len(out) >= upTo {
				return
			}
			if have[c.ID.Document] < share && !seen[c.ID] {
				seen[c.ID] = true
				have[c.ID.Document]++
				out = append(out, c)
			}
		}
	}
	take(best, n/2, 1)
	take(all, n, max(n/shareOfOne, 1))
	take(best, n, n)
	take(all, n, n)
	slices.SortStableFunc(out, func(a, b index.Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out
}

// queryOf writes the query: first what must not occur, then the phrases, then,
// since only the last word may be a prefix, that.
//
// Where there are more than the server reads, the longest stay: they are the
// rarest. The searcher verifies the rest on the true text.
func queryOf(q *index.Query) string {
	var parts []string
	for i := range q.Not {
		// Only what is one code word is left to the server. A phrase may be there
		// where the text is not (v-2 for v2), and would throw a hit out.
		p := phrasesOf(&q.Not[i])
		if len(p) == 1 && len(p[0].codes) == 1 && !p[0].prefix && len(parts) < negativeMost {
			parts = append(parts, "-"+p[0].codes[0])
		}
	}
	var phrases []phrase
	var prefix *phrase
	seen := map[string]bool{}
	for i := range q.Terms {
		for _, p := range phrasesOf(&q.Terms[i]) {
			if seen[p.String()] {
				continue
			}
			seen[p.String()] = true
			if p.prefix {
				if prefix == nil || len(p.codes[0]) > len(prefix.codes[0]) {
					prefix = &p
				}
				continue
			}
			phrases = append(phrases, p)
		}
	}
	slices.SortStableFunc(phrases, func(a, b phrase) int { return cmp.Compare(weight(&b), weight(&a)) })
	most := phrasesMost
	if prefix != nil {
		most--
	}
	for i := range phrases[:min(most, len(phrases))] {
		parts = append(parts, phrases[i].String())
	}
	if prefix != nil {
		parts = append(parts, prefix.String())
	}
	return strings.Join(parts, " ")
}

// weight is how much a phrase is likely to leave out.
func weight(p *phrase) (n int) {
	for _, c := range p.codes {
		n += len(c)
	}
	return n
}

// filterOf writes everything but the words. Values are in a form that needs no
// escaping, see exact.
func filterOf(q *index.Query) string {
	all := []string{in("scopes", exactAll(q.Scopes))}
	if len(q.Kinds) > 0 {
		kinds := make([]string, len(q.Kinds))
		for i, k := range q.Kinds {
			kinds[i] = string(k)
		}
		all = append(all, in("kind", exactAll(kinds)))
	}
	if len(q.Types) > 0 {
		types := make([]string, len(q.Types))
		for i, t := range q.Types {
			types[i] = string(t)
		}
		all = append(all, in("type", exactAll(types)))
	}
	if len(q.Sensitive) > 0 {
		all = append(all, in("sensitive", exactAll(q.Sensitive)))
	}
	if len(q.Customers) > 0 {
		all = append(all, in("customer", exactAll(q.Customers)))
	}
	if len(q.Projects) > 0 {
		all = append(all, in("project", exactAll(q.Projects)))
	}
	for _, t := range q.Tags {
		all = append(all, in("tags", []string{exact(t)}))
	}
	if !q.From.IsZero() {
		all = append(all, "date >= "+seconds(q.From))
	}
	if !q.To.IsZero() {
		all = append(all, "date < "+seconds(q.To))
	}
	if q.Documents != nil {
		all = append(all, in("doc", exactAll(q.Documents)))
	}
	if len(q.Terms) == 0 {
		all = append(all, "seq = 0")
	}
	return strings.Join(all, " AND ")
}

func in(field string, values []string) string {
	return field + ` IN ["` + strings.Join(values, `","`) + `"]`
}

// seconds is a bound as the index has dates: whole seconds.
func seconds(t time.Time) string {
	if t.Nanosecond() > 0 {
		t = t.Add(time.Second)
	}
	return strconv.FormatInt(t.Unix(), 10)
}
