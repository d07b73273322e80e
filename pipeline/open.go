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

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline/ledger"
	"guidang/pipeline/sandbox"
	"guidang/pipeline/store"
)

// openContent gives the bytes of a content, of its canonical item if these can be
// had: from the store, from its source, or out of the content around it.
func (a *Archive) openContent(ctx context.Context, c *ledger.Content) (store.Original, error) {
	if c.Kept == ledger.Copied && c.Kind != "" && c.Kind != document.KindMail {
		return a.store.Open(ctx, store.Sum(c.Sum))
	}
	items, err := a.ledger.Occurrences(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return a.openFirst(ctx, c, items)
}

// openFirst opens the first of a content's occurrences that can be opened.
func (a *Archive) openFirst(ctx context.Context, c *ledger.Content, items []*ledger.Item) (store.Original, error) {
	err := fmt.Errorf("%s: %w", c.DocumentID(), ledger.ErrNotFound)
	for _, i := range items {
		var o store.Original
		if o, err = a.openCopy(ctx, c, i); err == nil {
			return o, nil
		}
	}
	return nil, err
}

// openItem gives the bytes of an item that may not have a content yet.
func (a *Archive) openItem(ctx context.Context, i *ledger.Item) (store.Original, error) {
	if i.Content == 0 {
		return a.openOccurrence(ctx, i)
	}
	c, err := a.ledger.Content(ctx, i.Content)
	if err != nil {
		return nil, err
	}
	return a.openCopy(ctx, c, i)
}

// openCopy gives an item's own bytes: of one mail every copy has its own.
func (a *Archive) openCopy(ctx context.Context, c *ledger.Content, i *ledger.Item) (store.Original, error) {
	if c.Kept == ledger.Copied {
		o, err := a.store.Open(ctx, store.Sum(i.OwnSum(c)))
		if !errors.Is(err, store.ErrNotFound) || c.Kind != "" && c.Kind != document.KindMail {
			return o, err
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
	steps := document.SplitLocator(i.Locator)
	last := steps[len(steps)-1]
	if last == mail.StepWhole && around.Kind == document.KindMail {
		return a.openWhole(ctx, i)
	}
	return a.openWithin(ctx, i, around, last)
}

// openWithin reaches what an item's container gives for a step.
func (a *Archive) openWithin(ctx context.Context, i *ledger.Item, around *ledger.Content, step string) (store.Original, error) {
	outer, err := a.openContent(ctx, around)
	if err != nil {
		return nil, err
	}
	req := &sandbox.Request{Format: around.Format, Input: &document.Input{Name: around.Title, Size: outer.Size(), Bytes: bare(outer), Limits: a.limits, Passwords: a.passwords}}
	var got store.Original
	var damage error
	err = a.reader.Open(ctx, req, step, func(c *document.Child) (err error) {
		if got != nil { // of an attempt that broke off
			_ = got.Close()
			got = nil
		}
		if c.Content == nil {
			return fmt.Errorf("%s cannot be read: %w", i.Locator, &memberError{c.Reason})
		}
		content := &salvage{r: c.Content}
		got, err = a.spool(content)
		damage = content.err
		return err
	})
	if err != nil {
		if got != nil {
			_ = got.Close()
		}
		return nil, errors.Join(err, outer.Close())
	}
	return &inner{got, got.Size(), closers{got, outer}, damage}, nil
}

// openStep reads what a container gives for a step, at most maxStep bytes.
func (a *Archive) openStep(ctx context.Context, c *ledger.Content, o store.Original, step string) ([]byte, error) {
	req := &sandbox.Request{Format: c.Format, Input: &document.Input{Name: c.Title, Size: o.Size(), Bytes: bare(o), Limits: a.limits, Passwords: a.passwords}}
	var out []byte
	err := a.reader.Open(ctx, req, step, func(child *document.Child) (err error) {
		if child.Content == nil {
			return &memberError{child.Reason}
		}
		out, err = io.ReadAll(io.LimitReader(child.Content, maxStep))
		return err
	})
	if errors.Is(err, document.ErrNoChild) {
		err = fmt.Errorf("%s has no %s: %w", c.DocumentID(), step, ledger.ErrNotFound)
	}
	return out, err
}

// maxStep is how much of a mail's HTML a page takes, its pictures included.
const maxStep = 32 << 20

// memberError says why a container does not give out a member.
type memberError struct{ reason document.Reason }

func (e *memberError) Error() string { return string(e.reason) }

// Reason is the reason for the ledger.
func (e *memberError) Reason() document.Reason { return e.reason }

// spool makes a stream readable at any place: in memory while it is small, in
// a file of the data directory that is gone once closed.
func (a *Archive) spool(r io.Reader) (store.Original, error) {
	head := &bytes.Buffer{}
	n, err := io.Copy(head, io.LimitReader(r, inlineBytes+1))
	if err != nil {
		return nil, err
	}
	if n <= inlineBytes {
		return nopCloser{bytes.NewReader(head.Bytes())}, nil
	}
	return spoolFile(filepath.Join(a.dir, "tmp"), "spool-*", io.MultiReader(head, r))
}

// spoolFile keeps a stream in a file without a name, so that nothing is left
// after a crash. It is opened for reading only, because readers get its
// descriptor.
func spoolFile(dir, pattern string, r io.Reader) (store.Original, error) {
	w, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(w.Name())
	size := int64(0)
	if err == nil {
		size, err = io.Copy(w, r)
	}
	if err = errors.Join(err, w.Close(), os.Remove(w.Name())); err != nil {
		if f != nil {
			_ = f.Close()
		}
		return nil, err
	}
	return &inner{f, size, f, nil}, nil
}

// depthOf is how many containers lie around an item.
func depthOf(locator string) int { return strings.Count(locator, document.Separator) }

// inner is a child's bytes and what has to be closed with them.
type inner struct {
	io.ReaderAt
	size int64
	io.Closer

	damage error // why they are not all that it held
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
