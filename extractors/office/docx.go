// Package office reads Word and PowerPoint files of the Office Open XML kind by
// a streaming walk over their parts, with limits on depth and size.
package office

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/ooxml"
)

// Docx reads .docx, .docm and .dotx.
var Docx = document.Format{
	Name: "docx", Version: 3, Kind: document.KindDocument,
	MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	Detect:    func(in *document.Input) bool { return ooxml.Detect(in) == ooxml.Word },
	Read:      readDocx,
}

const wordBody = "word/document.xml"

// docx is one reading of a Word file.
type docx struct {
	ctx    context.Context //nolint:containedctx // it lives for one reading
	in     *document.Input
	doc    *document.Document
	z      *zip.Reader // nil when the directory is lost
	styles *styleWalk
	lists  *numbering
	bytes  int64 // of text so far

	inserted, deleted int
	gone              []string
	links             map[string]bool
}

func readDocx(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	d := &docx{ctx: ctx, in: in, doc: &document.Document{Kind: document.KindDocument, Read: document.Full, Fields: map[string]string{}},
		styles: &styleWalk{styles: styles{map[string]int{}, map[string]bool{}, map[string]string{}, map[string]int{}}, parents: map[string]string{}}}
	z, err := ooxml.Open(in)
	if err != nil {
		return d.salvage()
	}
	d.z = z
	main := ooxml.Main(z, wordBody)
	ooxml.Properties(z, d.doc)
	_ = d.walk("word/styles.xml", func(tok xml.Token) { d.styles.token(tok) })
	d.lists = newNumbering()
	_ = d.walk("word/numbering.xml", d.lists.token) // damaged: items without numbers
	if ooxml.Part(z, main) == nil {
		return document.Unreadable(document.KindDocument, document.Corrupt, "its main part is missing"), nil
	}
	if err := d.body(main); err != nil {
		return d.doc, err
	}
	for _, part := range []struct{ prefix, name, element string }{
		{"word/header", "header", ""}, {"word/footer", "footer", ""}, {"word/footnotes", "footnotes", "footnote"},
		{"word/endnotes", "endnotes", "endnote"}, {"word/comments", "comments", "comment"}, {"word/diagrams/data", "diagram", ""},
	} {
		if err := d.side(part.prefix, part.name, part.element); err != nil {
			return d.doc, err
		}
	}
	if err := d.charts("word/charts/chart", document.Position{Part: "chart"}); err != nil {
		return d.doc, err
	}
	d.doc.AddText(document.Position{Part: "links"}, "", strings.Join(d.linked(main), "\n"))
	changes(d.doc, d.inserted, d.deleted, d.gone)
	// Chunks are whole files (HTML, RTF) that Word shows as a part of the text.
	return d.doc, ooxml.Embedded(ctx, d.z, []string{"word/embeddings/", "word/afchunk"}, in.Limits, d.doc, emit)
}

// salvage reads the body of a file whose end is lost.
func (d *docx) salvage() (*document.Document, error) {
	ooxml.Salvage(d.in, func(part string, r io.Reader) bool {
		if !strings.EqualFold(part, wordBody) {
			return d.ctx.Err() == nil
		}
		w := d.newBody()
		_ = d.tokens(r, d.in.Limits.TextBytes*4, w.flow.token) // it ends in the damage
		w.finish()
		return false
	})
	if d.ctx.Err() != nil {
		return d.doc, d.ctx.Err()
	}
	if len(d.doc.Sections) == 0 {
		return document.Unreadable(document.KindDocument, document.Truncated, "the file is cut off before its text"), nil
	}
	d.doc.Lose(document.Partial, document.Truncated, "the file is cut off; what was there was read")
	changes(d.doc, d.inserted, d.deleted, d.gone)
	return d.doc, nil
}

// bodyWalk gathers the body's lines into sections by heading.
type bodyWalk struct {
	flow    *flow
	d       *docx
	heading string
	text    strings.Builder
}

func (d *docx) newBody() *bodyWalk {
	w := &bodyWalk{d: d}
	w.flow = &flow{block: w.block}
	if d.lists != nil && len(d.lists.lists) > 0 {
		w.flow.number = d.itemNumber
	}
	return w
}

// itemNumber gives the number of a paragraph that belongs to a list, by itself or
// by its style.
func (d *docx) itemNumber(p *paragraph) string {
	id, level, style := p.list, p.level, p.style
	if id == "" {
		var of int
		if id, of, style = d.styles.listOf(p.style); level < 0 {
			level = of
		}
	}
	if id == "" || id == "0" { // 0 takes a paragraph out of its style's list
		return ""
	}
	return d.lists.next(id, level, style)
}

func (w *bodyWalk) block(line, style string, outline int) {
	if outline == 0 && style != "" {
		outline = w.d.styles.of(style)
	}
	title := style != "" && w.d.styles.title[style]
	if (outline > 0 || title) && len([]rune(line)) <= 200 {
		if title && w.d.doc.Title == "" {
			w.d.doc.Title = strings.Join(strings.Fields(line), " ")
		}
		w.close()
		w.heading = strings.Join(strings.Fields(line), " ")
		return
	}
	w.d.bytes += int64(len(line))
	w.text.WriteString(line + "\n")
}

// close ends the section. A heading without text of its own is kept as a section
// whose text is the heading, or it would not be found.
func (w *bodyWalk) close() {
	text := w.text.String()
	if strings.TrimSpace(text) == "" {
		text = w.heading
	}
	w.d.doc.AddText(document.Position{Part: "body"}, w.heading, text)
	w.text.Reset()
}

func (w *bodyWalk) finish() {
	w.flow.finish()
	w.close()
	w.d.count(w.flow)
}

func (d *docx) body(part string) error {
	w := d.newBody()
	err := d.walk(part, w.flow.token)
	w.finish()
	return d.settle(part, err)
}

// side reads the parts beside the body, in the order of their numbers. element,
// where given, is what holds one note or comment.
func (d *docx) side(prefix, name, element string) error {
	seen := map[string]bool{}
	for _, f := range parts(d.z, prefix) {
		var text strings.Builder
		author, separator := "", false
		fl := &flow{}
		fl.block = func(line, _ string, _ int) {
			if separator {
				return
			}
			if author != "" {
				line, author = author+": "+line, ""
			}
			text.WriteString(line + "\n")
		}
		err := d.walk(f, func(tok xml.Token) {
			if e, ok := tok.(xml.StartElement); ok && element != "" && e.Name.Local == element {
				author = ooxml.Attr(e, "author")
				kind := ooxml.Attr(e, "type")
				separator = strings.Contains(strings.ToLower(kind), "separator")
			}
			fl.token(tok)
		})
		fl.finish()
		d.count(fl)
		if s := text.String(); !seen[s] {
			seen[s] = true
			d.bytes += int64(len(s))
			d.doc.AddText(document.Position{Part: name}, "", s)
		}
		if err := d.settle(f, err); err != nil {
			return err
		}
	}
	return nil
}

// settle turns a walk's error into the document's loss, unless it is not the
// document's fault.
func (d *docx) settle(part string, err error) error {
	switch {
	case err == nil:
		return nil
	case d.ctx.Err() != nil:
		return d.ctx.Err()
	case errors.Is(err, errTooLong):
		d.doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only the first %d bytes of its text were read", d.in.Limits.TextBytes))
	default:
		ooxml.Lose(d.doc, part, err, len(d.doc.Sections) > 0)
	}
	return nil
}

// count adds up the tracked changes of a part.
func (d *docx) count(f *flow) {
	d.inserted += f.inserted
	d.deleted += f.deleted
	d.gone = append(d.gone, f.gone...)
}

// errTooLong stops a walk whose text has reached the limit.
var errTooLong = errors.New("the text is too long")

func (d *docx) walk(part string, each func(xml.Token)) error {
	f := ooxml.Part(d.z, part)
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return d.tokens(r, ooxml.PartLimit(f, d.in.Limits), each)
}

func (d *docx) tokens(r io.Reader, limit int64, each func(xml.Token)) error {
	n := 0
	return ooxml.Walk(r, limit, func(tok xml.Token) error {
		if n++; n&0x3ff == 0 {
			if err := d.ctx.Err(); err != nil {
				return err
			}
			if d.bytes > d.in.Limits.TextBytes {
				return errTooLong
			}
		}
		each(tok)
		return nil
	})
}

// parts lists a package's XML parts by prefix, in the order of their numbers
// (header2 before header10).
func parts(z *zip.Reader, prefix string) []string {
	var out []string
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, "\\", "/")
		if len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) && strings.HasSuffix(strings.ToLower(name), ".xml") &&
			strings.Trim(name[len(prefix):len(name)-4], "0123456789") == "" {
			out = append(out, name)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if len(out[i]) != len(out[j]) {
			return len(out[i]) < len(out[j])
		}
		return out[i] < out[j]
	})
	return out
}
