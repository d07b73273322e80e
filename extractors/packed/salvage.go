package packed

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/flate"

	"guidang/extractors/document"
)

// Salvage lists the entries of a zip without a directory by their local
// headers, for readers of formats that are zips.
func Salvage(ctx context.Context, in *document.Input) ([]*Entry, error) {
	d, err := salvage(ctx, in, in.Limits.WithDefaults().Entries)
	if err != nil {
		return nil, err
	}
	return d.entries, nil
}

// Open reads an entry's bytes, unpacked, at most limit.
func (e *Entry) Open(in *document.Input, limit int64) (io.Reader, error) {
	r, err := e.open(in, &budget{left: limit})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// salvage walks from local header to local header. Where an entry's length is
// not in its header, the deflate stream itself says where it ends.
func salvage(ctx context.Context, in *document.Input, limit int) (*directory, error) {
	d := &directory{lost: true, start: in.Size}
	at, more, err := nextHeader(ctx, in, 0)
	for ; err == nil && more && len(d.entries) < limit; at, more, err = nextHeader(ctx, in, at) {
		e, data := localEntry(in, at)
		if e == nil {
			at += 4
			continue
		}
		e.data = data
		d.entries = append(d.entries, e)
		if e.flags&flagDescriptor != 0 && e.Packed == 0 {
			if err := measure(ctx, in, e, data); err != nil {
				return nil, err
			}
		}
		if e.Packed > in.Size-data {
			e.Packed, e.Cut = in.Size-data, true
		}
		at = data + e.Packed
	}
	if err != nil {
		return nil, err
	}
	d.more = more
	nameAll(d.entries)
	return d, nil
}

// localEntry reads the local header at a place, and where its data begins.
func localEntry(in *document.Input, at int64) (*Entry, int64) {
	var b [lenLocal]byte
	if n, _ := in.Bytes.ReadAt(b[:], at); n < len(b) || string(b[:4]) != sigLocal {
		return nil, 0
	}
	le := binary.LittleEndian
	e := &Entry{Offset: at}
	e.fields(b[4:])
	name, extra := int(le.Uint16(b[26:])), int(le.Uint16(b[28:]))
	rest := make([]byte, name+extra)
	if n, _ := in.Bytes.ReadAt(rest, at+lenLocal); n < len(rest) {
		return nil, 0
	}
	e.raw = string(rest[:name])
	e.extras(rest[name:], nil)
	return e, at + lenLocal + int64(name+extra)
}

// measure finds the packed length of an entry that states none.
func measure(ctx context.Context, in *document.Input, e *Entry, data int64) error {
	if e.Method != methodDeflate || e.flags&flagEncrypted != 0 {
		return measureStored(ctx, in, e, data)
	}
	counted := &countingReader{r: bufio.NewReaderSize(io.NewSectionReader(in.Bytes, data, in.Size-data), 64<<10)}
	most := in.Limits.WithDefaults().Expanded
	var size int64
	inflate := flate.NewReader(counted)
	for err := error(nil); err == nil; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var n int64
		n, err = io.CopyN(io.Discard, inflate, 1<<20)
		size += n
		if size > most || err != nil && !errors.Is(err, io.EOF) {
			e.Cut = true
			break
		}
	}
	e.Packed, e.Size = counted.n, size
	// The sum stands behind the data, with or without a signature.
	var b [8]byte
	n, _ := in.Bytes.ReadAt(b[:], data+e.Packed)
	switch {
	case n == 8 && string(b[:4]) == sigDescriptor:
		e.CRC = binary.LittleEndian.Uint32(b[4:])
	case n >= 4:
		e.CRC = binary.LittleEndian.Uint32(b[:])
	default:
		e.Cut = true
	}
	return nil
}

// measureStored takes what stands before the next header, without the
// descriptor (signature, sum, two lengths) that ends it.
func measureStored(ctx context.Context, in *document.Input, e *Entry, data int64) error {
	next, _, err := nextHeader(ctx, in, data)
	if err != nil {
		return err
	}
	const lenDescriptor = 16
	var b [lenDescriptor]byte
	n, _ := in.Bytes.ReadAt(b[:], next-lenDescriptor)
	length := next - lenDescriptor - data
	if n == len(b) && length >= 0 && string(b[:4]) == sigDescriptor && int64(binary.LittleEndian.Uint32(b[8:])) == length {
		e.CRC, e.Packed, e.Size = binary.LittleEndian.Uint32(b[4:]), length, int64(binary.LittleEndian.Uint32(b[12:]))
		return nil
	}
	e.Packed, e.Size, e.Cut = next-data, -1, true
	return nil
}

// countingReader counts what a decoder takes. It reads by the byte, so that
// the decoder takes none too many.
type countingReader struct {
	r *bufio.Reader
	n int64
}

// Read is io.Reader.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// ReadByte is io.ByteReader.
func (c *countingReader) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// nextHeader finds the next local header at or behind from. Without one, it
// gives the place where a directory or the file's end stands, and false.
func nextHeader(ctx context.Context, in *document.Input, from int64) (place int64, found bool, err error) {
	buf := make([]byte, 256<<10)
	for at := from; at < in.Size; {
		if err := ctx.Err(); err != nil {
			return 0, false, err
		}
		n, err := in.Bytes.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, false, err
		}
		if n < 4 {
			break
		}
		b := buf[:n]
		for i := 0; i+4 <= len(b); i += 2 {
			k := bytes.Index(b[i:], []byte("PK"))
			if k < 0 || i+k+4 > len(b) {
				break
			}
			switch i += k; string(b[i : i+4]) {
			case sigLocal:
				return at + int64(i), true, nil
			case sigDirectory, sigEnd, sigEnd64:
				return at + int64(i), false, nil
			}
		}
		at += int64(max(n-3, 1))
	}
	return in.Size, false, nil
}
