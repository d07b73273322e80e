// Package odf reads OpenDocument files: texts and slides of LibreOffice and WPS,
// as zips and as one flat XML file. References are to ODF 1.3.
package odf

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// Kinds of OpenDocument, by the end of their media type.
const (
	KindText   = "text"
	KindSheet  = "spreadsheet"
	KindSlides = "presentation"
	KindDraw   = "graphics"
)

const prefix = "application/vnd.oasis.opendocument."

// Content is the part that holds the text.
const Content = "content.xml"

// Kind tells which OpenDocument an original is, or "". A package begins with its
// media type, stored (part 2, 3.3); a flat file names it in its first element.
func Kind(in *document.Input) string {
	head := in.Head()
	at := bytes.Index(head, []byte(prefix))
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		if at != 38 || string(head[30:38]) != "mimetype" {
			return named(in)
		}
	case at < 0:
		return ""
	case !bytes.Contains(head[:at], []byte("office:document")) || !bytes.Contains(head[:at], []byte("mimetype=")):
		return ""
	}
	return kindOf(string(head[at:min(len(head), at+64)]))
}

func kindOf(mediaType string) string {
	for _, k := range []string{KindText, KindSheet, KindSlides, KindDraw} {
		if strings.HasPrefix(mediaType, prefix+k) {
			return k
		}
	}
	return ""
}

// named looks into a zip that is called as an OpenDocument.
// QUIRK: part 2, 3.3 wants the media type first and stored; a file that was
// unpacked and packed by hand has it somewhere, or not at all.
func named(in *document.Input) string {
	switch in.Ext() {
	case ".odt", ".ott", ".ods", ".ots", ".odp", ".otp", ".odg":
	default:
		return ""
	}
	z, err := ooxml.Open(in)
	if err != nil {
		return ""
	}
	if f := ooxml.Part(z, "mimetype"); f != nil {
		if r, err := f.Open(); err == nil {
			defer r.Close()
			b, _ := io.ReadAll(io.LimitReader(r, 100))
			return kindOf(string(b))
		}
	}
	if ooxml.Part(z, Content) == nil {
		return ""
	}
	return map[string]string{".odt": KindText, ".ott": KindText, ".ods": KindSheet, ".ots": KindSheet, ".odp": KindSlides, ".otp": KindSlides, ".odg": KindDraw}[in.Ext()]
}

// Package is an opened file. Without a zip it is flat: one part holds all.
type Package struct {
	in   *document.Input
	zip  *zip.Reader
	Flat bool
}

// Open opens a file and reads its properties into doc. ok is false when nothing
// can be read; doc says why.
func Open(in *document.Input, doc *document.Document) (p *Package, ok bool) {
	if !bytes.HasPrefix(in.Head(), []byte("PK")) {
		return &Package{in: in, Flat: true}, true
	}
	z, err := ooxml.Open(in)
	if err != nil {
		doc.Lose(document.None, document.Truncated, "the file's directory is lost")
		return nil, false
	}
	p = &Package{in: in, zip: z}
	if p.encrypted() {
		doc.Lose(document.None, document.Encrypted, "it is encrypted, and passwords of OpenDocument are not supported")
		return nil, false
	}
	p.properties(doc)
	return p, true
}

// encrypted says whether the manifest speaks of encryption (part 2, 4.8).
func (p *Package) encrypted() bool {
	found := false
	_ = p.Walk("META-INF/manifest.xml", 4<<20, func(tok xml.Token) error {
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "encryption-data" {
			found = true
		}
		return nil
	})
	return found
}

// Walk walks a part; of a flat file it is all of it. A part that is not there
// gives nothing. The error is of the walk.
func (p *Package) Walk(part string, limit int64, each func(xml.Token) error) error {
	r, most, err := p.Part(part)
	if err != nil || r == nil {
		return err
	}
	defer r.Close()
	if limit > 0 {
		most = min(most, limit)
	}
	return ooxml.Walk(r, most, each)
}

// Part opens a part and says how long it may be; nil where there is none.
func (p *Package) Part(part string) (r io.ReadCloser, limit int64, err error) {
	if p.Flat {
		return io.NopCloser(p.in.Reader()), p.in.Size, nil
	}
	f := ooxml.Part(p.zip, part)
	if f == nil {
		return nil, 0, nil
	}
	r, err = f.Open()
	return r, ooxml.PartLimit(f, p.in.Limits), err
}

// properties reads meta.xml (part 3, 4.3).
func (p *Package) properties(doc *document.Document) {
	if doc.Fields == nil {
		doc.Fields = map[string]string{}
	}
	got := map[string]string{}
	name, text := "", strings.Builder{}
	_ = p.Walk("meta.xml", 1<<20, func(tok xml.Token) error {
		switch t := tok.(type) {
		case xml.StartElement:
			name = t.Name.Local
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if v := strings.TrimSpace(text.String()); t.Name.Local == name && v != "" {
				if got[name] != "" {
					v = got[name] + ", " + v // keywords are one element each
				}
				got[name] = v
			}
			name = ""
		}
		return nil
	})
	doc.Title = got["title"]
	if doc.Date = moment(got["date"]); doc.Date == "" {
		doc.Date = moment(got["creation-date"])
	}
	author := got["initial-creator"]
	if author == "" {
		author = got["creator"]
	}
	if author != "" {
		doc.People = append(doc.People, document.Person{Role: "author", Name: author})
	}
	for field, value := range map[string]string{"created": moment(got["creation-date"]), "modified": moment(got["date"]), "last_saved_by": got["creator"], "revision": got["editing-cycles"],
		"subject": got["subject"], "keywords": got["keyword"], "description": got["description"], "application": got["generator"]} {
		if value != "" {
			doc.Fields[field] = value
		}
	}
}

// moment takes the day of a time without a zone, as these files write it.
func moment(s string) string {
	if len(s) < len("2006-01-02") {
		return ""
	}
	if strings.HasSuffix(s, "Z") && len(s) == len("2006-01-02T15:04:05Z") {
		return s
	}
	return s[:len("2006-01-02")]
}
