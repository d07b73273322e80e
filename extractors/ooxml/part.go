package ooxml

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"guidang/extractors/document"
)

// ratioFree is how much a part may unpack to before its ratio is looked at.
const ratioFree = 16 << 20

// PartLimit is how many bytes a part may unpack to. A part of XML packs 10 to 40
// times; the ratio is looked at only for big ones.
func PartLimit(f *zip.File, l document.Limits) int64 {
	l = l.WithDefaults()
	return min(l.Expanded, max(ratioFree, int64(f.CompressedSize64)*l.Ratio)) //nolint:gosec // a size that overflows is a lie, and still bounded
}

// Lose tells in doc what a walk's error means. got says whether anything was
// read before it.
func Lose(doc *document.Document, part string, err error, got bool) {
	read := document.Partial
	if !got {
		read = document.None
	}
	switch {
	case errors.Is(err, ErrDTD):
		doc.Lose(document.None, document.DTD, part+" declares a document type, which is never followed")
	case errors.Is(err, ErrTooDeep):
		doc.Lose(read, document.TooDeep, part+" is nested beyond any real document")
	case errors.Is(err, ErrTooBig):
		doc.Lose(read, document.Bomb, part+" unpacks to far more than a real document")
	case errors.Is(err, io.ErrUnexpectedEOF):
		doc.Lose(read, document.Truncated, part+" ends in the middle")
	default:
		doc.Lose(read, document.Corrupt, part+" is damaged")
	}
}

// maxSalvage bounds a damaged package that is searched in memory.
const maxSalvage = 256 << 20

// Salvage hands out the parts of a package whose directory is lost, by their local
// headers, until each says that it wants no more; what follows the damage is not
// read.
func Salvage(in *document.Input, each func(part string, r io.Reader) (more bool)) {
	data, _, err := in.All(maxSalvage)
	if err != nil {
		return
	}
	for at := 0; ; at += 4 {
		next := bytes.Index(data[at:], []byte(localHeader))
		if next < 0 {
			return
		}
		at += next
		h := data[at:]
		if len(h) < 30 {
			return
		}
		n, extra := int(binary.LittleEndian.Uint16(h[26:])), int(binary.LittleEndian.Uint16(h[28:]))
		if len(h) < 30+n+extra {
			continue
		}
		name, body := strings.ReplaceAll(string(h[30:30+n]), "\\", "/"), h[30+n+extra:]
		var r io.Reader
		switch binary.LittleEndian.Uint16(h[8:]) {
		case zip.Store:
			r = bytes.NewReader(body[:min(int(binary.LittleEndian.Uint32(h[18:])), len(body))])
		case zip.Deflate:
			r = flate.NewReader(bytes.NewReader(body))
		default:
			continue
		}
		if !each(name, r) {
			return
		}
	}
}

// Relation is one entry of a part's relationships.
type Relation struct{ ID, Type, Target string }

// Relations reads the relationships of a part; targets are resolved to part
// names, external ones left out.
func Relations(z *zip.Reader, part string) (out []Relation) {
	relations(z, part, func(e xml.StartElement) {
		if Attr(e, "TargetMode") == "External" {
			return
		}
		target := strings.ReplaceAll(Attr(e, "Target"), "\\", "/")
		if strings.HasPrefix(target, "/") {
			target = target[1:]
		} else {
			target = path.Join(path.Dir(part), target)
		}
		out = append(out, Relation{Attr(e, "Id"), path.Base(Attr(e, "Type")), target})
	})
	return out
}

// Addresses are the places outside the package that a part's relationships lead to,
// by their ids.
func Addresses(z *zip.Reader, part string) map[string]string {
	out := map[string]string{}
	relations(z, part, func(e xml.StartElement) {
		if Attr(e, "TargetMode") == "External" {
			out[Attr(e, "Id")] = Attr(e, "Target")
		}
	})
	return out
}

// Links lists the addresses that a part's hyperlinks lead to outside the package.
func Links(z *zip.Reader, part string) (out []string) {
	relations(z, part, func(e xml.StartElement) {
		if target := Attr(e, "Target"); Attr(e, "TargetMode") == "External" && path.Base(Attr(e, "Type")) == "hyperlink" && target != "" {
			out = append(out, target)
		}
	})
	return out
}

// relations hands out the relationships of a part.
func relations(z *zip.Reader, part string, each func(xml.StartElement)) {
	name := path.Dir(part) + "/_rels/" + path.Base(part) + ".rels"
	if part == "" {
		name = "_rels/.rels" // of the package itself
	}
	f := Part(z, name)
	if f == nil {
		return
	}
	r, err := f.Open()
	if err != nil {
		return
	}
	defer r.Close()
	_ = Walk(r, ratioFree, func(tok xml.Token) error {
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "Relationship" {
			each(e)
		}
		return nil
	})
}
