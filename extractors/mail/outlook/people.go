package outlook

import (
	"strings"

	"guidang/extractors/document"
)

// sender gives the author of a mail, and who sent it on his behalf when that is
// somebody else.
func (it *item) sender() []document.Person {
	from := it.person("from", idOnBehalfName, idOnBehalfAddress, idOnBehalfKind, idOnBehalfSMTP)
	by := it.person("sender", idSenderName, idSenderAddress, idSenderKind, idSenderSMTP)
	switch {
	case from == (document.Person{Role: "from"}):
		by.Role = "from"
		if by == (document.Person{Role: "from"}) {
			return nil
		}
		return []document.Person{by}
	case by.Address == from.Address || by.Address == "" && by.Name == from.Name || by.Name == "" && by.Address == "":
		if from.Name == "" {
			from.Name = by.Name
		}
		return []document.Person{from}
	case from.Address == "" && by.Name == from.Name:
		by.Role = "from"
		return []document.Person{by}
	}
	return []document.Person{from, by}
}

func (b *bag) person(role string, name, address, kind, smtp uint16) document.Person {
	p := document.Person{Role: role, Name: clean(b.text(name))}
	for _, id := range []uint16{smtp, address} {
		if s := mailAddress(b.text(id), b.text(kind)); s != "" {
			p.Address = s
			break
		}
	}
	return tidy(p)
}

// mailAddress takes an address that can be written to.
//
// QUIRK: [MS-OXOABK] 2.2.3.21: inside Exchange an address is /o=…/cn=…, which says
// nothing outside of it; the SMTP address has a property of its own.
func mailAddress(s, kind string) string {
	s = strings.ToLower(strings.Trim(clean(s), "<>'\" "))
	s = strings.TrimPrefix(s, "smtp:")
	if strings.HasPrefix(s, "/") || !strings.Contains(s, "@") || strings.EqualFold(kind, "EX") && strings.Contains(s, "/cn=") || strings.ContainsRune(s, ' ') {
		return ""
	}
	return s
}

// addressee is a recipient's role ([MS-OXOMSG] 2.2.3.1).
var addressee = map[int64]string{0: "from", 1: "to", 2: "cc", 3: "bcc"}

// addressees gives the recipients by role. kind tells an appointment's, of which
// all are attendees.
func (it *item) addressees(attend bool) []document.Person {
	var out []document.Person
	for _, r := range it.recipients {
		p := r.person("", idShowName, idAddress, idAddressKind, idSMTP)
		n, ok := r.number(idRecipientType)
		if !ok {
			n = 1 // the type of most
		}
		p.Role = addressee[n&0xF] // the upper bits say what was sent already
		switch {
		case attend && n&0xF == 0:
			p.Role = "organizer"
		case attend:
			p.Role = "attendee"
		case p.Role == "from":
			continue // the sender, among the recipients of a meeting
		case p.Role == "":
			p.Role = "to"
		}
		if p.Name != "" || p.Address != "" {
			out = append(out, p)
		}
	}
	if len(out) > 0 {
		return out
	}
	// QUIRK: [MS-OXMSG] 2.2.1 has a storage for each recipient; drafts and exports of
	// other programs have only the line that is shown.
	for _, l := range []struct {
		id   uint16
		role string
	}{{idShowTo, "to"}, {idShowCc, "cc"}, {idShowBcc, "bcc"}} {
		for n := range strings.SplitSeq(it.text(l.id), ";") {
			p := document.Person{Role: l.role, Name: clean(n)}
			if attend {
				p.Role = "attendee"
			}
			if strings.Contains(p.Name, "@") {
				p.Address = mailAddress(p.Name, "")
			}
			if p = tidy(p); p.Name != "" || p.Address != "" {
				if out = append(out, p); len(out) >= maxRecipients {
					return out
				}
			}
		}
	}
	return out
}

// tidy takes the quotes off a name that are only around an address, and drops one
// that is the address.
func tidy(p document.Person) document.Person {
	for _, q := range []string{"'", `"`} {
		if len(p.Name) > 1 && strings.HasPrefix(p.Name, q) && strings.HasSuffix(p.Name, q) {
			p.Name = strings.TrimSpace(p.Name[1 : len(p.Name)-1])
		}
	}
	if strings.EqualFold(p.Name, p.Address) {
		p.Name = ""
	}
	return p
}
