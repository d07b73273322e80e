package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"guidang/pipeline/index"
	"guidang/pipeline/store"
)

// atOnce is how many passages are given in one batch.
const atOnce = 500

// filled says whether a run before has left everything in the index.
func (b *bench) filled(ctx context.Context) (bool, error) {
	st, err := b.engine.Stats(ctx)
	filled := err == nil && st.Passages == int64(b.o.passages)
	if filled {
		fmt.Println("filled already")
	}
	return filled, err
}

// fill indexes everything.
func (b *bench) fill(ctx context.Context) error {
	if filled, err := b.filled(ctx); filled || err != nil {
		return err
	}
	runtime.LockOSThread() // its CPU is that of making and keeping texts
	defer runtime.UnlockOSThread()
	began, used := time.Now(), cpu()
	var text, peak int64
	var making, keeping time.Duration
	var token index.Token
	for from := 0; from < b.o.passages; from += atOnce {
		step := threadCPU()
		entries, size := b.entries(from, min(from+atOnce, b.o.passages))
		text += size
		making += threadCPU() - step
		step = threadCPU()
		if err := b.keep(ctx, entries); err != nil {
			return err
		}
		keeping += threadCPU() - step
		var err error
		if token, err = b.engine.Upsert(ctx, entries, index.Mark{Ledger: "bench", Seq: int64(from)}); err != nil {
			return err
		}
		peak = max(peak, anonymous())
	}
	if err := b.engine.Visible(ctx, token); err != nil {
		return err
	}
	total := cpu() - used - making - keeping
	st, err := b.engine.Stats(ctx)
	if err != nil {
		return err
	}
	n := float64(b.o.passages)
	fmt.Printf("%d passages, %.0f MB of text: %.1f s; indexing %.2f ms CPU a passage, keeping texts %.2f; index %.0f MB, %.2f times the text; RssAnon %d MB\n",
		b.o.passages, float64(text)/1e6, time.Since(began).Seconds(), total.Seconds()*1000/n, keeping.Seconds()*1000/n, float64(st.Bytes)/1e6, float64(st.Bytes)/float64(text), peak>>20)
	return nil
}

// entries makes documents; size is that of their texts.
func (b *bench) entries(from, to int) (out []index.Entry, size int64) {
	for n := from; n < to; n++ {
		s := b.corpus.text(n)
		size += int64(len(s))
		out = append(out, b.corpus.entry(n, s))
	}
	return out, size
}

// keep keeps their texts, as the pipeline does.
func (b *bench) keep(ctx context.Context, entries []index.Entry) error {
	out := make([]store.DocumentPassages, len(entries))
	for n := range entries {
		out[n] = store.DocumentPassages{Document: entries[n].Document, Texts: []string{entries[n].Passages[0].Text}}
	}
	return b.derived.Put(ctx, nil, out)
}
