package compound

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf16"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// maxProps bounds what is read of a stream of properties. Pictures of the first page
// lie there too, behind the rest or between.
const maxProps = 1 << 20

// Props are what a file says about itself. Empty is not said.
type Props struct {
	Title, Subject, Author, Keywords, Comments, SavedBy, Revision, Application string
	Company, Manager, Category                                                 string
	Created, Modified                                                          time.Time
}

// Props reads the two streams of properties that Office keeps; damaged ones are
// left out.
func (f *File) Props() (p Props) {
	set := func(name string, of map[uint32]*string, at map[uint32]*time.Time) {
		e := f.Root.Stream(name)
		if e == nil {
			return
		}
		data, _, err := f.Bytes(e, maxProps)
		if err == nil {
			readProps(data, of, at)
		}
	}
	set("\x05SummaryInformation", map[uint32]*string{
		2: &p.Title, 3: &p.Subject, 4: &p.Author, 5: &p.Keywords, 6: &p.Comments, 8: &p.SavedBy, 9: &p.Revision, 18: &p.Application,
	}, map[uint32]*time.Time{12: &p.Created, 13: &p.Modified})
	set("\x05DocumentSummaryInformation", map[uint32]*string{2: &p.Category, 14: &p.Manager, 15: &p.Company}, nil)
	return p
}

// Fill puts the properties where a document has them.
func (p Props) Fill(doc *document.Document) {
	if doc.Title == "" {
		doc.Title = p.Title
	}
	if p.Author != "" {
		doc.People = append(doc.People, document.Person{Role: "author", Name: p.Author})
	}
	if doc.Date = stamp(p.Modified); doc.Date == "" {
		doc.Date = stamp(p.Created)
	}
	if doc.Fields == nil {
		doc.Fields = map[string]string{}
	}
	for field, value := range map[string]string{
		"created": stamp(p.Created), "modified": stamp(p.Modified), "last_saved_by": p.SavedBy, "revision": p.Revision, "subject": p.Subject,
		"keywords": p.Keywords, "description": p.Comments, "company": p.Company, "manager": p.Manager, "category": p.Category, "application": p.Application,
	} {
		if value != "" {
			doc.Fields[field] = value
		}
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// readProps reads the first set of a stream of properties ([MS-OLEPS] 2.21).
func readProps(b []byte, of map[uint32]*string, at map[uint32]*time.Time) {
	if len(b) < 48 || binary.LittleEndian.Uint16(b) != 0xfffe {
		return
	}
	from := int64(binary.LittleEndian.Uint32(b[44:]))
	if from+8 > int64(len(b)) {
		return
	}
	set := b[from:]
	count := min(int(binary.LittleEndian.Uint32(set[4:])), (len(set)-8)/8)
	page := 0
	for pass := range 2 { // the code page first: it may stand behind
		for i := range count {
			id, off := binary.LittleEndian.Uint32(set[8+8*i:]), int64(binary.LittleEndian.Uint32(set[12+8*i:]))
			if off+8 > int64(len(set)) {
				continue
			}
			v := set[off:]
			switch {
			case pass == 0 && id == 1:
				page = int(binary.LittleEndian.Uint16(v[4:]))
			case pass == 1 && of[id] != nil:
				*of[id] = strings.TrimSpace(propText(v, page))
			case pass == 1 && at[id] != nil && binary.LittleEndian.Uint16(v) == 64 && len(v) >= 12:
				*at[id] = FileTime(binary.LittleEndian.Uint64(v[4:]))
			}
		}
	}
}

// propText reads a string property.
// QUIRK: [MS-OLEPS] 2.7 takes the code page by its word; Chinese titles are often
// in GBK under 1252, so the bytes decide.
func propText(v []byte, page int) string {
	n := int64(binary.LittleEndian.Uint32(v[4:]))
	body := v[8:]
	switch binary.LittleEndian.Uint16(v) {
	case 30:
		body = body[:min(n, int64(len(body)))]
		if page == 1200 {
			return wide(body)
		}
		if i := bytes.IndexByte(body, 0); i >= 0 {
			body = body[:i]
		}
		text, _, _ := charset.Decode(body, charset.CodePage(page))
		return text
	case 31:
		return wide(body[:min(2*n, int64(len(body)))])
	}
	return ""
}

func wide(b []byte) string {
	var units []uint16
	for i := 0; i+2 <= len(b); i += 2 {
		u := binary.LittleEndian.Uint16(b[i:])
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}

// FileTime reads a time that counts tenths of microseconds from 1601. Times before
// 1980 are none: programs write zero or a duration.
func FileTime(v uint64) time.Time {
	const to1970 = 116444736000000000
	if v < to1970 || v > to1970+3155760000*10_000_000 {
		return time.Time{}
	}
	t := time.Unix(int64((v-to1970)/10_000_000), 0).UTC()
	if t.Year() < 1980 {
		return time.Time{}
	}
	return t
}
