// Package storetest is what every store.Store must do, as tests.
package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/sync/errgroup"

	"guidang/pipeline/store"
)

// Damager is a store whose originals a test can damage. Suites of stores that
// cannot be damaged from outside leave it out.
type Damager interface {
	// Damage changes a byte of a kept original behind the store's back.
	Damage(t *testing.T, sum store.Sum)
	// Lose takes a part of its bytes, or all, away.
	Lose(t *testing.T, sum store.Sum)
}

// Reopener is a store that a test can open again as after a killed process:
// without Commit, Discard or Close of what was under way.
type Reopener interface {
	Reopen(t *testing.T) store.Store
}

// Replacer is a store that can write an original anew.
type Replacer interface {
	Replace(ctx context.Context, sum store.Sum, from store.Original) error
}

// Run runs the suite. open makes a new, empty store; what needs cleaning up is
// its t.Cleanup's. If the store is also a Damager, Reopener or Replacer, what
// that allows is tested too.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	t.Helper()
	for _, c := range []struct {
		name string
		test func(*testing.T, store.Store)
	}{
		{"PutOpen", putOpen},
		{"ReadAt", readAt},
		{"NotFound", notFound},
		{"OpenBeforeCommit", openBeforeCommit},
		{"Discard", discard},
		{"DiscardKeepsOthers", discardKeepsOthers},
		{"Ended", ended},
		{"Duplicate", duplicate},
		{"WrongLength", wrongLength},
		{"FailingReader", failingReader},
		{"Cancelled", cancelled},
		{"Walk", walk},
		{"Concurrent", concurrent},
		{"Verify", verify},
		{"Replace", replace},
		{"Crash", crash},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, open(t))
		})
	}
}

// sizes are around what implementations may treat differently: nothing, small,
// the size of a first read, and larger. The store under test should have its
// other borders below 3 MB, so that they are crossed too.
func sizes() []int { return []int{0, 1, 4095, 256<<10 - 1, 256 << 10, 256<<10 + 1, 3 << 20} }

// Bytes makes n bytes that no other seed gives.
func Bytes(seed uint64, n int) []byte {
	var key [32]byte
	copy(key[:], fmt.Sprintf("storetest %d", seed))
	out := make([]byte, n)
	_, _ = rand.NewChaCha8(key).Read(out) // never fails
	return out
}

func put(t *testing.T, b store.Batch, data []byte, size int64) store.Info {
	t.Helper()
	info, err := b.Put(t.Context(), bytes.NewReader(data), size)
	if err != nil {
		t.Fatalf("Put of %d bytes: %v", len(data), err)
	}
	if info.Sum != sha256.Sum256(data) || info.Size != int64(len(data)) {
		t.Fatalf("Put of %d bytes: %+v", len(data), info)
	}
	return info
}

// keep puts and commits.
func keep(t *testing.T, s store.Store, all ...[]byte) []store.Info {
	t.Helper()
	b := s.Batch(t.Context())
	defer b.Discard()
	var out []store.Info
	for _, data := range all {
		out = append(out, put(t, b, data, int64(len(data))))
	}
	if err := b.Commit(t.Context()); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	return out
}

func wantBytes(t *testing.T, s store.Store, data []byte) {
	t.Helper()
	o, err := s.Open(t.Context(), sha256.Sum256(data))
	if err != nil {
		t.Fatalf("Open of %d bytes: %v", len(data), err)
	}
	defer o.Close()
	got, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size()))
	if err != nil || !bytes.Equal(got, data) || o.Size() != int64(len(data)) {
		t.Fatalf("Open of %d bytes: got %d (equal: %v), size %d, %v", len(data), len(got), bytes.Equal(got, data), o.Size(), err)
	}
}

func wantAbsent(t *testing.T, s store.Store, sum store.Sum) {
	t.Helper()
	if _, err := s.Open(t.Context(), sum); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Open of what is not there: %v", err)
	}
	if _, err := s.Stat(t.Context(), sum); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Stat of what is not there: %v", err)
	}
}

func putOpen(t *testing.T, s store.Store) {
	for n, size := range sizes() {
		for k, announced := range []int64{int64(size), -1} {
			data := Bytes(uint64(10*n+k), size)
			b := s.Batch(t.Context())
			info := put(t, b, data, announced)
			if err := b.Commit(t.Context()); err != nil {
				t.Fatalf("Commit: %v", err)
			}
			wantBytes(t, s, data)
			if got, err := s.Stat(t.Context(), info.Sum); err != nil || got != info {
				t.Errorf("Stat = %+v, %v; Put gave %+v", got, err, info)
			}
		}
	}
}

func readAt(t *testing.T, s store.Store) {
	data := Bytes(1, 3<<20)
	info := keep(t, s, data)[0]
	o, err := s.Open(t.Context(), info.Sum)
	if err != nil {
		t.Fatal(err)
	}
	var g errgroup.Group
	for w := range 8 {
		g.Go(func() error {
			r := rand.New(rand.NewPCG(1, uint64(w)))
			for range 60 {
				off := r.IntN(len(data) + 10)
				p := make([]byte, r.IntN(600<<10))
				n, err := o.ReadAt(p, int64(off))
				want := data[min(off, len(data)):min(off+len(p), len(data))]
				if !bytes.Equal(p[:n], want) || (err == nil) != (n == len(p)) || (err != nil && !errors.Is(err, io.EOF)) {
					return fmt.Errorf("ReadAt(%d bytes at %d) = %d, %v", len(p), off, n, err) //nolint:errorlint // it may be nil
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
	if _, err := o.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("ReadAt before the beginning: no error")
	}
	if err := o.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := o.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := o.ReadAt(make([]byte, 1), 0); err == nil {
		t.Error("ReadAt after Close: no error")
	}
}

func notFound(t *testing.T, s store.Store) {
	wantAbsent(t, s, store.Sum{1})
	keep(t, s, []byte("别的"))
	wantAbsent(t, s, store.Sum{1})
	if err := store.Verify(t.Context(), s, store.Sum{1}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Verify: %v", err)
	}
}

func openBeforeCommit(t *testing.T, s store.Store) {
	b := s.Batch(t.Context())
	defer b.Discard()
	for n, size := range sizes() {
		data := Bytes(uint64(n), size)
		info := put(t, b, data, -1)
		wantBytes(t, s, data)
		o, err := s.Open(t.Context(), info.Sum)
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		defer func() { // held over Commit
			got, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size()))
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("%d bytes opened before Commit and read after it: %v", size, err)
			}
		}()
		if _, err := s.Stat(t.Context(), info.Sum); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Stat before Commit: %v", err)
		}
	}
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func discard(t *testing.T, s store.Store) {
	b := s.Batch(t.Context())
	var sums []store.Sum
	for n, size := range sizes() {
		sums = append(sums, put(t, b, Bytes(uint64(n), size), int64(size)).Sum)
	}
	b.Discard()
	b.Discard()
	for _, sum := range sums {
		wantAbsent(t, s, sum)
	}
	wantWalk(t, s, nil)
}

func discardKeepsOthers(t *testing.T, s store.Store) {
	kept, both := Bytes(1, 5000), Bytes(2, 2<<20)
	keep(t, s, kept)
	a, b := s.Batch(t.Context()), s.Batch(t.Context())
	put(t, a, kept, -1)
	put(t, a, both, -1)
	put(t, b, both, -1)
	a.Discard()
	wantBytes(t, s, kept)
	wantBytes(t, s, both) // b's
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantBytes(t, s, both)
}

func ended(t *testing.T, s store.Store) {
	data := []byte("合同 contract")
	b := s.Batch(t.Context())
	put(t, b, data, -1)
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Discard() // no-op
	wantBytes(t, s, data)
	if _, err := b.Put(t.Context(), strings.NewReader("x"), 1); err == nil {
		t.Error("Put after Commit: no error")
	}
	if err := b.Commit(t.Context()); err == nil {
		t.Error("second Commit: no error")
	}
	b = s.Batch(t.Context())
	if err := b.Commit(t.Context()); err != nil {
		t.Errorf("Commit of nothing: %v", err)
	}
}

func duplicate(t *testing.T, s store.Store) {
	var want []store.Info
	for n, size := range sizes() {
		data := Bytes(uint64(n), size)
		first := keep(t, s, data)[0]
		want = append(want, first)
		again := keep(t, s, data, data) // twice in one batch
		if again[0] != first || again[1] != first {
			t.Errorf("%d bytes put again: %+v, first %+v", size, again, first)
		}
		wantBytes(t, s, data)
	}
	fresh := Bytes(99, 1000)
	want = append(want, keep(t, s, fresh, fresh)[0])
	wantWalk(t, s, want)
}

func wrongLength(t *testing.T, s store.Store) {
	for _, size := range sizes() {
		data := Bytes(uint64(size), size)
		for _, announced := range []int64{int64(size) - 1, int64(size) + 1} {
			if announced < 0 {
				continue
			}
			b := s.Batch(t.Context())
			if _, err := b.Put(t.Context(), bytes.NewReader(data), announced); err == nil {
				t.Errorf("%d bytes announced as %d: no error", size, announced)
			}
			good := put(t, b, []byte("after"), 5) // the batch goes on
			if err := b.Commit(t.Context()); err != nil {
				t.Errorf("Commit after a wrong length: %v", err)
			}
			wantAbsent(t, s, sha256.Sum256(data))
			wantWalk(t, s, []store.Info{good})
		}
	}
}

func failingReader(t *testing.T, s store.Store) {
	broken := errors.New("broken")
	// The last two are what readers of cut-off files really return; neither is
	// the end of the original.
	for _, fault := range []error{broken, io.ErrUnexpectedEOF, fmt.Errorf("member: %w", io.EOF)} {
		for _, size := range sizes() {
			data := Bytes(uint64(size), size)
			for _, announced := range []int64{-1, int64(size), int64(size) + 1} {
				b := s.Batch(t.Context())
				_, err := b.Put(t.Context(), io.MultiReader(bytes.NewReader(data), iotest.ErrReader(fault)), announced)
				if announced != int64(size) && !errors.Is(err, fault) {
					t.Errorf("reader that fails with %q after %d of %d bytes: %v", fault, size, announced, err)
				}
				if errors.Is(err, store.ErrDiskFull) || errors.Is(err, store.ErrWrite) {
					t.Errorf("a reader's error is taken for the store's: %v", err)
				}
				if err != nil {
					if _, err := s.Open(t.Context(), sha256.Sum256(data)); !errors.Is(err, store.ErrNotFound) {
						t.Errorf("half an original is kept: %v", err)
					}
				}
				b.Discard()
			}
		}
	}
	b := s.Batch(t.Context())
	if _, err := b.Put(t.Context(), io.MultiReader(bytes.NewReader(Bytes(8, 300<<10)), still{}), -1); err == nil {
		t.Error("a reader that stands still: no error")
	}
	b.Discard()
	keep(t, s, Bytes(7, 700)) // the store goes on
}

// still is a reader that gives nothing, for ever.
type still struct{}

func (still) Read([]byte) (int, error) { return 0, nil }

func cancelled(t *testing.T, s store.Store) {
	data := Bytes(1, 2<<20)
	ctx, cancel := context.WithCancel(t.Context())
	b := s.Batch(ctx)
	put(t, b, data, -1)
	cancel()
	if _, err := b.Put(ctx, strings.NewReader("x"), -1); !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v", err)
	}
	if err := b.Commit(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit: %v", err)
	}
	wantAbsent(t, s, sha256.Sum256(data))
}

// wantWalk compares what Walk gives with want, in order of sums.
func wantWalk(t *testing.T, s store.Store, want []store.Info) {
	t.Helper()
	want = slices.Clone(want)
	slices.SortFunc(want, func(a, b store.Info) int { return bytes.Compare(a.Sum[:], b.Sum[:]) })
	var got []store.Info
	if err := s.Walk(t.Context(), func(i store.Info) error { got = append(got, i); return nil }); err != nil {
		t.Fatalf("Walk: %v", err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("Walk gives %d originals, want %d:\n%v\n%v", len(got), len(want), got, want)
	}
}

func walk(t *testing.T, s store.Store) {
	wantWalk(t, s, nil)
	var all [][]byte
	for n := range 300 {
		all = append(all, fmt.Appendf(nil, "附件 %d", n))
	}
	all = append(all, Bytes(1, 3<<20))
	wantWalk(t, s, keep(t, s, all...))
	stop, n := errors.New("stop"), 0
	err := s.Walk(t.Context(), func(store.Info) error {
		if n++; n == 5 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || n != 5 {
		t.Errorf("Walk stopped by fn: %v after %d", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Walk(ctx, func(store.Info) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("Walk of an ended context: %v", err)
	}
}

// concurrent lets batches that share half of their originals run into each
// other.
func concurrent(t *testing.T, s store.Store) {
	var g errgroup.Group
	for w := range 6 {
		g.Go(func() error {
			for round := range 4 {
				b := s.Batch(t.Context())
				for k := range 8 {
					data := fmt.Appendf(nil, "round %d original %d", round, k)
					if k%2 == 0 {
						data = append(data, Bytes(uint64(k), 300<<10*(k/2))...)
					} else {
						data = fmt.Appendf(data, " worker %d", w)
					}
					info, err := b.Put(t.Context(), bytes.NewReader(data), -1)
					if err != nil {
						return err
					}
					o, err := s.Open(t.Context(), info.Sum)
					if err != nil {
						return fmt.Errorf("open at once: %w", err)
					}
					got, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size()))
					if err != nil || !bytes.Equal(got, data) {
						return fmt.Errorf("%d of %d bytes: %w", len(got), len(data), err)
					}
					if err := o.Close(); err != nil {
						return err
					}
				}
				if w == 5 {
					b.Discard()
					continue
				}
				if err := b.Commit(t.Context()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := s.Walk(t.Context(), func(i store.Info) error {
		n++
		return store.Verify(t.Context(), s, i.Sum)
	})
	if want := 4 * (4 + 5*4); err != nil || n != want {
		t.Errorf("%d originals, want %d; %v", n, want, err)
	}
}
