package meili

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"

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
)

// search gives candidates: at most n, though the server is asked for one more to
// know whether there are any.
func (s *server) search(ctx context.Context, uid string, q *index.Query) (out index.Candidates, err error) {
	n := min(q.Candidates, mostHits-1)
	if n <= 0 || len(q.Scopes) == 0 || q.Documents != nil && len(q.Documents) == 0 {
		return out, nil
	}
	r := &meilisearch.SearchRequest{
		Filter: filterOf(q), Limit: int64(n + 1), AttributesToRetrieve: []string{primaryKey}, Locales: locales,
		MatchingStrategy: meilisearch.All, ShowRankingScore: len(q.Terms) > 0,
	}
	if len(q.Terms) == 0 || q.Newest {
		r.Sort = []string{"date:desc"} // those without a date come last
	}
	text := queryOf(q)
	api, err := s.asTenant(uid, q.Scopes, time.Now())
	if err != nil {
		return out, err
	}
	hits, err := s.hits(ctx, api.Index(uid), text, r)
	if err != nil {
		return out, err
	}
	if out.More = len(hits) > n; out.More && len(q.Terms) > 0 && !q.Newest {
		r.Distinct = "doc"
		best, err := s.hits(ctx, api.Index(uid), text, r)
		if err != nil {
			return out, err
		}
		hits = choose(best, hits, n)
	}
	out.Hits = hits[:min(n, len(hits))]
	return out, nil
}

func (s *server) hits(ctx context.Context, ix meilisearch.IndexManager, text string, r *meilisearch.SearchRequest) ([]index.Candidate, error) {
	var got *meilisearch.SearchResponse
	err := s.do(ctx, "search", askAttempts, func(ctx context.Context) (err error) {
		got, err = ix.SearchWithContext(ctx, text, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]index.Candidate, len(got.Hits))
	for i, hit := range got.Hits {
		if out[i].ID, err = idOf(hit); err != nil {
			return nil, err
		}
		if score, ok := hit["_rankingScore"]; ok {
			if err := json.Unmarshal(score, &out[i].Score); err != nil {
				return nil, fmt.Errorf("meilisearch: score of %s: %w", out[i].ID, err)
			}
		}
	}
	return out, nil
}

// choose takes n of more matches than that. best has one of each document. What
// is beyond a document's share comes last.
func choose(best, all []index.Candidate, n int) []index.Candidate {
	out := make([]index.Candidate, 0, n)
	seen := map[index.PassageID]bool{}
	have := map[string]int{}
	take := func(from []index.Candidate, upTo, share int) {
		for _, c := range from {
			if len(out) >= upTo {
				return
			}
			if !seen[c.ID] && have[c.ID.Document] < share {
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
