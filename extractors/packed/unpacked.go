package packed

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"

	"guidang/extractors/document"
)

// unpacked is a member's content as a decoder of others gives it. It counts
// against the budget, checks length and sum, gives every error a reason, and
// turns a decoder that panics into one: a member is read in the caller's own
// function, so a panic there would be the caller's and end the run.
type unpacked struct {
	r      io.Reader
	budget *budget
	size   int64       // as stated; below 0: not known
	sum    hash.Hash32 // nil: nothing to check
	want   uint32
	why    func(error) error // names a decoder's error; nil: corrupt
	n      int64
	err    error
}

// Read is io.Reader.
func (u *unpacked) Read(p []byte) (int, error) {
	if u.err != nil {
		return 0, u.err
	}
	n, err := u.read(p)
	u.n += int64(n)
	if u.sum != nil {
		_, _ = u.sum.Write(p[:n])
	}
	if over := u.budget.spend(int64(n)); over != nil {
		err = over
	} else if err != nil {
		err = u.ended(err)
	}
	u.err = err
	return n, err
}

func (u *unpacked) read(p []byte) (n int, err error) {
	defer func() {
		if recover() != nil {
			n, err = 0, &failure{document.Corrupt, "the decoder gave up on the member"}
		}
	}()
	n, err = u.r.Read(p)
	if n < 0 || n > len(p) {
		return 0, &failure{document.Corrupt, "the decoder gave up on the member"}
	}
	return n, err
}

func (u *unpacked) ended(err error) error {
	var named *failure
	switch {
	case errors.As(err, &named):
		return named
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case err != io.EOF && u.why != nil: //nolint:errorlint // only a bare one is the end
		return u.why(err)
	case err != io.EOF: //nolint:errorlint // as above
		return &failure{document.Corrupt, "the member cannot be unpacked to its end"}
	case u.size >= 0 && u.n != u.size:
		return &failure{document.Truncated, "the member ends before its stated length"}
	case u.sum != nil && u.sum.Sum32() != u.want:
		return &failure{document.Corrupt, "the member's check sum is wrong"}
	}
	return io.EOF
}

// guarded calls into a decoder of others; a panic there is told as damage.
func guarded(f func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &failure{document.Corrupt, fmt.Sprintf("the decoder gave up (%T)", cause)}
		}
	}()
	return f()
}

// stoppable reads from r until the context ends, and remembers a fault of the
// disk, which decoders hide behind errors of their own.
type stoppable struct {
	ctx   func() error
	r     io.ReaderAt
	fault *error
}

// ReadAt is io.ReaderAt.
func (s stoppable) ReadAt(p []byte, at int64) (int, error) {
	if err := s.ctx(); err != nil {
		return 0, err
	}
	if at < 0 {
		return 0, io.EOF
	}
	n, err := s.r.ReadAt(p, at)
	if err != nil && err != io.EOF {
		*s.fault = err
	}
	return n, err
}

// bytesOf is the input's bytes for decoders of others. fault says afterwards
// what was not the archive's own: the end of the context or the disk's.
func bytesOf(ctx context.Context, in *document.Input) (r io.ReaderAt, fault func() error) {
	var disk error
	return stoppable{ctx.Err, in.Bytes, &disk}, func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return disk
	}
}
