package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"guidang/extractors/document"
)

// child deals with what lay in an original: gives it to the visitor, and tells
// the child process what to do with it.
func (k *talk) child(ctx context.Context, d *decoder) error {
	l := k.top()
	limits := k.req.Input.Limits.WithDefaults()
	if len(k.stack) > limits.Depth+2 { // the reader stops at one more than the limit
		return fmt.Errorf("%w: containers %d deep", errBreach, len(k.stack))
	}
	if l.children++; l.children > limits.Entries {
		return fmt.Errorf("%w: more than %d children", errBreach, limits.Entries)
	}
	c, rest, ahead, err := k.content(d)
	if err != nil {
		return err
	}
	broken, _ := c.Content.(*failing)
	asks := c.Content != nil && !c.Shown && (broken == nil || broken.some)
	inline := rest == nil
	next, err := l.v.Child(ctx, c)
	if rest != nil {
		err = errors.Join(err, rest.drain())
	}
	if err != nil {
		return errors.Join(err, closeNext(next))
	}
	if !asks {
		return closeNext(next)
	}
	if next == nil {
		k.credit = 0
	}
	if ahead {
		if next == nil { // what it reads is for nobody
			in := &document.Input{Bytes: bytes.NewReader(nil)}
			next = &Next{Input: in, Visitor: deaf{}}
		}
		k.push(&level{path: document.JoinLocator(l.path, c.Step), in: next.Input, v: next.Visitor, close: next.Close})
		return nil
	}
	if next == nil {
		return k.write(frame(frameVerdict, verdictSkip))
	}
	path := document.JoinLocator(l.path, c.Step)
	if dead := k.trial.dead[path]; dead != nil {
		err := next.Visitor.Done(ctx, &Result{Format: dead.format, Document: lost(dead.format, dead, 0)})
		if err = errors.Join(err, closeNext(next)); err != nil {
			return err
		}
		return k.write(frame(frameVerdict, verdictSkip))
	}
	k.push(&level{path: path, in: next.Input, v: next.Visitor, close: next.Close})
	return k.verdict(inline)
}

// deaf is a visitor that wants to know nothing.
type deaf struct{}

func (deaf) Format(*document.Format) error                         { return nil }
func (deaf) Child(context.Context, *document.Child) (*Next, error) { return nil, nil }
func (deaf) Done(context.Context, *Result) error                   { return nil }

func closeNext(n *Next) error {
	if n == nil || n.Close == nil {
		return nil
	}
	return n.Close.Close()
}

// verdict has the child read what it has just sent.
func (k *talk) verdict(inline bool) error {
	in := k.top().in
	if k.credit = min(max(2*k.credit, firstCredit), maxCredit); k.trial.careful {
		k.credit = 0
	}
	answer := func(handed int64) []byte {
		e := &encoder{b: append(appendFrame(nil, frameVerdict), verdictRead)}
		e.int(handed)
		e.int(int64(k.credit))
		e.int(in.Size)
		return closeFrame(e.b, 0)
	}
	if inline {
		return k.write(answer(bytesOwn))
	}
	if f, ok := in.Bytes.(syscall.Conn); ok && passesFiles {
		return k.writeWith(answer(bytesFile), f)
	}
	return k.write(answer(bytesAsked))
}

// content makes a child of its frame. rest is set when more frames bring its
// bytes; ahead, when it is being read already.
func (k *talk) content(d *decoder) (c *document.Child, rest *stream, ahead bool, err error) {
	c, how := d.childHead()
	switch how {
	case contentNone:
	case contentAhead, contentInline:
		data := d.bytes()
		if k.left -= int64(len(data)); k.left < 0 {
			return nil, nil, false, errBreach
		}
		c.Content = bytes.NewReader(data)
	case contentBroken:
		err := d.broken()
		data := d.bytes()
		if k.left -= int64(len(data)); k.left < 0 {
			return nil, nil, false, errBreach
		}
		c.Content = &failing{Reader: bytes.NewReader(data), err: err, some: len(data) > 0}
	case contentStream:
		s := &stream{k: k}
		c.Content = s
		return c, s, false, d.err
	default:
		return nil, nil, false, errFrame
	}
	return c, nil, how == contentAhead, d.err
}

// failing is a child whose bytes end in an error.
type failing struct {
	*bytes.Reader

	err  error
	some bool // there are bytes before it
}

// Read implements io.Reader.
func (f *failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = f.err
	}
	return n, err
}

// WriteTo implements io.WriterTo, which bytes.Reader would do without the error.
func (f *failing) WriteTo(w io.Writer) (int64, error) {
	n, err := f.Reader.WriteTo(w)
	return n, errors.Join(err, f.err)
}

// stream is the bytes of a large child, as they come.
type stream struct {
	k    *talk
	have []byte
	err  error
}

// Read implements io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	for len(s.have) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.next()
	}
	n := copy(p, s.have)
	s.have = s.have[n:]
	return n, nil
}

func (s *stream) next() {
	kind, payload, err := s.k.frame()
	d := &decoder{b: payload}
	switch {
	case err != nil:
		s.err = err
	case kind == frameChunk:
		s.have = payload
		if s.k.left -= int64(len(payload)); s.k.left < 0 || len(payload) == 0 {
			s.err = errBreach
			s.have = nil
		}
	case kind == frameLast:
		s.err = io.EOF
	case kind == frameBroken:
		s.err = d.broken()
	case kind == frameAt: // its container is not at hand in the child
		s.err = s.k.read(d)
	default:
		s.err = errFrame
	}
}

// drain reads what the visitor did not want. What is broken in the bytes is the
// visitor's to know; what is broken between parent and child is ours.
func (s *stream) drain() error {
	s.have = nil
	for s.err == nil {
		s.next()
		s.have = nil
	}
	var lost *lineError
	if errors.Is(s.err, errBreach) || errors.Is(s.err, errFrame) || errors.As(s.err, &lost) {
		return s.err
	}
	return nil
}

// lost says that a child is no more, or is about to be.
func (c *child) lost() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dead || c.ended()
}
