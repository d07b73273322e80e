package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
)

// Verify hashes an original again. It returns nil, ErrNotFound, ErrCorrupt
// (also for a missing or damaged chunk), or why the bytes could not be read.
func Verify(ctx context.Context, s Store, sum Sum) error {
	o, err := s.Open(ctx, sum)
	if err != nil {
		return err
	}
	got, err := hashOf(ctx, o)
	if closeErr := o.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("verify %s: %w", sum, err)
	}
	if got != sum {
		return fmt.Errorf("%s: %w: its bytes hash to %s", sum, ErrCorrupt, got)
	}
	return nil
}

// hashOf reads an original from end to end.
func hashOf(ctx context.Context, o Original) (Sum, error) {
	h := sha256.New()
	whole := io.NewSectionReader(o, 0, o.Size())
	n, err := io.CopyBuffer(h, &cancellable{ctx: ctx, r: whole}, make([]byte, copyBytes))
	if err == nil && n != o.Size() {
		err = fmt.Errorf("%w: %d bytes instead of %d", ErrCorrupt, n, o.Size())
	}
	return Sum(h.Sum(nil)), err
}

// emptyReads is how often in a row a reader may give neither bytes nor an
// error, as in bufio.
const emptyReads = 100

// cancellable ends reading when its context ends, or when its reader stands
// still for ever.
type cancellable struct {
	ctx   context.Context //nolint:containedctx // lives as long as one copy
	r     io.Reader
	empty int
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	if n > 0 || err != nil || len(p) == 0 {
		c.empty = 0
		return n, err
	}
	if c.empty++; c.empty == emptyReads {
		return 0, io.ErrNoProgress
	}
	return 0, nil
}
