package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/pipeline/store"
	"guidang/pipeline/store/storetest"
)

// local is a local store that the suite can damage and open again.
type local struct {
	*store.Local
	dir  string
	opts store.LocalOptions
}

func openLocal(t testing.TB, dir string, o store.LocalOptions) *local {
	t.Helper()
	l, err := store.NewLocalWith(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return &local{Local: l, dir: dir, opts: o}
}

func (l *local) Reopen(t *testing.T) store.Store { return openLocal(t, l.dir, l.opts) }

// victim is the file of an original, or the chunk in its middle.
func (l *local) victim(t *testing.T, sum store.Sum) string {
	t.Helper()
	path := filepath.Join(l.dir, "sha256", sum.String()[:2], sum.String())
	text, err := os.ReadFile(path + ".chunks")
	if errors.Is(err, fs.ErrNotExist) {
		return path
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")[4:]
	hex, _, _ := strings.Cut(lines[(len(lines)-2)/2], " ")
	return filepath.Join(l.dir, "chunks", hex[:2], hex)
}

func (l *local) Damage(t *testing.T, sum store.Sum) {
	t.Helper()
	path := l.victim(t, sum)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	rewrite(t, path, data)
}

func (l *local) Lose(t *testing.T, sum store.Sum) {
	t.Helper()
	path := l.victim(t, sum)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) < 4096 {
		err = os.Remove(path)
	} else {
		rewrite(t, path, data[:len(data)/2])
	}
	if err != nil {
		t.Fatal(err)
	}
}

func rewrite(t *testing.T, path string, data []byte) {
	t.Helper()
	err := errors.Join(os.Remove(path), os.WriteFile(path, data, 0o444))
	if err != nil {
		t.Fatal(err)
	}
}

func TestLocal(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		return openLocal(t, filepath.Join(t.TempDir(), "新", "store"), store.LocalOptions{})
	})
}

// TestLocalChunked keeps what is larger than 1 MB as chunks, so that the suite
// meets both forms and the way from one to the other.
func TestLocalChunked(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		return openLocal(t, t.TempDir(), store.LocalOptions{ChunkAbove: 1 << 20})
	})
}

// put keeps one original.
func put(t testing.TB, s store.Store, data []byte) store.Info {
	t.Helper()
	b := s.Batch(context.Background())
	info, err := b.Put(context.Background(), bytes.NewReader(data), int64(len(data)))
	if err == nil {
		err = b.Commit(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// usage is what lies below a folder: files and bytes.
func usage(t testing.TB, dir string) (files int, size int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		st, err := e.Info()
		files++
		size += st.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, size
}

// TestMailboxThatGrowsCostsItsGrowth is why large originals are cut into
// chunks: only what is new takes room, wherever in the file it is.
func TestMailboxThatGrowsCostsItsGrowth(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	data := storetest.Bytes(1, 82*mb)
	type step struct {
		name string
		data []byte
		most int64
	}
	for _, c := range []struct {
		above int64 // 0: as it is in use
		steps []step
	}{
		{0, []step{
			{"80 MB", data[:80*mb], 80*mb + mb/10},
			{"1 MB appended", data[:81*mb], 6 * mb},
		}},
		{4 * mb, []step{
			{"20 MB", data[:20*mb], 20*mb + mb/10},
			{"a mail taken out of the middle", append(bytes.Clone(data[:8*mb]), data[8*mb+5000:20*mb]...), 6 * mb},
			{"a mail put in front", append(bytes.Clone(data[81*mb:81*mb+5000]), data[:20*mb]...), 6 * mb},
		}},
	} {
		l := openLocal(t, t.TempDir(), store.LocalOptions{ChunkAbove: c.above})
		before := int64(0)
		for _, s := range c.steps {
			info := put(t, l, s.data)
			_, now := usage(t, l.dir)
			if now-before > s.most || !info.Chunked {
				t.Errorf("%s: costs %d bytes, at most %d wanted (%+v)", s.name, now-before, s.most, info)
			}
			before = now
			if err := store.Verify(t.Context(), l, sha256.Sum256(s.data)); err != nil {
				t.Errorf("%s: %v", s.name, err)
			}
		}
	}
}

func TestWhatIsThereIsNotWrittenAgain(t *testing.T) {
	t.Parallel()
	l := openLocal(t, t.TempDir(), store.LocalOptions{ChunkAbove: 1 << 20})
	for _, size := range []int{100, 500 << 10, 2 << 20} {
		data := storetest.Bytes(uint64(size), size)
		info := put(t, l, data)
		before, err := os.Stat(l.victim(t, info.Sum))
		if err != nil {
			t.Fatal(err)
		}
		put(t, l, data)
		after, err := os.Stat(l.victim(t, info.Sum))
		if err != nil || !os.SameFile(before, after) {
			t.Errorf("%d bytes: another file than before (%v)", size, err)
		}
		if before.Mode().Perm()&0o222 != 0 {
			t.Errorf("%d bytes: an original that can be written: %v", size, before.Mode())
		}
	}
}

// A file that lost its end in a crash of the disk is not taken for the
// original, and putting the bytes again heals it.
func TestShortenedFileIsWrittenAgain(t *testing.T) {
	t.Parallel()
	l := openLocal(t, t.TempDir(), store.LocalOptions{ChunkAbove: 1 << 20})
	for _, size := range []int{5000, 2 << 20} {
		data := storetest.Bytes(uint64(size), size)
		info := put(t, l, data)
		l.Lose(t, info.Sum)
		put(t, l, data)
		if err := store.Verify(t.Context(), l, info.Sum); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestLeftoversAreRemoved(t *testing.T) {
	t.Parallel()
	l := openLocal(t, t.TempDir(), store.LocalOptions{ChunkAbove: 1 << 20})
	b := l.Batch(t.Context()) // of a process that is killed
	for n, size := range []int{10, 300 << 10, 3 << 20} {
		if _, err := b.Put(t.Context(), bytes.NewReader(storetest.Bytes(uint64(n), size)), -1); err != nil {
			t.Fatal(err)
		}
	}
	if files, _ := usage(t, filepath.Join(l.dir, "tmp")); files != 3 {
		t.Fatalf("%d files on their way, want 3", files)
	}
	again := openLocal(t, l.dir, l.opts)
	if files, _ := usage(t, filepath.Join(l.dir, "tmp")); files != 0 {
		t.Errorf("%d files are left", files)
	}
	// What the killed process cut of a large original is used by the next try.
	chunks, before := usage(t, filepath.Join(l.dir, "chunks"))
	put(t, again, storetest.Bytes(2, 3<<20))
	if files, size := usage(t, filepath.Join(l.dir, "chunks")); chunks == 0 || files != chunks || size != before {
		t.Errorf("%d chunks after the second try, %d after the first", files, chunks)
	}
}

// Ended batches leave nothing in tmp/.
func TestNothingStaysOnTheWay(t *testing.T) {
	t.Parallel()
	l := openLocal(t, t.TempDir(), store.LocalOptions{ChunkAbove: 1 << 20})
	for n, end := range []func(store.Batch) error{
		func(b store.Batch) error { return b.Commit(t.Context()) },
		func(b store.Batch) error { b.Discard(); return nil },
	} {
		b := l.Batch(t.Context())
		for k := range 300 { // more than are held open
			if _, err := b.Put(t.Context(), strings.NewReader(fmt.Sprint(n, k)), -1); err != nil {
				t.Fatal(err)
			}
		}
		for _, size := range []int64{500, 500 << 10, 3 << 20} {
			if _, err := b.Put(t.Context(), bytes.NewReader(storetest.Bytes(9, int(size))), size+1); err == nil {
				t.Error("wrong length: no error")
			}
		}
		if err := end(b); err != nil {
			t.Fatal(err)
		}
		if files, _ := usage(t, filepath.Join(l.dir, "tmp")); files != 0 {
			t.Errorf("%d files are left", files)
		}
	}
}

func TestDamagedManifest(t *testing.T) {
	t.Parallel()
	l := openLocal(t, t.TempDir(), store.LocalOptions{ChunkAbove: 1 << 20})
	data := storetest.Bytes(1, 3<<20)
	sum := put(t, l, data).Sum
	path := filepath.Join(l.dir, "sha256", sum.String()[:2], sum.String()+".chunks")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"empty":          "",
		"cut off":        string(text[:len(text)-7]),
		"another's":      strings.Replace(string(text), "sum "+sum.String()[:4], "sum 0000", 1),
		"newer version":  strings.Replace(string(text), "chunks 1", "chunks 2", 1),
		"size changed":   strings.Replace(string(text), "size 3145728", "size 3145729", 1),
		"size negative":  strings.Replace(string(text), "size 3145728", "size -1", 1),
		"no end":         strings.Replace(string(text), "end ", "fin ", 1),
		"a line of 1 MB": strings.Repeat("a", 1<<20),
	} {
		rewrite(t, path, []byte(bad))
		if err := store.Verify(t.Context(), l, sum); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
		walked := 0
		if err := l.Walk(t.Context(), func(store.Info) error { walked++; return nil }); err != nil || walked != 1 {
			t.Errorf("%s: Walk gives %d originals, %v", name, walked, err)
		}
	}
	from := openLocal(t, t.TempDir(), store.LocalOptions{})
	put(t, from, data)
	o, err := from.Open(t.Context(), sum)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := l.Replace(t.Context(), sum, o); err != nil {
		t.Fatal(err)
	}
	if err := store.Verify(t.Context(), l, sum); err != nil {
		t.Error(err)
	}
}

// An original kept as one file by a program that chunked from another size on
// can be read, is not kept twice, and is replaced in the form of today.
func TestOtherForm(t *testing.T) {
	t.Parallel()
	for name, above := range map[string][2]int64{"whole, then chunks": {8 << 20, 1 << 20}, "chunks, then whole": {1 << 20, 8 << 20}} {
		l := openLocal(t, t.TempDir(), store.LocalOptions{ChunkAbove: above[0]})
		data := storetest.Bytes(1, 3<<20)
		first := put(t, l, data)
		l = openLocal(t, l.dir, store.LocalOptions{ChunkAbove: above[1]})
		if again := put(t, l, data); again != first {
			t.Errorf("%s: put again as %+v, first %+v", name, again, first)
		}
		l.Damage(t, first.Sum)
		other := openLocal(t, t.TempDir(), store.LocalOptions{})
		put(t, other, data)
		o, err := other.Open(t.Context(), first.Sum)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Replace(t.Context(), first.Sum, o); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := store.Verify(t.Context(), l, first.Sum); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if now, err := l.Stat(t.Context(), first.Sum); err != nil || now.Chunked == first.Chunked {
			t.Errorf("%s: %+v, %v", name, now, err)
		}
		_ = o.Close()
	}
}

func TestWalkPassesOverDroppings(t *testing.T) {
	t.Parallel()
	l := openLocal(t, t.TempDir(), store.LocalOptions{})
	info := put(t, l, []byte("x"))
	for _, name := range []string{".DS_Store", "desktop.ini", strings.ToUpper(info.Sum.String()), info.Sum.String()[:63]} {
		if err := os.WriteFile(filepath.Join(l.dir, "sha256", info.Sum.String()[:2], name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []store.Info
	if err := l.Walk(t.Context(), func(i store.Info) error { got = append(got, i); return nil }); err != nil || len(got) != 1 || got[0] != info {
		t.Errorf("Walk gives %v, %v", got, err)
	}
}

func TestNewLocalOnAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.NewLocal(path); !errors.Is(err, store.ErrWrite) {
		t.Errorf("NewLocal: %v", err)
	}
}

func BenchmarkBatchPut64Small(b *testing.B) {
	l := openLocal(b, b.TempDir(), store.LocalOptions{})
	data := storetest.Bytes(1, 8<<10)
	for n := range 256 { // every folder is there, as in a store that is in use
		if err := os.MkdirAll(filepath.Join(l.dir, "sha256", fmt.Sprintf("%02x", n)), 0o700); err != nil {
			b.Fatal(err)
		}
	}
	n := 0
	for b.Loop() {
		batch := l.Batch(b.Context())
		for range 64 {
			n++
			copy(data, fmt.Sprint(n))
			if _, err := batch.Put(b.Context(), bytes.NewReader(data), int64(len(data))); err != nil {
				b.Fatal(err)
			}
		}
		if err := batch.Commit(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBatchPut64Again puts what is there already.
func BenchmarkBatchPut64Again(b *testing.B) {
	l := openLocal(b, b.TempDir(), store.LocalOptions{})
	for b.Loop() {
		batch := l.Batch(b.Context())
		for n := range 64 {
			data := bytes.Repeat([]byte{byte(n)}, 8<<10)
			if _, err := batch.Put(b.Context(), bytes.NewReader(data), int64(len(data))); err != nil {
				b.Fatal(err)
			}
		}
		if err := batch.Commit(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkChunkedAppend puts a mailbox of 128 MB that has grown by 1 MB.
func BenchmarkChunkedAppend(b *testing.B) {
	l := openLocal(b, b.TempDir(), store.LocalOptions{})
	data := storetest.Bytes(1, 128<<20)
	put(b, l, data)
	b.SetBytes(int64(len(data)))
	n := uint64(1)
	for b.Loop() {
		n++
		data = append(data, storetest.Bytes(n, 1<<20)...)
		put(b, l, data)
	}
	_, size := usage(b, l.dir)
	b.ReportMetric(float64(size-int64(len(data)))/float64(n-1), "extra-B/op")
}

// BenchmarkChunkedReadAt reads a mailbox in steps of 32 kB.
func BenchmarkChunkedReadAt(b *testing.B) {
	l := openLocal(b, b.TempDir(), store.LocalOptions{})
	info := put(b, l, storetest.Bytes(1, 96<<20))
	o, err := l.Open(b.Context(), info.Sum)
	if err != nil {
		b.Fatal(err)
	}
	defer o.Close()
	b.SetBytes(info.Size)
	buf := make([]byte, 32<<10)
	for b.Loop() {
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, io.NewSectionReader(o, 0, o.Size()), buf); err != nil {
			b.Fatal(err)
		}
	}
}
