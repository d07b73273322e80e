package outlook

import (
	"encoding/binary"
	"strings"
	"time"
)

// props reads the encoded properties of TNEF ([MS-OXTNEF] 2.1.3.4). Every length is
// compared with what is left before it is used.
type props struct {
	data []byte
	bad  bool
}

func (r *props) take(n int64) []byte {
	if n < 0 || n > int64(len(r.data)) {
		r.bad = true
		r.data = nil
		return nil
	}
	b := r.data[:n:n]
	r.data = r.data[n:]
	return b
}

func (r *props) number() (uint32, bool) {
	b := r.take(4)
	if b == nil {
		return 0, false
	}
	return binary.LittleEndian.Uint32(b), true
}

// padded takes a value and what fills it up to four bytes. The last filling of a
// stream may be missing.
func (r *props) padded(n int64) []byte {
	b := r.take(n)
	if fill := (4 - n%4) % 4; !r.bad {
		r.data = r.data[min(fill, int64(len(r.data))):]
	}
	return b
}

// properties reads a list that is all of data.
func (it *item) properties(b *bag, data []byte) bool { return it.list(b, &props{data: data}) }

// list reads one list of properties into the bag. False means that it ended too
// early; what was read is kept.
func (it *item) list(b *bag, r *props) bool {
	n, ok := r.number()
	if !ok {
		return false
	}
	for range n {
		head := r.take(4)
		if head == nil {
			return false
		}
		kind, id := binary.LittleEndian.Uint16(head), binary.LittleEndian.Uint16(head[2:])
		if id >= 0x8000 {
			it.nameOf(r, id)
		}
		if !value(b, r, uint32(id)<<16|uint32(kind)) {
			return false
		}
	}
	return !r.bad
}

// nameOf reads the name that stands before a named property's value.
func (it *item) nameOf(r *props, id uint16) {
	guid := r.take(16)
	kind, _ := r.number()
	n, _ := r.number()
	if r.bad {
		return
	}
	nm := name{set: set(guid), lid: n}
	if kind == 1 {
		nm = name{set: set(guid), text: wide(r.padded(int64(n)))}
	}
	if !r.bad && len(it.names) < maxProperties {
		it.names[nm] = id
	}
}

// value reads a property's value.
func value(b *bag, r *props, tag uint32) bool {
	kind := uint16(tag & 0xFFFF)
	many := kind&ptMany != 0
	size := int64(-1)
	switch kind &^ ptMany {
	case ptInt16, ptBool, ptInt32, 0x0004, 0x000A, 0x0001:
		size = 4
	case ptInt64, ptTime, 0x0005, 0x0006, 0x0007:
		size = 8
	case ptGUID:
		size = 16
	case ptString8, ptUnicode, ptBinary, ptObject:
	default:
		r.bad = true // of unknown length, so nothing behind it can be found
		return false
	}
	count := uint32(1)
	if many || size < 0 {
		var ok bool
		if count, ok = r.number(); !ok {
			return false
		}
	}
	for i := range count {
		var v []byte
		if size >= 0 {
			v = r.take(size)
		} else {
			n, ok := r.number()
			if !ok {
				return false
			}
			v = r.padded(int64(n))
		}
		if r.bad {
			return false
		}
		switch {
		case many:
			if b.many == nil {
				b.many = map[uint32][][]byte{}
			}
			if len(b.many[tag]) < 1000 {
				b.many[tag] = append(b.many[tag], v)
			}
		case i == 0:
			b.fixed[tag] = v
		}
	}
	return true
}

// legacy are the attributes that stand beside the properties and count only where
// those say nothing.
type legacy struct {
	values map[uint32][]byte
}

func (l *legacy) take(id uint16, body []byte) {
	if l.values == nil {
		l.values = map[uint32][]byte{}
	}
	set := func(tag uint32, v []byte) {
		if _, ok := l.values[tag]; !ok && v != nil {
			l.values[tag] = v
		}
	}
	switch id {
	case attSubject:
		set(idSubject<<16|ptString8, body)
	case attBody:
		set(idBody<<16|ptString8, body)
	case attClass:
		set(idClass<<16|ptString8, body)
	case attMessageID:
		// An X.400 id as hexadecimal digits: no Internet id.
	case attDateSent:
		set(idSubmitTime<<16|ptTime, dtr(body))
	case attDateRecd:
		set(idDeliveryTime<<16|ptTime, dtr(body))
	case attFrom:
		// [MS-OXTNEF] 2.1.3.3.1: four numbers, then the name, then the address.
		if len(body) < 8 {
			return
		}
		n, m := int(binary.LittleEndian.Uint16(body[4:])), int(binary.LittleEndian.Uint16(body[6:]))
		rest := body[8:]
		shown := rest[:min(n, len(rest))]
		rest = rest[len(shown):]
		set(idSenderName<<16|ptString8, shown)
		if kind, address, ok := strings.Cut(string(cutNull(rest[:min(m, len(rest))])), ":"); ok {
			set(idSenderKind<<16|ptString8, []byte(kind))
			set(idSenderAddress<<16|ptString8, []byte(address))
		}
	}
}

func (l *legacy) fill(b *bag) {
	for tag, v := range l.values {
		id := uint16(tag >> 16)
		if _, ok := b.fixed[uint32(id)<<16|ptUnicode]; ok {
			continue
		}
		if _, ok := b.fixed[tag]; !ok {
			b.fixed[tag] = v
		}
	}
}

// dtr makes a FILETIME of a date of seven words: year, month, day, hour, minute,
// second, day of the week. They are in the sender's wall time, of which nothing
// is known; UTC is taken.
func dtr(b []byte) []byte {
	if len(b) < 12 {
		return nil
	}
	w := func(i int) int { return int(binary.LittleEndian.Uint16(b[2*i:])) }
	if w(0) < 1970 || w(0) > 2100 || w(1) < 1 || w(1) > 12 || w(2) < 1 || w(2) > 31 || w(3) > 23 || w(4) > 59 || w(5) > 59 {
		return nil
	}
	t := time.Date(w(0), time.Month(w(1)), w(2), w(3), w(4), w(5), 0, time.UTC)
	return binary.LittleEndian.AppendUint64(nil, uint64(t.Unix()*10_000_000+epoch)) //nolint:gosec // after 1970
}
