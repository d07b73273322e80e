package rtf

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// What is wrong with compressed RTF. What could be read is given all the same.
var (
	ErrCompressed = errors.New("not compressed RTF")
	ErrChecksum   = errors.New("the checksum of the compressed RTF does not fit")
	ErrShort      = errors.New("the compressed RTF ends too early")
	ErrLong       = errors.New("the RTF is longer than may be")
)

// dictionary is what every reader and writer begins with ([MS-OXRTFCP] 2.1.2.1).
const dictionary = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

const window = 4096

// Decompress undoes [MS-OXRTFCP]. The sizes of the header are only compared with,
// never allocated by: two bytes give seventeen at most, so the output is bounded
// by the input, and by limit.
func Decompress(data []byte, limit int) ([]byte, error) {
	if len(data) < 16 {
		return nil, ErrCompressed
	}
	raw := int64(binary.LittleEndian.Uint32(data[4:]))
	body := data[16:]
	claimed := int64(binary.LittleEndian.Uint32(data)) - 12
	var wrong error
	switch {
	case claimed > int64(len(body)):
		wrong = ErrShort
	case claimed >= 0:
		body = body[:claimed]
	}
	switch binary.LittleEndian.Uint32(data[8:]) {
	case 0x414c454d: // MELA: stored
		if raw < int64(len(body)) {
			body = body[:raw]
		}
		if len(body) > limit {
			return body[:limit], ErrLong
		}
		return body, wrong
	case 0x75465a4c: // LZFu
	default:
		return nil, ErrCompressed
	}
	if wrong == nil && ^crc32.Update(0xffffffff, crc32.IEEETable, body) != binary.LittleEndian.Uint32(data[12:]) {
		wrong = ErrChecksum
	}
	out, ended := expand(body, int(min(raw, int64(limit))))
	switch {
	case raw > int64(limit) && len(out) >= limit:
		return out, ErrLong
	case wrong == nil && !ended && int64(len(out)) < raw:
		wrong = ErrShort
	}
	return out, wrong
}

// expand runs the codes: eight flags a byte, a literal or a reference into the
// window each. ended tells that the mark of the end was met.
func expand(in []byte, size int) (out []byte, ended bool) {
	var win [window]byte
	copy(win[:], dictionary)
	at := len(dictionary)
	out = make([]byte, 0, min(size, 4*len(in)))
	emit := func(c byte) bool {
		out = append(out, c)
		win[at] = c
		at = (at + 1) % window
		return len(out) < size
	}
	if size <= 0 {
		return out, false
	}
	for i := 0; i < len(in); {
		flags := in[i]
		i++
		for bit := range 8 {
			if i >= len(in) {
				return out, false
			}
			if flags>>bit&1 == 0 {
				i++
				if !emit(in[i-1]) {
					return out, false
				}
				continue
			}
			if i+2 > len(in) {
				return out, false
			}
			code := int(in[i])<<8 | int(in[i+1])
			i += 2
			from, n := code>>4, code&15+2
			if from == at {
				return out, true // a reference to the place of writing is the end
			}
			for k := range n {
				if !emit(win[(from+k)%window]) {
					return out, false
				}
			}
		}
	}
	return out, false
}
