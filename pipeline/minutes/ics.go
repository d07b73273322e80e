package minutes

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// Task is an action for a calendar, with a link to its meeting.
type Task struct {
	Action
	Title string // of the meeting
	Date  string // of the meeting, YYYY-MM-DD
	URL   string
}

// ICS writes actions as calendar entries: to-dos (RFC 5545, 3.6.2) on the day that they are due; what has
// no day is left out.
func ICS(tasks []Task) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Guidang//Minutes//ZH\r\n")
	for _, t := range tasks {
		if t.Due == nil {
			continue
		}
		id := document.ID(sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%d", t.URL, t.Text, *t.Due, t.Evidence)))
		stamp := strings.ReplaceAll(or(t.Date, *t.Due), "-", "")
		if len(stamp) > 8 {
			stamp = stamp[:8]
		}
		text := t.Text
		if t.Owner != "" {
			text = t.Owner + ": " + text
		}
		for _, line := range []string{"BEGIN:VTODO", "UID:" + id + "@guidang", "DTSTAMP:" + stamp + "T000000Z",
			"DUE;VALUE=DATE:" + strings.ReplaceAll(*t.Due, "-", ""), "SUMMARY:" + escaped(text), "DESCRIPTION:" + escaped(t.Title), "URL:" + escaped(t.URL), "END:VTODO"} {
			folded(&b, line)
		}
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

func escaped(s string) string { return escaper.Replace(s) }

// folded writes a line of at most 75 octets and goes on in lines that begin with
// a space (RFC 5545, 3.1), never within a character.
func folded(b *strings.Builder, line string) {
	room := 75
	for len(line) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		if cut == 0 { // no text at all
			cut = room
		}
		b.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], 74
	}
	b.WriteString(line + "\r\n")
}
