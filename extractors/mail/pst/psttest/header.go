package psttest

import (
	"encoding/binary"
	"slices"
)

// finish writes both trees, the allocation maps and the header.
func (f *file) finish() []byte {
	slices.SortFunc(f.nodes, func(a, b node) int { return int(int64(a.nid) - int64(b.nid)) })
	var keys []uint64
	var entries [][]byte
	for _, n := range f.nodes {
		e := f.word(f.word(f.word(nil, uint64(n.nid)), n.data), n.subs)
		e = binary.LittleEndian.AppendUint32(e, n.parent)
		if f.wide {
			e = append(e, 2, 0, 0, 0)
		}
		keys, entries = append(keys, uint64(n.nid)), append(entries, e)
	}
	nodeID, nodeAt := f.tree(0x81, len(entries[0]), keys, entries)
	// Identifiers of pages are taken from the same numbers, but stand in no tree.
	slices.SortFunc(f.extents, func(a, b extent) int { return int(int64(a.bid) - int64(b.bid)) })
	keys, entries = nil, nil
	for _, x := range f.extents {
		e := f.word(f.word(nil, x.bid), uint64(x.at))
		e = binary.LittleEndian.AppendUint16(e, uint16(x.size))
		if f.page == 4096 {
			e = binary.LittleEndian.AppendUint16(e, uint16(x.full))
		}
		e = binary.LittleEndian.AppendUint16(e, 2)
		for f.wide && len(e) < 24 {
			e = append(e, 0)
		}
		keys, entries = append(keys, x.bid), append(entries, e)
	}
	blockID, blockAt := f.tree(0x80, len(entries[0]), keys, entries)
	f.maps()
	f.header(nodeID, nodeAt, blockID, blockAt)
	return f.out
}

// maps writes the allocation maps, all of it taken.
func (f *file) maps() {
	if f.page == 512 {
		f.room(0, mapEvery)
		end := firstMap
		for end < len(f.out) {
			end += mapEvery
		}
		f.out = append(f.out, make([]byte, end-len(f.out))...)
	}
	for at := firstMap; at < len(f.out); at += mapEvery {
		p := make([]byte, f.page)
		for i := range f.sum {
			p[i] = 0xff
		}
		f.finishPage(p, 0x84, at, 0)
		copy(f.out[at:], p)
		if f.page == 4096 {
			break
		}
		if (at-firstMap)/mapEvery%8 == 0 {
			f.finishPage(p, 0x83, at+512, 0)
			copy(f.out[at+512:], p)
		}
	}
}

func (f *file) header(nodeID uint64, nodeAt int, blockID uint64, blockAt int) {
	h := make([]byte, 0, 564)
	u16 := func(v uint16) { h = binary.LittleEndian.AppendUint16(h, v) }
	u32 := func(v uint32) { h = binary.LittleEndian.AppendUint32(h, v) }
	word := func(v uint64) { h = f.word(h, v) }
	h = append(h, "!BDN\x00\x00\x00\x00"...)
	h = append(h, f.client...)
	u16(f.version)
	u16(19)
	h = append(h, 1, 1)
	u32(0)
	u32(0)
	if f.wide {
		word(0)
		word(f.bids + 4)
	} else {
		word(f.bids + 4)
		word(f.bids + 4)
	}
	u32(1)
	for i := range uint32(32) {
		u32(0x400 + 0x10000*(i%2)) // the least identifiers that are free, by type
	}
	if f.wide {
		word(0)
	}
	u32(0)
	word(uint64(len(f.out)))
	word(uint64((len(f.out)-firstMap-1)/mapEvery*mapEvery + firstMap))
	word(0)
	word(0)
	word(nodeID)
	word(uint64(nodeAt))
	word(blockID)
	word(uint64(blockAt))
	u32(2) // the maps are valid
	if f.wide {
		u32(0)
	}
	for range 256 {
		h = append(h, 0xff)
	}
	h = append(h, 0x80, f.crypt, 0, 0)
	if f.wide {
		word(f.bids + 8)
		binary.LittleEndian.PutUint32(h[4:], sum(h[8:8+471]))
		u32(sum(h[8 : 8+516]))
	} else {
		h = append(h, make([]byte, 0x1E8-len(h))...)
		binary.LittleEndian.PutUint32(h[4:], sum(h[8:8+471]))
	}
	copy(f.out, h)
}
