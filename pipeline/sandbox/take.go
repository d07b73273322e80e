package sandbox

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// enginePrice is what it costs a child to load the compiled engine. PDFs wait so
// long altogether for the child that has it before another one loads it too: a
// night with twenty of them pays once, a migration loses nothing that it would
// notice.
const enginePrice = 300 * time.Millisecond

// usesEngine guesses from its name whether an original needs the engine. A wrong
// guess costs time and nothing else.
func usesEngine(name string) bool { return strings.EqualFold(filepath.Ext(name), "."+warmFormat) }

// take gives a child to work with: one that is idle, or a new one. Whoever took
// it gives it back with give.
func (p *Pool) take(ctx context.Context, fresh, engine bool) (*child, error) {
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, errClosed
		}
		if fresh {
			return p.startChild(engine)
		}
		c, wait := p.choose(engine)
		if c != nil {
			if engine {
				c.engine.Store(true)
			}
			p.mu.Unlock()
			return c, nil
		}
		switch {
		case wait:
		case p.preparing > 0:
			return p.takePrepared(engine)
		default:
			return p.startChild(engine)
		}
		patience, began := p.patience, time.Now()
		p.mu.Unlock()
		err := p.await(ctx, patience)
		p.mu.Lock()
		p.patience -= time.Since(began)
		p.mu.Unlock()
		if err != nil {
			return nil, err
		}
	}
}

// choose takes the idle child that suits best, if there is one; wait says that a
// better one is at work and worth waiting for. It is called with mu held.
func (p *Pool) choose(engine bool) (c *child, wait bool) {
	alive := p.idle[:0]
	best := -1
	for _, c := range p.idle {
		if c.lost() {
			continue
		}
		alive = append(alive, c)
		if best < 0 || c.engine.Load() == engine || alive[best].engine.Load() != engine {
			best = len(alive) - 1 // the last one used, whose memory is warm
		}
	}
	p.idle = alive
	if engine && p.patience > 0 && (best < 0 || !alive[best].engine.Load()) {
		for c := range p.all {
			if c.engine.Load() && !c.lost() {
				return nil, true
			}
		}
	}
	if best < 0 {
		return nil, false
	}
	c = alive[best]
	p.idle = slices.Delete(alive, best, best+1)
	return c, false
}

// await waits until a child may have become idle.
func (p *Pool) await(ctx context.Context, patience time.Duration) error {
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-p.freed:
	case <-late.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// startChild starts a child. It is called with mu held, and gives it up.
func (p *Pool) startChild(engine bool) (*child, error) {
	p.number++
	n := p.number
	p.mu.Unlock()
	c, err := p.newChild(n, engine)
	if err != nil {
		return nil, fmt.Errorf("start a reader: %w", err)
	}
	return c, nil
}

// give takes a child back, or ends it.
func (p *Pool) give(c *child) {
	c.tidy()
	p.mu.Lock()
	keep := !p.closed && !c.retire.Load() && c.items < itemsPerChild && !c.lost()
	if keep {
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	if !keep {
		c.kill("")
	}
	select {
	case p.freed <- struct{}{}:
	default:
	}
}
