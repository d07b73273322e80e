package mail

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/mail/cms"
)

// special handles the parts that hold a mail in another way: signed, packed,
// encrypted, in pieces, or elsewhere. ok is false for all others.
func (w *walker) special(l *leaf, name string, depth int) (f found, ok bool) {
	switch l.kind {
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return w.cms(l, name, depth), true
	case "application/octet-stream":
		// QUIRK: RFC 8551 3.2.1: gateways forget the type, so the name decides.
		if strings.HasSuffix(strings.ToLower(name), ".p7m") && cms.Is(l.content()) {
			return w.cms(l, name, depth), true
		}
	case "message/external-body":
		w.external(l, name)
		return found{}, true
	case "message/partial":
		return w.piece(l, depth), true
	}
	return found{}, false
}

// cms reads an S/MIME part through (RFC 8551 3.4, 3.5): what was signed or packed
// is parts like others; what is encrypted is said.
func (w *walker) cms(l *leaf, name string, depth int) found {
	l.name = name
	if l.name == "" {
		l.name = "smime.p7m"
	}
	data := l.content()
	content, err := cms.Open(data)
	switch {
	case errors.Is(err, cms.ErrEncrypted):
		w.doc.Lose(document.Partial, document.Encrypted, "its content is encrypted (S/MIME)")
	case err != nil:
		w.doc.Lose(document.Partial, document.Corrupt, "its signed content cannot be read")
	case len(content) == 0:
		l.signs = true // certificates only
	default:
		l.signs = true
		if depth >= maxDepth {
			w.doc.Lose(document.Partial, document.TooDeep, "its parts lie more than 50 deep in one another")
			break
		}
		w.doc.Fields["signed"] = "S/MIME"
		var buf [16]field
		h, body, _ := parseHeader(content, buf[:])
		h.fields = append([]field(nil), h.fields...)
		if !h.has("content-type") && !h.has("mime-version") && !h.has("content-transfer-encoding") {
			h, body = header{}, content // signed as it stands, without a header
		}
		f := w.walk(h, body, depth+1, "text/plain", "")
		f.files = append(f.files, l)
		return f
	}
	return found{files: []*leaf{l}}
}

// piece reads one of the pieces that a long mail was sent in (RFC 2046 5.2.2). The
// first holds the header of the whole and its beginning; the others are said.
func (w *walker) piece(l *leaf, depth int) found {
	number, _ := strconv.Atoi(strings.TrimSpace(l.params.get("number")))
	total, _ := strconv.Atoi(strings.TrimSpace(l.params.get("total")))
	p := Piece{Mail: l.params.get("id"), Number: number, Total: total}
	w.doc.Lose(document.Partial, document.Truncated, fmt.Sprintf("it is piece %d of %s of a mail that was sent in pieces", number, p.of()))
	if depth == 0 { // a piece within a mail is a part of it like others
		p.tell(w.doc)
	}
	body := l.content()
	if number == 1 && depth < maxDepth {
		var buf [16]field
		h, inner, _ := parseHeader(body, buf[:])
		h.fields = append([]field(nil), h.fields...)
		return w.walk(h, inner, depth+1, "text/plain", "")
	}
	first, _ := lineAt(bytes.TrimLeft(body, "\r\n"), 0)
	if len(first) > 40 && bytes.IndexByte(first, ' ') < 0 {
		l.name = fmt.Sprintf("piece-%d.bin", number) // the middle of a file
		return found{files: []*leaf{l}}
	}
	return found{texts: []*leaf{{kind: "text/plain", raw: body}}}
}
