package ofd

import (
	"encoding/xml"
	"slices"
	"strings"

	"guidang/extractors/einvoice"
	"guidang/extractors/ooxml"
)

// custom keeps what the file says of itself beyond the standard's own fields.
func (r *reading) custom(name, value string) {
	if field := einvoice.FieldOf(name); field != "" && r.doc.Fields[field] == "" {
		r.doc.Fields[field] = value
	}
}

// tags reads which text objects are an invoice's number, date, names and sums
// (clause 16): a list of parts, each with elements that refer to objects by id.
func (r *reading) tags(list string) {
	var found []string
	loc := false
	r.walk(list, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			loc = t.Name.Local == "FileLoc" || t.Name.Local == "BaseLoc"
		case xml.CharData:
			if s := strings.TrimSpace(string(t)); loc && s != "" && len(found) < 16 {
				found = append(found, near(list, s))
			}
		case xml.EndElement:
			loc = false
		}
	})
	got := map[string]string{}
	for _, part := range found {
		var open []string
		seen := map[[2]string]bool{} // an object is named by an attribute, by text, or by both
		refer := func(id string) {
			field := fieldOf(open)
			text := strings.TrimSpace(r.objects[id])
			if field == "" || text == "" || seen[[2]string{field, id}] || len(got[field]) > 1<<10 {
				return
			}
			seen[[2]string{field, id}] = true
			if got[field] != text { // what stands on each page is said once
				got[field] += text
			}
		}
		r.walk(part, func(tok xml.Token) {
			switch t := tok.(type) {
			case xml.StartElement:
				open = append(open, t.Name.Local)
				if id := ooxml.Attr(t, "ObjectID"); id != "" {
					refer(id)
				}
			case xml.CharData:
				if n := len(open); n > 0 && open[n-1] == "ObjectRef" {
					refer(strings.TrimSpace(string(t)))
				}
			case xml.EndElement:
				open = open[:max(len(open)-1, 0)]
			}
		})
	}
	for field, text := range got {
		if r.doc.Fields[field] == "" {
			r.doc.Fields[field] = text
		}
	}
}

// fieldOf is the field of the innermost element that is known.
func fieldOf(open []string) string {
	for _, o := range slices.Backward(open) {
		if field := einvoice.FieldOf(o); field != "" {
			return field
		}
	}
	return ""
}
