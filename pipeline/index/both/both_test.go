package both

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/embedded"
	"guidang/pipeline/index/indextest"
)

func part(t *testing.T, dir string) index.Engine {
	t.Helper()
	e, err := embedded.Open(t.Context(), dir, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func pair(t *testing.T, dir string) *Engine {
	t.Helper()
	e, err := Open(t.Context(), part(t, filepath.Join(dir, "old")), part(t, filepath.Join(dir, "fresh")))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Two engines are one, whichever of them answers: every second time the fresh one.
func TestEngine(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	indextest.Run(t, indextest.Suite{New: func(t *testing.T) index.Engine {
		t.Helper()
		e := pair(t, t.TempDir())
		if n.Add(1)%2 == 0 {
			e.Turn()
		}
		return e
	}})
}

// An index that is filled beside another gets everything, the other only what it
// lacks.
func TestFill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old := part(t, filepath.Join(dir, "old"))
	docs := []index.Entry{indextest.Doc("a", "甲", "验收"), indextest.Doc("b", "乙", "验收"), indextest.Doc("c", "丙", "验收")}
	put := func(e index.Engine, seq int64, entries ...index.Entry) {
		t.Helper()
		token, err := e.Upsert(t.Context(), entries, index.Mark{Ledger: "L", Seq: seq})
		if err == nil {
			err = e.Visible(t.Context(), token)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put(old, 2, docs[0], docs[1])
	counted := &counting{Engine: old}
	e, err := Open(t.Context(), counted, part(t, filepath.Join(dir, "fresh")))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := e.Mark(t.Context()); err != nil || m != (index.Mark{}) {
		t.Errorf("mark %v %v; the fresh one has nothing", m, err)
	}
	seen := map[string]int{}
	walk := func() {
		t.Helper()
		clear(seen)
		if err := e.Walk(t.Context(), func(doc string, _ int64, passages int) error { seen[doc] = passages; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if walk(); len(seen) != 2 || seen["a"] != 0 {
		t.Errorf("what one lacks counts: %v", seen)
	}
	changed := docs[1]
	changed.Revision = 2
	put(e, 3, docs[0], changed, docs[2])
	if counted.entries != 2 {
		t.Errorf("the old index was given %d of 3 entries, it lacks 2", counted.entries)
	}
	if walk(); len(seen) != 3 || seen["a"] != 1 || seen["b"] != 1 || seen["c"] != 1 {
		t.Errorf("after filling: %v", seen)
	}
	g := e.Generation()
	if !Holds(g, e.Old().Generation()) || !Holds(g, e.Fresh().Generation()) || Holds(g, "g-other") || Holds(e.Old().Generation(), e.Old().Generation()) {
		t.Errorf("generation %s", g)
	}
}

type counting struct {
	index.Engine
	entries int
}

func (c *counting) Upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (index.Token, error) {
	c.entries += len(entries)
	return c.Engine.Upsert(ctx, entries, mark)
}

func FuzzToken(f *testing.F) {
	f.Add("a:1", "b:2", "3:x")
	f.Fuzz(func(t *testing.T, a, b, junk string) {
		x, y, err := split(token(index.Token(a), index.Token(b)))
		if err != nil || string(x) != a || string(y) != b {
			t.Errorf("%q %q: %q %q %v", a, b, x, y, err)
		}
		_, _, _ = split(index.Token(junk))
	})
}
