package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"guidang/extractors/document"
)

// TestMain lets the test binary be a child.
func TestMain(m *testing.M) {
	if IsChild(os.Args) {
		os.Exit(Child(os.Args, testFormats, func(_ context.Context, cache string, _ bool) error {
			if filepath.Base(cache) == "broken" {
				return errors.New("no compiler")
			}
			return nil
		}))
	}
	os.Exit(m.Run())
}

func newTestPool(t *testing.T) *Pool {
	t.Helper()
	dir := t.TempDir()
	p, err := NewPool(Options{Formats: testFormats("", true), Dir: filepath.Join(dir, "readers"), Cache: filepath.Join(dir, "cache"), Workers: 2, Seconds: 2, Memory: 128 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func inputOf(text string) *document.Input {
	return &document.Input{Name: "test", Size: int64(len(text)), Bytes: bytes.NewReader([]byte(text)), Limits: document.Limits{}.WithDefaults()}
}

// reads gives what a visitor is told of an original.
func reads(t *testing.T, r Reader, req *Request) []string {
	t.Helper()
	var lines []string
	err := r.Read(t.Context(), req, func() Visitor {
		lines = nil
		return &seen{lines: &lines, limit: req.Input.Limits}
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// limited is an input of few entries.
func limited(text string, entries int) *document.Input {
	in := inputOf(text)
	in.Limits.Entries = entries
	return in
}

// The conformance of both readers: what is found is the same here and there.
func TestReadersAgree(t *testing.T) {
	t.Parallel()
	pool, here := newTestPool(t), Here{Formats: testFormats("", true)}
	nested := "box:\na=hostile:text|b=shown\nc=box:||d=x"
	for name, req := range map[string]*Request{
		"text":              {Input: inputOf("hostile:text 中文\n")},
		"unknown":           {Input: inputOf("what is this")},
		"panic":             {Input: inputOf("hostile:panic")},
		"box":               {Input: inputOf("box:\na=hostile:text\nb=what\nc=missing\nd=damaged\ne=shown here\nf=<100\n")},
		"large":             {Input: inputOf("box:\na=<9000000\nb=damaged-late\nc=hostile:text\n")},
		"nested":            {Input: inputOf(nested + "\n")},
		"parents first":     {Input: inputOf("box:\na=hostile:text\nb=box:|c=hostile:text\n"), ParentsFirst: true},
		"known":             {Input: inputOf("hostile:text"), Known: "hostile/3"},
		"newer":             {Input: inputOf("hostile:text"), Known: "hostile/2"},
		"cut":               {Input: inputOf("box:\na=1\nb=2\nc=3\n"), CutOver: 3, PerSlice: 2},
		"not cut":           {Input: inputOf("box:\na=1\nb=2\n"), CutOver: 3, PerSlice: 2},
		"slice":             {Input: &document.Input{Name: "s", Size: 18, Bytes: bytes.NewReader([]byte("box:\na=1\nb=2\nc=33\n")), Range: document.Range{From: 1, To: 2}}, Format: "box"},
		"too deep":          {Input: &document.Input{Name: "s", Size: 4, Bytes: strings.NewReader("box:"), Depth: 99}},
		"too many together": {Input: limited("box:\na=box:|x=1|y=2|z=hostile:text\nb=box:|x=1|y=2|z=hostile:text\nc=box:|x=1|y=2|z=hostile:text\n", 4)},
		"asked":             {Input: &document.Input{Name: "s", Size: 600_008, Bytes: &slow{data: "hostile:" + strings.Repeat("y", 600_000)}}},
		"failing":           {Input: &document.Input{Name: "s", Size: 600_008, Bytes: &slow{data: "hostile:" + strings.Repeat("y", 600_000), fails: 8 << 10}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, got := reads(t, here, req), reads(t, pool, req)
			if !slices.Equal(got, want) {
				t.Errorf("in a child\n%q\nhere\n%q", clip(got), clip(want))
			}
			if len(want) == 0 {
				t.Error("nothing was told")
			}
		})
	}
}

func clip(lines []string) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l[:min(len(l), 200)])
	}
	return out
}

// slow is bytes that are neither in memory nor a file; from an offset on they
// cannot be had.
type slow struct {
	data  string
	fails int64
}

func (s *slow) ReadAt(p []byte, off int64) (int, error) {
	if s.fails > 0 && off+int64(len(p)) > s.fails {
		return 0, errors.New("bad sector")
	}
	if off >= int64(len(s.data)) {
		return 0, io.EOF
	}
	n := copy(p, s.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Bytes in a file are handed over by descriptor.
func TestFile(t *testing.T) {
	t.Parallel()
	pool := newTestPool(t)
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("hostile:text of a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 200 { // more than a child may hold open
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		got := reads(t, pool, &Request{Input: &document.Input{Name: "f", Size: 22, Bytes: f}})
		if want := "text full  hostile:text of a file"; len(got) != 1 || got[0] != want {
			t.Fatalf("%q, want %q", got, want)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Whatever a reader does, its item gets a reason and everything else is read.
func TestHostile(t *testing.T) {
	t.Parallel()
	pool := newTestPool(t)
	for word, reason := range map[string]string{
		"allocate": "memory-limit", "spin": "time-limit", "crash": "crash", "recurse": "crash", "exit": "crash", "garbage": "crash",
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS != "linux" && word == "allocate" {
				t.Skip("memory is not watched here")
			}
			if got := reads(t, pool, &Request{Input: inputOf("hostile:" + word)}); len(got) != 1 || !strings.HasPrefix(got[0], "text none "+reason) {
				t.Errorf("alone: %q", got)
			}
			got := reads(t, pool, &Request{Input: inputOf("box:\na=hostile:text\nb=box:|c=hostile:" + word + "|d=hostile:text\ne=hostile:text\n")})
			want := []string{"a text full  hostile:text", "b!/c text none " + reason, "b!/d text full  hostile:text", "b archive full  a box", "e text full  hostile:text", "archive full  a box"}
			if len(got) == len(want) {
				got[1] = got[1][:min(len(got[1]), len(want[1]))]
			}
			if !slices.Equal(got, want) {
				t.Errorf("inside: %q, want %q", got, want)
			}
			got = reads(t, pool, &Request{Input: inputOf("box:\na=hostile:text\n!" + word + "\ne=hostile:text\n")})
			want = []string{"a text full  hostile:text", "archive partial " + reason}
			if !slices.Equal(got, want) {
				t.Errorf("the container: %q, want %q", got, want)
			}
		})
	}
}

// Two readers that take much at the same time are both served, one after the
// other.
func TestCrowded(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("memory is not watched here")
	}
	pool := newTestPool(t)
	var begun atomic.Int64
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			var lines []string
			req := &Request{Input: inputOf("box:\na=hostile:hold 100\n")}
			err := pool.Read(t.Context(), req, func() Visitor {
				begun.Add(1)
				lines = nil
				return &seen{lines: &lines, limit: req.Input.Limits}
			})
			if want := []string{"a text full  hold: <nil>", "archive full  a box"}; err != nil || !slices.Equal(lines, want) {
				t.Errorf("%v: %q, want %q", err, lines, want)
			}
		})
	}
	all.Wait()
	if begun.Load() < 4 {
		t.Error("all were served at once, with more memory than there is")
	}
}

// What lies beyond the budget of all levels is told and not read.
func TestBudget(t *testing.T) {
	t.Parallel()
	got := reads(t, Here{Formats: testFormats("", true)}, &Request{Input: limited("box:\na=box:|x=hostile:1|y=hostile:2|z=hostile:3\nb=hostile:4\n", 3)})
	want := []string{"a!/x text full  hostile:1", "a!/y text full  hostile:2", "a!/z other none too-many", "a archive full  a box", "b other none too-many", "archive full  a box"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A reader that looks at its time keeps what it has read.
func TestTimeIsTold(t *testing.T) {
	t.Parallel()
	got := reads(t, newTestPool(t), &Request{Input: inputOf("box:\na=hostile:slow\nb=hostile:slow\nc=hostile:text\n")})
	want := []string{"a text partial time-limit slow: <nil>", "b text partial time-limit slow: <nil>", "c text full  hostile:text", "archive full  a box"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What a reader has no business with is denied, or at least without effect.
func TestConfined(t *testing.T) {
	t.Parallel()
	pool := newTestPool(t)
	active, missing, err := pool.Measures()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("active %q, missing %q", active, missing)
	has := func(name string) bool {
		return slices.ContainsFunc(active, func(m string) bool { return strings.HasPrefix(m, name) })
	}
	hits, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hits.Close()
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ word, needs, want string }{
		{"fork", "seccomp", "operation not permitted"},
		{"socket " + hits.Addr().String(), "seccomp", "operation not permitted"},
		{"kill", "seccomp", "operation not permitted"},
		{"write " + filepath.Join(dir, "made"), "landlock", "permission denied"},
		{"read " + secret, "landlock", "permission denied"},
		{"scratch", "", "<nil>"},
	} {
		t.Run(strings.Fields(test.word)[0], func(t *testing.T) {
			if test.needs != "" && !has(test.needs) {
				t.Skipf("this kernel has no %s: %q", test.needs, missing)
			}
			got := reads(t, pool, &Request{Input: inputOf("hostile:" + test.word)})
			if len(got) != 1 || !strings.HasSuffix(got[0], test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
		t.Error("a file was written outside the scratch folder")
	}
	left := 0
	_ = filepath.WalkDir(pool.o.Dir, func(_ string, d os.DirEntry, _ error) error {
		if d != nil && !d.IsDir() {
			left++
		}
		return nil
	})
	if left > 0 {
		t.Errorf("%d files are left in scratch folders", left)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	pool, here := newTestPool(t), Here{Formats: testFormats("", true)}
	text := "box:\na=hello\nb=missing\nbig=<9000000\nlate=damaged-late\n!" + "text\n"
	for name, r := range map[string]Reader{"pool": pool, "here": here} {
		for step, want := range map[string]string{"a": "hello", "big": strings.Repeat("x", 9_000_000), "none": "no such child"} {
			got := ""
			err := r.Open(t.Context(), &Request{Format: "box", Input: inputOf(text)}, step, func(c *document.Child) error {
				data, err := io.ReadAll(c.Content)
				got = string(data)
				return err
			})
			if err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("%s: %s is %.40q, want %.40q", name, step, got, want)
			}
		}
	}
	stop := errors.New("enough")
	for range 3 { // a child that is not listened to is still good for the next
		if err := pool.Open(t.Context(), &Request{Format: "box", Input: inputOf(text)}, "big", func(*document.Child) error { return stop }); !errors.Is(err, stop) {
			t.Error(err)
		}
	}
	err := pool.Open(t.Context(), &Request{Format: "box", Input: inputOf("box:\n!crash\n")}, "a", func(*document.Child) error { return nil })
	var d *death
	if !errors.As(err, &d) || d.Reason() != document.Crash {
		t.Errorf("opening in a crashing container gives %v", err)
	}
}

// A visitor's error ends a request and is given back; so does the context's end.
func TestErrors(t *testing.T) {
	t.Parallel()
	pool := newTestPool(t)
	stop := errors.New("enough")
	err := pool.Read(t.Context(), &Request{Input: inputOf("box:\na=b\n")}, func() Visitor { return stopper{stop} })
	if !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = pool.Read(ctx, &Request{Input: inputOf("box:\na=b\n!hang\n")}, func() Visitor { return cancels(cancel) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

type stopper struct{ err error }

func (stopper) Format(*document.Format) error                           { return nil }
func (s stopper) Child(context.Context, *document.Child) (*Next, error) { return nil, s.err }
func (s stopper) Done(context.Context, *Result) error                   { return s.err }

type cancels func()

func (cancels) Format(*document.Format) error { return nil }
func (c cancels) Child(context.Context, *document.Child) (*Next, error) {
	c()
	return nil, nil
}
func (cancels) Done(context.Context, *Result) error { return nil }

// A child that somebody kills costs nothing, whatever it was reading.
func TestKilled(t *testing.T) {
	t.Parallel()
	pool := newTestPool(t)
	kills := 0
	var lines []string
	req := &Request{Input: inputOf("box:\na=hostile:text\nb=hostile:text\nc=<9000000\nd=hostile:text\n")}
	err := pool.Read(t.Context(), req, func() Visitor {
		lines = nil
		return &seen{lines: &lines, limit: req.Input.Limits, child: func(c *document.Child) {
			if kills < 4 && c.Step == []string{"a", "b", "c", "d"}[kills] {
				kills++
				pool.mu.Lock()
				defer pool.mu.Unlock()
				for child := range pool.all {
					_ = child.cmd.Process.Signal(syscall.SIGKILL)
				}
			}
		}}
	})
	want := reads(t, Here{Formats: testFormats("", true)}, req)
	if err != nil || kills != 4 || !slices.Equal(lines, want) {
		t.Errorf("%v after %d kills: %q, want %q", err, kills, lines, want)
	}
}

// What a dying child says is told without the document's text.
func TestLastWords(t *testing.T) {
	t.Parallel()
	w := &lastWords{}
	_, _ = w.Write([]byte("panic: secret text [recovered]\n\ngoroutine 7 [running]:\nguidang/extractors/mail.read(0x1234)\n\t/home/x/guidang/extractors/mail/read.go:12 +0x1d\nother secret\n"))
	if s := w.String(); strings.Contains(s, "secret") || w.cause() != "panic at extractors/mail/read.go:12" {
		t.Errorf("%q, cause %q", s, w.cause())
	}
}

// BenchmarkHandOver is a small item to a warm child and back.
func BenchmarkHandOver(b *testing.B) {
	dir := b.TempDir()
	p, err := NewPool(Options{Formats: testFormats("", true), Dir: filepath.Join(dir, "readers"), Cache: filepath.Join(dir, "cache"), Seconds: 1, Memory: 128 << 20})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	req := &Request{Input: inputOf("hostile:text")}
	for b.Loop() {
		var lines []string
		if err := p.Read(b.Context(), req, func() Visitor { return &seen{lines: &lines} }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSlice is a container of 300 small items.
func BenchmarkSlice(b *testing.B) {
	dir := b.TempDir()
	p, err := NewPool(Options{Formats: testFormats("", true), Dir: filepath.Join(dir, "readers"), Cache: filepath.Join(dir, "cache"), Seconds: 1, Memory: 128 << 20})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	var text strings.Builder
	text.WriteString("box:\n")
	for n := range 300 {
		fmt.Fprintf(&text, "%d=hostile:text%s\n", n, strings.Repeat(" 项目", 500))
	}
	req := &Request{Input: inputOf(text.String())}
	for b.Loop() {
		var lines []string
		if err := p.Read(b.Context(), req, func() Visitor { return &seen{lines: &lines} }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart is what a new child costs until it is ready.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	p, err := NewPool(Options{Formats: testFormats("", true), Dir: filepath.Join(dir, "readers"), Cache: filepath.Join(dir, "cache"), Seconds: 1, Memory: 128 << 20})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for b.Loop() {
		c, err := p.take(context.Background(), true, false)
		if err != nil {
			b.Fatal(err)
		}
		c.kill("")
		<-c.gone
	}
}
