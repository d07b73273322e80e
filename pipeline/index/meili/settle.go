package meili

import (
	"context"
	"fmt"
	"maps"

	"guidang/pipeline/index"
)

// visible waits until a batch, and every one before it, can be found.
func (g *generation) visible(ctx context.Context, token index.Token) error {
	n, err := g.number(token)
	if err != nil {
		return err
	}
	if err := g.settle(ctx, n); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	out := g.ended[n]
	if out.err != nil {
		return out.err
	}
	// A token speaks for the batches before it too; what they rejected and nobody
	// was told of must not be taken for indexed.
	rejected := maps.Clone(g.untold)
	clear(g.untold)
	maps.Copy(rejected, out.rejected)
	if len(rejected) > 0 {
		return &index.RejectedError{Documents: rejected}
	}
	return nil
}

// settle looks after open batches, in order, until n is over. An error is the
// caller's or the connection's; the batches stay open. What became of them
// stands in ended.
func (g *generation) settle(ctx context.Context, n uint64) error {
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-g.turn }()
	for {
		g.mu.Lock()
		if len(g.open) == 0 || g.open[0].n > n {
			g.mu.Unlock()
			return nil
		}
		b := g.open[0]
		g.mu.Unlock()
		uids := make([]int64, len(b.sent))
		for i := range b.sent {
			uids[i] = b.sent[i].task
		}
		failed, err := g.s.wait(ctx, uids)
		if err != nil {
			return err
		}
		cause, err := g.judge(ctx, b, failed)
		if err != nil {
			return err
		}
		if cause == nil {
			if cause, err = g.applied(ctx, b); err != nil {
				return err
			}
		}
		g.end(b, cause)
	}
}

// judge looks at failed tasks of a batch. cause says why all of it has to be sent
// again.
func (g *generation) judge(ctx context.Context, b *batch, failed map[int64]*Error) (cause, err error) {
	for i := range b.sent {
		s := &b.sent[i]
		e := failed[s.task]
		if e == nil {
			continue
		}
		if !e.rejects() || len(s.groups) == 0 {
			// internal, io_error, no_space_left_on_device and the like: nothing of the
			// server's batch was applied, and it is nobody's fault in particular.
			return fmt.Errorf("meilisearch: a batch for index %s failed: %w", g.index(), e), nil
		}
		if cause, err = g.bisect(ctx, b, g.notLater(s.groups), e); cause != nil || err != nil {
			return cause, err
		}
		// After an error of the connection the rest is looked at again; what is done
		// must not be sent twice, since a later batch may have been there meanwhile.
		delete(failed, s.task)
		s.groups = nil
	}
	return nil, nil
}

// bisect sends the halves of what was refused one by one, until it is known which
// documents are guilty; everything else is taken.
func (g *generation) bisect(ctx context.Context, b *batch, groups []*group, why *Error) (cause, err error) {
	if len(groups) == 0 {
		return nil, nil
	}
	if len(groups) == 1 {
		b.rejected[groups[0].document] = why.Error()
		return nil, nil
	}
	for _, half := range halve(groups) {
		part := &batch{passages: map[string]int{}, rejected: b.rejected}
		if err := g.payload(ctx, part, half); err != nil {
			return nil, err
		}
		for _, s := range part.sent {
			failed, err := g.s.wait(ctx, []int64{s.task})
			if err != nil {
				return nil, err
			}
			e := failed[s.task]
			switch {
			case e == nil:
				continue
			case !e.rejects():
				return fmt.Errorf("meilisearch: a batch for index %s failed: %w", g.index(), e), nil
			}
			if cause, err := g.bisect(ctx, b, s.groups, e); cause != nil || err != nil {
				return cause, err
			}
		}
	}
	return nil, nil
}

// notLater leaves out documents that stand in batches given since: what is sent
// now arrives after them and would put an old revision in place of a new one.
func (g *generation) notLater(groups []*group) []*group {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []*group
	for _, one := range groups {
		later := false
		for _, b := range g.open[1:] {
			_, has := b.passages[one.document]
			later = later || has
		}
		if !later {
			out = append(out, one)
		}
	}
	return out
}

// applied moves the mark up to a batch that is applied with everything before
// it. Only now: a mark sent along with the documents would be true even if one
// of the tasks before it failed.
func (g *generation) applied(ctx context.Context, b *batch) (cause, err error) {
	g.mu.Lock()
	same := g.task >= 0 && g.mark == b.mark
	uid := g.uid
	g.mu.Unlock()
	if same {
		return nil, nil
	}
	task, err := g.s.putState(ctx, uid, markID, marked{g.name, b.mark.Ledger, b.mark.Seq})
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		return err, nil
	}
	g.mu.Lock()
	g.mark, g.task = b.mark, task
	g.mu.Unlock()
	return nil, nil
}

// end closes the first open batch. With it fail all that were given since: they
// may have been applied, but a mark of theirs would say that this one was too.
// The caller sends everything again.
func (g *generation) end(b *batch, cause error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if cause == nil {
		g.open = g.open[1:]
		if len(b.rejected) > 0 {
			g.ended[b.n] = outcome{rejected: b.rejected}
			maps.Copy(g.untold, b.rejected)
		}
		for doc := range b.passages {
			if ghost, ok := g.ghosts[doc]; ok && ghost.upTo < b.n { // its deletions came after them
				delete(g.ghosts, doc)
			}
		}
	} else {
		for _, b := range g.open {
			g.haunt(b)
			g.ended[b.n] = outcome{err: cause}
		}
		g.open = nil
	}
	for n := range g.ended {
		if n+outcomesKept < g.given {
			delete(g.ended, n)
		}
	}
}

// flush waits until everything that was given is applied, and the mark written.
func (g *generation) flush(ctx context.Context) error {
	g.mu.Lock()
	n := g.given
	g.mu.Unlock()
	if err := g.settle(ctx, n); err != nil {
		return err
	}
	if err := g.failure(n); err != nil {
		return err
	}
	return g.marked(ctx)
}

// marked waits until the mark is written.
func (g *generation) marked(ctx context.Context) error {
	g.mu.Lock()
	task := g.task
	g.mu.Unlock()
	if task < 0 {
		return nil
	}
	failed, err := g.s.wait(ctx, []int64{task})
	if err == nil && failed[task] != nil {
		err = fmt.Errorf("meilisearch: mark of %s: %w", g.index(), failed[task])
	}
	return err
}
