package embedded

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2/search"
	api "github.com/blevesearch/bleve_index_api"

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
	id    uint64
}

func better(a, b found) int {
	if c := cmp.Compare(b.score, a.score); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// worst is a heap with the worst match on top.
type worst []found

func (w *worst) Len() int           { return len(*w) }
func (w *worst) Less(i, j int) bool { return better((*w)[i], (*w)[j]) > 0 }
func (w *worst) Swap(i, j int)      { (*w)[i], (*w)[j] = (*w)[j], (*w)[i] }
func (w *worst) Push(x any)         { *w = append(*w, x.(found)) } //nolint:forcetypeassert // heap.Push is given nothing else
func (w *worst) Pop() any {
	old := *w
	x := old[len(old)-1]
	*w = old[:len(old)-1]
	return x
}

func (g *generation) search(ctx context.Context, q *index.Query) (out index.Candidates, err error) {
	defer func() {
		// QUIRK: readers of damaged segments panic. A search must not end the
		// process; the pages show the error, reindex heals it.
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v\n%s", index.ErrCorrupt, r, debug.Stack())
		}
	}()
	if q.Candidates <= 0 {
		return out, nil
	}
	r, err := g.reader()
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	b := &query{ctx: ctx, r: r}
	s, err := b.build(q)
	if err != nil || s == nil {
		return out, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	best, total, err := collect(ctx, r, s, q)
	if err != nil {
		return out, err
	}
	out.More = total > q.Candidates || b.partial
	out.Hits, err = choose(r, best, total, q.Candidates)
	if q.Newest { // the order says it; a time is no measure of how well something fits
		for i := range out.Hits {
			out.Hits[i].Score = 0
		}
	}
	return out, err
}

// collect gives the best matches in order and how many there were in all.
func collect(ctx context.Context, r api.IndexReader, s search.Searcher, q *index.Query) (worst, int, error) {
	dates, err := newDates(r, q)
	if err != nil {
		return nil, 0, err
	}
	sc := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+2, 0), IndexReader: r}
	top := make(worst, 0, min(q.Candidates*lookAmong, 1<<14))
	total := 0
	for n := 0; ; n++ {
		if n%ctxEvery == 0 && ctx.Err() != nil {
			return nil, 0, ctx.Err()
		}
		m, err := s.Next(sc)
		if err != nil {
			return nil, 0, err
		}
		if m == nil {
			break
		}
		f := found{m.Score, m.IndexInternalID.Value()}
		ok, at, err := dates.allow(m.IndexInternalID)
		if err != nil {
			return nil, 0, err
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
		total++
		switch {
		case len(top) < q.Candidates*lookAmong:
			heap.Push(&top, f)
		case better(f, top[0]) < 0:
			top[0] = f
			heap.Fix(&top, 0)
		}
	}
	slices.SortFunc(top, better)
	return top, total, nil
}

// choose takes the best n. Where there are more, those of one document beyond
// its share come last.
func choose(r api.IndexReader, best worst, total, n int) ([]index.Candidate, error) {
	most := n
	if total > n {
		most = max(n/shareOfOne, 1)
	}
	out := make([]index.Candidate, 0, min(n, len(best)))
	var later []index.Candidate
	have := map[string]int{}
	for _, f := range best {
		if len(out) == n {
			break
		}
		key, err := r.ExternalID(api.NewIndexInternalID(nil, f.id))
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
