package biff

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"guidang/extractors/charset"
)

// Flags of a hyperlink ([MS-OSHARED] 2.3.7.1).
const (
	linkMoniker  = 0x001
	linkDisplay  = 0x010
	linkFrame    = 0x080
	linkAsString = 0x100
)

// linkHead is where the hyperlink begins in its record: behind its cells and a
// class id.
const linkHead = 8 + 16

// Class ids of what a hyperlink leads to.
var (
	urlMoniker  = []byte{0xe0, 0xc9, 0xea, 0x79, 0xf9, 0xba, 0xce, 0x11, 0x8c, 0x82, 0x00, 0xaa, 0x00, 0x4b, 0xa9, 0x0b}
	fileMoniker = []byte{0x03, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46}
)

// linkTarget reads where a HLINK record leads ([MS-XLS] 2.4.140); "" for a place
// within the workbook.
func linkTarget(data []byte) string {
	if len(data) < linkHead+8 {
		return ""
	}
	flags, b := u32(data, linkHead+4), data[linkHead+8:]
	for _, has := range []uint32{linkDisplay, linkFrame} {
		if flags&has != 0 {
			if _, b = countedUnits(b); b == nil {
				return ""
			}
		}
	}
	switch {
	case flags&linkMoniker == 0 || len(b) < 4:
		return ""
	case flags&linkAsString != 0:
		to, _ := countedUnits(b)
		return to
	case bytes.HasPrefix(b, urlMoniker):
		b = b[len(urlMoniker):]
		if len(b) < 4 {
			return ""
		}
		return untilZero(first(b[4:], u32(b, 0)))
	case bytes.HasPrefix(b, fileMoniker):
		return filePath(b[len(fileMoniker):])
	}
	return ""
}

// filePath reads a path: in the machine's code page, and again in Unicode where that
// says more.
func filePath(b []byte) string {
	if len(b) < 6 {
		return ""
	}
	up, n := int(binary.LittleEndian.Uint16(b)), uint64(u32(b, 2))
	b = b[6:]
	if n > uint64(len(b)) {
		return ""
	}
	short, rest := b[:n], b[n:]
	const between = 2 + 2 + 16 + 4 // an end, a version, and room that is not used
	if len(rest) >= between+4+6 && u32(rest, between) > 0 {
		rest = rest[between+4:]
		if wide := untilZero(first(rest[6:], u32(rest, 0))); wide != "" {
			return wide
		}
	}
	to, _, _ := charset.Decode(bytes.TrimRight(short, "\x00"), "")
	return strings.Repeat(`..\`, min(up, 16)) + to
}

// first is as much of b as it says, or all.
func first(b []byte, n uint32) []byte {
	if int64(n) < int64(len(b)) {
		return b[:n]
	}
	return b
}

// countedUnits reads characters of two bytes behind their number; rest is nil where
// they are cut off.
func countedUnits(b []byte) (text string, rest []byte) {
	if len(b) < 4 {
		return "", nil
	}
	n := uint64(u32(b, 0)) * 2
	if b = b[4:]; n > uint64(len(b)) {
		return "", nil
	}
	return untilZero(b[:n]), b[n:]
}

// untilZero reads characters of two bytes to the first zero.
func untilZero(b []byte) string {
	var out []uint16
	for i := 0; i+1 < len(b) && (b[i] != 0 || b[i+1] != 0); i += 2 {
		out = append(out, binary.LittleEndian.Uint16(b[i:]))
	}
	return string(utf16.Decode(out))
}
