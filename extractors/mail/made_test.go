package mail

import (
	"context"
	"testing"

	"guidang/extractors/document"
)

// TestMade reads mails that were made of Outlook's items, and one that only says so.
func TestMade(t *testing.T) {
	t.Parallel()
	const item = "From: =?utf-8?b?5p2O5paH5Y2a?= <li@example.com>\r\nTo: <a@example.com>\r\nSubject: x\r\nDate: Fri, 10 Oct 2025 01:00:00 +0000\r\nKeywords: =?utf-8?b?6ZyA5rGC5Y+Y5pu0?=\r\n"
	for name, c := range map[string]struct {
		header string
		kind   document.Kind
		read   document.Read
		role   string
		date   string
		labels string
	}{
		"an appointment":  {"X-MS-Message-Class: IPM.Appointment\r\nX-Item-Date: 2025-11-03\r\nX-Guidang-Made: " + MadeWhole + "\r\n", document.KindCalendar, document.Full, "organizer", "2025-11-03", "需求变更"},
		"a contact":       {"X-MS-Message-Class: IPM.Contact\r\nX-Guidang-Made: " + MadePart + "\r\n", document.KindContact, document.Partial, "from", "2025-10-10T01:00:00Z", "需求变更"},
		"no date":         {"X-MS-Message-Class: IPM.Task\r\nX-Item-Date: soon\r\nX-Guidang-Made: " + MadeWhole + "\r\n", document.KindCalendar, document.Full, "organizer", "2025-10-10T01:00:00Z", "需求变更"},
		"a mail as it is": {"X-MS-Message-Class: IPM.Contact\r\nX-Item-Date: 2025-11-03\r\n", document.KindMail, document.Full, "from", "2025-10-10T01:00:00Z", ""},
	} {
		doc, err := EML.Read(context.Background(), input("a.eml", item+c.header+"\r\ntext\r\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if doc.Kind != c.kind || doc.Read != c.read || doc.People[0].Role != c.role || doc.Date != c.date || doc.Fields["labels"] != c.labels {
			t.Errorf("%s: %s, %s, %v, %s, %v", name, doc.Kind, doc.Read, doc.People, doc.Date, doc.Fields)
		}
	}
}
