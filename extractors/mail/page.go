package mail

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"

	"guidang/extractors/document"
	"guidang/extractors/html"
)

// Steps of a mail that are none of its children: what its page shows beside its
// text. No attachment's step looks like these.
const (
	StepHTML   = "page:html"   // its HTML body, made harmless, with its own pictures in it
	StepHeader = "page:header" // its header, decoded, a field a line
)

// Limits of a mail's page.
const (
	maxHTML     = 4 << 20
	maxPictures = 16 << 20 // of all inline pictures
	maxHeader   = 256 << 10
)

// page answers the steps of a mail's page.
func (m *message) page(want string) (*document.Child, error) {
	var data []byte
	switch want {
	case StepHTML:
		data = m.harmless()
	case StepHeader:
		data = m.decodedHeader()
	}
	if len(data) == 0 {
		return nil, document.ErrNoChild
	}
	return &document.Child{Step: want, Name: want, Size: int64(len(data)), Content: bytes.NewReader(data)}, nil
}

// harmless is the HTML of a mail without anything that runs, loads or looks like
// a part of the page around it. bluemonday keeps what is on its list and escapes
// the rest; the list has no scripts, forms, frames, style sheets, positions or
// addresses to load from. The page adds a frame without rights and a policy that
// loads nothing.
func (m *message) harmless() []byte {
	var out bytes.Buffer
	policy := harmlessPolicy()
	for n, l := range m.found.html {
		data := l.content()
		text, _, _ := html.Decode(data[:min(len(data), maxHTML)], strings.TrimSpace(l.params.get("charset")))
		if n > 0 {
			out.WriteString("<hr>")
		}
		out.WriteString(policy.Sanitize(text))
		if out.Len() > maxHTML {
			break
		}
	}
	return m.pictures(out.Bytes())
}

func harmlessPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "div", "span", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "big",
		"pre", "code", "tt", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "center", "font", "abbr", "address", "cite", "q", "caption", "thead", "tbody", "tfoot")
	p.AllowElements("table", "tr", "td", "th", "col", "colgroup")
	p.AllowAttrs("colspan", "rowspan", "cellpadding", "cellspacing", "border", "width", "height", "span").Matching(bluemonday.NumberOrPercent).OnElements("table", "tr", "td", "th", "col", "colgroup", "img", "hr")
	p.AllowAttrs("align", "valign").Matching(regexp.MustCompile(`(?i)^(left|right|center|justify|top|middle|bottom)$`)).Globally()
	p.AllowAttrs("bgcolor", "color").Matching(regexp.MustCompile(`^(#[0-9A-Fa-f]{3,8}|[A-Za-z]{3,24})$`)).OnElements("table", "tr", "td", "th", "font")
	p.AllowAttrs("size").Matching(regexp.MustCompile(`^[-+]?[1-7]$`)).OnElements("font")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(?i)(ltr|rtl|auto)$`)).Globally()
	p.AllowStyles("color", "background-color", "font-weight", "font-style", "font-size", "font-family", "text-align", "text-decoration", "text-indent", "vertical-align", "white-space",
		"line-height", "padding", "padding-left", "padding-right", "padding-top", "padding-bottom", "margin", "margin-left", "margin-right", "margin-top", "margin-bottom",
		"border", "border-left", "border-right", "border-top", "border-bottom", "border-color", "border-style", "border-width", "border-collapse", "width", "height", "list-style-type").Globally()
	p.AllowURLSchemes("http", "https", "mailto", "cid")
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	p.AllowAttrs("href").Matching(regexp.MustCompile(`(?i)^(https?:|mailto:)`)).OnElements("a")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`(?i)^cid:`)).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img", "a", "td", "abbr")
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}

// pictureTypes may stand in a page. SVG may not: it is a document.
var pictureTypes = map[string]string{"image/png": "image/png", "image/jpeg": "image/jpeg", "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/gif": "image/gif", "image/webp": "image/webp", "image/bmp": "image/bmp"}

var cidSource = regexp.MustCompile(`src="(?i:cid):([^"]*)"`)

// pictures puts the mail's own pictures where its HTML refers to them (RFC 2392),
// as data: a frame without rights sends no cookie, so it could not fetch them. All
// other pictures have lost their address already.
func (m *message) pictures(page []byte) []byte {
	parts := map[string]*leaf{}
	for _, l := range m.found.files {
		if l.cid != "" && pictureTypes[l.kind] != "" {
			parts[l.cid] = l
		}
	}
	room := maxPictures
	return cidSource.ReplaceAllFunc(page, func(src []byte) []byte {
		id := string(cidSource.FindSubmatch(src)[1])
		l := parts[strings.ReplaceAll(id, "&amp;", "&")]
		if l == nil {
			l = parts[string(appendPercent(nil, id))]
		}
		if l == nil {
			return nil
		}
		data := l.content()
		if room -= len(data); room < 0 {
			return nil
		}
		return []byte(`src="data:` + pictureTypes[l.kind] + `;base64,` + base64.StdEncoding.EncodeToString(data) + `"`)
	})
}

// decodedHeader is what a person reads who wants to know which way a mail came.
func (m *message) decodedHeader() []byte {
	var b bytes.Buffer
	for _, f := range m.header.fields {
		if b.Len() > maxHeader {
			break
		}
		b.WriteString(strings.ToValidUTF8(string(f.name), "\uFFFD"))
		b.WriteString(": ")
		b.WriteString(strings.ToValidUTF8(decodeText(f.value, m.hint), "\uFFFD"))
		b.WriteByte('\n')
	}
	return b.Bytes()
}
