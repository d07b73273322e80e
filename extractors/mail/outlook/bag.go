package outlook

import (
	"bytes"
	"encoding/binary"
	"time"
	"unicode/utf16"

	"guidang/extractors/compound"
)

// maxValue bounds one value in memory; attachments are read by stream and bodies
// have their own limit.
const maxValue = 64 << 20

// bag is a set of MAPI properties, by tag: identifier in the upper half, type in
// the lower.
type bag struct {
	item    *item // whose code page and names hold here
	fixed   map[uint32][]byte
	streams map[uint32]*compound.Entry
	several map[uint32][]*compound.Entry // values of a property with many
	many    map[uint32][][]byte
}

func newBag(it *item) bag { return bag{item: it, fixed: map[uint32][]byte{}} }

// raw gives a value's bytes. ok is false when the bag has none of that type.
func (b *bag) raw(id, kind uint16) (data []byte, ok bool) {
	tag := uint32(id)<<16 | uint32(kind)
	if data, ok = b.fixed[tag]; ok {
		return data, true
	}
	e := b.streams[tag]
	if e == nil {
		return nil, false
	}
	return b.item.load(e, maxValue), true
}

// text is a string property, of either type, without what follows its end.
func (b *bag) text(id uint16) string {
	if data, ok := b.raw(id, ptUnicode); ok && len(data) > 1 {
		return b.item.page.repair(wide(data))
	}
	if data, ok := b.raw(id, ptString8); ok && len(data) > 0 {
		return b.item.page.decode(data)
	}
	return ""
}

// wide decodes UTF-16 as far as it is whole.
func wide(data []byte) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	for len(units) > 0 && units[len(units)-1] == 0 {
		units = units[:len(units)-1]
	}
	return string(utf16.Decode(units))
}

func (b *bag) number(id uint16) (n int64, ok bool) {
	if data, ok := b.raw(id, ptInt32); ok && len(data) >= 4 {
		return int64(int32(binary.LittleEndian.Uint32(data))), true //nolint:gosec // PT_LONG is signed
	}
	if data, ok := b.raw(id, ptInt16); ok && len(data) >= 2 {
		return int64(int16(binary.LittleEndian.Uint16(data))), true //nolint:gosec // PT_SHORT is signed
	}
	return 0, false
}

func (b *bag) flag(id uint16) bool {
	data, ok := b.raw(id, ptBool)
	return ok && len(data) >= 1 && data[0] != 0
}

func (b *bag) binary(id uint16) []byte {
	data, _ := b.raw(id, ptBinary)
	return data
}

// epoch is 1970-01-01 in FILETIME, units of 100 ns since 1601.
const epoch = 116444736000000000

// time is a time property in UTC; zero when there is none or it is impossible.
//
// QUIRK: [MS-OXCDATA] 2.11.1: a time that was never set is 4501-01-01 or zero.
func (b *bag) time(id uint16) time.Time {
	data, ok := b.raw(id, ptTime)
	if !ok || len(data) < 8 {
		return time.Time{}
	}
	n := binary.LittleEndian.Uint64(data)
	const year4000 = epoch + 2030*365*86400*10_000_000
	if n < 10_000_000 || n > year4000 {
		return time.Time{}
	}
	d := int64(n) - epoch
	return time.Unix(d/10_000_000, d%10_000_000*100).UTC().Truncate(time.Second)
}

// values are those of a property that has many.
func (b *bag) values(id, kind uint16) [][]byte {
	tag := uint32(id)<<16 | ptMany | uint32(kind)
	values := b.many[tag]
	for _, e := range b.several[tag] {
		values = append(values, b.item.load(e, 1<<20))
	}
	return values
}

// strings are the values of a property with several strings.
func (b *bag) strings(id uint16) []string {
	var out []string
	add := func(s string) {
		if s = clean(s); s != "" {
			out = append(out, s)
		}
	}
	for _, v := range b.values(id, ptUnicode) {
		add(wide(v))
	}
	if len(out) == 0 {
		for _, v := range b.values(id, ptString8) {
			add(b.item.page.decode(v))
		}
	}
	return out
}

// named gives the identifier that a named property has in this file, or 0.
func (b *bag) named(n name) uint16 { return b.item.names[n] }

func cutNull(data []byte) []byte {
	before, _, _ := bytes.Cut(data, []byte{0})
	return before
}
