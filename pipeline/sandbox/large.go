package sandbox

import (
	"encoding/binary"
	"io"
)

// large says that a result is written as it is made. A workbook's 64 MiB of text
// once more in one buffer took more memory than a child should have.
func large(r *Result) bool {
	if r == nil || r.Document == nil {
		return false
	}
	n := 0
	for i := range r.Document.Sections {
		if n += len(r.Document.Sections[i].Text); n > smallFrame {
			return true
		}
	}
	return false
}

// putResult writes a large result as it is made, after it was made once to know how
// long it is.
func (s *server) putResult(r *Result) error {
	count := &encoder{out: io.Discard}
	if err := count.result(r); err != nil {
		return err
	}
	count.spill()
	s.mu.Lock()
	defer s.mu.Unlock()
	head := appendFrame(nil, frameDone)
	binary.LittleEndian.PutUint32(head[1:], uint32(count.spilt)) //nolint:gosec // bounded by limits far below 4 GiB
	e := &encoder{b: head, out: s.w}
	if err := e.result(r); err != nil {
		return err
	}
	e.spill()
	if e.err == nil && e.spilt != count.spilt+headerBytes {
		e.err = errFrame
	}
	return e.err
}
