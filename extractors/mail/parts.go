package mail

import (
	"bytes"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/html"
	"guidang/extractors/mail/cloud"
)

// Limits of one mail's tree of parts.
const (
	maxParts = 2000
	maxDepth = 50
)

// leaf is a part that holds no others.
type leaf struct {
	header   header
	kind     string // media type, lower case
	params   params // of Content-Type
	disp     params
	encoding string
	raw      []byte // still in its transfer encoding
	cid      string
	name     string // of a file
	signs    bool   // a signature of the mail
	embedded bool   // a mail within the mail
	label    string // heading of a text that is none of the body

	decoded []byte // once undone
	tail    []byte
	undone  bool
	cut     bool
	damaged bool       // it is not what its checksum says
	notes   html.Notes // of an HTML text, once read

	read  bool // the text was decoded
	shown string
	used  string
	lossy bool
}

// found is what a part of the tree gives, in the mail's order.
type found struct {
	texts []*leaf // bodies, in order
	files []*leaf
	html  []*leaf // every HTML body, chosen or not: they say which images are shown
}

func (f *found) add(other found) {
	f.texts = append(f.texts, other.texts...)
	f.files = append(f.files, other.files...)
	f.html = append(f.html, other.html...)
}

// words makes a text with a name the body of a report that has no other.
//
// QUIRK: RFC 6522 3: the first part of a report says in words what happened. Some
// gateways give it the name of a file.
func (f *found) words() {
	if len(f.texts) == 0 || f.texts[0].label == "" || len(f.files) == 0 {
		return
	}
	for _, t := range f.texts {
		if t.label == "" {
			return
		}
	}
	if l := f.files[0]; l.kind == "text/plain" && l.disp.value != "attachment" {
		f.texts = append([]*leaf{l}, f.texts...)
		f.files = f.files[1:]
	}
}

// walker goes through the tree of one mail's parts and tells the document what it
// could not have.
type walker struct {
	doc   *document.Document
	hint  string // charset of the mail, for raw headers
	parts int

	away []cloud.File // attachments that the mail names only
}

// walk reads the part that h and body make. inherited is the media type that
// RFC 2046 gives a part without one.
func (w *walker) walk(h header, body []byte, depth int, inherited string, within string) found {
	if w.parts++; w.parts > maxParts {
		w.doc.Lose(document.Partial, document.TooMany, "only its first 2,000 parts were read")
		return found{}
	}
	p := params{value: inherited}
	if raw := h.get("content-type"); raw != nil {
		p = parseParams(raw, w.hint)
		if strings.IndexByte(p.value, '/') <= 0 {
			p.value = wholeType(p.value, inherited)
		}
	}
	encoding := encodingOf(h.get("content-transfer-encoding"))
	if !strings.HasPrefix(p.value, "multipart/") {
		return w.leaf(h, p, encoding, body, within, depth)
	}
	if depth >= maxDepth {
		w.doc.Lose(document.Partial, document.TooDeep, "its parts lie more than 50 deep in one another")
		return found{}
	}
	return w.multipart(h, p, encoding, body, depth)
}

// wholeType completes a media type without its second half.
//
// QUIRK: RFC 2045 5.1 wants type/subtype; RFC 1049 mailers wrote `text`, others
// leave it empty.
func wholeType(s, inherited string) string {
	switch s {
	case "text", "plain":
		return "text/plain"
	case "html":
		return "text/html"
	case "multipart":
		return "multipart/mixed"
	case "":
		return inherited
	}
	if strings.HasPrefix(s, "<") {
		return "text/html" // the page itself stands where its type would
	}
	return "application/octet-stream"
}

func (w *walker) multipart(h header, p params, encoding string, body []byte, depth int) found {
	var parts [][]byte
	var preamble, epilogue []byte
	closed, many := false, false
	boundary := strings.TrimRight(p.get("boundary"), " \t")
	if boundary != "" {
		parts, preamble, epilogue, closed, many = splitParts(body, boundary, maxParts)
	}
	if len(parts) == 0 && encoding != "" {
		// QUIRK: RFC 2045 6.4 forbids an encoding around parts; some gateways have it.
		if body, _, _ = undo(body, encoding); boundary != "" {
			parts, preamble, epilogue, closed, many = splitParts(body, boundary, maxParts)
		}
	}
	if len(parts) == 0 {
		if other, ok := guessBoundary(body); ok {
			w.doc.Warn("wrong-boundary", "the parts are divided by another line than the header says")
			parts, preamble, epilogue, closed, many = splitParts(body, other, maxParts)
		}
	}
	if len(parts) == 0 {
		if len(bytes.TrimSpace(body)) == 0 {
			return found{}
		}
		w.doc.Warn("no-boundary", "the header promises parts, the body has none")
		return w.leaf(header{}, params{value: "text/plain"}, "", body, "", depth)
	}
	if many {
		w.doc.Lose(document.Partial, document.TooMany, "only its first 2,000 parts were read")
	} else if !closed {
		w.doc.Lose(document.Partial, document.Truncated, "the mail ends before its last part does")
	}
	inherited := "text/plain"
	if p.value == "multipart/digest" {
		inherited = "message/rfc822"
	}
	all := make([]found, 0, len(parts))
	var buf [16]field
	for _, part := range parts {
		ph, pbody, ended := parseHeader(part, buf[:])
		// A part of a truncated mail may end within its header.
		if len(ph.fields) == 0 && len(bytes.TrimSpace(pbody)) == 0 && !ended {
			continue
		}
		ph.fields = append([]field(nil), ph.fields...)
		all = append(all, w.walk(ph, pbody, depth+1, inherited, p.value))
	}
	if p.value == "multipart/encrypted" {
		w.doc.Lose(document.Partial, document.Encrypted, "its content is encrypted")
	}
	var out found
	if p.value == "multipart/alternative" {
		out = choose(all)
	} else {
		for _, f := range all {
			out.add(f)
		}
	}
	if len(out.texts) == 0 && len(out.files) == 0 && (len(bytes.TrimSpace(preamble)) > 0 || len(bytes.TrimSpace(epilogue)) > 0) {
		// What stands around the parts is for readers without MIME; it counts only
		// where there is nothing else.
		rest := preamble
		if len(bytes.TrimSpace(rest)) == 0 {
			rest = epilogue
		}
		out.add(w.leaf(header{}, params{value: "text/plain"}, "", rest, "", depth))
	}
	return out
}

// leaf sorts a part without parts into text or file.
func (w *walker) leaf(h header, p params, encoding string, body []byte, within string, depth int) found {
	l := &leaf{header: h, kind: p.value, params: p, encoding: encoding, raw: body}
	if raw := h.get("content-disposition"); raw != nil {
		l.disp = parseParams(raw, w.hint)
	}
	if raw := h.get("content-id"); raw != nil {
		l.cid = strings.Trim(string(unfold(raw)), " \t<>")
	}
	name := l.fileName(w.hint)
	if raw := h.get("x-mozilla-cloud-part"); raw != nil {
		w.linked(parseParams(raw, w.hint))
	}
	if f, ok := w.special(l, name, depth); ok {
		return f
	}
	switch {
	case l.kind == "message/delivery-status", l.kind == "message/disposition-notification", l.kind == "text/rfc822-headers", l.kind == "message/global-delivery-status":
		l.label = l.kind[strings.IndexByte(l.kind, '/')+1:]
		return found{texts: []*leaf{l}}
	case l.isBody(name, within):
		f := found{texts: []*leaf{l}}
		if l.kind == "text/html" {
			f.html = f.texts
		} else {
			f.files = l.enclosed(w.hint)
		}
		return f
	case len(bytes.TrimSpace(body)) == 0 && name == "" && l.disp.value != "attachment" && h.get("content-type") == nil:
		return found{} // an empty line between two delimiters
	}
	l.embedded = l.kind == "message/rfc822" || l.kind == "message/global" || l.kind == "message/news"
	switch l.kind {
	case "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature":
		l.signs = true
	case "application/applefile":
		l.signs = true // RFC 1740: what a Macintosh knows of the file beside it
	}
	l.name = name
	if l.name == "" {
		l.name = l.unnamed(w.hint)
	}
	return found{files: []*leaf{l}}
}

// isBody tells a text that is read from one that is a file.
func (l *leaf) isBody(name, within string) bool {
	switch {
	case l.kind == "text/plain", l.kind == "text/html", l.kind == "text/enriched", l.kind == "text/richtext", l.kind == "text/x-amp-html":
	case strings.HasPrefix(l.kind, "text/") && name == "" && l.disp.value != "attachment":
		switch l.kind {
		case "text/calendar", "text/x-vcard", "text/vcard", "text/directory", "text/csv", "text/rtf":
			return false
		}
	default:
		return false
	}
	switch {
	case within == "multipart/alternative":
		return true
	case l.disp.value == "attachment":
		// The only part of a mail is its body even so, unless it has a name.
		return within == "" && name == ""
	case name == "":
		return true
	}
	// QUIRK: RFC 2183 2.1: without a disposition a part is shown inline; but a text
	// with a name is a file that somebody attached, except where it is the whole mail,
	// or what a report says in words (RFC 6522 3).
	return within == "" || within == "multipart/report"
}

// choose takes one of several forms of the same content: plain text where it says
// something, else the last form that can be read. The files of all are kept.
func choose(forms []found) found {
	plain, rich := -1, -1
	var out found
	for i, f := range forms {
		out.files = append(out.files, f.files...)
		out.html = append(out.html, f.html...)
		switch {
		case len(f.texts) == 0:
		case f.texts[0].kind == "text/plain":
			if plain < 0 {
				plain = i
			}
		case f.texts[0].kind != "text/x-amp-html" || rich < 0:
			rich = i
		}
	}
	best := plain
	if plain < 0 || rich >= 0 && !says(forms[plain], forms[rich]) {
		best = rich
	}
	if best >= 0 {
		out.texts = forms[best].texts
	}
	return out
}
