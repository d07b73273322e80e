package packed

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// maxTail is the longest end record: 22 bytes and a comment.
const maxTail = lenEnd + 1<<16

// directory is what a zip says that it holds.
type directory struct {
	entries []*Entry
	comment string
	more    bool // there are more entries than the limit
	lost    bool // found by local headers, because there is no directory
	short   bool // the directory is shorter than its end record says
	volume  bool // there are other volumes, and entries on them
	start   int64
}

// place is where a directory lies and what it claims.
type place struct {
	start, end int64
	base       int64 // what stands before the zip
	count      uint64
	disk       uint16 // the number of this volume, from 0; the last one of its set
	first      uint16 // the volume on which the directory begins
	comment    []byte
}

// readDirectory reads the entries, at most limit. The error is only for a
// failing ReadAt or an ended context.
func readDirectory(ctx context.Context, in *document.Input, limit int) (*directory, error) {
	p, found, err := findDirectory(in)
	if err != nil {
		return nil, err
	}
	if !found {
		return salvage(ctx, in, limit)
	}
	d := &directory{start: p.start}
	if len(p.comment) > 0 {
		d.comment, _, _ = charset.Decode(p.comment, "")
	}
	r := bufio.NewReaderSize(io.NewSectionReader(in.Bytes, p.start, p.end-p.start), 64<<10)
	count := uint64(0)
	for ; ; count++ {
		if count&0xfff == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		e, err := readRecord(r, p.base)
		if err != nil {
			return nil, fmt.Errorf("read the directory of %q: %w", in.Name, err)
		}
		if e == nil {
			break
		}
		if len(d.entries) >= limit {
			d.more = true
			break
		}
		d.entries = append(d.entries, e)
	}
	// Writers without zip64 count modulo 65,536.
	d.short = !d.more && uint16(count) != uint16(p.count) //nolint:gosec // modulo on purpose
	if count == 0 && p.count > 0 {
		return salvage(ctx, in, limit)
	}
	if err := d.placeJoined(ctx, in, p); err != nil {
		return nil, fmt.Errorf("read the volumes of %q: %w", in.Name, err)
	}
	for _, e := range d.entries {
		e.elsewhere = p.disk > 0 && e.disk != p.disk
		d.volume = d.volume || e.elsewhere
	}
	nameAll(d.entries)
	return d, nil
}

// readRecord reads one record of the directory; nil is its end.
func readRecord(r *bufio.Reader, base int64) (*Entry, error) {
	var b [lenDirectory]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return nil, ended(err)
	}
	if string(b[:4]) != sigDirectory {
		return nil, nil
	}
	le := binary.LittleEndian
	e := &Entry{}
	e.fields(b[6:])
	name, extra, comment := int(le.Uint16(b[28:])), int(le.Uint16(b[30:])), int(le.Uint16(b[32:]))
	e.disk = le.Uint16(b[34:])
	e.Offset = int64(le.Uint32(b[42:]))
	rest := make([]byte, name+extra) // two 16-bit numbers: 128 KiB at most
	if _, err := io.ReadFull(r, rest); err != nil {
		return nil, ended(err)
	}
	e.raw = string(rest[:name])
	e.extras(rest[name:], &e.Offset)
	e.Offset += base
	e.attributes(b[5], le.Uint32(b[38:]))
	if _, err := r.Discard(comment); err != nil {
		return e, ended(err)
	}
	return e, nil
}

// ended hides the end of the directory: what was read before it counts.
func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// findDirectory looks for the end record and follows it.
func findDirectory(in *document.Input) (p place, found bool, err error) {
	n := min(in.Size, maxTail)
	tail := make([]byte, n)
	got, err := in.Bytes.ReadAt(tail, in.Size-n)
	if err != nil && !errors.Is(err, io.EOF) {
		return p, false, err
	}
	tail = tail[:got]
	// QUIRK: APPNOTE 4.3.6 puts nothing behind the comment; downloads and mail
	// gateways append bytes, so the comment need not reach the file's end.
	for at := bytes.LastIndex(tail, []byte(sigEnd)); at >= 0; at = bytes.LastIndex(tail[:at], []byte(sigEnd)) {
		if at+lenEnd > len(tail) {
			continue
		}
		if p, ok := followEnd(in, tail[at:], in.Size-n+int64(at)); ok {
			return p, true, nil
		}
	}
	return p, false, nil
}

// followEnd reads an end record that stands at pos.
func followEnd(in *document.Input, b []byte, pos int64) (p place, ok bool) {
	le := binary.LittleEndian
	p.count = uint64(le.Uint16(b[10:]))
	size, offset := int64(le.Uint32(b[12:])), int64(le.Uint32(b[16:]))
	// QUIRK: 4.4.19 numbers volumes from 0; some writers leave 0xffff, which means
	// "see the zip64 record", in archives of one file.
	if p.disk = le.Uint16(b[4:]); p.disk == 0xffff {
		p.disk = 0
	}
	p.first = le.Uint16(b[6:])
	p.comment = b[lenEnd:min(lenEnd+int(le.Uint16(b[20:])), len(b))]
	p.end = pos
	if s, o, c, at, ok := end64(in, pos); ok {
		size, offset, p.count, p.end = s, o, c, at
	}
	if size < 0 || offset < 0 || size > p.end {
		return p, false
	}
	// QUIRK: offsets count from the zip's own beginning; in a self-extracting file
	// something stands before it (APPNOTE 4.1.9). The directory ends where its end
	// record begins, and that gives the difference.
	p.start = p.end - size
	p.base = p.start - offset
	if p.base < 0 || !recordAt(in, p.start, size) {
		p.base, p.start = 0, offset
		if offset > p.end || !recordAt(in, p.start, size) {
			return p, false
		}
	}
	return p, true
}

// recordAt says whether a directory can begin there.
func recordAt(in *document.Input, at, size int64) bool {
	if size == 0 {
		return true
	}
	var sig [4]byte
	n, _ := in.Bytes.ReadAt(sig[:], at)
	return n == 4 && string(sig[:]) == sigDirectory
}

// end64 reads the zip64 end record, if a locator stands before the end record.
func end64(in *document.Input, pos int64) (size, offset int64, count uint64, at int64, ok bool) {
	var loc [lenLocator64]byte
	if pos < lenLocator64+lenEnd64 {
		return 0, 0, 0, 0, false
	}
	if n, _ := in.Bytes.ReadAt(loc[:], pos-lenLocator64); n < len(loc) || string(loc[:4]) != sigLocator64 {
		return 0, 0, 0, 0, false
	}
	le := binary.LittleEndian
	stated := int64(le.Uint64(loc[8:]) & (1<<63 - 1))
	// With something before the zip the stated place is wrong; without extensible
	// data the record stands right before its locator.
	for _, at := range []int64{stated, pos - lenLocator64 - lenEnd64} {
		var b [lenEnd64]byte
		if n, _ := in.Bytes.ReadAt(b[:], at); n == len(b) && string(b[:4]) == sigEnd64 {
			return int64(le.Uint64(b[40:]) & (1<<63 - 1)), int64(le.Uint64(b[48:]) & (1<<63 - 1)), le.Uint64(b[32:]), at, true
		}
	}
	return 0, 0, 0, 0, false
}

// overlap says whether two entries share bytes. That is how a small file claims
// terabytes (zbsm: 42 kB claim 5.25 GB); no archiver writes it, and Info-ZIP
// refuses it too. The local header's own extra field is not counted, so this
// never refuses a good file.
func (d *directory) overlap() bool {
	if d.lost {
		return false
	}
	sorted := make([]*Entry, 0, len(d.entries))
	for _, e := range d.entries {
		if !e.elsewhere && (!e.folder || e.Packed > 0) {
			sorted = append(sorted, e)
		}
	}
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Offset < sorted[j].Offset })
	for i := 1; i < len(sorted); i++ {
		p := sorted[i-1]
		end := p.Offset + lenLocal + p.Packed
		if end < p.Offset || end > sorted[i].Offset {
			return true
		}
	}
	return false
}
