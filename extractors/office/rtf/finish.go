package rtf

import (
	"fmt"
	"strings"
)

// finish gives the result of a reading.
func (r *reader) finish() Text {
	t := r.out
	t.Body = tidy(r.to[toBody].String())
	t.Notes = tidy(r.to[toNotes].String())
	field := func(d dest) string { return strings.Join(strings.Fields(r.to[d].String()), " ") }
	t.Title, t.Author, t.Subject, t.Keywords = field(toTitle), field(toAuthor), field(toSubject), field(toKeywords)
	if d := r.date; d[0] >= 1980 && d[0] < 2100 && d[1] >= 1 && d[1] <= 12 && d[2] >= 1 && d[2] <= 31 && d[3] < 24 && d[4] < 60 && d[5] < 60 && d[3] >= 0 && d[4] >= 0 && d[5] >= 0 {
		t.Created = fmt.Sprintf("%04d-%02d-%02d", d[0], d[1], d[2])
	}
	return t
}

// tidy takes blanks off the ends of lines, and empty lines down to one.
func tidy(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	empty := 1
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRight(line, " \t\u00a0")
		if line == "" {
			empty++
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
			if empty > 0 {
				b.WriteByte('\n')
			}
		}
		empty = 0
		b.WriteString(line)
	}
	return b.String()
}
