package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	api "github.com/blevesearch/bleve_index_api"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

func newEngine(t *testing.T) index.Engine {
	t.Helper()
	return openAt(t, t.TempDir())
}

func openAt(t *testing.T, dir string) *Engine {
	t.Helper()
	return grownAt(t, dir, Options{})
}

func reopen(t *testing.T, e index.Engine) index.Engine {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return openAt(t, e.(*Engine).dir)
}

func TestEngine(t *testing.T) {
	t.Parallel()
	indextest.Run(t, indextest.Suite{
		New:    newEngine,
		Reopen: reopen,
		Damage: func(t *testing.T, e index.Engine, gone []index.PassageID) index.Engine {
			t.Helper()
			b := api.NewBatch()
			for _, id := range gone {
				b.Delete(id.String())
			}
			g := e.(*Engine).cur.last()
			if _, err := g.apply(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			if err := g.flushed(t.Context()); err != nil {
				t.Fatal(err)
			}
			return reopen(t, e)
		},
	})
}

type opened int

const (
	asBefore opened = iota
	anew
	corrupt
	// scorch may still have the snapshot before the last; going back to it is
	// right too, because the mark goes back with it and the rest is sent again.
	corruptOrEarlier
)

// A crash leaves files; each row is what may lie there, and how it opens.
func TestOpenAfterCrash(t *testing.T) {
	t.Parallel()
	seed := func(t *testing.T, dir string) string {
		t.Helper()
		e, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		token, err := e.Upsert(t.Context(), []index.Entry{indextest.Doc("a", "甲", "验收")}, index.Mark{Ledger: "L", Seq: 7})
		if err == nil {
			err = e.Visible(t.Context(), token)
		}
		if err := errors.Join(err, e.Close()); err != nil {
			t.Fatal(err)
		}
		return e.Generation()
	}
	write := func(t *testing.T, path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		harm func(t *testing.T, dir, generation string)
		want opened
	}{
		"nothing happened": {func(*testing.T, string, string) {}, asBefore},
		"a rebuild was begun": {func(t *testing.T, dir, _ string) {
			t.Helper()
			if err := os.Mkdir(filepath.Join(dir, "g-00000000000000aa"), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, "g-00000000000000aa", "root.bolt"), "half")
		}, asBefore},
		"CURRENT was being written": {func(t *testing.T, dir, _ string) {
			t.Helper()
			write(t, filepath.Join(dir, "CURRENT.123"), "g-0000")
		}, asBefore},
		"CURRENT was never written": {func(t *testing.T, dir, _ string) {
			t.Helper()
			if err := os.Remove(filepath.Join(dir, "CURRENT")); err != nil {
				t.Fatal(err)
			}
		}, anew},
		"CURRENT is garbage": {func(t *testing.T, dir, _ string) {
			t.Helper()
			write(t, filepath.Join(dir, "CURRENT"), "../../etc")
		}, corrupt},
		"the generation is gone": {func(t *testing.T, dir, g string) {
			t.Helper()
			if err := os.RemoveAll(filepath.Join(dir, g)); err != nil {
				t.Fatal(err)
			}
		}, corrupt},
		"root.bolt is garbage": {func(t *testing.T, dir, g string) {
			t.Helper()
			write(t, filepath.Join(dir, g, "root.bolt"), "garbage garbage")
		}, corrupt},
		"root.bolt is empty": {func(t *testing.T, dir, g string) {
			t.Helper()
			write(t, filepath.Join(dir, g, "root.bolt"), "")
		}, corrupt},
		"a segment is gone": {func(t *testing.T, dir, g string) {
			t.Helper()
			for _, f := range segments(t, dir, g) {
				if err := os.Remove(f); err != nil {
					t.Fatal(err)
				}
			}
		}, corruptOrEarlier},
		"a segment is cut off": {func(t *testing.T, dir, g string) {
			t.Helper()
			for _, f := range segments(t, dir, g) {
				if err := os.Truncate(f, 100); err != nil {
					t.Fatal(err)
				}
			}
		}, corruptOrEarlier},
		"a segment is garbage": {func(t *testing.T, dir, g string) {
			t.Helper()
			for _, f := range segments(t, dir, g) {
				write(t, f, string(make([]byte, 4000)))
			}
		}, corruptOrEarlier},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "index")
			c.harm(t, dir, seed(t, dir))
			e, err := Open(t.Context(), dir, Options{})
			if errors.Is(err, index.ErrCorrupt) && c.want >= corrupt {
				return
			}
			if err != nil || c.want == corrupt {
				t.Fatalf("open: %v", err)
			}
			m, err := e.Mark(t.Context())
			if err != nil || (m.Seq == 7) != (c.want == asBefore) {
				t.Errorf("mark %v %v", m, err)
			}
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != 2 {
				t.Errorf("litter is left: %v %v", entries, err)
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// An index of another version is whole, so nobody has to be told that it is
// corrupt.
func TestOpenOutdated(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "index")
	e, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := api.NewBatch()
	b.SetInternal([]byte(keyFormat), []byte("0"))
	if _, err = e.cur.last().apply(t.Context(), b); err == nil {
		err = e.cur.last().flushed(t.Context())
	}
	if err = errors.Join(err, e.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, index.ErrOutdated) || errors.Is(err, index.ErrCorrupt) {
		t.Errorf("open: %v", err)
	}
}

func segments(t *testing.T, dir, generation string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, generation, "*.zap"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no segments: %v", err)
	}
	return files
}

// What is visible survives the process: a copy of the files, taken while the
// index is open, has it.
func TestVisibleIsOnDisk(t *testing.T) {
	t.Parallel()
	e := openAt(t, t.TempDir())
	a := indextest.NewArchive(e)
	for n := range 5 {
		a.Put(t, indextest.Doc(strings.Repeat("x", n+1), "验收", "验收"))
		after := copied(t, e)
		st, err := after.Stats(t.Context())
		if err != nil || st.Documents != int64(n+1) {
			t.Errorf("%d documents after a crash, want %d: %v", st.Documents, n+1, err)
		}
		if m, err := after.Mark(t.Context()); err != nil || m != a.Mark() {
			t.Errorf("mark %v, want %v: %v", m, a.Mark(), err)
		}
	}
}

// copied opens a copy of an open index. Copying takes a moment in which a merge
// may remove a segment that was listed, as no crash would show it: then the copy
// is none of any moment, and another is taken.
func copied(t *testing.T, e *Engine) *Engine {
	t.Helper()
	var last error
	for range 50 {
		dir := filepath.Join(t.TempDir(), "copy")
		if last = os.CopyFS(dir, os.DirFS(e.dir)); last != nil {
			continue
		}
		after, err := Open(t.Context(), dir, Options{})
		if err == nil {
			t.Cleanup(func() { _ = after.Close() })
			return after
		}
		last = err
	}
	t.Fatalf("no copy of fifty could be opened: %v", last)
	return nil
}

func TestOneProcessOnly(t *testing.T) {
	t.Parallel()
	e := openAt(t, t.TempDir())
	if _, err := Open(t.Context(), e.dir, Options{}); !errors.Is(err, ErrBusy) || errors.Is(err, index.ErrCorrupt) {
		t.Errorf("second opening: %v", err)
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	e := openAt(t, t.TempDir())
	r, err := e.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Close(), e.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Upsert(t.Context(), nil, index.Mark{}); !errors.Is(err, errClosed) {
		t.Errorf("upsert: %v", err)
	}
	if _, err := e.Search(t.Context(), index.Query{}); !errors.Is(err, errClosed) {
		t.Errorf("search: %v", err)
	}
	if err := r.Swap(t.Context()); !errors.Is(err, errClosed) {
		t.Errorf("swap: %v", err)
	}
	if err := r.Discard(); err != nil {
		t.Errorf("discard: %v", err)
	}
}

// A document that is longer than a batch is written in several, and shrinks.
func TestLongDocument(t *testing.T) {
	t.Parallel()
	e, err := Open(t.Context(), t.TempDir(), Options{BatchText: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	a := indextest.NewArchive(e)
	long := make([]string, 50)
	for n := range long {
		long[n] = "第一版的内容，足够长，使每一批只容得下一两个片段"
	}
	a.Put(t, indextest.Doc("a", "长", long...), indextest.Doc("b", "短", "x"))
	short := indextest.Doc("a", "长", long[:7]...)
	short.Revision = 2
	a.Put(t, short)
	got := map[string][2]int64{}
	if err := e.Walk(t.Context(), func(doc string, rev int64, n int) error { got[doc] = [2]int64{rev, int64(n)}; return nil }); err != nil {
		t.Fatal(err)
	}
	if got["a"] != [2]int64{2, 7} || got["b"] != [2]int64{1, 1} {
		t.Errorf("walk %v", got)
	}
}

func TestVisibleKnowsItsTokens(t *testing.T) {
	t.Parallel()
	e := openAt(t, t.TempDir())
	for _, token := range []index.Token{"", "x", "g-0000000000000000:1", index.Token(e.Generation() + ":99"), index.Token(e.Generation() + ":x")} {
		if err := e.Visible(t.Context(), token); err == nil {
			t.Errorf("%q is visible", token)
		}
	}
}
