package biff

import (
	"slices"
	"strings"
)

// maxBeside bounds the comments, the shapes and the merged cells of one sheet.
const maxBeside = 200_000

// rawNote is a comment as it is found: BIFF8 keeps its text with the shape that
// shows it.
type rawNote struct {
	row, column, object int
	author, text        rawString
}

// rawText is the text of a shape.
type rawText struct {
	object int
	note   bool // the shape belongs to a comment
	text   string
}

// textState is what is remembered between records.
type textState struct {
	object int
	note   bool
}

// local takes a record of one sheet.
func (b *Book) local(s *substream, st *textState, id uint16, data []byte, next, depth int) {
	if id == idSeriesText && len(data) > 3 && len(s.chart) < maxBeside {
		s.chart = append(s.chart, b.ownText(data[2:], next, 1))
		return
	}
	switch id {
	case idObject:
		if b.Version == 8 {
			// The first part of a BIFF8 object is always its common one.
			st.note, st.object = u16(data, 4) == 0x19, u16(data, 6)
		}
		return
	case idText:
		if t := b.shapeText(data, next); t != "" && len(s.texts) < maxBeside {
			s.texts = append(s.texts, rawText{st.object, st.note, t})
		}
		return
	}
	if depth > 1 || s.kind == kindChart {
		return
	}
	s.order(id, data)
	switch id {
	case idLabel, idRString:
		if b.Version < 8 && len(data) > 8 {
			b.sampled(labelBytes(data[6:], 2))
		}
	case idLabel2:
		if len(data) > 8 {
			b.sampled(labelBytes(data[7:], 1))
		}
	case idString:
		if b.Version < 8 {
			b.sampled(labelBytes(data, 2))
		}
	case idMerges:
		for i := 2; i+8 <= len(data) && len(s.merges) < maxBeside; i += 8 {
			m := Range{Top: u16(data, i) + 1, Bottom: u16(data, i+2) + 1, Left: u16(data, i+4), Right: u16(data, i+6)}
			if m.Top <= m.Bottom && m.Left <= m.Right {
				s.merges = append(s.merges, m)
			}
		}
	case idNote:
		b.note(s, data, next)
	case idLink:
		if to := linkTarget(data); to != "" && len(s.links) < maxBeside {
			s.links = append(s.links, Link{u16(data, 0) + 1, u16(data, 4), to})
		}
	case idHeader:
		s.header = b.ownText(data, next, 2)
	case idFooter:
		s.footer = b.ownText(data, next, 2)
	}
}

// ownText reads text that stands in a record of its own. lengthBytes is how long
// its length is in BIFF8; before, it is one byte.
func (b *Book) ownText(data []byte, next, lengthBytes int) rawString {
	if len(data) == 0 {
		return rawString{}
	}
	if b.Version == 8 {
		text, _ := newParts(b.stream, data, next).unicode(lengthBytes)
		return rawString{text: text}
	}
	raw := data[1:min(len(data), 1+int(data[0]))]
	b.sampled(raw)
	return rawString{bytes: raw}
}

// note takes a comment. Before BIFF8 its text stands in it, 2,048 bytes a record.
func (b *Book) note(s *substream, data []byte, next int) {
	if len(data) < 6 || len(s.notes) >= maxBeside {
		return
	}
	row, column := u16(data, 0), u16(data, 2)
	if b.Version == 8 {
		n := rawNote{row: row + 1, column: column, object: u16(data, 6)}
		if len(data) > 8 {
			n.author.text, _ = newParts(b.stream, data[8:], next).unicode(2)
		}
		s.notes = append(s.notes, n)
		return
	}
	b.sampled(data[6:])
	if row == 0xffff && len(s.notes) > 0 {
		last := &s.notes[len(s.notes)-1]
		last.text.bytes = append(slices.Clip(last.text.bytes), data[6:]...)
		return
	}
	s.notes = append(s.notes, rawNote{row: row + 1, column: column, text: rawString{bytes: data[6:]}})
}

// shapeText reads the text behind a TXO record ([MS-XLS] 2.4.329): in CONTINUE
// records, each with a byte that says whether its characters are wide.
func (b *Book) shapeText(data []byte, next int) string {
	n := u16(data, 10)
	if n == 0 || b.Version != 8 {
		return ""
	}
	p := newParts(b.stream, nil, next)
	if !p.more() || len(p.data) == 0 {
		return ""
	}
	wide := p.data[0]&1 != 0
	p.data = p.data[1:]
	text, _ := p.chars(n, wide)
	return strings.TrimSpace(strings.ReplaceAll(text, "\r", "\n"))
}

// beside gives comments and shapes, decoded.
func (b *Book) beside(s *substream) (notes []Note, shapes []string) {
	texts := make(map[int]string)
	for _, t := range s.texts {
		if t.note {
			texts[t.object] = t.text
		} else {
			shapes = append(shapes, t.text)
		}
	}
	for _, n := range s.notes {
		text := b.string(n.text)
		if b.Version == 8 {
			text = texts[n.object]
		}
		if text = strings.TrimSpace(strings.ReplaceAll(text, "\r", "\n")); text != "" {
			notes = append(notes, Note{n.row, n.column, b.string(n.author), text})
		}
	}
	return notes, shapes
}

// PlainHeader takes the codes out of a header or footer, such as
// &L&"宋体,常规"机密&R&P; one that only numbers pages
// is nothing.
func PlainHeader(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '&' || i+1 >= len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; {
		case c == '&':
			b.WriteByte('&')
		case c == '"': // a font
			for i++; i < len(s) && s[i] != '"'; i++ {
			}
		case c >= '0' && c <= '9': // its size
			for i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
				i++
			}
		case c == 'K' || c == 'k': // its colour
			i = min(i+6, len(s)-1)
		default:
			b.WriteByte(' ')
		}
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	if strings.Trim(text, "-/第页共，, Pageof") == "" {
		return ""
	}
	return text
}
