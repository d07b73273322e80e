package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"syscall"

	"guidang/extractors/document"
)

// talk is one request and the answers to it.
type talk struct {
	p     *Pool
	c     *child
	req   *Request
	trial *trial
	take  func(*document.Child) error
	stack []*level // what is being read, outermost first
	left  int64    // bytes that may still come

	credit int // that was granted last

	// Of the answers to a child that reads: a mailbox is asked for in pieces, and new
	// memory for each was a sixth of all that reading mails takes.
	piece, answered []byte
}

// mostBytes is what a child that keeps to its limits can send at most: each of
// the containers that lie around what is read at the end of its budget may still
// be unpacked.
func mostBytes(l document.Limits) int64 {
	if n := int64(l.Depth + 2); l.Expanded < math.MaxInt64/n {
		return l.Expanded * n
	}
	return math.MaxInt64
}

// level is an original that is being read.
type level struct {
	spending
	path     string
	in       *document.Input
	v        Visitor
	close    io.Closer
	format   *document.Format
	done     bool
	children int
}

// errBreach says that a child does not keep to the rules: it is killed and
// counts as crashed.
var errBreach = errors.New("its reader sent what it may not send")

func (k *talk) run(ctx context.Context, kind byte, step string, v Visitor) error {
	defer k.c.turn(nil)
	defer k.leaveAll()
	k.c.begin()
	k.push(&level{in: k.req.Input, v: v})
	err := k.hand(kind, step)
	for over := false; err == nil; {
		var f byte
		var payload []byte
		if f, payload, err = k.frame(); err == nil {
			over, err = k.answer(ctx, f, payload)
		}
		if over {
			return err
		}
	}
	var line *lineError
	switch {
	case errors.Is(err, errBreach), errors.Is(err, errCodec), errors.Is(err, errFrame):
		k.p.o.Log.Warn("a reader broke the rules", "item", k.req.Input.Name, "error", err)
		k.c.kill(document.Crash)
		return k.death(err.Error())
	case errors.As(err, &line), k.c.lost():
		return k.death("")
	}
	k.c.kill("") // it waits for an answer that will not come
	return err
}

func (k *talk) push(l *level) {
	l.limit = limitOf(k.p.o.Seconds, l.in.Size)
	k.stack = append(k.stack, l)
	k.c.items++
}

func (k *talk) top() *level { return k.stack[len(k.stack)-1] }

func (k *talk) pop() error {
	l := k.top()
	k.stack = k.stack[:len(k.stack)-1]
	if l.close != nil {
		return l.close.Close()
	}
	return nil
}

// leaveAll closes what a broken request left open.
func (k *talk) leaveAll() {
	for _, l := range k.stack {
		if l.close != nil {
			_ = l.close.Close()
		}
	}
}

// frame waits for the child's next frame; that is the child's time.
func (k *talk) frame() (byte, []byte, error) {
	if k.c.r.Buffered() < headerBytes {
		k.c.turn(&k.spender().spending)
		defer k.c.turn(nil)
	}
	kind, payload, err := readFrame(k.c.r, 2*k.req.Input.Limits.WithDefaults().TextBytes+4*inlineBytes)
	if err != nil && !errors.Is(err, errFrame) {
		err = &lineError{k.c, err}
	}
	return kind, payload, err
}

// write sends a frame to the child.
func (k *talk) write(f []byte) error {
	if _, err := k.c.link.Write(f); err != nil {
		return &lineError{k.c, err}
	}
	return nil
}

// writeWith sends a frame with an open file.
func (k *talk) writeWith(f []byte, file syscall.Conn) error {
	if err := k.c.link.sendWith(f, file); err != nil {
		return &lineError{k.c, err}
	}
	return nil
}

// lineError says that the line to a child is broken: the child is no more.
type lineError struct {
	c   *child
	err error
}

// Error implements error.
func (e *lineError) Error() string { return "its reader was stopped: " + e.err.Error() }

// Unwrap gives the cause.
func (e *lineError) Unwrap() error { return e.err }

// Reason is why the bytes that the child was sending end.
func (e *lineError) Reason() document.Reason { return e.c.reason() }

func (k *talk) spender() *level {
	if len(k.stack) == 0 {
		return &level{spending: spending{limit: startTime}}
	}
	return k.top()
}

// death is what became of the child; breach is what it did, if it did not die
// by itself.
func (k *talk) death(breach string) error {
	d := &death{}
	if d.reason, d.foreign, d.detail = k.c.autopsy(); breach != "" {
		d.detail, d.foreign = breach, false
	}
	if len(k.stack) > 0 {
		d.path, d.format = k.top().path, k.top().format
	}
	return d
}

// giveUp tells the visitors of the last attempt what could not be read.
func (k *talk) giveUp(ctx context.Context, d *death) error {
	for _, l := range slices.Backward(k.stack) {
		if l.done {
			continue
		}
		if err := l.v.Done(ctx, &Result{Format: l.format, Document: lost(l.format, d, l.children)}); err != nil {
			return err
		}
	}
	return nil
}

// hand sends the request with the original's bytes, in the cheapest way there
// is: in the frame while they are in memory, else an open descriptor, else by
// asking for them.
func (k *talk) hand(kind byte, step string) error {
	e := &encoder{b: appendFrame(nil, kind)}
	in := k.req.Input
	if mem, ok := in.Bytes.(*bytes.Reader); ok && mem.Size() <= inlineBytes {
		data := make([]byte, mem.Size())
		if _, err := mem.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		e.request(k.req, step, bytesInline, data)
		return k.write(closeFrame(e.b, 0))
	}
	if f, ok := in.Bytes.(syscall.Conn); ok && passesFiles {
		e.request(k.req, step, bytesFile, nil)
		return k.writeWith(closeFrame(e.b, 0), f)
	}
	e.request(k.req, step, bytesAsked, nil)
	return k.write(closeFrame(e.b, 0))
}

// answer deals with one frame. over: the request is done.
func (k *talk) answer(ctx context.Context, kind byte, payload []byte) (over bool, err error) {
	d := &decoder{b: payload}
	if len(k.stack) == 0 {
		if kind != frameEnd || len(payload) != 1 {
			return false, errFrame
		}
		k.ended(payload)
		return true, nil
	}
	switch kind {
	case frameAt:
		return false, k.read(d)
	case frameWarm:
		ready := byte(0)
		warm, err := k.p.warm(ctx, k.trial.careful)
		if err != nil {
			return false, err
		}
		if warm {
			ready = 1
		}
		return false, k.write(frame(frameWarmed, ready))
	}
	if k.take != nil {
		return k.opened(kind, d)
	}
	l := k.top()
	switch kind {
	case frameFormat:
		if l.format = k.p.byName(string(payload)); l.format == nil || l.done {
			return false, errFrame
		}
		if l.format.Name == warmFormat {
			k.c.engine.Store(true)
		}
		return false, l.v.Format(l.format)
	case frameChild:
		return false, k.child(ctx, d)
	case frameDone:
		r, err := d.result(k.p.byName)
		if err == nil {
			err = k.check(r)
		}
		if l.done {
			err = errFrame
		}
		if err != nil {
			return false, err
		}
		l.done, l.format = true, r.Format
		return false, l.v.Done(ctx, r)
	case frameLeave:
		if !l.done {
			return false, errFrame
		}
		return false, k.pop()
	}
	return false, errFrame
}

// opened deals with the one frame that answers a request to open, and with the
// end of the request.
func (k *talk) opened(kind byte, d *decoder) (over bool, err error) {
	var outcome error
	switch kind {
	case frameNone:
		outcome = document.ErrNoChild
	case frameFault:
		outcome = errors.New(string(d.b))
	case frameChild:
		c, rest, _, err := k.content(d)
		if err != nil {
			return false, err
		}
		outcome = k.take(c)
		if rest != nil {
			if err := rest.drain(); err != nil {
				return false, err
			}
		}
	default:
		return false, errFrame
	}
	kind, payload, err := k.frame()
	if err != nil {
		return false, err
	}
	if kind != frameEnd || len(payload) != 1 {
		return false, errFrame
	}
	k.ended(payload)
	return true, outcome
}

// ended takes the child's word that it should be replaced.
func (k *talk) ended(payload []byte) {
	if payload[0] == 1 {
		k.c.retire.Store(true)
	}
}

// check enforces the budgets of a document.
func (k *talk) check(r *Result) error {
	if r.Document == nil {
		return nil
	}
	limit, total := k.req.Input.Limits.WithDefaults().TextBytes, int64(0)
	for i := range r.Document.Sections {
		total += int64(len(r.Document.Sections[i].Text))
	}
	if total > limit {
		return fmt.Errorf("%w: %d bytes of text, %d are allowed", errBreach, total, limit)
	}
	return nil
}

// read serves bytes of an original to the child.
func (k *talk) read(d *decoder) error {
	n, at, size := d.int(), d.int(), d.int()
	if d.err != nil || n < 0 || n >= int64(len(k.stack)) || at < 0 || size < 0 || size > inlineBytes {
		return errFrame
	}
	in := k.stack[n].in
	piece := max(min(size, in.Size-at), 0)
	k.piece = slices.Grow(k.piece[:0], int(piece))
	buf := k.piece[:piece]
	var got int
	var err error
	if len(buf) > 0 {
		got, err = in.Bytes.ReadAt(buf, at)
	}
	e := &encoder{b: appendFrame(k.answered[:0], frameBytes)}
	e.bool(at+int64(got) >= in.Size || errors.Is(err, io.EOF))
	if err != nil && !errors.Is(err, io.EOF) {
		e.text("!" + err.Error())
	} else {
		e.text("")
	}
	e.bytes(buf[:got])
	k.answered = closeFrame(e.b, 0)
	return k.write(k.answered)
}
