package mail

import (
	"bytes"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/mail/cloud"
)

// message is one mail, taken apart.
type message struct {
	header header
	hint   string // charset of its text, for raw headers
	found  found
	away   []cloud.File

	envelope []byte // the line above it, of a mailbox
}

// parse takes a mail apart. It never fails; what is missing is told in doc.
func parse(data []byte, doc *document.Document) *message {
	envelope, _ := lineAt(data[:min(len(data), 200)], 0)
	data = unwrap(data)
	var buf [64]field
	h, body, _ := parseHeader(data, buf[:])
	if h.cut {
		doc.Lose(document.Partial, document.TooLarge, "not all of its header was read")
	}
	m := &message{header: h, hint: hintOf(&h, body)}
	if from, ok := bytes.CutPrefix(envelope, []byte("From ")); ok {
		m.envelope = from
	}
	w := &walker{doc: doc, hint: m.hint}
	m.found = w.walk(h, body, 0, "text/plain", "")
	if used := m.textIn(); used != "" && used != charset.Name(m.hint) {
		// The label lied about the text, so it lies about the names.
		m.hint = used
		w = &walker{doc: doc, hint: used}
		m.found = w.walk(h, body, 0, "text/plain", "")
	}
	m.away = w.away
	m.found.words()
	return m
}

// textIn is the charset that the mail's text was found to be in, where that says
// something: not of text in ASCII, nor of UTF-8, which is told without a hint.
func (m *message) textIn() string {
	for _, l := range m.found.texts {
		if l.label != "" {
			continue
		}
		text, used, lossy := l.text()
		if used == charset.UTF8 || lossy {
			continue
		}
		for i := range min(len(text), 64<<10) {
			if text[i] >= 0x80 {
				return used
			}
		}
	}
	return ""
}

// unwrap drops what stands before the first header, and gives a mail whose lines
// end in CR alone the ends that the rest expects.
//
// QUIRK: RFC 5322 2.1: a mail begins with its header. Exports begin with a byte
// order mark, empty lines, a mailbox's From line, or (Apple's emlx) a line that
// says how long the mail is.
func unwrap(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if first := data[:min(len(data), 64<<10)]; bytes.IndexByte(first, '\n') < 0 && bytes.IndexByte(first, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	if n, rest, ok := emlxLength(data); ok {
		data = rest[:min(n, len(rest))]
	}
	for len(data) > 0 {
		line, next := lineAt(data, 0)
		blank := len(bytes.TrimSpace(line)) == 0
		if !blank && !bytes.HasPrefix(line, []byte("From ")) && !bytes.HasPrefix(line, []byte(">From ")) {
			break
		}
		if blank && next >= len(data) {
			break
		}
		data = data[next:]
	}
	return data
}

// emlxLength reads the first line of an emlx: the mail's length in bytes. The
// length is believed only as far as the file goes.
func emlxLength(data []byte) (n int, rest []byte, ok bool) {
	line, next := lineAt(data, 0)
	line = bytes.TrimRight(line, " \t")
	if len(line) == 0 || len(line) > 12 || next >= len(data) {
		return 0, nil, false
	}
	for _, c := range line {
		if !isDigit(c) {
			return 0, nil, false
		}
		n = n*10 + int(c-'0')
	}
	return n, data[next:], true
}

// hintOf finds the charset that the mail's text says it is in: the label of the
// mail or of its first part that has one.
func hintOf(h *header, body []byte) string {
	if raw := h.get("content-type"); raw != nil {
		if s := parseParams(raw, "").get("charset"); charset.Known(s) {
			return s
		}
	}
	body = body[:min(len(body), 16<<10)]
	for _, name := range []string{"charset=", "Charset=", "CHARSET="} {
		if at := bytes.Index(body, []byte(name)); at >= 0 {
			rest := bytes.TrimLeft(body[at+len(name):], "\"' ")
			end := bytes.IndexAny(rest[:min(len(rest), 40)], "\"'; \t\r\n>")
			if end > 0 && charset.Known(string(rest[:end])) {
				return string(rest[:end])
			}
		}
	}
	return ""
}

// describe fills the document from the header.
func (m *message) describe(doc *document.Document) {
	h := &m.header
	doc.Title = subject(h, m.hint)
	doc.People = people(h, m.hint)
	m.date(doc)
	set := func(field, value string) {
		if value != "" {
			doc.Fields[field] = value
		}
	}
	set("message_id", firstID(h.get("message-id")))
	set("in_reply_to", firstID(h.get("in-reply-to")))
	set("references", strings.Join(ids(h.get("references")), " "))
	set("list_id", decodeText(h.get("list-id"), m.hint))
	set("thread_index", string(unfold(h.get("thread-index"))))
	set("thread", oneLine(string(unfold(h.get("x-gm-thrid")))))
	if urgent(h) {
		set("priority", "high")
	}
	m.made(doc, set)
}

// urgent reads the three ways of saying so.
func urgent(h *header) bool {
	x := strings.ToLower(string(unfold(h.get("x-priority"))))
	return strings.HasPrefix(x, "1") || strings.HasPrefix(x, "2") ||
		strings.EqualFold(string(unfold(h.get("importance"))), "high") || strings.EqualFold(string(unfold(h.get("priority"))), "urgent")
}

// maxIDs is how many references are kept, the newest.
const maxIDs = 100

// ids reads message ids.
//
// QUIRK: RFC 5322 3.6.4: ids stand in angle brackets; In-Reply-To of old mailers
// is prose with an id in it, and some leave the brackets out.
func ids(raw []byte) []string {
	if raw == nil {
		return nil
	}
	s := string(unfold(raw))
	var out []string
	for rest := s; ; {
		at := strings.IndexByte(rest, '<')
		if at < 0 {
			break
		}
		rest = rest[at+1:]
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			break
		}
		if id := strings.Map(noBlank, rest[:end]); id != "" && len(id) < 1000 {
			out = append(out, strings.ToValidUTF8(id, "\uFFFD"))
		}
		rest = rest[end+1:]
	}
	if len(out) == 0 {
		for f := range strings.FieldsSeq(s) {
			if strings.Contains(f, "@") && len(f) < 1000 {
				out = append(out, strings.ToValidUTF8(strings.Trim(f, "<>,;"), "\uFFFD"))
			}
		}
	}
	return out[max(0, len(out)-maxIDs):]
}

func noBlank(r rune) rune {
	if r <= ' ' || r == 0x7f {
		return -1
	}
	return r
}

func firstID(raw []byte) string {
	if all := ids(raw); len(all) > 0 {
		return all[0]
	}
	return ""
}
