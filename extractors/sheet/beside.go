package sheet

import (
	"encoding/xml"
	"fmt"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// beside reads what stands beside the cells: their comments, and the text in
// shapes that lie on the sheets.
func (x *xlsx) beside() error {
	if len(x.book.names) > 0 {
		x.doc.AddText(document.Position{Part: "names"}, "定义名称 Defined names", strings.Join(x.book.names, "\n"))
	}
	for _, s := range x.book.sheets {
		for _, r := range ooxml.Relations(x.book.z, s.part) {
			var err error
			switch r.Type {
			case "comments", "threadedComment":
				if strings.HasSuffix(strings.ToLower(r.Target), ".bin") {
					err = x.binaryComments(s, r.Target)
					break
				}
				err = x.comments(s, r.Target)
			case "drawing":
				err = x.shapes(s, r.Target, "图形 Shapes")
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// comments adds a section for each commented cell.
func (x *xlsx) comments(s *sheetInfo, part string) error {
	ref, reading := "", 0
	var text strings.Builder
	return x.walk(part, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "comment", "threadedComment":
				ref = ooxml.Attr(t, "ref")
				text.Reset()
			case "t", "text":
				reading++
			case "rPh": // how to pronounce it
				reading -= 2
			}
		case xml.CharData:
			if reading > 0 {
				text.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t", "text":
				reading--
			case "rPh":
				reading += 2
			case "comment", "threadedComment":
				reading = 0
				_, n, ok := cellAt(ref)
				if !ok {
					n = 1
				}
				x.bytes += int64(text.Len())
				x.doc.AddText(document.Position{Sheet: s.name, Rows: &[2]int{n, n}}, "批注 Comment "+ref, strings.TrimSpace(text.String()))
			}
		}
	})
}

const chartHeading = "图表 Chart"

// shapes adds the text of a sheet's shapes as one section; a shape has no row.
// Charts, with their titles, are parts of their own behind it.
func (x *xlsx) shapes(s *sheetInfo, part, heading string) error {
	var text strings.Builder
	reading := false
	err := x.walk(part, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			reading = t.Name.Local == "t"
		case xml.CharData:
			if reading {
				text.Write(t)
			}
		case xml.EndElement:
			reading = false
			if t.Name.Local == "p" {
				text.WriteByte('\n')
			}
		}
	})
	x.bytes += int64(text.Len())
	x.doc.AddText(document.Position{Sheet: s.name, Rows: &[2]int{1, 1}}, heading, strings.TrimSpace(text.String()))
	if err != nil {
		return err
	}
	for _, r := range ooxml.Relations(x.book.z, part) {
		if r.Type == "chart" && heading != chartHeading {
			if err := x.shapes(s, r.Target, chartHeading); err != nil {
				return err
			}
		}
	}
	return nil
}

// walk walks a part; damage is told in the document.
func (x *xlsx) walk(part string, each func(xml.Token)) error {
	f := ooxml.Part(x.book.z, part)
	if f == nil || x.bytes > x.in.Limits.TextBytes {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return nil // told when its sheet was copied, or a comment is lost
	}
	defer r.Close()
	n := 0
	err = ooxml.Walk(r, ooxml.PartLimit(f, x.in.Limits), func(tok xml.Token) error {
		if n++; n&0x3ff == 0 && x.ctx.Err() != nil {
			return x.ctx.Err()
		}
		each(tok)
		return nil
	})
	if x.ctx.Err() != nil {
		return fmt.Errorf("read %q: %w", x.in.Name, x.ctx.Err())
	}
	if err != nil {
		ooxml.Lose(x.doc, part, err, true)
	}
	return nil
}
