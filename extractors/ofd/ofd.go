// Package ofd reads OFD files (GB/T 33190-2016), the fixed-layout format of
// Chinese invoices and government papers: a zip of XML parts.
package ofd

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// OFD reads .ofd files under any name.
var OFD = document.Format{
	Name: "ofd", Version: 1, Kind: document.KindDocument, MediaType: "application/ofd",
	Detect: detect,
	Read:   read,
}

// root is the entry that every OFD has (7.1).
const root = "OFD.xml"

// detect wants a zip with OFD.xml in its root: an ordinary archive may hold a
// folder with an unpacked one.
func detect(in *document.Input) bool {
	head := in.Head()
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return false
	}
	if !bytes.Contains(head, []byte(root)) && in.Ext() != ".ofd" && !bytes.Contains(head, []byte("Doc_0/")) {
		return false
	}
	z, err := ooxml.Open(in)
	return err == nil && ooxml.Part(z, root) != nil || err != nil && in.Ext() == ".ofd"
}

// Bounds of what one file lists.
const (
	maxTemplates = 1_000
	maxObjects   = 200_000 // texts that tags may refer to
	maxItems     = 200_000 // pieces of text on one page
)

// reading is one reading.
type reading struct {
	ctx       context.Context //nolint:containedctx // it lives for one reading
	in        *document.Input
	doc       *document.Document
	z         *zip.Reader
	pages     int
	bytes     int64
	templates map[string]string // part by id
	objects   map[string]string // text by id
	full      bool
}

func read(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	limited := *in
	limited.Limits = in.Limits.WithDefaults()
	r := &reading{ctx: ctx, in: &limited, doc: &document.Document{Kind: document.KindDocument, Read: document.Full, Fields: map[string]string{}}, objects: map[string]string{}}
	z, err := ooxml.Open(in)
	if err != nil {
		return document.Unreadable(document.KindDocument, document.Truncated, "the file's directory is lost"), nil //nolint:nilerr // told in the document
	}
	r.z = z
	bodies := r.roots()
	if len(bodies) == 0 && r.doc.Read != document.None {
		return document.Unreadable(document.KindDocument, document.Corrupt, "its main part is lost"), nil
	}
	n := 0
	for _, b := range bodies {
		d := r.document(b)
		for _, p := range d.pages {
			if r.full {
				break
			}
			r.page(d, p)
			if ctx.Err() != nil {
				return nil, fmt.Errorf("read %q: %w", in.Name, ctx.Err())
			}
		}
		for _, part := range d.tags {
			r.tags(part)
		}
		if err := r.attachments(d, &n, emit); err != nil {
			return nil, err
		}
	}
	r.doc.Fields["pages"] = strconv.Itoa(r.pages)
	if len(r.doc.Sections) > 0 {
		r.doc.Language = charset.Language(r.doc.Sections[0].Text)
	} else if r.doc.Read == document.Full && r.pages > 0 {
		r.doc.Lose(document.Partial, document.MissingEngine, "its pages hold no text; what they show needs OCR")
	}
	return r.doc, nil
}

// walk walks a part; what is wrong with it is told, and what came before kept.
func (r *reading) walk(part string, each func(xml.Token)) {
	f := ooxml.Part(r.z, part)
	if f == nil {
		return
	}
	in, err := f.Open()
	if err == nil {
		n := 0
		err = ooxml.Walk(in, ooxml.PartLimit(f, r.in.Limits), func(tok xml.Token) error {
			if n++; n&0x3ff == 0 && r.ctx.Err() != nil {
				return r.ctx.Err()
			}
			each(tok)
			return nil
		})
		in.Close()
	}
	if err != nil && r.ctx.Err() == nil {
		ooxml.Lose(r.doc, part, err, true)
	}
}

// near resolves a location: from the root, or from the folder of the part that
// says it (7.3).
func near(part, loc string) string {
	loc = strings.ReplaceAll(strings.TrimSpace(loc), "\\", "/")
	if strings.HasPrefix(loc, "/") {
		return path.Clean(loc[1:])
	}
	return path.Join(path.Dir(part), loc)
}

// roots reads OFD.xml: what the file says of itself, and where its documents are.
func (r *reading) roots() (bodies []string) {
	name, custom := "", ""
	var text strings.Builder
	var keywords []string
	r.walk(root, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			name = t.Name.Local
			if name == "CustomData" {
				custom = ooxml.Attr(t, "Name")
			}
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			v := strings.TrimSpace(text.String())
			text.Reset()
			if v == "" {
				return
			}
			doc := r.doc
			switch t.Name.Local {
			case "DocRoot":
				if len(bodies) < maxTemplates {
					bodies = append(bodies, near(root, v))
				}
			case "Title":
				doc.Title = v
			case "Author":
				doc.People = append(doc.People, document.Person{Role: "author", Name: v})
			case "CreationDate":
				doc.Fields["created"] = v
				if doc.Date == "" {
					doc.Date = day(v)
				}
			case "ModDate":
				doc.Fields["modified"] = v
				if d := day(v); d != "" {
					doc.Date = d
				}
			case "Subject":
				doc.Fields["subject"] = v
			case "Abstract":
				doc.Fields["description"] = v
			case "Creator":
				doc.Fields["application"] = v
			case "Keyword":
				keywords = append(keywords, v)
			case "CustomData":
				r.custom(custom, v)
			}
		}
	})
	if len(keywords) > 0 {
		r.doc.Fields["keywords"] = strings.Join(keywords, ", ")
	}
	return bodies
}

// day takes the day of a date as these files write it: 2024-03-05, with a time
// behind it or not.
func day(v string) string {
	if len(v) < len("2006-01-02") || v[4] != '-' || v[7] != '-' {
		return ""
	}
	return v[:len("2006-01-02")]
}

// parts are what one document of the file consists of.
type parts struct {
	main        string
	pages       []pagePart
	annotations string
	attachments string
	tags        []string
}

type pagePart struct{ id, part string }

// document reads the document's main part (7.5).
func (r *reading) document(main string) *parts {
	d := &parts{main: main}
	r.templates = map[string]string{}
	name := ""
	r.walk(main, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			switch name = t.Name.Local; name {
			case "TemplatePage":
				if len(r.templates) < maxTemplates {
					r.templates[ooxml.Attr(t, "ID")] = near(main, ooxml.Attr(t, "BaseLoc"))
				}
			case "Page":
				if loc := ooxml.Attr(t, "BaseLoc"); loc != "" && len(d.pages) <= r.in.Limits.Pages {
					d.pages = append(d.pages, pagePart{ooxml.Attr(t, "ID"), near(main, loc)})
				}
			}
		case xml.CharData:
			loc := strings.TrimSpace(string(t))
			if loc == "" {
				return
			}
			switch name {
			case "Annotations":
				d.annotations = near(main, loc)
			case "Attachments":
				d.attachments = near(main, loc)
			case "CustomTags":
				d.tags = append(d.tags, near(main, loc))
			}
		case xml.EndElement:
			name = ""
		}
	})
	return d
}

// attachments hands out the embedded files (clause 19).
func (r *reading) attachments(d *parts, n *int, emit func(*document.Child) error) error {
	if d.attachments == "" || emit == nil {
		return nil
	}
	type file struct{ name, part string }
	var files []file
	name, element := "", ""
	r.walk(d.attachments, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			if element = t.Name.Local; element == "Attachment" {
				name = ooxml.Attr(t, "Name")
				if ext := ooxml.Attr(t, "Format"); ext != "" && !strings.HasSuffix(strings.ToLower(name), "."+strings.ToLower(ext)) {
					name += "." + strings.ToLower(ext)
				}
			}
		case xml.CharData:
			if loc := strings.TrimSpace(string(t)); element == "FileLoc" && loc != "" && len(files) < r.in.Limits.Entries {
				files = append(files, file{name, near(d.attachments, loc)})
			}
		case xml.EndElement:
			element = ""
		}
	})
	for _, f := range files {
		if err := r.ctx.Err(); err != nil {
			return fmt.Errorf("read %q: %w", r.in.Name, err)
		}
		*n++
		c := &document.Child{Step: f.part, Name: path.Base(f.name), Ordinal: *n, Size: -1, Reason: document.Corrupt}
		if f.name == "" {
			c.Name = path.Base(f.part)
		}
		var open io.ReadCloser
		if z := ooxml.Part(r.z, f.part); z != nil {
			limit := ooxml.PartLimit(z, r.in.Limits)
			in, err := z.Open()
			switch {
			case err != nil:
			case z.UncompressedSize64 > uint64(limit): //nolint:gosec // never negative
				in.Close()
				c.Reason = document.Bomb
			default:
				open = in
				c.Content, c.Size, c.Reason = io.LimitReader(in, limit), int64(z.UncompressedSize64), "" //nolint:gosec // below limit
			}
		}
		err := emit(c)
		if open != nil {
			open.Close()
		}
		if err != nil {
			return err
		}
	}
	return nil
}
