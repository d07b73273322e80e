package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"guidang/config"
	"guidang/extractors"
	"guidang/extractors/document"
	"guidang/pipeline/store"
)

// Extract reads one file with everything nested in it and calls fn for each
// document, parents first. It touches no data directory.
func Extract(ctx context.Context, cfg *config.Config, path string, fn func(*document.Document) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s is a folder; `extract` reads one file, `ingest` reads folders", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	settings, err := newReading(cfg, filepath.Join(cache, "guidang"))
	if err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.Copy(h, &contextReader{ctx, f}); err != nil {
		return err
	}
	e := &extraction{settings: settings, fn: fn}
	name := filepath.Base(path)
	return e.read(ctx, &document.Input{Name: name, Size: info.Size(), Bytes: f, Limits: settings.limits, Passwords: settings.passwords},
		&document.Document{Locator: document.EscapeStep(name), SHA256: fmt.Sprintf("%x", h.Sum(nil)), Size: info.Size(), ID: document.ID([32]byte(h.Sum(nil)))})
}

// extraction walks one file. Parents come first, and a parent names its
// children: so the first pass over a container collects their names and the
// second reads them, one at a time, however many there are.
type extraction struct {
	settings *readingSettings
	fn       func(*document.Document) error
}

// read gives out the document of in, placed as named says, then its children.
func (e *extraction) read(ctx context.Context, in *document.Input, named *document.Document) error {
	format := extractors.Detect(e.settings.formats, in)
	var d *document.Document
	var err error
	children := []document.ChildRef{}
	switch {
	case in.Depth > in.Limits.Depth:
		d = document.Unreadable(document.KindOther, document.TooDeep, fmt.Sprintf("more than %d containers lie around it", in.Limits.Depth))
	case in.Size == 0:
		d = document.Unreadable(document.KindOther, document.Empty, "the file holds no bytes")
	case format == nil:
		d = document.Unreadable(document.KindOther, document.Unsupported, "no reader knows this format")
	default:
		d, err = extractors.Read(ctx, format, in, func(c *document.Child) error {
			children = append(children, document.ChildRef{Locator: document.JoinLocator(named.Locator, c.Step), Name: c.Name})
			return nil
		})
	}
	if err != nil {
		return err
	}
	d.ID, d.Locator, d.Parent, d.SHA256, d.Size = named.ID, named.Locator, named.Parent, named.SHA256, named.Size
	d.Children = children
	if d.Sections == nil {
		d.Sections = []document.Section{}
	}
	if err := e.fn(d); err != nil || len(children) == 0 {
		return err
	}
	_, err = extractors.Read(ctx, format, in, func(c *document.Child) error { return e.child(ctx, in, d.Locator, c) })
	return err
}

func (e *extraction) child(ctx context.Context, in *document.Input, parent string, c *document.Child) error {
	named := &document.Document{Locator: document.JoinLocator(parent, c.Step), Parent: parent}
	held, err := hold(c)
	if err != nil {
		return err
	}
	if held.bytes == nil {
		d := document.Unreadable(document.KindOther, held.reason, "its bytes cannot be had")
		d.Locator, d.Parent, d.Sections = named.Locator, parent, []document.Section{}
		return e.fn(d)
	}
	named.Size, named.SHA256, named.ID = held.bytes.Size(), held.sum.String(), document.ID(held.sum)
	err = e.read(ctx, &document.Input{Name: c.Name, Size: named.Size, Bytes: held.bytes, Depth: in.Depth + 1, Limits: in.Limits, Passwords: in.Passwords}, named)
	return errors.Join(err, held.bytes.Close())
}

// heldChild is a child whose bytes outlive the walk over its parent: small ones
// in memory, large ones in an unnamed temporary file.
type heldChild struct {
	reason document.Reason
	bytes  store.Original
	sum    store.Sum
}

func hold(c *document.Child) (*heldChild, error) {
	h := &heldChild{reason: c.Reason}
	if c.Content == nil {
		return h, nil
	}
	sum := sha256.New()
	head := &bytes.Buffer{}
	r := io.TeeReader(c.Content, sum)
	n, err := io.Copy(head, io.LimitReader(r, inlineBytes+1))
	switch {
	case err != nil:
		h.reason = reasonOf(err)
		return h, nil // the container's fault, told in the child's document
	case n <= inlineBytes:
		h.bytes = nopCloser{bytes.NewReader(head.Bytes())}
	default:
		f, err := os.CreateTemp("", "guidang-*")
		if err != nil {
			return h, err
		}
		_ = os.Remove(f.Name())
		size, err := io.Copy(f, io.MultiReader(head, r))
		if err != nil {
			h.reason = reasonOf(err)
			return h, f.Close()
		}
		h.bytes = &inner{f, size, f}
	}
	h.sum = store.Sum(sum.Sum(nil))
	return h, nil
}
