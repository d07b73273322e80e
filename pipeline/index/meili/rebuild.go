package meili

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"guidang/pipeline/index"
)

// rebuilding is an index beside the one in use.
type rebuilding struct {
	e    *Engine
	g    *generation
	uid  string // of the new index, and after the swap of the old one
	mu   sync.Mutex
	over bool
}

// discarding is how long Discard may take, which has no context.
const discarding = 10 * time.Second

// Rebuild makes an index beside the one in use. A crash leaves it on the server;
// a later Open deletes it when nobody has written to it for a day.
func (e *Engine) Rebuild(ctx context.Context) (index.Rebuilding, error) {
	if e.closed.Load() {
		return nil, errClosed
	}
	uid := e.uid + "_" + newGeneration()
	name, err := e.s.create(ctx, uid)
	if err != nil {
		return nil, fmt.Errorf("new generation: %w", err)
	}
	return &rebuilding{e: e, uid: uid, g: newGenerationAt(e.s, uid, name)}, nil
}

func (r *rebuilding) Generation() string { return r.g.name }

func (r *rebuilding) Upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (index.Token, error) {
	return r.g.upsert(ctx, entries, mark)
}

func (r *rebuilding) Visible(ctx context.Context, token index.Token) error {
	return r.g.visible(ctx, token)
}

// Swap waits until everything is applied and exchanges the names of the two
// indexes, which the server does at once. Searches never notice. Then the old
// one, which has the other name now, is deleted.
func (r *rebuilding) Swap(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return errors.New("index: the rebuild is over already")
	}
	e := r.e
	if e.closed.Load() {
		return errClosed
	}
	if err := r.g.flush(ctx); err != nil {
		return err
	}
	if err := r.exchange(ctx); err != nil {
		return err
	}
	r.over = true
	if err := e.s.drop(ctx, r.uid); err != nil {
		return fmt.Errorf("index %s: the old generation: %w", e.uid, err)
	}
	return nil
}

func (r *rebuilding) exchange(ctx context.Context) error {
	e := r.e
	e.swap.Lock()
	defer e.swap.Unlock()
	err := e.s.swapIndexes(ctx, e.uid, r.uid)
	if err != nil {
		// It may have been done all the same. What stands there decides; if it comes
		// even later, Visible finds out.
		var now identity
		if ok, stateErr := e.s.state(ctx, e.uid, identityID, &now); stateErr != nil || !ok || now.Generation != r.g.name {
			return errors.Join(err, stateErr)
		}
	}
	r.g.mu.Lock()
	r.g.uid = e.uid
	r.g.mu.Unlock()
	e.cur.Store(r.g)
	return nil
}

// swapIndexes asks once only: after a lost answer a second swap would undo the
// first.
func (s *server) swapIndexes(ctx context.Context, a, b string) error {
	var task int64
	err := s.do(ctx, "swap", 1, func(ctx context.Context) error {
		t, err := s.api.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{{Indexes: []string{a, b}}})
		if err == nil {
			task = t.TaskUID
		}
		return err
	})
	if err != nil {
		return err
	}
	failed, err := s.wait(ctx, []int64{task})
	if err != nil || failed[task] == nil {
		return err
	}
	err = fmt.Errorf("meilisearch: swap: %w", failed[task])
	if failed[task].Code == taskGone {
		// QUIRK: a key for some indexes only cannot see tasks of swaps (v1.50). Tasks
		// are done in their order; when one that came later is over, so is the swap,
		// and what stands there says how it ended.
		err = errors.Join(err, s.run(ctx, "wait for the swap", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return s.api.Index(a).DeleteDocumentsWithContext(ctx, []string{"no-such-passage"}, nil)
		}))
	}
	return err
}

// Discard deletes the new index. After a swap of which nobody knows whether it
// was done, it deletes the one that is not in use: deletions come after swaps.
func (r *rebuilding) Discard() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return nil
	}
	r.over = true
	ctx, cancel := context.WithTimeout(context.Background(), discarding)
	defer cancel()
	return r.e.s.drop(ctx, r.uid)
}
