// Package both keeps two indexes of one archive at the same time, so that a
// firm can go from one engine to the other without an hour in which nothing is
// found: one answers while the other is filled, and when both answer alike the
// other takes over.
package both

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync/atomic"

	"guidang/pipeline/index"
)

// Engine is an index.Engine of two. What is written goes to both, and is visible
// when it is in both; one answers. Nothing is done twice for an index that has it
// already: see Fill.
type Engine struct {
	old, fresh index.Engine
	turned     atomic.Bool // fresh answers
	have       atomic.Pointer[map[string]held]
}

// held is what the old index has of a document.
type held struct {
	revision int64
	passages int
}

var _ index.Engine = (*Engine)(nil)

// Open joins two engines, which it closes when it is closed. old answers.
func Open(ctx context.Context, old, fresh index.Engine) (*Engine, error) {
	e := &Engine{old: old, fresh: fresh}
	a, err := old.Mark(ctx)
	if err != nil {
		return nil, err
	}
	b, err := fresh.Mark(ctx)
	if err != nil {
		return nil, err
	}
	if a.Ledger == "" || a == b {
		return e, nil
	}
	// The fresh one is behind and gets everything again. What the old one has it
	// need not be given once more.
	have := map[string]held{}
	err = old.Walk(ctx, func(doc string, revision int64, passages int) error {
		have[doc] = held{revision, passages}
		return nil
	})
	if err != nil {
		return nil, err
	}
	e.have.Store(&have)
	return e, nil
}

func (e *Engine) answering() index.Engine {
	if e.turned.Load() {
		return e.fresh
	}
	return e.old
}

// Old and Fresh are the two, for whoever compares them.
func (e *Engine) Old() index.Engine { return e.old }

// Fresh is the index that takes over.
func (e *Engine) Fresh() index.Engine { return e.fresh }

// Turn lets the fresh index answer from now on.
func (e *Engine) Turn() { e.turned.Store(true) }

// Turned says whether it does.
func (e *Engine) Turned() bool { return e.turned.Load() }

// Name is that of the one that answers.
func (e *Engine) Name() string { return e.answering().Name() }

// Join names two generations together.
func Join(old, fresh string) string { return old + "+" + fresh }

// Holds says whether a generation is one of a joined one: an index that was
// filled beside another is complete when it goes on alone.
func Holds(joined, one string) bool {
	a, b, ok := strings.Cut(joined, "+")
	return ok && (a == one || b == one)
}

// Generation names both.
func (e *Engine) Generation() string { return Join(e.old.Generation(), e.fresh.Generation()) }

// tokens are one of each engine; either may be empty: nothing was given to it.
func token(old, fresh index.Token) index.Token {
	return index.Token(fmt.Sprintf("%d:%s%s", len(old), old, fresh))
}

func split(t index.Token) (old, fresh index.Token, err error) {
	var n int
	size, rest, ok := strings.Cut(string(t), ":")
	if _, scanErr := fmt.Sscanf(size, "%d", &n); !ok || scanErr != nil || n < 0 || n > len(rest) {
		return "", "", fmt.Errorf("index: %q is no token of two engines", t)
	}
	return index.Token(rest[:n]), index.Token(rest[n:]), nil
}

// Upsert gives entries to both.
func (e *Engine) Upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (index.Token, error) {
	a, err := e.old.Upsert(ctx, e.missing(entries), mark)
	if err != nil {
		return "", err
	}
	b, err := e.fresh.Upsert(ctx, entries, mark)
	return token(a, b), err
}

// missing leaves out what the old index has.
func (e *Engine) missing(entries []index.Entry) []index.Entry {
	have := e.have.Load()
	if have == nil {
		return entries
	}
	var out []index.Entry
	for i := range entries {
		n := &entries[i]
		if (*have)[n.Document] != (held{n.Revision, len(n.Passages)}) {
			out = append(out, *n)
		}
	}
	return out
}

// Delete removes documents from both.
func (e *Engine) Delete(ctx context.Context, documents []string, mark index.Mark) (index.Token, error) {
	e.have.Store(nil) // no longer what it was
	a, err := e.old.Delete(ctx, documents, mark)
	if err != nil {
		return "", err
	}
	b, err := e.fresh.Delete(ctx, documents, mark)
	return token(a, b), err
}

// Visible waits for both. What either of them refuses is refused.
func (e *Engine) Visible(ctx context.Context, t index.Token) error {
	a, b, err := split(t)
	if err != nil {
		return err
	}
	return visible(ctx, e.old, e.fresh, a, b)
}

type waiting interface {
	Visible(ctx context.Context, token index.Token) error
}

func visible(ctx context.Context, old, fresh waiting, a, b index.Token) error {
	all := map[string]string{}
	for _, one := range []struct {
		in    waiting
		token index.Token
	}{{old, a}, {fresh, b}} {
		err := one.in.Visible(ctx, one.token)
		var rejected *index.RejectedError
		switch {
		case errors.As(err, &rejected):
			maps.Copy(all, rejected.Documents)
		case err != nil:
			return err
		}
	}
	if len(all) > 0 {
		return &index.RejectedError{Documents: all}
	}
	return nil
}

// Search asks the one that answers.
func (e *Engine) Search(ctx context.Context, q index.Query) (index.Candidates, error) {
	return e.answering().Search(ctx, q)
}

// Mark is the earlier of the two: what is behind it is in both.
func (e *Engine) Mark(ctx context.Context) (index.Mark, error) {
	a, err := e.old.Mark(ctx)
	if err != nil {
		return a, err
	}
	b, err := e.fresh.Mark(ctx)
	if err != nil || b.Ledger == a.Ledger && b.Seq >= a.Seq {
		return a, err
	}
	if b.Ledger != "" && a.Ledger != "" && b.Ledger != a.Ledger {
		return b, nil // of another archive: whoever opens it says so
	}
	return b, nil
}

// Walk gives what is in both; what one of them lacks counts as nothing, so that
// it is sent again, and what is in one only is given too, so that a surplus is
// seen.
func (e *Engine) Walk(ctx context.Context, fn func(doc string, revision int64, passages int) error) error {
	all := map[string]held{}
	err := e.old.Walk(ctx, func(doc string, revision int64, passages int) error {
		all[doc] = held{revision, passages}
		return nil
	})
	if err != nil {
		return err
	}
	err = e.fresh.Walk(ctx, func(doc string, revision int64, passages int) error {
		h := all[doc]
		delete(all, doc)
		return fn(doc, min(h.revision, revision), min(h.passages, passages))
	})
	if err != nil {
		return err
	}
	for doc := range all {
		if err := fn(doc, 0, 0); err != nil {
			return err
		}
	}
	return nil
}

// Stats are those of the one that answers, and the room that both take.
func (e *Engine) Stats(ctx context.Context) (index.Stats, error) {
	a, err := e.old.Stats(ctx)
	if err != nil {
		return a, err
	}
	b, err := e.fresh.Stats(ctx)
	bytes := a.Bytes + b.Bytes
	if e.Turned() {
		a = b
	}
	a.Bytes = bytes
	return a, err
}

// Close closes both.
func (e *Engine) Close() error { return errors.Join(e.old.Close(), e.fresh.Close()) }
