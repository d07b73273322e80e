package outlook

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/htmlindex"

	"guidang/extractors/compound"
)

// in gives a string in a charset.
func in(t testing.TB, label, s string) string {
	t.Helper()
	e, err := htmlindex.Get(label)
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatalf("%q cannot be written in %s: %v", s, label, err)
	}
	return out
}

func utf16le(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// prop is a MAPI property of a fixture.
type prop struct {
	tag   uint32
	value []byte
	name  name // of a named one; its identifier is given by the writer
}

func tagged(id, kind uint16, v []byte) prop {
	return prop{tag: uint32(id)<<16 | uint32(kind), value: v}
}
func uni(id uint16, s string) prop  { return tagged(id, ptUnicode, utf16le(s)) }
func ansi(id uint16, s string) prop { return tagged(id, ptString8, []byte(s)) }
func bin(id uint16, b []byte) prop  { return tagged(id, ptBinary, b) }
func long(id uint16, n int) prop {
	return tagged(id, ptInt32, binary.LittleEndian.AppendUint32(nil, uint32(n)))
}
func boolean(id uint16) prop { return tagged(id, ptBool, []byte{1, 0}) }
func at(id uint16, s string) prop {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return tagged(id, ptTime, binary.LittleEndian.AppendUint64(nil, uint64(t.Unix()*10_000_000+epoch)))
}

func (p prop) called(n name) prop { p.name = n; return p }

// names are the named properties of the fixtures, with their identifiers.
var fixtureNames = []name{nmStart, nmEnd, nmLocation, nmAllDay, nmState, nmPattern, nmZone, nmCleanID, nmTaskFrom, nmTaskDue, nmTaskStatus, nmTaskOwner, nmMail1, nmMessenger, nmWorkPlace, nmKeywords, nmMembers}

func idOf(n name) uint16 {
	for i, x := range fixtureNames {
		if x == n {
			return 0x8000 + uint16(i)
		}
	}
	panic("no such name")
}

// entry is a recipient or an attachment of a fixture.
type entry struct {
	props []prop
	inner *fixture         // an embedded item
	ole   []*compound.Node // an object's storage
}

// fixture is an item to be written as .msg or TNEF.
type fixture struct {
	props       []prop
	recipients  []entry
	attachments []entry
}

// nodes are the contents of a storage of a .msg.
func nodes(head int, props []prop) []*compound.Node {
	var out []*compound.Node
	stream := bytes.Repeat([]byte{0}, head)
	for _, p := range props {
		tag := p.tag
		if p.name != (name{}) {
			tag = uint32(idOf(p.name))<<16 | tag&0xFFFF
		}
		entry := binary.LittleEndian.AppendUint32(nil, tag)
		entry = binary.LittleEndian.AppendUint32(entry, 6)
		switch kind := tag & 0xFFFF; kind {
		case ptInt32, ptInt16, ptBool, ptTime, ptInt64:
			entry = append(entry, append(p.value, make([]byte, 8)...)[:8]...)
		case ptMany | ptUnicode, ptMany | ptBinary:
			entry = append(entry, make([]byte, 8)...)
			out = append(out, compound.NewStream(fmt.Sprintf("__substg1.0_%08X", tag), make([]byte, 4)),
				compound.NewStream(fmt.Sprintf("__substg1.0_%08X-00000000", tag), p.value))
		default:
			entry = binary.LittleEndian.AppendUint32(entry, uint32(len(p.value)))
			entry = append(entry, make([]byte, 4)...)
			out = append(out, compound.NewStream(fmt.Sprintf("__substg1.0_%08X", tag), p.value))
		}
		stream = append(stream, entry...)
	}
	return append(out, compound.NewStream("__properties_version1.0", stream))
}

func (f *fixture) storage(head int) []*compound.Node {
	out := nodes(head, f.props)
	for i, r := range f.recipients {
		out = append(out, compound.NewStorage(fmt.Sprintf("__recip_version1.0_#%08X", i), nodes(8, r.props)...))
	}
	for i, a := range f.attachments {
		n := nodes(8, a.props)
		if a.inner != nil {
			n = append(n, compound.NewStorage("__substg1.0_3701000D", a.inner.storage(24)...))
		}
		if a.ole != nil {
			n = append(n, compound.NewStorage("__substg1.0_3701000D", a.ole...))
		}
		out = append(out, compound.NewStorage(fmt.Sprintf("__attach_version1.0_#%08X", i), n...))
	}
	return out
}

// msg writes the fixture as a saved item.
func (f *fixture) msg() []byte {
	var guids, entries, texts []byte
	known := map[set]int{}
	for i, n := range fixtureNames {
		g := 2
		if n.set != psPublic {
			if _, ok := known[n.set]; !ok {
				known[n.set] = 3 + len(guids)/16
				guids = append(guids, n.set...)
			}
			g = known[n.set]
		}
		id, kind := n.lid, uint16(0)
		if n.text != "" {
			id, kind = uint32(len(texts)), 1
			texts = binary.LittleEndian.AppendUint32(texts, uint32(2*len(n.text)))
			texts = append(texts, utf16le(n.text)...)
		}
		entries = binary.LittleEndian.AppendUint32(entries, id)
		entries = binary.LittleEndian.AppendUint16(entries, uint16(g)<<1|kind)
		entries = binary.LittleEndian.AppendUint16(entries, uint16(i))
	}
	root := append(f.storage(32), compound.NewStorage("__nameid_version1.0",
		compound.NewStream("__substg1.0_00020102", guids), compound.NewStream("__substg1.0_00030102", entries), compound.NewStream("__substg1.0_00040102", texts)))
	return compound.Write(compound.NewStorage("Root Entry", root...))
}

// tnefProps encodes properties for TNEF.
func tnefProps(props []prop) []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(props)))
	for _, p := range props {
		tag := p.tag
		if p.name != (name{}) {
			tag = uint32(idOf(p.name))<<16 | tag&0xFFFF
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(tag))
		out = binary.LittleEndian.AppendUint16(out, uint16(tag>>16))
		if p.name != (name{}) {
			out = append(out, p.name.set...)
			if p.name.text == "" {
				out = binary.LittleEndian.AppendUint32(out, 0)
				out = binary.LittleEndian.AppendUint32(out, p.name.lid)
			} else {
				out = binary.LittleEndian.AppendUint32(out, 1)
				out = binary.LittleEndian.AppendUint32(out, uint32(2*len(p.name.text)))
				out = append(out, pad(utf16le(p.name.text))...)
			}
		}
		switch tag & 0xFFFF {
		case ptInt16, ptInt32, ptBool:
			out = append(out, append(p.value, make([]byte, 4)...)[:4]...)
		case ptTime, ptInt64:
			out = append(out, p.value...)
		default:
			out = binary.LittleEndian.AppendUint32(out, 1)
			out = binary.LittleEndian.AppendUint32(out, uint32(len(p.value)))
			out = append(out, pad(p.value)...)
		}
	}
	return out
}

func pad(b []byte) []byte {
	b = append([]byte(nil), b...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func attr(level byte, id, kind uint16, body []byte) []byte {
	out := append([]byte{level}, 0, 0, 0, 0)
	binary.LittleEndian.PutUint16(out[1:], id)
	binary.LittleEndian.PutUint16(out[3:], kind)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(body)))
	out = append(out, body...)
	var sum uint16
	for _, c := range body {
		sum += uint16(c)
	}
	return binary.LittleEndian.AppendUint16(out, sum)
}

// tnef writes the fixture as winmail.dat.
func (f *fixture) tnef(page int) []byte {
	out := append([]byte(tnefMagic), 1, 0)
	out = append(out, attr(1, 0x9006, 8, []byte{0, 0, 1, 0})...)
	if page != 0 {
		out = append(out, attr(1, attCodePage, 6, binary.LittleEndian.AppendUint64(nil, uint64(page)))...)
	}
	out = append(out, attr(1, attProps, 6, tnefProps(f.props))...)
	if len(f.recipients) > 0 {
		table := binary.LittleEndian.AppendUint32(nil, uint32(len(f.recipients)))
		for _, r := range f.recipients {
			table = append(table, tnefProps(r.props)...)
		}
		out = append(out, attr(1, attRecipients, 6, table)...)
	}
	for _, a := range f.attachments {
		out = append(out, attr(2, attRenderData, 6, make([]byte, 14))...)
		var props []prop
		for _, p := range a.props {
			switch p.tag {
			case idAttachData<<16 | ptBinary:
				out = append(out, attr(2, attData, 6, p.value)...)
			case idAttachShortName<<16 | ptString8:
				out = append(out, attr(2, attTitle, 1, append(p.value, 0))...)
			default:
				props = append(props, p)
			}
		}
		if a.inner != nil {
			props = append(props, tagged(idAttachData, ptObject, append([]byte(iidMessage), a.inner.tnef(page)...)))
		}
		out = append(out, attr(2, attAttachment, 6, tnefProps(props))...)
	}
	return out
}

// compressed writes RTF as LZFu without references.
func compressed(s string) []byte {
	var body []byte
	for at := 0; at < len(s); at += 8 {
		body = append(body, 0)
		body = append(body, s[at:min(at+8, len(s))]...)
	}
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(body)+12))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(s)))
	out = binary.LittleEndian.AppendUint32(out, 0x75465a4c)
	out = binary.LittleEndian.AppendUint32(out, ^crc32.Update(0xffffffff, crc32.IEEETable, body))
	return append(out, body...)
}
