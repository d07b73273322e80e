package embedded

import (
	"context"
	"errors"
	"time"

	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	api "github.com/blevesearch/bleve_index_api"

	"guidang/pipeline/index"
)

const (
	boostTitle  = 4.0
	prefixTerms = 20_000 // that a prefix stands for at most
	termsAtOnce = 256    // lookups that are open at the same time
)

// query builds the searchers of one question. What it made is closed with the
// searcher that holds it; after an error nothing needs closing but readers that
// the snapshot keeps anyway.
type query struct {
	ctx     context.Context //nolint:containedctx // lives as long as one search
	r       api.IndexReader
	partial bool // a prefix stood for more than prefixTerms
}

func scored() search.SearcherOptions { return search.SearcherOptions{} }

// unscored searchers are combined as bitmaps.
func unscored() search.SearcherOptions { return search.SearcherOptions{Score: "none"} }

// build gives the searcher of q; nil finds nothing.
func (b *query) build(q *index.Query) (search.Searcher, error) {
	filter, err := b.filter(q)
	if err != nil || filter == nil {
		return nil, err
	}
	must := []search.Searcher{filter}
	var should []search.Searcher
	seen := map[string]bool{}
	for i := range q.Terms {
		t := &q.Terms[i]
		if len(t.Tokens) == 0 {
			return nil, closeAll(append(must, should...))
		}
		all, err := b.tokens(t, fieldText, 1, scored(), seen)
		if must = append(must, all...); err != nil {
			return nil, errors.Join(err, closeAll(append(must, should...)))
		}
		titled, err := b.tokens(t, fieldTitle, boostTitle, scored(), nil)
		if err == nil && len(titled) > 0 {
			var one search.Searcher
			if one, err = searcher.NewConjunctionSearcher(b.ctx, b.r, titled, scored()); err == nil {
				should = append(should, one)
			}
		}
		if err != nil {
			return nil, errors.Join(err, closeAll(append(must, should...)))
		}
	}
	not, err := b.not(q.Not)
	if err != nil {
		return nil, errors.Join(err, closeAll(append(must, should...)))
	}
	return b.combine(must, should, not)
}

func (b *query) combine(must, should, not []search.Searcher) (search.Searcher, error) {
	all, err := searcher.NewConjunctionSearcher(b.ctx, b.r, must, scored())
	if err != nil {
		return nil, errors.Join(err, closeAll(append(append(must, should...), not...)))
	}
	if len(should)+len(not) == 0 {
		return all, nil
	}
	// Nil interfaces, not nil pointers, say that there is none.
	var some, none search.Searcher
	if len(should) > 0 {
		if some, err = searcher.NewDisjunctionSearcher(b.ctx, b.r, should, 0, scored()); err != nil {
			return nil, errors.Join(err, all.Close(), closeAll(append(should, not...)))
		}
	}
	if len(not) > 0 {
		if none, err = searcher.NewDisjunctionSearcher(b.ctx, b.r, not, 1, unscored()); err != nil {
			return nil, errors.Join(err, all.Close(), closeAll(not))
		}
	}
	return searcher.NewBooleanSearcher(b.ctx, b.r, all, some, none, scored())
}

// tokens gives a searcher for each token of a term. Those that were seen
// already are left out.
func (b *query) tokens(t *index.Term, field string, boost float64, o search.SearcherOptions, seen map[string]bool) (out []search.Searcher, err error) {
	for n, token := range t.Tokens {
		prefix := t.Prefix && n == len(t.Tokens)-1
		key := token
		if prefix {
			key += "*"
		}
		if seen != nil {
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		var s search.Searcher
		if prefix {
			s, err = b.prefix(field, token)
		} else {
			s, err = searcher.NewTermSearcherBytes(b.ctx, b.r, []byte(token), field, boost, o)
		}
		if err != nil {
			return out, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (b *query) not(terms []index.Term) (out []search.Searcher, err error) {
	for i := range terms {
		all, err := b.tokens(&terms[i], fieldText, 1, unscored(), nil)
		if err != nil {
			return nil, errors.Join(err, closeAll(append(out, all...)))
		}
		if len(all) == 0 {
			continue
		}
		one, err := searcher.NewConjunctionSearcher(b.ctx, b.r, all, unscored())
		if err != nil {
			return nil, errors.Join(err, closeAll(append(out, all...)))
		}
		out = append(out, one)
	}
	return out, nil
}

// prefix finds every term that begins with p.
func (b *query) prefix(field, p string) (_ search.Searcher, err error) {
	d, err := b.r.FieldDictPrefix(field, []byte(p))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	var terms [][]byte
	for {
		entry, err := d.Next()
		if err != nil {
			return nil, err
		}
		if entry == nil {
			break
		}
		if len(terms) == prefixTerms {
			b.partial = true
			break
		}
		terms = append(terms, []byte(entry.Term))
	}
	return b.anyOf(field, terms)
}

// anyOf finds what has one of the terms. Lookups are combined in groups, since
// each open one costs about a kilobyte for every segment.
func (b *query) anyOf(field string, terms [][]byte) (search.Searcher, error) {
	var groups []search.Searcher
	for len(terms) > 0 {
		n := min(len(terms), termsAtOnce)
		s, err := searcher.NewMultiTermSearcherBytes(b.ctx, b.r, terms[:n], field, 1, unscored(), false)
		if err != nil {
			return nil, errors.Join(err, closeAll(groups))
		}
		groups = append(groups, s)
		terms = terms[n:]
	}
	switch len(groups) {
	case 0:
		return searcher.NewMatchNoneSearcher(b.r)
	case 1:
		return groups[0], nil
	}
	return searcher.NewDisjunctionSearcher(b.ctx, b.r, groups, 1, unscored())
}

// filter combines everything but the words.
func (b *query) filter(q *index.Query) (search.Searcher, error) {
	if len(q.Scopes) == 0 {
		return nil, nil
	}
	groups := [][]string{facets(facetScope, q.Scopes)}
	if len(q.Kinds) > 0 {
		var kinds []string
		for _, k := range q.Kinds {
			kinds = append(kinds, facetKind+string(k))
		}
		groups = append(groups, kinds)
	}
	if len(q.Types) > 0 {
		var types []string
		for _, t := range q.Types {
			types = append(types, facetType+string(t))
		}
		groups = append(groups, types)
	}
	if len(q.Sensitive) > 0 {
		groups = append(groups, facets(facetPrivate, q.Sensitive))
	}
	if len(q.Customers) > 0 {
		groups = append(groups, facets(facetCustomer, q.Customers))
	}
	if len(q.Projects) > 0 {
		groups = append(groups, facets(facetProject, q.Projects))
	}
	for _, t := range q.Tags {
		groups = append(groups, []string{facetTag + t})
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		groups = append(groups, days(q.From, q.To))
	}
	if len(q.Terms) == 0 {
		groups = append(groups, []string{facetHead})
	}
	var all []search.Searcher
	for _, g := range groups {
		var terms [][]byte
		for _, t := range g {
			terms = append(terms, []byte(t))
		}
		s, err := b.anyOf(fieldFacet, terms)
		if err != nil {
			return nil, errors.Join(err, closeAll(all))
		}
		all = append(all, s)
	}
	if q.Documents != nil {
		s, err := b.documents(q.Documents)
		if err != nil {
			return nil, errors.Join(err, closeAll(all))
		}
		all = append(all, s)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return searcher.NewConjunctionSearcher(b.ctx, b.r, all, unscored())
}

func (b *query) documents(docs []string) (search.Searcher, error) {
	var owners [][]byte
	for _, doc := range docs {
		of, err := ownersOf(b.r, doc)
		if err != nil {
			return nil, err
		}
		owners = append(owners, of...)
	}
	return b.anyOf(fieldOwner, owners)
}

func facets(facet string, values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = facet + v
	}
	return out
}

// days covers the days from one time to another, in UTC, with as few years,
// months and days as there can be. The first and the last are too much; the
// exact time decides afterwards.
func days(from, to time.Time) (out []string) {
	first, last := 1, 9999
	at := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC)
	if from.After(at) {
		f := from.UTC()
		at = time.Date(f.Year(), f.Month(), f.Day(), 0, 0, 0, 0, time.UTC)
	}
	end := time.Date(last+1, 1, 1, 0, 0, 0, 0, time.UTC)
	if !to.IsZero() && to.Before(end) {
		end = to.UTC()
	}
	for at.Before(end) {
		switch {
		case at.YearDay() == 1 && !at.AddDate(1, 0, 0).After(end):
			out = append(out, facetTime+at.Format("2006"))
			at = at.AddDate(1, 0, 0)
		case at.Day() == 1 && !at.AddDate(0, 1, 0).After(end):
			out = append(out, facetTime+at.Format("200601"))
			at = at.AddDate(0, 1, 0)
		default:
			out = append(out, facetTime+at.Format("20060102"))
			at = at.AddDate(0, 0, 1)
		}
	}
	return out
}

func closeAll(all []search.Searcher) error {
	var errs []error
	for _, s := range all {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}
