package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Replace writes an original anew over a damaged or missing one. The bytes of
// from must hash to sum: if not, the error wraps ErrCorrupt and nothing changes.
func (l *Local) Replace(ctx context.Context, sum Sum, from Original) error {
	b := newBatch(l)
	defer b.Discard()
	var err error
	other := l.manifestOf(sum)
	if from.Size() > l.above {
		other = l.pathOf(sum)
		err = b.replaceChunked(ctx, sum, from)
	} else {
		err = b.replaceWhole(ctx, sum, from)
	}
	if err != nil {
		return fmt.Errorf("replace %s: %w", sum, err)
	}
	if err := b.Commit(ctx); err != nil {
		return fmt.Errorf("replace %s: %w", sum, err)
	}
	// The damaged one may have been kept in the other form, by a program that
	// chunked from another size on; it would be found before ours.
	if err := os.Remove(other); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace %s: %w", sum, writing(err))
	}
	return nil
}

func (b *batch) replaceWhole(ctx context.Context, sum Sum, from Original) error {
	f, err := b.l.create()
	if err != nil {
		return writing(err)
	}
	h := sha256.New()
	_, err = copyHashing(f, h, &cancellable{ctx: ctx, r: io.NewSectionReader(from, 0, from.Size())})
	if got := Sum(h.Sum(nil)); err == nil && got != sum {
		err = fmt.Errorf("%w: the bytes offered hash to %s", ErrCorrupt, got)
	}
	if err != nil {
		b.l.drop(f)
		return err
	}
	b.add(f, b.l.pathOf(sum))
	return nil
}

// replaceChunked reads twice: first to know that the bytes are the right ones,
// because chunks come to their places at once.
func (b *batch) replaceChunked(ctx context.Context, sum Sum, from Original) error {
	got, err := hashOf(ctx, from)
	if err != nil {
		return err
	}
	if got != sum {
		return fmt.Errorf("%w: the bytes offered hash to %s", ErrCorrupt, got)
	}
	m, err := b.cut(ctx, &cancellable{ctx: ctx, r: io.NewSectionReader(from, 0, from.Size())}, from.Size(), true)
	if err != nil {
		return err
	}
	if m.sum != sum {
		return fmt.Errorf("%w: the bytes offered changed while they were read", ErrCorrupt)
	}
	return b.putManifest(m)
}
