package packed

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"guidang/extractors/document"
)

// Tar reads tar archives: v7, ustar, pax and GNU, also with sparse files.
var Tar = document.Format{
	Name: "tar", Version: 1, Kind: document.KindArchive, MediaType: "application/x-tar",
	Detect: func(in *document.Input) bool {
		return isTar(in.Head()) || in.Ext() == ".tar" && in.Size >= 2*tarBlock && allZero(in.Head())
	},
	Read: readTar, Cut: cutTar, Open: openTar,
}

// tarWalk goes over a tar's entries.
type tarWalk struct {
	tape   *tape
	limits document.Limits
	budget *budget
	names  *nameCharset // nil: not known yet
	look   func() (*nameCharset, error)
	steps  *steps

	files, specials, unsafe int
	short, bad, more, ended bool
	over                    *failure // what stopped a stream
}

// walk calls fn for each file and each special entry, named and counted. The
// tape stands at the entry's bytes; fn may read them or not.
func (w *tarWalk) walk(ctx context.Context, fn func(*tarEntry) error) error {
	w.steps = newSteps(0)
	for {
		e, err := w.next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return w.stopped(ctx, err)
		}
		if !e.folder() {
			if w.files >= w.limits.Entries {
				w.more = true
				return nil
			}
			w.files++
			e.ordinal = w.files
			if e.special() {
				w.specials++
			}
			if w.tape.seek != nil && e.packed > w.tape.size-e.data {
				e.cut = true
			}
			if err := fn(e); err != nil {
				return err
			}
		}
		if err := w.skip(e.data + padded(e.packed)); err != nil {
			if errors.Is(err, io.EOF) {
				w.short = w.short && !w.lastWhole(e)
				return nil
			}
			return w.stopped(ctx, err)
		}
	}
}

// lastWhole says that only the padding behind an entry is missing. QUIRK: POSIX
// 1003.1 fills the last block; some writers do not.
func (w *tarWalk) lastWhole(e *tarEntry) bool { return w.tape.pos >= e.data+e.packed }

// stopped tells a stream that cannot be unpacked further from a fault that is
// not the archive's.
func (w *tarWalk) stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if named, ok := errors.AsType[*failure](err); ok {
		w.over = named
		return nil
	}
	return err
}

// name decodes an entry's name and makes it unique. It must be called for every
// entry, in order.
func (w *tarWalk) name(e *tarEntry) error {
	name := e.raw
	if !e.utf8 && unclear(name) {
		if w.names == nil {
			names, err := w.look()
			if err != nil {
				return err
			}
			w.names = names
		}
		name = w.names.decode(name)
	}
	e.name = tidy(name)
	if e.unsafe = leadsOut(name); e.unsafe {
		w.unsafe++
	}
	e.name = w.steps.take(strings.TrimSuffix(e.name, "/"))
	return nil
}

// leadsOut says whether a name points outside of the folder that it is unpacked
// to.
func leadsOut(name string) bool {
	name = strings.ReplaceAll(name, "\\", "/")
	return strings.HasPrefix(name, "/") || name == ".." || strings.HasPrefix(name, "../") || strings.Contains(name, "/../") || strings.HasSuffix(name, "/..")
}

// emit hands out an entry.
func (w *tarWalk) emit(e *tarEntry, emit func(*document.Child) error) error {
	if err := w.name(e); err != nil {
		return err
	}
	if emit == nil {
		return nil
	}
	return emit(w.child(e))
}

func (w *tarWalk) child(e *tarEntry) *document.Child {
	c := &document.Child{Step: e.name, Name: path.Base(e.name), Ordinal: e.ordinal, Size: e.size, Modified: e.modified}
	switch {
	case e.typ == 'M': // the rest of a file that began on another volume
		c.Reason = document.Truncated
		return c
	case e.special():
		c.Reason = document.Unsupported
		return c
	}
	if c.Reason = w.budget.refuses(max(e.size, 0), e.packed); c.Reason != "" {
		return c
	}
	if w.tape.seek != nil { // else the whole stream is counted in
		w.budget.in += e.packed
	}
	u := &unpacked{r: &io.LimitedReader{R: w.tape, N: e.packed}, budget: w.budget, size: e.size, why: streamWhy}
	if e.head != nil {
		u.r = &sparse{head: e.head, packed: u.r}
	}
	c.Content = u
	return c
}

// sparse reads a file with holes by archive/tar, which knows the four ways in
// which GNU tar has written their maps.
type sparse struct {
	head   []byte
	packed io.Reader
	r      *tar.Reader
}

// Read is io.Reader.
func (s *sparse) Read(p []byte) (int, error) {
	if s.r == nil {
		r := tar.NewReader(io.MultiReader(bytes.NewReader(s.head), s.packed))
		if _, err := r.Next(); err != nil {
			return 0, &failure{document.Corrupt, "the member's map of holes is damaged"}
		}
		s.r = r
	}
	return s.r.Read(p)
}

// find goes to the entry of that step.
func (w *tarWalk) find(ctx context.Context, step string) (*document.Child, error) {
	var found *document.Child
	stop := errors.New("found")
	err := w.walk(ctx, func(e *tarEntry) error {
		if err := w.name(e); err != nil {
			return err
		}
		if e.name == step {
			found = w.child(e)
			return stop
		}
		return nil
	})
	if errors.Is(err, stop) {
		err = nil
	}
	return found, err
}

// tarIndex lists a tar that lies in a file, without reading its members.
func tarIndex(ctx context.Context, in *document.Input) (*tarWalk, []*tarEntry, error) {
	raw, fault := bytesOf(ctx, in)
	r := io.NewSectionReader(raw, 0, in.Size)
	w := &tarWalk{tape: &tape{r: r, seek: r, size: in.Size}, limits: in.Limits.WithDefaults(), budget: newBudget(ctx, in.Limits)}
	var entries []*tarEntry
	w.names = &nameCharset{}
	err := w.walk(ctx, func(e *tarEntry) error {
		entries = append(entries, e)
		w.names.add(e.raw)
		return nil
	})
	if f := fault(); f != nil {
		err = f
	}
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		if err := w.name(e); err != nil {
			return nil, nil, err
		}
	}
	return w, entries, nil
}

// at makes the child of an entry of the index.
func (w *tarWalk) at(ctx context.Context, in *document.Input, e *tarEntry) *document.Child {
	raw, _ := bytesOf(ctx, in)
	r := io.NewSectionReader(raw, 0, in.Size)
	_, _ = r.Seek(e.data, io.SeekStart)
	one := *w
	one.tape = &tape{r: r, seek: r, size: in.Size, pos: e.data}
	return one.child(e)
}

func readTar(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	w, entries, err := tarIndex(ctx, in)
	if err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{}}
	w.tell(doc)
	if len(entries) == 0 && doc.Reason != "" {
		doc.Lose(document.None, doc.Reason, "no entry was found in it")
	}
	tellVolume(doc, in, false)
	to := in.Range.To
	if to == 0 {
		to = int64(len(entries))
	}
	for i, e := range entries {
		if emit == nil || int64(i) < in.Range.From || int64(i) >= to {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := emit(w.at(ctx, in, e)); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

// cutTar cuts by entry numbers, as cutZip does.
func cutTar(ctx context.Context, in *document.Input, per int) ([]document.Range, error) {
	_, entries, err := tarIndex(ctx, in)
	if err != nil || per <= 0 {
		return nil, err
	}
	var out []document.Range
	for from := 0; from < len(entries); from += per {
		out = append(out, document.Range{From: int64(from), To: int64(min(from+per, len(entries)))})
	}
	return out, nil
}

func openTar(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
	w, entries, err := tarIndex(ctx, in)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.name == step {
			return w.at(ctx, in, e), nil
		}
	}
	return nil, document.ErrNoChild
}
