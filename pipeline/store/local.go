package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// How a local directory is laid out. The name of a file is the SHA-256 of its
// bytes, so that sha256sum alone can check an archive when this program is
// long gone.
//
//	sha256/ab/<hex>          an original
//	sha256/ab/<hex>.chunks   the manifest of an original kept as chunks
//	chunks/ab/<hex>          a chunk, of one or of many originals
//	tmp/                     files on their way in
//
// 256 folders hold a million originals at 4,000 a folder, and a batch touches
// at most 256 folders that want an fsync; two levels would touch 64 for 64
// originals, each with a block of its own.
const (
	originalsDir   = "sha256"
	chunksDir      = "chunks"
	tempDir        = "tmp"
	manifestSuffix = ".chunks"
)

// ChunkAbove is the size above which an original is kept as chunks: a mailbox
// of 10 GB that gains a mail a night must cost a mail a night.
const ChunkAbove = 64 << 20

// Local keeps originals in a directory. One process at a time may use it: the
// holder of the data directory's lock.
type Local struct {
	dir     string
	above   int64 // what is larger is kept as chunks
	create  func() (*os.File, error)
	buffers buffers

	mu     sync.Mutex
	staged map[Sum][]staged // put, not yet committed
}

// staged is an original that has a file but no promise yet.
type staged struct {
	batch    *batch
	path     string    // whole original: its file in tmp/
	manifest *manifest // else the chunks, which are in place
}

// LocalOptions changes how a local store works; the zero value is the default.
type LocalOptions struct {
	ChunkAbove int64 // 0: ChunkAbove
}

var _ Store = (*Local)(nil)

// NewLocal opens the store in a directory and makes it if there is none. What a
// killed process left half-written there is removed.
func NewLocal(dir string) (*Local, error) { return NewLocalWith(dir, LocalOptions{}) }

// NewLocalWith is NewLocal with options.
func NewLocalWith(dir string, o LocalOptions) (*Local, error) {
	l := &Local{dir: dir, above: o.ChunkAbove, staged: map[Sum][]staged{}}
	if l.above <= 0 {
		l.above = ChunkAbove
	}
	l.create = func() (*os.File, error) { return createTemp(filepath.Join(dir, tempDir)) }
	if err := l.layOut(); err != nil {
		return nil, fmt.Errorf("store %s: %w", dir, writing(err))
	}
	return l, nil
}

// layOut makes the upper folders and clears what is left of a killed process.
// The 512 lower ones come when they are needed.
func (l *Local) layOut() error {
	_, err := os.Stat(l.dir)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err := os.RemoveAll(filepath.Join(l.dir, tempDir)); err != nil {
		return err
	}
	for _, sub := range []string{tempDir, originalsDir, chunksDir} {
		if err := os.MkdirAll(filepath.Join(l.dir, sub), 0o700); err != nil {
			return err
		}
	}
	if err := syncDir(l.dir); err != nil || !isNew {
		return err
	}
	// The folder around may belong to somebody else and not be readable, which
	// is no reason to refuse work.
	if err := syncDir(filepath.Dir(filepath.Clean(l.dir))); !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}

func (l *Local) pathOf(sum Sum) string {
	name := sum.String()
	return filepath.Join(l.dir, originalsDir, name[:2], name)
}

func (l *Local) manifestOf(sum Sum) string { return l.pathOf(sum) + manifestSuffix }

func (l *Local) chunkOf(sum Sum) string {
	name := sum.String()
	return filepath.Join(l.dir, chunksDir, name[:2], name)
}

// Batch implements Store.
func (l *Local) Batch(context.Context) Batch { return newBatch(l) }

// Open implements Store. Bytes that a batch has put are there at once.
func (l *Local) Open(ctx context.Context, sum Sum) (Original, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// A commit renames first and forgets what was staged after, so who looks at
	// the staged first and at the kept second misses nothing.
	l.mu.Lock()
	waiting := l.staged[sum]
	l.mu.Unlock()
	for _, s := range waiting {
		if s.manifest != nil {
			return newChunked(l, s.manifest), nil
		}
		o, err := openWhole(s.path)
		if err == nil {
			return o, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("original %s: %w", sum, err)
		}
	}
	o, err := openWhole(l.pathOf(sum))
	if err == nil {
		return o, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("original %s: %w", sum, err)
	}
	m, err := l.readManifest(sum)
	if err != nil {
		return nil, err
	}
	return newChunked(l, m), nil
}

// Stat implements Store. It tells of committed originals only.
func (l *Local) Stat(ctx context.Context, sum Sum) (Info, error) {
	if err := ctx.Err(); err != nil {
		return Info{}, err
	}
	st, err := os.Stat(l.pathOf(sum))
	if err == nil {
		return Info{Sum: sum, Size: st.Size()}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return Info{}, fmt.Errorf("original %s: %w", sum, err)
	}
	return l.statManifest(sum)
}

func (l *Local) statManifest(sum Sum) (Info, error) {
	f, err := os.Open(l.manifestOf(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return Info{}, fmt.Errorf("%s: %w", sum, ErrNotFound)
	}
	if err != nil {
		return Info{}, fmt.Errorf("original %s: %w", sum, err)
	}
	defer f.Close()
	size, err := manifestHead(bufio.NewReaderSize(f, 512), sum)
	if err != nil {
		return Info{}, fmt.Errorf("%s: %w", sum, err)
	}
	return Info{Sum: sum, Size: size, Chunked: true}, nil
}

// readManifest reads how an original is put together from chunks.
func (l *Local) readManifest(sum Sum) (*manifest, error) {
	f, err := os.Open(l.manifestOf(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", sum, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("original %s: %w", sum, err)
	}
	defer f.Close()
	m, err := parseManifest(bufio.NewReader(f), sum)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sum, err)
	}
	return m, nil
}

// Walk implements Store. Names that are no sum (a file manager's droppings)
// are passed over.
func (l *Local) Walk(ctx context.Context, fn func(Info) error) error {
	for b := range 256 {
		// ReadDir sorts by name, and a manifest's name begins with its sum, so
		// both kinds come in the order of sums.
		entries, err := os.ReadDir(filepath.Join(l.dir, originalsDir, fmt.Sprintf("%02x", b)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("store %s: %w", l.dir, err)
		}
		var last Sum
		met := false
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				return err
			}
			sum, ok := parseSum(strings.TrimSuffix(e.Name(), manifestSuffix))
			if !ok || sum[0] != byte(b) || (met && sum == last) {
				continue
			}
			last, met = sum, true
			info, err := l.Stat(ctx, sum)
			if errors.Is(err, ErrCorrupt) {
				// A damaged manifest is still an original that the store has; its
				// length is what Verify and Replace will find out.
				info, err = Info{Sum: sum, Size: -1, Chunked: true}, nil
			}
			if err != nil {
				return err
			}
			if err := fn(info); err != nil {
				return err
			}
		}
	}
	return nil
}

// stage lets Open find what a batch has put.
func (l *Local) stage(sum Sum, s staged) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.staged[sum] = append(l.staged[sum], s)
}

// unstage forgets what a batch has put.
func (l *Local) unstage(b *batch, sums []Sum) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, sum := range sums {
		var left []staged // a new slice: Open may hold the old one
		for _, s := range l.staged[sum] {
			if s.batch != b {
				left = append(left, s)
			}
		}
		if left == nil {
			delete(l.staged, sum)
		} else {
			l.staged[sum] = left
		}
	}
}
