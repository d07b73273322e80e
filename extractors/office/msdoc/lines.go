package msdoc

import (
	"slices"
	"strings"
)

// maxLinks bounds the addresses that are kept.
const maxLinks = 10_000

// gather turns characters into lines.
type gather struct {
	out    *Text
	lines  []Line
	text   strings.Builder // of the paragraph
	row    []string
	gone   strings.Builder // of what was deleted
	before rune
	links  map[string]bool
}

// lines makes lines of a story's characters.
func (r *reader) lines(chars []char) []Line {
	g := &gather{out: r.out, links: map[string]bool{}}
	for _, l := range r.out.Links {
		g.links[l] = true
	}
	hide := fields(chars, g.link)
	depth := 0
	var last flags
	for i, c := range chars {
		depth += int(hide[i])
		if hide[i] < 0 || depth > 0 {
			continue // the code of a field, and its marks
		}
		if c.flags&deleted != 0 {
			if last&deleted == 0 {
				r.out.Deletions++
			}
			g.remove(c.r)
		} else {
			if last&deleted != 0 {
				g.removed()
			}
			if c.flags&inserted != 0 && last&inserted == 0 {
				r.out.Insertions++
			}
			g.add(c)
		}
		last = c.flags
	}
	g.removed()
	g.endRow()
	g.endParagraph(0)
	return g.lines
}

// fields tells where the code of a field begins (1) and where it is over (-1), so
// that only results are read ([MS-DOC] 2.8.25). A mark without its partner hides
// nothing.
func fields(chars []char, link func(code string)) []int8 {
	hide := make([]int8, len(chars))
	type field struct{ begin, result int }
	var open []field
	tries := 0
	for i, c := range chars {
		switch c.r {
		case markField:
			open = append(open, field{i, -1})
		case markResult:
			if n := len(open); n > 0 && open[n-1].result < 0 {
				open[n-1].result = i
			}
		case markEnd:
			n := len(open)
			if n == 0 {
				continue
			}
			f := open[n-1]
			open = open[:n-1]
			end := f.result
			if end < 0 {
				end = i
			}
			hide[f.begin], hide[end] = 1, -1
			if end-f.begin < 4096 && tries < 4*maxLinks {
				tries++
				var code strings.Builder
				for _, c := range chars[f.begin+1 : end] {
					code.WriteRune(c.r)
				}
				link(code.String())
			}
		}
	}
	return hide
}

// link keeps the address of a hyperlink.
func (g *gather) link(code string) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(code), "HYPERLINK")
	if !ok {
		return
	}
	_, rest, ok = strings.Cut(rest, `"`)
	if !ok {
		return
	}
	address, _, _ := strings.Cut(rest, `"`)
	address = strings.TrimSpace(address)
	if address == "" || !strings.ContainsAny(address, ":/.@") || g.links[address] || len(g.links) >= maxLinks {
		return
	}
	g.links[address] = true
	g.out.Links = append(g.out.Links, address)
}

// add takes a character that is shown.
func (g *gather) add(c char) {
	switch c.r {
	case markPara, markPage:
		switch {
		case c.flags&(innerRowEnd|innerCell) != 0, c.flags&inTable != 0:
			g.space()
		default:
			g.endRow()
			g.endParagraph(int(c.level))
		}
	case markCell:
		switch {
		case c.flags&rowEnd != 0:
			g.endRow()
		case c.flags&known == 0 && g.before == markCell && len(g.row) > 0 && g.text.Len() == 0:
			// Without properties, an empty cell behind a cell ends the row.
			g.endRow()
		default:
			g.row = append(g.row, strings.Join(strings.Fields(g.text.String()), " "))
			g.text.Reset()
		}
	case markLine, markColumn:
		g.text.WriteByte('\n')
	default:
		if s := shown(c.r); s != "" {
			g.text.WriteString(s)
		}
	}
	g.before = c.r
}

// shown is what stands for a character; nothing for pictures, references to notes
// and other marks.
func shown(r rune) string {
	switch {
	case r == '\t':
		return "\t"
	case r == markHyphen:
		return "-"
	case r == 0xa0:
		return " "
	case r < ' ', r == 0xfffc, r == 0xfffe, r == 0xffff:
		return ""
	case r >= 0xf000 && r <= 0xf0ff:
		return "" // a picture of a symbol font
	}
	return string(r)
}

func (g *gather) space() {
	if g.text.Len() > 0 {
		g.text.WriteByte(' ')
	}
}

func (g *gather) endParagraph(level int) {
	text := strings.Trim(g.text.String(), "\n")
	g.text.Reset()
	if strings.TrimSpace(text) != "" {
		g.lines = append(g.lines, Line{text, level})
	}
}

func (g *gather) endRow() {
	if len(g.row) == 0 {
		return
	}
	row := strings.TrimRight(strings.Join(g.row, "\t"), "\t")
	g.row = nil
	if strings.TrimSpace(row) != "" {
		g.lines = append(g.lines, Line{Text: row})
	}
}

// remove takes a character that a tracked change took away.
func (g *gather) remove(r rune) {
	if endsParagraph(r) || r == markLine {
		g.removed()
		return
	}
	g.gone.WriteString(shown(r))
}

func (g *gather) removed() {
	if s := strings.TrimSpace(g.gone.String()); s != "" && !slices.Contains(g.out.Deleted[max(0, len(g.out.Deleted)-8):], s) {
		g.out.Deleted = append(g.out.Deleted, s)
	}
	g.gone.Reset()
}
