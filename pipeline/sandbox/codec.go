package sandbox

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
	"unicode/utf8"

	"guidang/extractors/document"
)

// The encoding of what goes between parent and child: numbers as varints, text
// with its length before it. Names and steps are bytes that need not be UTF-8,
// so JSON would change them; and it takes a third of JSON's time.

type encoder struct {
	b []byte

	// Of a large result: where its bytes go as they come, and how many went.
	out   io.Writer
	spilt int64
	err   error
}

// spillAt is how much is gathered before it goes.
const spillAt = 64 << 10

// spill lets go what was gathered.
func (e *encoder) spill() {
	if e.out == nil || e.err != nil {
		return
	}
	n, err := e.out.Write(e.b)
	e.spilt, e.err, e.b = e.spilt+int64(n), err, e.b[:0]
}

func (e *encoder) int(n int64)    { e.b = binary.AppendVarint(e.b, n) }
func (e *encoder) text(s string)  { e.int(int64(len(s))); e.b = append(e.b, s...) }
func (e *encoder) bytes(p []byte) { e.int(int64(len(p))); e.b = append(e.b, p...) }

func (e *encoder) bool(v bool) {
	n := int64(0)
	if v {
		n = 1
	}
	e.int(n)
}

func (e *encoder) time(t time.Time) {
	b, err := t.MarshalBinary()
	if err != nil {
		b = nil // a zone with odd seconds: no date of a file has one
	}
	e.bytes(b)
}

func (e *encoder) float(f *float64) {
	if e.bool(f != nil); f != nil {
		e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(*f))
	}
}

// list writes a list; nil and empty stay different.
func list[T any](e *encoder, all []T, one func(*T)) {
	if all == nil {
		e.int(-1)
		return
	}
	e.int(int64(len(all)))
	for i := range all {
		one(&all[i])
	}
}

var errCodec = errors.New("bytes that mean nothing")

// maxElements bounds what one document's lists hold together: an element of one
// byte becomes a hundred in memory.
const maxElements = 1 << 20

type decoder struct {
	b        []byte
	elements int
	err      error
}

func (d *decoder) fail() {
	if d.err == nil {
		d.err = errCodec
	}
	d.b = nil
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) bytes() []byte {
	n := d.int()
	if n < 0 || n > int64(len(d.b)) {
		d.fail()
		return nil
	}
	p := d.b[:n]
	d.b = d.b[n:]
	return p
}

func (d *decoder) text() string { return string(d.bytes()) }
func (d *decoder) bool() bool   { return d.int() == 1 }
func (d *decoder) small() int   { return int(d.int()) }

// clean is text that goes into JSON, SQLite and the index: the child's reader
// has cleaned it, and one that has not is none of ours.
func (d *decoder) clean() string {
	s := d.text()
	if !utf8.ValidString(s) {
		d.fail()
	}
	return s
}

func (d *decoder) time() (t time.Time) {
	if b := d.bytes(); len(b) > 0 {
		if err := t.UnmarshalBinary(b); err != nil {
			d.fail()
		}
	}
	return t
}

func (d *decoder) float() *float64 {
	if !d.bool() {
		return nil
	}
	if len(d.b) < 8 {
		d.fail()
		return nil
	}
	f := math.Float64frombits(binary.LittleEndian.Uint64(d.b))
	d.b = d.b[8:]
	return &f
}

func elements[T any](d *decoder, one func(*T)) []T {
	n := d.int()
	if n < 0 {
		return nil
	}
	if d.elements += int(min(n, maxElements+1)); d.elements > maxElements || n > int64(len(d.b)) {
		d.fail()
		return nil
	}
	out := make([]T, 0, min(n, 1024))
	for range n {
		var v T
		if one(&v); d.err != nil {
			return nil
		}
		out = append(out, v)
	}
	return out
}

func (e *encoder) document(d *document.Document) error {
	for _, s := range []string{d.ID, d.Locator, d.Parent, d.SHA256, d.MediaType, string(d.Kind), d.Title, d.Date, d.Language, string(d.Read), string(d.Reason)} {
		e.text(s)
	}
	e.int(d.Size)
	list(e, d.People, func(p *document.Person) { e.text(p.Role); e.text(p.Name); e.text(p.Address) })
	if e.bool(d.Fields != nil); d.Fields != nil {
		e.int(int64(len(d.Fields)))
		for k, v := range d.Fields {
			e.text(k)
			e.text(v)
		}
	}
	list(e, d.Sections, e.section)
	list(e, d.Named, func(n *document.Named) { e.position(&n.Position); e.text(n.Name); e.text(n.URL); e.bool(n.Attached) })
	list(e, d.Children, func(c *document.ChildRef) { e.text(c.Locator); e.text(c.Name) })
	list(e, d.Warnings, func(w *document.Warning) { e.text(w.Code); e.text(w.Detail) })
	var transcript []byte
	if d.Transcript != nil {
		var err error
		if transcript, err = json.Marshal(d.Transcript); err != nil {
			return fmt.Errorf("transcript: %w", err)
		}
	}
	e.bytes(transcript)
	return nil
}

func (e *encoder) position(p *document.Position) {
	e.int(int64(p.Page))
	e.text(p.Sheet)
	if e.bool(p.Rows != nil); p.Rows != nil {
		e.int(int64(p.Rows[0]))
		e.int(int64(p.Rows[1]))
	}
	e.int(int64(p.Slide))
	e.float(p.Start)
	e.float(p.End)
	e.int(int64(p.Line))
	e.text(p.Part)
}

func (e *encoder) section(s *document.Section) {
	e.position(&s.Position)
	e.text(s.Heading)
	e.text(s.Text)
	if len(e.b) >= spillAt {
		e.spill()
	}
}

func (d *decoder) document() *document.Document {
	doc := &document.Document{}
	for _, s := range []*string{&doc.ID, &doc.Locator, &doc.Parent, &doc.SHA256, &doc.MediaType, (*string)(&doc.Kind), &doc.Title, &doc.Date, &doc.Language, (*string)(&doc.Read), (*string)(&doc.Reason)} {
		*s = d.clean()
	}
	doc.Size = d.int()
	doc.People = elements(d, func(p *document.Person) { *p = document.Person{Role: d.text(), Name: d.text(), Address: d.text()} })
	if d.bool() {
		doc.Fields = map[string]string{}
		for range elements(d, func(kv *[2]string) { *kv = [2]string{d.text(), d.text()}; doc.Fields[kv[0]] = kv[1] }) {
		}
	}
	doc.Sections = elements(d, d.section)
	doc.Named = elements(d, func(n *document.Named) {
		d.position(&n.Position)
		n.Name, n.URL, n.Attached = d.clean(), d.clean(), d.bool()
	})
	doc.Children = elements(d, func(c *document.ChildRef) { *c = document.ChildRef{Locator: d.text(), Name: d.text()} })
	doc.Warnings = elements(d, func(w *document.Warning) { *w = document.Warning{Code: d.text(), Detail: d.text()} })
	if b := d.bytes(); len(b) > 0 {
		doc.Transcript = &document.Transcript{}
		if err := json.Unmarshal(b, doc.Transcript); err != nil {
			d.fail()
		}
	}
	switch doc.Read {
	case document.Full, document.Partial, document.None:
	default:
		d.fail()
	}
	return doc
}

func (d *decoder) position(p *document.Position) {
	p.Page = d.small()
	p.Sheet = d.text()
	if d.bool() {
		p.Rows = &[2]int{d.small(), d.small()}
	}
	p.Slide = d.small()
	p.Start = d.float()
	p.End = d.float()
	p.Line = d.small()
	p.Part = d.text()
}

func (d *decoder) section(s *document.Section) {
	d.position(&s.Position)
	s.Heading = d.clean()
	s.Text = d.clean()
}
