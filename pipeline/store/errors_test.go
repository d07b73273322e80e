package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

// TestDiskFull writes to a device that is always full.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	if f, err := os.OpenFile("/dev/full", os.O_RDWR, 0); err != nil {
		t.Skip("this system has no /dev/full")
	} else {
		_ = f.Close()
	}
	for _, size := range []int{10, 300 << 10, 2 << 20} {
		l, err := NewLocalWith(t.TempDir(), LocalOptions{ChunkAbove: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		// By a link, because what could not be written is removed. Chunks make
		// files side by side.
		var mu sync.Mutex
		l.create = func() (*os.File, error) {
			mu.Lock()
			defer mu.Unlock()
			name := filepath.Join(l.dir, tempDir, "full")
			_ = os.Remove(name)
			if err := os.Symlink("/dev/full", name); err != nil {
				return nil, err
			}
			return os.OpenFile(name, os.O_RDWR, 0)
		}
		b := l.Batch(t.Context())
		for _, announced := range []int64{int64(size), -1} {
			if _, err := b.Put(t.Context(), bytes.NewReader(make([]byte, size)), announced); !errors.Is(err, ErrDiskFull) {
				t.Errorf("Put of %d bytes: %v", size, err)
			}
		}
		b.Discard()
		data := bytes.NewReader(make([]byte, size))
		if err := l.Replace(t.Context(), sumOf(t, data), memory{data}); !errors.Is(err, ErrDiskFull) {
			t.Errorf("Replace of %d bytes: %v", size, err)
		}
	}
}

type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

func sumOf(t *testing.T, r *bytes.Reader) Sum {
	t.Helper()
	sum, err := hashOf(t.Context(), memory{r})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// A batch in which an early fsync failed promises nothing any more.
func TestFailedFsyncEndsTheBatch(t *testing.T) {
	t.Parallel()
	l, err := NewLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := newBatch(l)
	for n := range openFiles - 1 {
		if _, err := b.Put(t.Context(), strings.NewReader(fmt.Sprint(n)), -1); err != nil {
			t.Fatal(err)
		}
	}
	_ = b.open[3].Close() // its fsync will fail
	for range 2 {
		if _, err := b.Put(t.Context(), strings.NewReader("last"), -1); !errors.Is(err, ErrWrite) {
			t.Errorf("Put: %v", err)
		}
	}
	if err := b.Commit(t.Context()); !errors.Is(err, ErrWrite) {
		t.Errorf("Commit: %v", err)
	}
	err = l.Walk(t.Context(), func(i Info) error { return fmt.Errorf("%s is kept", i.Sum) })
	if err != nil {
		t.Error(err)
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		r     io.Reader
		n     int
		ended bool
		err   error
	}{
		"empty":              {strings.NewReader(""), 0, true, nil},
		"short":              {strings.NewReader("abc"), 3, true, nil},
		"short, by bytes":    {iotest.OneByteReader(strings.NewReader("abc")), 3, true, nil},
		"data with the end":  {iotest.DataErrReader(strings.NewReader("abc")), 3, true, nil},
		"just full":          {strings.NewReader("abcd"), 4, false, nil},
		"more":               {strings.NewReader("abcde"), 4, false, nil},
		"broken":             {io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(broken)), 2, false, broken},
		"cut-off":            {io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(io.ErrUnexpectedEOF)), 2, false, io.ErrUnexpectedEOF},
		"an end with a name": {iotest.ErrReader(fmt.Errorf("member: %w", io.EOF)), 0, false, io.EOF},
	} {
		n, ended, err := fill(c.r, make([]byte, 4))
		if n != c.n || ended != c.ended || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
			t.Errorf("%s: %d, %v, %v", name, n, ended, err)
		}
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "not", "there", "yet")
	free, err := Guard{Path: path}.Free()
	if err != nil || free <= 0 {
		t.Fatalf("Free = %d, %v", free, err)
	}
	if err := (Guard{Path: path}).Check(); err != nil {
		t.Errorf("no limit: %v", err)
	}
	if err := (Guard{Path: path, MinFree: 1}).Check(); err != nil {
		t.Errorf("a byte: %v", err)
	}
	err = Guard{Path: path, MinFree: math.MaxInt64}.Check()
	if !errors.Is(err, ErrDiskFull) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "9223372.0 TB") {
		t.Errorf("more than any disk: %v", err)
	}
	if _, err := (Guard{Path: "a\x00b"}).Free(); err == nil {
		t.Error("a path that cannot be: no error")
	}
}

func TestBytesInWords(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 2_500_000: "2.5 MB", 2e9: "2.0 GB", 5e12: "5.0 TB"} {
		if got := bytesInWords(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestWriting(t *testing.T) {
	t.Parallel()
	if writing(nil) != nil {
		t.Error("no error became one")
	}
	if err := writing(context.DeadlineExceeded); !errors.Is(err, ErrWrite) || errors.Is(err, ErrDiskFull) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// A full disk under the derived results is named like one under the originals,
// and the Put that met it leaves nothing.
func TestDerivedDiskFull(t *testing.T) {
	t.Parallel()
	d, err := OpenDerived(filepath.Join(t.TempDir(), "derived.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.write.ExecContext(t.Context(), `PRAGMA max_page_count = 20`); err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, 200<<10)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(noise) // never fails
	results := []Result{{Sum: Sum{1}, Fingerprint: "small", Data: []byte("x")}, {Sum: Sum{1}, Fingerprint: "large", Data: noise}}
	if err := d.Put(t.Context(), results, nil); !errors.Is(err, ErrDiskFull) {
		t.Errorf("Put: %v", err)
	}
	if ok, err := d.Has(t.Context(), Sum{1}, "small"); ok || err != nil {
		t.Errorf("half a Put is kept: %v, %v", ok, err)
	}
	if err := d.Put(t.Context(), results[:1], nil); err != nil {
		t.Errorf("Put of what has room: %v", err)
	}
}
