package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Guard watches the free space of the file system that holds Path, which need
// not exist yet. It stops a run before the disk is full: a ledger that cannot
// write its last line is worse than a run that ends early.
type Guard struct {
	Path    string
	MinFree int64 // bytes; 0 lets everything pass
}

// Check returns an error that wraps ErrDiskFull when less than MinFree is left.
// It is one system call, so it may be asked before each batch.
func (g Guard) Check() error {
	if g.MinFree <= 0 {
		return nil
	}
	free, err := g.Free()
	if err != nil {
		return err
	}
	if free < g.MinFree {
		return fmt.Errorf("%w: %s free where %s is, %s must stay free", ErrDiskFull, bytesInWords(free), g.Path, bytesInWords(g.MinFree))
	}
	return nil
}

// Room is Check for so many bytes that are to be written.
func (g Guard) Room(bytes int64) error {
	if g.MinFree > 0 {
		g.MinFree += bytes
	}
	return g.Check()
}

// Free is how many bytes can still be written there.
func (g Guard) Free() (int64, error) {
	dir, err := filepath.Abs(g.Path)
	if err != nil {
		return 0, fmt.Errorf("free space of %s: %w", g.Path, err)
	}
	for {
		_, err := os.Stat(dir)
		if err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || parent == dir {
			return 0, fmt.Errorf("free space of %s: %w", g.Path, err)
		}
		dir = parent
	}
	free, err := freeBytes(dir)
	if err != nil {
		return 0, fmt.Errorf("free space of %s: %w", g.Path, err)
	}
	return free, nil
}

// bytesInWords writes a number of bytes as people say it: 1.5 GB.
func bytesInWords(n int64) string {
	const step = 1000
	if n < step {
		return fmt.Sprintf("%d bytes", n)
	}
	v, unit := float64(n), -1
	for v >= step && unit < 3 {
		v /= step
		unit++
	}
	return fmt.Sprintf("%.1f %s", v, [...]string{"kB", "MB", "GB", "TB"}[unit])
}
