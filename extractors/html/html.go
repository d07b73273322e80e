// Package html reads pages and gives the readable text of HTML, of files and of
// mail bodies.
package html

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// maxPage bounds a page in memory; exports of whole wikis stay below it.
const maxPage = 64 << 20

// HTML reads web pages, and what programs save under other names as a page (old
// spreadsheets, reports).
var HTML = document.Format{
	Name: "html", Version: 2, Kind: document.KindDocument, MediaType: "text/html",
	Detect: detect,
	Read:   read,
}

// openings are the elements that begin a page, mark-up that many programs write
// without a doctype.
var openings = regexp.MustCompile(`(?i)^<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|h[1-6]|style|script|center|font)[\s>/]`)

var (
	named    = regexp.MustCompile(`(?i)<(?:html|body|head|p|div|br|table|h[1-6]|a|span)[\s>/]`)
	prologue = regexp.MustCompile(`(?is)^\s*(?:<\?xml[^>]*\?>|<!--.*?-->)`)
)

// detect wants a page's beginning; with the name of a page, any mark-up of one.
// What only contains mark-up (a mail, a source file) is not a page.
func detect(in *document.Input) bool {
	head := in.Head()
	if len(head) == 0 || head[0] != '<' && bytes.IndexByte(head, '<') < 0 {
		return false
	}
	text, _, _ := charset.Decode(head, "")
	text = strings.TrimLeft(text, "\ufeff \t\r\n\f")
	for range 8 {
		m := prologue.FindString(text)
		if m == "" {
			break
		}
		text = strings.TrimLeft(text[len(m):], " \t\r\n\f")
	}
	if strings.IndexByte(text, 0) >= 0 {
		return false
	}
	first := text[:min(len(text), 256)]
	if m := openings.FindString(first); m != "" {
		switch name := strings.ToLower(strings.Trim(m, "<!>/ \t\r\n\f")); {
		case strings.HasPrefix(name, "doctype"), name == "html", name == "head", name == "body":
			return true
		}
		// A fragment is a page only if it is one all through: Vue and XML templates
		// begin alike, but their names tell them.
		return isPageName(in.Ext()) || in.Ext() == "" || in.Ext() == ".xls" || in.Ext() == ".doc"
	}
	return isPageName(in.Ext()) && named.MatchString(text)
}

func isPageName(ext string) bool {
	switch ext {
	case ".htm", ".html", ".xhtml", ".shtml":
		return true
	}
	return false
}

func read(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	data, whole, err := in.All(min(maxPage, max(in.Limits.TextBytes, 1)))
	if err != nil {
		return nil, fmt.Errorf("read the page %q: %w", in.Name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindDocument, Read: document.Full, Fields: map[string]string{}}
	if !whole {
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only its first %d bytes were read", len(data)))
	}
	text, used, lossy := Decode(data, "")
	doc.Fields["charset"] = used
	if lossy {
		doc.Warn("charset", "some bytes have no meaning in "+used)
	}
	p := walk([]byte(text))
	doc.Title = p.title
	if doc.Title == "" && len(p.sections) > 0 {
		doc.Title = p.sections[0].heading
	}
	if p.author != "" {
		doc.People = append(doc.People, document.Person{Role: "author", Name: strings.TrimSpace(p.author)})
	}
	for _, s := range p.sections {
		if strings.TrimSpace(s.text) == "" && s.heading != "" {
			// A heading with nothing below it is still text.
			doc.AddText(document.Position{Part: "body"}, "", s.heading)
			continue
		}
		doc.AddText(document.Position{Part: "body"}, s.heading, s.text)
	}
	if len(doc.Sections) > 0 {
		doc.Language = charset.Language(doc.Sections[0].Heading + doc.Sections[0].Text)
	}
	return doc, nil
}

// metaCharset finds both forms: <meta charset=…> and http-equiv's content.
var metaCharset = regexp.MustCompile(`(?i)<(?:meta|\?xml)\b[^>]{0,400}?\b(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:.-]+)`)

// Decode gives the UTF-8 of a page: by label (what carried it said so), byte
// order mark, the page's own word in its first kilobytes, or the frequency of
// characters.
func Decode(data []byte, label string) (text, used string, lossy bool) {
	if !charset.Known(label) {
		// QUIRK: the HTML standard 13.2.3.2 looks at 1,024 bytes; pages of Word keep
		// kilobytes of comments before it.
		if m := metaCharset.FindSubmatch(data[:min(len(data), 8<<10)]); m != nil {
			own := strings.ToLower(string(m[1]))
			// QUIRK: 13.2.3.2: a page that could be read as ASCII up to its meta is
			// no UTF-16, whatever it says.
			if !strings.HasPrefix(own, "utf-16") {
				label = own
			}
		}
	}
	return charset.Decode(data, label)
}
