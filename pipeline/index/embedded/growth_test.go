package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// smallShards makes every few passages a shard.
var smallShards = Options{ShardPassages: 3}

func grownAt(t *testing.T, dir string, o Options) *Engine {
	t.Helper()
	e, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// An index of many shards answers as one does.
func TestGrownEngine(t *testing.T) {
	t.Parallel()
	indextest.Run(t, indextest.Suite{
		New: func(t *testing.T) index.Engine {
			t.Helper()
			return grownAt(t, t.TempDir(), Options{ShardPassages: 20})
		},
		Reopen: func(t *testing.T, e index.Engine) index.Engine {
			t.Helper()
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			return grownAt(t, e.(*Engine).dir, Options{ShardPassages: 20})
		},
	})
}

// grown is an index of ten documents of two passages each, in five shards.
func grown(t *testing.T, dir string) *Engine {
	t.Helper()
	e, err := Open(t.Context(), dir, smallShards)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 10 {
		d := indextest.Doc(fmt.Sprintf("d%d", n), "甲", "验收通过", "付款条件")
		put(t, e, index.Mark{Ledger: "L", Seq: int64(n + 1)}, d)
	}
	if n := len(e.cur.all()); n != 5 {
		t.Fatalf("%d shards", n)
	}
	return e
}

func put(t *testing.T, e *Engine, m index.Mark, entries ...index.Entry) {
	t.Helper()
	token, err := e.Upsert(t.Context(), entries, m)
	if err == nil {
		err = e.Visible(t.Context(), token)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func walked(t *testing.T, e *Engine) map[string][2]int64 {
	t.Helper()
	got := map[string][2]int64{}
	err := e.Walk(t.Context(), func(doc string, rev int64, n int) error {
		if _, ok := got[doc]; ok {
			t.Errorf("%s is in two shards", doc)
		}
		got[doc] = [2]int64{rev, int64(n)}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A document stays in its shard, whatever comes of it.
func TestDocumentsStayInTheirShard(t *testing.T) {
	t.Parallel()
	e := grown(t, filepath.Join(t.TempDir(), "index"))
	second := indextest.Doc("d0", "甲", "新版", "第二段", "第三段", "第四段")
	second.Revision, second.Stale = 2, 2
	again := indextest.Doc("d4", "甲", "验收通过", "付款条件") // sent again after a crash
	put(t, e, index.Mark{Ledger: "L", Seq: 20}, second, again, indextest.Doc("new", "乙", "验收"))
	third := indextest.Doc("d0", "甲", "又一版")
	third.Revision, third.Stale = 3, 4
	put(t, e, index.Mark{Ledger: "L", Seq: 21}, third)
	token, err := e.Delete(t.Context(), []string{"d2", "d9", "unknown"}, index.Mark{Ledger: "L", Seq: 22})
	if err == nil {
		err = e.Visible(t.Context(), token)
	}
	if err = errors.Join(err, e.Close()); err != nil {
		t.Fatal(err)
	}
	e = grownAt(t, e.dir, smallShards)
	got := walked(t, e)
	if len(got) != 9 || got["d0"] != [2]int64{3, 1} || got["d4"] != [2]int64{1, 2} || got["d2"] != [2]int64{} || got["new"] != [2]int64{1, 1} {
		t.Errorf("walk %v", got)
	}
	if m, err := e.Mark(t.Context()); err != nil || m.Seq != 22 {
		t.Errorf("mark %v %v", m, err)
	}
	if st, err := e.Stats(t.Context()); err != nil || st.Documents != 9 || st.Passages != 16 {
		t.Errorf("stats %+v %v", st, err)
	}
}

// Where one shard is damaged, the index is; what was only begun is litter.
func TestOpenGrownAfterCrash(t *testing.T) {
	t.Parallel()
	in := func(e *Engine, n int) string { return e.cur.shardDir(n) }
	for name, c := range map[string]struct {
		harm func(e *Engine) error
		want error
	}{
		"nothing happened":        {func(*Engine) error { return nil }, nil},
		"a shard was being added": {func(e *Engine) error { return os.Mkdir(in(e, 5), 0o700) }, nil},
		"its number was being written": {func(e *Engine) error {
			return os.WriteFile(filepath.Join(e.cur.dir, shardsFile+".1"), []byte("6"), 0o600)
		}, nil},
		"a shard is gone":  {func(e *Engine) error { return os.RemoveAll(in(e, 2)) }, index.ErrCorrupt},
		"the last is gone": {func(e *Engine) error { return os.RemoveAll(in(e, 4)) }, index.ErrCorrupt},
		"the number is garbage": {func(e *Engine) error {
			return os.WriteFile(filepath.Join(e.cur.dir, shardsFile), []byte("many"), 0o600)
		}, index.ErrCorrupt},
		"the number is too small": {func(e *Engine) error {
			return os.WriteFile(filepath.Join(e.cur.dir, shardsFile), []byte("3\n"), 0o600)
		}, index.ErrCorrupt},
		"root.bolt of one is garbage": {func(e *Engine) error {
			return os.WriteFile(filepath.Join(in(e, 1), "root.bolt"), []byte("garbage"), 0o600)
		}, index.ErrCorrupt},
		"segments of one are gone": {func(e *Engine) error {
			files, err := filepath.Glob(filepath.Join(in(e, 1), "*.zap"))
			for _, f := range files {
				err = errors.Join(err, os.Remove(f))
			}
			return err
		}, index.ErrCorrupt},
		"one is as it was when it was the last": {func(e *Engine) error {
			s, err := createShard(t.Context(), "x", filepath.Join(e.dir, "x"), e.options, nil)
			if err != nil {
				return err
			}
			return errors.Join(s.close(), os.RemoveAll(in(e, 3)), os.Rename(s.dir, in(e, 3)))
		}, index.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := grown(t, filepath.Join(t.TempDir(), "index"))
			if err := errors.Join(e.Close(), c.harm(e)); err != nil {
				t.Fatal(err)
			}
			after, err := Open(t.Context(), e.dir, smallShards)
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Fatalf("open: %v", err)
			}
			if c.want != nil {
				return
			}
			defer func() { _ = after.Close() }()
			if n := len(walked(t, after)); n != 10 {
				t.Errorf("%d documents", n)
			}
			put(t, after, index.Mark{Ledger: "L", Seq: 30}, indextest.Doc("more", "丙", "一", "二", "三"))
			put(t, after, index.Mark{Ledger: "L", Seq: 31}, indextest.Doc("most", "丁", "一"))
			if n := len(walked(t, after)); n != 12 {
				t.Errorf("%d documents afterwards", n)
			}
		})
	}
}

// Without any shard being damaged, a copy of the files taken at any moment has
// what was visible then.
func TestGrownIsOnDisk(t *testing.T) {
	t.Parallel()
	e := grownAt(t, t.TempDir(), smallShards)
	for n := range 6 {
		second := indextest.Doc("d0", "甲", "改过")
		second.Revision = int64(n + 2)
		put(t, e, index.Mark{Ledger: "L", Seq: int64(n + 1)}, second, indextest.Doc(fmt.Sprintf("d%d", n+1), "乙", "一", "二"))
		after := copied(t, e)
		got := walked(t, after)
		if m, err := after.Mark(t.Context()); err != nil || m.Seq != int64(n+1) || len(got) != n+2 || got["d0"][0] != int64(n+2) {
			t.Errorf("after %d: %v, mark %v %v", n, got, m, err)
		}
	}
}
