package charset

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Of tells which UTF-16 without a mark data is, or "". Text in UTF-16 shows
// by one half of each pair: zero for ASCII, 4E to 9F for Chinese. That half
// alone is not enough, because plain ASCII has many bytes from 4E to 7E; so there
// must be zeros or control characters as well, which no other charset of text has.
func utf16Of(data []byte, name string) string {
	if name == UTF16LE || name == UTF16BE {
		if len(data) >= 2 {
			return name
		}
		return ""
	}
	sample := data[:min(len(data), 4<<10)&^1]
	pairs := len(sample) / 2
	if pairs == 0 || len(data)%2 != 0 && pairs < 32 {
		return ""
	}
	var zero, text [2]int // by the half of the pair that would be the high one; 一 and 需 have a zero low half
	controls := 0
	for i := 0; i < len(sample); i += 2 {
		for half := range 2 {
			high, low := sample[i+half], sample[i+1-half]
			if high == 0 {
				zero[half]++
			}
			if isControl(high) {
				controls++
			}
			switch {
			case high >= 0x4e && high <= 0x9f, high == 0x30 && low < 0x40, high == 0xff && low < 0x66,
				high == 0 && (low >= 0x20 && low != 0x7f || low == '\n' || low == '\r' || low == '\t'), high == 0x20 && low < 0x70 && low >= 0x10:
				text[half]++
			}
		}
	}
	if zero[0]+zero[1] == 0 && (controls == 0 || len(data)%2 != 0) && !isUTF16(name) {
		return ""
	}
	be, le := text[0], text[1]
	switch {
	case le*10 >= pairs*9 && (le >= 2*be || zero[1] > 4*zero[0]):
		return UTF16LE
	case be*10 >= pairs*9 && (be >= 2*le || zero[0] > 4*zero[1]):
		return UTF16BE
	case name == "utf-16" && zero[0]+zero[1] > 0:
		// RFC 2781 4.3: without a mark, big endian; the wild: little endian.
		if be > le {
			return UTF16BE
		}
		return UTF16LE
	}
	return ""
}

func isControl(c byte) bool {
	return c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x0c && c != 0x1b
}

func decodeUTF16(data []byte, used string) (string, bool) {
	order := binary.ByteOrder(binary.LittleEndian)
	if used == UTF16BE {
		order = binary.BigEndian
	}
	var b strings.Builder
	b.Grow(len(data)/2*3 + 3)
	lossy := len(data)%2 != 0
	for i := 0; i+1 < len(data); i += 2 {
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) {
			next := rune(0)
			if i+3 < len(data) {
				next = rune(order.Uint16(data[i+2:]))
			}
			if r = utf16.DecodeRune(r, next); r == utf8.RuneError {
				lossy = true
			} else {
				i += 2
			}
		}
		b.WriteRune(r)
	}
	return b.String(), lossy
}

func decodeUTF32(data []byte, big bool) (string, bool) {
	order := binary.ByteOrder(binary.LittleEndian)
	if big {
		order = binary.BigEndian
	}
	var b strings.Builder
	lossy := len(data)%4 != 0
	for i := 0; i+3 < len(data); i += 4 {
		v := order.Uint32(data[i:])
		if v > utf8.MaxRune {
			v, lossy = utf8.RuneError, true
		}
		b.WriteRune(rune(v))
	}
	return b.String(), lossy
}
