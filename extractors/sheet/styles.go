package sheet

import (
	"encoding/xml"
	"io"
	"strconv"

	"guidang/extractors/ooxml"
	"guidang/extractors/sheet/biff"
)

// maxStyles bounds what is kept of styles. Excel itself has 64,000.
const maxStyles = 1 << 17

// numberStyles shows numbers by the styles of a workbook of 2007 or later.
type numberStyles struct {
	own     map[int]string // formats that the workbook writes down
	formats []int          // by style
	layouts map[int]*biff.Layout
	epoch   bool // days are counted from 1904
}

func newStyles() *numberStyles {
	return &numberStyles{own: map[int]string{}, layouts: map[int]*biff.Layout{}}
}

// show gives a number as a cell of that style shows it.
func (n *numberStyles) show(f float64, style int) string {
	id := 0
	if style >= 0 && style < len(n.formats) {
		id = n.formats[style]
	}
	l := n.layouts[id]
	if l == nil {
		l = biff.Standard(id, n.own[id])
		n.layouts[id] = l
	}
	return l.Value(f, n.epoch)
}

// read takes xl/styles.xml.
func (n *numberStyles) read(r io.Reader, limit int64) error {
	inCells := false
	return ooxml.Walk(r, limit, func(tok xml.Token) error {
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "numFmt":
				if id, err := strconv.Atoi(ooxml.Attr(t, "numFmtId")); err == nil && len(n.own) < maxStyles {
					n.own[id] = ooxml.Attr(t, "formatCode")
				}
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells && len(n.formats) < maxStyles {
					id, _ := strconv.Atoi(ooxml.Attr(t, "numFmtId"))
					n.formats = append(n.formats, id)
				}
			}
		case xml.EndElement:
			if t.Name.Local == "cellXfs" {
				inCells = false
			}
		}
		return nil
	})
}
