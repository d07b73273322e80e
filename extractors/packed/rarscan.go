package packed

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"time"
)

// A rar's blocks are walked here before the decoder sees them, for four reasons:
// nwaples/rardecode lists all or nothing, so that an archive which was cut off, or
// is one volume of a set, would give nothing; it has no limit on entries; and it
// makes the keys that headers ask for, up to 16 million rounds for each file.

const (
	rarSignature  = "Rar!\x1a\x07"
	rarHeaderMost = 2 << 20 // the bound of the format's technote
	rarRoundsMost = 19      // exponent of the rounds to make a key; WinRAR writes 15
	rarPatches    = 16      // a volume splits one file at each end
)

// rarEndBlock is the end of a RAR 5 archive.
const rarEndBlock = "\x1d\x77\x56\x51\x03\x05\x04\x00"

// rarMap is what a walk over the blocks found.
type rarMap struct {
	modern  bool // RAR 5, else RAR 1.5 to 4
	solid   bool
	locked  bool // the headers themselves are encrypted: nothing more is known
	goesOn  bool // in another volume
	later   bool // not the first volume
	costly  bool // a key that takes too long to make
	files   int  // entries, folders too
	more    bool // there are more than the limit
	damaged bool // the walk ended at a damaged header
	cutLast bool // the last file's bytes go on in another volume, or are cut off
	ended   bool // the end block stands where it should
	end     int64
	patches []rarPatch
	ends    []rarPatch // the same for the last volume of a joined set: only what goes on behind it
}

// rarPatch are bytes shown in the place of the file's.
type rarPatch struct {
	at int64
	b  []byte
}

// rarBlock is one block's header.
type rarBlock struct {
	at      int64
	b       []byte // all of it
	typ     uint64
	flags   uint64
	flagsAt int    // in b, of the flags' first byte
	typeAt  int    // in b
	body    []byte // what follows the fields that all have
	extra   []byte
	data    int64
}

// uvarint reads a RAR 5 number, which is a varint of Go's kind.
func uvarint(b []byte) (v uint64, rest []byte, ok bool) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, false
	}
	return v, b[n:], true
}

// readRar5 reads a header at a place; nil is a damaged one or the file's end.
func readRar5(r io.ReaderAt, at int64) *rarBlock {
	var head [7]byte
	if n, _ := r.ReadAt(head[:], at); n < len(head) {
		return nil
	}
	size, n := binary.Uvarint(head[4:])
	if n <= 0 || size == 0 || size > rarHeaderMost {
		return nil
	}
	b := make([]byte, 4+n+int(size))
	if got, _ := r.ReadAt(b, at); got < len(b) {
		return nil
	}
	if crc32.ChecksumIEEE(b[4:]) != binary.LittleEndian.Uint32(b) {
		return nil
	}
	k := &rarBlock{at: at, b: b, typeAt: 4 + n}
	rest := b[k.typeAt:]
	var extra, data uint64
	var ok bool
	if k.typ, rest, ok = uvarint(rest); !ok {
		return nil
	}
	k.flagsAt = len(b) - len(rest)
	if k.flags, rest, ok = uvarint(rest); !ok {
		return nil
	}
	if k.flags&1 != 0 {
		if extra, rest, ok = uvarint(rest); !ok {
			return nil
		}
	}
	if k.flags&2 != 0 {
		if data, rest, ok = uvarint(rest); !ok {
			return nil
		}
	}
	if extra > uint64(len(rest)) || data > 1<<55 {
		return nil
	}
	k.body, k.extra, k.data = rest[:uint64(len(rest))-extra], rest[uint64(len(rest))-extra:], int64(data)
	return k
}

// readRar4 reads a header of the older format.
func readRar4(r io.ReaderAt, at int64) *rarBlock {
	var head [7]byte
	if n, _ := r.ReadAt(head[:], at); n < len(head) {
		return nil
	}
	le := binary.LittleEndian
	size := int(le.Uint16(head[5:]))
	if size < len(head) || head[2] < 0x72 || head[2] > 0x7b {
		return nil
	}
	b := make([]byte, size)
	if n, _ := r.ReadAt(b, at); n < size {
		return nil
	}
	k := &rarBlock{at: at, b: b, typ: uint64(head[2]), flags: uint64(le.Uint16(head[3:])), typeAt: 2, flagsAt: 3, body: b[7:]}
	file := k.typ == 0x74 || k.typ == 0x7a
	// Comments within a header are outside of its sum; the other kinds have sums of
	// their own rules, and none of them holds a file.
	if (file && k.flags&8 == 0 || k.typ == 0x73 && k.flags&2 == 0 || k.typ == 0x7b) &&
		uint16(crc32.ChecksumIEEE(b[2:])) != le.Uint16(b) { //nolint:gosec // the low half is what is kept
		return nil
	}
	if k.flags&0x8000 != 0 || file {
		if size < 11 {
			return nil
		}
		k.data = int64(le.Uint32(b[7:]))
	}
	if file && k.flags&0x100 != 0 {
		if size < 40 {
			return nil
		}
		if high := le.Uint32(b[32:]); high < 1<<22 {
			k.data |= int64(high) << 32
		} else {
			return nil
		}
	}
	return k
}

// rarShort says that a header that cannot be read goes on behind the file's end.
func rarShort(r io.ReaderAt, at, size int64, modern bool) bool {
	var head [7]byte
	if n, _ := r.ReadAt(head[:], at); n < len(head) {
		return true
	}
	if modern {
		n, k := binary.Uvarint(head[4:])
		return k > 0 && n <= rarHeaderMost && at+4+int64(k)+int64(n) > size
	}
	return at+int64(binary.LittleEndian.Uint16(head[5:])) > size
}

// patch shows a header in a changed form, with its sum made right.
func (m *rarMap) patch(k *rarBlock) {
	m.seal(k.b)
	m.patches = append(m.patches, rarPatch{k.at, k.b})
}

// seal makes a header's sum right.
func (m *rarMap) seal(b []byte) {
	if m.modern {
		binary.LittleEndian.PutUint32(b, crc32.ChecksumIEEE(b[4:]))
	} else {
		binary.LittleEndian.PutUint16(b, uint16(crc32.ChecksumIEEE(b[2:]))) //nolint:gosec // the low half is what RAR 4 keeps
	}
}

// scanRar walks the blocks.
func scanRar(ctx context.Context, r io.ReaderAt, size int64, limit int) (*rarMap, error) {
	var sig [8]byte
	n, err := r.ReadAt(sig[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	m := &rarMap{modern: n == 8 && sig[6] == 1 && sig[7] == 0}
	read, at := readRar4, int64(7)
	if m.modern {
		read, at = readRar5, 8
	}
	for count := 0; ; count++ {
		if count&0xff == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		m.end = at
		k := read(r, at)
		if k == nil {
			m.damaged = at < size && !rarShort(r, at, size, m.modern)
			return m, nil
		}
		if stop := m.block(k, limit); stop {
			return m, nil
		}
		if at += int64(len(k.b)) + k.data; at > size {
			m.cutLast, m.end = true, at
			return m, nil
		}
	}
}

// block looks at one block; true ends the walk.
func (m *rarMap) block(k *rarBlock, limit int) bool {
	switch {
	case m.modern && k.typ == 1:
		flags, rest, _ := uvarint(k.body)
		m.goesOn, m.solid = flags&1 != 0, flags&4 != 0
		if flags&2 != 0 {
			number, _, _ := uvarint(rest)
			m.later = number > 0
			// The decoder takes only volume 0 for a beginning.
			if at := len(k.b) - len(k.extra) - len(k.body); flags < 0x80 {
				k.b[at] &^= 2
				m.patch(k)
			}
		}
	case m.modern && k.typ == 4:
		m.locked, m.costly = true, rarRounds(k.body) > rarRoundsMost
		return true
	case !m.modern && k.typ == 0x72:
		return true // the signature of the next volume: QUIRK: RAR before 2.9 wrote no end blocks
	case !m.modern && k.typ == 0x73:
		m.goesOn, m.solid, m.locked = k.flags&1 != 0, k.flags&8 != 0, k.flags&0x80 != 0
		m.later = m.goesOn && k.flags&0x100 == 0
		return m.locked
	case m.modern && k.typ == 5, !m.modern && k.typ == 0x7b:
		m.ended = true
		flags := k.flags
		if m.modern {
			flags, _, _ = uvarint(k.body)
		}
		m.goesOn = m.goesOn && flags&1 != 0
		return true
	case m.modern && k.typ == 2, !m.modern && k.typ == 0x74:
		return m.file(k, limit)
	}
	return false
}

// file counts a file and mends what is split: of a file that began on an earlier
// volume nothing can be had, so it is shown as a block of no kind; one that goes
// on in the next is shown as ending here.
func (m *rarMap) file(k *rarBlock, limit int) bool {
	before, after := uint64(1), uint64(2)
	if m.modern {
		before, after = 8, 16
		for extra := k.extra; len(extra) > 0; {
			size, rest, ok := uvarint(extra)
			if !ok || size > uint64(len(rest)) {
				break
			}
			if typ, record, ok := uvarint(rest[:size]); ok && typ == 1 {
				m.costly = m.costly || rarRounds(record) > rarRoundsMost
			}
			extra = rest[size:]
		}
	}
	m.cutLast = false
	if len(m.patches) > rarPatches {
		m.damaged = true
		return true
	}
	if k.flags&after != 0 {
		m.cutLast = true
		b := append([]byte{}, k.b...)
		b[k.flagsAt] &^= byte(after)
		m.seal(b)
		m.ends = append(m.ends, rarPatch{k.at, b})
	}
	if k.flags&before != 0 {
		m.later = true
		k.b[k.typeAt] = 0x7f
		m.patch(k)
		return false
	}
	if m.files >= limit {
		m.more = true
		return true
	}
	m.files++
	if k.flags&after != 0 {
		k.b[k.flagsAt] &^= byte(after)
		m.patch(k)
	}
	return false
}

// rarRounds reads the exponent of an encryption record: version, flags, count.
func rarRounds(b []byte) byte {
	_, b, _ = uvarint(b)
	if _, b, _ = uvarint(b); len(b) > 0 {
		return b[0]
	}
	return 0
}

// rarView is the archive as the decoder is to see it: with the patches, to the
// last block that is whole, and with an end. It is the only file of an fs.FS,
// because the decoder opens files by itself.
type rarView struct {
	r    io.ReaderAt
	size int64 // of the file
	m    *rarMap
}

const rarName = "archive.rar"

// Open is fs.FS.
func (v rarView) Open(name string) (fs.File, error) {
	if name != rarName {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &rarFile{SectionReader: io.NewSectionReader(v, 0, v.length())}, nil
}

func (v rarView) length() int64 {
	switch {
	case v.m.locked:
		return v.size
	case v.m.modern:
		return v.m.end + int64(len(rarEndBlock))
	}
	return v.m.end
}

// ReadAt is io.ReaderAt.
func (v rarView) ReadAt(p []byte, at int64) (int, error) {
	if v.m.locked {
		return v.r.ReadAt(p, at)
	}
	end, n := v.m.end, 0
	if at < end {
		want := min(int64(len(p)), end-at)
		got, err := v.r.ReadAt(p[:want], at)
		n = got
		for _, patch := range v.m.patches {
			overlay(p[:n], at, patch)
		}
		if int64(n) < want {
			switch {
			case n > 0:
				return n, nil // the decoder keeps an error beyond the next seek
			case err == nil || errors.Is(err, io.EOF):
				err = io.ErrUnexpectedEOF // a block that is cut off
			}
			return n, err
		}
	}
	if n < len(p) && v.m.modern && at+int64(n) >= end && at+int64(n) < v.length() {
		n += copy(p[n:], rarEndBlock[at+int64(n)-end:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// overlay puts a patch over what was read at a place.
func overlay(p []byte, at int64, patch rarPatch) {
	from := patch.at - at
	if from >= int64(len(p)) || from+int64(len(patch.b)) <= 0 {
		return
	}
	if from < 0 {
		copy(p, patch.b[-from:])
		return
	}
	copy(p[from:], patch.b)
}

// rarFile is that file, opened.
type rarFile struct{ *io.SectionReader }

// Close is fs.File.
func (*rarFile) Close() error { return nil }

// Stat is fs.File.
func (f *rarFile) Stat() (fs.FileInfo, error) { return f, nil }

// Name and the others are fs.FileInfo.
func (*rarFile) Name() string       { return rarName }
func (*rarFile) Mode() fs.FileMode  { return 0o400 }
func (*rarFile) ModTime() time.Time { return time.Time{} }
func (*rarFile) IsDir() bool        { return false }
func (*rarFile) Sys() any           { return nil }
