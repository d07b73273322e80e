// Command search measures an index: passages of 600 to 1,200 characters, two
// thirds Chinese, are indexed and kept as the pipeline does it; then strings cut
// anywhere out of the text are looked for, with facets, rights, verification and
// snippets, and every answer is compared with what the texts really hold.
//
//	go run ./bench/search -passages 100000
//	go run ./bench/search -passages 100000 -engine meilisearch -url http://127.0.0.1:7700 -key KEY
//
// On a server what was sent is loaded once more into an index of its own, in one
// request, to compare how long both take: start the server with
// --http-payload-size-limit 4GB.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
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
	passages, each, staff, more int
	pause                       time.Duration
	dir, engine, url, key       string
	profile, searching          string // files
	bulk                        bool
}

func main() {
	var o options
	flag.IntVar(&o.passages, "passages", 10_000, "how many passages")
	flag.IntVar(&o.each, "each", 500, "how many strings of each kind are looked for")
	flag.IntVar(&o.staff, "staff", 8, "how many people search at the same time, at the end")
	flag.DurationVar(&o.pause, "pause", time.Second, "how long each of them reads an answer while a migration goes on")
	flag.IntVar(&o.more, "more", 0, "how many passages that migration brings; 0: a fifth of -passages, at most 20,000")
	flag.StringVar(&o.dir, "dir", "", "where to work; empty: a temporary folder, which is deleted")
	flag.StringVar(&o.engine, "engine", "embedded", "embedded or meilisearch")
	flag.StringVar(&o.url, "url", "", "address of the Meilisearch server")
	flag.StringVar(&o.key, "key", "", "its key")
	flag.BoolVar(&o.bulk, "bulk", true, "with meilisearch: load what was sent once more in one request, to compare")
	flag.StringVar(&o.profile, "profile", "", "write a CPU profile of indexing to this file")
	flag.StringVar(&o.searching, "profile-search", "", "write a CPU profile of searching to this file")
	flag.Parse()
	if o.more == 0 {
		o.more = min(o.passages/5, 20_000)
	}
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
	watched  *watched // the same
	searcher *index.Searcher

	mu    sync.Mutex
	known map[string]*index.Description
}

func (b *bench) Engine() index.Engine { return b.watched }

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

// Describe remembers, as the pipeline does.
func (b *bench) Describe(_ context.Context, docs, _ []string) (map[string]*index.Description, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make(map[string]*index.Description, len(docs))
	for _, d := range docs {
		if b.known[d] == nil {
			about := b.corpus.describe(docNumber(d))
			b.known[d] = &about
		}
		out[d] = b.known[d]
	}
	return out, nil
}

func (b *bench) Recall(ctx context.Context, docs, scopes []string) (map[string]*index.Description, error) {
	return b.Describe(ctx, docs, scopes)
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
	b := &bench{o: o, known: map[string]*index.Description{}}
	if b.corpus, err = newCorpus(); err != nil {
		return err
	}
	if b.derived, err = store.OpenDerived(filepath.Join(o.dir, "derived.db")); err != nil { //nolint:contextcheck // a local file: nothing to wait for
		return err
	}
	defer b.derived.Close()
	fill := b.fill
	if o.engine == "meilisearch" {
		if b.engine, err = meili.Open(ctx, meili.Options{URL: o.url, Key: o.key, Prefix: prefix}); err != nil {
			return err
		}
		fill = b.push
	} else if b.engine, err = embedded.Open(ctx, filepath.Join(o.dir, "index"), embedded.Options{}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.engine.Close()) }()
	b.watched = &watched{Engine: b.engine}
	b.searcher = index.NewSearcher(b, b, b)
	if err := profiled(b.o.profile, func() error { return fill(ctx) }); err != nil {
		return err
	}
	return b.search(ctx)
}

// search asks everything and compares it with what the texts hold.
func (b *bench) search(ctx context.Context) error {
	all := cutQuestions(b.corpus, b.o.passages, b.o.each)
	find(b.corpus, b.o.passages, all)
	kinds := slices.Sorted(maps.Keys(all))
	err := profiled(b.o.searching, func() error {
		var whole []time.Duration
		for _, k := range kinds {
			took, err := b.ask(ctx, k, all[k])
			if err != nil {
				return err
			}
			whole = append(whole, took...)
		}
		fmt.Printf("all %d of them: p50 %.1f ms, p95 %.1f ms\n", len(whole), ms(share(whole, 50)), ms(share(whole, 95)))
		return nil
	})
	if err != nil || b.o.staff == 0 {
		return err
	}
	if err := b.crowd(ctx, all); err != nil {
		return err
	}
	return b.migrate(ctx, all)
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
