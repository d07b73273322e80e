// Package compound reads compound files ([MS-CFB]): the storages and streams in
// which Outlook keeps a saved mail.
//
// Why not mscfb, which reads the other compound files of this program: a copy
// that was broken off loses its last sectors, where Outlook likes to put tables,
// and mscfb then opens nothing at all; its reads are quadratic in the length of
// one call, and its walk over the directory quadratic in depth (see the tests).
// A mail must give what is left of it, so this reader takes a missing sector for
// the end of a chain and goes on.
package compound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
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
	fat     []uint32
	mini    []uint32
	short   []uint32 // the sectors of the mini stream
}

// Entry is a stream or a storage.
type Entry struct {
	Name     string
	Size     int64 // as the directory says; a stream may have fewer bytes left
	Children []*Entry
	Storage  bool

	start uint32
}

// Child returns the entry of that name within a storage, or nil. Names are
// compared as they are written.
func (e *Entry) Child(name string) *Entry {
	if e == nil {
		return nil
	}
	for _, c := range e.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Open reads the tables and the directory.
func Open(r io.ReaderAt, size int64) (*File, error) {
	head := make([]byte, 512)
	if n, err := r.ReadAt(head, 0); n < len(head) {
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read the header: %w", err)
		}
		return nil, ErrFormat
	}
	if string(head[:8]) != Magic {
		return nil, ErrFormat
	}
	f := &File{r: r, size: size}
	// QUIRK: [MS-CFB] 2.2 ties the sector's size to the major version; the shift is
	// believed, and only the two that exist.
	switch binary.LittleEndian.Uint16(head[30:]) {
	case 9:
		f.sector = 512
	case 12:
		f.sector = 4096
	default:
		return nil, ErrFormat
	}
	f.sectors = (size - f.sector + f.sector - 1) / f.sector
	if f.sectors <= 0 || f.sectors > 1<<31 {
		return nil, ErrFormat
	}
	f.readFAT(head)
	dir := f.chain(binary.LittleEndian.Uint32(head[48:]), maxEntries*entrySize/f.sector)
	if err := f.directory(dir); err != nil {
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
	add := func(sector uint32) bool {
		if sector >= endOfChain-2 || int64(len(f.fat)) >= f.sectors {
			return false
		}
		f.fat = f.table(f.fat, sector)
		return true
	}
	for i := range 109 {
		if !add(binary.LittleEndian.Uint32(head[76+4*i:])) {
			return
		}
	}
	per := f.sector/4 - 1
	next := binary.LittleEndian.Uint32(head[68:])
	for range f.sectors/per + 1 {
		buf, ok := f.whole(next)
		if !ok {
			f.Damaged = f.Damaged || next < endOfChain-2
			return
		}
		for i := range per {
			if !add(binary.LittleEndian.Uint32(buf[4*i:])) {
				return
			}
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

// directory reads the entries and makes a tree of them.
func (f *File) directory(sectors []uint32) error {
	all := make([]node, 0, int64(len(sectors))*f.sector/entrySize)
	for _, s := range sectors {
		buf := make([]byte, f.sector)
		n, _ := f.r.ReadAt(buf, (int64(s)+1)*f.sector)
		if n < len(buf) {
			f.Damaged = true
		}
		for at := 0; at+entrySize <= n; at += entrySize {
			all = append(all, parseEntry(buf[at:at+entrySize], f.sector == 512))
		}
	}
	if len(all) == 0 || all[0].kind != 5 {
		return ErrFormat
	}
	f.Root = &all[0].Entry
	f.Root.Storage = true
	t := tree{f: f, all: all, seen: make([]bool, len(all))}
	t.seen[0] = true
	t.fill(0, 0)
	return nil
}

// node is an entry with its links.
type node struct {
	Entry
	kind               byte
	left, right, child uint32
}

func parseEntry(b []byte, narrow bool) node {
	n := node{kind: b[66], left: binary.LittleEndian.Uint32(b[68:]), right: binary.LittleEndian.Uint32(b[72:]), child: binary.LittleEndian.Uint32(b[76:])}
	n.start = binary.LittleEndian.Uint32(b[116:])
	size := binary.LittleEndian.Uint64(b[120:])
	// QUIRK: [MS-CFB] 2.6.1: with sectors of 512 bytes the upper half of the size
	// may be garbage.
	if narrow {
		size &= 0xFFFFFFFF
	}
	n.Size = int64(min(size, 1<<62))
	n.Storage = n.kind == 1 || n.kind == 5
	units := make([]uint16, 0, 32)
	for i := range min(int(binary.LittleEndian.Uint16(b[64:])), 64) / 2 {
		u := binary.LittleEndian.Uint16(b[2*i:])
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	n.Name = string(utf16.Decode(units))
	return n
}

// tree walks the directory. Every entry is taken once, so links in a circle end.
type tree struct {
	f    *File
	all  []node
	seen []bool
}

// fill gives a storage its children in the order of the tree, without recursion
// over siblings: the wild has trees that are lists of thousands.
func (t *tree) fill(parent uint32, depth int) {
	if depth > maxDepth {
		t.f.Damaged = true
		return
	}
	p := &t.all[parent]
	var open []uint32
	at := p.child
	for {
		for t.take(at) {
			open = append(open, at)
			at = t.all[at].left
		}
		if len(open) == 0 {
			break
		}
		i := open[len(open)-1]
		open = open[:len(open)-1]
		switch t.all[i].kind {
		case 1, 2:
			p.Children = append(p.Children, &t.all[i].Entry)
			if t.all[i].kind == 1 {
				t.fill(i, depth+1)
			}
		}
		at = t.all[i].right
	}
}

func (t *tree) take(i uint32) bool {
	if i == noEntry {
		return false
	}
	if int64(i) >= int64(len(t.all)) || t.seen[i] {
		t.f.Damaged = true
		return false
	}
	t.seen[i] = true
	return true
}
