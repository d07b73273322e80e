package outlook

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"math"
	"time"

	"guidang/extractors/charset"
	"guidang/extractors/compound"
	"guidang/extractors/document"
)

// Properties are the values of an item, a recipient or an attachment as a mailbox
// keeps them, by tag: identifier in the upper half, type in the lower.
type Properties struct {
	One  map[uint32][]byte
	Many map[uint32][][]byte
}

// NewProperties makes an empty set.
func NewProperties() Properties {
	return Properties{One: map[uint32][]byte{}, Many: map[uint32][][]byte{}}
}

// Number is a numeric property.
func (p Properties) Number(id uint16) (n int64, ok bool) {
	return (&bag{fixed: p.One}).number(id)
}

// Binary is a binary property, nil when there is none.
func (p Properties) Binary(id uint16) []byte { return p.One[uint32(id)<<16|ptBinary] }

// Text is a string property, of either type; label is the charset of single bytes.
func (p Properties) Text(id uint16, label string) string {
	if data, ok := p.One[uint32(id)<<16|ptUnicode]; ok {
		return wide(data)
	}
	text, _, _ := charset.Decode(cutNull(p.One[uint32(id)<<16|ptString8]), label)
	return text
}

// Names are the identifiers that named properties have in one file.
type Names struct{ ids map[name]uint16 }

// NewNames reads the three streams in which a mailbox and a saved item keep them
// alike ([MS-PST] 2.4.7, [MS-OXMSG] 2.2.3): property sets, entries, texts.
func NewNames(guids, entries, texts []byte) *Names {
	n := &Names{ids: map[name]uint16{}}
	readNames(n.ids, guids, entries, texts)
	return n
}

// Item is an item of a mailbox.
type Item struct {
	Properties
	Names       *Names
	Recipients  []Properties
	Attachments []Attached
	Lost        bool // some of its values are
}

// Attached is an attachment of an item.
type Attached struct {
	Properties
	Data  *io.SectionReader // nil when it has no bytes
	Whole bool              // Data is all that was promised
	Item  func() *Item      // of an item within the item; gives nil when it is lost
}

// Mail is an item that was written as an Internet mail.
type Mail struct {
	Name     string // its subject, as a file's name
	Received time.Time
	Content  io.Reader // nil: it cannot be had, for Reason
	Size     int64
	Reason   document.Reason
	sink     *sink
}

// Close lets the mail's bytes go.
func (m *Mail) Close() {
	if m.sink != nil {
		m.sink.close()
	}
}

// Mail writes the item as a mail made of its properties, the same bytes every time.
// A long one lies in a temporary file. doc is told what was left out.
func (i *Item) Mail(ctx context.Context, limits document.Limits, doc *document.Document) (Mail, error) {
	src := &source{doc: doc, budget: math.MaxInt64}
	it := i.item(src, 0)
	m := Mail{Name: named(it.subject(), ""), Size: -1}
	if it.subject() == "" && it.class() != "" {
		m.Name = named(it.class(), "")
	}
	for _, id := range []uint16{idDeliveryTime, idSubmitTime, idCreated} {
		if m.Received = it.time(id); !m.Received.IsZero() {
			break
		}
	}
	w, err := writeMail(ctx, it, limits)
	if err = cmp.Or(err, src.err); err != nil {
		w.out.close()
		return m, err
	}
	m.sink, m.Size = &w.out, w.out.size
	m.Content, err = w.out.reader()
	return m, err
}

// item takes the item into what is read alike of all containers.
func (i *Item) item(s *source, depth int) *item {
	it := &item{page: &pages{}, names: i.Names.ids, source: s, depth: depth, lost: i.Lost}
	it.bag = i.bag(it)
	for _, r := range i.Recipients {
		b := r.bag(it)
		it.recipients = append(it.recipients, &b)
	}
	for _, x := range i.Attachments {
		a := &attachment{bag: x.bag(it), data: x.Data, whole: x.Whole}
		switch method, _ := a.number(idAttachMethod); {
		case x.Item != nil:
			a.inner = func() *item {
				if inner := x.Item(); inner != nil {
					return inner.item(s, depth+1)
				}
				return nil
			}
		case method == asObject && x.Data != nil:
			a.openObject()
		}
		if x.Data != nil && !x.Whole {
			it.lost = true
		}
		it.attachments = append(it.attachments, a)
	}
	it.settle()
	return it
}

func (p Properties) bag(it *item) bag { return bag{item: it, fixed: p.One, many: p.Many} }

// openObject opens an object's storage, which a mailbox keeps as a compound file of
// its own.
func (a *attachment) openObject() {
	head := make([]byte, len(compound.Magic))
	if _, err := a.data.ReadAt(head, 0); err != nil || !bytes.Equal(head, []byte(compound.Magic)) {
		return
	}
	if f, err := compound.Open(a.data, a.data.Size()); err == nil {
		a.file, a.storage = f, f.Root
	}
}
