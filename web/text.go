package web

import (
	"html/template"
	"iter"
	"maps"
	"strconv"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/index"
)

const (
	// partBytes is how much text one page shows: a browser takes half a second
	// for 400 KB, and a workbook may have 60 MB.
	partBytes = 400 << 10

	pieceBytes = 32 << 10 // a piece is never cut in two by the end of a part
)

func mapKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// parts is the text of a document as its page shows it.
type parts struct {
	Sections []sectionView // of this part
	Part     int           // from 1
	Of       int
	Prev     string
	Next     string
}

// sectionView is a section, or the part of it that this page shows.
type sectionView struct {
	Position document.Position
	Heading  string
	Link     string // to this place in the original
	Pieces   []piece
	Table    *grid // of a workbook's rows
	Picture  *pagePicture
	index    int
}

// piece is a stretch of a section that begins where a passage begins. Anchors
// are the ids of the passages, p<seq>: what a hit's link points at.
type piece struct {
	Anchors []string
	Text    template.HTML // of what is shown
	raw     string
}

// target is what the address asks to see.
type target struct {
	part    int // from 1; 0: not said
	passage int // -1: not said
}

// spot is where a passage begins.
type spot struct{ section, offset int }

// textParts cuts the text of a document for its page and puts the anchors of
// its passages where they begin.
//
// Hits link to passages (#p12), not to sections, since a section may be a whole
// book. Passages are cut by index.Cut, which is deterministic, so it is asked
// again here and its passages are looked for in the sections, in order. A
// passage that is not found (cut by an older version of the program, say)
// stands where the one before it stands: the link leads a little too far up,
// never nowhere.
func textParts(d *document.Document, words []string, at target, path func(int) string) parts {
	spots := spotsOf(d.Sections, index.Cut(d))
	var all []sectionView
	type where struct{ section, part int }
	var sizes []where // of which part a section is
	part, size, wanted := 1, 0, max(at.part, 1)
	next := 0
	for n, s := range d.Sections {
		v := sectionView{index: n, Position: s.Position, Heading: s.Heading, Link: positionLink("/o/"+d.ID, d.MediaType, s.Position)}
		text, base := s.Text, 0
		for {
			p := piece{}
			for next < len(spots) && spots[next].section == n && spots[next].offset <= base {
				p.Anchors = append(p.Anchors, "p"+strconv.Itoa(next))
				if next == at.passage && at.part == 0 {
					wanted = -1 // the part that is being filled, known below
				}
				next++
			}
			end := len(text)
			if next < len(spots) && spots[next].section == n {
				end = min(end, spots[next].offset)
			}
			end = pieceEnd(text, base, end)
			if size > 0 && size+end-base > partBytes {
				if len(v.Pieces) > 0 {
					all, sizes = append(all, v), append(sizes, where{n, part})
					v.Pieces = nil
				}
				part, size = part+1, 0
			}
			if wanted == -1 {
				wanted = part
			}
			size += end - base
			p.raw = text[base:end]
			v.Pieces = append(v.Pieces, p)
			base = end
			if base >= len(text) {
				break
			}
		}
		all, sizes = append(all, v), append(sizes, where{n, part})
	}
	out := parts{Part: min(wanted, part), Of: part}
	for i, v := range all {
		if sizes[i].part != out.Part {
			continue
		}
		for j := range v.Pieces {
			v.Pieces[j].Text = highlighted(v.Pieces[j].raw, words)
		}
		if d.Kind == document.KindSheet {
			v.Table = gridOf(&d.Sections[v.index], &v, words)
		}
		out.Sections = append(out.Sections, v)
	}
	if out.Part > 1 {
		out.Prev = path(out.Part - 1)
	}
	if out.Part < out.Of {
		out.Next = path(out.Part + 1)
	}
	return out
}

// pieceEnd bounds a piece, at a line's end if there is one.
func pieceEnd(text string, from, to int) int {
	if to-from <= pieceBytes {
		return to
	}
	to = from + pieceBytes
	if nl := strings.LastIndexByte(text[from:to], '\n'); nl > 0 {
		return from + nl + 1
	}
	for to > from+1 && !utf8.RuneStart(text[to]) {
		to--
	}
	return to
}

// spotsOf finds where each passage begins. The result never goes back: every
// spot is at or after the one before it.
func spotsOf(sections []document.Section, passages []index.Passage) []spot {
	out := make([]spot, 0, len(passages))
	at, from := spot{}, spot{} // where the last one is shown, and where to look for the next
	var rows counter
	for _, p := range passages {
		for n := from.section; n < len(sections)-1 && (before(sections[n].Position, p.Position) || begun(sections[n+1].Position, p.Position)); n++ {
			from = spot{section: n + 1}
		}
		if from.section < len(sections) {
			// Where lines or rows are counted, the passage says in which it begins.
			from.offset = max(from.offset, rows.offset(sections, from.section, linesInto(sections[from.section].Position, p.Position)))
		}
		if found, ok := find(sections, from, beginning(p.Text)); ok {
			at = lineStart(sections[found.section].Text, found, at)
			// The next passage repeats at most 120 characters of this one, so its
			// beginning is not looked for before that: rows of a sheet often begin
			// alike.
			from = spot{found.section, found.offset + max(1, len(p.Text)-1024)}
		} else if from.section > at.section {
			at = spot{section: from.section}
		}
		out = append(out, at)
	}
	return out
}

// before says whether a section ends before the place where a passage begins.
func before(section, passage document.Position) bool {
	switch {
	case passage.Page > 0:
		return section.Page < passage.Page
	case passage.Slide > 0:
		return section.Slide < passage.Slide
	case passage.Rows != nil && section.Rows != nil && section.Sheet == passage.Sheet:
		return section.Rows[1] < passage.Rows[0]
	case passage.Sheet != "":
		return section.Sheet != passage.Sheet
	}
	return false
}

// begun says whether a section whose end is not known has its successor begin
// by then.
func begun(next, passage document.Position) bool {
	switch {
	case next.Line > 0 && passage.Line > 0:
		return next.Line <= passage.Line
	case next.Start != nil && passage.Start != nil:
		return *next.Start <= *passage.Start
	}
	return false
}

// linesInto is how many lines of a section stand before a passage.
func linesInto(section, passage document.Position) int {
	switch {
	case section.Line > 0 && passage.Line > 0:
		return passage.Line - section.Line
	case section.Rows != nil && passage.Rows != nil && section.Sheet == passage.Sheet:
		return passage.Rows[0] - section.Rows[0]
	}
	return 0
}

// counter counts lines of a section on and on, each once.
type counter struct{ section, line, at int }

// offset is where line n of a section begins, or the end of its text.
func (c *counter) offset(sections []document.Section, section, n int) int {
	if c.section != section || n < c.line {
		*c = counter{section: section}
	}
	text := sections[section].Text
	for c.line < n && c.at < len(text) {
		nl := strings.IndexByte(text[c.at:], '\n')
		if nl < 0 {
			c.line, c.at = n, len(text)
			break
		}
		c.line, c.at = c.line+1, c.at+nl+1
	}
	return c.at
}

// lineStart lets a piece begin with its line where that is near: a mark shall
// not stand alone in the middle of a row.
func lineStart(text string, at, least spot) spot {
	nl := strings.LastIndexByte(text[:at.offset], '\n') + 1
	if at.offset-nl > 80 || at.section == least.section && nl < least.offset {
		return at
	}
	return spot{at.section, nl}
}

// beginning is the first line of a passage, or so much of it as tells it from
// others.
func beginning(text string) string {
	text = strings.TrimLeft(text, " \t\r\n")
	if nl := strings.IndexByte(text, '\n'); nl >= 0 {
		text = text[:nl]
	}
	if len(text) > 120 {
		end := 120
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	return strings.TrimSpace(text)
}

// find looks for a passage's beginning at or after a spot. It looks ahead a
// bounded way: a passage is at most a few thousand characters long, so the
// next one begins soon, and a text that holds none of them must not be read
// once for each.
func find(sections []document.Section, at spot, needle string) (spot, bool) {
	if needle == "" {
		return at, false
	}
	const ahead = 64 << 10
	looked := 0
	for n := at.section; n < len(sections) && looked < ahead; n++ {
		text, from := sections[n].Text, 0
		if n == at.section {
			from = min(at.offset, len(text))
		}
		window := text[from:min(len(text), from+ahead)]
		if i := strings.Index(window, needle); i >= 0 {
			return spot{n, from + i}, true
		}
		looked += len(window) + 1
	}
	return at, false
}
