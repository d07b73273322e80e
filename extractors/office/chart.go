package office

import (
	"encoding/xml"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// charts reads the charts of a package, each as a section.
func (d *docx) charts(prefix string, at document.Position) error {
	for _, part := range parts(d.z, prefix) {
		if err := d.chart(part, at); err != nil {
			return err
		}
	}
	return nil
}

// chart reads what a chart shows in words: titles, the names of its series and
// categories. Their values are kept beside the chart, in an embedded workbook.
func (d *docx) chart(part string, at document.Position) error {
	var lines []string
	seen := map[string]bool{}
	var text strings.Builder
	words, reading := 0, false
	err := d.walk(part, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "strCache", "rich", "strLit", "lvl":
				words++
			case "p", "pt":
				text.Reset()
			case "v", "t":
				reading = words > 0
			}
		case xml.CharData:
			if reading {
				text.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "strCache", "rich", "strLit", "lvl":
				words--
			case "v", "t":
				reading = false
			case "p", "pt":
				if s := strings.Join(strings.Fields(text.String()), " "); s != "" && !seen[s] {
					seen[s] = true
					d.bytes += int64(len(s))
					lines = append(lines, s)
				}
				text.Reset()
			}
		}
	})
	d.doc.AddText(at, "图表 Chart", strings.Join(lines, "\n"))
	return d.settle(part, err)
}

// maxLinks bounds the addresses that are kept.
const maxLinks = 10_000

// linked lists the addresses that a part's links lead to, those that were not met
// before.
func (d *docx) linked(part string) (out []string) {
	if d.links == nil {
		d.links = map[string]bool{}
	}
	for _, l := range ooxml.Links(d.z, part) {
		if !d.links[l] && len(d.links) < maxLinks {
			d.links[l] = true
			out = append(out, l)
		}
	}
	return out
}
