package ooxml

import (
	"archive/zip"
	"encoding/xml"
	"strings"

	"guidang/extractors/document"
)

// propLimit bounds a part of properties.
const propLimit = 1 << 20

// Properties fills title, date, people and fields from the package's own
// properties. A package without them, or with damaged ones, is left as it is.
func Properties(z *zip.Reader, doc *document.Document) {
	core := simple(z, "docProps/core.xml")
	app := simple(z, "docProps/app.xml")
	set := func(field, value string) {
		if value == "" {
			return
		}
		if doc.Fields == nil {
			doc.Fields = map[string]string{}
		}
		doc.Fields[field] = value
	}
	if doc.Title == "" {
		doc.Title = core["title"]
	}
	if doc.Date = core["modified"]; doc.Date == "" {
		doc.Date = core["created"]
	}
	if len(doc.Date) < len("2006-01-02") {
		doc.Date = ""
	}
	if name := core["creator"]; name != "" {
		doc.People = append(doc.People, document.Person{Role: "author", Name: name})
	}
	set("created", core["created"])
	set("modified", core["modified"])
	set("last_saved_by", core["lastModifiedBy"])
	set("revision", core["revision"])
	set("subject", core["subject"])
	set("keywords", core["keywords"])
	set("description", core["description"])
	set("company", app["Company"])
	set("application", app["Application"])
}

// simple reads a part whose elements hold plain text, by local name.
func simple(z *zip.Reader, part string) map[string]string {
	out := map[string]string{}
	f := Part(z, part)
	if f == nil {
		return out
	}
	r, err := f.Open()
	if err != nil {
		return out
	}
	defer r.Close()
	name, text := "", strings.Builder{}
	_ = Walk(r, propLimit, func(tok xml.Token) error {
		switch t := tok.(type) {
		case xml.StartElement:
			name = t.Name.Local
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if t.Name.Local == name && out[name] == "" {
				out[name] = strings.TrimSpace(text.String())
			}
			name = ""
		}
		return nil
	})
	return out
}
