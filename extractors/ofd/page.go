package ofd

import (
	"encoding/xml"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// item is a piece of text with its place, in millimetres.
type item struct {
	x, y, right, size float64
	text              string
}

// page reads a page: its templates, its own text, and notes on it.
func (r *reading) page(d *parts, p pagePart) {
	if r.pages++; r.pages > r.in.Limits.Pages {
		r.pages--
		r.full = true
		r.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d pages were read", r.pages))
		return
	}
	var items []item
	var templates []string
	r.texts(p.part, &items, func(e xml.StartElement) {
		if e.Name.Local == "Template" && len(templates) < 16 {
			if part := r.templates[ooxml.Attr(e, "TemplateID")]; part != "" {
				templates = append(templates, part)
			}
		}
	})
	for _, part := range templates {
		r.texts(part, &items, nil)
	}
	for _, part := range r.annotated(d.annotations, p.id) {
		r.texts(part, &items, nil)
	}
	text := lay(items)
	r.bytes += int64(len(text))
	r.doc.AddText(document.Position{Page: r.pages}, "", text)
	if r.bytes > r.in.Limits.TextBytes {
		r.full = true
		r.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d pages were read: the text is too long", r.pages))
	}
}

// annotated finds the parts that hold a page's notes and stamps (clause 15).
func (r *reading) annotated(list, id string) (out []string) {
	if list == "" || id == "" {
		return nil
	}
	mine, loc := false, false
	r.walk(list, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "Page":
				mine = ooxml.Attr(t, "PageID") == id
			case "FileLoc":
				loc = mine
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(t)); loc && s != "" && len(out) < 64 {
				out = append(out, near(list, s))
			}
		case xml.EndElement:
			loc = false
		}
	})
	return out
}

// texts gathers the text objects of a part (11.3): each has a box, and pieces of
// text with a place within it.
func (r *reading) texts(part string, items *[]item, other func(xml.StartElement)) {
	var box [4]float64
	var size, x, y float64
	id, into := "", false
	var text strings.Builder
	r.walk(part, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "TextObject":
				id = ooxml.Attr(t, "ID")
				box = [4]float64{}
				for i, f := range strings.Fields(ooxml.Attr(t, "Boundary")) {
					if i < 4 {
						box[i], _ = strconv.ParseFloat(f, 64)
					}
				}
				size, _ = strconv.ParseFloat(ooxml.Attr(t, "Size"), 64)
				x, y = 0, 0
			case "TextCode":
				// X and Y may be left out: then they are those of the piece before.
				if v, err := strconv.ParseFloat(ooxml.Attr(t, "X"), 64); err == nil {
					x = v
				}
				if v, err := strconv.ParseFloat(ooxml.Attr(t, "Y"), 64); err == nil {
					y = v
				}
				into = true
				text.Reset()
			default:
				if other != nil {
					other(t)
				}
			}
		case xml.CharData:
			if into && text.Len() < 1<<20 {
				text.Write(t)
			}
		case xml.EndElement:
			if t.Name.Local != "TextCode" {
				return
			}
			into = false
			s := strings.Trim(text.String(), "\r\n")
			if strings.TrimSpace(s) == "" || len(*items) >= maxItems {
				return
			}
			*items = append(*items, item{x: box[0] + x, y: box[1] + y, right: box[0] + box[2], size: size, text: s})
			if old, ok := r.objects[id]; ok || len(r.objects) < maxObjects {
				r.objects[id] = old + s
			}
		}
	})
}

// lay writes pieces as lines: those whose base lines are nearly one stand in one
// line, from left to right. Programs write each cell, and some each character,
// as a piece of its own, in any order.
func lay(items []item) string {
	sort.SliceStable(items, func(i, j int) bool { return items[i].y < items[j].y })
	var b strings.Builder
	for from := 0; from < len(items); {
		to := from + 1
		for to < len(items) && items[to].y-items[from].y <= max(items[from].size*0.4, 0.8) {
			to++
		}
		line := items[from:to]
		sort.SliceStable(line, func(i, j int) bool { return line[i].x < line[j].x })
		for i, it := range line {
			if i > 0 {
				gap := it.x - line[i-1].right
				last, _ := utf8.DecodeLastRuneInString(line[i-1].text)
				first, _ := utf8.DecodeRuneInString(it.text)
				switch {
				case gap > 2*max(it.size, 2):
					b.WriteByte('\t')
				case gap > 0.3*max(it.size, 2) && !(last >= 0x2e80 && first >= 0x2e80):
					b.WriteByte(' ')
				}
			}
			b.WriteString(it.text)
		}
		b.WriteByte('\n')
		from = to
	}
	return b.String()
}
