package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const (
	// What is not larger is hashed in memory, and when the store has it already
	// no file is made at all.
	copyBytes = 256 << 10

	// A batch holds its files open until Commit, because all fsyncs together are
	// cheaper than one by one; beyond this many it syncs early, since a process
	// may be allowed 1,024 open files only.
	openFiles = 128
)

// errEnded is a programmer's error.
var errEnded = errors.New("the batch has ended")

// batch implements Batch for Local.
type batch struct {
	l      *Local
	ended  bool
	failed error             // an early fsync failed: nothing of the batch may be promised
	open   []*os.File        // written, not yet durable
	moves  map[string]string // from tmp/ to their final names
	sums   []Sum             // staged
	dirs   map[string]bool   // folders whose names must be durable
}

func newBatch(l *Local) *batch {
	return &batch{l: l, moves: map[string]string{}, dirs: map[string]bool{}}
}

// Put implements Batch.
func (b *batch) Put(ctx context.Context, r io.Reader, size int64) (Info, error) {
	if b.ended {
		return Info{}, errEnded
	}
	if b.failed != nil {
		return Info{}, b.failed
	}
	head := b.l.buffers.get()
	defer b.l.buffers.put(head)
	r = &cancellable{ctx: ctx, r: r}
	n, ended, err := fill(r, *head)
	switch {
	case err != nil:
		return Info{}, err
	case ended:
		return b.putSmall(ctx, (*head)[:n], size)
	case size > b.l.above:
		return b.putChunked(ctx, io.MultiReader(bytes.NewReader(*head), r), size)
	default:
		return b.putLarge(ctx, *head, r, size)
	}
}

// putSmall takes an original that is in memory.
func (b *batch) putSmall(ctx context.Context, data []byte, size int64) (Info, error) {
	if err := length(int64(len(data)), size); err != nil {
		return Info{}, err
	}
	if int64(len(data)) > b.l.above {
		return b.putChunked(ctx, bytes.NewReader(data), size)
	}
	info := Info{Sum: sha256.Sum256(data), Size: int64(len(data))}
	if have, ok := b.has(ctx, info); ok {
		return have, nil
	}
	f, err := b.l.create()
	if err != nil {
		return Info{}, writing(err)
	}
	if _, err := f.Write(data); err != nil {
		b.l.drop(f)
		return Info{}, writing(err)
	}
	return info, b.keepWhole(ctx, f, info)
}

// putLarge copies to a file. When an original of unknown length turns out to be
// one for chunks, what was copied is read again from the file.
func (b *batch) putLarge(ctx context.Context, head []byte, r io.Reader, size int64) (Info, error) {
	f, err := b.l.create()
	if err != nil {
		return Info{}, writing(err)
	}
	kept := false
	defer func() {
		if !kept {
			b.l.drop(f)
		}
	}()
	h := sha256.New()
	limit := b.l.above
	if size >= 0 {
		limit = size
	}
	n, err := copyHashing(f, h, io.LimitReader(io.MultiReader(bytes.NewReader(head), r), limit+1))
	if err != nil {
		return Info{}, err
	}
	if size < 0 && n > limit {
		return b.putChunked(ctx, io.MultiReader(io.NewSectionReader(f, 0, n), r), size)
	}
	if err := length(n, size); err != nil {
		return Info{}, err
	}
	info := Info{Sum: Sum(h.Sum(nil)), Size: n}
	if have, ok := b.has(ctx, info); ok {
		return have, nil
	}
	kept = true
	return info, b.keepWhole(ctx, f, info)
}

// keepWhole stages a written file.
func (b *batch) keepWhole(ctx context.Context, f *os.File, info Info) error {
	to := b.l.pathOf(info.Sum)
	b.add(f, to)
	b.l.stage(info.Sum, staged{batch: b, path: f.Name()})
	b.sums = append(b.sums, info.Sum)
	return b.flush(ctx, openFiles)
}

// add notes a file that Commit brings to its place.
func (b *batch) add(f *os.File, to string) {
	b.open = append(b.open, f)
	b.moves[f.Name()] = to
	b.promise(to)
}

// promise notes a name that Commit makes durable: the one in its folder, and
// the folder's in the one above, since whoever made the folder may have been
// killed before it was durable.
func (b *batch) promise(path string) {
	dir := filepath.Dir(path)
	b.dirs[dir] = true
	b.dirs[filepath.Dir(dir)] = true
}

// flush makes files durable when there are as many open ones.
func (b *batch) flush(ctx context.Context, limit int) error {
	if len(b.open) < limit {
		return nil
	}
	files := b.open
	b.open = nil
	b.failed = writing(syncFiles(ctx, files))
	return b.failed
}

// has says whether the bytes are in the store, or in this batch, already. A
// file of another length is a damaged one and is written again.
func (b *batch) has(ctx context.Context, info Info) (Info, bool) {
	if b.holds(info.Sum) {
		return info, true
	}
	have, err := b.l.Stat(ctx, info.Sum)
	if err != nil || have.Size != info.Size {
		return Info{}, false
	}
	// Another batch, or a process that was killed, may have renamed it a moment
	// ago: the name is as much our promise as theirs.
	b.promise(b.l.pathOf(info.Sum))
	return have, true
}

// holds says whether this batch has put the bytes before.
func (b *batch) holds(sum Sum) bool {
	b.l.mu.Lock()
	defer b.l.mu.Unlock()
	for _, s := range b.l.staged[sum] {
		if s.batch == b {
			return true
		}
	}
	return false
}

// Commit implements Batch.
func (b *batch) Commit(ctx context.Context) error {
	if b.ended {
		return errEnded
	}
	defer b.Discard()
	if b.failed != nil {
		return fmt.Errorf("store: %w", b.failed)
	}
	if err := b.flush(ctx, 0); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	// Chunks came to their places while they were put. A manifest may appear
	// only when the names of its chunks are durable.
	if err := syncDirs(ctx, b.chunkDirs()); err != nil {
		return fmt.Errorf("store: %w", writing(err))
	}
	for from, to := range b.moves {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := place(from, to); err != nil {
			return fmt.Errorf("store: %w", writing(err))
		}
		delete(b.moves, from)
	}
	if err := syncDirs(ctx, b.dirs); err != nil {
		return fmt.Errorf("store: %w", writing(err))
	}
	return nil
}

// chunkDirs takes the folders of chunks out of those that want an fsync.
func (b *batch) chunkDirs() map[string]bool {
	out := map[string]bool{}
	top := filepath.Join(b.l.dir, chunksDir)
	for dir := range b.dirs {
		if dir == top || filepath.Dir(dir) == top {
			out[dir] = true
			delete(b.dirs, dir)
		}
	}
	return out
}

// Discard implements Batch. Chunks that were put stay: other batches may have
// found them there meanwhile, and the next try of the same mailbox finds them
// too, so a crash at nine tenths of 10 GB costs one tenth.
func (b *batch) Discard() {
	if b.ended {
		return
	}
	b.ended = true
	for _, f := range b.open {
		_ = f.Close()
	}
	b.open = nil
	b.l.unstage(b, b.sums)
	for from := range b.moves {
		_ = os.Remove(from) // NewLocal removes what cannot be removed now
	}
}

// drop gives up a file in tmp/.
func (l *Local) drop(f *os.File) {
	_ = f.Close()
	_ = os.Remove(f.Name())
}
