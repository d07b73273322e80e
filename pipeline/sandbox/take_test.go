package sandbox

import (
	"testing"
	"time"
)

// A child in which something of a reader goes on running is replaced, and one in
// which it is about to end is not.
func TestLeftRunning(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stays    string
		children int
	}{{"1ms", 1}, {"1h", 3}} {
		p := newTestPool(t)
		for range 3 {
			reads(t, p, &Request{Input: inputOf("hostile:leave " + c.stays)})
		}
		p.mu.Lock()
		if p.number != c.children {
			t.Errorf("what stays for %s: %d children, want %d", c.stays, p.number, c.children)
		}
		p.mu.Unlock()
	}
}

// One engine serves two who ask for it by turns; after a while of waiting another
// child loads it too.
func TestOneEngineFirst(t *testing.T) {
	t.Parallel()
	p := newTestPool(t)
	pdf := func() *child {
		c, err := p.take(t.Context(), false, true)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := pdf()
	other, err := p.take(t.Context(), false, false)
	if err != nil {
		t.Fatal(err)
	}
	p.give(first)
	p.give(other)
	if c := pdf(); c != first {
		t.Error("another child got the second PDF, though the first was idle")
	}
	time.AfterFunc(10*time.Millisecond, func() { p.give(first) })
	if c := pdf(); c != first {
		t.Error("another child got the third PDF, though the first was soon to be idle")
	}
	if c := pdf(); c != other {
		t.Error("the child without the engine was not asked, though the first stays at work")
	} else {
		p.give(c)
	}
	p.give(first)
	if c, err := p.take(t.Context(), false, false); err != nil || !c.engine.Load() {
		t.Errorf("both have the engine now: %v", err)
	} else {
		p.give(c)
	}
}

// Children that were prepared are taken before others are started, and no more of
// them than can work.
func TestPrepared(t *testing.T) {
	t.Parallel()
	p := newTestPool(t)
	for n := range 100 {
		p.Prepare(n)
	}
	children := map[*child]bool{}
	for range p.o.Workers {
		c, err := p.take(t.Context(), false, false)
		if err != nil {
			t.Fatal(err)
		}
		children[c] = true
	}
	p.mu.Lock()
	if p.number != p.o.Workers || len(children) != p.o.Workers || p.preparing != 0 {
		t.Errorf("%d workers have %d children of %d that were started, %d are left", p.o.Workers, len(children), p.number, p.preparing)
	}
	p.mu.Unlock()
	for c := range children {
		p.give(c)
	}
}

// A pool that is closed before anybody came leaves no child behind.
func TestPreparedForNobody(t *testing.T) {
	t.Parallel()
	p := newTestPool(t)
	p.Prepare(5)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if len(p.all) != 0 {
		t.Errorf("%d children are left", len(p.all))
	}
	if _, err := p.take(t.Context(), false, false); err == nil {
		t.Error("a closed pool gave a child")
	}
}
