package sandbox

import (
	"bytes"
	"context"
	"errors"
	"io"

	"guidang/extractors/document"
)

// wire is the visitor of one original that tells the parent of it.
type wire struct {
	s     *server
	in    *document.Input
	level int
	clock *clock
}

// newWire makes the visitor of an original, whose time begins now.
func (s *server) newWire(in *document.Input, level int) *wire {
	w := &wire{s: s, in: in, level: level, clock: newClock(limitOf(s.seconds, in.Size))}
	in.Left, in.Careful = w.clock.left, w.s.careful
	return w
}

// Format implements Visitor.
func (w *wire) Format(f *document.Format) error {
	return w.s.tell(frame(frameFormat, []byte(f.Name)...))
}

// Done implements Visitor.
func (w *wire) Done(_ context.Context, r *Result) error {
	if large(r) {
		return w.s.putResult(r)
	}
	e := &encoder{b: appendFrame(nil, frameDone)}
	if err := e.result(r); err != nil {
		return err
	}
	return w.s.put(closeFrame(e.b, 0))
}

// Child implements Visitor: it sends what was met and reads it if the parent
// wants that.
func (w *wire) Child(_ context.Context, c *document.Child) (*Next, error) {
	held, asks, err := w.s.sendChild(c)
	if err != nil || !asks {
		return nil, err
	}
	if w.s.ahead {
		return w.next(c, held, nil, int64(len(held))), nil
	}
	verdict, err := w.s.ask(nil, frameVerdict)
	switch {
	case err != nil:
		return nil, err
	case len(verdict) == 0:
		return nil, errFrame
	case verdict[0] == verdictSkip:
		return nil, nil
	}
	d := &decoder{b: verdict[1:]}
	handed, credit, size := d.int(), d.small(), d.int()
	if d.err != nil {
		return nil, d.err
	}
	w.s.credit = credit
	if handed == bytesOwn {
		return w.next(c, held, nil, int64(len(held))), nil
	}
	b, err := w.s.bytes(handed, nil, w.level+1)
	if err != nil {
		return nil, err
	}
	return w.next(c, nil, b, size), nil
}

// next is how a child is read that the parent wants: from the bytes that were
// held, or from others.
func (w *wire) next(c *document.Child, held []byte, other closable, size int64) *Next {
	in := &document.Input{Name: c.Name, Size: size, Bytes: bytes.NewReader(held), Depth: w.in.Depth + 1, Limits: w.in.Limits, Passwords: w.in.Passwords}
	inner := w.s.newWire(in, w.level+1)
	end := closers{leave{w.s, w.clock, inner.clock}}
	if other != nil {
		in.Bytes, end = other, closers{other, leave{w.s, w.clock, inner.clock}}
	}
	return &Next{Input: in, Visitor: inner, Close: end}
}

// leave tells that a child and all in it are done.
type leave struct {
	s            *server
	outer, inner *clock
}

func (l leave) Close() error {
	l.outer.pass(l.inner)
	return l.s.tell(frame(frameLeave))
}

type closers []io.Closer

func (c closers) Close() error {
	var errs []error
	for _, one := range c {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// sendChild sends a child with its bytes. asks says that the parent gives its
// verdict on it; held are the bytes if they are few enough to be kept.
func (s *server) sendChild(c *document.Child) (held []byte, asks bool, err error) {
	s.ahead = false
	e := &encoder{b: appendFrame(nil, frameChild)}
	if c.Content == nil {
		e.childHead(c, contentNone)
		return nil, false, s.put(closeFrame(e.b, 0))
	}
	var n int64
	if mem, ok := c.Content.(*bytes.Reader); ok && mem.Len() <= inlineBytes {
		held = make([]byte, mem.Len())
		_, err = io.ReadFull(mem, held)
		n = int64(len(held))
	} else {
		head := &bytes.Buffer{}
		n, err = io.Copy(head, io.LimitReader(c.Content, inlineBytes+1))
		held = head.Bytes()
	}
	switch {
	case err != nil:
		// What came out before the damage goes along: it may be worth reading.
		e.childHead(c, contentBroken)
		e.broken(err)
		e.bytes(held)
		return held, !c.Shown && len(held) > 0, s.put(closeFrame(e.b, 0))
	case n <= inlineBytes:
		s.ahead = s.credit > 0 && !c.Shown && n <= creditBytes
		if s.ahead {
			s.credit--
			e.childHead(c, contentAhead)
		} else {
			e.childHead(c, contentInline)
		}
		e.bytes(held)
		f := closeFrame(e.b, 0)
		if c.Shown {
			return nil, false, s.put(f)
		}
		return held, true, s.put(f) // goes out with the question
	}
	e.childHead(c, contentStream)
	if err := s.put(closeFrame(e.b, 0)); err != nil {
		return nil, false, err
	}
	return nil, !c.Shown, s.stream(io.MultiReader(bytes.NewReader(held), c.Content))
}

// stream sends a large child's bytes as they come.
func (s *server) stream(r io.Reader) error {
	buf := make([]byte, headerBytes+chunkBytes)
	for {
		n := headerBytes
		var err error
		for n < len(buf) && err == nil {
			var m int
			m, err = r.Read(buf[n:])
			n += m
		}
		if n > headerBytes {
			buf[0] = frameChunk
			if err := s.put(closeFrame(buf[:n], 0)); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return s.send(frame(frameLast))
		case err != nil:
			e := &encoder{b: appendFrame(nil, frameBroken)}
			e.broken(err)
			return s.send(closeFrame(e.b, 0))
		}
	}
}
