package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"guidang/pipeline/index"
)

// rebuilding is a generation that CURRENT does not name yet.
type rebuilding struct {
	e    *Engine
	mu   sync.Mutex
	g    *generation
	over bool
}

// Rebuild begins a generation beside the one in use. A crash leaves a directory
// that the next Open deletes.
func (e *Engine) Rebuild(ctx context.Context) (index.Rebuilding, error) {
	_, done, err := e.use()
	if err != nil {
		return nil, err
	}
	defer done()
	g, err := create(ctx, e.dir, e.options)
	if err != nil {
		return nil, fmt.Errorf("index %s: new generation: %w", e.dir, err)
	}
	return &rebuilding{e: e, g: g}, nil
}

func (r *rebuilding) Generation() string { return r.g.name }

func (r *rebuilding) Upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (index.Token, error) {
	return r.g.upsert(ctx, entries, mark)
}

func (r *rebuilding) Visible(ctx context.Context, token index.Token) error {
	return r.g.visible(ctx, token)
}

// Swap waits until everything is on disk, lets CURRENT name the new generation,
// and deletes the old one when the last search in it has ended.
func (r *rebuilding) Swap(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return errors.New("index: the rebuild is over already")
	}
	if err := r.g.flushed(ctx); err != nil {
		return err
	}
	e := r.e
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return errClosed
	}
	if err := writeCurrent(e.dir, r.g.name); err != nil {
		// Whether the rename came through is not known, and both are complete: the
		// next Open takes the one that is named, and the ledger sees which by its
		// generation.
		e.mu.Unlock()
		return fmt.Errorf("index %s: swap: %w", e.dir, err)
	}
	old := e.cur
	e.cur, r.over = r.g, true
	e.mu.Unlock()
	old.users.Wait()
	return errors.Join(old.close(), os.RemoveAll(old.dir))
}

func (r *rebuilding) Discard() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return nil
	}
	r.over = true
	if name, err := readCurrent(r.e.dir); err == nil && name == r.g.name {
		return r.g.close() // a swap that failed half-way: the next Open decides
	}
	return errors.Join(r.g.close(), os.RemoveAll(r.g.dir))
}
