package pipeline

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline/hostile"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// The bars of a hostile run. Seconds are measured and told; the others hold.
const (
	hostileMemory = 640 << 20 // of all processes together, over idle; some 500 MB are measured
	hostileDisk   = 256 << 20 // of temporary files
)

// siege is a data directory and a source in a world of its own, in which
// nothing else may change.
type siege struct {
	*office

	root  string
	world hostile.World
	files []hostile.File
	calls atomic.Int64 // to the listener
}

func newSiege(t *testing.T) *siege {
	t.Helper()
	root := t.TempDir()
	s := &siege{root: root, files: hostile.All()}
	for _, dir := range []string{"source", "tmp", "home", "outside"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TMPDIR", filepath.Join(root, "tmp"))
	t.Setenv("HOME", filepath.Join(root, "home"))
	cfg, err := config.Load(config.LoadOptions{Dir: root, Getenv: func(string) string { return "" }, Environ: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Data, cfg.SettleTime, cfg.Disk.MinFree, cfg.Sandbox, cfg.Workers = filepath.Join(root, "data"), 0, 0, "on", 2
	// Smaller than an office's, so that the whole takes seconds and not minutes.
	cfg.Limits.Entries, cfg.Limits.Expanded, cfg.Limits.TextBytes, cfg.Reader.Seconds = 3000, 256<<20, 4<<20, 6
	s.office = &office{t: t, source: filepath.Join(root, "source"), cfg: cfg}
	s.write("../secret", "root:x:HOSTILE-SECRET:0:0")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			s.calls.Add(1)
			_ = c.Close()
		}
	}()
	s.world = hostile.World{Address: listener.Addr().String(), Secret: filepath.Join(root, "secret"), Outside: filepath.Join(root, "outside")}
	return s
}

// lay writes all hostile files, and behind each one an honest one.
func (s *siege) lay() {
	s.t.Helper()
	for n, f := range s.files {
		s.write(f.Name, string(f.Make(s.world)))
		s.write(f.Name+" 之后.txt", fmt.Sprintf("敌意文件第%d号之后的文件", n))
	}
	for old, name := range map[string]string{"/etc/passwd": "tree/link.txt", s.source: "tree/loop", "nowhere": "tree/dangling"} {
		path := filepath.Join(s.source, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			s.t.Fatal(err)
		}
		if err := os.Symlink(old, path); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := makePipe(filepath.Join(s.source, "tree/pipe")); err != nil {
		s.t.Fatal(err)
	}
	debug.FreeOSMemory()
}

// outcome is an item's end in the words of hostile.File.
func outcomeOf(i *ledger.Item, c *ledger.Content) string {
	if i.State == ledger.Indexed && c != nil && c.Read == document.Partial {
		return "partial " + string(c.Reason)
	}
	return strings.TrimSpace(string(i.State) + " " + i.Reason)
}

// TestHostile feeds every hostile file through one real run with the sandbox on.
func TestHostile(t *testing.T) { //nolint:paralleltest // it measures, and sets the environment
	switch {
	case testing.Short():
		t.Skip("takes half a minute")
	case withSandbox != "on":
		t.Skip("read in children only")
	}
	s := newSiege(t)
	s.lay()
	before := listing(t, s.root, "data", "tmp")
	s.open()
	t.Cleanup(func() { _ = s.a.Close() })
	watched := newMeter(s.a.reader, filepath.Join(s.root, "tmp"), filepath.Join(s.cfg.Data, "tmp"))
	s.a.reader = watched
	began := time.Now()
	s.ingest()
	took := time.Since(began)
	watched.end()

	s.outcomes(watched)
	t.Logf("%d files in %.1f s; %d MB over idle, %d MB of temporary files, %d calls", 2*len(s.files), took.Seconds(), watched.most>>20, watched.disk>>20, s.calls.Load())
	if watched.most > hostileMemory {
		t.Errorf("all processes together took %d MB over idle", watched.most>>20)
	}
	if watched.disk > hostileDisk {
		t.Errorf("temporary files took %d MB", watched.disk>>20)
	}
	if n := s.calls.Load(); n > 0 {
		t.Errorf("%d connections were made", n)
	}
	for _, secret := range []string{"HOSTILE-SECRET", "root:x"} {
		if got := s.find(`"` + secret + `"`); len(got) > 0 {
			t.Errorf("what a file named is found in %q", got)
		}
	}
	s.clean("after a hostile run")

	dump := s.dump()
	if again := s.ingest(); again.Incomplete() || len(again.Changed) > 0 {
		t.Errorf("a second run changed %v", again.Changed)
	}
	if s.dump() != dump {
		t.Error("a second run changed the ledger")
	}
	if err := s.a.Close(); err != nil {
		t.Fatal(err)
	}
	if left := listing(t, filepath.Join(s.root, "tmp")); len(left) > 0 {
		t.Errorf("temporary files are left: %q", left)
	}
	if left := listing(t, filepath.Join(s.cfg.Data, "tmp")); len(left) > 0 {
		t.Errorf("temporary files are left in the data directory: %q", left)
	}
	if after := listing(t, s.root, "data", "tmp"); !slices.Equal(after, before) {
		t.Errorf("outside the data directory stands\n%q\nwhere there was\n%q", after, before)
	}
}

// outcomes prints the table and holds it against what must be.
func (s *siege) outcomes(m *meter) {
	s.t.Helper()
	type end struct{ outcome, detail string }
	ends, members := map[string]end{}, map[string][]string{}
	err := s.a.ledger.Items(context.Background(), ledger.Filter{}, func(i *ledger.Item, c *ledger.Content) error {
		if c != nil && c.ID != 0 { // the list leaves out what it does not show
			whole, err := s.a.ledger.Content(context.Background(), c.ID)
			if err != nil {
				return err
			}
			c = whole
		}
		o := outcomeOf(i, c)
		if outer, _, found := strings.Cut(i.Locator, document.Separator); found {
			members[outer] = append(members[outer], o)
		}
		ends[i.Locator] = end{o, i.Detail}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	var table strings.Builder
	for _, f := range s.files {
		got := ends[document.EscapeStep(f.Name)]
		spent := m.spent[filepath.Base(f.Name)]
		fmt.Fprintf(&table, "%-62s %-26s %6.1f s %5d MB\n", f.Class, got.outcome, spent.seconds.Seconds(), spent.memory>>20)
		final := slices.Contains(f.Want, "final") && got.outcome != "" && !strings.HasPrefix(got.outcome, "pending")
		if !final && !slices.Contains(f.Want, got.outcome) {
			s.t.Errorf("%s (%s) is %q (%s), want one of %q", f.Name, f.Class, got.outcome, got.detail, f.Want)
		}
		inside := members[document.EscapeStep(f.Name)]
		if len(f.Member) > 0 && !slices.ContainsFunc(inside, func(o string) bool { return slices.Contains(f.Member, o) }) {
			slices.Sort(inside)
			s.t.Errorf("%s (%s) holds %q, want one of %q", f.Name, f.Class, slices.Compact(inside), f.Member)
		}
		if spent.seconds > 30*time.Second {
			s.t.Logf("%s took %v", f.Name, spent.seconds)
		}
		if next := ends[document.EscapeStep(f.Name+" 之后.txt")]; next.outcome != "indexed" {
			s.t.Errorf("the file after %s is %q", f.Name, next.outcome)
		}
		if f.Finds != "" && !s.finds(f) {
			s.t.Errorf("%s is not found in %s: %q", f.Finds, f.Name, s.find(f.Finds))
		}
	}
	for _, special := range []string{"tree/link.txt", "tree/loop", "tree/dangling", "tree/pipe"} {
		if got := ends[special].outcome; !strings.HasPrefix(got, "skipped ") {
			s.t.Errorf("%s is %q", special, got)
		}
	}
	for locator, e := range ends {
		if strings.HasPrefix(e.outcome, "pending") || e.outcome == "" {
			s.t.Errorf("%s has no final state", locator)
		}
		if strings.ContainsAny(e.detail, "\x00\x1b\n") || strings.Contains(e.detail, s.root) {
			s.t.Errorf("what is said of %s holds what it may not: %q", locator, e.detail)
		}
	}
	s.t.Logf("class, outcome, seconds, memory of all processes over idle while it was read\n%s", table.String())
}

// finds says whether a file's text is found, in it or in what lies in it.
func (s *siege) finds(f hostile.File) bool {
	r, err := s.a.Search(context.Background(), index.Request{Text: `"` + f.Finds + `"`, Limit: 100}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return slices.ContainsFunc(r.Hits, func(h index.Hit) bool {
		return strings.HasPrefix(strings.TrimPrefix(h.Locator, "source/"), document.EscapeStep(f.Name)) || slices.ContainsFunc(s.occurrences(h.Document), func(l string) bool { return strings.HasPrefix(l, document.EscapeStep(f.Name)) })
	})
}

// occurrences are all places of a document.
func (s *siege) occurrences(id string) []string {
	v, err := s.a.Show(context.Background(), id, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, o := range v.Occurrences {
		out = append(out, o.Locator)
	}
	return out
}

// listing is every file below a folder, except below some, with its size.
func listing(t *testing.T, root string, but ...string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if slices.Contains(but, rel) {
			return filepath.SkipDir
		}
		if d.IsDir() {
			return nil
		}
		info, err := d.Info()
		if err == nil {
			out = append(out, fmt.Sprintf("%s %d %v", rel, info.Size(), info.ModTime()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
