package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"guidang/pipeline/index"
)

// ask looks for all questions of a kind, one after the other, and gives how long each took.
func (b *bench) ask(ctx context.Context, kind string, all []*question) (took []time.Duration, err error) {
	var engine []time.Duration
	var wanted, got, right, beyond int
	var search time.Duration
	for _, q := range all {
		// What somebody sees is a page of 20; all are listed to look at what was found.
		began, from, waited := time.Now(), cpu(), b.watched.took.Load()
		res, err := b.searcher.Search(ctx, index.Request{Text: q.text, Scopes: b.corpus.everything()})
		if err != nil {
			return nil, err
		}
		took, search = append(took, time.Since(began)), search+cpu()-from
		engine = append(engine, time.Duration(b.watched.took.Load()-waited))
		if res.Total > len(res.Hits) {
			if res, err = b.searcher.Search(ctx, index.Request{Text: q.text, Scopes: b.corpus.everything(), Limit: 500}); err != nil {
				return nil, err
			}
		}
		if res.TotalIs != "exact" || res.Total > 500 { // only a part of them is listed
			beyond++
			if res.Total > len(q.in) {
				fmt.Printf("  %s: %d found, there are %d\n", q.text, res.Total, len(q.in))
			}
			if res.TotalIs == "exact" && res.Total != len(q.in) {
				fmt.Printf("  %s: exactly %d found, there are %d\n", q.text, res.Total, len(q.in))
			}
			continue
		}
		wanted += len(q.in)
		got += res.Total
		for _, h := range res.Hits {
			if q.holds(docNumber(h.Document)) {
				right++
			}
		}
	}
	fmt.Printf("%-12s recall %.4f precision %.4f (%d of %d have more than 500 hits); p50 %.1f ms (%.1f of it the engine's), p95 %.1f ms (%.1f), CPU %.1f ms\n", kind,
		float64(right)/float64(max(wanted, 1)), float64(right)/float64(max(got, 1)), beyond, len(all),
		ms(share(took, 50)), ms(share(engine, 50)), ms(share(took, 95)), ms(share(engine, 95)), search.Seconds()*1000/float64(len(all)))
	return took, nil
}

// share is what so many of a hundred do not exceed.
func share(took []time.Duration, percent int) time.Duration {
	slices.Sort(took)
	return took[len(took)*percent/100]
}

// watched is an engine that notes how long its searches take.
type watched struct {
	index.Engine
	took atomic.Int64
}

func (w *watched) Search(ctx context.Context, q index.Query) (index.Candidates, error) {
	began := time.Now()
	defer func() { w.took.Add(int64(time.Since(began))) }()
	return w.Engine.Search(ctx, q)
}

// crowd has several people search at once, a page of results each, without
// reading it.
func (b *bench) crowd(ctx context.Context, all map[string][]*question) error {
	list := asked(all)
	took, err := b.people(ctx, list, 0, len(list)/b.o.staff, nil)
	fmt.Printf("%d at once, pages of 20: %s\n", b.o.staff, took)
	return err
}

// migrate has them search while more is indexed, each reading its answers.
func (b *bench) migrate(ctx context.Context, all map[string][]*question) error {
	ended := make(chan struct{})
	var failed error
	began, used := time.Now(), cpu()
	go func() {
		defer close(ended)
		var token index.Token
		for from := b.o.passages; from < b.o.passages+b.o.more && failed == nil; from += atOnce {
			entries, _ := b.entries(from, min(from+atOnce, b.o.passages+b.o.more))
			if failed = b.keep(ctx, entries); failed == nil {
				token, failed = b.engine.Upsert(ctx, entries, index.Mark{Ledger: "bench", Seq: int64(from)})
			}
		}
		if failed == nil {
			failed = b.engine.Visible(ctx, token)
		}
	}()
	took, err := b.people(ctx, asked(all), b.o.pause, 0, ended)
	<-ended
	fmt.Printf("%d while %d passages are indexed in %.1f s (%.2f ms CPU each with the searches), each after %v: %s\n",
		b.o.staff, b.o.more, time.Since(began).Seconds(), (cpu()-used).Seconds()*1000/float64(b.o.more), b.o.pause, took)
	return errors.Join(err, failed)
}

func asked(all map[string][]*question) []*question {
	return slices.Concat(all["2 characters"], all["4 characters"], all["words"])
}

// times are how long answers took.
type times []time.Duration

func (t times) String() string {
	if len(t) == 0 {
		return "nobody asked"
	}
	return fmt.Sprintf("%d answers, p50 %.1f ms, p95 %.1f ms; RssAnon %d MB", len(t), ms(share(t, 50)), ms(share(t, 95)), anonymous()>>20)
}

// people search until something ended, or so many times each.
func (b *bench) people(ctx context.Context, list []*question, pause time.Duration, each int, ended <-chan struct{}) (times, error) {
	var mu sync.Mutex
	var took times
	var failed error
	var wg sync.WaitGroup
	for s := range b.o.staff {
		wg.Go(func() {
			for n := 0; each == 0 || n < each; n++ {
				select {
				case <-ended:
					return
				case <-time.After(pause * time.Duration(s+1) / time.Duration(b.o.staff)): // not all at the same moment
				}
				began := time.Now()
				_, err := b.searcher.Search(ctx, index.Request{Text: list[(n*b.o.staff+s)%len(list)].text, Scopes: b.corpus.everything()[:4]})
				mu.Lock()
				took = append(took, time.Since(began))
				failed = errors.Join(failed, err)
				mu.Unlock()
				if err != nil {
					return
				}
				if rest := pause * time.Duration(b.o.staff-s-1) / time.Duration(b.o.staff); rest > 0 {
					select {
					case <-ended:
						return
					case <-time.After(rest):
					}
				}
			}
		})
	}
	wg.Wait()
	return took, failed
}
