package psttest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// Layout is one of the three kinds of files.
type Layout struct {
	wide    bool
	page    int
	sum     int
	meta    int
	align   int
	trailer int
	block   int
	version uint16
	client  string
}

// The layouts: of Outlook 97, of Outlook 2003, of Outlook 2013's copies of a mailbox on
// a server.
var (
	ANSI      = Layout{page: 512, sum: 500, meta: 496, align: 64, trailer: 12, block: 8192, version: 14, client: "SM"}
	Unicode   = Layout{wide: true, page: 512, sum: 496, meta: 488, align: 64, trailer: 16, block: 8192, version: 23, client: "SM"}
	Unicode4K = Layout{wide: true, page: 4096, sum: 4072, meta: 4056, align: 512, trailer: 24, block: 65536, version: 36, client: "SO"}
)

// Encodings of the data blocks.
const (
	Plain   = 0
	Permute = 1
	Cyclic  = 2
)

type extent struct {
	bid        uint64
	at         int
	size, full int
}

type node struct {
	nid, parent uint32
	data, subs  uint64
}

type sub struct {
	nid        uint32
	data, subs uint64
}

// file is a mailbox that is being written.
type file struct {
	Layout
	crypt   byte
	encode  func(method byte, data []byte, id uint64)
	out     []byte
	bids    uint64
	extents []extent
	nodes   []node
}

const (
	firstMap = 0x4400
	mapEvery = 0x3E000 // bytes that one allocation map tells of
)

func newFile(l Layout, crypt byte, encode func(byte, []byte, uint64)) *file {
	return &file{Layout: l, crypt: crypt, encode: encode, out: make([]byte, firstMap+2*l.page)}
}

// room gives the place of n bytes, and leaves room for the allocation maps.
func (f *file) room(n, align int) int {
	at := (len(f.out) + align - 1) / align * align
	if f.page == 512 {
		if over := (at + n - firstMap) / mapEvery; at < firstMap+over*mapEvery+1024 && at+n > firstMap+over*mapEvery {
			at = firstMap + over*mapEvery + 1024
		}
	}
	f.out = slices.Grow(f.out, at+n-len(f.out))
	f.out = f.out[:at+n]
	return at
}

func sum(data []byte) uint32 { return ^crc32.Update(0xffffffff, crc32.IEEETable, data) }

func signature(at int, id uint64) uint16 {
	v := uint32(at) ^ uint32(id)
	return uint16(v>>16) ^ uint16(v)
}

func (f *file) word(b []byte, v uint64) []byte {
	if f.wide {
		return binary.LittleEndian.AppendUint64(b, v)
	}
	return binary.LittleEndian.AppendUint32(b, uint32(v))
}

// add writes one block.
func (f *file) add(data []byte, inside bool) uint64 {
	f.bids += 4
	bid := f.bids
	full := len(data)
	stored := bytes.Clone(data)
	if inside {
		bid |= 2
	} else if f.encode(f.crypt, stored, bid); f.page == 4096 && f.crypt == Plain {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		_, _ = z.Write(stored)
		_ = z.Close()
		if b.Len() < full {
			stored = b.Bytes()
		}
	}
	total := (len(stored) + f.trailer + f.align - 1) / f.align * f.align
	at := f.room(total, f.align)
	copy(f.out[at:], stored)
	t := binary.LittleEndian.AppendUint16(nil, uint16(len(stored)))
	t = binary.LittleEndian.AppendUint16(t, signature(at, bid))
	if f.wide {
		t = binary.LittleEndian.AppendUint32(t, sum(stored))
		t = binary.LittleEndian.AppendUint64(t, bid)
		if f.page == 4096 {
			t = binary.LittleEndian.AppendUint16(t, 2)
			t = binary.LittleEndian.AppendUint16(t, uint16(full))
			t = binary.LittleEndian.AppendUint32(t, 0)
		}
	} else {
		t = binary.LittleEndian.AppendUint32(t, uint32(bid))
		t = binary.LittleEndian.AppendUint32(t, sum(stored))
	}
	copy(f.out[at+total-f.trailer:], t)
	f.extents = append(f.extents, extent{bid, at, len(stored), full})
	return bid
}

// capacity is how many bytes of data a block has.
func (f *file) capacity() int { return f.block - f.trailer }

// data writes bytes of any length.
func (f *file) data(b []byte) uint64 {
	var parts [][]byte
	for part := range slices.Chunk(b, f.capacity()) {
		parts = append(parts, part)
	}
	return f.parts(parts)
}

// parts writes blocks as they are cut, and what names them.
func (f *file) parts(parts [][]byte) uint64 {
	if len(parts) == 0 {
		return 0
	}
	ids := make([]uint64, len(parts))
	total := 0
	for i, p := range parts {
		ids[i] = f.add(p, false)
		total += len(p)
	}
	if len(ids) == 1 {
		return ids[0]
	}
	word := len(f.word(nil, 0))
	for level := byte(1); ; level++ {
		var upper []uint64
		for some := range slices.Chunk(ids, (f.capacity()-8)/word) {
			b := []byte{1, level}
			b = binary.LittleEndian.AppendUint16(b, uint16(len(some)))
			b = binary.LittleEndian.AppendUint32(b, uint32(total))
			for _, id := range some {
				b = f.word(b, id)
			}
			upper = append(upper, f.add(b, true))
		}
		if ids = upper; len(ids) == 1 {
			return ids[0]
		}
	}
}

// subs writes the tree of a node's sub-nodes.
func (f *file) subs(list []sub) uint64 {
	if len(list) == 0 {
		return 0
	}
	slices.SortFunc(list, func(a, b sub) int { return int(int64(a.nid) - int64(b.nid)) })
	head := func(level byte, n int) []byte {
		b := binary.LittleEndian.AppendUint16([]byte{2, level}, uint16(n))
		if f.wide {
			b = append(b, 0, 0, 0, 0)
		}
		return b
	}
	word := len(f.word(nil, 0))
	var leaves []sub
	for some := range slices.Chunk(list, (f.capacity()-8)/(3*word)) {
		b := head(0, len(some))
		for _, s := range some {
			b = f.word(f.word(f.word(b, uint64(s.nid)), s.data), s.subs)
		}
		leaves = append(leaves, sub{some[0].nid, f.add(b, true), 0})
	}
	if len(leaves) == 1 {
		return leaves[0].data
	}
	b := head(1, len(leaves))
	for _, s := range leaves {
		b = f.word(f.word(b, uint64(s.nid)), s.data)
	}
	return f.add(b, true)
}

// tree writes a B-tree of pages, and gives its root.
func (f *file) tree(kind byte, width int, keys []uint64, entries [][]byte) (id uint64, at int) {
	for level := byte(0); ; level++ {
		var upKeys []uint64
		var up [][]byte
		most := f.meta / width
		for from := 0; from < len(entries); from += most {
			to := min(from+most, len(entries))
			f.bids += 4
			p := make([]byte, f.page)
			for i, e := range entries[from:to] {
				copy(p[i*width:], e)
			}
			if f.page == 4096 {
				binary.LittleEndian.PutUint16(p[f.meta:], uint16(to-from))
				binary.LittleEndian.PutUint16(p[f.meta+2:], uint16(most))
				p[f.meta+4], p[f.meta+5] = byte(width), level
			} else {
				p[f.meta], p[f.meta+1], p[f.meta+2], p[f.meta+3] = byte(to-from), byte(most), byte(width), level
			}
			id, at = f.bids, f.room(f.page, 512)
			f.finishPage(p, kind, at, id)
			copy(f.out[at:], p)
			upKeys = append(upKeys, keys[from])
			up = append(up, f.word(f.word(f.word(nil, keys[from]), id), uint64(at)))
		}
		if len(up) == 1 {
			return id, at
		}
		keys, entries, width = upKeys, up, len(up[0])
	}
}

// finishPage writes a page's trailer.
func (f *file) finishPage(p []byte, kind byte, at int, id uint64) {
	t := p[f.sum:]
	t[0], t[1] = kind, kind
	if kind == 0x80 || kind == 0x81 {
		binary.LittleEndian.PutUint16(t[2:], signature(at, id))
	} else {
		id = uint64(at)
	}
	if f.wide {
		binary.LittleEndian.PutUint32(t[4:], sum(p[:f.sum]))
		binary.LittleEndian.PutUint64(t[8:], id)
	} else {
		binary.LittleEndian.PutUint32(t[4:], uint32(id))
		binary.LittleEndian.PutUint32(t[8:], sum(p[:f.sum]))
	}
}
