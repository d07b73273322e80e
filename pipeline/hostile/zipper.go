package hostile

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
)

// entry is a member of a zip, in which every field may lie.
type entry struct {
	name   string
	body   []byte // as it is stored
	method uint16 // 0 stored, 8 deflated
	flags  uint16
	sum    uint32
	size   uint64 // claimed
	extra  []byte
	mode   uint32 // of Unix; 0: none
	at     int    // of its local header when it has none of its own; -1: it has
}

// plain is an honest stored entry.
func plain(name, body string) entry {
	return entry{name: name, body: []byte(body), sum: crc32.ChecksumIEEE([]byte(body)), size: uint64(len(body)), at: -1}
}

// packed is an honest deflated entry.
func packed(name string, body []byte) entry {
	return entry{name: name, body: deflate(body), method: 8, sum: crc32.ChecksumIEEE(body), size: uint64(len(body)), at: -1}
}

func deflate(body []byte) []byte {
	var b bytes.Buffer
	w := must(flate.NewWriter(&b, flate.BestCompression))
	must(w.Write(body))
	check(w.Close())
	return b.Bytes()
}

// megabyte is a megabyte of zeros, packed, with no end: it can be said again.
func megabyte() []byte {
	var b bytes.Buffer
	w := must(flate.NewWriter(&b, flate.BestCompression))
	must(w.Write(make([]byte, 1<<20)))
	check(w.Flush())
	return b.Bytes()
}

// deflateZeros is what deflate gives for first and then so many megabytes of
// zeros, without deflating them.
func deflateZeros(first []byte, megabytes int) []byte {
	head := []byte{}
	if n := uint16(len(first)); n > 0 { //nolint:gosec // short
		head = append(le.AppendUint16(le.AppendUint16([]byte{0}, n), ^n), first...)
	}
	return join(head, bytes.Repeat(megabyte(), megabytes), []byte{1, 0, 0, 0xff, 0xff})
}

// zlibZeros is the same in zlib's wrapping, with the checksum of zeros.
func zlibZeros(megabytes int) []byte {
	sum := binary.BigEndian.AppendUint16(nil, uint16((megabytes<<20)%65521)) //nolint:gosec // below 65521
	return join([]byte{0x78, 0xda}, deflateZeros(nil, megabytes), sum, []byte{0, 1})
}

// zeros is a deflated entry of first and then megabytes of zeros.
func zeros(name string, first []byte, megabytes int) entry {
	sum := crc32.ChecksumIEEE(first)
	for range megabytes {
		sum = crc32.Update(sum, crc32.IEEETable, oneMegabyte)
	}
	return entry{name: name, body: deflateZeros(first, megabytes), method: 8, sum: sum, size: uint64(len(first)) + uint64(megabytes)<<20, at: -1} //nolint:gosec // some
}

var oneMegabyte = make([]byte, 1<<20)

var le = binary.LittleEndian

// local is an entry's local header.
func (e entry) local() []byte {
	b := []byte("PK\x03\x04")
	b = le.AppendUint16(b, 20)
	b = le.AppendUint16(b, e.flags)
	b = le.AppendUint16(b, e.method)
	b = append(b, 0, 0, 0x21, 0x58) // 2024-01-01
	b = le.AppendUint32(b, e.sum)
	b = le.AppendUint32(b, uint32(len(e.body)))  //nolint:gosec // small, or a lie
	b = le.AppendUint32(b, uint32(e.size))       //nolint:gosec // small, or a lie
	b = le.AppendUint16(b, uint16(len(e.name)))  //nolint:gosec // short
	b = le.AppendUint16(b, uint16(len(e.extra))) //nolint:gosec // short
	return append(append(b, e.name...), e.extra...)
}

// central is its line in the directory.
func (e entry) central(at int) []byte {
	b := []byte("PK\x01\x02")
	b = append(b, 20, 3) // made on Unix
	b = append(b, e.local()[4:30]...)
	b = append(b, make([]byte, 6)...) // comment, disk, internal attributes
	b = le.AppendUint32(b, e.mode<<16)
	b = le.AppendUint32(b, uint32(at)) //nolint:gosec // small
	return append(append(b, e.name...), e.extra...)
}

// zipped writes a zip of entries.
func zipped(entries ...entry) []byte {
	var out, dir []byte
	for _, e := range entries {
		at := e.at
		if at < 0 {
			at = len(out)
			out = append(append(out, e.local()...), e.body...)
		}
		dir = append(dir, e.central(at)...)
	}
	return append(append(out, dir...), end(len(entries), len(dir), len(out))...)
}

func end(entries, size, at int) []byte {
	b := []byte("PK\x05\x06\x00\x00\x00\x00")
	n := uint16(min(entries, 0xFFFF)) //nolint:gosec // bounded
	b = le.AppendUint16(b, n)
	b = le.AppendUint16(b, n)
	b = le.AppendUint32(b, uint32(size)) //nolint:gosec // small
	b = le.AppendUint32(b, uint32(at))   //nolint:gosec // small
	return append(b, 0, 0)
}

// quoted is a bomb of members that lie in each other: each one's stream quotes
// the next one's local header in a stored block and goes on with its stream, so
// that one kernel of zeros is every member's end.
func quoted(members, megabytes int) []byte {
	names := make([]entry, members)
	plainTail, body := make([]byte, megabytes<<20), deflateZeros(nil, megabytes)
	for n := members - 1; n >= 0; n-- {
		names[n] = entry{name: number(n), method: 8, body: body, sum: crc32.ChecksumIEEE(plainTail), size: uint64(len(plainTail)), at: -1}
		head := names[n].local()
		size := uint16(len(head)) //nolint:gosec // some 30 bytes
		block := le.AppendUint16(le.AppendUint16([]byte{0}, size), ^size)
		plainTail = append(bytes.Clone(head), plainTail...)
		body = append(append(block, head...), body...)
	}
	out := append(names[0].local(), names[0].body...)
	at, dir := 0, []byte{}
	for n := range names {
		dir = append(dir, names[n].central(at)...)
		at += len(names[n].local()) + 5
	}
	return append(append(out, dir...), end(members, len(dir), len(out))...)
}
