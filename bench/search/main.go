// Command search measures an index: passages of 600 to 1,200 characters, two
// thirds Chinese, are indexed and kept as the pipeline does it; then strings cut
// anywhere out of the text are looked for, with facets, rights, verification and
// snippets, and every answer is compared with what the texts really hold.
//
//	go run ./bench/search -passages 100000
//	go run ./bench/search -passages 100000 -engine meilisearch -url http://127.0.0.1:7700 -key KEY
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"time"

	"guidang/pipeline/index"
	"guidang/pipeline/index/embedded"
	"guidang/pipeline/index/meili"
	"guidang/pipeline/store"
)

type options struct {
	passages, each, staff int
	dir, engine, url, key string
	profile, searching    string // files
}

func main() {
	var o options
	flag.IntVar(&o.passages, "passages", 10_000, "how many passages")
	flag.IntVar(&o.each, "each", 500, "how many strings of each kind are looked for")
	flag.IntVar(&o.staff, "staff", 8, "how many people search at the same time, at the end")
	flag.StringVar(&o.dir, "dir", "", "where to work; empty: a temporary folder, which is deleted")
	flag.StringVar(&o.engine, "engine", "embedded", "embedded or meilisearch")
	flag.StringVar(&o.url, "url", "", "address of the Meilisearch server")
	flag.StringVar(&o.key, "key", "", "its key")
	flag.StringVar(&o.profile, "profile", "", "write a CPU profile of indexing to this file")
	flag.StringVar(&o.searching, "profile-search", "", "write a CPU profile of searching to this file")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// bench is everything that a search needs.
type bench struct {
	o        options
	corpus   *corpus
	derived  *store.Derived
	engine   index.Engine
	searcher *index.Searcher
}

func (b *bench) Engine() index.Engine { return b.engine }

func (b *bench) Passages(ctx context.Context, ids []index.PassageID) ([]index.Passage, error) {
	want := make([]store.PassageID, len(ids))
	for n, id := range ids {
		want[n] = store.PassageID(id)
	}
	texts, err := b.derived.Passages(ctx, want)
	out := make([]index.Passage, len(texts))
	for n, t := range texts {
		out[n] = index.Passage{Seq: ids[n].Seq, Text: t}
	}
	return out, err
}

func (b *bench) Describe(_ context.Context, docs, _ []string) (map[string]index.Description, error) {
	out := make(map[string]index.Description, len(docs))
	for _, d := range docs {
		out[d] = b.corpus.describe(docNumber(d))
	}
	return out, nil
}

func (b *bench) Relations(context.Context, []string) (map[string]index.Relation, error) {
	return nil, nil
}

func (b *bench) Holding(context.Context, []string) (map[string]bool, error) { return nil, nil }

func (b *bench) Kept(context.Context, []string, index.Kept, []string) (map[string]bool, error) {
	return nil, nil
}

func run(ctx context.Context, o options) (err error) {
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "guidang-bench-*"); err != nil {
			return err
		}
		defer os.RemoveAll(o.dir)
	}
	b := &bench{o: o}
	if b.corpus, err = newCorpus(); err != nil {
		return err
	}
	if b.derived, err = store.OpenDerived(filepath.Join(o.dir, "derived.db")); err != nil { //nolint:contextcheck // a local file: nothing to wait for
		return err
	}
	defer b.derived.Close()
	if o.engine == "meilisearch" {
		b.engine, err = meili.Open(ctx, meili.Options{URL: o.url, Key: o.key, Prefix: "bench"})
	} else {
		b.engine, err = embedded.Open(ctx, filepath.Join(o.dir, "index"), embedded.Options{})
	}
	if err != nil {
		return err
	}
	defer b.engine.Close()
	b.searcher = index.NewSearcher(b, b, b)
	if err := profiled(b.o.profile, func() error { return b.fill(ctx) }); err != nil {
		return err
	}
	all := cutQuestions(b.corpus, o.passages, o.each)
	find(b.corpus, o.passages, all)
	kinds := make([]string, 0, len(all))
	for k := range all {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	err = profiled(b.o.searching, func() error {
		for _, k := range kinds {
			if err := b.ask(ctx, k, all[k]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.crowd(ctx, all)
}

// profiled writes a CPU profile of fn to a file; an empty name writes none.
func profiled(file string, fn func() error) error {
	if file == "" {
		return fn()
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(err, f.Close())
	}
	err = fn()
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}

// fill indexes everything.
func (b *bench) fill(ctx context.Context) error {
	st, err := b.engine.Stats(ctx)
	if err != nil {
		return err
	}
	if st.Passages == int64(b.o.passages) {
		fmt.Println("filled already")
		return nil
	}
	began, used := time.Now(), cpu()
	var text, peak int64
	var making, keeping time.Duration
	const batch = 500
	var token index.Token
	for from := 0; from < b.o.passages; from += batch {
		step := cpu()
		var entries []index.Entry
		var keep []store.DocumentPassages
		for n := from; n < min(from+batch, b.o.passages); n++ {
			s := b.corpus.text(n)
			text += int64(len(s))
			entries = append(entries, b.corpus.entry(n, s))
			keep = append(keep, store.DocumentPassages{Document: docID(n), Texts: []string{s}})
		}
		making += cpu() - step
		step = cpu()
		if err := b.derived.Put(ctx, nil, keep); err != nil {
			return err
		}
		keeping += cpu() - step
		if token, err = b.engine.Upsert(ctx, entries, index.Mark{Ledger: "bench", Seq: int64(from)}); err != nil {
			return err
		}
		peak = max(peak, anonymous())
	}
	if err := b.engine.Visible(ctx, token); err != nil {
		return err
	}
	total := cpu() - used - making - keeping
	if st, err = b.engine.Stats(ctx); err != nil {
		return err
	}
	n := float64(b.o.passages)
	fmt.Printf("%d passages, %.0f MB of text: %.1f s; indexing %.2f ms CPU a passage, keeping texts %.2f; index %.0f MB, %.2f times the text; RssAnon %d MB\n",
		b.o.passages, float64(text)/1e6, time.Since(began).Seconds(), total.Seconds()*1000/n, keeping.Seconds()*1000/n, float64(st.Bytes)/1e6, float64(st.Bytes)/float64(text), peak>>20)
	return nil
}

// ask looks for all questions of a kind, one after the other.
func (b *bench) ask(ctx context.Context, kind string, all []*question) error {
	var took []time.Duration
	var wanted, got, right, beyond int
	var search time.Duration
	for _, q := range all {
		// What somebody sees is a page of 20; all are listed to look at what was found.
		began, from := time.Now(), cpu()
		if _, err := b.searcher.Search(ctx, index.Request{Text: q.text, Scopes: b.corpus.everything()}); err != nil {
			return err
		}
		took, search = append(took, time.Since(began)), search+cpu()-from
		res, err := b.searcher.Search(ctx, index.Request{Text: q.text, Scopes: b.corpus.everything(), Limit: 500})
		if err != nil {
			return err
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
			if q.in[docNumber(h.Document)] {
				right++
			}
		}
	}
	slices.Sort(took)
	fmt.Printf("%-12s recall %.4f precision %.4f (%d of %d have more than 500 hits); p50 %.1f ms, p95 %.1f ms, CPU %.1f ms\n", kind,
		float64(right)/float64(max(wanted, 1)), float64(right)/float64(max(got, 1)), beyond, len(all), ms(took[len(took)/2]), ms(took[len(took)*95/100]), search.Seconds()*1000/float64(len(all)))
	return nil
}

// crowd has several people search at once, a page of results each.
func (b *bench) crowd(ctx context.Context, all map[string][]*question) error {
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	var wg sync.WaitGroup
	list := slices.Concat(all["2 characters"], all["4 characters"], all["words"])
	for s := range b.o.staff {
		wg.Go(func() {
			for i := s; i < len(list); i += b.o.staff {
				began := time.Now()
				_, err := b.searcher.Search(ctx, index.Request{Text: list[i].text, Scopes: b.corpus.everything()[:4]})
				mu.Lock()
				took = append(took, time.Since(began))
				if err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(took)
	fmt.Printf("%d at once, pages of 20: p50 %.1f ms, p95 %.1f ms; RssAnon %d MB\n", b.o.staff, ms(took[len(took)/2]), ms(took[len(took)*95/100]), anonymous()>>20)
	return failed
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

// anonymous is the process's RssAnon in bytes; 0 where the system does not tell.
func anonymous() int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		var kb int64
		if _, err := fmt.Sscanf(line, "RssAnon: %d kB", &kb); err == nil {
			return kb << 10
		}
	}
	return 0
}
