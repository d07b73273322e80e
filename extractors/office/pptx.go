package office

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// Pptx reads .pptx, .pptm and .ppsx: slides in their order with tables, notes
// and the text of diagrams.
var Pptx = document.Format{
	Name: "pptx", Version: 1, Kind: document.KindSlides,
	MediaType: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	Detect:    func(in *document.Input) bool { return ooxml.Detect(in) == ooxml.Slide },
	Read:      readPptx,
}

const deck = "ppt/presentation.xml"

func readPptx(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	doc := &document.Document{Kind: document.KindSlides, Read: document.Full, Fields: map[string]string{}}
	z, err := ooxml.Open(in)
	if err != nil {
		return document.Unreadable(document.KindSlides, document.Truncated, "the file's directory is lost"), nil //nolint:nilerr // told in the document
	}
	// The walk with its limits is Word's; a slide is only another part.
	d := &docx{ctx: ctx, in: in, doc: doc, z: z}
	ooxml.Properties(z, doc)
	slides, err := d.slideOrder()
	if err != nil {
		return doc, err
	}
	for i, part := range slides {
		if i >= in.Limits.WithDefaults().Pages {
			doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d slides were read", i))
			break
		}
		if err := d.slide(i+1, part); err != nil {
			return doc, err
		}
	}
	return doc, ooxml.Embedded(ctx, z, "ppt/embeddings/", in.Limits, doc, emit)
}

// slideOrder lists the slides' parts in the order of the show; a deck without
// readable order gives them by their numbers.
func (d *docx) slideOrder() ([]string, error) {
	targets := map[string]string{}
	for _, r := range ooxml.Relations(d.z, deck) {
		if r.Type == "slide" {
			targets[r.ID] = r.Target
		}
	}
	var out []string
	err := d.walk(deck, func(tok xml.Token) {
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "sldId" {
			for _, a := range e.Attr {
				// sldId has two attributes called id; the relation's has a prefix.
				if a.Name.Local == "id" && a.Name.Space != "" && targets[a.Value] != "" {
					out = append(out, targets[a.Value])
				}
			}
		}
	})
	if d.ctx.Err() != nil {
		return nil, d.ctx.Err()
	}
	if err != nil || len(out) == 0 {
		out = parts(d.z, "ppt/slides/slide")
	}
	return out, nil
}

func (d *docx) slide(n int, part string) error {
	heading, text, hidden, err := d.shapes(part, false)
	if text == "" {
		text = heading
	}
	if d.doc.Title == "" && n == 1 {
		d.doc.Title = heading
	}
	d.doc.AddText(document.Position{Slide: n}, heading, text)
	if hidden {
		d.doc.Warn("hidden-slide", fmt.Sprintf("slide %d is hidden in the show", n))
	}
	if err := d.settle(part, err); err != nil {
		return err
	}
	for _, r := range ooxml.Relations(d.z, part) {
		var label string
		switch r.Type {
		case "notesSlide":
			label = "备注 Notes"
		case "diagramData":
			label = heading
		default:
			continue
		}
		_, text, _, err := d.shapes(r.Target, r.Type == "notesSlide")
		d.doc.AddText(document.Position{Slide: n}, label, text)
		if err := d.settle(r.Target, err); err != nil {
			return err
		}
	}
	return nil
}

// shapes reads a slide's shapes in the order of the file. The title's text is
// the heading. Of a notes page only the notes themselves are read: it repeats
// the slide's number and date.
func (d *docx) shapes(part string, notes bool) (heading, text string, hidden bool, err error) {
	var body strings.Builder
	holder := "" // the placeholder's type of the shape being read
	f := &flow{}
	f.block = func(line, _ string, _ int) {
		d.bytes += int64(len(line))
		switch {
		case holder == "sldNum" || holder == "dt" || holder == "ftr" || holder == "hdr":
		case notes && holder != "body":
		case holder == "title" || holder == "ctrTitle":
			heading = strings.TrimSpace(heading + " " + strings.Join(strings.Fields(line), " "))
		default:
			body.WriteString(line + "\n")
		}
	}
	err = d.walk(part, func(tok xml.Token) {
		if e, ok := tok.(xml.StartElement); ok {
			switch e.Name.Local {
			case "sld":
				hidden = ooxml.Attr(e, "show") == "0"
			case "sp", "graphicFrame", "pic":
				holder = ""
			case "ph":
				if holder = ooxml.Attr(e, "type"); holder == "" {
					holder = "object"
				}
			}
		}
		f.token(tok)
	})
	f.finish()
	return heading, body.String(), hidden, err
}
