package pdf

import (
	"regexp"
	"strings"
	"time"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/einvoice"
)

// describe fills title, date, people and fields from the info dictionary (ISO
// 32000-1, 14.3.3).
func describe(doc *document.Document, get func(key string) string) {
	text := func(key string) string { return strings.TrimSpace(recode(get(key))) }
	set := func(field, value string) {
		if value != "" {
			doc.Fields[field] = value
		}
	}
	doc.Title = title(text("Title"))
	if name := text("Author"); name != "" {
		doc.People = append(doc.People, document.Person{Role: "author", Name: name})
	}
	created, modified := date(get("CreationDate")), date(get("ModDate"))
	if doc.Date = modified; doc.Date == "" {
		doc.Date = created
	}
	set("created", created)
	set("modified", modified)
	set("subject", text("Subject"))
	set("keywords", text("Keywords"))
	set("application", text("Creator"))
	set("producer", text("Producer"))
	if get("InvoiceNumber") != "" { // of an electronic invoice
		for _, key := range einvoice.Properties() {
			set(einvoice.FieldOf(key), text(key))
		}
	}
}

// recode mends strings of Chinese programs. QUIRK: ISO 32000-1, 7.9.2.2 allows
// PDFDocEncoding and UTF-16; the wild writes GBK bytes, which come out as a run
// of accented Latin letters.
func recode(s string) string {
	raw, high := make([]byte, 0, len(s)), 0
	for _, r := range s {
		if r > 0xff {
			return s
		}
		if r >= 0x80 {
			high++
		}
		raw = append(raw, byte(r)) //nolint:gosec // at most 0xff
	}
	if high < 2 {
		return s
	}
	if text, used, lossy := charset.Decode(raw, ""); !lossy && used != charset.Latin {
		return text
	}
	return s
}

// programTitle is what printing programs put before the file's name.
var programTitle = regexp.MustCompile(`^(?i:Microsoft (?:Word|Excel|PowerPoint)|WPS 文字|WPS 表格|WPS 演示) - `)

// title drops the titles that say nothing.
func title(s string) string {
	s = programTitle.ReplaceAllString(s, "")
	switch strings.ToLower(s) {
	case "untitled", "无标题", "未命名", "about:blank", "(anonymous)":
		return ""
	}
	return s
}

// pdfDate takes D:YYYYMMDDHHmmSSOHH'mm' and what the wild makes of it (ISO
// 32000-1, 7.9.4): the prefix, the seconds and the quotes may be missing.
var pdfDate = regexp.MustCompile(`^(?:D:)?\s*(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(?:(Z)|([+-])(\d{2})'?(\d{2})?)?`)

// date is a PDF date as a document's date is written; empty when it is none.
func date(s string) string {
	m := pdfDate.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	day := m[1] + "-" + m[2] + "-" + m[3]
	if t, err := time.Parse(time.DateOnly, day); err != nil || t.Year() < 1980 {
		return ""
	}
	zone := ""
	switch {
	case m[7] != "":
		zone = "Z"
	case m[8] != "":
		minutes := m[10]
		if minutes == "" {
			minutes = "00"
		}
		zone = m[8] + m[9] + ":" + minutes
	}
	if m[4] == "" || zone == "" {
		return day
	}
	seconds := m[6]
	if seconds == "" {
		seconds = "00"
	}
	full := day + "T" + m[4] + ":" + m[5] + ":" + seconds + zone
	if _, err := time.Parse(time.RFC3339, full); err != nil {
		return day
	}
	return full
}
