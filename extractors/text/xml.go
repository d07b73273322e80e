package text

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/einvoice"
)

// XML reads XML files that no other format knows: what stands between the tags
// and in them, without the mark-up. Word's XML of 2003, exports of systems, and
// electronic invoices are such files. What does not parse is read as text.
var XML = document.Format{
	Name: "xml", Version: 2, Kind: document.KindText, MediaType: "application/xml",
	Detect: func(in *document.Input) bool {
		text, _, _ := charset.Decode(in.Head(), "")
		text = strings.TrimLeft(text, "\ufeff \t\r\n")
		return strings.HasPrefix(text, "<?xml") || in.Ext() == ".xml" && element.MatchString(text)
	},
	Read: readXML,
}

var (
	element  = regexp.MustCompile(`^<[\pL_][\pL\pN_.:-]*[\s/>]`)
	declared = regexp.MustCompile(`^[^>]{0,100}encoding=["']([^"']+)["']`)
)

// deepest is how far elements may nest.
const deepest = 1024

var errDeep = errors.New("nested too deeply")

func readXML(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	limit := in.Limits.WithDefaults().TextBytes
	data, whole, err := in.All(limit)
	if err != nil {
		return nil, fmt.Errorf("read the XML file %q: %w", in.Name, err)
	}
	label := ""
	if m := declared.FindSubmatch(data[:min(len(data), 200)]); m != nil && !strings.HasPrefix(strings.ToLower(string(m[1])), "utf-16") {
		label = string(m[1])
	}
	text, used, lossy := charset.Decode(data, label)
	doc := &document.Document{Kind: document.KindText, Read: document.Full, Fields: map[string]string{"charset": used}}
	if lossy {
		doc.Warn("charset", "some bytes have no meaning in "+used)
	}
	x := &xmlText{doc: doc}
	err = x.walk(ctx, strings.TrimPrefix(text, "\ufeff"))
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("read %q: %w", in.Name, ctx.Err())
	case !whole:
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only its first %d bytes were read", limit))
	case errors.Is(err, errDeep):
		doc.Lose(document.Partial, document.TooDeep, "it is nested beyond any real document")
	case err != nil:
		return read(ctx, in, emit)
	}
	doc.Language = charset.Language(x.sample)
	return doc, nil
}

// xmlText gathers lines: an element that holds only text is one, with its name
// before it (<金额>350000</金额> becomes 金额: 350000).
type xmlText struct {
	doc    *document.Document
	lines  []string
	first  int
	runes  int
	sample string

	open []string
	text strings.Builder
	line int // where the text began
}

func (x *xmlText) walk(ctx context.Context, text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // decoded already
	for n := 0; ; n++ {
		if n&0x3ff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		// RawToken: names of elements need not match for their text to be had, and
		// entities of a document type are never followed.
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			x.flushText("")
			x.flush()
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := d.InputPos()
		switch t := tok.(type) {
		case xml.StartElement:
			x.flushText("")
			if x.open = append(x.open, t.Name.Local); len(x.open) > deepest {
				return errDeep
			}
			x.line = line
			x.attributes(t)
		case xml.EndElement:
			x.flushText(t.Name.Local)
			x.open = x.open[:max(len(x.open)-1, 0)]
		case xml.CharData:
			if x.text.Len() == 0 {
				x.line = line - strings.Count(string(t), "\n")
			}
			x.text.Write(t)
		}
	}
}

// attributes writes the values of an element's attributes: many files keep all
// they have to say there.
func (x *xmlText) attributes(e xml.StartElement) {
	var b strings.Builder
	for _, a := range e.Attr {
		v := strings.Join(strings.Fields(a.Value), " ")
		if v == "" || a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || a.Name.Space == "xsi" || a.Name.Space == "xml" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(a.Name.Local + ": " + v)
	}
	if b.Len() > 0 {
		x.add(b.String())
	}
}

// flushText writes the text that has come; name is the element's that ends with it.
func (x *xmlText) flushText(name string) {
	s := strings.Join(strings.Fields(x.text.String()), " ")
	x.text.Reset()
	if s == "" {
		return
	}
	x.invoice(name, s)
	// Word's <w:t> and the like say nothing; a field's name does.
	if n := len(x.open); name != "" && n > 0 && x.open[n-1] == name && utf8.RuneCountInString(name) > 1 && name != "span" {
		s = name + ": " + s
	}
	x.add(s)
}

// invoice keeps what an electronic invoice says of itself.
func (x *xmlText) invoice(name, value string) {
	if len(x.open) == 0 || x.open[0] != einvoice.Root {
		return
	}
	if field := einvoice.FieldOf(name); field != "" && x.doc.Fields[field] == "" && len(value) <= 300 {
		x.doc.Fields[field] = value
	}
}

func (x *xmlText) add(line string) {
	if len(x.lines) == 0 {
		x.first = max(x.line, 1)
	}
	x.lines = append(x.lines, line)
	if x.runes += utf8.RuneCountInString(line) + 1; x.runes >= blockRunes {
		x.flush()
	}
}

func (x *xmlText) flush() {
	text := strings.Join(x.lines, "\n")
	x.doc.AddText(document.Position{Line: x.first}, "", text)
	if len(x.sample) < 4<<10 {
		x.sample += text
	}
	x.lines, x.runes = nil, 0
}
