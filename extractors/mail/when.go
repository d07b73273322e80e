package mail

import (
	"bytes"
	"time"

	"guidang/extractors/document"
)

// late is how much after its delivery a mail may say it was written: clocks go
// wrong by a day, not by more.
const late = 48 * time.Hour

// date takes the mail's own date, else the one at which it was received, else that
// of its envelope. What cannot be is said.
func (m *message) date(doc *document.Document) {
	received, ok := m.received()
	raw := m.header.get("date")
	if t, zoned, own := parseDate(rawText(unfold(raw), m.hint)); own {
		if !ok || t.Sub(received) <= late {
			if !zoned {
				doc.Warn("no-zone", "its date has no time zone; UTC is assumed")
			}
			doc.Date = formatDate(t)
			return
		}
		doc.Warn("bad-date", "it says it was written after it was delivered")
	} else if len(bytes.TrimSpace(raw)) > 0 {
		doc.Warn("bad-date", "the date it says is none")
	}
	if ok {
		doc.Date = formatDate(received)
		doc.Warn("date-from-received", "its own date is missing or cannot be read")
		return
	}
	if at := bytes.IndexByte(m.envelope, ' '); at >= 0 {
		if t, _, ok := parseDate(string(m.envelope[at:])); ok {
			doc.Date = formatDate(t)
			doc.Warn("date-from-envelope", "its own date is missing or cannot be read; the mailbox says when it came")
		}
	}
}

// maxReceived is how many of the servers that a mail went through are asked.
const maxReceived = 20

// received is when the last server took the mail that says so in a way that can be
// read: they write on top of one another.
func (m *message) received() (t time.Time, ok bool) {
	n := 0
	for i := range m.header.fields {
		f := &m.header.fields[i]
		if !equalName(f.name, "received") {
			continue
		}
		if n++; n > maxReceived {
			break
		}
		// The date is what follows the last semicolon (RFC 5321 4.4).
		at := bytes.LastIndexByte(f.value, ';')
		if at < 0 {
			continue
		}
		if t, _, ok = parseDate(string(unfold(f.value[at+1:]))); ok {
			return t, true
		}
	}
	return t, false
}
