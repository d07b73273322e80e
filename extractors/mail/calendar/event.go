package calendar

import (
	"strings"

	"guidang/extractors/document"
)

// Event is an appointment, a task or a journal entry, of a calendar file or of
// Outlook's own formats.
type Event struct {
	What       string // VEVENT, VTODO, VJOURNAL
	UID        string
	Sequence   int
	Override   string // RECURRENCE-ID: this is one of a series, changed
	Summary    string
	Start, End When
	Due        When
	Rule       string // RRULE as written, or the pattern in words
	Location   string
	Status     string // CONFIRMED, TENTATIVE, CANCELLED, …
	Text       string
	Categories []string
	URL        string
	Organizer  document.Person
	Attendees  []Attendee
	Line       int
}

// Attendee is who was invited, and the answer.
type Attendee struct {
	document.Person

	Answer string // PARTSTAT: ACCEPTED, DECLINED, TENTATIVE, NEEDS-ACTION, DELEGATED
	Role   string // REQ-PARTICIPANT, OPT-PARTICIPANT, CHAIR, NON-PARTICIPANT, or RESOURCE, ROOM
}

// answers are PARTSTAT for people. Both languages stand in the text, because the
// text is searched and not translated.
var answers = map[string]string{
	"ACCEPTED": "已接受 accepted", "DECLINED": "已拒绝 declined", "TENTATIVE": "暂定 tentative", "NEEDS-ACTION": "未答复 no answer", "DELEGATED": "已委托 delegated", "COMPLETED": "已完成 completed", "IN-PROCESS": "进行中 in process",
}

var statuses = map[string]string{"CANCELLED": "已取消 cancelled", "TENTATIVE": "暂定 tentative", "COMPLETED": "已完成 completed", "IN-PROCESS": "进行中 in process", "NEEDS-ACTION": "未开始 not started"}

// People are the organizer and those invited.
func (e *Event) People() []document.Person {
	var out []document.Person
	if e.Organizer.Name != "" || e.Organizer.Address != "" {
		p := e.Organizer
		p.Role = "organizer"
		out = append(out, p)
	}
	for _, a := range e.Attendees {
		p := a.Person
		p.Role = "attendee"
		out = append(out, p)
	}
	return out
}

// Lines is the event as text: when, where, who, what.
func (e *Event) Lines() string {
	var b strings.Builder
	line := func(label, value string) {
		if value = strings.TrimSpace(value); value != "" {
			b.WriteString(label + "：" + value + "\n")
		}
	}
	line("时间 When", e.times())
	line("截止 Due", e.Due.text())
	line("重复 Repeats", e.Rule)
	line("地点 Where", e.Location)
	line("状态 Status", named(statuses, e.Status))
	if e.Organizer.Name != "" || e.Organizer.Address != "" {
		line("组织者 Organizer", show(e.Organizer))
	}
	for _, a := range e.Attendees {
		s := show(a.Person)
		if answer := named(answers, a.Answer); answer != "" {
			s += " (" + answer + ")"
		}
		line("参加者 Attendee", s)
	}
	line("类别 Categories", strings.Join(e.Categories, ", "))
	line("链接 Link", e.URL)
	if text := strings.TrimSpace(e.Text); text != "" {
		b.WriteString("\n" + text + "\n")
	}
	return b.String()
}

// named translates a value of a closed list; others stand as they are written.
func named(names map[string]string, value string) string {
	if n, ok := names[strings.ToUpper(value)]; ok {
		return n
	}
	if strings.EqualFold(value, "CONFIRMED") {
		return ""
	}
	return value
}

func show(p document.Person) string {
	switch {
	case p.Address == "":
		return p.Name
	case p.Name == "" || strings.EqualFold(p.Name, p.Address):
		return p.Address
	}
	return p.Name + " <" + p.Address + ">"
}

// times is the event's stretch of time for people.
func (e *Event) times() string {
	from, to := e.Start, e.End
	switch {
	case from.IsZero():
		return ""
	case to.IsZero() || to.Time.Equal(from.Time):
		return from.text()
	case from.Day && to.Day:
		last := to.Time.AddDate(0, 0, -1) // RFC 5545 3.6.1: the end is not within
		if !last.After(from.Time) {
			return from.text()
		}
		return from.text() + " – " + last.Format("2006-01-02")
	case to.Time.Format("2006-01-02") == from.Time.Format("2006-01-02"):
		return from.Time.Format("2006-01-02 15:04") + " – " + to.Time.Format("15:04") + from.zone()
	}
	return from.Time.Format("2006-01-02 15:04") + " – " + to.text()
}

func (w When) text() string {
	switch {
	case w.IsZero():
		return ""
	case w.Day:
		return w.Time.Format("2006-01-02")
	}
	return w.Time.Format("2006-01-02 15:04") + w.zone()
}

func (w When) zone() string {
	switch {
	case w.Floating && w.Zone == "":
		return ""
	case w.Floating:
		return " (" + w.Zone + ")"
	}
	return w.Time.Format(" (-07:00)")
}
