package compound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/richardlehane/mscfb"
)

func fill(n int, seed byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7) + seed + byte(i>>9)
	}
	return b
}

// sample has a short stream, a long one, an empty one and a nested storage, among
// enough long ones that the FAT needs a list beyond the header.
func sample(sectors int) *Node {
	return NewStorage("Root Entry",
		NewStream("short", fill(100, 1)),
		NewStream("long", fill(5000, 2)),
		NewStream("empty", nil),
		NewStorage("合同", NewStream("inner", fill(700, 3)), NewStorage("deep", NewStream("x", []byte("y")))),
		NewStream("large", fill(512*sectors, 4)),
	)
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, sectors := range []int{20, 15_000} {
		data := Write(sample(sectors))
		f, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil || f.Damaged {
			t.Fatalf("open: %v, damaged %v", err, f != nil && f.Damaged)
		}
		for _, tt := range []struct {
			e    *Entry
			want []byte
		}{
			{f.Root.Child("short"), fill(100, 1)}, {f.Root.Child("long"), fill(5000, 2)}, {f.Root.Child("empty"), nil},
			{f.Root.Child("合同").Child("inner"), fill(700, 3)}, {f.Root.Child("合同").Child("deep").Child("x"), []byte("y")},
			{f.Root.Child("large"), fill(512*sectors, 4)},
		} {
			if tt.e == nil {
				t.Fatal("an entry is missing")
			}
			got, whole, err := f.Bytes(tt.e, 1<<30)
			if err != nil || !whole || !bytes.Equal(got, tt.want) {
				t.Errorf("%s: %d bytes, whole %v, error %v", tt.e.Name, len(got), whole, err)
			}
		}
		r, _ := f.Stream(f.Root.Child("long"))
		piece := make([]byte, 1000)
		if n, err := r.ReadAt(piece, 4500); n != 500 || !errors.Is(err, io.EOF) || !bytes.Equal(piece[:n], fill(5000, 2)[4500:]) {
			t.Errorf("the end of a stream: %d bytes, %v", n, err)
		}
		if got, whole, _ := f.Bytes(f.Root.Child("long"), 10); len(got) != 10 || whole {
			t.Errorf("limited: %d bytes, whole %v", len(got), whole)
		}
	}
}

// TestAgreesWithMscfb: what the writer of the tests writes is what others read.
func TestAgreesWithMscfb(t *testing.T) {
	t.Parallel()
	data := Write(sample(20))
	r, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for e, err := r.Next(); err == nil; e, err = r.Next() {
		if e.Size == 0 {
			continue
		}
		n++
		at := f.Root
		for _, p := range append(slices.Clip(e.Path), e.Name) {
			at = at.Child(p)
		}
		want := make([]byte, e.Size)
		if _, err := io.ReadFull(e, want); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := f.Bytes(at, 1<<20); !bytes.Equal(got, want) {
			t.Errorf("%s differs", e.Name)
		}
	}
	if n != 5 {
		t.Errorf("%d streams", n)
	}
}

// TestBrokenOff: a copy that ends early gives what stands before its end. mscfb
// opens none of these.
func TestBrokenOff(t *testing.T) {
	t.Parallel()
	root := NewStorage("Root Entry", NewStream("a", fill(6000, 1)), NewStream("b", fill(600*512, 2)))
	data := Write(root)
	// The writer puts the FAT last, so this takes most of it away.
	cut := data[:len(data)-3*512]
	if _, err := mscfb.New(bytes.NewReader(cut)); err == nil {
		t.Error("mscfb reads it now: think again")
	}
	f, err := Open(bytes.NewReader(cut), int64(len(cut)))
	if err != nil {
		t.Fatal(err)
	}
	got, whole, err := f.Bytes(f.Root.Child("a"), 1<<20)
	if !f.Damaged || err != nil || whole && !bytes.Equal(got, fill(6000, 1)) || !bytes.HasPrefix(fill(6000, 1), got) || len(got) == 0 {
		t.Errorf("damaged %v, %d bytes, whole %v, error %v", f.Damaged, len(got), whole, err)
	}
}

// hostile changes one word of a good file.
func hostile(t *testing.T, at int, v uint32) *File {
	t.Helper()
	data := Write(sample(20))
	binary.LittleEndian.PutUint32(data[at:], v)
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil
	}
	var walk func(e *Entry)
	walk = func(e *Entry) {
		_, _, _ = f.Bytes(e, 1<<20)
		for _, c := range e.Children {
			walk(c)
		}
	}
	walk(f.Root)
	return f
}

func TestLyingWords(t *testing.T) {
	t.Parallel()
	data := Write(sample(20))
	for at := 24; at+4 <= len(data); at += 4 {
		if at > 600 && at%36 != 0 && at < len(data)-4096 {
			continue
		}
		for _, v := range []uint32{0, 1, 0x7FFFFFFF, 0xFFFFFFF9, 0xFFFFFFFE} {
			hostile(t, at, v)
		}
	}
}

// TestDeepDirectory: storages within storages without end cost neither stack nor
// memory.
func TestDeepDirectory(t *testing.T) {
	t.Parallel()
	n := NewStorage("x")
	for range 20_000 {
		n = NewStorage("x", n)
	}
	data := Write(NewStorage("Root Entry", n))
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil || !f.Damaged {
		t.Fatalf("error %v", err)
	}
	depth := 0
	for e := f.Root; e != nil && len(e.Children) > 0; e = e.Children[0] {
		depth++
	}
	if depth > maxDepth+2 {
		t.Errorf("%d deep", depth)
	}
}

// TestManySiblings: a directory that is a list of a hundred thousand.
func TestManySiblings(t *testing.T) {
	t.Parallel()
	var all []*Node
	for i := range 100_000 {
		all = append(all, NewStream(fmt.Sprintf("%08d", i), nil))
	}
	data := Write(NewStorage("Root Entry", all...))
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(f.Root.Children) != len(all) {
		t.Fatalf("%v", err)
	}
}

func TestNotCompound(t *testing.T) {
	t.Parallel()
	for _, data := range [][]byte{nil, []byte(Magic), fill(5000, 9), append([]byte(Magic), make([]byte, 5000)...)} {
		if _, err := Open(bytes.NewReader(data), int64(len(data))); !errors.Is(err, ErrFormat) {
			t.Errorf("%d bytes: %v", len(data), err)
		}
	}
	data := Write(sample(20))
	if _, err := Open(failing{}, int64(len(data))); err == nil || errors.Is(err, ErrFormat) {
		t.Errorf("a failing reader is no fault of the file: %v", err)
	}
}

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errors.New("disk") }

// BenchmarkLargeStream is one reason why the reader is our own: mscfb needs time
// that grows with the square of a read's length.
func BenchmarkLargeStream(b *testing.B) {
	data := Write(NewStorage("Root Entry", NewStream("a", make([]byte, 16<<20))))
	b.Run("own", func(b *testing.B) {
		for b.Loop() {
			f, _ := Open(bytes.NewReader(data), int64(len(data)))
			_, _, _ = f.Bytes(f.Root.Child("a"), 1<<30)
		}
	})
	b.Run("mscfb", func(b *testing.B) {
		for b.Loop() {
			r, _ := mscfb.New(bytes.NewReader(data))
			e, _ := r.Next()
			_, _ = io.ReadFull(e, make([]byte, e.Size))
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add(Write(sample(20)))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		n := 0
		var walk func(e *Entry)
		walk = func(e *Entry) {
			if n++; n > 2000 {
				return
			}
			got, _, err := file.Bytes(e, 1<<20)
			if err != nil || int64(len(got)) > int64(len(data)) {
				t.Fatalf("%d bytes of a file of %d, error %v", len(got), len(data), err)
			}
			for _, c := range e.Children {
				walk(c)
			}
		}
		walk(file.Root)
	})
}

// TestLostDirectory: where the header no longer says where the directory lies, it
// is found; where the tree of names is broken, its streams are.
func TestLostDirectory(t *testing.T) {
	t.Parallel()
	data := Write(sample(20))
	binary.LittleEndian.PutUint32(data[48:], 0xFFFFF0)
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil || !f.Damaged {
		t.Fatalf("error %v", err)
	}
	if got, whole, err := f.Bytes(f.Root.Child("long"), 1<<20); err != nil || !whole || !bytes.Equal(got, fill(5000, 2)) {
		t.Errorf("%d bytes, whole %v, error %v", len(got), whole, err)
	}
	data = Write(sample(20))
	at := bytes.Index(data, wideBytes("Root Entry"))
	binary.LittleEndian.PutUint32(data[at+76:], noEntry)
	if f, err = Open(bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := f.Bytes(f.Stray("LONG"), 1<<20); f.Root.Child("long") != nil || !bytes.Equal(got, fill(5000, 2)) {
		t.Errorf("%d bytes of a stream without a name in the tree", len(got))
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	data := Write(NewStorage("Root Entry", NewStream("WORDDOCUMENT", []byte("a")), NewStream("x", []byte("b")), NewStorage("Y")))
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if f.Root.Stream("WordDocument") == nil || f.Root.Stream("X") == nil || f.Root.Stream("y") != nil || f.Root.Child("y") == nil {
		t.Error("names are equal without regard to case")
	}
}
