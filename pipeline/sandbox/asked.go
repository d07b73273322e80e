package sandbox

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
)

// readAhead is what is asked for at once. Readers of mailboxes go forward in
// small steps, and an exchange costs 20 µs.
const readAhead = 256 << 10

// asked is an original of which the child has no descriptor: one kept in chunks,
// or one that lies in memory elsewhere. Every read is a question to the parent.
type asked struct {
	s      *server
	level  int
	closed atomic.Bool // a reader that outlives its original gets no other's bytes

	have atomic.Pointer[piece] // what was read last
}

type piece struct {
	at   int64
	data []byte
	end  bool // the original ends with it
}

// ReadAt implements io.ReaderAt.
func (a *asked) ReadAt(p []byte, off int64) (int, error) {
	done := 0
	for done < len(p) {
		at := off + int64(done)
		h := a.have.Load()
		if h == nil || at < h.at || at >= h.at+int64(len(h.data)) {
			if h != nil && h.end && at >= h.at+int64(len(h.data)) {
				return done, io.EOF
			}
			var err error
			if h, err = a.ask(at, max(len(p)-done, readAhead)); err != nil {
				// A bad place ahead is no harm to who does not go there.
				if h, err = a.ask(at, len(p)-done); err != nil {
					return done, err
				}
			}
			a.have.Store(h)
			if len(h.data) == 0 {
				return done, io.EOF
			}
		}
		done += copy(p[done:], h.data[at-h.at:])
	}
	return done, nil
}

func (a *asked) ask(at int64, n int) (*piece, error) {
	if a.closed.Load() {
		return nil, os.ErrClosed
	}
	e := &encoder{b: appendFrame(nil, frameAt)}
	e.int(int64(a.level))
	e.int(at)
	e.int(int64(min(n, inlineBytes)))
	answer, err := a.s.ask(closeFrame(e.b, 0), frameBytes)
	if err != nil {
		return nil, err
	}
	d := &decoder{b: answer}
	h := &piece{at: at, end: d.bool()}
	failed := d.text()
	h.data = d.bytes()
	switch {
	case d.err != nil:
		return nil, d.err
	case failed != "" && len(h.data) == 0:
		return nil, errors.New(failed[1:])
	}
	return h, nil
}

// Close implements io.Closer.
func (a *asked) Close() error {
	a.closed.Store(true)
	return nil
}
