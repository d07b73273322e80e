package pipeline

import (
	"context"
	"fmt"
	"slices"

	"guidang/pipeline/index"
	"guidang/pipeline/index/both"
)

const (
	probes     = 20 // questions by which two indexes are compared
	probeRunes = 4  // of each: two words of Chinese
)

// only gives a searcher one engine of two.
type only struct{ engine index.Engine }

func (o only) Engine() index.Engine { return o.engine }

// turnOver lets the index that was filled beside another answer, once it has
// everything and answers a sample of questions as the other does.
func (a *Archive) turnOver(ctx context.Context) error {
	pair, ok := a.engine.(*both.Engine)
	if !ok || pair.Turned() {
		return nil
	}
	if lag, err := a.ledger.Lag(ctx); err != nil || lag > 0 {
		return err
	}
	questions, err := a.probes(ctx, pair.Old())
	if err != nil {
		return err
	}
	scopes, err := a.Scopes(ctx)
	if err != nil {
		return err
	}
	for _, q := range questions {
		same, err := a.answerAlike(ctx, pair, index.Request{Text: q, Scopes: scopes, Limit: 500, Unfolded: true})
		if err != nil {
			return err
		}
		if !same {
			a.log.Warn("the two indexes do not answer alike; the old one goes on answering, `guidang reconcile --repair` mends what is missing", "answers", pair.Name())
			return nil
		}
	}
	pair.Turn()
	a.log.Info("the other index has everything, answers alike and took over; index.engine can name it alone", "answers", pair.Name(), "questions", len(questions))
	return nil
}

// probes cuts questions out of documents that lie far apart in an index.
func (a *Archive) probes(ctx context.Context, e index.Engine) ([]string, error) {
	st, err := e.Stats(ctx)
	if err != nil {
		return nil, err
	}
	step, n := max(st.Documents/probes, 1), int64(0)
	var ids []index.PassageID
	err = e.Walk(ctx, func(doc string, _ int64, _ int) error {
		if n++; n%step == 0 && len(ids) < probes {
			ids = append(ids, index.PassageID{Document: doc})
		}
		return nil
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	passages, err := texts{a.derived}.Passages(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("compare two indexes: %w", err)
	}
	var out []string
	for _, p := range passages {
		r := []rune(index.Normalise(p.Text))
		if len(r) < probeRunes {
			continue
		}
		from := min(len(r)/2, len(r)-probeRunes)
		out = append(out, `"`+string(r[from:from+probeRunes])+`"`)
	}
	return out, nil
}

// answerAlike says whether both indexes find the same documents.
func (a *Archive) answerAlike(ctx context.Context, pair *both.Engine, r index.Request) (bool, error) {
	var found [2][]string
	for n, e := range []index.Engine{pair.Old(), pair.Fresh()} {
		res, err := index.NewSearcher(only{e}, texts{a.derived}, describer{a}).Search(ctx, r)
		if err != nil {
			return false, err
		}
		if res.TotalIs != "exact" { // each has taken the best of more in its own way
			return true, nil
		}
		for _, h := range res.Hits {
			found[n] = append(found[n], h.Document)
		}
		slices.Sort(found[n])
	}
	return slices.Equal(found[0], found[1]), nil
}
