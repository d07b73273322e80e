package mail

import (
	"bytes"
	"strings"

	"guidang/extractors/document"
)

// maxAddresses bounds the people of one mail.
const maxAddresses = 5000

// roles are the header fields that name people.
var roles = []struct{ field, role string }{
	{"from", "from"}, {"to", "to"}, {"cc", "cc"}, {"bcc", "bcc"}, {"reply-to", "reply-to"}, {"sender", "sender"},
}

// people reads all addresses of a mail's header.
func people(h *header, hint string) []document.Person {
	var out []document.Person
	for _, r := range roles {
		for i := range h.fields {
			if equalName(h.fields[i].name, r.field) {
				out = addresses(out, r.role, rawText(unfold(h.fields[i].value), hint), hint)
			}
		}
	}
	// A sender or reply address that says nothing new is left out.
	kept := out[:0]
	for _, p := range out {
		if (p.Role == "sender" || p.Role == "reply-to") && hasAddress(kept, "from", p.Address) {
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

func hasAddress(all []document.Person, role, address string) bool {
	for _, p := range all {
		if p.Role == role && p.Address == address {
			return true
		}
	}
	return false
}

// addresses appends the people of an address list. It scans once: quoted names,
// comments, <addresses>, groups, and separators by comma or, as Outlook writes
// them, semicolon. Encoded words are passed over whole, because a comma within
// one is not a separator.
func addresses(out []document.Person, role, s, hint string) []document.Person {
	// One buffer each for all of them: lists have thousands.
	var name, angle, comment []byte
	quoted := false
	flush := func() {
		if len(out) < maxAddresses {
			if p, ok := person(string(name), string(angle), string(comment), quoted, hint); ok {
				p.Role = role
				out = append(out, p)
			}
		}
		name, angle, comment = name[:0], angle[:0], comment[:0]
		quoted = false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"':
			end := closing(s, i+1, '"')
			if end < 0 {
				// QUIRK: RFC 5322 3.2.4: quotes come in pairs; a lone one within a
				// name is a character of it.
				continue
			}
			quoted = true
			for j := i + 1; j < end; j++ {
				if s[j] == '\\' && j+1 < end {
					j++
				}
				name = append(name, s[j])
			}
			i = end
		case '(':
			end := closingComment(s, i)
			comment = append(comment, s[i+1:end]...)
			i = end
		case '<':
			end := strings.IndexAny(s[i+1:], ">,;")
			if end < 0 {
				angle = append(angle, s[i+1:]...)
				i = len(s)
				break
			}
			if len(angle) == 0 {
				angle = append(angle, s[i+1:i+1+end]...)
			}
			i += end
			if s[i+1] == '>' {
				i++
			}
		case ',', ';':
			flush()
		case ':':
			// A group: what stood before is its name, no person. A colon within an
			// address (X.400, fax numbers) has an @ or a digit before it.
			if bytes.ContainsAny(name, "@=/") {
				name = append(name, c)
				break
			}
			name = name[:0]
		case '=':
			if strings.HasPrefix(s[i:], "=?") {
				if _, n := wordAt(s[i:]); n > 0 {
					name = append(name, s[i:i+n]...)
					i += n - 1
					break
				}
			}
			name = append(name, c)
		default:
			name = append(name, c)
		}
	}
	flush()
	return out
}

func closing(s string, from int, mark byte) int {
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case mark:
			return i
		}
	}
	return -1
}

func closingComment(s string, from int) int {
	depth := 0
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// person makes one of the pieces between two separators.
func person(name, angle, comment string, quoted bool, hint string) (document.Person, bool) {
	name = strings.TrimSpace(name)
	if angle == "" && !quoted && looksAddress(name) {
		angle, name = name, ""
		// QUIRK: RFC 5322 3.4 wants brackets around the address beside a name:
		// `王伟 wang@huaxin.example`.
		if at := strings.LastIndexAny(angle, " \t"); at >= 0 {
			if looksAddress(angle[at+1:]) {
				name, angle = angle[:at], angle[at+1:]
			}
		}
	}
	if name == "" {
		name = comment // RFC 822 style: address (name)
	}
	name = cleanName(decodeWords(name, hint))
	address := oneLine(decodeWords(angle, hint))
	address = strings.ToLower(strings.TrimPrefix(strings.Trim(address, " \t<>'\""), "mailto:"))
	if at := strings.LastIndexByte(address, ':'); at >= 0 && strings.HasPrefix(address, "@") {
		address = address[at+1:] // RFC 5322 4.4: a route before the address
	}
	if strings.EqualFold(name, address) {
		name = ""
	}
	if address == "" && quoted && looksAddress(name) {
		name, address = "", strings.ToLower(name)
	}
	return document.Person{Name: name, Address: address}, name != "" || address != ""
}

func looksAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1
}

// cleanName takes quotes off that were put around a name twice.
func cleanName(s string) string {
	for {
		t := strings.TrimSpace(s)
		if len(t) >= 2 && (t[0] == '"' && t[len(t)-1] == '"' || t[0] == '\'' && t[len(t)-1] == '\'') {
			t = t[1 : len(t)-1]
		}
		if t == s {
			return s
		}
		s = t
	}
}
