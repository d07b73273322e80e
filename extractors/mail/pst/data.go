package pst

import (
	"encoding/binary"
	"io"
	"sort"
)

// stream is a node's data: one block, or those that a block of blocks names
// ([MS-PST] 2.2.2.8.3.2). It reads at any place.
type stream struct {
	s      *store
	blocks []uint64
	ends   []int64 // of each block within the data
	whole  bool    // every block was found
}

// maxBlocks bounds one stream: with blocks of 8 KB it is 2 GB, which no attachment
// reaches.
const maxBlocks = 1 << 18

// stream opens the data of a block.
func (s *store) stream(id uint64) *stream {
	d := &stream{s: s, whole: true}
	d.add(id, 0)
	return d
}

// add appends a block, or what it names. Levels are at most two.
func (d *stream) add(id uint64, depth int) {
	if id&^bitOwn == 0 {
		return
	}
	if id&bitInside == 0 {
		x, ok := d.s.findBlock(id)
		if !ok {
			d.s.tell(&d.s.lostBlocks, int64(id&^bitOwn)) //nolint:gosec // only counted
			d.whole = false
			return
		}
		if len(d.blocks) >= maxBlocks {
			d.whole = false
			return
		}
		d.blocks = append(d.blocks, id)
		d.ends = append(d.ends, d.size()+int64(x.full))
		return
	}
	list, sound := d.s.block(id)
	if len(list) < 8 || list[0] != 1 || depth > 1 {
		d.whole = false
		return
	}
	d.whole = d.whole && sound
	width, count := 4, int(binary.LittleEndian.Uint16(list[2:]))
	if d.s.wide {
		width = 8
	}
	if room := (len(list) - 8) / width; count > room {
		count, d.whole = room, false
	}
	for i := range count {
		next := d.s.word(list[8+i*width:])
		if next&bitInside != 0 && list[1] < 2 {
			d.whole = false
			continue
		}
		d.add(next, depth+1)
	}
}

func (d *stream) size() int64 {
	if len(d.ends) == 0 {
		return 0
	}
	return d.ends[len(d.ends)-1]
}

// part gives the bytes of one block, as long as it says; what is lost of it is
// zeros.
func (d *stream) part(i int) []byte {
	from := int64(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	n := int(d.ends[i] - from)
	data, sound := d.s.block(d.blocks[i])
	d.whole = d.whole && sound && len(data) >= n
	if len(data) < n {
		data = append(make([]byte, 0, n), data...)[:n]
	}
	return data[:n]
}

// ReadAt implements io.ReaderAt.
func (d *stream) ReadAt(p []byte, at int64) (n int, err error) {
	if at < 0 {
		return 0, io.ErrUnexpectedEOF
	}
	i := sort.Search(len(d.ends), func(i int) bool { return d.ends[i] > at })
	for ; i < len(d.ends) && n < len(p); i++ {
		from := int64(0)
		if i > 0 {
			from = d.ends[i-1]
		}
		n += copy(p[n:], d.part(i)[at+int64(n)-from:])
		if d.s.err != nil {
			return n, d.s.err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// bytes reads all of it, up to limit.
func (d *stream) bytes(limit int64) (data []byte, whole bool) {
	if len(d.blocks) == 1 && d.size() <= limit {
		data = d.part(0)
		return data, d.whole
	}
	n := min(d.size(), limit)
	data = make([]byte, 0, n)
	for i := range d.blocks {
		if part := d.part(i); int64(len(data)+len(part)) > n {
			return append(data, part[:n-int64(len(data))]...), false
		} else {
			data = append(data, part...)
		}
	}
	return data, d.whole
}

// check reads a stream once, so that the item can say in its header whether it is
// whole. The second reading mostly comes from the system's cache.
func (d *stream) check() {
	for i := range d.blocks {
		if d.part(i); d.s.err != nil {
			return
		}
	}
}
