package msdoc

import (
	"context"
	"sort"
	"unicode/utf16"
	"unicode/utf8"
)

// char is one character with what its properties say. Of a mark that ends a
// paragraph or a cell, the properties are the paragraph's.
type char struct {
	r     rune
	flags flags
	level int8
}

// Marks of the text ([MS-DOC] 2.4.1, 2.4.3).
const (
	markCell    = 0x07
	markLine    = 0x0b
	markPage    = 0x0c
	markPara    = 0x0d
	markColumn  = 0x0e
	markField   = 0x13
	markResult  = 0x14
	markEnd     = 0x15
	markHyphen  = 0x1e
	markOptHyph = 0x1f
)

func endsParagraph(r rune) bool { return r == markPara || r == markCell || r == markPage }

// read gives the characters from one place in the document to another. It is
// called for stories that follow each other, so each character is met once in an
// honest document; left bounds the others.
func (r *reader) read(ctx context.Context, from, to uint32) ([]char, error) {
	var out []char
	i := sort.Search(len(r.pieces), func(i int) bool { return r.pieces[i].to > from })
	for n := 0; i < len(r.pieces) && r.pieces[i].from < to; i++ {
		p := r.pieces[i]
		if n++; n&0xff == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		skip := max(from, p.from) - p.from
		length := min(to, p.to) - p.from - skip
		width := uint32(1)
		if p.wide {
			width = 2
		}
		at := p.fc + skip*width
		data := slice(r.main, at, length*width)
		if int64(len(data)) < int64(length)*int64(width) {
			r.out.Cut = true
		}
		out = r.readPiece(out, p, at, data)
		if r.left <= 0 {
			r.out.TooLong = true
			break
		}
	}
	return out, nil
}

// readPiece appends a piece's characters, run by run.
func (r *reader) readPiece(out []char, p piece, at uint32, data []byte) []char {
	for len(data) > 1 || len(data) > 0 && !p.wide {
		props, end := r.charAt(at)
		n := len(data)
		if end > at && int64(end-at) < int64(n) {
			n = int(end - at)
		}
		if p.wide && n&1 == 1 {
			n++
			n = min(n, len(data)&^1)
		}
		if n > r.left {
			n = r.left &^ 1
			if n == 0 {
				r.left = 0
				return out
			}
		}
		r.prm(&props, p.prm)
		out = r.readRun(out, p, props, at, data[:n])
		r.left -= n
		at += uint32(n) //nolint:gosec // within the stream
		data = data[n:]
	}
	return out
}

// readRun appends characters that have their properties in common.
func (r *reader) readRun(out []char, p piece, props props, at uint32, data []byte) []char {
	f := props.flags & (deleted | inserted | hidden)
	r.out.Hidden = r.out.Hidden || f&hidden != 0
	emit := func(c rune, place uint32) {
		if props.sym != 0 && (c == '(' || c >= 0xf000 && c < 0xf100) {
			c = props.sym
		}
		x := char{r: c, flags: f}
		if endsParagraph(c) {
			q := r.paraAt(place)
			r.prm(&q, p.prm)
			x.flags |= q.flags &^ (deleted | inserted | hidden)
			x.level = int8(r.levelOf(q)) //nolint:gosec // at most 9
		}
		out = append(out, x)
	}
	if p.wide {
		for i := 0; i+2 <= len(data); i += 2 {
			c := rune(u16(data, i)) //nolint:gosec // a word
			if utf16.IsSurrogate(c) && i+4 <= len(data) {
				if full := utf16.DecodeRune(c, rune(u16(data, i+2))); full != utf8.RuneError { //nolint:gosec // a word
					emit(full, at)
					i += 2
					continue
				}
			}
			emit(c, at+uint32(i))
		}
		return out
	}
	font := r.fontOf(props, at)
	for i := 0; i < len(data); {
		if data[i] < ' ' {
			emit(rune(data[i]), at+uint32(i))
			i++
			continue
		}
		end := i
		for end < len(data) && data[end] >= ' ' {
			end++
		}
		for _, c := range r.text.Text(data[i:end], font) {
			emit(c, at)
		}
		i = end
	}
	return out
}

// fontOf names the charset of a run's font: its own, or that of its paragraph's
// style.
func (r *reader) fontOf(p props, at uint32) string {
	if len(r.fonts) == 0 {
		return ""
	}
	font := p.font
	if font < 0 {
		r.styleOf(r.paraAt(at).style, func(s style) bool {
			font = s.font
			return font >= 0
		})
	}
	if font < 0 || int(font) >= len(r.fonts) {
		return ""
	}
	return r.fonts[font]
}
