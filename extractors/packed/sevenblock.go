package packed

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/bodgit/sevenzip"
)

// sevenView is a 7z file of one block of another: its packed bytes under a header
// of ours. Such a file also keeps clear of a fault of the decoder's version 1.6.5,
// which writes a short password over its copy of the block's start vector while
// it makes the key, so that nothing can be opened twice with one reader.
type sevenView struct {
	r      io.ReaderAt
	packed int64 // bytes between start header and header
	frame  []byte
	header []byte
}

// view describes one block.
func (f *sevenBlock) view(r io.ReaderAt, packed int64) sevenView {
	number := func(b []byte, n uint64) []byte {
		return binary.LittleEndian.AppendUint64(append(b, 0xff), n)
	}
	h := number([]byte{sevenHeader, sevenMainStreams, sevenPackInfo}, f.start)
	h = append(number(h, uint64(len(f.packs))), sevenSize)
	for _, n := range f.packs {
		h = number(h, n)
	}
	h = append(h, sevenEnd, sevenUnpackInfo, sevenFolder, 1, 0)
	h = append(append(h, f.raw...), sevenCodersUnpackSize)
	for _, n := range f.sizes {
		h = number(h, n)
	}
	// Two files, the second of no bytes: of a single one the decoder takes the
	// last coder's size for its length, which need not be the main one.
	h = append(h, sevenEnd, sevenSubStreams, sevenNumUnpackStream, 2, sevenSize)
	h = append(number(h, f.mainSize()), sevenEnd, sevenEnd, sevenFilesInfo, 1, sevenEnd, sevenEnd)
	return sevenView{r: r, packed: packed, header: h, frame: sevenFrame(h, packed)}
}

// sevenFrame builds the start header for a header.
func sevenFrame(header []byte, packed int64) []byte {
	b := make([]byte, lenSeven)
	copy(b, sevenSignature+"\x00\x04")
	le := binary.LittleEndian
	le.PutUint64(b[12:], uint64(packed)) //nolint:gosec // not below zero
	le.PutUint64(b[20:], uint64(len(header)))
	le.PutUint32(b[28:], crc32.ChecksumIEEE(header))
	le.PutUint32(b[8:], crc32.ChecksumIEEE(b[12:]))
	return b
}

func (v sevenView) size() int64 { return lenSeven + v.packed + int64(len(v.header)) }

// ReadAt is io.ReaderAt.
func (v sevenView) ReadAt(p []byte, at int64) (int, error) {
	done := 0
	for done < len(p) {
		var n int
		var err error
		switch pos, rest := at+int64(done), p[done:]; {
		case pos < lenSeven:
			n = copy(rest, v.frame[pos:])
		case pos < lenSeven+v.packed:
			n, err = v.r.ReadAt(rest[:min(int64(len(rest)), lenSeven+v.packed-pos)], pos)
			if n > 0 && errors.Is(err, io.EOF) {
				err = nil
			}
		case pos < v.size():
			n = copy(rest, v.header[pos-lenSeven-v.packed:])
		default:
			err = io.EOF
		}
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// open begins to unpack the block.
func (v sevenView) open(password string) (r io.ReadCloser, err error) {
	err = guarded(func() error {
		z, err := sevenzip.NewReaderWithPassword(v, v.size(), password)
		if err != nil {
			return err
		}
		if len(z.File) != 1 {
			return io.ErrUnexpectedEOF
		}
		r, err = z.File[0].Open()
		return err
	})
	return r, err
}

// sevenStream is a block while it is unpacked from its beginning on.
type sevenStream struct {
	block int
	r     io.ReadCloser
	pos   int64
}

// skipTo unpacks up to a place, unless it is stopped.
func (s *sevenStream) skipTo(stopped func() error, pos int64) error {
	for s.pos < pos {
		if err := stopped(); err != nil {
			return err
		}
		n, err := io.CopyN(io.Discard, s.r, min(pos-s.pos, 1<<20))
		s.pos += n
		if err != nil {
			return err
		}
	}
	return nil
}
