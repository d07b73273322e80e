package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"sync"
)

// openChunks is how many chunk files of one original stay open: a mail is read
// in many small steps within one or two chunks, and a few are read side by
// side. Files and not bytes are kept, so the memory of an open mailbox is its
// manifest's (0.5 MB for 10 GB).
const openChunks = 8

// chunked is an original that is put together from chunks.
type chunked struct {
	l *Local
	m *manifest

	mu     sync.Mutex
	closed bool
	files  []*chunkFile // most recently used last
}

// chunkFile is an open chunk. It is closed when it has fallen out of the list
// and the last reader has left.
type chunkFile struct {
	*os.File
	n     int // which chunk
	users int
	out   bool
}

func newChunked(l *Local, m *manifest) *chunked { return &chunked{l: l, m: m} }

// Size implements Original.
func (c *chunked) Size() int64 { return c.m.size }

// ReadAt implements io.ReaderAt. A missing or shortened chunk is ErrCorrupt.
func (c *chunked) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("%s: negative offset %d", c.m.sum, off)
	}
	// The first chunk that ends behind off.
	n := sort.Search(len(c.m.chunks), func(n int) bool { return c.m.chunks[n].off+c.m.chunks[n].size > off })
	done := 0
	for ; done < len(p) && n < len(c.m.chunks); n++ {
		got, err := c.readChunk(p[done:], off+int64(done), n)
		done += got
		if err != nil {
			return done, err
		}
	}
	if done < len(p) {
		return done, io.EOF
	}
	return done, nil
}

// readChunk reads what one chunk has of the bytes from off on.
func (c *chunked) readChunk(p []byte, off int64, n int) (int, error) {
	k := c.m.chunks[n]
	within := off - k.off
	p = p[:min(int64(len(p)), k.size-within)]
	f, err := c.acquire(n)
	if err != nil {
		return 0, fmt.Errorf("%s: chunk %s: %w", c.m.sum, k.sum, err)
	}
	defer c.release(f)
	got, err := f.ReadAt(p, within)
	switch {
	case got == len(p):
		return got, nil
	case errors.Is(err, io.EOF):
		return got, fmt.Errorf("%s: chunk %s: %w: it ends early", c.m.sum, k.sum, ErrCorrupt)
	default:
		return got, fmt.Errorf("%s: chunk %s: %w", c.m.sum, k.sum, reading(err))
	}
}

// acquire gives the open file of a chunk, to be given back with release.
func (c *chunked) acquire(n int) (*chunkFile, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, os.ErrClosed
	}
	for i, f := range c.files {
		if f.n == n {
			copy(c.files[i:], c.files[i+1:])
			c.files[len(c.files)-1] = f
			f.users++
			return f, nil
		}
	}
	file, err := os.Open(c.l.chunkOf(c.m.chunks[n].sum))
	if err != nil {
		return nil, reading(err)
	}
	if len(c.files) == openChunks {
		oldest := c.files[0]
		c.files = append(c.files[:0], c.files[1:]...)
		oldest.out = true
		if oldest.users == 0 {
			_ = oldest.Close() // opened for reading: nothing is lost
		}
	}
	f := &chunkFile{File: file, n: n, users: 1}
	c.files = append(c.files, f)
	return f, nil
}

func (c *chunked) release(f *chunkFile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.users--; f.users == 0 && f.out {
		_ = f.Close()
	}
}

// Close implements Original. Reads that are under way end well.
func (c *chunked) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, f := range c.files {
		f.out = true
		if f.users == 0 {
			errs = append(errs, f.Close())
		}
	}
	c.closed, c.files = true, nil
	return errors.Join(errs...)
}
