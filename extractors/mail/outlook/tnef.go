package outlook

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"guidang/extractors/document"
)

// TNEF reads winmail.dat: what Exchange and Outlook send to others of the same
// kind in place of the mail's own parts.
var TNEF = document.Format{
	Name: "tnef", Version: 2, Kind: document.KindMail, MediaType: "application/vnd.ms-tnef",
	Detect: func(in *document.Input) bool { return bytes.HasPrefix(in.Head(), []byte(tnefMagic)) },
	Read: func(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
		return read(ctx, in, openTNEF, emit)
	},
	Open: func(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
		return openChild(ctx, in, openTNEF, step)
	},
}

const (
	tnefMagic = "\x78\x9f\x3e\x22"
	maxTNEF   = 256 << 20
)

// Attributes of TNEF ([MS-OXTNEF] 2.1.3.2); the lower half of the identifier.
const (
	attFrom       = 0x8000
	attSubject    = 0x8004
	attDateSent   = 0x8005
	attDateRecd   = 0x8006
	attClass      = 0x8008
	attMessageID  = 0x8009
	attBody       = 0x800C
	attData       = 0x800F
	attTitle      = 0x8010
	attModified   = 0x8020
	attRenderData = 0x9002
	attProps      = 0x9003
	attRecipients = 0x9004
	attAttachment = 0x9005
	attCodePage   = 0x9007

	levelOfMessage    = 1
	levelOfAttachment = 2
)

// openTNEF reads the whole stream: attachments are slices of it.
func openTNEF(in *document.Input, doc *document.Document) (*item, error) {
	data, whole, err := in.All(maxTNEF)
	if err != nil {
		return nil, err
	}
	if !whole {
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only its first %d bytes were read", len(data)))
	}
	src := &source{doc: doc, budget: in.Size}
	return src.openTNEF(data, 0), nil
}

// openTNEF never fails: what cannot be read is told in the document.
func (s *source) openTNEF(data []byte, depth int) *item {
	it := &item{page: &pages{}, names: map[name]uint16{}, source: s, depth: depth}
	it.bag = newBag(it)
	old := legacy{}
	rest := data[min(6, len(data)):] // the mark and the key
	var last *attachment
	sound := false // the last attribute was as long as it says
	for len(rest) > 0 {
		a := attribute(rest)
		if a.level != levelOfMessage && a.level != levelOfAttachment {
			if sound {
				// QUIRK: [MS-OXTNEF] 2.1.2 ends with the last attribute; gateways put
				// footers and filling behind it.
				s.doc.Warn("trailing-bytes", "something stands behind its last attribute")
			} else {
				s.doc.Lose(document.Partial, document.Corrupt, "something in it is no attribute")
			}
			break
		}
		if a.cut {
			s.doc.Lose(document.Partial, document.Truncated, "it ends within an attribute")
		}
		if sound = a.summed && !a.cut; !a.summed {
			s.doc.Warn("checksum", "the checksum of an attribute does not fit")
		}
		rest = a.rest
		if a.level == levelOfMessage {
			s.ofMessage(it, a.id, a.body, &old)
			continue
		}
		if a.id == attRenderData || last == nil {
			if len(it.attachments) >= maxAttachments {
				it.lost = true
				break
			}
			last = &attachment{bag: newBag(it)}
			it.attachments = append(it.attachments, last)
		}
		s.ofAttachment(it, last, a)
	}
	old.fill(&it.bag)
	it.settle()
	return it
}

// piece is one attribute of the stream.
type piece struct {
	level  byte
	id     uint16
	body   []byte
	cut    bool // the length reaches beyond the end; body is what is there
	summed bool // the checksum fits
	rest   []byte
}

// attribute cuts one attribute off: level, identifier, length, data, checksum.
func attribute(b []byte) piece {
	p := piece{level: b[0], summed: true}
	if len(b) < 9 {
		p.cut = true
		return p
	}
	p.id = binary.LittleEndian.Uint16(b[1:])
	n := int64(binary.LittleEndian.Uint32(b[5:]))
	b = b[9:]
	if n > int64(len(b)) {
		p.body, p.cut = b, true
		return p
	}
	p.body, b = b[:n:n], b[n:]
	if len(b) < 2 {
		return p // the last checksum is often cut off
	}
	var total uint16
	for _, c := range p.body {
		total += uint16(c)
	}
	p.summed = total == binary.LittleEndian.Uint16(b)
	p.rest = b[2:]
	return p
}

// ofMessage takes an attribute of the message itself.
func (s *source) ofMessage(it *item, id uint16, body []byte, old *legacy) {
	switch id {
	case attCodePage:
		if len(body) >= 4 {
			it.page.label = labels[int64(binary.LittleEndian.Uint32(body))]
		}
	case attProps:
		if !it.properties(&it.bag, body) {
			it.lost = true
		}
	case attRecipients:
		r := props{data: body}
		n, _ := r.number()
		for range n {
			if len(it.recipients) >= maxRecipients {
				s.doc.Warn("too-many", fmt.Sprintf("only its first %d recipients were read", maxRecipients))
				return
			}
			b := newBag(it)
			if len(r.data) < 4 {
				it.lost = true
				return
			}
			it.recipients = append(it.recipients, &b)
			if !it.list(&b, &r) {
				it.lost = true
				return
			}
		}
	default:
		old.take(id, body)
	}
}

// ofAttachment takes an attribute of an attachment.
func (s *source) ofAttachment(it *item, a *attachment, p piece) {
	body := p.body
	switch p.id {
	case attTitle:
		a.title = string(cutNull(body))
	case attData:
		if a.data == nil {
			a.setData(body)
			a.whole = !p.cut
		}
	case attModified:
		if t := dtr(body); t != nil {
			a.fixed[idModified<<16|ptTime] = t
		}
	case attAttachment:
		if !it.properties(&a.bag, body) {
			it.lost = true
		}
		a.fromProperties()
	}
}

func (a *attachment) setData(b []byte) {
	a.data, a.whole = io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))), true
}

// iidMessage marks an object that is a message ([MS-OXTNEF] 2.1.3.4.2).
const iidMessage = "\x07\x03\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46"

// fromProperties takes the data that stands among the properties: an embedded
// message is a TNEF stream of its own.
func (a *attachment) fromProperties() {
	if b, ok := a.fixed[idAttachData<<16|ptBinary]; ok && a.data == nil {
		a.setData(b)
	}
	b, ok := a.fixed[idAttachData<<16|ptObject]
	if !ok || len(b) < 16 {
		return
	}
	id, rest := string(b[:16]), b[16:]
	it := a.item
	if bytes.HasPrefix(rest, []byte(tnefMagic)) || id == iidMessage {
		a.inner = func() *item { return it.source.openTNEF(rest, it.depth+1) }
		return
	}
	if a.data == nil {
		a.setData(rest)
	}
}
