package mail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
)

const (
	// chunk is how much of a mailbox is read at once.
	chunk = 1 << 20

	// largeMail is the size above which a mail of a mailbox is not held in memory
	// but read where it lies.
	largeMail = 16 << 20

	behind = 8 // bytes kept before a place, to see the empty line
)

// scanner finds the mails of a mailbox. It holds a window of the file, so a
// mailbox of any size costs the memory of its largest mail, at most largeMail.
type scanner struct {
	r    io.ReaderAt
	size int64
	buf  []byte // the window
	base int64  // where it begins in the file

	pieces pieces
}

// window gives the bytes from off on, at least n of them unless the file ends.
// What lies before keep may be dropped.
func (s *scanner) window(off int64, n int, keep int64) ([]byte, error) {
	end := s.base + int64(len(s.buf))
	if off < s.base || off > end || len(s.buf) == 0 {
		s.buf, s.base = s.buf[:0], max(off-behind, 0)
		end = s.base
	}
	for end < off+int64(n) && end < s.size {
		if drop := max(min(keep, off)-behind, s.base) - s.base; drop > 0 && len(s.buf)+chunk > cap(s.buf) {
			s.buf = append(s.buf[:0], s.buf[drop:]...)
			s.base += drop
		}
		have := len(s.buf)
		want := int(min(chunk, s.size-end))
		if have+want > cap(s.buf) {
			grown := make([]byte, have, max(2*chunk+behind, have+want, min(2*cap(s.buf), largeMail+2*chunk)))
			copy(grown, s.buf)
			s.buf = grown
		}
		got, err := s.r.ReadAt(s.buf[have:have+want], end)
		s.buf = s.buf[:have+got]
		end += int64(got)
		if got < want {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, fmt.Errorf("read the mailbox at %d: %w", end, err)
		}
	}
	return s.buf[off-s.base:], nil
}

// separatorAt tells whether a mail begins at off.
func (s *scanner) separatorAt(off, keep int64) (bool, error) {
	after, err := s.window(off, separatorReach, keep)
	if err != nil {
		return false, err
	}
	at := off - s.base
	before := s.buf[max(at-behind, 0):at]
	if off <= behind && len(bytes.TrimLeft(before, "\xef\xbb\xbf\r\n")) == 0 {
		before = nil // a mark and empty lines at the file's beginning
	}
	return isSeparator(before, after[:min(len(after), separatorReach)]), nil
}

// first finds the first mail at or after off.
func (s *scanner) first(ctx context.Context, off int64) (int64, error) {
	if ok, err := s.separatorAt(off, off); ok || err != nil {
		return off, err
	}
	if off == 0 {
		head, err := s.window(0, behind, 0)
		if err != nil {
			return 0, err
		}
		skip := int64(len(head) - len(bytes.TrimLeft(head, "\xef\xbb\xbf\r\n")))
		if skip <= behind && skip > 0 {
			if ok, err := s.separatorAt(skip, 0); ok || err != nil {
				return skip, err
			}
		}
	}
	return s.search(ctx, off, off)
}

// after finds the mail behind the one at off, or the file's end.
func (s *scanner) after(ctx context.Context, off int64) (int64, error) {
	head, err := s.window(off, 8<<10, off)
	if err != nil {
		return 0, err
	}
	if n := contentLength(head[:min(len(head), 8<<10)]); n > 0 {
		end, ok, err := s.trust(off, off+n)
		if ok || err != nil {
			return end, err
		}
	}
	return s.search(ctx, off+1, off)
}

// search looks for the next separator from off on, keeping the window from keep
// on as long as that is no large mail.
func (s *scanner) search(ctx context.Context, off, keep int64) (int64, error) {
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		have, err := s.window(off, chunk, keep)
		if err != nil {
			return 0, err
		}
		i := lineWith(have, "From ")
		if i < 0 {
			if off+int64(len(have)) >= s.size {
				return s.size, nil
			}
			off += int64(len(have) - len("\nFrom ") + 1)
			if off-keep > largeMail {
				keep = off
			}
			continue
		}
		off += int64(i) + 1
		ok, err := s.separatorAt(off, keep)
		if ok || err != nil {
			return off, err
		}
	}
}

// lineWith finds the first line end with word behind it, or -1. It looks for the
// word, because a capital letter is rarer than a line's end: half the time.
func lineWith(data []byte, word string) int {
	for at := 1; at < len(data); {
		i := bytes.Index(data[at:], []byte(word))
		if i < 0 {
			break
		}
		if at += i; data[at-1] == '\n' {
			return at - 1
		}
		at++
	}
	return -1
}

// contentLength reads the field that System V mailers keep, and gives how far
// from the From line the body then ends; 0 is none.
func contentLength(head []byte) int64 {
	const name = "Content-Length:"
	at := lineWith(head, name)
	if at < 0 {
		return 0
	}
	header := headerEnd(head)
	if header < 0 || at > header {
		return 0
	}
	line, _ := lineAt(head, at+1+len(name))
	n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 40)
	if err != nil || n <= 0 {
		return 0
	}
	return int64(header) + n
}

// headerEnd is where the body begins, or -1.
func headerEnd(head []byte) int {
	for at := 0; at < len(head); {
		line, next := lineAt(head, at)
		if len(line) == 0 {
			return next
		}
		at = next
	}
	return -1
}

// trust takes a body's end by Content-Length where a separator or the file's end
// stands right there.
//
// QUIRK: mboxcl and mboxcl2 do not quote From lines in bodies but count bytes;
// the counts lie after a conversion of charsets or line ends, so they are only a
// hint.
func (s *scanner) trust(off, end int64) (int64, bool, error) {
	if end > s.size {
		return 0, false, nil
	}
	if end == s.size {
		return end, true, nil
	}
	var buf [separatorReach + 2*behind]byte
	from := end - behind
	n, err := s.r.ReadAt(buf[:], from)
	if err != nil && err != io.EOF {
		return 0, false, fmt.Errorf("read the mailbox at %d: %w", from, err)
	}
	if s.size-end <= 4 && n >= behind && len(bytes.Trim(buf[behind:n], "\r\n")) == 0 {
		return s.size, true, nil // the last mail: its empty line, and no separator
	}
	for skip := 0; skip <= 4 && behind+skip < n; skip++ {
		if isSeparator(buf[:behind+skip], buf[behind+skip:n]) {
			return end + int64(skip), true, nil
		}
		if c := buf[behind+skip]; c != '\n' && c != '\r' {
			break
		}
	}
	return 0, false, nil
}

// raw gives the bytes from one separator to the next if they are in the window.
func (s *scanner) raw(from, to int64) ([]byte, bool) {
	if from < s.base || to > s.base+int64(len(s.buf)) {
		return nil, false
	}
	return s.buf[from-s.base : to-s.base], true
}
