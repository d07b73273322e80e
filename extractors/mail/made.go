package mail

import (
	"strings"
	"time"

	"guidang/extractors/document"
)

// HeaderMade marks a mail that was made by this program, of an item that has no
// bytes of its own: one of a mailbox of Outlook, one within a saved item.
const HeaderMade = "X-Guidang-Made"

// Values of HeaderMade.
const (
	MadeWhole = "from the properties of an Outlook item"
	MadePart  = MadeWhole + "; incomplete"
)

// HeaderClass is what such an item was.
const HeaderClass = "X-MS-Message-Class"

// kinds are what the classes of items ([MS-OXCMSG] 2.2.1.3) are to a person, by
// prefix; the first that fits.
var kinds = []struct {
	class string
	kind  document.Kind
}{
	{"ipm.schedule.meeting", document.KindMail}, // an invitation is a mail that somebody got
	{"ipm.appointment", document.KindCalendar}, {"ipm.ole.class.{00061055", document.KindCalendar}, {"ipm.task", document.KindCalendar}, {"ipm.activity", document.KindCalendar},
	{"ipm.contact", document.KindContact}, {"ipm.distlist", document.KindContact}, {"ipm.abchperson", document.KindContact},
	{"ipm.stickynote", document.KindText},
	{"ipm.microsoft.", document.KindOther}, // what Outlook and Exchange keep for themselves
}

// KindOfClass is the kind of an Outlook item of a class.
func KindOfClass(class string) document.Kind {
	lower := strings.ToLower(class)
	for _, k := range kinds {
		if strings.HasPrefix(lower, k.class) {
			return k.kind
		}
	}
	return document.KindMail
}

// made reads back what only a mail made of an item has. A mail that merely has the
// class among its fields is a mail.
func (m *message) made(doc *document.Document, set func(field, value string)) {
	h := &m.header
	if h.get(strings.ToLower(HeaderMade)) == nil {
		return
	}
	set("made", MadeWhole)
	if strings.Contains(string(unfold(h.get(strings.ToLower(HeaderMade)))), "incomplete") {
		doc.Lose(document.Partial, document.Corrupt, "some of the item's values are lost in its mailbox")
	}
	class := oneLine(string(unfold(h.get(strings.ToLower(HeaderClass)))))
	set("class", class)
	set("labels", decodeText(h.get("keywords"), m.hint))
	set("flag", oneLine(string(unfold(h.get("x-message-flag")))))
	set("sensitivity", strings.ToLower(oneLine(string(unfold(h.get("sensitivity"))))))
	set("thread_index", oneLine(string(unfold(h.get("thread-index")))))
	if d := oneLine(string(unfold(h.get("x-item-date")))); isDate(d) {
		doc.Date = d // a day has no hour, which the field Date must have
	}
	set("location", decodeText(h.get("x-item-location"), m.hint))
	set("linked", decodeText(h.get("x-item-linked"), m.hint))
	set("start", oneLine(string(unfold(h.get("x-item-start")))))
	set("end", oneLine(string(unfold(h.get("x-item-end")))))
	set("due", oneLine(string(unfold(h.get("x-item-due")))))
	doc.Kind = KindOfClass(class)
	role := map[string]string{}
	switch doc.Kind {
	case document.KindCalendar:
		role = map[string]string{"from": "organizer", "to": "attendee"}
	case document.KindContact:
		role = map[string]string{"to": "contact"}
	default:
	}
	for n := range doc.People {
		if r := role[doc.People[n].Role]; r != "" {
			doc.People[n].Role = r
		}
	}
}

func isDate(s string) bool {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if _, err := time.Parse(form, s); err == nil {
			return true
		}
	}
	return false
}
