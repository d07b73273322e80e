package index

import (
	"context"
	"math"
	"slices"
	"sort"
	"time"
)

// lookup is one search under way.
type lookup struct {
	s        *Searcher
	engine   Engine
	request  *Request
	question *Question
	needles  []needle
	exact    bool     // no candidate was left out
	leftOut  []string // words that were not looked for

	apartFrom []string // words that were looked for in pieces

	described map[string]*Description // by document; asked once
	recalled  map[string]bool         // those that were only remembered
	oldest    time.Time               // of what was asked
	texts     map[PassageID]*passage  // that were fetched
}

// passage is a true text.
type passage struct {
	Passage
	text, heading string // in the form that is compared, after normalise
	normal        bool
	loaded        bool
}

// normalise makes the form that is compared, once.
func (p *passage) normalise() {
	if !p.normal {
		p.text, p.heading, p.normal = Normalise(p.Text), Normalise(p.Heading), true
	}
}

// lacks says whether a scan finds that a needle is not in the passage.
func (p *passage) lacks(n *needle) bool {
	return n.scan != nil && !n.scan.in(p.Text) && !n.scan.in(p.Heading)
}

// count counts a needle in the text and looks for it in the heading. The normal form, which
// is most of the cost of judging a passage, is made where only that tells, or where it is
// needed anyway, to find places.
func (p *passage) count(n *needle, places bool) (text int, heading bool) {
	if n.scan != nil && n.scan.counts && !places {
		return n.scan.count(p.Text, countMost), n.scan.in(p.Heading)
	}
	p.normalise()
	return n.count(p.text, countMost), n.inText(p.heading)
}

// base is the question without its words.
func (l *lookup) base() Query {
	return Query{
		Kinds: l.request.Kinds, Types: l.request.Types, Sensitive: l.request.Sensitive, Customers: l.request.Customers, Projects: l.request.Projects, Tags: l.request.Tags,
		From: l.request.From, To: l.request.To, Scopes: l.request.Scopes, Newest: l.request.Sort == ByDate, Candidates: maxCandidates,
	}
}

// find gives the verified documents, best first.
func (l *lookup) find(ctx context.Context) ([]*match, error) {
	base := l.base()
	if len(l.question.Terms) == 0 {
		return l.browse(ctx, base)
	}
	got, err := l.candidates(ctx, base)
	if err != nil {
		return nil, err
	}
	best, err := l.together(ctx, got.Hits)
	if err != nil {
		return nil, err
	}
	if len(l.question.Terms) > 1 && !got.More {
		if err := l.apart(ctx, base, best); err != nil {
			return nil, err
		}
	}
	if err := l.without(ctx, base, best); err != nil {
		return nil, err
	}
	out := make([]*match, 0, len(best))
	for _, m := range best {
		out = append(out, m)
	}
	l.order(out)
	return out, nil
}

// maxQueries bounds how many queries alternatives make: 35万 OR 40万 and 3月5日
// are eight. What is beyond is not asked for, and the answer says "at least".
const maxQueries = 32

// candidates asks for passages that hold every term, or what will do as well.
// An engine knows no alternatives; each way to choose them is a query.
func (l *lookup) candidates(ctx context.Context, base Query) (Candidates, error) {
	for _, t := range l.question.Not {
		// The engine only knows tokens. For one token that is the truth; for more
		// of them it would throw out texts that hold the tokens apart.
		if len(t.Tokens) == 1 && !t.Prefix && t.place == anywhere && len(t.or) == 0 && t.value == "" {
			base.Not = append(base.Not, t)
		}
	}
	ways := [][]Term{nil}
	for i := range l.question.Terms {
		alternatives := l.question.Terms[i].alternatives()
		var longer [][]Term
		for _, way := range ways {
			for _, t := range alternatives {
				if len(longer) == maxQueries {
					l.exact = false
					break
				}
				longer = append(longer, append(slices.Clone(way), t))
			}
		}
		ways = longer
	}
	var out Candidates
	at := map[PassageID]int{}
	for _, way := range ways {
		q := base
		q.Terms = way
		got, err := l.ask(ctx, q)
		if err != nil {
			return out, err
		}
		out.join(got, at)
	}
	return out, nil
}

// join adds candidates; at knows where each stands.
func (c *Candidates) join(more Candidates, at map[PassageID]int) {
	c.More = c.More || more.More
	for _, h := range more.Hits {
		if i, ok := at[h.ID]; ok {
			c.Hits[i].Score = math.Max(c.Hits[i].Score, h.Score)
			continue
		}
		at[h.ID] = len(c.Hits)
		c.Hits = append(c.Hits, h)
	}
}

// having asks for passages that hold one term, or what will do as well.
func (l *lookup) having(ctx context.Context, base Query, t *Term) (out Candidates, err error) {
	at := map[PassageID]int{}
	for _, one := range t.alternatives() {
		q := base
		q.Terms = []Term{one}
		got, err := l.engine.Search(ctx, q)
		if err != nil {
			return out, err
		}
		out.join(got, at)
	}
	return out, nil
}

func (l *lookup) ask(ctx context.Context, q Query) (Candidates, error) {
	got, err := l.engine.Search(ctx, q)
	l.exact = l.exact && !got.More
	return got, err
}

// maxRounds bounds how far back is looked for a folder: 40,000 documents.
const maxRounds = 20

// older moves a list on to what is older than what was seen, when it asks for a folder
// or a mark: the engine knows neither, and the newest may all be of other folders.
func (l *lookup) older(q *Query, more bool, found, round int) bool {
	if !more || l.question.Narrow.Kept.empty() || found >= maxLimit || round >= maxRounds || l.oldest.IsZero() {
		return false
	}
	to := l.oldest.Add(time.Second) // others may have the same date
	moved := q.To.IsZero() || to.Before(q.To)
	q.To = to
	return moved
}

// browse lists what the filters leave, newest first.
func (l *lookup) browse(ctx context.Context, q Query) ([]*match, error) {
	got, err := l.ask(ctx, q)
	if err != nil {
		return nil, err
	}
	if err := l.fetch(ctx, got.Hits); err != nil {
		return nil, err
	}
	best := map[string]*match{}
	for round := 1; ; round++ {
		for _, c := range got.Hits {
			if about, ok := l.described[c.ID.Document]; ok && best[c.ID.Document] == nil {
				best[c.ID.Document] = &match{id: c.ID, about: about, passage: &l.texts[c.ID].Passage}
			}
		}
		if !l.older(&q, got.More, len(best), round) {
			break
		}
		if got, err = l.ask(ctx, q); err != nil {
			return nil, err
		}
		if err := l.fetch(ctx, got.Hits); err != nil {
			return nil, err
		}
	}
	if err := l.without(ctx, q, best); err != nil {
		return nil, err
	}
	out := make([]*match, 0, len(best))
	for _, m := range best {
		out = append(out, m)
	}
	l.order(out)
	return out, nil
}

// apart finds documents whose terms stand in different passages: for every term
// the documents that have it, intersected. Where a term has more than an engine
// is asked for, it is asked again within the documents of the rarest one.
func (l *lookup) apart(ctx context.Context, base Query, best map[string]*match) error {
	terms := l.question.Terms
	sets := make([]Candidates, len(terms))
	rarest := -1
	for i := range terms {
		got, err := l.having(ctx, base, &terms[i])
		if err != nil {
			return err
		}
		if sets[i] = got; !got.More && (rarest < 0 || len(got.Hits) < len(sets[rarest].Hits)) {
			rarest = i
		}
	}
	if rarest < 0 { // all of them are everywhere; what stands together is enough
		l.exact = false
		return nil
	}
	// What has them together was found already.
	within := slices.DeleteFunc(documents(sets[rarest].Hits), func(doc string) bool { return best[doc] != nil })
	if len(within) == 0 {
		return nil
	}
	for i := range terms {
		if !sets[i].More {
			continue
		}
		q := base
		q.Documents = within
		got, err := l.having(ctx, q, &terms[i])
		if err != nil {
			return err
		}
		l.exact = l.exact && !got.More
		sets[i] = got
	}
	return l.gather(ctx, sets, best)
}

func documents(hits []Candidate) []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range hits {
		if !seen[c.ID.Document] {
			seen[c.ID.Document] = true
			out = append(out, c.ID.Document)
		}
	}
	return out
}

// gather verifies documents that are in every set.
func (l *lookup) gather(ctx context.Context, sets []Candidates, best map[string]*match) error {
	in := map[string]int{}
	for i, set := range sets {
		for _, c := range set.Hits {
			if in[c.ID.Document] == i {
				in[c.ID.Document]++
			}
		}
	}
	var hits []Candidate
	seen := map[PassageID]bool{}
	for _, set := range sets {
		for _, c := range set.Hits {
			if in[c.ID.Document] < len(sets) || seen[c.ID] || best[c.ID.Document] != nil {
				continue
			}
			if len(hits) == maxCandidates {
				l.exact = false
				break
			}
			seen[c.ID] = true
			hits = append(hits, c)
		}
	}
	if err := l.fetch(ctx, hits); err != nil {
		return err
	}
	states := map[string]*scattered{}
	for _, c := range hits {
		about, ok := l.described[c.ID.Document]
		if !ok {
			continue
		}
		st := states[c.ID.Document]
		if st == nil {
			st = &scattered{head: l.head(about), about: about}
			states[c.ID.Document] = st
		}
		l.see(st, c.ID)
	}
	for _, st := range states {
		if m := st.match(len(l.needles)); m != nil {
			keep(best, m)
		}
	}
	return nil
}

// without takes out documents in which a word stands that must not. What an
// engine gives at once may not reach over all of them; then it is asked again
// about those that are left.
func (l *lookup) without(ctx context.Context, base Query, best map[string]*match) error {
	for _, t := range l.question.Not {
		n := needleOf(&t)
		for doc, m := range best {
			if l.inHead(m.about, n) {
				delete(best, doc)
			}
		}
		for len(best) > 0 && n.place == anywhere {
			before := len(best)
			more, err := l.take(ctx, base, t, n, best)
			if err != nil {
				return err
			}
			if !more {
				break
			}
			if len(best) == before {
				l.exact = false
				break
			}
		}
	}
	return nil
}

func (l *lookup) take(ctx context.Context, base Query, t Term, n needle, best map[string]*match) (more bool, err error) {
	q := base
	q.Documents = make([]string, 0, len(best))
	for doc := range best {
		q.Documents = append(q.Documents, doc)
	}
	sort.Strings(q.Documents)
	got, err := l.having(ctx, q, &t)
	if err == nil {
		err = l.fetch(ctx, got.Hits)
	}
	if err != nil {
		return false, err
	}
	for _, c := range got.Hits {
		if p := l.texts[c.ID]; p != nil && (n.in(Normalise(p.Text)) || n.in(Normalise(p.Heading))) {
			delete(best, c.ID.Document)
		}
	}
	return got.More, nil
}
