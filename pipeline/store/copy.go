package store

import (
	"fmt"
	"hash"
	"io"
	"os"
	"sync"
)

// buffers are the first reads of originals, one for each batch at work.
type buffers struct{ pool sync.Pool }

func (b *buffers) get() *[]byte {
	if p, ok := b.pool.Get().(*[]byte); ok {
		return p
	}
	p := make([]byte, copyBytes)
	return &p
}

func (b *buffers) put(p *[]byte) { b.pool.Put(p) }

// fill reads until p is full or r ends. io.ReadFull will not do: its
// io.ErrUnexpectedEOF for "r was short" is also what inflating a cut-off member
// returns, and half a member would be kept as a whole one. For the same reason
// only a bare io.EOF is the end: a wrapped one is somebody's error.
func fill(r io.Reader, p []byte) (n int, ended bool, err error) {
	for n < len(p) {
		got, err := r.Read(p[n:])
		n += got
		if err == io.EOF {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

// copyHashing copies until r ends. Errors of f are the store's, others are r's.
func copyHashing(f *os.File, h hash.Hash, r io.Reader) (int64, error) {
	buf := make([]byte, copyBytes)
	var total int64
	for {
		n, err := r.Read(buf)
		_, _ = h.Write(buf[:n]) // never fails
		if _, werr := f.Write(buf[:n]); werr != nil {
			return total, writing(werr)
		}
		total += int64(n)
		if err == io.EOF { // as in fill
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// length compares what came with what was announced.
func length(got, want int64) error {
	switch {
	case want < 0 || got == want:
		return nil
	case got > want:
		return fmt.Errorf("more than the %d bytes announced", want)
	default:
		return fmt.Errorf("%d bytes instead of the %d announced", got, want)
	}
}
