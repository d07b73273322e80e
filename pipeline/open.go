package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"guidang/extractors"
	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
)

// openContent gives the bytes of a content: from the store, from its source,
// or out of the content around it.
func (a *Archive) openContent(ctx context.Context, c *ledger.Content) (store.Original, error) {
	if c.Kept == ledger.Copied {
		return a.store.Open(ctx, store.Sum(c.Sum))
	}
	items, err := a.ledger.Occurrences(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	err = fmt.Errorf("%s: %w", c.DocumentID(), ledger.ErrNotFound)
	for _, i := range items {
		var o store.Original
		if o, err = a.openOccurrence(ctx, i); err == nil {
			return o, nil
		}
	}
	return nil, err
}

// openItem gives the bytes of an item that may not have a content yet.
func (a *Archive) openItem(ctx context.Context, i *ledger.Item) (store.Original, error) {
	if i.Content != 0 {
		c, err := a.ledger.Content(ctx, i.Content)
		if err != nil {
			return nil, err
		}
		if c.Kept == ledger.Copied {
			return a.store.Open(ctx, store.Sum(c.Sum))
		}
	}
	return a.openOccurrence(ctx, i)
}

// openOccurrence reaches an item's bytes by its way in: from the source, or by
// its last step from the content that it lies in.
func (a *Archive) openOccurrence(ctx context.Context, i *ledger.Item) (store.Original, error) {
	if i.Within == 0 {
		src, err := a.source(ctx, i.Source)
		if err != nil {
			return nil, err
		}
		f, err := src.Open(ctx, i.Locator)
		if err != nil {
			return nil, err
		}
		st, err := f.Stat()
		if err != nil {
			_ = f.Close()
			return nil, err
		}
		return &sourceFile{f, st.Size()}, nil
	}
	around, err := a.ledger.Content(ctx, i.Within)
	if err != nil {
		return nil, err
	}
	outer, err := a.openContent(ctx, around)
	if err != nil {
		return nil, err
	}
	steps := document.SplitLocator(i.Locator)
	in := &document.Input{Name: around.Title, Size: outer.Size(), Bytes: outer, Limits: a.limits, Passwords: a.passwords}
	child, err := extractors.Open(ctx, extractors.ByName(a.formats, around.Format), in, steps[len(steps)-1])
	if err == nil && child.Content == nil {
		err = fmt.Errorf("%s cannot be read: %s", i.Locator, child.Reason)
	}
	if err != nil {
		return nil, errors.Join(err, outer.Close())
	}
	return a.spool(child.Content, outer)
}

// spool makes a stream readable at any place: in memory while it is small, in
// a file of the data directory that is gone once closed.
func (a *Archive) spool(r io.Reader, outer io.Closer) (store.Original, error) {
	if mem, ok := r.(*bytes.Reader); ok {
		return &inner{mem, mem.Size(), outer}, nil
	}
	head := &bytes.Buffer{}
	n, err := io.Copy(head, io.LimitReader(r, inlineBytes+1))
	if err != nil {
		return nil, errors.Join(err, outer.Close())
	}
	if n <= inlineBytes {
		mem := bytes.NewReader(head.Bytes())
		return &inner{mem, mem.Size(), outer}, nil
	}
	f, err := os.CreateTemp(filepath.Join(a.dir, "tmp"), "spool-*")
	if err != nil {
		return nil, errors.Join(err, outer.Close())
	}
	_ = os.Remove(f.Name()) // the open file lives on; nothing is left after a crash
	size, err := io.Copy(f, io.MultiReader(head, r))
	if err != nil {
		return nil, errors.Join(err, f.Close(), outer.Close())
	}
	return &inner{f, size, closers{f, outer}}, nil
}

// depthOf is how many containers lie around an item.
func depthOf(locator string) int { return strings.Count(locator, document.Separator) }

// inner is a child's bytes and what has to be closed with them.
type inner struct {
	io.ReaderAt
	size int64
	io.Closer
}

func (i *inner) Size() int64 { return i.size }

type closers []io.Closer

func (c closers) Close() error {
	var errs []error
	for _, one := range c {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// sourceFile is a file of a source as an original.
type sourceFile struct {
	file
	size int64
}

// file is what source.Source opens.
type file interface {
	io.ReaderAt
	io.Closer
}

func (f *sourceFile) Size() int64 { return f.size }

// nopCloser is bytes whose closing is somebody else's.
type nopCloser struct {
	sized
}

type sized interface {
	io.ReaderAt
	Size() int64
}

func (nopCloser) Close() error { return nil }

// contextReader ends reading when its context ends.
type contextReader struct {
	ctx context.Context //nolint:containedctx // lives as long as one copy
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
