// Package msdoctest writes small Word files for tests, as [MS-DOC] and the older
// paper say: no more than what a reader of text looks at.
package msdoctest

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"

	"guidang/extractors/compound"
)

// Doc is a document to be written.
type Doc struct {
	Old     bool      // Word 6; else Word 97
	Stories [8]string // body, footnotes, headers, macros, comments, endnotes, text boxes, those of headers; before Word 97 bytes in a code page
	Pieces  int       // how many pieces the text is cut into; written in reverse order when more than one
	Wide    bool      // all pieces of two bytes (then Old is an East Asian Word 95); else those that can be are of one
	Chars   []Run     // properties of characters
	Paras   []Run     // properties of the paragraphs whose mark they cover
	Tables  map[int][]byte
	LID     int
	Flags   int
}

// Run are the properties (a list of modifiers) of the characters from one to
// another, counted over all stories.
type Run struct {
	From, To int
	Props    []byte
	Style    int
}

const head = 1024

type place struct {
	fc, end uint32
	char    int
	para    int
}

// Streams gives the main stream and the table stream (nil before Word 97).
func (d Doc) Streams() (main, table []byte) {
	var units []uint16
	var lengths [8]int
	for i, s := range d.Stories {
		n := len(units)
		if d.Old && !d.Wide {
			for _, c := range []byte(s) {
				units = append(units, uint16(c))
			}
		} else {
			for _, c := range s {
				units = append(units, uint16(c)) //nolint:gosec // fixtures stay within the plane
			}
		}
		lengths[i] = len(units) - n
	}
	main = append(main, make([]byte, head)...)
	pieces := max(d.Pieces, 1)
	each := (len(units) + pieces - 1) / pieces
	var cps, fcs []uint32
	var places []place
	for at := 0; at < len(units); at += each {
		cps = append(cps, u32(at))
	}
	fcs = make([]uint32, len(cps))
	for i := range slices.Backward(cps) {
		from := int(cps[i])
		part := units[from:min(from+each, len(units))]
		wide := d.Wide || !d.Old && slices.ContainsFunc(part, func(u uint16) bool { return u > 0x7e })
		width := 1
		if wide {
			width = 2
			if len(main)%2 == 1 {
				main = append(main, 0)
			}
		}
		fcs[i] = u32(len(main))
		for k, u := range part {
			fc := u32(len(main))
			places = append(places, place{fc, fc + u32(width), find(d.Chars, from+k), find(d.Paras, mark(units, from+k))})
			main = append(main, byte(u)) //nolint:gosec // the low byte is meant
			if wide {
				main = append(main, byte(u>>8))
			}
		}
		if !wide && !d.Old {
			fcs[i] = fcs[i]*2 | 0x40000000
		}
	}
	end := len(main)
	for len(main)%512 != 0 {
		main = append(main, 0)
	}
	tables := map[int][]byte{}
	maps.Copy(tables, d.Tables)
	main, tables[12] = d.pages(main, places, d.Chars, false)
	main, tables[13] = d.pages(main, places, d.Paras, true)
	if !d.Old || pieces > 1 {
		var plc bytes.Buffer
		for _, c := range append(cps, u32(len(units))) {
			put(&plc, c)
		}
		for _, fc := range fcs {
			put(&plc, uint16(0), fc, uint16(0))
		}
		var clx bytes.Buffer
		put(&clx, byte(2), u32(plc.Len()), plc.Bytes())
		tables[33] = clx.Bytes()
	}
	set := func(at int, v uint32) { binary.LittleEndian.PutUint32(main[at:], v) }
	set16 := func(at, v int) { binary.LittleEndian.PutUint16(main[at:], uint16(v)) } //nolint:gosec // words
	magic, number, base, ccp := 0xa5ec, 0xc1, 0x9a, 0x4c
	flags := d.Flags | 0x1200
	if d.Old {
		magic, number, base, ccp, flags = 0xa5dc, 101, 0x58, 0x34, d.Flags
		if pieces > 1 {
			flags |= 4
		}
		if d.Wide {
			magic, number, flags = 0xa699, 104, flags|0x1000
		}
	} else {
		set16(0x20, 14)
		set16(0x3e, 22)
		set16(0x98, 93)
	}
	set16(0, magic)
	set16(2, number)
	set16(6, d.LID)
	set16(10, flags)
	set(0x18, head)
	set(0x1c, u32(end))
	for i, n := range lengths {
		set(ccp+4*i, u32(n))
	}
	to := &table
	if d.Old {
		to = &main
	}
	for k := range 93 {
		if t := tables[k]; len(t) > 0 {
			at := len(*to)
			*to = append(*to, t...)
			set(base+8*k, u32(at))
			set(base+8*k+4, u32(len(t)))
		}
	}
	return main, table
}

// Bytes gives the file.
func (d Doc) Bytes(beside ...*compound.Node) []byte {
	main, table := d.Streams()
	root := compound.NewStorage("Root Entry", compound.NewStream("WordDocument", pad(main)))
	if table != nil {
		root.Children = append(root.Children, compound.NewStream("1Table", pad(table)))
	}
	root.Children = append(root.Children, beside...)
	return compound.Write(root)
}

// pad makes a stream long enough to lie outside the small sectors, as Word does.
func pad(b []byte) []byte { return append(bytes.Clone(b), make([]byte, max(0, 4096-len(b)))...) }

// pages writes the pages of properties and the table that lists them.
func (d Doc) pages(main []byte, places []place, runs []Run, para bool) (grown, table []byte) {
	type run struct {
		from, to uint32
		of       int
	}
	slices.SortFunc(places, func(a, b place) int { return int(a.fc) - int(b.fc) })
	var list []run
	for _, p := range places {
		of := p.char
		if para {
			of = p.para
		}
		if n := len(list); n > 0 && list[n-1].of == of && list[n-1].to == p.fc {
			list[n-1].to = p.end
			continue
		}
		list = append(list, run{p.fc, p.end, of})
	}
	var plc, numbers bytes.Buffer
	for len(list) > 0 {
		n := min(len(list), 12)
		page := make([]byte, 512)
		size := 1
		if para {
			size = 13
			if d.Old {
				size = 7
			}
		}
		at := 510
		for i, r := range list[:n] {
			binary.LittleEndian.PutUint32(page[4*i:], r.from)
			binary.LittleEndian.PutUint32(page[4*i+4:], r.to)
			if r.of < 0 {
				continue
			}
			props := runs[r.of].Props
			var item []byte
			switch {
			case !para:
				item = append([]byte{byte(len(props))}, props...) //nolint:gosec // small
			case d.Old:
				item = append([]byte{byte((len(props) + 3) / 2), byte(runs[r.of].Style), byte(runs[r.of].Style >> 8)}, props...) //nolint:gosec // small
			default:
				body := append([]byte{byte(runs[r.of].Style), byte(runs[r.of].Style >> 8)}, props...) //nolint:gosec // small
				if len(body)%2 == 0 {
					item = append([]byte{0, byte(len(body) / 2)}, body...) //nolint:gosec // small
				} else {
					item = append([]byte{byte((len(body) + 1) / 2)}, body...) //nolint:gosec // small
				}
			}
			at = (at - len(item)) &^ 1
			copy(page[at:], item)
			page[4*(n+1)+size*i] = byte(at / 2) //nolint:gosec // below 256
		}
		page[511] = byte(n)
		put(&plc, list[0].from)
		number := len(main) / 512
		if d.Old {
			put(&numbers, uint16(number)) //nolint:gosec // small
		} else {
			put(&numbers, u32(number))
		}
		main = append(main, page...)
		if list = list[n:]; len(list) == 0 {
			put(&plc, binary.LittleEndian.Uint32(page[4*n:]))
		}
	}
	return main, append(plc.Bytes(), numbers.Bytes()...)
}

// mark is where the paragraph ends that a character lies in.
func mark(units []uint16, at int) int {
	for i := at; i < len(units); i++ {
		if u := units[i]; u == 0x0d || u == 0x07 || u == 0x0c {
			return i
		}
	}
	return len(units) - 1
}

func find(runs []Run, at int) int {
	for i, r := range runs {
		if r.From <= at && at < r.To {
			return i
		}
	}
	return -1
}

func put(b *bytes.Buffer, parts ...any) {
	for _, p := range parts {
		_ = binary.Write(b, binary.LittleEndian, p)
	}
}

func u32(n int) uint32 { return uint32(n) } //nolint:gosec // fixtures are small
