package minutes

import (
	"strings"
)

// What a title says beside its subject.
var titleNoise = re(`(?i)会议纪要|会议记录|纪要|会议|录音|转写|记录|minutes|meeting|notes|recording|transcript|(?:19|20)\d\d[-_./年]?\d{1,2}[-_./月]?\d{1,2}日?|\d{1,2}[.:：]\d\d|\b(?:mp3|m4a|wav|mp4|docx?|txt|vtt|srt)\b|[_.\-]`)

// Alike tells how surely minutes that somebody wrote are of a meeting, from 0 (they
// are not) to about 2. They have to be of its day, and then of its subject or of
// its people; a folder in common makes a lesser likeness do.
func Alike(written, meeting *Minutes, together bool) float64 {
	day := func(m *Minutes) string { return m.Date[:min(len(m.Date), 10)] }
	if day(written) == "" || day(written) != day(meeting) {
		return 0
	}
	subject, people := subjects(written.Title, meeting.Title), inCommon(written.Attendees, meeting.Attendees)
	all := subject + people
	if together {
		all += 0.3
	}
	switch {
	case subject >= 0.5, people >= 0.5, together && subject >= 0.25:
		return all
	}
	return 0
}

// subjects is the part of the shorter title's content that the other has.
func subjects(a, b string) float64 {
	x, y := grams(titleNoise().ReplaceAllString(a, " ")), grams(titleNoise().ReplaceAllString(b, " "))
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return 0
	}
	have := map[string]bool{}
	for _, g := range y {
		have[root(g)] = true
	}
	n := 0
	for _, g := range x {
		n += b2i(have[root(g)])
	}
	return float64(n) / float64(len(x))
}

// inCommon is the part of the smaller group that the other names too; one name
// in common says nothing.
func inCommon(a, b []Attendee) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for _, x := range a {
		for _, y := range b {
			if x.Name != "" && (strings.EqualFold(x.Name, y.Name) || strings.HasPrefix(strings.ToLower(y.Name), strings.ToLower(x.Name)+" ") || strings.HasPrefix(strings.ToLower(x.Name), strings.ToLower(y.Name)+" ")) {
				n++
				break
			}
		}
	}
	if n < 2 {
		return 0
	}
	return float64(n) / float64(len(a))
}
