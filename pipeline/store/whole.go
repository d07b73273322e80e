package store

import (
	"encoding/hex"
	"os"
	"sync"
)

// whole is an original that is one file.
type whole struct {
	*os.File
	size  int64
	close sync.Once
	err   error
}

func openWhole(path string) (*whole, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &whole{File: f, size: st.Size()}, nil
}

// ReadAt implements io.ReaderAt.
func (w *whole) ReadAt(p []byte, off int64) (int, error) {
	n, err := w.File.ReadAt(p, off)
	if err != nil && isBadSector(err) {
		err = reading(err)
	}
	return n, err
}

// Size implements Original.
func (w *whole) Size() int64 { return w.size }

// Close implements Original.
func (w *whole) Close() error {
	w.close.Do(func() { w.err = w.File.Close() })
	return w.err
}

func parseSum(s string) (Sum, bool) {
	var sum Sum
	if len(s) != 2*len(sum) {
		return sum, false
	}
	for n := range len(s) {
		if c := s[n]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return sum, false
		}
	}
	_, err := hex.Decode(sum[:], []byte(s))
	return sum, err == nil
}
