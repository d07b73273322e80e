package mail

import (
	"fmt"
	"slices"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/html"
	"guidang/extractors/mail/cloud"
	"guidang/extractors/mail/quote"
)

// body puts the texts into the document.
func (m *message) body(doc *document.Document) {
	var sample strings.Builder
	var notes html.Notes
	away := m.away
	for _, l := range m.found.texts {
		text, used, lossy := l.text()
		if lossy {
			doc.Warn("charset", "some bytes of its text have no meaning in "+used)
		}
		l.tell(doc, "its text")
		if len(text) < 20<<10 && strings.Contains(text, pgp) && strings.Contains(text, "-----BEGIN PGP MESSAGE-----") {
			doc.Lose(document.Partial, document.Encrypted, "its text is encrypted")
		}
		if doc.Fields["charset"] == "" && strings.TrimSpace(text) != "" {
			doc.Fields["charset"] = used
		}
		if l.label != "" {
			doc.AddText(document.Position{Part: l.label}, "", text)
			l.report(doc)
			continue
		}
		quote.AddTo(doc, text)
		if sample.Len() < 4<<10 {
			sample.WriteString(text[:min(len(text), 4<<10)])
		}
		notes.Links = append(notes.Links, l.notes.Links...)
		notes.Hidden += l.notes.Hidden
		notes.Pixels += l.notes.Pixels
		if !m.hasOther(l) {
			away = append(away, cloud.Find(text, l.notes.Links)...)
		}
	}
	// The other form of a text may say more of its links than the one that is read.
	for _, l := range m.found.html {
		if m.isText(l) || !cloud.Mentioned(l.content()) {
			continue
		}
		text, _, _ := l.text()
		away = append(away, cloud.Find(text, l.notes.Links)...)
		l.decoded, l.undone = nil, false
	}
	for _, l := range m.found.texts {
		if m.hasOther(l) && len(away) == 0 && cloud.Mentioned(l.content()) {
			text, _, _ := l.text()
			away = append(away, cloud.Find(text, nil)...)
		}
	}
	notes.Tell(doc)
	cloud.Tell(doc, away)
	doc.Language = charset.Language(doc.Title + " " + sample.String())
}

// isText is true for an HTML body that is read as the mail's text.
func (m *message) isText(l *leaf) bool {
	return slices.Contains(m.found.texts, l)
}

// hasOther is true for a plain text that may have an HTML form beside it.
func (m *message) hasOther(l *leaf) bool {
	return l.kind != "text/html" && len(m.found.html) > 0
}

// tell says what was missing in a part.
func (l *leaf) tell(doc *document.Document, what string) {
	if l.cut {
		doc.Lose(document.Partial, document.Truncated, what+" ends in the middle of its encoding")
	}
	if l.damaged {
		doc.Lose(document.Partial, document.Corrupt, what+" is not what its checksum says")
	}
}

// pgp stands in all marks of PGP. It is looked for first, because lines of dashes
// are in many texts and this is not.
const pgp = "BEGIN PGP "

// unarmor takes the marks of a signature in the text off (RFC 9580 7): what was
// signed is what is read.
func unarmor(text string) string {
	const begin, sign, end = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
	if !strings.Contains(text, pgp) {
		return text
	}
	at := strings.Index(text, begin)
	if at < 0 || at > 0 && text[at-1] != '\n' {
		return text
	}
	before, rest := text[:at], text[at+len(begin):]
	stop := strings.Index(rest, "\n"+sign)
	if stop < 0 {
		return text
	}
	signed, tail := rest[:stop], rest[stop+1:]
	if i := strings.Index(tail, end); i >= 0 {
		tail = tail[i+len(end):]
	} else {
		tail = ""
	}
	// Lines of Hash: stand before the first empty one.
	if i := strings.Index(signed, "\n\n"); i >= 0 && i < 400 {
		signed = signed[i+2:]
	}
	signed = strings.ReplaceAll(strings.TrimPrefix(signed, "- "), "\n- ", "\n")
	return before + signed + "\n" + strings.TrimLeft(tail, "\n")
}

// report reads what a delivery report or a read receipt says: to whom, and what
// became of it (RFC 3464 2.3, RFC 8098 3.2).
func (l *leaf) report(doc *document.Document) {
	if !strings.HasPrefix(l.label, "delivery") && !strings.HasPrefix(l.label, "disposition") && !strings.HasPrefix(l.label, "global-") {
		return
	}
	doc.Fields["report"] = strings.TrimPrefix(l.label, "global-")
	var whom, what []string
	var buf [32]field
	for rest, n := l.content(), 0; len(rest) > 0 && n < 200; n++ {
		h, body, _ := parseHeader(rest, buf[:])
		if len(body) == len(rest) {
			break
		}
		rest = body
		for _, name := range []string{"final-recipient", "original-recipient"} {
			if raw := h.get(name); raw != nil {
				_, address, _ := strings.Cut(decodeText(raw, ""), ";")
				if address = strings.ToLower(strings.Trim(address, " \t<>")); address != "" {
					whom = appendNew(whom, address)
					break
				}
			}
		}
		for _, name := range []string{"action", "disposition"} {
			if raw := h.get(name); raw != nil {
				s := decodeText(raw, "")
				if i := strings.LastIndexByte(s, ';'); i >= 0 {
					s = s[i+1:]
				}
				if status := decodeText(h.get("status"), ""); status != "" {
					s += " " + status
				}
				what = appendNew(what, strings.ToLower(strings.TrimSpace(s)))
			}
		}
	}
	if len(whom) > 0 {
		doc.Fields["report_recipients"] = strings.Join(whom, ", ")
	}
	if len(what) > 0 {
		doc.Fields["report_says"] = strings.Join(what, ", ")
	}
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	if len(list) >= 100 || len(s) > 500 {
		return list
	}
	return append(list, s)
}

// linked notes a file that lies elsewhere by what its own header says.
func (w *walker) linked(p params) {
	f := cloud.File{Service: p.value, Name: p.text("name", w.hint), URL: p.get("url")}
	if s := p.get("provider"); s != "" {
		f.Service = s
	}
	if f.Service == "" {
		f.Service = "linked"
	}
	w.addAway(f)
}

const maxAway = 100

func (w *walker) addAway(f cloud.File) {
	f.URL = oneLine(f.URL)
	if len(w.away) < maxAway {
		w.away = append(w.away, f)
	}
}

// external notes a message/external-body (RFC 2046 5.2.3): where the file is.
func (w *walker) external(l *leaf, name string) {
	p := l.params
	f := cloud.File{Service: strings.ToLower(p.get("access-type")), Name: name, Size: p.get("size")}
	if f.Service == "" {
		f.Service = "external"
	}
	if f.Name == "" {
		// The header of the file itself stands where a body would.
		var buf [16]field
		h, _, _ := parseHeader(l.content(), buf[:])
		inner := leaf{params: parseParams(h.get("content-type"), w.hint), disp: parseParams(h.get("content-disposition"), w.hint)}
		f.Name = inner.fileName(w.hint)
	}
	switch {
	case p.get("url") != "":
		f.URL = strings.Join(strings.Fields(p.get("url")), "") // RFC 2017 3: blanks within are none
	case p.get("site") != "":
		f.URL = fmt.Sprintf("ftp://%s/%s/%s", p.get("site"), strings.Trim(p.get("directory"), "/"), baseName(p.get("name")))
	}
	if t, _, ok := parseDate(p.get("expiration")); ok {
		f.Expires = t.Format("2006-01-02")
	}
	w.addAway(f)
}
