package packed

import (
	"cmp"
	"encoding/binary"
	"unicode/utf16"
)

// isoNode is a file or folder to be written into an image.
type isoNode struct {
	name  string // as it shall stand
	body  string
	kids  []isoNode // of a folder
	rock  []byte    // system use fields
	piece int       // bytes of one extent; 0: all of it
	flags byte
	at    uint32 // another place than its own
	size  uint32 // another size than its own
}

// isoMaker writes images, with its mistakes where they are asked for.
type isoMaker struct {
	b      []byte
	joliet bool
	rock   bool // the root's own record says that there is Rock Ridge
}

// makeIso writes an image of a primary tree, and one of Joliet unless that is nil.
func makeIso(rock bool, plain, joliet []isoNode) []byte {
	m := &isoMaker{b: make([]byte, 19*isoSector), rock: rock}
	m.descriptor(16, 1, m.tree(plain, true))
	end := 17
	if joliet != nil {
		m.joliet, m.rock = true, false
		m.descriptor(17, 2, m.tree(joliet, true))
		end = 18
	}
	copy(m.b[end*isoSector:], "\xffCD001\x01")
	return m.b
}

func (m *isoMaker) descriptor(sector int, kind byte, root []byte) {
	b := m.b[sector*isoSector:]
	copy(b, append([]byte{kind}, "CD001\x01"...))
	copy(b[40:72], m.text("光盘 DISC"))
	if m.joliet {
		copy(b[88:], "%/E")
	}
	copy(b[80:], twice(uint32(len(m.b)/isoSector)))
	copy(b[128:], "\x00\x08\x08\x00")
	copy(b[156:190], root)
}

// text is a name as this tree writes it.
func (m *isoMaker) text(s string) string {
	if !m.joliet {
		return s
	}
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.BigEndian.AppendUint16(out, u)
	}
	return string(out)
}

// place puts bytes behind the others and gives their block.
func (m *isoMaker) place(data string) uint32 {
	at := len(m.b) / isoSector
	m.b = append(m.b, data...)
	for len(m.b)%isoSector != 0 {
		m.b = append(m.b, 0)
	}
	return uint32(at)
}

// tree writes a folder behind what lies in it, and gives its record.
func (m *isoMaker) tree(nodes []isoNode, root bool) []byte {
	var records [][]byte
	for _, n := range nodes {
		if n.kids != nil {
			r := m.tree(n.kids, false)
			at, size := binary.LittleEndian.Uint32(r[2:]), binary.LittleEndian.Uint32(r[10:])
			records = append(records, isoRecordFor(m.text(n.name), cmp.Or(n.at, at), cmp.Or(n.size, size), 2|n.flags, n.rock))
			continue
		}
		body, name := n.body, m.text(n.name)
		for n.piece > 0 && len(body) > n.piece {
			records = append(records, isoRecordFor(name, m.place(body[:n.piece]), uint32(n.piece), n.flags|isoMoreFlag, n.rock))
			body = body[n.piece:]
		}
		records = append(records, isoRecordFor(name, cmp.Or(n.at, m.place(body)), cmp.Or(n.size, uint32(len(body))), n.flags, n.rock))
	}
	var sp []byte
	if root && m.rock {
		sp = []byte("SP\x07\x01\xbe\xef\x00")
	}
	own := uint32(len(m.b) / isoSector)
	build := func(size uint32) string {
		out := append(isoRecordFor("\x00", own, size, 2, sp), isoRecordFor("\x01", own, size, 2, nil)...)
		for _, r := range records {
			if len(out)%isoSector+len(r) > isoSector {
				out = append(out, make([]byte, isoSector-len(out)%isoSector)...)
			}
			out = append(out, r...)
		}
		for len(out)%isoSector != 0 {
			out = append(out, 0)
		}
		return string(out)
	}
	size := uint32(len(build(0)))
	m.place(build(size))
	return isoRecordFor("\x00", own, size, 2, nil)
}

// isoRecordFor writes a directory record (9.1).
func isoRecordFor(name string, at, size uint32, flags byte, system []byte) []byte {
	b := make([]byte, isoRecordFixed, 255)
	copy(b[2:], twice(at))
	copy(b[10:], twice(size))
	copy(b[18:], []byte{124, 3, 5, 10, 30, 0, 32}) // 2024-03-05 10:30 +08:00
	b[25] = flags
	b[28], b[31] = 1, 1
	b[32] = byte(len(name))
	b = append(b, name...)
	if len(b)%2 != 0 {
		b = append(b, 0)
	}
	b = append(b, system...)
	if len(b)%2 != 0 {
		b = append(b, 0)
	}
	b[0] = byte(len(b))
	return b
}

// twice writes a number in both orders of bytes (7.3.3).
func twice(n uint32) string {
	return string(binary.BigEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, n), n))
}

// susp writes a system use field.
func susp(name, body string) []byte {
	return append([]byte{name[0], name[1], byte(4 + len(body)), 1}, body...)
}

// rockName writes Rock Ridge's fields of a name, and of a kind of file.
func rockName(name string, mode uint32) []byte {
	px := twice(mode) + twice(1) + twice(0) + twice(0)
	return append(susp("NM", "\x00"+name), susp("PX", px)...)
}
