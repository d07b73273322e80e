package compound

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
)

// Entry is a stream or a storage.
type Entry struct {
	Name     string
	Size     int64 // as the directory says; a stream may have fewer bytes left
	Children []*Entry
	Storage  bool
	Class    [16]byte // of a storage: which program made it

	start uint32
}

// Child returns the entry of that name within a storage, or nil.
//
// QUIRK: [MS-CFB] 2.6.4 compares names in upper case, and writers of the nineties
// wrote them in any; one that is written as asked goes first.
func (e *Entry) Child(name string) *Entry {
	if e == nil {
		return nil
	}
	var other *Entry
	for _, c := range e.Children {
		if c.Name == name {
			return c
		}
		if other == nil && strings.EqualFold(c.Name, name) {
			other = c
		}
	}
	return other
}

// Stream returns the stream of that name within a storage, or nil.
func (e *Entry) Stream(name string) *Entry {
	if c := e.Child(name); c != nil && !c.Storage {
		return c
	}
	return nil
}

// Stray finds a stream that no storage holds any more, because the tree of names
// is damaged. nil when there is none.
func (f *File) Stray(name string) *Entry {
	for i := range f.all {
		if n := &f.all[i]; !f.seen[i] && n.kind == kindStream && strings.EqualFold(n.Name, name) {
			return &n.Entry
		}
	}
	return nil
}

// kinds of entries.
const (
	kindStorage = 1
	kindStream  = 2
	kindRoot    = 5
)

// node is an entry with its links.
type node struct {
	Entry
	kind               byte
	left, right, child uint32
}

// directory reads the entries and makes a tree of them.
func (f *File) directory(start uint32) error {
	f.entries(start)
	if len(f.all) == 0 || f.all[0].kind != kindRoot {
		f.Damaged = true
		s, ok := f.findRoot()
		if !ok {
			return ErrFormat
		}
		f.all = nil
		f.entries(s)
		if len(f.all) == 0 {
			return ErrFormat
		}
	}
	f.Root = &f.all[0].Entry
	f.Root.Storage = true
	f.seen = make([]bool, len(f.all))
	f.seen[0] = true
	f.tree()
	return nil
}

// entries reads a directory from its first sector on.
func (f *File) entries(start uint32) {
	for _, s := range f.chain(start, maxEntries*entrySize/f.sector) {
		buf := make([]byte, f.sector)
		n, _ := f.r.ReadAt(buf, (int64(s)+1)*f.sector)
		if n < len(buf) {
			f.Damaged = true
		}
		for at := 0; at+entrySize <= n; at += entrySize {
			f.all = append(f.all, parseEntry(buf[at:at+entrySize], f.sector == 512))
		}
	}
}

// maxSearch bounds the search for a lost directory.
const maxSearch = 64 << 20

// findRoot looks for the sector that a directory begins with.
func (f *File) findRoot() (uint32, bool) {
	want := append(wideBytes("Root Entry"), 0, 0)
	const piece = 1 << 20
	buf := make([]byte, min(piece, f.size))
	for at := f.sector; at < min(f.size, maxSearch); at += piece {
		n, err := f.r.ReadAt(buf[:min(piece, f.size-at)], at)
		for i := 0; i+entrySize <= n; i += int(f.sector) {
			if buf[i+66] == kindRoot && bytes.HasPrefix(buf[i:], want) {
				return uint32((at+int64(i))/f.sector - 1), true //nolint:gosec // below maxSearch
			}
		}
		if err != nil && err != io.EOF {
			break
		}
	}
	return 0, false
}

func wideBytes(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func parseEntry(b []byte, narrow bool) node {
	n := node{kind: b[66], left: binary.LittleEndian.Uint32(b[68:]), right: binary.LittleEndian.Uint32(b[72:]), child: binary.LittleEndian.Uint32(b[76:])}
	copy(n.Class[:], b[80:96])
	n.start = binary.LittleEndian.Uint32(b[116:])
	size := binary.LittleEndian.Uint64(b[120:])
	// QUIRK: [MS-CFB] 2.6.1: with sectors of 512 bytes the upper half of the size
	// may be garbage.
	if narrow {
		size &= 0xFFFFFFFF
	}
	n.Size = int64(min(size, 1<<62))
	n.Storage = n.kind == kindStorage || n.kind == kindRoot
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

// tree gives storages their children in the order of the tree. Every entry is
// taken once, so links in a circle end. Nothing recurses: the wild has trees that
// are lists of thousands, and hostile files storages within storages without end.
func (f *File) tree() {
	type storage struct {
		at    uint32
		depth int
	}
	for work := []storage{{0, 0}}; len(work) > 0; {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		if s.depth > maxDepth {
			f.Damaged = true
			continue
		}
		p := &f.all[s.at]
		var open []uint32
		at := p.child
		for {
			for f.take(at) {
				open = append(open, at)
				at = f.all[at].left
			}
			if len(open) == 0 {
				break
			}
			i := open[len(open)-1]
			open = open[:len(open)-1]
			switch f.all[i].kind {
			case kindStorage, kindStream:
				p.Children = append(p.Children, &f.all[i].Entry)
				if f.all[i].kind == kindStorage {
					work = append(work, storage{i, s.depth + 1})
				}
			}
			at = f.all[i].right
		}
	}
}

func (f *File) take(i uint32) bool {
	if i == noEntry {
		return false
	}
	if int64(i) >= int64(len(f.all)) || f.seen[i] {
		f.Damaged = true
		return false
	}
	f.seen[i] = true
	return true
}
