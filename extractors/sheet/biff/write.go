package biff

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// node is an entry of a compound file under construction.
type node struct {
	entry
	data []byte
}

// writeCompound lays nodes down in sectors of 512 bytes.
func writeCompound(nodes []node) []byte {
	const end, sector, cutoff = 0xfffffffe, 512, 4096
	var body, small bytes.Buffer
	var fat, mini []uint32
	put := func(to *bytes.Buffer, table *[]uint32, unit int, data []byte) uint32 {
		if len(data) == 0 {
			return end
		}
		first := uint32(len(*table)) //nolint:gosec // bounded by maxEmbedded
		for i := 0; i < len(data); i += unit {
			*table = append(*table, uint32(len(*table)+1)) //nolint:gosec // as above
		}
		(*table)[len(*table)-1] = end
		to.Write(data)
		to.Write(make([]byte, (unit-len(data)%unit)%unit))
		return first
	}
	for i := range nodes {
		n := &nodes[i]
		if n.size = int64(len(n.data)); n.size < cutoff {
			n.start = put(&small, &mini, 64, n.data)
		} else {
			n.start = put(&body, &fat, sector, n.data)
		}
	}
	nodes[0].size = int64(small.Len())
	nodes[0].start = put(&body, &fat, sector, small.Bytes())
	table := func(list []uint32, fill int) []byte {
		out := make([]byte, 0, 4*len(list)+sector)
		for _, v := range list {
			out = binary.LittleEndian.AppendUint32(out, v)
		}
		for len(out)%sector != 0 || len(out) < fill {
			out = append(out, 0xff)
		}
		return out
	}
	miniAt, miniSectors := put(&body, &fat, sector, table(mini, 0)), (len(mini)+127)/128
	dir := make([]byte, 0, len(nodes)*entrySize)
	for _, n := range nodes {
		raw := make([]byte, entrySize)
		units := utf16.Encode([]rune(n.name))
		units = units[:min(len(units), 31)]
		for i, u := range units {
			binary.LittleEndian.PutUint16(raw[2*i:], u)
		}
		binary.LittleEndian.PutUint16(raw[64:], uint16(2*len(units)+2)) //nolint:gosec // at most 64
		raw[66], raw[67] = n.kind, 1
		for at, v := range map[int]uint32{68: n.left, 72: n.right, 76: n.child, 116: n.start, 120: uint32(n.size)} { //nolint:gosec // bounded by maxEmbedded
			binary.LittleEndian.PutUint32(raw[at:], v)
		}
		dir = append(dir, raw...)
	}
	for len(dir)%sector != 0 { // unused entries
		raw := make([]byte, entrySize)
		for i := 68; i < 80; i++ {
			raw[i] = 0xff
		}
		dir = append(dir, raw...)
	}
	dirAt := put(&body, &fat, sector, dir)
	// The table of sectors lists itself, and beyond 109 sectors a table lists it.
	fats, difats := 0, 0
	for {
		f := (len(fat) + fats + difats + 127) / 128
		d := max(0, (f-109+126)/127)
		if f == fats && d == difats {
			break
		}
		fats, difats = f, d
	}
	fatAt := uint32(len(fat)) //nolint:gosec // bounded by maxEmbedded
	for range fats {
		fat = append(fat, 0xfffffffd)
	}
	for range difats {
		fat = append(fat, 0xfffffffc)
	}
	body.Write(table(fat, fats*sector))
	head := make([]byte, sector)
	copy(head, magic)
	for at, v := range map[int]uint16{24: 0x3e, 26: 3, 28: 0xfffe, 30: 9, 32: 6} {
		binary.LittleEndian.PutUint16(head[at:], v)
	}
	difatAt := uint32(end)
	if difats > 0 {
		difatAt = fatAt + uint32(fats)
	}
	for at, v := range map[int]uint32{44: uint32(fats), 48: dirAt, 56: cutoff, 60: miniAt, 64: uint32(miniSectors), 68: difatAt, 72: uint32(difats)} { //nolint:gosec // bounded by maxEmbedded
		binary.LittleEndian.PutUint32(head[at:], v)
	}
	for i := range 109 {
		v := uint32(noEntry)
		if i < fats {
			v = fatAt + uint32(i)
		}
		binary.LittleEndian.PutUint32(head[76+4*i:], v)
	}
	for d := range difats {
		for i := range 127 {
			v := uint32(noEntry)
			if k := 109 + 127*d + i; k < fats {
				v = fatAt + uint32(k)
			}
			_ = binary.Write(&body, binary.LittleEndian, v)
		}
		next := uint32(end)
		if d+1 < difats {
			next = difatAt + uint32(d) + 1
		}
		_ = binary.Write(&body, binary.LittleEndian, next)
	}
	return slices.Concat(head, body.Bytes())
}
