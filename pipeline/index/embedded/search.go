package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2/search"
	api "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"

	"guidang/pipeline/index"
)

const (
	// Where there are more matches than are asked for, no document gives more than
	// a twentieth of them: looked for among so many times as many.
	shareOfOne = 20
	lookAmong  = 5

	ctxEvery = 1024 // matches
)

// found is a match; the order is descending.
type found struct {
	score float64
	id    uint64 // within its shard
	shard int
}

func better(a, b found) int {
	if c := cmp.Compare(b.score, a.score); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.shard, b.shard), cmp.Compare(a.id, b.id))
}

// worst is a heap with the worst match on top.
type worst []found

// add keeps the most best ones.
func (w *worst) add(f found, most int) {
	h := *w
	switch {
	case len(h) < most:
		h = append(h, f)
		for at := len(h) - 1; at > 0; {
			up := (at - 1) / 2
			if better(h[at], h[up]) <= 0 {
				break
			}
			h[at], h[up] = h[up], h[at]
			at = up
		}
		*w = h
	case better(f, h[0]) < 0:
		h[0] = f
		for at := 0; ; {
			down := 2*at + 1
			if down+1 < len(h) && better(h[down+1], h[down]) > 0 {
				down++
			}
			if down >= len(h) || better(h[down], h[at]) <= 0 {
				break
			}
			h[at], h[down] = h[down], h[at]
			at = down
		}
	}
}

// looked is what one shard has found.
type looked struct {
	r       api.IndexReader
	best    worst
	total   int
	partial bool // there may be more
}

func (g *generation) search(ctx context.Context, q *index.Query) (out index.Candidates, err error) {
	if q.Candidates <= 0 {
		return out, nil
	}
	all := g.all()
	in := make([]looked, 0, len(all))
	defer func() {
		for n := range in {
			err = errors.Join(err, in[n].r.Close())
		}
	}()
	for _, s := range all {
		r, err := s.reader()
		if err != nil {
			return out, err
		}
		in = append(in, looked{r: r})
	}
	if len(in) == 1 {
		err = in[0].look(ctx, q, 0)
	} else {
		some, ctx := errgroup.WithContext(ctx)
		some.SetLimit(runtime.GOMAXPROCS(0))
		for n := range in {
			some.Go(func() error { return in[n].look(ctx, q, n) })
		}
		err = some.Wait()
	}
	if err != nil {
		return out, err
	}
	best, total := in[0].best, 0
	for n := range in {
		if n > 0 {
			best = append(best, in[n].best...)
		}
		total += in[n].total
		out.More = out.More || in[n].partial
	}
	slices.SortFunc(best, better)
	out.More = out.More || total > q.Candidates
	out.Hits, err = choose(in, best, total, q.Candidates)
	if q.Newest { // the order says it; a time is no measure of how well something fits
		for i := range out.Hits {
			out.Hits[i].Score = 0
		}
	}
	return out, err
}

// look searches one shard.
func (l *looked) look(ctx context.Context, q *index.Query, shard int) (err error) {
	defer func() {
		// QUIRK: readers of damaged segments panic. A search must not end the
		// process; the pages show the error, reindex heals it.
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v\n%s", index.ErrCorrupt, r, debug.Stack())
		}
	}()
	b := &query{ctx: ctx, r: l.r}
	s, err := b.build(q)
	if err != nil || s == nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	err = l.collect(ctx, s, q, shard)
	l.partial = b.partial
	return err
}

// collect takes the best matches, in no order, and counts all.
func (l *looked) collect(ctx context.Context, s search.Searcher, q *index.Query, shard int) error {
	dates, err := newDates(l.r, q)
	if err != nil {
		return err
	}
	sc := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+2, 0), IndexReader: l.r}
	most := q.Candidates * lookAmong
	for n := 0; ; n++ {
		if n%ctxEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		m, err := s.Next(sc)
		if err != nil {
			return err
		}
		if m == nil {
			return nil
		}
		f := found{m.Score, m.IndexInternalID.Value(), shard}
		ok, at, err := dates.allow(m.IndexInternalID)
		if err != nil {
			return err
		}
		sc.DocumentMatchPool.Put(m)
		if !ok {
			continue
		}
		if len(q.Terms) == 0 || q.Newest {
			f.score = at
		}
		if math.IsNaN(f.score) {
			f.score = 0
		}
		l.total++
		l.best.add(f, most)
	}
}

// choose takes the best n. Where there are more, those of one document beyond
// its share come last.
func choose(in []looked, best worst, total, n int) (out []index.Candidate, err error) {
	defer func() {
		if r := recover(); r != nil { // as in look
			err = fmt.Errorf("%w: %v\n%s", index.ErrCorrupt, r, debug.Stack())
		}
	}()
	most := n
	if total > n {
		most = max(n/shareOfOne, 1)
	}
	out = make([]index.Candidate, 0, min(n, len(best)))
	var later []index.Candidate
	have := map[string]int{}
	for _, f := range best {
		if len(out) == n {
			break
		}
		key, err := in[f.shard].r.ExternalID(api.NewIndexInternalID(nil, f.id))
		if err != nil {
			return nil, err
		}
		id, err := index.ParsePassageID(key)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", index.ErrCorrupt, err)
		}
		c := index.Candidate{ID: id, Score: f.score}
		if have[id.Document] >= most {
			later = append(later, c)
			continue
		}
		have[id.Document]++
		out = append(out, c)
	}
	for _, c := range later {
		if len(out) == n {
			break
		}
		out = append(out, c)
	}
	return out, nil
}

// dates reads the time of a match, where the query asks for it.
type dates struct {
	q      *index.Query
	reader api.DocValueReader
	from   string
	to     string
}

func newDates(r api.IndexReader, q *index.Query) (*dates, error) {
	d := &dates{q: q}
	bounded := !q.From.IsZero() || !q.To.IsZero()
	if !bounded && len(q.Terms) > 0 && !q.Newest {
		return d, nil
	}
	d.from, d.to = bound(q.From), bound(q.To)
	var err error
	d.reader, err = r.DocValueReader([]string{fieldDate})
	return d, err
}

func bound(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if t.Nanosecond() > 0 { // whole seconds are kept
		t = t.Add(time.Second)
	}
	return dateTerm(t)
}

// allow says whether a match lies within the bounds, and gives its time as a
// number that sorts; what has no date is oldest.
func (d *dates) allow(id api.IndexInternalID) (ok bool, at float64, err error) {
	if d.reader == nil {
		return true, 0, nil
	}
	term := ""
	err = d.reader.VisitDocValues(id, func(_ string, t []byte) { term = string(t) })
	if err != nil {
		return false, 0, err
	}
	if term == "" {
		return d.from == "" && d.to == "", math.Inf(-1), nil
	}
	n, err := strconv.ParseUint(term, 16, 64)
	if err != nil {
		return false, 0, fmt.Errorf("%w: date %q", index.ErrCorrupt, term)
	}
	return term >= d.from && (d.to == "" || term < d.to), float64(int64(n ^ 1<<63)), nil //nolint:gosec // the bits that dateTerm wrote
}
