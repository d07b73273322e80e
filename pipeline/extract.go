package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline/ocr"
	"guidang/pipeline/sandbox"
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
	cache := userCache()
	settings, err := newReading(cfg, cache)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "guidang-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	reader, err := newReader(cfg, settings.formats, scratch, filepath.Join(cache, "cache"), 1, slog.New(slog.DiscardHandler), nil) //nolint:contextcheck // closed below
	if err != nil {
		return err
	}
	defer reader.Close()
	name, size, whole := filepath.Base(path), info.Size(), io.ReaderAt(f)
	locator := document.EscapeStep(name)
	set, err := openVolumes(name, besideFile(path))
	if err != nil {
		return err
	}
	if set != nil {
		defer set.Close()
		name, size, whole = set.name, set.size, set
	}
	h, who := sha256.New(), mail.NewIdentity()
	if _, err := io.Copy(io.MultiWriter(h, who), &contextReader{ctx, io.NewSectionReader(whole, 0, size)}); err != nil {
		return err
	}
	sum := store.Sum(h.Sum(nil))
	e := &extraction{fn: fn, limits: settings.limits, passwords: settings.passwords, cfg: cfg, reader: reader}
	first := &extracted{e: e, named: document.Document{Locator: locator, SHA256: sum.String(), Size: size, ID: document.ID(who.Sum(sum))}}
	if size == 0 {
		return first.give(document.Unreadable(document.KindOther, document.Empty, "the file holds no bytes"))
	}
	first.in = &document.Input{Name: name, Size: size, Bytes: whole, Limits: settings.limits, Passwords: settings.passwords}
	return reader.Read(ctx, &sandbox.Request{Input: first.in, ParentsFirst: true}, func() sandbox.Visitor {
		e.at = 0
		return first
	})
}

// extraction is the reading of one file and everything in it.
type extraction struct {
	limits    document.Limits
	passwords []string
	fn        func(*document.Document) error
	cfg       *config.Config
	reader    sandbox.Reader
	engine    ocr.Engine // that reads pictures; nil: none, or none was looked for yet
	looked    bool

	// A second attempt gives the same documents in the same order; those that
	// were given out already are not given out again.
	at, given int
}

// extracted is one original of it. Parents come first, and a parent names its
// children.
type extracted struct {
	e     *extraction
	named document.Document
	in    *document.Input
	depth int

	damaged document.Reason // what its container says of its bytes
}

// give gives out what was read, placed where it was found.
func (x *extracted) give(d *document.Document) error {
	switch {
	case x.damaged == "":
	case d.Read == document.None:
		d.Reason = x.damaged
	default:
		d.Lose(document.Partial, x.damaged, beforeDamage)
	}
	d.ID, d.Locator, d.Parent, d.SHA256, d.Size = x.named.ID, x.named.Locator, x.named.Parent, x.named.SHA256, x.named.Size
	for n := range d.Children {
		d.Children[n].Locator = document.JoinLocator(d.Locator, d.Children[n].Locator)
	}
	if d.Children == nil {
		d.Children = []document.ChildRef{}
	}
	if d.Sections == nil {
		d.Sections = []document.Section{}
	}
	x.e.at++
	if x.e.at <= x.e.given {
		return nil
	}
	x.e.given++
	return x.e.fn(d)
}

// Format implements sandbox.Visitor.
func (*extracted) Format(*document.Format) error { return nil }

// Done implements sandbox.Visitor.
func (x *extracted) Done(ctx context.Context, r *sandbox.Result) error {
	if r.Document != nil && r.Format != nil {
		if err := x.look(ctx, r.Document, r.Format); err != nil {
			return err
		}
	}
	switch {
	case r.Fault != nil:
		return r.Fault
	case r.Document == nil:
		return x.give(document.Unreadable(document.KindOther, document.Unsupported, "no reader knows this format"))
	}
	return x.give(r.Document)
}

// look reads what a document's pictures say, if there is an engine.
func (x *extracted) look(ctx context.Context, d *document.Document, f *document.Format) error {
	wanted := ocr.Wanted(d)
	if len(wanted) == 0 || f.Draw == nil || x.in == nil {
		return nil
	}
	if e := x.e; !e.looked {
		e.looked = true
		e.engine, _ = NewOCR(ctx, e.cfg) // without one the document says what is missing
	}
	if x.e.engine == nil {
		return nil
	}
	layer := &ocr.Layer{Engine: x.e.engine.Fingerprint()}
	first := ""
	for _, n := range wanted {
		page, err := readPage(ctx, x.e.reader, x.e.engine, x.in, f.Name, n, first)
		if err != nil {
			return err
		}
		layer.Pages, first = append(layer.Pages, page), page.Language
	}
	layer.Apply(d)
	return nil
}

// Child implements sandbox.Visitor.
func (x *extracted) Child(_ context.Context, c *document.Child) (*sandbox.Next, error) {
	child := &extracted{e: x.e, depth: x.depth + 1, named: document.Document{Locator: document.JoinLocator(x.named.Locator, c.Step), Parent: x.named.Locator}}
	held, err := hold(c)
	if err != nil {
		return nil, err
	}
	if held.bytes == nil {
		return nil, child.give(document.Unreadable(document.KindOther, held.reason, "its bytes cannot be had"))
	}
	child.damaged = held.damaged
	child.named.Size, child.named.SHA256, child.named.ID = held.bytes.Size(), held.sum.String(), document.ID(held.identity)
	if child.named.Size == 0 {
		return nil, errors.Join(child.give(document.Unreadable(document.KindOther, document.Empty, "the file holds no bytes")), held.bytes.Close())
	}
	in := &document.Input{Name: c.Name, Size: child.named.Size, Bytes: bare(held.bytes), Depth: child.depth, Limits: x.e.limits, Passwords: x.e.passwords}
	child.in = in
	return &sandbox.Next{Input: in, Visitor: child, Close: held.bytes}, nil
}

// heldChild is a child whose bytes outlive the walk over its parent: small ones
// in memory, large ones in an unnamed temporary file.
type heldChild struct {
	reason   document.Reason // why there are no bytes
	damaged  document.Reason // why they are not all
	bytes    store.Original
	sum      store.Sum
	identity [sha256.Size]byte
}

func hold(c *document.Child) (*heldChild, error) {
	h := &heldChild{reason: c.Reason}
	if c.Content == nil {
		return h, nil
	}
	sum, who := sha256.New(), mail.NewIdentity()
	head := &bytes.Buffer{}
	content := &salvage{r: c.Content}
	r := io.TeeReader(content, io.MultiWriter(sum, who))
	n, err := io.Copy(head, io.LimitReader(r, inlineBytes+1))
	switch {
	case err != nil || n == 0 && content.err != nil:
		h.reason = reasonOf(errors.Join(err, content.err))
		return h, nil //nolint:nilerr // told as the member's reason
	case n <= inlineBytes:
		h.bytes = nopCloser{bytes.NewReader(head.Bytes())}
	default:
		if h.bytes, err = spoolFile("", "guidang-*", io.MultiReader(head, r)); err != nil {
			if _, ok := errors.AsType[*fs.PathError](err); ok {
				return h, err
			}
			h.bytes, h.reason = nil, reasonOf(err)
			return h, nil
		}
	}
	if content.err != nil {
		h.damaged = reasonOf(content.err)
	}
	h.sum = store.Sum(sum.Sum(nil))
	h.identity = who.Sum(h.sum)
	return h, nil
}
