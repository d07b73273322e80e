package outlook

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf16"

	"guidang/extractors/compound"
	"guidang/extractors/document"
)

// maxSaved bounds an item that is saved: it is put together in memory, three times.
const maxSaved = 64 << 20

// Identifiers that belong to a mailbox, or that a saved item must have.
const (
	idAttachNumber = 0x0E21
	idRow          = 0x3000
	idSupport      = 0x340D
	unicodeStrings = 0x00040000 // of idSupport: strings are UTF-16
	ptError        = 0x000A
)

// Save writes the item as Outlook saves one (.msg, [MS-OXMSG]), the same bytes every
// time. Strings of single bytes become UTF-16, because a saved item has one code page
// for all of them and a mailbox's is wrong often enough. Its reason is empty unless
// the item is too large.
func (i *Item) Save(ctx context.Context) (data []byte, reason document.Reason, err error) {
	s := &saver{ctx: ctx, names: map[uint16]name{}, moved: map[uint16]uint16{}}
	for n, id := range i.Names.ids {
		// Of two names for one identifier always the same, whatever the order of a map.
		if old, ok := s.names[id]; !ok || before(n, old) {
			s.names[id] = n
		}
	}
	nodes := s.item(i, 0, 32)
	if s.err != nil {
		return nil, "", s.err
	}
	if s.size > maxSaved {
		return nil, document.TooLarge, nil
	}
	nodes = append(nodes, s.named())
	return compound.Write(compound.NewStorage("Root Entry", nodes...)), "", nil
}

func before(a, b name) bool {
	return cmp.Or(cmp.Compare(a.set, b.set), cmp.Compare(a.lid, b.lid), cmp.Compare(a.text, b.text)) < 0
}

// saver writes one item with all within it.
type saver struct {
	ctx   context.Context //nolint:containedctx // of one call
	names map[uint16]name
	moved map[uint16]uint16 // identifiers of named properties: the mailbox's, the file's
	order []name
	size  int64
	err   error
}

// item gives the contents of an item's storage. head is how long the header of its
// properties is: 32 bytes outside, 24 within another item.
func (s *saver) item(i *Item, depth, head int) []*compound.Node {
	it := i.item(&source{doc: &document.Document{Fields: map[string]string{}}, budget: math.MaxInt64}, depth)
	header := make([]byte, head)
	for at, n := range map[int]int{8: len(i.Recipients), 12: len(i.Attachments), 16: len(i.Recipients), 20: len(i.Attachments)} {
		binary.LittleEndian.PutUint32(header[at:], uint32(n)) //nolint:gosec // bounded by the mailbox's reader
	}
	own := maps.Clone(i.One)
	own[uint32(idSupport)<<16|ptInt32] = binary.LittleEndian.AppendUint32(nil, unicodeStrings)
	out := s.properties(it.page, Properties{own, i.Many}, header)
	for n, r := range i.Recipients {
		own := maps.Clone(r.One)
		own[uint32(idRow)<<16|ptInt32] = binary.LittleEndian.AppendUint32(nil, uint32(n))
		out = append(out, compound.NewStorage(fmt.Sprintf("__recip_version1.0_#%08X", n), s.properties(it.page, Properties{own, r.Many}, make([]byte, 8))...))
	}
	for n, a := range i.Attachments {
		if s.err = cmp.Or(s.err, s.ctx.Err()); s.err != nil {
			return nil
		}
		out = append(out, compound.NewStorage(fmt.Sprintf("__attach_version1.0_#%08X", n), s.attachment(it.page, a, n, depth)...))
	}
	return out
}

func (s *saver) attachment(p *pages, a Attached, n, depth int) []*compound.Node {
	own := maps.Clone(a.One)
	own[uint32(idAttachNumber)<<16|ptInt32] = binary.LittleEndian.AppendUint32(nil, uint32(n)) //nolint:gosec // as above
	tail := func(kind uint16, size, reserved uint32) []byte {
		b := binary.LittleEndian.AppendUint32(nil, uint32(idAttachData)<<16|uint32(kind))
		b = binary.LittleEndian.AppendUint32(b, 6)
		return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b, size), reserved)
	}
	var data *compound.Node
	var entry []byte
	switch inner := s.inner(a, depth); {
	case inner != nil:
		data = compound.NewStorage("__substg1.0_3701000D", s.item(inner, depth+1, 24)...)
		entry = tail(ptObject, math.MaxUint32, 1)
	case a.Data != nil && s.room(a.Data.Size()):
		b := make([]byte, a.Data.Size())
		got, err := a.Data.ReadAt(b, 0)
		if err != nil && err != io.EOF {
			s.err = cmp.Or(s.err, err)
		}
		data = compound.NewStream("__substg1.0_37010102", b[:got])
		entry = tail(ptBinary, uint32(got), 0) //nolint:gosec // bounded by maxSaved
	}
	out := s.properties(p, Properties{own, a.Many}, make([]byte, 8), entry...)
	if data != nil {
		out = append(out, data)
	}
	return out
}

// inner is the item within an attachment, if there is one and it is not too deep.
func (s *saver) inner(a Attached, depth int) *Item {
	if a.Item == nil || depth >= maxEmbedded {
		return nil
	}
	return a.Item()
}

// room counts bytes, and says whether there is room for n more.
func (s *saver) room(n int64) bool {
	s.size += n
	return s.size <= maxSaved
}

// properties writes the stream of properties and the streams of those that are
// longer than eight bytes. more are entries that stand behind the others.
func (s *saver) properties(page *pages, p Properties, head []byte, more ...byte) []*compound.Node {
	var out []*compound.Node
	stream := head
	entry := func(tag uint32, value ...byte) {
		stream = binary.LittleEndian.AppendUint32(stream, tag)
		stream = binary.LittleEndian.AppendUint32(stream, 6) // readable, writable
		var eight [8]byte
		copy(eight[:], value)
		stream = append(stream, eight[:]...)
	}
	for _, tag := range slices.Sorted(maps.Keys(p.One)) {
		id, kind, value := uint16(tag>>16), uint16(tag), p.One[tag] //nolint:gosec // the halves are meant
		id, ok := s.move(id)
		if !ok || !s.room(int64(len(value))) || kind == ptError || kind == ptObject {
			continue
		}
		if kind == ptString8 {
			if _, twice := p.One[tag&^0xffff|ptUnicode]; twice {
				continue
			}
			value, kind = utf16of(page.decode(value)), ptUnicode
		}
		if id == idSubject {
			value = withoutPrefix(value)
		}
		tag := uint32(id)<<16 | uint32(kind)
		size := len(value)
		switch {
		case kind == ptUnicode:
			size += 2 // a zero that is counted and not written
		case kind != ptBinary && kind != ptGUID:
			entry(tag, value...)
			continue
		}
		entry(tag, binary.LittleEndian.AppendUint32(nil, uint32(size))...) //nolint:gosec // bounded by maxSaved
		out = append(out, compound.NewStream(fmt.Sprintf("__substg1.0_%08X", tag), value))
	}
	for _, tag := range slices.Sorted(maps.Keys(p.Many)) {
		id, kind := uint16(tag>>16), uint16(tag)&^ptMany //nolint:gosec // the halves are meant
		id, ok := s.move(id)
		if !ok {
			continue
		}
		values := p.Many[tag]
		if kind == ptString8 {
			if _, twice := p.Many[tag&^0xffff|ptMany|ptUnicode]; twice {
				continue
			}
			values = make([][]byte, len(p.Many[tag]))
			for n, v := range p.Many[tag] {
				values[n] = utf16of(page.decode(v))
			}
			kind = ptUnicode
		}
		tag := uint32(id)<<16 | ptMany | uint32(kind)
		nodes, size := s.several(tag, kind, values)
		if nodes != nil {
			entry(tag, binary.LittleEndian.AppendUint32(nil, size)...)
			out = append(out, nodes...)
		}
	}
	stream = append(stream, more...)
	return append(out, compound.NewStream("__properties_version1.0", stream))
}

// several writes the values of a property that has many ([MS-OXMSG] 2.4.2): those of
// fixed length in one stream, others in one each, with a list of their lengths.
func (s *saver) several(tag uint32, kind uint16, values [][]byte) (out []*compound.Node, size uint32) {
	name := fmt.Sprintf("__substg1.0_%08X", tag)
	var list []byte
	for n, v := range values {
		if !s.room(int64(len(v))) {
			return nil, 0
		}
		switch kind {
		case ptUnicode:
			list = binary.LittleEndian.AppendUint32(list, uint32(len(v)+2)) //nolint:gosec // bounded by maxSaved
		case ptBinary:
			list = binary.LittleEndian.AppendUint64(list, uint64(len(v)))
		default:
			list = append(list, v...)
			continue
		}
		out = append(out, compound.NewStream(fmt.Sprintf("%s-%08X", name, n), v))
	}
	return append(out, compound.NewStream(name, list)), uint32(len(list)) //nolint:gosec // bounded by maxSaved
}

// move gives the identifier that a property has in the file. Named ones are counted
// anew; those whose name is lost say nothing, and those that belong to the mailbox's
// own tables are left out.
func (s *saver) move(id uint16) (to uint16, ok bool) {
	if id < 0x8000 {
		return id, id != idAttachData && id&0xFFF0 != 0x67F0
	}
	if to, ok = s.moved[id]; ok {
		return to, true
	}
	n, ok := s.names[id]
	if !ok || len(s.order) >= 0x7000 {
		return 0, false
	}
	to = 0x8000 + uint16(len(s.order)) //nolint:gosec // looked at above
	s.order = append(s.order, n)
	s.moved[id] = to
	return to, true
}

// named writes the storage that says what the named properties are called: property
// sets, entries, texts ([MS-OXMSG] 2.2.3), and the entries once more by the remainder
// of their number, which is how Outlook looks them up.
func (s *saver) named() *compound.Node {
	var sets, entries, texts []byte
	known := map[set]uint16{psPublic: 2}
	found := map[uint32][]byte{}
	for n, x := range s.order {
		of, ok := known[x.set]
		if !ok {
			of = uint16(3 + len(sets)/16) //nolint:gosec // at most one for each name
			known[x.set] = of
			sets = append(sets, x.set...)
		}
		id, key, kind := x.lid, x.lid, of<<1
		if x.text != "" {
			id, kind = uint32(len(texts)), kind|1 //nolint:gosec // names are short
			text := utf16of(x.text)
			key = sumOf(utf16of(strings.ToLower(x.text)))
			texts = binary.LittleEndian.AppendUint32(texts, uint32(len(text))) //nolint:gosec // as above
			texts = append(texts, text...)
			for len(texts)%4 != 0 {
				texts = append(texts, 0)
			}
		}
		tail := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, kind), uint16(n))
		entries = append(binary.LittleEndian.AppendUint32(entries, id), tail...)
		stream := 0x1000 + (key^uint32(kind))%0x1F
		found[stream] = append(binary.LittleEndian.AppendUint32(found[stream], key), tail...)
	}
	out := []*compound.Node{
		compound.NewStream("__substg1.0_00020102", sets), compound.NewStream("__substg1.0_00030102", entries), compound.NewStream("__substg1.0_00040102", texts),
	}
	for _, stream := range slices.Sorted(maps.Keys(found)) {
		out = append(out, compound.NewStream(fmt.Sprintf("__substg1.0_%04X0102", stream), found[stream]))
	}
	return compound.NewStorage("__nameid_version1.0", out...)
}

// sumOf is the checksum of [MS-OXRTFCP] 3.1.3.2: a CRC-32 that begins with zero.
func sumOf(data []byte) uint32 { return ^crc32.Update(math.MaxUint32, crc32.IEEETable, data) }

func utf16of(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// withoutPrefix takes off what a mailbox writes before a subject: a 1 and how long the
// prefix within it is ([MS-PST] 2.5.3.1.1.1).
func withoutPrefix(subject []byte) []byte {
	if len(subject) >= 4 && subject[0] == 1 && subject[1] == 0 {
		return subject[4:]
	}
	return subject
}
