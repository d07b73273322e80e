package mail

import (
	"bytes"
)

// Limits of one header block. Beyond them fields are passed over, so that a mail
// of nothing but headers costs no memory.
const (
	maxFields      = 2000
	maxHeaderBytes = 4 << 20
	maxValueBytes  = 64 << 10 // of one field, looked at
)

// field is one header field. Both are slices of the input: a value that is folded
// over ten thousand lines is still one slice, and nothing is copied until it is
// asked for.
type field struct{ name, value []byte }

type header struct {
	fields []field
	cut    bool // the block was longer than is read
}

// get returns the first field of that name, or nil. The name is in lower case.
func (h *header) get(name string) []byte {
	for i := range h.fields {
		if equalName(h.fields[i].name, name) {
			return h.fields[i].value
		}
	}
	return nil
}

func (h *header) has(name string) bool { return h.get(name) != nil }

func equalName(raw []byte, lower string) bool {
	if len(raw) != len(lower) {
		return false
	}
	for i, c := range raw {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// parseHeader reads the header at the beginning of data. body is what follows it;
// ended tells whether an empty line stood between them.
func parseHeader(data []byte, buf []field) (h header, body []byte, ended bool) {
	h.fields = buf[:0]
	for at := 0; at < len(data); {
		line, next := lineAt(data, at)
		if len(line) == 0 {
			return h, data[next:], true
		}
		if at > maxHeaderBytes {
			h.cut = true
			at = next
			continue
		}
		n := len(h.fields)
		if line[0] == ' ' || line[0] == '\t' {
			if n == 0 {
				// QUIRK: RFC 5322 2.2: no field can begin with a blank. A first
				// line of blanks only is an empty line that somebody padded.
				if len(bytes.TrimSpace(line)) == 0 {
					return h, data[next:], true
				}
				return h, data[at:], false
			}
			h.extend(data, line, at)
			at = next
			continue
		}
		name, value, ok := cutField(line)
		switch {
		case ok:
			if n < maxFields {
				h.fields = append(h.fields, field{name, value})
			} else {
				h.cut = true
			}
		case bytes.HasPrefix(line, []byte(">From ")) || bytes.HasPrefix(line, []byte("From ")):
			// QUIRK: RFC 4155: separators belong to a mailbox; mails copied out of
			// one carry them within their headers.
		case n > 0 && continues(data, next):
			// QUIRK: RFC 5322 2.2.3: a folded line begins with a blank; gateways
			// that wrap long GBK subjects and file names leave it out.
			h.extend(data, line, at)
		default:
			// QUIRK: RFC 5322 2.1: an empty line ends the header; where it is
			// missing, the first line that can be no field begins the body.
			return h, data[at:], false
		}
		at = next
	}
	return h, nil, false
}

// extend makes the last value reach to the end of line, which begins at at.
func (h *header) extend(data, line []byte, at int) {
	last := &h.fields[len(h.fields)-1].value
	start := cap(data) - cap(*last)
	*last = data[start : at+len(line)]
}

// continues looks at the line after a malformed one: where the header goes on,
// the malformed line belonged to it.
func continues(data []byte, at int) bool {
	if at >= len(data) {
		return false
	}
	line, _ := lineAt(data, at)
	if len(line) == 0 || line[0] == ' ' || line[0] == '\t' {
		return true
	}
	name, _, ok := cutField(line)
	return ok && bytes.IndexByte(name, '-') >= 0 || ok && knownName(name)
}

// cutField splits "Name: value". RFC 5322 2.2: a name is printable ASCII.
func cutField(line []byte) (name, value []byte, ok bool) {
	for i, c := range line {
		if c == ':' {
			if i == 0 {
				return nil, nil, false
			}
			// QUIRK: RFC 5322 4.5.3 allows blanks before the colon in old mail.
			return bytes.TrimRight(line[:i], " \t"), line[i+1:], true
		}
		if c <= ' ' && (c != ' ' && c != '\t' || len(bytes.TrimLeft(line[i:], " \t")) == 0 || bytes.TrimLeft(line[i:], " \t")[0] != ':') || c >= 0x7f {
			return nil, nil, false
		}
		if i > 200 {
			return nil, nil, false
		}
	}
	return nil, nil, false
}

// lineAt gives the line at at without its end, and where the next one begins.
//
// QUIRK: RFC 5322 2.3: lines end in CR LF; files have LF, and CR CR LF where text
// was converted twice.
func lineAt(data []byte, at int) (line []byte, next int) {
	end := bytes.IndexByte(data[at:], '\n')
	if end < 0 {
		return trimCR(data[at:]), len(data)
	}
	return trimCR(data[at : at+end]), at + end + 1
}

func trimCR(line []byte) []byte {
	for len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return line
}

// unfold joins a folded value into one line. RFC 5322 2.2.3: only the line's end
// is taken out, the blank after it stays.
func unfold(value []byte) []byte {
	if len(value) > maxValueBytes {
		value = value[:maxValueBytes]
	}
	if bytes.IndexByte(value, '\n') < 0 && bytes.IndexByte(value, '\r') < 0 {
		return bytes.TrimSpace(value)
	}
	out := make([]byte, 0, len(value))
	for i, c := range value {
		switch c {
		case '\r':
		case '\n':
			if i+1 < len(value) && value[i+1] != ' ' && value[i+1] != '\t' {
				out = append(out, ' ') // folded without a blank
			}
		case '\t':
			out = append(out, ' ')
		default:
			out = append(out, c)
		}
	}
	return bytes.TrimSpace(out)
}

// knownNames are the fields that mails begin with.
var knownNames = map[string]bool{
	"from": true, "to": true, "cc": true, "bcc": true, "received": true, "date": true, "subject": true, "message-id": true,
	"return-path": true, "mime-version": true, "content-type": true, "content-transfer-encoding": true, "content-disposition": true,
	"delivered-to": true, "reply-to": true, "sender": true, "x-mailer": true, "in-reply-to": true, "references": true,
	"dkim-signature": true, "authentication-results": true, "received-spf": true, "arc-seal": true, "x-received": true, "x-mozilla-status": true, "x-mozilla-status2": true,
	"status": true, "x-uidl": true, "x-gm-thrid": true, "x-gmail-labels": true, "envelope-to": true, "resent-from": true,
	"list-id": true, "user-agent": true, "thread-topic": true, "thread-index": true, "importance": true, "x-priority": true, "x-originating-ip": true,
	"delivery-date": true, "errors-to": true, "precedence": true, "organization": true, "x-ms-has-attach": true, "apparently-to": true,
	"x-originalarrivaltime": true, "content-language": true, "content-length": true, "x-original-to": true, "newsgroups": true, "xref": true, "path": true,
}

func knownName(name []byte) bool {
	var buf [32]byte
	if len(name) > len(buf) {
		return false
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	return knownNames[string(buf[:len(name)])]
}
