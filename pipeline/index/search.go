package index

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"sync"
	"time"
)

const (
	maxCandidates = 2000 // passages that an engine is asked for, and documents that are verified
	maxLimit      = 500
	defaultLimit  = 20
)

// EngineSource gives the engine in use. It is asked for every search, so that
// an engine can be replaced while others search.
type EngineSource interface{ Engine() Engine }

// Searcher answers requests: the engine gives candidates, the true texts
// decide, and ranking, facets and snippets are made here, the same for every
// engine. Safe for concurrent use.
type Searcher struct {
	engine   EngineSource
	texts    Texts
	describe Describer
	lexicon  Lexicon // nil: none
}

// NewSearcher makes a Searcher.
func NewSearcher(engine EngineSource, texts Texts, describe Describer) *Searcher {
	return &Searcher{engine: engine, texts: texts, describe: describe}
}

// Search answers a request. A request without scopes finds nothing.
func (s *Searcher) Search(ctx context.Context, r Request) (*Result, error) {
	began := time.Now()
	res, err := s.search(ctx, r)
	if err == nil && len(r.Scopes) > 0 && (res.Total == 0 || len(res.LeftOut) > 0) {
		res.DidYouMean, err = s.spelling(ctx, &r, r.Text)
	}
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	res.TookMS = time.Since(began).Milliseconds()
	return res, nil
}

func (s *Searcher) search(ctx context.Context, r Request) (*Result, error) {
	q := Parse(r.Text)
	q.Narrow.meant(ctx, s.lexicon, r.Scopes)
	q.Narrow.apply(&r)
	res := &Result{Query: r.Text, TotalIs: "exact", Engine: s.engine.Engine().Name(), Hits: []Hit{}, Facets: map[string]map[string]int{}}
	for _, f := range []string{"kind", "type", "customer", "project", "year", "month", "tag", "person", "sensitive"} {
		res.Facets[f] = map[string]int{}
	}
	l := &lookup{s: s, engine: s.engine.Engine(), request: &r, question: &q, exact: true,
		described: map[string]*Description{}, recalled: map[string]bool{}, texts: map[PassageID]*passage{}}
	l.expand(ctx)
	var found []*match
	if len(r.Scopes) > 0 && !q.Nothing {
		if err := l.compounds(ctx); err != nil {
			return nil, err
		}
		l.setNeedles()
		var err error
		if found, err = l.answer(ctx); err != nil {
			return nil, err
		}
	}
	res.Words, res.LeftOut = wordsOf(l.question.Terms), l.leftOut
	res.TakenApart = l.apartFrom
	res.Total = len(found)
	if !l.exact {
		res.TotalIs = "at-least"
	}
	for _, m := range found {
		count(res.Facets, m.about)
		countMore(res.Facets, m.about)
	}
	cutFacets(res.Facets)
	found, err := l.fold(ctx, found)
	if err != nil {
		return nil, err
	}
	res.Groups, res.Meetings, res.needles = len(found), l.meetings(found), l.needles
	shown, err := l.refresh(ctx, page(found, r.Limit, r.Offset))
	if err != nil {
		return nil, err
	}
	if err := l.complete(ctx, shown); err != nil {
		return nil, err
	}
	res.Hits = make([]Hit, len(shown))
	var wg sync.WaitGroup
	for n, m := range shown {
		wg.Go(func() { res.Hits[n] = l.hit(m) })
	}
	wg.Wait()
	return res, nil
}

func page(found []*match, limit, offset int) []*match {
	if limit <= 0 {
		limit = defaultLimit
	}
	from := min(max(offset, 0), len(found))
	return found[from:min(from+min(limit, maxLimit), len(found))]
}

func count(facets map[string]map[string]int, d *Description) {
	facets["kind"][string(d.Kind)]++
	if d.Type != "" {
		facets["type"][string(d.Type)]++
	}
	for _, s := range d.Sensitive {
		facets["sensitive"][s]++
	}
	if d.Customer != "" {
		facets["customer"][d.Customer]++
	}
	if !d.Date.IsZero() {
		facets["year"][strconv.Itoa(d.Date.Year())]++
	}
	seen := map[string]bool{}
	for _, t := range d.Tags {
		if !seen[t] {
			seen[t] = true
			facets["tag"][t]++
		}
	}
}

// hit makes what is shown of a match.
func (l *lookup) hit(m *match) Hit {
	h := Hit{
		ID: m.id.String(), Document: m.id.Document, Locator: m.about.Locator, Title: m.about.Title, Kind: m.about.Kind, Type: m.about.Type,
		Customer: m.about.Customer, Project: m.about.Project, Position: m.passage.Position,
		Snippet: snippet(m.passage.Text, l.needles), Score: m.score, Tags: m.about.Tags,
		URL: l.address(m.id),
	}
	if h.Tags == nil {
		h.Tags = []string{}
	}
	if h.Title == "" {
		h.Title = m.about.Name
	}
	if !m.about.Date.IsZero() {
		h.Date = m.about.Date.Format(time.DateOnly)
	}
	for _, u := range m.under {
		f := Folded{ID: u.id.String(), Document: u.id.Document, Relation: u.relation, Title: cmp.Or(u.about.Title, u.about.Name), Kind: u.about.Kind, URL: l.address(u.id)}
		if f.Title == h.Title && u.about.Name != "" { // what tells versions apart
			f.Title = u.about.Name
		}
		if !u.about.Date.IsZero() {
			f.Date = u.about.Date.Format(time.DateOnly)
		}
		h.Under = append(h.Under, f)
	}
	return h
}

// address is where the pages show a passage.
func (l *lookup) address(id PassageID) string {
	path := "/d/" + url.PathEscape(id.Document)
	if l.request.Text != "" {
		path += "?q=" + url.QueryEscape(l.request.Text)
	}
	return path + "#p" + strconv.Itoa(id.Seq)
}

// match is a document that was found, at its best passage.
type match struct {
	id      PassageID
	about   *Description
	passage *Passage
	score   float64
	under   []under // what was folded under it
}

// all are the match and what was folded under it.
func (m *match) all() []*match {
	out := []*match{m}
	for _, u := range m.under {
		out = append(out, u.match)
	}
	return out
}

// order puts the best first; equal ones newest first, then by id, so that pages
// of a result do not overlap.
func (l *lookup) order(found []*match) {
	byDate := l.request.Sort == ByDate
	sort.Slice(found, func(i, j int) bool {
		a, b := found[i], found[j]
		switch {
		case byDate && !a.about.Date.Equal(b.about.Date):
			return a.about.Date.After(b.about.Date)
		case a.score != b.score:
			return a.score > b.score
		case !a.about.Date.Equal(b.about.Date):
			return a.about.Date.After(b.about.Date)
		}
		return a.id.Document < b.id.Document
	})
}

// allows is the filter of a request once more, on what the ledger says: the
// index may be a revision behind.
func allows(r *Request, d *Description) bool {
	if len(r.Kinds) > 0 && !slices.Contains(r.Kinds, d.Kind) {
		return false
	}
	if len(r.Types) > 0 && !slices.Contains(r.Types, d.Type) {
		return false
	}
	if len(r.Sensitive) > 0 && !slices.ContainsFunc(r.Sensitive, func(s string) bool { return slices.Contains(d.Sensitive, s) }) {
		return false
	}
	if !r.From.IsZero() && (d.Date.IsZero() || d.Date.Before(r.From)) {
		return false
	}
	if !r.To.IsZero() && (d.Date.IsZero() || !d.Date.Before(r.To)) {
		return false
	}
	for _, t := range r.Tags {
		if !slices.Contains(d.Tags, t) {
			return false
		}
	}
	return true
}
