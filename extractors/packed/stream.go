package packed

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"guidang/extractors/document"
)

// codec is a way to pack one stream of bytes, without names or folders.
type codec struct {
	name, mediaType string
	version         int
	magic           func(head []byte) bool

	// suffixes are what a packed file's name ends in, and what is left in their
	// place: ".tgz" leaves ".tar".
	suffixes [][2]string

	// open begins to unpack; what comes is read no further than need be.
	open func(r *bufio.Reader) (*opened, error)
	// why names the decoder's errors.
	why func(error) error
}

// opened is a stream that is being unpacked.
type opened struct {
	r        io.Reader
	close    func()
	name     string // as the file states it, decoded
	modified time.Time
}

// streamStep is the only step of a packed stream that is no tar. A stated name
// does not stand in it: it may be a whole path, or missing.
const streamStep = "content"

// format makes the codec a format. A tar within a packed stream is read in the
// same step: its members are the children, so that a tarball of 4 GB is neither
// stored twice nor unpacked to a temporary file.
func (c codec) format() document.Format {
	return document.Format{
		Name: c.name, Version: c.version, Kind: document.KindArchive, MediaType: c.mediaType,
		Detect: func(in *document.Input) bool { return c.magic(in.Head()) },
		Read:   c.read,
		Open:   c.openStep,
	}
}

// stream is a packed file on its way out.
type stream struct {
	*opened
	unpacked *bufio.Reader
	tar      bool
	fault    func() error
}

// start begins to unpack and looks whether a tar is inside. A document is given
// when nothing can be unpacked.
func (c codec) start(ctx context.Context, in *document.Input, b *budget) (*stream, *document.Document, error) {
	raw, fault := bytesOf(ctx, in)
	var o *opened
	err := guarded(func() (err error) {
		o, err = c.open(bufio.NewReaderSize(io.NewSectionReader(raw, 0, in.Size), 64<<10))
		return err
	})
	if err != nil {
		if f := fault(); f != nil {
			return nil, nil, f
		}
		named, ok := errors.AsType[*failure](c.why(err))
		if !ok {
			named = &failure{document.Corrupt, "its header is damaged"}
		}
		return nil, document.Unreadable(document.KindArchive, named.reason, named.detail), nil
	}
	b.in = in.Size
	s := &stream{opened: o, fault: fault}
	s.unpacked = bufio.NewReaderSize(&unpacked{r: o.r, budget: b, size: -1, why: c.why}, 64<<10)
	block, _ := s.unpacked.Peek(tarBlock)
	s.tar = isTar(block)
	return s, nil, nil
}

func (c codec) read(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, doc, err := c.start(ctx, in, newBudget(ctx, in.Limits))
	if s == nil {
		if doc != nil {
			tellVolume(doc, in, false)
		}
		return doc, err
	}
	defer s.finish()
	doc = &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{"entries": "1"}}
	if s.tar {
		if err := c.readTar(ctx, in, s, doc, emit); err != nil {
			return nil, err
		}
		tellVolume(doc, in, false)
		return doc, nil
	}
	if volumeNumber(in.Name) == 1 {
		doc.Warn("volume", alone) // whether it is cut off, its content tells
	}
	if emit == nil {
		return doc, nil
	}
	if err := emit(c.child(in, s)); err != nil {
		return nil, err
	}
	return doc, s.fault()
}

func (c codec) child(in *document.Input, s *stream) *document.Child {
	return &document.Child{Step: streamStep, Name: c.childName(s.name, in.Name), Ordinal: 1, Size: -1, Modified: s.modified, Content: s.unpacked}
}

// readTar reads the members of a tar within. Its names are decoded together, as
// a zip's are, so the first one that is not UTF-8 costs a pass over all of them.
func (c codec) readTar(ctx context.Context, in *document.Input, s *stream, doc *document.Document, emit func(*document.Child) error) error {
	w := &tarWalk{tape: &tape{r: s.unpacked}, limits: in.Limits.WithDefaults()}
	w.look = func() (*nameCharset, error) { return c.tarNames(ctx, in) }
	w.budget = newBudget(ctx, in.Limits)
	w.budget.in = in.Size
	err := w.walk(ctx, func(e *tarEntry) error { return w.emit(e, emit) })
	if f := s.fault(); f != nil {
		return f
	}
	if err != nil {
		return err
	}
	doc.Fields["holds"] = "tar"
	w.tell(doc)
	return nil
}

// tarNames passes over a tar's headers for all of its names.
func (c codec) tarNames(ctx context.Context, in *document.Input) (*nameCharset, error) {
	names := &nameCharset{}
	s, _, err := c.start(ctx, in, newBudget(ctx, in.Limits))
	if s == nil {
		return names, err
	}
	defer s.finish()
	w := &tarWalk{tape: &tape{r: s.unpacked}, limits: in.Limits.WithDefaults()}
	err = w.walk(ctx, func(e *tarEntry) error {
		names.add(e.raw)
		return nil
	})
	return names, err
}

// openStep reaches a member by unpacking up to it.
func (c codec) openStep(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
	s, _, err := c.start(ctx, in, newBudget(ctx, in.Limits))
	if s == nil {
		if err == nil {
			err = document.ErrNoChild
		}
		return nil, err
	}
	if s.tar {
		w := &tarWalk{tape: &tape{r: s.unpacked}, limits: in.Limits.WithDefaults(), budget: newBudget(ctx, in.Limits)}
		w.look = func() (*nameCharset, error) { return c.tarNames(ctx, in) }
		found, err := w.find(ctx, step)
		if f := s.fault(); f != nil {
			err = f
		}
		if found != nil || err != nil || step != streamStep {
			if found == nil && err == nil {
				err = document.ErrNoChild
			}
			return found, err
		}
		// Version 1 gave a tarball's tar as the only child, and ledgers of that time
		// name it so.
		s.finish()
		if s, _, err = c.start(ctx, in, newBudget(ctx, in.Limits)); s == nil {
			return nil, err
		}
	}
	if step != streamStep {
		return nil, document.ErrNoChild
	}
	return c.child(in, s), nil
}

func (s *stream) finish() {
	if s.close != nil {
		s.close()
	}
}

// childName is the stated name, or the file's own without what says that it is
// packed.
func (c codec) childName(stated, own string) string {
	if stated != "" {
		return stated
	}
	lower := strings.ToLower(own)
	for _, s := range c.suffixes {
		if strings.HasSuffix(lower, s[0]) && len(own) > len(s[0]) {
			return own[:len(own)-len(s[0])] + s[1]
		}
	}
	return own
}

// streamWhy names an error that has no reason yet: what ends early is
// truncated, what does not fit is corrupt.
func streamWhy(err error) error {
	var named *failure
	switch {
	case errors.As(err, &named):
		return named
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &failure{document.Truncated, "the file is cut off"}
	}
	return &failure{document.Corrupt, "the file cannot be unpacked to its end"}
}
