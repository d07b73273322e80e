// Package compound reads and writes compound files ([MS-CFB]): the storages and
// streams in which Office 95 to 2003, Outlook and WPS keep a file, and in which
// Office wraps what it encrypts. Every reader of such a file stands on it.
//
// A damaged file gives what is left of it: a missing sector is the end of its
// chain, a circle ends, a lost directory is looked for. docs/decisions tells why
// this is our own.
package compound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Magic begins every compound file.
const Magic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// ErrFormat says that the bytes are no compound file, or that not even the
// directory's beginning is left of one.
var ErrFormat = errors.New("not a compound file")

// Limits of a directory: what is beyond them is left out, and the file Damaged.
const (
	maxEntries = 1 << 18
	maxDepth   = 128
)

const (
	endOfChain = 0xFFFFFFFE
	noSector   = 0xFFFFFFFF // a free sector, and one that the table does not know
	noEntry    = 0xFFFFFFFF
	entrySize  = 128
	miniSize   = 64
	miniBelow  = 4096 // streams shorter than this lie in the mini stream
)

// File is an open compound file. It is safe for concurrent use when the reader is.
type File struct {
	Root    *Entry
	Damaged bool // something of its tables or its directory is missing

	r       io.ReaderAt
	size    int64
	sector  int64 // bytes
	sectors int64 // in the file, the last one possibly cut
	cutoff  int64 // streams shorter than this lie in the mini stream
	all     []node
	seen    []bool // which of all hang in the tree
	fat     []uint32
	mini    []uint32
	short   []uint32 // the sectors of the mini stream
}

// Is says whether a file's first bytes are those of a compound file.
func Is(head []byte) bool { return bytes.HasPrefix(head, []byte(Magic)) }

// Open reads the tables and the directory. The error is ErrFormat or the
// reader's.
func Open(r io.ReaderAt, size int64) (*File, error) {
	head := make([]byte, 512)
	if n, err := r.ReadAt(head, 0); n < len(head) {
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read the header: %w", err)
		}
		return nil, ErrFormat
	}
	if !Is(head) {
		return nil, ErrFormat
	}
	f := &File{r: r, size: size, sector: 512}
	// QUIRK: [MS-CFB] 2.2 gives version 3 the shift 9 and version 4 the shift 12;
	// a damaged or foreign shift is read as 9, which nearly all files have.
	switch binary.LittleEndian.Uint16(head[30:]) {
	case 9:
	case 12:
		f.sector = 4096
	default:
		f.Damaged = true
	}
	// QUIRK: [MS-CFB] 2.2 fixes the cutoff at 4096; it is taken as written only
	// where it is smaller.
	if f.cutoff = int64(binary.LittleEndian.Uint32(head[56:])); f.cutoff == 0 || f.cutoff > miniBelow {
		f.cutoff = miniBelow
	}
	f.sectors = (size - 1) / f.sector
	if f.sectors <= 0 || f.sectors > 1<<31 {
		return nil, ErrFormat
	}
	f.readFAT(head)
	if err := f.directory(binary.LittleEndian.Uint32(head[48:])); err != nil {
		return nil, err
	}
	if f.Root.start < endOfChain {
		f.short = f.chain(f.Root.start, f.sectors)
	}
	for _, s := range f.chain(binary.LittleEndian.Uint32(head[60:]), f.sectors) {
		f.mini = f.table(f.mini, s)
	}
	return f, nil
}

// readFAT follows the table of tables. Never more entries are kept than the file
// has sectors, whatever its header claims.
func (f *File) readFAT(head []byte) {
	full := false
	add := func(sector uint32) {
		// QUIRK: [MS-CFB] 2.5 lists the table's sectors without gaps; files with
		// free ones between them are read all the same.
		if full = int64(len(f.fat)) >= f.sectors; !full && sector < endOfChain-2 {
			f.fat = f.table(f.fat, sector)
		}
	}
	for i := range 109 {
		add(binary.LittleEndian.Uint32(head[76+4*i:]))
	}
	per := f.sector/4 - 1
	next := binary.LittleEndian.Uint32(head[68:])
	for range f.sectors/per + 1 {
		if full || next >= endOfChain-2 {
			return
		}
		buf, ok := f.whole(next)
		if !ok {
			f.Damaged = true
			return
		}
		for i := range per {
			add(binary.LittleEndian.Uint32(buf[4*i:]))
		}
		next = binary.LittleEndian.Uint32(buf[4*per:])
	}
}

// table appends one sector of a table. A sector that is not there is one of
// unknown links, so that the entries behind it keep their places.
func (f *File) table(to []uint32, sector uint32) []uint32 {
	buf, ok := f.whole(sector)
	if !ok {
		f.Damaged = true
	}
	for i := int64(0); i < f.sector; i += 4 {
		if !ok {
			to = append(to, noSector)
			continue
		}
		to = append(to, binary.LittleEndian.Uint32(buf[i:]))
	}
	return to
}

// whole reads one sector.
func (f *File) whole(sector uint32) ([]byte, bool) {
	if int64(sector) >= f.sectors {
		return nil, false
	}
	buf := make([]byte, f.sector)
	n, _ := f.r.ReadAt(buf, (int64(sector)+1)*f.sector)
	return buf, n == len(buf)
}

// chain lists the sectors from start on, at most limit and at most as many as
// there are: a cycle ends there.
func (f *File) chain(start uint32, limit int64) []uint32 {
	var out []uint32
	for s := start; int64(s) < f.sectors && int64(len(out)) < min(limit, f.sectors); {
		out = append(out, s)
		if int64(s) >= int64(len(f.fat)) {
			f.Damaged = true
			break
		}
		s = f.fat[s]
	}
	return out
}
