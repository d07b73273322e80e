// Package diagram reads the text of drawings and mind maps that are zips: Visio
// since 2013, XMind.
package diagram

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// Visio reads .vsdx, .vsdm and their kin ([MS-VSDX]): the text of the shapes of
// each page.
var Visio = document.Format{
	Name: "vsdx", Version: 1, Kind: document.KindDocument, MediaType: "application/vnd.ms-visio.drawing.main+xml",
	Detect: func(in *document.Input) bool { return ooxml.DetectPart(in, "visio/document.xml") },
	Read:   readVisio,
}

// XMind reads mind maps of XMind 8 (XML) and of the later ones (JSON).
var XMind = document.Format{
	Name: "xmind", Version: 1, Kind: document.KindDocument, MediaType: "application/vnd.xmind.workbook",
	Detect: detectXMind,
	Read:   readXMind,
}

func open(in *document.Input, doc *document.Document) *zip.Reader {
	z, err := ooxml.Open(in)
	if err != nil {
		doc.Lose(document.None, document.Truncated, "the file's directory is lost")
		return nil
	}
	return z
}

// walk walks a part; what is wrong with it is told.
func walk(ctx context.Context, z *zip.Reader, part string, l document.Limits, doc *document.Document, each func(xml.Token)) {
	f := ooxml.Part(z, part)
	if f == nil {
		return
	}
	r, err := f.Open()
	if err == nil {
		n := 0
		err = ooxml.Walk(r, ooxml.PartLimit(f, l), func(tok xml.Token) error {
			if n++; n&0x3ff == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			each(tok)
			return nil
		})
		r.Close()
	}
	if err != nil && ctx.Err() == nil {
		ooxml.Lose(doc, part, err, true)
	}
}

const visioPages = "visio/pages/pages.xml"

func readVisio(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	l := in.Limits.WithDefaults()
	doc := &document.Document{Kind: document.KindDocument, Read: document.Full, Fields: map[string]string{}}
	z := open(in, doc)
	if z == nil {
		return doc, nil
	}
	ooxml.Properties(z, doc)
	targets := map[string]string{}
	for _, r := range ooxml.Relations(z, visioPages) {
		targets[r.ID] = r.Target
	}
	type page struct{ name, part string }
	var pages []page
	name := ""
	walk(ctx, z, visioPages, l, doc, func(tok xml.Token) {
		e, ok := tok.(xml.StartElement)
		if !ok {
			return
		}
		switch e.Name.Local {
		case "Page":
			if name = ooxml.Attr(e, "Name"); name == "" {
				name = ooxml.Attr(e, "NameU")
			}
		case "Rel":
			if part := targets[ooxml.Attr(e, "id")]; part != "" && len(pages) < l.Pages {
				pages = append(pages, page{name, part})
			}
		}
	})
	total := int64(0)
	for i, p := range pages {
		var out strings.Builder
		into := 0
		walk(ctx, z, p.part, l, doc, func(tok xml.Token) {
			switch t := tok.(type) {
			case xml.StartElement:
				if t.Name.Local == "Text" {
					into++
				}
			case xml.CharData:
				if into > 0 && total+int64(out.Len()) < l.TextBytes {
					out.Write(t)
				}
			case xml.EndElement:
				if t.Name.Local == "Text" {
					into--
					out.WriteByte('\n')
				}
			}
		})
		if ctx.Err() != nil {
			return nil, fmt.Errorf("read %q: %w", in.Name, ctx.Err())
		}
		total += int64(out.Len())
		doc.AddText(document.Position{Page: i + 1}, p.name, blankless(out.String()))
	}
	doc.Fields["pages"] = strconv.Itoa(len(pages))
	return doc, ooxml.Embedded(ctx, z, []string{"visio/embeddings/"}, in.Limits, doc, emit)
}

// blankless drops empty lines and white space around the others.
func blankless(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func detectXMind(in *document.Input) bool {
	head := in.Head()
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) || in.Ext() != ".xmind" && !bytes.Contains(head, []byte("content.")) {
		return false
	}
	z, err := ooxml.Open(in)
	if err != nil {
		return in.Ext() == ".xmind"
	}
	return ooxml.Part(z, "content.json") != nil && ooxml.Part(z, "metadata.json") != nil ||
		ooxml.Part(z, "content.xml") != nil && (in.Ext() == ".xmind" || ooxml.Part(z, "Revisions/") != nil)
}

// topic is a node of a map, as far as it holds text.
type topic struct {
	Title    string `json:"title"`
	Children struct {
		Attached []topic `json:"attached"`
		Detached []topic `json:"detached"`
	} `json:"children"`
	Notes struct {
		Plain struct {
			Content string `json:"content"`
		} `json:"plain"`
	} `json:"notes"`
	Labels []string `json:"labels"`
}

const (
	maxMap    = 64 << 20 // of content.json, which is decoded whole
	deepTopic = 200
)

func readXMind(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	l := in.Limits.WithDefaults()
	doc := &document.Document{Kind: document.KindDocument, Read: document.Full, Fields: map[string]string{}}
	z := open(in, doc)
	if z == nil {
		return doc, nil
	}
	if f := ooxml.Part(z, "content.json"); f != nil {
		readTopics(f, l, doc)
	} else {
		readTopicsXML(ctx, z, l, doc)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, ctx.Err())
	}
	if len(doc.Sections) > 0 {
		doc.Language = charset.Language(doc.Sections[0].Text)
		doc.Fields["sheets"] = strconv.Itoa(len(doc.Sections))
	}
	return doc, nil
}

func readTopics(f *zip.File, l document.Limits, doc *document.Document) {
	r, err := f.Open()
	if err != nil {
		doc.Lose(document.None, document.Corrupt, "its content cannot be unpacked")
		return
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, min(ooxml.PartLimit(f, l), maxMap)))
	var sheets []struct {
		Title string `json:"title"`
		Root  topic  `json:"rootTopic"`
	}
	if jsonErr := json.Unmarshal(data, &sheets); err != nil || jsonErr != nil {
		doc.Lose(document.None, document.Corrupt, "its content is damaged")
		return
	}
	for _, s := range sheets {
		if doc.Title == "" {
			doc.Title = s.Root.Title
		}
		var out strings.Builder
		s.Root.write(&out, 0)
		doc.AddText(document.Position{Part: "body"}, s.Title, out.String())
	}
}

// write gives a node and what hangs on it, one a line, indented by its depth.
func (t *topic) write(out *strings.Builder, depth int) {
	if depth > deepTopic {
		return
	}
	line := strings.Join(strings.Fields(t.Title), " ")
	if len(t.Labels) > 0 {
		line += " [" + strings.Join(t.Labels, ", ") + "]"
	}
	if line != "" {
		out.WriteString(strings.Repeat("  ", depth) + line + "\n")
	}
	if note := strings.TrimSpace(t.Notes.Plain.Content); note != "" {
		out.WriteString(strings.Repeat("  ", depth+1) + "备注 Notes: " + note + "\n")
	}
	for i := range t.Children.Attached {
		t.Children.Attached[i].write(out, depth+1)
	}
	for i := range t.Children.Detached {
		t.Children.Detached[i].write(out, depth+1)
	}
}

// readTopicsXML reads the older form: topic elements within each other.
func readTopicsXML(ctx context.Context, z *zip.Reader, l document.Limits, doc *document.Document) {
	var out, text strings.Builder
	depth, into, label := -1, "", ""
	flush := func() {
		doc.AddText(document.Position{Part: "body"}, label, out.String())
		out.Reset()
		label = ""
	}
	walk(ctx, z, "content.xml", l, doc, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "topic":
				depth++
			case "title", "plain":
				into = t.Name.Local
				text.Reset()
			}
		case xml.CharData:
			if into != "" && int64(out.Len()) < l.TextBytes {
				text.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "topic":
				depth--
			case "sheet":
				flush()
			case "title", "plain":
				s := strings.Join(strings.Fields(text.String()), " ")
				switch {
				case s == "" || into == "":
				case depth < 0:
					label = s
				case into == "plain":
					out.WriteString(strings.Repeat("  ", min(depth+1, deepTopic)) + "备注 Notes: " + s + "\n")
				default:
					if doc.Title == "" {
						doc.Title = s
					}
					out.WriteString(strings.Repeat("  ", min(depth, deepTopic)) + s + "\n")
				}
				into = ""
			}
		}
	})
	flush()
}
