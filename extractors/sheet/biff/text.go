package biff

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// parts reads the data of a record that goes on in CONTINUE records ([MS-XLS]
// 2.4.58). Nothing is set aside for a length before its bytes were seen.
type parts struct {
	stream []byte
	next   int    // where the record behind begins
	data   []byte // what is left of the current one
	units  []uint16
}

func newParts(stream, data []byte, next int) *parts {
	return &parts{stream: stream, data: data, next: next}
}

// more steps into the next CONTINUE record.
func (p *parts) more() bool {
	id, data, next, _, ok := record(p.stream, p.next)
	if !ok || id != idContinue {
		return false
	}
	p.data, p.next = data, next
	return true
}

// number reads n bytes, low one first, across records.
func (p *parts) number(n int) (v uint32, ok bool) {
	for i := range n {
		for len(p.data) == 0 {
			if !p.more() {
				return 0, false
			}
		}
		v |= uint32(p.data[0]) << (8 * i)
		p.data = p.data[1:]
	}
	return v, true
}

// skip passes n bytes, across records.
func (p *parts) skip(n int64) bool {
	for n > 0 {
		if len(p.data) == 0 && !p.more() {
			return false
		}
		k := min(n, int64(len(p.data)))
		p.data, n = p.data[k:], n-k
	}
	return true
}

// chars reads n characters. Where they go on in another record, that begins with
// a byte that says anew whether they are wide.
func (p *parts) chars(n int, wide bool) (text string, ok bool) {
	size := n
	if wide {
		size = 2 * n
	}
	if size <= len(p.data) { // the usual case: all in one piece
		text = p.decode(p.data[:size], wide)
		p.data = p.data[size:]
		return text, true
	}
	units := p.units[:0]
	for {
		k := len(p.data)
		if wide {
			k /= 2
		}
		k = min(k, n)
		for i := range k {
			if wide {
				units = append(units, binary.LittleEndian.Uint16(p.data[2*i:]))
			} else {
				units = append(units, uint16(p.data[i]))
			}
		}
		if n -= k; n == 0 {
			if wide {
				k *= 2
			}
			p.data = p.data[k:]
			break
		}
		if !p.more() || len(p.data) == 0 {
			p.data = nil
			break
		}
		wide = p.data[0]&1 != 0
		p.data = p.data[1:]
	}
	p.units = units
	return string(utf16.Decode(units)), n == 0
}

// decode turns characters of one record into text.
func (p *parts) decode(b []byte, wide bool) string {
	if !wide {
		return latin(b)
	}
	out := make([]byte, 0, len(b)*3/2)
	for i := 0; i+2 <= len(b); i += 2 {
		r := rune(binary.LittleEndian.Uint16(b[i:]))
		if utf16.IsSurrogate(r) && i+4 <= len(b) {
			if pair := utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(b[i+2:]))); pair != utf8.RuneError {
				r = pair
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// latin gives text whose characters are the low bytes of Unicode.
func latin(b []byte) string {
	high := 0
	for _, c := range b {
		if c >= 0x80 {
			high++
		}
	}
	if high == 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b)+high)
	for _, c := range b {
		out = utf8.AppendRune(out, rune(c))
	}
	return string(out)
}

// unicode reads a string of BIFF8 with a length of one or two bytes, and passes
// the runs of fonts and the phonetic text behind it ([MS-XLS] 2.5.293).
func (p *parts) unicode(lengthBytes int) (text string, ok bool) {
	n, ok := p.number(lengthBytes)
	if !ok {
		return "", false
	}
	return p.body(int(n))
}

// body is unicode behind the length.
func (p *parts) body(n int) (text string, ok bool) {
	flags, ok := p.number(1)
	if !ok {
		return "", n == 0
	}
	var runs, phonetic uint32
	if flags&8 != 0 {
		if runs, ok = p.number(2); !ok {
			return "", false
		}
	}
	if flags&4 != 0 {
		if phonetic, ok = p.number(4); !ok {
			return "", false
		}
	}
	if text, ok = p.chars(n, flags&1 != 0); !ok {
		return text, false
	}
	return text, p.skip(int64(runs)*4 + int64(phonetic))
}

// bytes reads n bytes across records.
func (p *parts) bytes(n int) []byte {
	if n <= len(p.data) {
		out := p.data[:n]
		p.data = p.data[n:]
		return out
	}
	var out []byte
	for n > 0 {
		if len(p.data) == 0 && !p.more() {
			return out
		}
		k := min(n, len(p.data))
		out = append(out, p.data[:k]...)
		p.data, n = p.data[k:], n-k
	}
	return out
}
