package mail

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"guidang/extractors/document"
)

// large makes a mail that is read where it lies. Its quoting is undone on the way,
// so that it has the bytes that a small one would have.
func (s *scanner) large(c *document.Child, at, end int64) {
	head := make([]byte, min(end-at, maxSubject*64))
	n, _ := s.r.ReadAt(head, at)
	head = head[:n]
	skip := envelope(head)
	tail := make([]byte, min(end-at, behind))
	n, _ = s.r.ReadAt(tail, end-int64(len(tail)))
	end -= int64(n - len(withoutLast(tail[:n])))
	c.Content = &unquoter{r: bufio.NewReaderSize(io.NewSectionReader(s.r, at+int64(skip), end-at-int64(skip)), 64<<10), start: true}
	name(c, head[skip:])
	c.Modified = arrived(head[:skip])
}

// unquoter undoes the quoting of From lines while it is read.
type unquoter struct {
	r       *bufio.Reader
	pending []byte // a line, or a piece of a long one, not yet given out
	start   bool   // the next line begins
	err     error
}

// Read gives the mail, at most a line at a time.
func (u *unquoter) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(u.pending) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		if u.start {
			u.skipMark()
		}
		u.pending, u.err = u.r.ReadSlice('\n')
		if errors.Is(u.err, bufio.ErrBufferFull) {
			u.err = nil
		}
		u.start = bytes.HasSuffix(u.pending, []byte("\n"))
	}
	n := copy(p, u.pending)
	u.pending = u.pending[n:]
	return n, nil
}

// skipMark drops the first > of >From and >>From.
func (u *unquoter) skipMark() {
	for n := 1; n < 1000; n++ {
		ahead, _ := u.r.Peek(n + 5)
		if len(ahead) < n+5 || ahead[n-1] != '>' {
			return
		}
		if bytes.HasPrefix(ahead[n:], []byte("From ")) {
			_, _ = u.r.Discard(1)
			return
		}
	}
}
