// Package packed reads archives: what lies in them comes out as children, under
// limits on count, size and ratio. The directory is read by our own reader,
// because archive/zip opens overlapping entries without a word, hands out the
// ciphertext of encrypted ones, and leaves names in GBK as raw bytes (all three
// checked on Go 1.26).
package packed

import (
	"encoding/binary"
	"time"

	"guidang/extractors/document"
)

// Signatures of a zip's records (APPNOTE.TXT 6.3.10, 4.3).
const (
	sigLocal      = "PK\x03\x04"
	sigDirectory  = "PK\x01\x02"
	sigEnd        = "PK\x05\x06"
	sigEnd64      = "PK\x06\x06"
	sigLocator64  = "PK\x06\x07"
	sigDescriptor = "PK\x07\x08"
)

// Lengths of the fixed parts of the records.
const (
	lenLocal     = 30
	lenDirectory = 46
	lenEnd       = 22
	lenEnd64     = 56
	lenLocator64 = 20
)

// Bits of an entry's flags (APPNOTE 4.4.4).
const (
	flagEncrypted  = 1 << 0
	flagDescriptor = 1 << 3
	flagUTF8       = 1 << 11
)

// Entry is one entry of a zip.
type Entry struct {
	Name     string // decoded, with "/" between folders; unique within the zip
	Offset   int64  // of its local header
	Packed   int64
	Size     int64
	CRC      uint32
	Method   uint16
	Modified time.Time
	Cut      bool // its bytes end before they should

	raw       string // the name as it stands in the file
	flags     uint16
	dosTime   uint16
	disk      uint16 // the volume that it begins on, from 0
	folder    bool
	special   bool // a link or a device
	elsewhere bool // it lies on another volume
	data      int64
	aes       aesField
}

// fields fills what the local header and the directory's record have alike.
// b begins at the version needed.
func (e *Entry) fields(b []byte) {
	le := binary.LittleEndian
	e.flags, e.Method = le.Uint16(b[2:]), le.Uint16(b[4:])
	e.dosTime = le.Uint16(b[6:])
	e.Modified = dosTime(le.Uint16(b[8:]), e.dosTime)
	e.CRC = le.Uint32(b[10:])
	e.Packed, e.Size = int64(le.Uint32(b[14:])), int64(le.Uint32(b[18:]))
}

// dosTime is a DOS date and time. It has no zone; UTC stands in, as with
// archive/zip.
func dosTime(date, clock uint16) time.Time {
	if date == 0 {
		return time.Time{}
	}
	return time.Date(int(date>>9)+1980, time.Month(date>>5&15), int(date&31), int(clock>>11), int(clock>>5&63), int(clock&31)*2, 0, time.UTC)
}

// attributes tells folders, links and devices by the external attributes of
// Unix and DOS writers (APPNOTE 4.4.15).
func (e *Entry) attributes(madeBy byte, external uint32) {
	const unixFile, unixFolder, unixType = 0x8000, 0x4000, 0xf000
	switch mode := external >> 16 & unixType; {
	case madeBy != 3 && madeBy != 19: // Unix, macOS
	case mode == unixFolder:
		e.folder = true
	case mode != 0 && mode != unixFile:
		e.special = true
	}
	if external&0x10 != 0 && e.Size == 0 {
		e.folder = true
	}
}

// extras reads the extra fields that change what an entry is.
func (e *Entry) extras(b []byte, offset *int64) {
	le := binary.LittleEndian
	for len(b) >= 4 {
		id, n := le.Uint16(b), int(le.Uint16(b[2:]))
		if b = b[4:]; n > len(b) {
			return
		}
		field := b[:n]
		b = b[n:]
		switch id {
		case 0x0001:
			e.extra64(field, offset)
		case 0x5455: // extended timestamp: seconds since 1970 in UTC
			if n >= 5 && field[0]&1 != 0 {
				e.Modified = time.Unix(int64(int32(le.Uint32(field[1:]))), 0).UTC() //nolint:gosec // signed by its definition
			}
		case 0x7075:
			e.unicodePath(field)
		case 0x9901:
			e.aes.read(field)
		}
	}
}

// extra64 reads the zip64 field: only those numbers stand in it that did not
// fit (APPNOTE 4.5.3), in this order.
func (e *Entry) extra64(b []byte, offset *int64) {
	for _, p := range []*int64{&e.Size, &e.Packed, offset} {
		if p != nil && *p == 0xffffffff && len(b) >= 8 {
			*p = int64(binary.LittleEndian.Uint64(b) & (1<<63 - 1))
			b = b[8:]
		}
	}
}

// failure is an error of a member that knows its reason.
type failure struct {
	reason document.Reason
	detail string
}

// Error says what is wrong, without any text of the document.
func (f *failure) Error() string { return f.detail }

// Reason is the reason that the member's item gets.
func (f *failure) Reason() document.Reason { return f.reason }
