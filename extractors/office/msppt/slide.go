package msppt

import "strings"

// listed is a slide as the document lists it.
type listed struct{ ref, id uint32 }

// lists reads the document's lists of slides and of notes, and the texts that
// stand there for the slides' shapes ([MS-PPT] 2.4.14.3, 2.4.14.6).
func (r *reader) lists(document record) (slides []listed) {
	document.each(func(list record) {
		if list.kind != rtSlideList {
			return
		}
		switch list.instance {
		case 0:
			var ref uint32
			t := &texts{r: r}
			done := func() {
				t.close()
				if ref != 0 && len(t.blocks) > 0 {
					r.outline[ref] = append(r.outline[ref], t.blocks...)
				}
				t.blocks = nil
			}
			list.each(func(rec record) {
				if rec.kind == rtSlidePersist {
					done()
					ref = u32(rec.body, 0)
					slides = append(slides, listed{ref, u32(rec.body, 12)})
					return
				}
				t.take(rec)
			})
			done()
		case 2:
			list.each(func(rec record) {
				if rec.kind != rtSlidePersist {
					return
				}
				ref := u32(rec.body, 0)
				if atom, ok := r.at(ref).find(rtNotesAtom); ok {
					r.notes[u32(atom.body, 0)] = ref
				}
			})
		}
	})
	return slides
}

// beside reads what the document holds beside its slides: hyperlinks and sounds,
// headers and footers.
func (r *reader) beside(document record) {
	sounds := uint32(0)
	document.walk(0, func(rec record) bool {
		switch rec.kind {
		case rtHyperlink:
			rec.each(func(c record) {
				if c.kind == rtString && c.instance == 1 {
					r.once(&r.out.Links, str(c))
				}
			})
		case rtSound:
			o := Object{Sound: true}
			rec.each(func(c record) {
				switch {
				case c.kind == rtString && c.instance == 0:
					o.Name = str(c)
				case c.kind == rtSoundData:
					o.Data = c.body
				}
			})
			if sounds++; len(o.Data) > 0 {
				o.ID = sounds
				r.out.Objects = append(r.out.Objects, o)
			}
		case rtHeadersFoot:
			r.footers(rec)
		case rtSlideList:
			return false
		default:
			return true
		}
		return false
	})
}

func (r *reader) footers(rec record) {
	rec.each(func(c record) {
		if c.kind == rtString {
			r.once(&r.out.Footers, str(c))
		}
	})
}

// maxBeside bounds what is kept beside the slides.
const maxBeside = 10_000

// once keeps a text that was not met before.
func (r *reader) once(list *[]string, s string) {
	if s != "" && s != "*" && len(*list) < maxBeside && !r.seen[s] {
		r.seen[s] = true
		*list = append(*list, s)
	}
}

// slide reads a slide with its notes.
func (r *reader) slide(l listed) {
	rec := r.at(l.ref)
	var s Slide
	if rec.kind != rtSlide {
		r.out.Cut = true
	}
	if rec.cut {
		r.out.Cut = true
	}
	r.shapes(&s, rec, r.outline[l.ref])
	if show, ok := rec.find(rtSlideShow); ok {
		s.Hidden = u16(show.body, 10)&4 != 0
	}
	if ref, ok := r.notes[l.id]; ok {
		var n Slide
		r.shapes(&n, r.at(ref), nil)
		s.Notes = n.Notes
		// QUIRK: some notes stand in boxes that are not marked as notes; headers and
		// footers do too, and those are the same on every page.
		for _, l := range append([]string{n.Title}, n.Lines...) {
			r.once(&s.Notes, l)
		}
	}
	r.out.Slides = append(r.out.Slides, s)
}

// shapes reads the shapes of a slide or of a page of notes. outline is the text
// that the document's list holds for them.
func (r *reader) shapes(s *Slide, rec record, outline []block) {
	used := make([]bool, len(outline))
	rec.each(func(c record) {
		switch c.kind {
		case rtDrawing:
			r.group(s, c, outline, used, 0)
		case rtHeadersFoot:
			r.footers(c)
		default:
			if c.holds {
				c.walk(0, func(x record) bool {
					if x.kind == rtComment {
						s.comment(x)
						return false
					}
					return true
				})
			}
		}
	})
	for i, b := range outline {
		if !used[i] {
			s.put(b)
		}
	}
}

// put puts a block where it belongs.
func (s *Slide) put(b block) {
	lines := b.lines()
	switch {
	case len(lines) == 0:
	case b.sort == textNotes:
		s.Notes = append(s.Notes, lines...)
	case (b.sort == textTitle || b.sort == textCenterTitle) && s.Title == "":
		s.Title = strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
	default:
		s.Lines = append(s.Lines, lines...)
	}
}

// group reads the shapes of a drawing, of groups and of tables.
func (r *reader) group(s *Slide, rec record, outline []block, used []bool, depth int) {
	if depth > maxDepth {
		return
	}
	if isTable(rec) {
		r.table(s, rec, outline, used)
		return
	}
	rec.each(func(c record) {
		switch {
		case c.kind == artShape:
			for _, b := range r.shape(c, outline, used) {
				s.put(b)
			}
		case c.holds:
			r.group(s, c, outline, used, depth+1)
		}
	})
}

// isTable says whether a group is a table: its own shape has that property
// ([MS-ODRAW] 2.3.4.37).
func isTable(rec record) (yes bool) {
	if rec.kind != artGroup {
		return false
	}
	first := true
	rec.each(func(c record) {
		if c.kind != artShape || !first {
			return
		}
		first = false
		c.each(func(p record) {
			if p.kind != artTable {
				return
			}
			for i := range min(p.instance, len(p.body)/6) {
				if id := u16(p.body, 6*i); id&0x3fff == 0x039f {
					yes = u32(p.body, 6*i+2)&1 != 0
				}
			}
		})
	})
	return yes
}

// table reads a table: a group whose shapes are its cells and lines.
func (r *reader) table(s *Slide, rec record, outline []block, used []bool) {
	var cells []cell
	rec.each(func(c record) {
		if c.kind != artShape {
			return
		}
		anchor, ok := c.find(artAnchor)
		if !ok {
			return
		}
		for _, b := range r.shape(c, outline, used) {
			cells = append(cells, cell{int32(u32(anchor.body, 0)), int32(u32(anchor.body, 4)), b.text}) //nolint:gosec // signed places
		}
	})
	s.Lines = append(s.Lines, rows(cells)...)
}

// shape reads the text of one shape: its own, or the one in the outline that it
// refers to.
func (r *reader) shape(rec record, outline []block, used []bool) []block {
	t := &texts{r: r}
	rec.each(func(c record) {
		if c.kind != artTextbox {
			return
		}
		c.each(func(x record) {
			if x.kind != rtOutlineRef {
				t.take(x)
				return
			}
			if i := int64(u32(x.body, 0)); i < int64(len(outline)) && !used[i] {
				used[i] = true
				t.blocks = append(t.blocks, outline[i])
			}
		})
		t.close()
	})
	return t.blocks
}

// comment reads a comment with its author (2.5.23).
func (s *Slide) comment(rec record) {
	author, text := "", ""
	rec.each(func(c record) {
		if c.kind == rtString {
			switch c.instance {
			case 0:
				author = str(c)
			case 1:
				text = str(c)
			}
		}
	})
	if text == "" || len(s.Comments) >= maxBeside {
		return
	}
	if author != "" {
		text = author + ": " + text
	}
	s.Comments = append(s.Comments, text)
}
