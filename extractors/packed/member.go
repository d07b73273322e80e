package packed

import (
	"bufio"
	"compress/bzip2"
	"context"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"

	"guidang/extractors/document"
)

// Methods that are unpacked (APPNOTE 4.4.5); the others give `unsupported`.
const (
	methodStore   = 0
	methodDeflate = 8
	methodBzip2   = 12
	methodZstdOld = 20
	methodZstd    = 93
	methodAES     = 99
)

// zstdMemory bounds a window that a frame's header asks for.
const zstdMemory = 64 << 20

// ratioFree is how much may be unpacked before the ratio is looked at.
const ratioFree = 16 << 20

// budget is what may still be unpacked, over all members of one container.
type budget struct {
	left    int64 // of Limits.Expanded
	ratio   int64 // 0: not looked at
	in      int64 // packed bytes of the members opened so far
	out     int64
	stopped func() error // the context's Err; nil: nobody stops it
}

func newBudget(ctx context.Context, l document.Limits) *budget {
	l = l.WithDefaults()
	return &budget{left: l.Expanded, ratio: l.Ratio, stopped: ctx.Err}
}

// spend takes n unpacked bytes. What is counted is what came out, never what a
// header claims.
func (b *budget) spend(n int64) error {
	if b.stopped != nil {
		if err := b.stopped(); err != nil {
			return err
		}
	}
	b.left -= n
	b.out += n
	if b.left < 0 {
		return &failure{document.TooLarge, "the container unpacks to more than the limit"}
	}
	if b.ratio > 0 && b.out > ratioFree+b.ratio*b.in {
		return &failure{document.Bomb, "the container unpacks to far more than its size allows for"}
	}
	return nil
}

// refused gives the reason why a member is not even opened.
func (b *budget) refused(e *Entry) document.Reason {
	switch {
	case e.special:
		return document.Unsupported
	case e.elsewhere:
		return document.Truncated
	}
	return b.refuses(e.Size, e.Packed)
}

// refuses gives the reason why so much is not unpacked from so little. A size
// below zero is not known.
func (b *budget) refuses(size, packed int64) document.Reason {
	switch {
	case size > ratioFree && b.ratio > 0 && size/max(packed, 1) > b.ratio:
		return document.Bomb
	case size > b.left || b.left <= 0:
		return document.TooLarge
	case b.ratio > 0 && b.out > ratioFree+b.ratio*b.in:
		return document.Bomb
	}
	return ""
}

// open gives a member's bytes unpacked, counted and checked. A failure has a
// Reason; another error is the fault of ReadAt.
func (e *Entry) open(in *document.Input, b *budget) (io.Reader, error) {
	if e.data == 0 {
		head, data := localEntry(in, e.Offset)
		if head == nil {
			return nil, &failure{document.Corrupt, "the member's header is damaged"}
		}
		// QUIRK: names of the two headers differ in many good files (APPNOTE 4.3.12
		// wants them equal); only the place of the data is taken from the local one.
		e.data = data
	}
	length := e.Packed
	if length > in.Size-e.data {
		length, e.Cut = max(in.Size-e.data, 0), true
	}
	if e.flags&flagEncrypted != 0 {
		plain, method, err := e.decrypt(in, length)
		if err != nil {
			return nil, err
		}
		return e.unpack(plain, method, b)
	}
	return e.unpack(io.NewSectionReader(in.Bytes, e.data, length), e.Method, b)
}

// unpack decodes by method.
func (e *Entry) unpack(packed io.Reader, method uint16, b *budget) (io.Reader, error) {
	b.in += e.Packed
	m := &member{e: e, packed: packed, budget: b, sum: crc32.NewIEEE()}
	switch method {
	case methodStore:
		m.r = packed
	case methodDeflate:
		m.r = flate.NewReader(bufio.NewReaderSize(packed, 32<<10))
	case methodBzip2:
		m.r = bzip2.NewReader(bufio.NewReaderSize(packed, 32<<10))
	case methodZstd, methodZstdOld:
		z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(zstdMemory))
		if err != nil {
			return nil, &failure{document.Corrupt, "the member cannot be unpacked"}
		}
		m.r, m.close = z, z.Close
	default:
		return nil, &failure{document.Unsupported, fmt.Sprintf("packed by method %d, which is not read", method)}
	}
	return m, nil
}

// member is a member's content while it is read.
type member struct {
	e      *Entry
	packed io.Reader
	r      io.Reader
	close  func()
	budget *budget
	sum    hash.Hash32
	n      int64
	err    error
}

// Read hands out the content; what is wrong with it surfaces here, after what
// could be read.
func (m *member) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	n, err := m.r.Read(p)
	m.n += int64(n)
	_, _ = m.sum.Write(p[:n])
	if over := m.budget.spend(int64(n)); over != nil {
		err = over
	} else if err != nil {
		err = m.ended(err)
	}
	m.err = err
	if err != nil && m.close != nil {
		m.close()
		m.close = nil
	}
	return n, err
}

// ended says what the end of a member's stream means.
func (m *member) ended(err error) error {
	var named *failure
	end := err == io.EOF //nolint:errorlint // only a bare one is the end
	if end && m.e.aes.version > 0 {
		// The authentication stands behind the ciphertext, which a decoder does not
		// read to its end.
		if _, rest := io.Copy(io.Discard, m.packed); errors.As(rest, &named) {
			return rest
		}
	}
	switch {
	case errors.As(err, &named):
		return err
	case m.e.Cut:
		return &failure{document.Truncated, "the member is cut off"}
	case !end:
		return &failure{document.Corrupt, "the member cannot be unpacked to its end"}
	// QUIRK: writers without zip64 keep sizes modulo 4 GiB.
	case m.e.Size >= 0 && uint32(m.n) != uint32(m.e.Size): //nolint:gosec // modulo on purpose
		return &failure{document.Corrupt, "the member's length is not what the directory says"}
	case m.e.CRC != 0 && m.sum.Sum32() != m.e.CRC && !m.e.aes.second():
		return &failure{document.Corrupt, "the member's check sum is wrong"}
	}
	return io.EOF
}
