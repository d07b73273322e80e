package msppt

import (
	"unicode/utf16"

	"guidang/extractors/charset"
)

// salvage reads a deck whose directory is lost: all slides in the order of the
// file, the older ones too.
func (r *reader) salvage() {
	r.out.Salvaged = true
	for b := r.deck; ; {
		rec, next, ok := parse(b)
		if !ok || r.ctx.Err() != nil {
			return
		}
		switch rec.kind {
		case rtSlide:
			var s Slide
			r.shapes(&s, rec, nil)
			r.keep(s)
		case rtDocument:
			// The outline holds the text of titles and bodies, slide by slide.
			for _, l := range r.lists(rec) {
				var s Slide
				for _, block := range r.outline[l.ref] {
					s.put(block)
				}
				delete(r.outline, l.ref)
				r.keep(s)
			}
			r.beside(rec)
		case rtNotes:
			var s Slide
			r.shapes(&s, rec, nil)
			r.keep(Slide{Notes: s.Notes})
		}
		b = next
	}
}

func (r *reader) keep(s Slide) {
	if s.Title == "" && len(s.Lines)+len(s.Notes)+len(s.Comments) == 0 {
		return
	}
	if len(r.out.Slides) >= r.in.Slides {
		r.out.TooMany = true
		return
	}
	r.out.Slides = append(r.out.Slides, s)
}

// Records of PowerPoint 95, as far as they differ.
const (
	rtOldPlaceholder = 0x0bc2
	rtOldRun         = 0x0fe0
	rtOldText        = 0x07ee // also of other things than text, elsewhere
)

// parseOld reads a record of PowerPoint 95. Nobody published the format; by what
// is found in its files, kinds are those of its successor, and the head is of four
// words: kind, whether it is a container, length, instance.
func parseOld(b []byte) (rec record, next []byte, ok bool) {
	if len(b) < 16 || u32(b, 0) > 0xffff {
		return record{}, nil, false
	}
	rec = record{kind: int(u32(b, 0)), holds: u32(b, 4) == 0xffff}
	n := int64(u32(b, 8))
	if rest := int64(len(b) - 16); n > rest {
		n, rec.cut = rest, true
	}
	rec.body = b[16 : 16+n]
	return rec, b[16+n:], true
}

// isOld says whether a deck is one of PowerPoint 95.
func isOld(b []byte) bool {
	rec, _, ok := parseOld(b)
	return ok && rec.kind == 3 && rec.holds
}

// oldText is the text of a shape before its charset is known.
type oldText struct {
	slide, sort int
	raw         []byte
}

// old reads a deck of PowerPoint 95.
func (r *reader) old() {
	var found []oldText
	slides, notes := 0, 0
	var walk func(b []byte, parent, sort, slide, depth int)
	walk = func(b []byte, parent, sort, slide, depth int) {
		for depth <= maxDepth {
			rec, next, ok := parseOld(b)
			if !ok {
				return
			}
			b = next
			at, as := slide, sort
			switch rec.kind {
			case rtMainMaster:
				continue
			case rtSlide:
				slides++
				at, as = slides, 4
			case rtNotes:
				notes++
				at, as = notes, textNotes
			case rtOldPlaceholder:
				if as == 4 {
					as = textTitle // the first of a slide; put keeps the others with the text
				}
			case rtOldText:
				if parent != rtOldRun {
					continue
				}
				if n := min(len(rec.body), r.left); n > 0 && at > 0 {
					found = append(found, oldText{at, as, rec.body[:n]})
				}
				r.spend(len(rec.body))
			}
			if rec.holds {
				walk(rec.body, rec.kind, as, at, depth+1)
			}
		}
	}
	walk(r.deck, 0, 4, 0, 0)
	var sample []byte
	for _, t := range found {
		if len(sample) < 1<<16 {
			sample = append(append(sample, t.raw...), ' ')
		}
	}
	text := charset.NewDecoder(1252, sample)
	r.out.Charset = text.Name
	if slides > r.in.Slides {
		slides, r.out.TooMany = r.in.Slides, true
	}
	r.out.Slides = make([]Slide, slides)
	for _, t := range found {
		if t.slide <= slides {
			r.out.Slides[t.slide-1].put(block{t.sort, plain(utf16.Encode([]rune(text.Text(t.raw, ""))))})
		}
	}
}
