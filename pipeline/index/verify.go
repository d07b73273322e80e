package index

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// fetch gets the descriptions and true texts of candidates that are not there
// yet.
func (l *lookup) fetch(ctx context.Context, hits []Candidate) error {
	if err := l.describe(ctx, hits); err != nil {
		return err
	}
	return l.load(ctx, hits)
}

// describe gets descriptions: of the first ones as the ledger has them now, of
// the others, which are counted and seldom shown, as they are remembered; see
// refresh. What has none, or one that the request does not
// allow, is left out from here on: it is hidden from whoever asks, or no longer
// there.
func (l *lookup) describe(ctx context.Context, hits []Candidate) error {
	asked := make(map[string]bool, len(hits))
	docs := make([]string, 0, len(hits))
	if len(l.described) == 0 {
		l.described = make(map[string]*Description, len(hits))
	}
	for _, c := range hits {
		if _, ok := l.described[c.ID.Document]; !ok && !asked[c.ID.Document] {
			asked[c.ID.Document] = true
			docs = append(docs, c.ID.Document)
		}
	}
	if len(docs) == 0 {
		return nil
	}
	about, err := l.s.describe.Describe(ctx, docs[:min(len(docs), ranked)], l.request.Scopes)
	if err != nil {
		return err
	}
	if len(docs) > ranked {
		more, err := l.s.describe.Recall(ctx, docs[ranked:], l.request.Scopes)
		if err != nil {
			return err
		}
		for doc, d := range more {
			about[doc] = d
			l.recalled[doc] = true
		}
	}
	var holding map[string]bool
	if l.question.Narrow.Holding && len(about) > 0 {
		if holding, err = l.s.describe.Holding(ctx, docs); err != nil {
			return err
		}
	}
	kept := map[string]bool{}
	asks := !l.question.Narrow.Kept.empty()
	if asks && len(about) > 0 {
		if kept, err = l.s.describe.Kept(ctx, docs, l.question.Narrow.Kept, l.request.Scopes); err != nil {
			return err
		}
	}
	for doc, d := range about {
		if !d.Date.IsZero() && (l.oldest.IsZero() || d.Date.Before(l.oldest)) {
			l.oldest = d.Date
		}
		if allows(l.request, d) && (!l.question.Narrow.Holding || holding[doc]) && (!asks || kept[doc]) {
			l.described[doc] = d
		}
	}
	return nil
}

// load gets the true texts of candidates that were described.
func (l *lookup) load(ctx context.Context, hits []Candidate) error {
	l.claim(hits)
	return l.read(ctx, hits)
}

// claim makes room for the texts of candidates that were described.
func (l *lookup) claim(hits []Candidate) {
	for _, c := range hits {
		if _, ok := l.described[c.ID.Document]; ok && l.texts[c.ID] == nil {
			l.texts[c.ID] = &passage{}
		}
	}
}

// read gets the texts of candidates that were claimed. It may run for different
// ones at the same time.
func (l *lookup) read(ctx context.Context, hits []Candidate) error {
	var ids []PassageID
	for _, c := range hits {
		if p := l.texts[c.ID]; p != nil && !p.loaded {
			p.loaded = true
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	texts, err := l.s.texts.Passages(ctx, ids)
	if err != nil {
		return err
	}
	for n, id := range ids {
		if n < len(texts) {
			l.texts[id].Passage = texts[n]
		}
	}
	return nil
}

// ranked is how many of the best candidates are always read and ranked by their
// texts; reading and normalising them is half of what a search for a common word
// costs.
const ranked = 200

// together verifies candidates in which all terms stand in one passage, or in
// the passage and what belongs to its document as a whole.
//
// Where an engine's tokens are proof, only the best are read: reading and
// comparing 2,000 passages was 60 % of such a search. The others follow in the
// engine's order.
func (l *lookup) together(ctx context.Context, hits []Candidate) (map[string]*match, error) {
	if len(hits) > ranked {
		slices.SortStableFunc(hits, func(a, b Candidate) int { return cmp.Compare(b.Score, a.Score) })
	}
	if err := l.describe(ctx, hits); err != nil {
		return nil, err
	}
	if len(hits) > ranked && l.request.Sort != ByDate {
		l.orderUnscored(hits)
	}
	read, rest := hits, []Candidate(nil)
	if len(hits) > ranked {
		if l.proven() {
			read = slices.Clone(hits[:ranked])
			for _, c := range hits[ranked:] {
				if about := l.described[c.ID.Document]; about != nil && about.Elsewhere { // a token proves nothing there
					read = append(read, c)
				} else {
					rest = append(rest, c)
				}
			}
		}
	}
	verdicts, err := l.verify(ctx, read)
	if err != nil {
		return nil, err
	}
	top := 0.0
	for _, c := range hits {
		top = math.Max(top, c.Score)
	}
	best := make(map[string]*match, len(hits))
	for n, c := range read {
		if !verdicts[n].ok {
			continue
		}
		score := verdicts[n].score
		if top > 0 {
			score += weightEngine * c.Score / top
		}
		if isQuoted(l.texts[c.ID].Position.Part) {
			score += weightQuoted
		}
		keep(best, &match{id: c.ID, about: l.described[c.ID.Document], passage: &l.texts[c.ID].Passage, score: score})
	}
	for _, c := range rest {
		if about, ok := l.described[c.ID.Document]; ok {
			score := 0.0
			if top > 0 {
				score = weightEngine * c.Score / top
			}
			keep(best, &match{id: c.ID, about: about, score: score})
		}
	}
	return best, nil
}

// orderUnscored orders the candidates that an engine, which scores only the best, gave no
// score: by how much of what is asked is in their titles, and newest first.
func (l *lookup) orderUnscored(hits []Candidate) {
	type unscored struct {
		Candidate
		titled int
		date   time.Time
	}
	from := slices.IndexFunc(hits, func(c Candidate) bool { return c.Score == 0 })
	if from < 0 {
		return
	}
	others := make([]unscored, 0, len(hits)-from)
	for _, c := range hits[from:] {
		o := unscored{Candidate: c}
		if about := l.described[c.ID.Document]; about != nil {
			o.titled, o.date = l.titled(about), about.Date
		}
		others = append(others, o)
	}
	slices.SortStableFunc(others, func(a, b unscored) int {
		return cmp.Or(cmp.Compare(b.titled, a.titled), b.date.Compare(a.date))
	})
	for n, o := range others {
		hits[from+n] = o.Candidate
	}
}

// titled counts the terms in a document's title and name.
func (l *lookup) titled(d *Description) (c int) {
	title, name := "", ""
	for i := range l.needles {
		n := &l.needles[i]
		if n.scan != nil {
			if n.scan.in(d.Title) || n.scan.in(d.Name) {
				c++
			}
			continue
		}
		if title == "" && name == "" {
			title, name = Normalise(d.Title), Normalise(d.Name)
		}
		if (&head{title: title, name: name}).titles(*n) {
			c++
		}
	}
	return c
}

// verdict is what a text says of a candidate.
type verdict struct {
	score float64
	ok    bool
}

const (
	verifyAtOnce = 100 // texts that are read in one go
	verifiers    = 3   // parts at the same time: as many as there are readers of kept texts
)

// verify judges candidates by their texts.
func (l *lookup) verify(ctx context.Context, read []Candidate) ([]verdict, error) {
	out := make([]verdict, len(read))
	l.claim(read)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(verifiers)
	for from := 0; from < len(read); from += verifyAtOnce {
		part, to := read[from:min(from+verifyAtOnce, len(read))], out[from:]
		g.Go(func() error {
			if err := l.read(ctx, part); err != nil {
				return err
			}
			heads := map[string]*head{}
			for n, c := range part {
				about, ok := l.described[c.ID.Document]
				if !ok {
					continue
				}
				h := heads[c.ID.Document]
				if h == nil {
					h = l.head(about)
					heads[c.ID.Document] = h
				}
				if p := l.texts[c.ID]; from+n < ranked || !l.scannable() {
					to[n].score, to[n].ok = l.judge(h, p)
				} else {
					to[n].ok = l.holds(h, p)
				}
			}
			return nil
		})
	}
	return out, g.Wait()
}

// proven says whether every term is one token that is the whole of it, so that
// a passage that has the token holds the term.
func (l *lookup) proven() bool {
	for i := range l.question.Terms {
		t := &l.question.Terms[i]
		if len(t.Tokens) != 1 || t.Tokens[0] != t.Text || len(t.Text) == maxToken || t.Prefix || t.value != "" || t.place != anywhere || len(t.or) > 0 {
			return false
		}
	}
	return true
}

// refresh asks the ledger about what is shown and was only remembered, and takes
// out what the asker may not see any more.
func (l *lookup) refresh(ctx context.Context, shown []*match) ([]*match, error) {
	var docs []string
	for _, m := range shown {
		for _, one := range m.all() {
			if l.recalled[one.id.Document] {
				docs = append(docs, one.id.Document)
			}
		}
	}
	if len(docs) == 0 {
		return shown, nil
	}
	about, err := l.s.describe.Describe(ctx, docs, l.request.Scopes)
	if err != nil {
		return nil, err
	}
	stays := func(m *match) bool {
		if d, ok := about[m.id.Document]; ok {
			m.about = d
			return allows(l.request, d)
		}
		return !l.recalled[m.id.Document]
	}
	out := make([]*match, 0, len(shown))
	for _, m := range shown {
		m.under = slices.DeleteFunc(m.under, func(u under) bool { return !stays(u.match) })
		if stays(m) {
			out = append(out, m)
		}
	}
	return out, nil
}

// complete reads the passages that are shown and were not read.
func (l *lookup) complete(ctx context.Context, shown []*match) error {
	var hits []Candidate
	for _, m := range shown {
		if m.passage == nil {
			hits = append(hits, Candidate{ID: m.id})
		}
	}
	if err := l.load(ctx, hits); err != nil {
		return err
	}
	for _, m := range shown {
		if m.passage == nil {
			m.passage = &l.texts[m.id].Passage
		}
	}
	return nil
}

// keep keeps the better match of a document; of equals, the earlier passage.
func keep(best map[string]*match, m *match) {
	have := best[m.id.Document]
	if have == nil || m.score > have.score || m.score == have.score && m.id.Seq < have.id.Seq {
		best[m.id.Document] = m
	}
}
