package pipeline

import (
	"context"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"guidang/extractors/document"
	"guidang/pipeline/dossier"
	"guidang/pipeline/ledger"
)

const lookChunk = 500 // contents a transaction

// look brings what is kept of every text to the words of the list. Texts that are
// new are looked through; where the list is another than before, the others are
// searched for its new words only, and not opened at all if it just lost some.
// The texts are those that are kept for search.
func (p *assignment) look(ctx context.Context) error {
	before, err := p.a.ledger.LookedFor(ctx)
	if err != nil {
		return err
	}
	now := p.list.LookedFor()
	l := &looking{a: p.a, list: p.list, change: p.list.Since(before)}
	var todo []looked
	for i := range p.bases {
		b := &p.bases[i]
		f := p.found[b.ID]
		switch {
		case f == nil || f.Made != dossier.Made(b.Made):
			f = nil
		case f.Words == p.list.Fingerprint():
			continue
		case before == nil || f.Words != dossier.FingerprintOf(before):
			f = nil
		}
		todo = append(todo, looked{basis: b, have: f})
	}
	workers := p.a.cfg.Workers
	if workers <= 0 {
		workers = runtime.NumCPU()
	}
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for some := range slices.Chunk(todo, lookChunk) {
		group.Go(func() error { return l.chunk(within, some) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, t := range todo {
		p.found[t.basis.ID] = t.have
	}
	p.account.Looked = int(l.texts.Load())
	if slices.Equal(before, now) {
		return nil
	}
	return p.a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetLookedFor(now) })
}

// looked is a content that is brought to the words of the list, and its features:
// before, nil if the list that they were found by is not known; then those of
// this list.
type looked struct {
	basis *ledger.Basis
	have  *ledger.Features
}

// looking is one look through texts.
type looking struct {
	a      *Archive
	list   *dossier.Words
	change *dossier.Change
	texts  atomic.Int64 // that were looked at
}

// chunk looks at some contents and writes what changed.
func (l *looking) chunk(ctx context.Context, some []looked) error {
	var changed []*ledger.Features
	var kept []int64
	for i := range some {
		now, same, err := l.features(ctx, &some[i])
		if err != nil {
			return err
		}
		some[i].have = now
		if same {
			kept = append(kept, now.Content)
		} else {
			changed = append(changed, now)
		}
	}
	return l.a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for _, f := range changed {
			if err := tx.SetFeatures(f); err != nil {
				return err
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return tx.KeepFeatures(kept, l.list.Fingerprint())
	})
}

// features are those of a content by the list; same: the words found are those
// that were found before.
func (l *looking) features(ctx context.Context, t *looked) (now *ledger.Features, same bool, err error) {
	now = &ledger.Features{Content: t.basis.ID, Made: dossier.Made(t.basis.Made), Words: l.list.Fingerprint()}
	var parts []dossier.Part
	if t.have != nil {
		found := dossier.ParseFeatures(t.have.Found)
		fewer, ok := l.change.Drop(found)
		if ok && l.change.Texts() {
			if parts, err = l.parts(ctx, t.basis); err != nil {
				return nil, false, err
			}
			ok = !l.change.Touches(parts)
		}
		switch {
		case ok && !fewer:
			now.Found = t.have.Found
			return now, true, nil
		case ok:
			now.Found = found.String()
			return now, false, nil
		}
	}
	if parts == nil {
		if parts, err = l.parts(ctx, t.basis); err != nil {
			return nil, false, err
		}
	}
	now.Found = l.list.Look(parts, t.basis.Kind == document.KindMail).String()
	return now, false, nil
}

// parts are the kept text of a content.
func (l *looking) parts(ctx context.Context, b *ledger.Basis) ([]dossier.Part, error) {
	l.texts.Add(1)
	texts, err := l.a.derived.DocumentPassages(ctx, b.DocumentID())
	if err != nil {
		return nil, err
	}
	parts := make([]dossier.Part, 0, len(texts))
	for _, t := range texts {
		passage := decodePassage(t)
		parts = append(parts, dossier.Part{Part: passage.Position.Part, Heading: passage.Heading, Text: passage.Text})
	}
	return parts, nil
}
