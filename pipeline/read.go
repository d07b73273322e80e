package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/sandbox"
	"guidang/pipeline/store"
	"guidang/pipeline/terms"
)

const (
	// A child up to this size is read in memory together with its parent; a
	// larger one is stored and read by a job of its own.
	inlineBytes = 8 << 20

	topTerms = 12 // key terms kept of a document
)

// reading is one item on its way from bytes into the ledger, with everything
// found in it.
type reading struct {
	item      *ledger.Item // to set, or (ID 0) to add below its parent
	sum       store.Sum    // of its content: for a mail, of its canonical form
	own       store.Sum    // of its bytes
	hashed    bool
	size      int64
	kept      ledger.Kept
	format    *document.Format
	doc       *document.Document // nil: known already, or nothing reads it
	known     bool               // its content was read before
	twin      *reading           // the same bytes, found before in the same original
	passages  []index.Passage
	terms     []terms.Term
	tags      []string
	paper     *ledger.Paper    // what it is for, nil: nothing is said of it
	written   *minutes.Minutes // that the document is, nil if it is none
	children  []*reading
	same      []int64 // items in it that are what they were in its earlier state
	stamp     string  // what its container says of it without its bytes
	slices    []document.Range
	failed    document.Reason // its bytes could not be had
	damaged   document.Reason // they end early, or are not what its container says: what came out is read
	catalogue int             // of the readers that were asked
	set       *volumes        // the files that are read as one, while they are open
	leader    string          // of the set that this is a later volume of
	wakes     int64           // that file, which is to be read again
	strays    []int64         // volumes of its set that failed while it was not whole
	detail    string          // of failed or damaged
	moved     bool            // the file changed while it was read
}

// readItems reads a batch of items: the handler of read jobs. An item's own
// faults become its state; an error is the program's, the disk's or the
// database's.
func (a *Archive) readItems(ctx context.Context, ids []int64) error {
	if err := a.guard.Check(); err != nil {
		return a.diskFull(err)
	}
	batch := a.store.Batch(ctx)
	defer batch.Discard()
	var all []*reading
	for _, id := range ids {
		item, err := a.ledger.Item(ctx, id)
		if err != nil {
			return err
		}
		if !item.Todo {
			continue // done before a crash or by an earlier attempt
		}
		r := &reading{item: item, catalogue: a.catalogue()}
		if err := a.readItem(ctx, batch, r); err != nil {
			return fmt.Errorf("read %s: %w", item.Locator, a.diskFull(err))
		}
		all = append(all, r)
	}
	return a.keep(ctx, batch, all, nil)
}

// readItem reads one item that the ledger has, from wherever its bytes are.
func (a *Archive) readItem(ctx context.Context, batch store.Batch, r *reading) error {
	if r.item.Parent != 0 {
		return a.readNested(ctx, batch, r)
	}
	src, err := a.source(ctx, r.item.Source)
	if err != nil {
		return err
	}
	if err := quiet(ctx, r.item.Modified, a.settle); err != nil {
		return err
	}
	file, err := src.Open(ctx, r.item.Locator)
	if err != nil {
		r.failed, r.detail = document.IO, err.Error()
		return nil
	}
	defer file.Close()
	first := r.item.Content == 0
	moved, err := settled(r.item, file)
	if err != nil {
		r.failed, r.detail = document.IO, err.Error()
		return nil
	}
	if first && moved { // since the walk, a moment ago
		r.moved = true
		return nil
	}
	if r.set, err = a.set(ctx, src, r.item); err != nil {
		return err
	}
	whole := io.ReaderAt(file)
	if r.size = r.item.Size; r.set != nil {
		defer r.set.Close()
		whole, r.size = r.set, r.set.size
		if r.strays, err = a.strays(ctx, r); err != nil {
			return err
		}
	} else if later, err := a.laterVolume(ctx, src, r); later || err != nil {
		return err
	}
	bytes, err := a.take(ctx, batch, r, whole)
	if err != nil || r.failed != "" {
		return err
	}
	defer bytes.Close()
	if r.moved, err = settled(r.item, file); err != nil || r.moved {
		return err
	}
	if r.set != nil && r.set.moved() {
		r.moved = true
		return nil
	}
	return a.readContent(ctx, batch, r, bytes, 0)
}

// quiet waits until a file that was written a moment ago had time to settle.
func quiet(ctx context.Context, modified time.Time, settle time.Duration) error {
	wait := settle - time.Since(modified)
	if wait <= 0 || wait > settle { // long ago, or a clock that runs ahead
		return nil
	}
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// settled compares an open file with what is known of it, which it brings up
// to date; moved says that they differed.
func settled(i *ledger.Item, f interface{ Stat() (os.FileInfo, error) }) (moved bool, err error) {
	now, err := f.Stat()
	if err != nil {
		return false, err
	}
	moved = now.Size() != i.Size || !now.ModTime().Equal(i.Modified)
	i.Size, i.Modified = now.Size(), now.ModTime()
	return moved, nil
}

// take hashes a file and keeps its bytes: copied into the store, or where they
// are. It returns bytes that can be read at any place.
func (a *Archive) take(ctx context.Context, batch store.Batch, r *reading, file io.ReaderAt) (store.Original, error) {
	whole := io.NewSectionReader(file, 0, r.size)
	// A set is kept as one original: there is no one file that it could refer to.
	if r.set == nil && a.references(r.item) {
		r.kept = ledger.Reference
		if err := r.hash(&contextReader{ctx, whole}); err != nil {
			return nil, a.unread(ctx, r, err)
		}
		return nopCloser{whole}, nil
	}
	r.kept = ledger.Copied
	if r.size <= inlineBytes {
		data := make([]byte, r.size)
		if _, err := io.ReadFull(whole, data); err != nil {
			return nil, a.unread(ctx, r, err)
		}
		if err := r.hash(bytes.NewReader(data)); err != nil {
			return nil, err
		}
		if _, err := batch.Put(ctx, bytes.NewReader(data), r.size); err != nil {
			return nil, err
		}
		return nopCloser{bytes.NewReader(data)}, nil
	}
	who := mail.NewIdentity()
	info, err := batch.Put(ctx, io.TeeReader(&contextReader{ctx, whole}, who), r.size)
	if err != nil {
		if storeFault(err) {
			return nil, err
		}
		return nil, a.unread(ctx, r, err)
	}
	r.identify(info.Sum, who)
	return a.store.Open(ctx, info.Sum)
}

// storeFault says whether an error is the store's and not the item's: a disk
// that is full or read-only must not quarantine every item.
func storeFault(err error) bool {
	return errors.Is(err, store.ErrDiskFull) || errors.Is(err, store.ErrWrite)
}

// unread records that an item's bytes could not be had, unless the run ends.
func (a *Archive) unread(ctx context.Context, r *reading, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.failed, r.detail = document.IO, err.Error()
	return nil
}

// readContent has hashed bytes read, with everything that lies in them. What
// the ledger has read before with the same reader is not read again.
func (a *Archive) readContent(ctx context.Context, batch store.Batch, r *reading, data io.ReaderAt, depth int) error {
	have, err := a.have(ctx, r)
	if err != nil || r.isKnown(have) {
		return err
	}
	if have != nil && have.Canonical == r.item.ID {
		if damaged, told := damageOf(have); told {
			r.damaged = damaged
		}
	}
	req := &sandbox.Request{Input: a.input(r, data, depth)}
	if have != nil && r.item.Reason == changed && r.item.Content == have.ID && have.Then != "" {
		req.Known = have.Fingerprint // touched or copied over itself: the bytes are the same
	}
	if r.item.ID != 0 {
		req.CutOver, req.PerSlice = cutBytes, childrenOf(req.Input.Size)
	}
	v := &visit{a: a, batch: batch, r: r, depth: depth}
	if r.item.Reason == changed && r.item.Content != 0 {
		if err := v.know(ctx, req.Input); err != nil {
			return err
		}
	}
	return a.reader.Read(ctx, req, v.begin)
}

// have is what the ledger knows of a reading's bytes, nil if nothing.
func (a *Archive) have(ctx context.Context, r *reading) (*ledger.Content, error) {
	have, err := a.ledger.BySum(ctx, r.sum)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, nil
	}
	return have, err
}

// isKnown says whether another item stands for the bytes already.
func (r *reading) isKnown(have *ledger.Content) bool {
	r.known = have != nil && have.Then != "" && have.Canonical != r.item.ID
	return r.known
}

// understand derives what search needs from a document: passages, key terms,
// tags.
func (r *reading) understand(a *Archive) {
	r.passages = index.Cut(r.doc)
	text := terms.TextOf(r.doc)
	r.terms = terms.Extract(text, a.termOptions())
	r.tags = terms.Tags(text, r.doc.Kind, a.rules)
	var err error
	if r.paper, err = paperOf(r.doc, r.item.Name, r.item.Locator); err != nil {
		a.log.Warn("type of a document", "error", err) // what was read is kept; the end of the run tries again
	}
	r.written = writtenMinutes(r.doc, a.calendar)
}

// takeChild takes what lay inside an item: hashed, and stored if it is large.
// data are the bytes that are to be read at once; nil if there are none.
func (a *Archive) takeChild(ctx context.Context, batch store.Batch, parent *ledger.Item, c *document.Child) (_ *reading, data *bytes.Reader, err error) {
	r := &reading{kept: ledger.Inside, catalogue: a.catalogue(), stamp: c.Stamp, item: &ledger.Item{
		Source: parent.Source, Locator: document.JoinLocator(parent.Locator, c.Step), Version: parent.Version,
		Ordinal: c.Ordinal, Name: c.Name, Size: max(c.Size, 0), Modified: c.Modified, Shown: c.Shown,
	}}
	if c.Content == nil {
		r.failed = c.Reason
		return r, nil, nil
	}
	if mem, ok := c.Content.(*bytes.Reader); ok && mem.Size() <= inlineBytes {
		return r, mem, r.hashChild(mem)
	}
	head, content := &bytes.Buffer{}, &salvage{r: c.Content}
	n, err := io.Copy(head, io.LimitReader(content, inlineBytes+1))
	if err != nil || content.err != nil && (n == 0 || c.Shown) {
		return r, nil, a.unreadChild(ctx, r, errors.Join(err, content.err))
	}
	if n <= inlineBytes {
		mem := bytes.NewReader(head.Bytes())
		r.damage(content.err)
		return r, mem, r.hashChild(mem)
	}
	who := mail.NewIdentity()
	info, err := batch.Put(ctx, io.TeeReader(io.MultiReader(head, content), who), -1)
	if err != nil {
		if storeFault(err) {
			return r, nil, err
		}
		return r, nil, a.unreadChild(ctx, r, err)
	}
	r.damage(content.err)
	r.identify(info.Sum, who)
	r.size, r.kept = info.Size, ledger.Copied
	r.item.Size, r.item.Todo = info.Size, !c.Shown
	return r, nil, nil
}

// hash takes the sums of a reading's bytes.
func (r *reading) hash(data io.Reader) error {
	h, who := sha256.New(), mail.NewIdentity()
	if _, err := io.Copy(io.MultiWriter(h, who), data); err != nil {
		return err
	}
	r.identify(store.Sum(h.Sum(nil)), who)
	return nil
}

// hashChild does it for bytes in memory, in one piece each.
func (r *reading) hashChild(data *bytes.Reader) error {
	if err := r.hash(data); err != nil {
		return err
	}
	r.size = data.Size()
	r.item.Size = r.size
	return nil
}

// identify sets what a reading's bytes are: their own sum, the content that they
// are a copy of, and what their mailbox says of them.
func (r *reading) identify(own store.Sum, who *mail.Identity) {
	r.own, r.sum, r.hashed = own, who.Sum(own), true
	r.item.Bytes = ledger.Sum{}
	if r.own != r.sum {
		r.item.Bytes = r.own
	}
	if !who.Mail() {
		return // its reader tells, if it is read
	}
	marks := who.Marks()
	marks.MarkedByPlace(r.item.Locator)
	r.item.Marks = marked(marks)
}

// marked writes marks as an item has them.
func marked(m mail.Marks) string {
	if m.Empty() {
		return ""
	}
	text, err := json.Marshal(m)
	if err != nil {
		return "" // strings always can
	}
	return string(text)
}

// readNested reads an item that lies in another one: a large member, or one
// that is tried again.
func (a *Archive) readNested(ctx context.Context, batch store.Batch, r *reading) error {
	data, err := a.openItem(ctx, r.item)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.failed, r.detail = ioOr(err), err.Error()
		return nil
	}
	defer data.Close()
	r.kept = ledger.Inside
	if out, ok := data.(*inner); ok {
		r.damage(out.damage)
	}
	if r.item.Content != 0 {
		c, err := a.ledger.Content(ctx, r.item.Content)
		if err != nil {
			return err
		}
		r.sum, r.own, r.size, r.hashed, r.kept = c.Sum, r.item.OwnSum(c), data.Size(), true, c.Kept
	} else {
		r.size = data.Size()
		r.item.Size = r.size
		if err := r.hash(&contextReader{ctx, io.NewSectionReader(data, 0, data.Size())}); err != nil {
			return a.unread(ctx, r, err)
		}
	}
	return a.readContent(ctx, batch, r, data, depthOf(r.item.Locator))
}

// keep makes what was read durable: originals first, then derived results,
// then the ledger. A crash in between leaves files that nobody names, never an
// entry without its file.
func (a *Archive) keep(ctx context.Context, batch store.Batch, all []*reading, slice *ledger.Slice) error {
	if err := batch.Commit(ctx); err != nil {
		return a.diskFull(err)
	}
	derived := a.derived.Pack()
	for _, r := range all {
		if err := errors.Join(ctx.Err(), r.derive(slice != nil, derived)); err != nil {
			return err
		}
	}
	if err := a.derived.PutPacked(ctx, derived); err != nil {
		return a.diskFull(err)
	}
	return a.commit(ctx, all, slice)
}

// derive collects what is kept beside the ledger of a reading and its children.
func (r *reading) derive(childrenOnly bool, to *store.Packed) error {
	if r.doc != nil && r.hashed && r.format != nil && !childrenOnly {
		data, err := json.Marshal(r.doc)
		if err == nil {
			err = to.Result(store.Result{Sum: r.sum, Fingerprint: fingerprint(r.format), Data: data})
		}
		if err == nil {
			err = to.Passages(document.ID(r.sum), len(r.passages), func(n int) string { return encodePassage(r.passages[n]) })
		}
		if err == nil && r.written != nil {
			if data, err = json.Marshal(r.written); err == nil {
				err = to.Result(store.Result{Sum: r.sum, Fingerprint: minutes.ImportFingerprint(), Data: data})
			}
		}
		if err != nil {
			return err
		}
	}
	for _, c := range r.children {
		if err := c.derive(false, to); err != nil {
			return err
		}
	}
	return nil
}

// fingerprint names what made a document: reader and version.
func fingerprint(f *document.Format) string { return sandbox.Fingerprint(f) }

func encodePassages(in []index.Passage) []string {
	out := make([]string, len(in))
	for n, p := range in {
		out[n] = encodePassage(p)
	}
	return out
}
