package pipeline

import (
	"encoding/base64"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline/ledger"
)

// What of a mail names its thread. Long threads refer to every mail before; the
// first and the last few connect them as well as all of them, since each mail of
// the thread names its own.
const (
	lastReferences = 4
	subjectPeople  = 3 // sender and first receivers, for subjects
	minSubject     = 4 // bytes: one Han character says too little
)

// threadOf is what the ledger has to know of a mail to find its thread.
func threadOf(content int64, d *document.Document) ledger.Mail {
	m := ledger.Mail{Content: content, Message: named(d.Fields["message_id"])}
	m.Sent, _ = parseDate(d.Date)
	references := strings.Fields(d.Fields["references"])
	refer := append([]string{d.Fields["in_reply_to"]}, references[max(len(references)-lastReferences, 0):]...)
	if len(references) > lastReferences {
		refer = append(refer, references[0])
	}
	for _, id := range refer {
		if id = named(id); id != "" {
			m.Keys = append(m.Keys, id)
		}
	}
	conversation := conversation(d.Fields["thread_index"])
	if conversation != "" {
		m.Keys = append(m.Keys, conversation)
	}
	subject, answer := mail.BareSubject(d.Title)
	if len(subject) < minSubject {
		return m
	}
	m.Subject, m.Loose = subject, answer && len(m.Keys) == 0
	for _, role := range []string{"from", "to", "cc"} {
		for _, p := range d.People {
			if p.Role == role && p.Address != "" && len(m.People) < subjectPeople && !slices.Contains(m.People, p.Address) {
				m.People = append(m.People, p.Address)
			}
		}
	}
	return m
}

// named drops what is no name: ids that programs write for want of one.
func named(id string) string {
	id = strings.Trim(id, "<> ")
	local, host, ok := strings.Cut(id, "@")
	if !ok && len(id) < 16 || ok && (local == "" || host == "" || len(local) < 3) {
		return ""
	}
	return id
}

// conversation is the name that Outlook gives to a thread: 16 bytes of
// Thread-Index, behind a byte and five of the time (MS-OXOMSG 2.2.1.3).
func conversation(index string) string {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(index))
	if err != nil || len(raw) < 22 {
		return ""
	}
	guid := string(raw[6:22])
	if strings.Trim(guid, "\x00") == "" {
		return ""
	}
	return "conversation " + guid
}
