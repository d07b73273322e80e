package office

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// Pptx reads .pptx, .pptm and .ppsx: slides in their order with tables, notes,
// comments, and the text of charts and diagrams.
var Pptx = document.Format{
	Name: "pptx", Version: 2, Kind: document.KindSlides,
	MediaType: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	Detect:    func(in *document.Input) bool { return ooxml.Detect(in) == ooxml.Slide },
	Read:      readPptx,
}

const deck = "ppt/presentation.xml"

// pptx is one reading. The walk with its limits is Word's; a slide is only another
// part.
type pptx struct {
	docx
	authors map[string]string // of comments, by their numbers
	footers []string
}

func readPptx(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	doc := &document.Document{Kind: document.KindSlides, Read: document.Full, Fields: map[string]string{}}
	d := &pptx{docx: docx{ctx: ctx, in: in, doc: doc}, authors: map[string]string{}}
	z, err := ooxml.Open(in)
	if err != nil {
		return d.salvage()
	}
	d.z = z
	ooxml.Properties(z, doc)
	d.readAuthors()
	slides, err := d.slideOrder()
	if err != nil {
		return doc, err
	}
	var links []string
	for i, part := range slides {
		if i >= in.Limits.WithDefaults().Pages {
			doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d slides were read", i))
			break
		}
		if err := d.slide(i+1, part); err != nil {
			return doc, err
		}
		links = append(links, d.linked(part)...)
	}
	doc.AddText(document.Position{Part: "footer"}, "", strings.Join(d.footers, "\n"))
	doc.AddText(document.Position{Part: "links"}, "", strings.Join(links, "\n"))
	return doc, ooxml.Embedded(ctx, z, []string{"ppt/embeddings/"}, in.Limits, doc, emit)
}

// salvage reads the slides of a file whose end is lost, in the order of the file.
func (d *pptx) salvage() (*document.Document, error) {
	n := 0
	ooxml.Salvage(d.in, func(part string, r io.Reader) bool {
		part = strings.ToLower(part)
		notes := strings.HasPrefix(part, "ppt/notesslides/notesslide")
		if !notes && !strings.HasPrefix(part, "ppt/slides/slide") || !strings.HasSuffix(part, ".xml") {
			return d.ctx.Err() == nil
		}
		heading, text, _, _ := d.shapes(notes, func(each func(xml.Token)) error { return d.tokens(r, d.in.Limits.TextBytes*4, each) })
		if text == "" {
			text = heading
		}
		if notes {
			heading = notesLabel
		} else {
			n++
		}
		d.doc.AddText(document.Position{Slide: max(n, 1)}, heading, text)
		return d.ctx.Err() == nil && n < d.in.Limits.WithDefaults().Pages
	})
	if d.ctx.Err() != nil {
		return d.doc, d.ctx.Err()
	}
	if len(d.doc.Sections) == 0 {
		return document.Unreadable(document.KindSlides, document.Truncated, "the file is cut off before its slides"), nil
	}
	d.doc.Lose(document.Partial, document.Truncated, "the file is cut off; what was there was read, in the order of the file")
	return d.doc, nil
}

// Labels of what stands beside a slide.
const (
	notesLabel    = "备注 Notes"
	commentsLabel = "批注 Comments"
)

// slideOrder lists the slides' parts in the order of the show; a deck without
// readable order gives them by their numbers.
func (d *pptx) slideOrder() ([]string, error) {
	targets := map[string]string{}
	main := ooxml.Main(d.z, deck)
	for _, r := range ooxml.Relations(d.z, main) {
		if r.Type == "slide" {
			targets[r.ID] = r.Target
		}
	}
	var out []string
	err := d.walk(main, func(tok xml.Token) {
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

func (d *pptx) slide(n int, part string) error {
	heading, text, hidden, err := d.shapes(false, d.of(part))
	if text == "" {
		text = heading
	}
	if d.doc.Title == "" && n == 1 {
		d.doc.Title = heading
	}
	at := document.Position{Slide: n}
	d.doc.AddText(at, heading, text)
	if hidden {
		d.doc.Warn("hidden-slide", fmt.Sprintf("slide %d is hidden in the show", n))
	}
	if err := d.settle(part, err); err != nil {
		return err
	}
	for _, r := range ooxml.Relations(d.z, part) {
		var err error
		switch r.Type {
		case "notesSlide":
			_, text, _, err = d.shapes(true, d.of(r.Target))
			d.doc.AddText(at, notesLabel, text)
		case "diagramData":
			_, text, _, err = d.shapes(false, d.of(r.Target))
			d.doc.AddText(at, heading, text)
		case "comments":
			text, err = d.comments(r.Target)
			d.doc.AddText(at, commentsLabel, text)
		case "chart":
			err = d.chart(r.Target, at)
		}
		if err := d.settle(r.Target, err); err != nil {
			return err
		}
	}
	return nil
}

// of walks over a part.
func (d *pptx) of(part string) func(each func(xml.Token)) error {
	return func(each func(xml.Token)) error { return d.walk(part, each) }
}

// readAuthors reads who commented: numbers and names, in the older part or the
// newer one.
func (d *pptx) readAuthors() {
	for _, part := range []string{"ppt/commentAuthors.xml", "ppt/authors.xml"} {
		_ = d.walk(part, func(tok xml.Token) { // damaged: comments without names
			if e, ok := tok.(xml.StartElement); ok && (e.Name.Local == "cmAuthor" || e.Name.Local == "author") {
				d.authors[ooxml.Attr(e, "id")] = ooxml.Attr(e, "name")
			}
		})
	}
}

// comments reads the comments of a slide: of PowerPoint 2007 (a text element), and
// of 2021 (paragraphs, and replies).
func (d *pptx) comments(part string) (string, error) {
	var lines []string
	var text strings.Builder
	var by []string // who wrote the comment, and the reply to it; "" when said
	reading := false
	err := d.walk(part, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "cm", "reply":
				by = append(by, d.authors[ooxml.Attr(t, "authorId")])
			case "text", "t":
				reading = true
			}
		case xml.CharData:
			if reading {
				text.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				reading = false
			case "cm", "reply":
				by = by[:max(len(by)-1, 0)]
			case "text", "p":
				reading = false
				if line := strings.TrimSpace(text.String()); line != "" {
					if n := len(by); n > 0 && by[n-1] != "" {
						line, by[n-1] = by[n-1]+": "+line, ""
					}
					d.bytes += int64(len(line))
					lines = append(lines, line)
				}
				text.Reset()
			}
		}
	})
	return strings.Join(lines, "\n"), err
}

// shapes reads a slide's shapes in the order of the file. The title's text is
// the heading. Of a notes page only the notes themselves are read: it repeats
// the slide's number and date.
func (d *pptx) shapes(notes bool, walk func(each func(xml.Token)) error) (heading, text string, hidden bool, err error) {
	var body strings.Builder
	holder := "" // the placeholder's type of the shape being read
	f := &flow{}
	f.block = func(line, _ string, _ int) {
		d.bytes += int64(len(line))
		switch {
		case holder == "ftr" || holder == "hdr":
			if line = strings.TrimSpace(line); !slices.Contains(d.footers, line) && len(d.footers) < 100 {
				d.footers = append(d.footers, line)
			}
		case holder == "sldNum" || holder == "dt":
		case notes && holder != "body":
		case holder == "title" || holder == "ctrTitle":
			heading = strings.TrimSpace(heading + " " + strings.Join(strings.Fields(line), " "))
		default:
			body.WriteString(line + "\n")
		}
	}
	err = walk(func(tok xml.Token) {
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
