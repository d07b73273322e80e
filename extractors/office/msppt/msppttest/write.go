// Package msppttest writes small decks for tests, as [MS-PPT] says: no more than
// what a reader of text looks at.
package msppttest

import (
	"bytes"
	"encoding/binary"
	"slices"

	"guidang/extractors/compound"
	"guidang/extractors/offcrypto/offcryptotest"
)

// Deck is a deck to be written.
type Deck struct {
	Slides   []Slide
	Footer   string
	Link     string
	Objects  [][]byte // compound files
	Password string   // encrypts it
	Edited   bool     // the first slide is saved again, with "(新)" behind its title
}

// Slide is a slide to be written.
type Slide struct {
	Title   string
	Body    string // in the document's outline, lines separated by \r
	Box     string // in a shape of the slide
	Table   [][]string
	Notes   string
	Author  string // of the comment
	Comment string
	Hidden  bool
}

// Rec writes a record: version and instance in one, as in the file.
func Rec(head, kind int, parts ...any) []byte {
	var body bytes.Buffer
	for _, p := range parts {
		_ = binary.Write(&body, binary.LittleEndian, p)
	}
	var b bytes.Buffer
	for _, p := range []any{uint16(head), uint16(kind), u32(body.Len()), body.Bytes()} { //nolint:gosec // words
		_ = binary.Write(&b, binary.LittleEndian, p)
	}
	return b.Bytes()
}

// Wide is text in two bytes a character.
func Wide(s string) (out []uint16) {
	for _, r := range s {
		out = append(out, uint16(r)) //nolint:gosec // fixtures stay within the plane
	}
	return out
}

// text is the records of one text; Latin text is of one byte.
func text(sort uint32, s string) []byte {
	head := Rec(0, 0x0f9f, sort)
	for _, r := range s {
		if r > 0xff {
			return append(head, Rec(0, 0x0fa0, Wide(s))...)
		}
	}
	raw := make([]byte, 0, len(s))
	for _, r := range s {
		raw = append(raw, byte(r)) //nolint:gosec // looked at above
	}
	return append(head, Rec(0, 0x0fa8, raw)...)
}

func shape(parts ...any) []byte { return Rec(0xf, 0xf004, parts...) }

func box(sort uint32, s string) []byte { return shape(Rec(0xf, 0xf00d, text(sort, s))) }

func drawing(shapes ...any) []byte {
	return Rec(0xf, 0x040c, Rec(0xf, 0xf002, Rec(0xf, 0xf003, shapes...)))
}

func (s Slide) record(title string) []byte {
	shapes := []any{shape(), shape(Rec(0xf, 0xf00d, Rec(0, 0x0f9e, uint32(0))))}
	if s.Body != "" {
		shapes = append(shapes, shape(Rec(0xf, 0xf00d, Rec(0, 0x0f9e, uint32(1)))))
	}
	if s.Box != "" {
		shapes = append(shapes, Rec(0xf, 0xf003, shape(), box(4, s.Box)))
	}
	if s.Table != nil {
		cells := []any{shape(Rec(1<<4|3, 0xf122, uint16(0x039f), uint32(1)))}
		for y, row := range s.Table {
			for x, value := range slices.Backward(row) { // in an order of their own
				cells = append(cells, shape(Rec(0, 0xf00f, int32(100*x), int32(50*y), int32(100*x+100), int32(50*y+50)), Rec(0xf, 0xf00d, text(4, value)))) //nolint:gosec // small
			}
		}
		shapes = append(shapes, Rec(0xf, 0xf003, cells...))
	}
	if title != "" {
		shapes[1] = box(0, title)
	}
	flags := uint16(0)
	if s.Hidden {
		flags = 4
	}
	parts := []any{Rec(2, 0x03ef, make([]byte, 24)), Rec(0, 0x03f9, uint32(0), uint32(0), uint16(0), flags, uint32(0)), drawing(shapes...)}
	if s.Comment != "" {
		comment := Rec(0xf, 0x2ee0, Rec(0, 0x0fba, Wide(s.Author)), Rec(1<<4, 0x0fba, Wide(s.Comment)))
		parts = append(parts, Rec(0xf, 0x1388, Rec(0xf, 0x138a, Rec(0, 0x138b, comment))))
	}
	return Rec(0xf, 0x03ee, parts...)
}

// Streams gives the two streams of a deck.
func (d Deck) Streams() (deck, current []byte) {
	var list, notes []any
	objects := map[uint32][]byte{}
	ref := uint32(10)
	var order []uint32
	place := func(raw []byte) uint32 {
		ref++
		objects[ref] = raw
		order = append(order, ref)
		return ref
	}
	var first uint32
	for i, s := range d.Slides {
		at := place(s.record(""))
		if i == 0 {
			first = at
		}
		id := u32(256 + i)
		list = append(list, Rec(0, 0x03f3, at, uint32(0), uint32(2), id, uint32(0)), text(0, s.Title))
		if s.Body != "" {
			list = append(list, text(1, s.Body))
		}
		if s.Notes != "" {
			n := place(Rec(0xf, 0x03f0, Rec(1, 0x03f1, id, uint32(0)), drawing(shape(), box(2, s.Notes), box(4, "内部资料"))))
			notes = append(notes, Rec(0, 0x03f3, n, uint32(0), uint32(0), id, uint32(0)))
		}
	}
	parts := []any{Rec(0xf, 0x0ff0, list...), Rec(2<<4|0xf, 0x0ff0, notes...)}
	if d.Footer != "" {
		parts = append(parts, Rec(0xf, 0x0fd9, Rec(2<<4, 0x0fba, Wide(d.Footer))))
	}
	if d.Link != "" {
		parts = append(parts, Rec(0xf, 0x0409, Rec(0xf, 0x0fd7, Rec(0, 0x0fba, Wide("名字")), Rec(1<<4, 0x0fba, Wide(d.Link)))))
	}
	for _, o := range d.Objects {
		place(Rec(0, 0x1011, o))
	}
	docRef := place(Rec(0xf, 0x03e8, parts...))
	var crypt uint32
	token := uint32(0xe391c05f)
	if d.Password != "" {
		head, c := offcryptotest.Header(d.Password, 128)
		for id, raw := range objects {
			c.Block(id).XORKeyStream(raw, raw)
		}
		crypt, token = place(Rec(0xf, 0x2f14, head)), 0xf3d1c4df
	}
	// A master's text is nobody's.
	out := bytes.NewBuffer(Rec(0xf, 0x03f8, drawing(box(0, "Click to edit"))))
	save := func(last uint32, entries ...uint32) uint32 {
		var dir []any
		for _, id := range entries {
			dir = append(dir, id|1<<20, u32(out.Len()))
			out.Write(objects[id])
		}
		at := u32(out.Len())
		out.Write(Rec(0, 0x1772, dir...))
		edit := u32(out.Len())
		fields := []any{uint32(256), uint32(0x03000000), last, at, docRef, uint32(100), uint32(0)}
		if crypt != 0 {
			fields = append(fields, crypt)
		}
		out.Write(Rec(0, 0x0ff5, fields...))
		return edit
	}
	edit := save(0, order...)
	if d.Edited {
		objects[first] = d.Slides[0].record(d.Slides[0].Title + "(新)")
		edit = save(edit, first)
	}
	out.Write(make([]byte, 8)) // what a stream is filled up with
	return out.Bytes(), Rec(0, 0x0ff6, uint32(20), token, edit, uint32(0), uint32(0))
}

// Bytes gives the file.
func (d Deck) Bytes() []byte {
	deck, current := d.Streams()
	deck = append(deck, make([]byte, max(0, 4096-len(deck)))...)
	return compound.Write(compound.NewStorage("Root Entry", compound.NewStream("PowerPoint Document", deck), compound.NewStream("Current User", current)))
}

func u32(n int) uint32 { return uint32(n) } //nolint:gosec // fixtures are small
