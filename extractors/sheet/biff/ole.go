package biff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
)

// A reader of our own for compound files ([MS-CFB]). The known module is right
// about whole files, but refuses damaged ones at the first wrong pointer and
// walks their tree by recursion; here the directory is read flat, and a chain
// gives what it holds before it breaks.

const (
	magic      = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	maxSector  = 0xfffffffa // what is above is no sector
	noEntry    = 0xffffffff
	entrySize  = 128
	maxEntries = 1 << 16
)

var errCompound = errors.New("no compound file")

// kinds of entries.
const (
	isStorage = 1
	isStream  = 2
	isRoot    = 5
)

type entry struct {
	name               string
	kind               byte
	left, right, child uint32
	start              uint32
	size               int64
}

type compound struct {
	r       io.ReaderAt
	size    int64
	sector  int64
	cutoff  int64    // streams below it lie in the small sectors
	fats    []uint32 // sectors that hold the table of sectors
	loaded  map[int][]byte
	mini    []byte // the table of small sectors
	small   []byte // what the small sectors hold
	entries []entry
	top     []int // entries right under the root
}

func isCompound(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }

// openCompound reads header and directory.
func openCompound(r io.ReaderAt, size int64) (*compound, error) {
	head := make([]byte, 512)
	if n, _ := r.ReadAt(head, 0); n < 512 || !isCompound(head) {
		return nil, errCompound
	}
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(head[at:]) }
	c := &compound{r: r, size: size, sector: 512, loaded: map[int][]byte{}}
	// QUIRK: [MS-CFB] 2.2 gives version 3 the shift 9 and version 4 the shift 12;
	// a damaged or foreign shift is read as 9, which nearly all files have.
	if binary.LittleEndian.Uint16(head[30:]) == 12 {
		c.sector = 4096
	}
	// QUIRK: [MS-CFB] 2.2 fixes the cutoff at 4096; it is taken as written only
	// where it is that or a smaller size.
	if c.cutoff = int64(u32(56)); c.cutoff == 0 || c.cutoff > 4096 {
		c.cutoff = 4096
	}
	for i := range 109 {
		if s := u32(76 + 4*i); s < maxSector {
			c.fats = append(c.fats, s)
		}
	}
	c.difat(u32(68))
	dir, _ := c.chain(nil, u32(48), maxEntries*entrySize)
	c.directory(dir)
	if len(c.entries) == 0 {
		return nil, errCompound
	}
	c.mini, _ = c.chain(nil, u32(60), size)
	return c, nil
}

// difat follows the sectors that list further sectors of the table.
func (c *compound) difat(next uint32) {
	buf := make([]byte, c.sector)
	for range c.size/c.sector + 1 {
		if next >= maxSector {
			return
		}
		n, _ := c.r.ReadAt(buf, (int64(next)+1)*c.sector)
		if int64(n) < c.sector {
			return
		}
		for at := 0; at < n-4; at += 4 {
			if s := binary.LittleEndian.Uint32(buf[at:]); s < maxSector {
				c.fats = append(c.fats, s)
			}
		}
		next = binary.LittleEndian.Uint32(buf[n-4:])
	}
}

// follow gives the sector behind one; ok is false when the table does not know.
func (c *compound) follow(s uint32) (next uint32, ok bool) {
	per := uint32(c.sector / 4) //nolint:gosec // 128 or 1024
	i := int(s / per)
	if i >= len(c.fats) {
		return 0, false
	}
	table, known := c.loaded[i]
	if !known {
		table = make([]byte, c.sector)
		n, _ := c.r.ReadAt(table, (int64(c.fats[i])+1)*c.sector)
		table = table[:n&^3]
		c.loaded[i] = table
	}
	at := int(s%per) * 4
	if at+4 > len(table) {
		return 0, false
	}
	return binary.LittleEndian.Uint32(table[at:]), true
}

// chain appends a chain of sectors to data, up to limit bytes. whole is false when
// it breaks off; then what came before is there. Neighbouring sectors are read in
// one go.
func (c *compound) chain(data []byte, start uint32, limit int64) (all []byte, whole bool) {
	most := c.size/c.sector + 1
	for steps := int64(0); start < maxSector && int64(len(data)) < limit; {
		run := int64(1)
		last := start
		var next uint32
		var ok bool
		for ; ; run++ {
			if next, ok = c.follow(last); !ok || next != last+1 || run >= 2048 || int64(len(data))+run*c.sector >= limit {
				break
			}
			last = next
		}
		if steps += run; steps > most {
			return data, false // a circle
		}
		from := (int64(start) + 1) * c.sector
		want := min(run*c.sector, c.size-from)
		if want <= 0 {
			return data, false
		}
		at := len(data)
		data = slices.Grow(data, int(want))[:at+int(want)]
		n, _ := c.r.ReadAt(data[at:], from)
		data = data[:at+n]
		switch {
		case int64(len(data)) >= limit:
			return data[:limit], true
		case int64(n) < run*c.sector || !ok:
			// QUIRK: [MS-CFB] 2.3 wants whole sectors; many writers leave the last one
			// short, and the caller compares with the stream's own length.
			return data, false
		}
		start = next
	}
	return data, int64(len(data)) >= limit
}

// directory reads the entries and finds those right under the root.
func (c *compound) directory(dir []byte) {
	for ; len(dir) >= entrySize && len(c.entries) < maxEntries; dir = dir[entrySize:] {
		e := entry{kind: dir[66], left: binary.LittleEndian.Uint32(dir[68:]), right: binary.LittleEndian.Uint32(dir[72:]), child: binary.LittleEndian.Uint32(dir[76:]), start: binary.LittleEndian.Uint32(dir[116:])}
		// QUIRK: [MS-CFB] 2.6.1: the upper half of a size may be rubbish in version 3.
		e.size = int64(binary.LittleEndian.Uint32(dir[120:]))
		units := make([]uint16, 0, 32)
		for i := 0; i < 64; i += 2 {
			u := binary.LittleEndian.Uint16(dir[i:])
			if u == 0 {
				break
			}
			units = append(units, u)
		}
		e.name = string(utf16.Decode(units))
		c.entries = append(c.entries, e)
	}
	if len(c.entries) == 0 {
		return
	}
	c.top = c.under(c.entries[0].child)
}

// under lists the entries of a storage, by its tree of siblings.
func (c *compound) under(first uint32) (found []int) {
	seen := make(map[uint32]bool)
	for open := []uint32{first}; len(open) > 0; {
		i := open[len(open)-1]
		open = open[:len(open)-1]
		if i == noEntry || int64(i) >= int64(len(c.entries)) || seen[i] {
			continue
		}
		seen[i] = true
		found = append(found, int(i))
		open = append(open, c.entries[i].left, c.entries[i].right)
	}
	return found
}

// find gives the stream of that name right under the root.
// QUIRK: [MS-CFB] 2.6.4 compares names in upper case, and writers of the nineties
// wrote them in any case.
func (c *compound) find(name string) *entry {
	for _, i := range c.top {
		if e := &c.entries[i]; e.kind == isStream && strings.EqualFold(e.name, name) {
			return e
		}
	}
	return nil
}

// workbook gives the stream of the workbook. A file saved for "97-2003 & 5.0/95"
// holds two; the newer one says more. Where the tree is damaged, any stream of
// that name will do.
func (c *compound) workbook() *entry {
	for _, name := range []string{"Workbook", "Book"} {
		if e := c.find(name); e != nil {
			return e
		}
	}
	if len(c.top) > 1 {
		return nil
	}
	for i := range c.entries {
		if e := &c.entries[i]; e.kind == isStream && (e.name == "Workbook" || e.name == "Book") {
			return e
		}
	}
	return nil
}

// read gives a stream's bytes, as many as are there.
func (c *compound) read(e *entry) (data []byte, whole bool) {
	if e.size == 0 {
		return nil, true
	}
	if e.size >= c.cutoff {
		return c.chain(make([]byte, 0, min(e.size, c.size)), e.start, e.size)
	}
	if c.small == nil {
		root := &c.entries[0]
		c.small, _ = c.chain(nil, root.start, min(c.size, max(root.size, 1)))
	}
	s := e.start
	for range len(c.small)/64 + 1 {
		if int64(len(data)) >= e.size {
			break
		}
		at := int64(s) * 64
		if s >= maxSector || at >= int64(len(c.small)) {
			break
		}
		data = append(data, c.small[at:min(at+64, int64(len(c.small)))]...)
		if int64(s)*4+4 > int64(len(c.mini)) {
			break
		}
		s = binary.LittleEndian.Uint32(c.mini[int64(s)*4:])
	}
	if int64(len(data)) >= e.size {
		return data[:e.size], true
	}
	return data, false
}
