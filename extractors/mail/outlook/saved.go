package outlook

import (
	"encoding/binary"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"guidang/extractors/compound"
)

// Names within a .msg ([MS-OXMSG] 2.2 to 2.4).
const (
	nmProperties   = "__properties_version1.0"
	nmRecipient    = "__recip_version1.0_#"
	nmAttachment   = "__attach_version1.0_#"
	nmStream       = "__substg1.0_"
	nmNames        = "__nameid_version1.0"
	headTop        = 32 // bytes before the entries of a property stream
	headEmbedded   = 24
	headOther      = 8
	maxProperties  = 20_000 // of one bag
	maxNamedTables = 16 << 20
)

// open reads the item of a storage. names is nil for the outermost.
func (s *source) open(storage *compound.Entry, names map[name]uint16, depth int) *item {
	it := &item{page: &pages{}, names: names, source: s, depth: depth}
	head := headEmbedded
	if depth == 0 {
		head = headTop
		it.names = map[name]uint16{}
	}
	it.bag = s.bag(it, storage, head)
	if n := storage.Child(nmNames); n != nil && depth == 0 {
		it.readNames(n)
	}
	for _, e := range listed(storage, nmRecipient) {
		if len(it.recipients) >= maxRecipients {
			s.doc.Warn("too-many", fmt.Sprintf("only its first %d recipients were read", maxRecipients))
			break
		}
		b := s.bag(it, e, headOther)
		it.recipients = append(it.recipients, &b)
	}
	for _, e := range listed(storage, nmAttachment) {
		if len(it.attachments) >= maxAttachments {
			it.lost = true
			break
		}
		it.attachments = append(it.attachments, s.attachment(it, e))
	}
	it.settle()
	return it
}

// listed gives the numbered storages of a kind, in the order of their numbers.
func listed(storage *compound.Entry, prefix string) []*compound.Entry {
	type numbered struct {
		n uint64
		e *compound.Entry
	}
	var all []numbered
	for _, c := range storage.Children {
		rest, ok := strings.CutPrefix(c.Name, prefix)
		if n, err := strconv.ParseUint(rest, 16, 32); ok && err == nil && c.Storage {
			all = append(all, numbered{n, c})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].n < all[j].n })
	out := make([]*compound.Entry, len(all))
	for i, a := range all {
		out[i] = a.e
	}
	return out
}

// bag reads the properties of a storage: short ones of the property stream, long
// ones of the streams beside it.
//
// QUIRK: [MS-OXMSG] 2.4 lists every property in the property stream. The streams
// are taken by their names, listed or not, so that a file without its property
// stream still has its text.
func (s *source) bag(it *item, storage *compound.Entry, head int) bag {
	b := newBag(it)
	b.streams = map[uint32]*compound.Entry{}
	if e := storage.Child(nmProperties); e != nil {
		data := it.load(e, headTop+16*maxProperties)
		for at := head; at+16 <= len(data); at += 16 {
			tag := binary.LittleEndian.Uint32(data[at:])
			switch kind := uint16(tag & 0xFFFF); kind {
			case ptInt16, ptInt32, ptBool, ptInt64, ptTime:
				b.fixed[tag] = data[at+8 : at+16]
			}
		}
	}
	for _, c := range storage.Children {
		rest, ok := strings.CutPrefix(c.Name, nmStream)
		if !ok || len(rest) < 8 {
			continue
		}
		n, err := strconv.ParseUint(rest[:8], 16, 32)
		if err != nil {
			continue
		}
		tag := uint32(n)
		switch {
		case len(rest) == 8:
			b.streams[tag] = c
		case rest[8] == '-' && tag&ptMany != 0 && len(b.several[tag]) < 1000:
			if b.several == nil {
				b.several = map[uint32][]*compound.Entry{}
			}
			b.several[tag] = append(b.several[tag], c)
		}
	}
	for _, list := range b.several {
		sort.SliceStable(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	}
	return b
}

// readNames reads the table of named properties ([MS-OXMSG] 2.2.3).
func (it *item) readNames(storage *compound.Entry) {
	load := func(tag string) []byte {
		if e := storage.Child(nmStream + tag); e != nil {
			return it.load(e, maxNamedTables)
		}
		return nil
	}
	guids, entries, texts := load("00020102"), load("00030102"), load("00040102")
	readNames(it.names, guids, entries, texts)
}

// readNames reads the entries of that table.
func readNames(into map[name]uint16, guids, entries, texts []byte) {
	for at := 0; at+8 <= len(entries); at += 8 {
		id := binary.LittleEndian.Uint32(entries[at:])
		kind := binary.LittleEndian.Uint16(entries[at+4:])
		index := binary.LittleEndian.Uint16(entries[at+6:])
		var of set
		switch g := int(kind >> 1); {
		case g == 2:
			of = psPublic
		case g >= 3 && (g-2)*16 <= len(guids):
			of = set(guids[(g-3)*16 : (g-2)*16])
		default:
			continue
		}
		n := name{set: of, lid: id}
		if kind&1 == 1 {
			n = name{set: of, text: textAt(texts, int64(id))}
		}
		if index < 0x7FFF {
			into[n] = 0x8000 + index
		}
	}
}

// textAt reads a name: its length, and UTF-16.
func textAt(texts []byte, at int64) string {
	if at+4 > int64(len(texts)) {
		return ""
	}
	n := int64(binary.LittleEndian.Uint32(texts[at:]))
	return wide(texts[at+4 : min(at+4+n, int64(len(texts)))])
}

// attachment reads an entry of the list of attachments.
func (s *source) attachment(it *item, e *compound.Entry) *attachment {
	a := &attachment{bag: s.bag(it, e, headOther)}
	if d := a.streams[idAttachData<<16|ptBinary]; d != nil {
		a.data, a.whole = s.file.Stream(d)
	}
	d := a.streams[idAttachData<<16|ptObject]
	if d == nil {
		return a
	}
	if !d.Storage {
		if a.data == nil {
			a.data, a.whole = s.file.Stream(d)
		}
		return a
	}
	a.storage = d
	// QUIRK: [MS-OXCMSG] 2.2.2.9: method 5 is an embedded item and 6 an object; a
	// storage with properties is an item, whatever its method says.
	if d.Child(nmProperties) != nil {
		a.inner = func() *item { return s.open(d, it.names, it.depth+1) }
	}
	return a
}
