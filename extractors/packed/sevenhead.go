package packed

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"time"

	"guidang/extractors/document"
)

// A 7z file's header is read here, and the decoder sees only headers of our own
// making that describe one block of packed bytes each (sevenblock.go), for three
// reasons: bodgit/sevenzip sets aside what a header's numbers ask for (a file of
// 189 bytes took 3.2 GB), a dictionary's size stands in the header too, and with
// 60,000 blocks its lists take 26 s, which no context ends. Numbers that the bytes
// of the header cannot back are refused; dictionaries are written down to what
// the content can use.

const (
	sevenSignature = "7z\xbc\xaf\x27\x1c"
	lenSeven       = 32 // signature and start header
	// sevenMemory is the largest dictionary or model; `7z -mx=9` uses 256 MiB.
	sevenMemory = 256 << 20
	// sevenFiles bounds the entries of a header, of which about 200 bytes are kept
	// each.
	sevenFiles = 2_000_000
	// sevenList is the longest list of files: a million names of 60 letters.
	sevenList = 128 << 20
	// sevenCycles is the highest exponent of rounds to make a key that is tried:
	// 7-Zip writes 19, which takes a tenth of a second.
	sevenCycles = 22
)

// Property numbers of 7zFormat.txt.
const (
	sevenEnd = iota
	sevenHeader
	sevenArchiveProperties
	sevenAdditionalStreams
	sevenMainStreams
	sevenFilesInfo
	sevenPackInfo
	sevenUnpackInfo
	sevenSubStreams
	sevenSize
	sevenCRC
	sevenFolder
	sevenCodersUnpackSize
	sevenNumUnpackStream
	sevenEmptyStream
	sevenEmptyFile
	sevenAnti
	sevenName
	sevenCreated
	sevenAccessed
	sevenModified
	sevenAttributes
	sevenComment
	sevenEncodedHeader
)

// sevenBlock is one block of packed bytes ("folder" in 7zFormat.txt) that holds one
// file or many.
type sevenBlock struct {
	raw    []byte // its description within the header
	coders []sevenCoder
	main   int      // the number of the output that is the block's
	packs  []uint64 // lengths of its packed streams
	nPacks uint64
	sizes  []uint64 // of each coder's output
	sum    sevenSum
	files  uint64

	start        uint64 // of its packed bytes
	packed, size int64
	encrypted    bool
	unsupported  bool // by a coder that is not let in
	memory       bool // by too large a dictionary
	costly       bool // too many rounds for its key
}

// sevenCoder is one step of unpacking.
type sevenCoder struct {
	id         string
	properties []byte // within the header, so that they can be written down
	out        uint64
}

// sevenSum is a CRC that may not be there.
type sevenSum struct {
	crc   uint32
	known bool
}

// sevenFile is a file of the list.
type sevenFile struct {
	name       string
	modified   time.Time
	attributes uint32
	empty      bool // it has no bytes
	folder     bool
	block      int
	offset     int64 // within the block
	size       int64
	sum        sevenSum
}

// sevenInfo is what a header holds.
type sevenInfo struct {
	blocks   []sevenBlock
	position uint64
	packs    []uint64
	subSizes []uint64 // of every file with bytes
	subSums  []sevenSum
	files    []sevenFile
	end      int // behind the streams' part
}

// sevenWalk is a place in a header. Once something is wrong it stays so.
type sevenWalk struct {
	b   []byte
	at  int
	bad bool
}

func (w *sevenWalk) byte() byte {
	if w.at >= len(w.b) {
		w.bad = true
		return 0
	}
	w.at++
	return w.b[w.at-1]
}

func leUint32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

func (w *sevenWalk) left() uint64 { return uint64(len(w.b) - w.at) } //nolint:gosec // never below zero

func (w *sevenWalk) skip(n uint64) []byte {
	if n > w.left() {
		w.bad = true
		return nil
	}
	at := w.at
	w.at += int(n) //nolint:gosec // within the header
	return w.b[at:w.at:w.at]
}

// number reads 7z's number: the first byte's leading ones count the bytes that
// follow.
func (w *sevenWalk) number() uint64 {
	first := w.byte()
	var v uint64
	for i, mask := 0, byte(0x80); i < 8; i, mask = i+1, mask>>1 {
		if first&mask == 0 {
			return v | uint64(first&(mask-1))<<(8*i)
		}
		v |= uint64(w.byte()) << (8 * i)
	}
	return v
}

// count reads a number of things of which each takes at least one byte of what
// follows, or stands in what was read already.
func (w *sevenWalk) count(most uint64) uint64 {
	n := w.number()
	if n > most {
		w.bad = true
		return 0
	}
	return n
}

// flags reads which of n things are there; nil says all.
func (w *sevenWalk) flags(n uint64, optional bool) []byte {
	if optional && w.byte() != 0 {
		return nil
	}
	bits := w.skip((n + 7) / 8)
	if bits == nil {
		bits = []byte{}
	}
	return bits
}

func flagged(bits []byte, i uint64) bool {
	return bits == nil || i/8 < uint64(len(bits)) && bits[i/8]&(0x80>>(i%8)) != 0
}

// sums reads n check sums, of which some may be missing.
func (w *sevenWalk) sums(n uint64) []sevenSum {
	if n > w.left()*8 {
		w.bad = true
		return nil
	}
	bits := w.flags(n, true)
	out := make([]sevenSum, 0, min(n, w.left()/4+1))
	for i := uint64(0); i < n && !w.bad; i++ {
		var s sevenSum
		if flagged(bits, i) {
			if b := w.skip(4); b != nil {
				s = sevenSum{binary.LittleEndian.Uint32(b), true}
			}
		}
		out = append(out, s)
	}
	return out
}

// measure fills in where the blocks lie, and what cannot be unpacked here. packed
// is how many bytes there are.
func (h *sevenInfo) measure(packed int64, l document.Limits) bool {
	rest, pos := h.packs, h.position
	for i := range h.blocks {
		f := &h.blocks[i]
		if f.nPacks > uint64(len(rest)) {
			return false
		}
		f.packs, rest = rest[:f.nPacks], rest[f.nPacks:]
		f.start = pos
		for _, n := range f.packs {
			if n > 1<<55 || pos > 1<<55 {
				return false
			}
			pos += n
			f.packed += int64(n)
		}
		if pos > uint64(max(packed, 0)) {
			return false
		}
		for _, n := range f.sizes {
			if n > 1<<55 {
				return false
			}
			f.size = max(f.size, int64(n))
		}
		for _, c := range f.coders {
			f.admit(c, l)
		}
	}
	return true
}

// admit looks at one coder, and writes its dictionary down to what can be used:
// no more than the block holds, and no more than its packed bytes may hold.
func (f *sevenBlock) admit(c sevenCoder, l document.Limits) {
	use := min(f.size, ratioFree+l.Ratio*f.packed)
	le := binary.LittleEndian
	switch c.id {
	case "\x03\x01\x01": // LZMA
		if len(c.properties) != 5 {
			f.unsupported = true
			return
		}
		asked := int64(le.Uint32(c.properties[1:]))
		d := min(asked, max(use, 4096))
		le.PutUint32(c.properties[1:], uint32(d)) //nolint:gosec // not above what was asked for
		f.memory = f.memory || d > sevenMemory
	case "\x21": // LZMA2: two sizes for each power of two from 4 KiB on
		if len(c.properties) != 1 || c.properties[0] > 40 {
			f.unsupported = true
			return
		}
		size := func(p byte) int64 { return int64(2|p&1) << (p/2 + 11) }
		p := byte(0)
		for p < c.properties[0] && size(p) < use {
			p++
		}
		c.properties[0] = p
		f.memory = f.memory || size(p) > sevenMemory
	case "\x03\x04\x01": // PPMd
		f.unsupported = f.unsupported || len(c.properties) != 5
		f.memory = f.memory || len(c.properties) == 5 && le.Uint32(c.properties[1:]) > sevenMemory
	case "\x06\xf1\x07\x01": // AES
		f.encrypted = true
		f.unsupported = f.unsupported || len(c.properties) < 2
		rounds := byte(0)
		if len(c.properties) > 0 {
			rounds = c.properties[0] & 0x3f
		}
		f.costly = rounds > sevenCycles && rounds != 0x3f
	case "\x00", "\x03", "\x0a", "\x04\x01\x08", "\x04\x02\x02", "\x03\x03\x01\x03", "\x03\x03\x01\x1b",
		"\x03\x03\x02\x05", "\x03\x03\x05\x01", "\x03\x03\x08\x05", "\x04\xf7\x11\x02", "\x04\xf7\x11\x04":
		// Stored, Delta, the filters of programs, Deflate, bzip2, Brotli and LZ4 ask
		// for little memory.
	default:
		// Zstandard of 7-Zip ZS among them: its window is asked for in the packed
		// bytes, where the decoder sets no limit.
		f.unsupported = true
	}
}

// parseSeven walks a whole header that stands in the clear.
func parseSeven(b []byte, packed int64, l document.Limits) (*sevenInfo, bool) {
	w, h := &sevenWalk{b: b}, &sevenInfo{}
	id := w.byte()
	if id != sevenHeader {
		return nil, false
	}
	id = w.byte()
	if id == sevenArchiveProperties { // nothing writes them
		for w.byte() != sevenEnd && !w.bad {
			w.skip(w.number())
		}
		id = w.byte()
	}
	if id == sevenMainStreams {
		w.streams(h)
		id = w.byte()
	}
	if id == sevenFilesInfo {
		w.filesInfo(h)
		id = w.byte()
	}
	if w.bad || id != sevenEnd {
		return nil, false
	}
	return h, h.measure(packed, l)
}

// sevenStart reads the start header: where the header lies and how long it is.
// whole is false when the file ends before it.
func sevenStart(head []byte, size int64) (offset, length int64, whole bool, err error) {
	if len(head) < lenSeven || string(head[:6]) != sevenSignature {
		return 0, 0, false, &failure{document.Truncated, "it ends in its first header"}
	}
	le := binary.LittleEndian
	if crc32.ChecksumIEEE(head[12:lenSeven]) != le.Uint32(head[8:]) {
		return 0, 0, false, &failure{document.Corrupt, "its first header is damaged"}
	}
	o, n := le.Uint64(head[12:]), le.Uint64(head[20:])
	if o > 1<<55 || n > 1<<40 {
		return 0, 0, false, &failure{document.Corrupt, "its first header is damaged"}
	}
	offset, length = int64(o), int64(n)
	if lenSeven+offset+length > size {
		return offset, length, false, nil
	}
	if length > sevenList {
		return 0, 0, false, &failure{document.TooMany, fmt.Sprintf("its list of files takes %d bytes", n)}
	}
	return offset, length, true, nil
}
