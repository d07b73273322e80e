package minutes

import (
	"crypto/sha256"
	"slices"
	"strings"

	"guidang/extractors/document"
)

// importVersion is raised when the same document would be read otherwise.
const importVersion = "minutes-import-2"

// ImportFingerprint names what reads minutes that people wrote.
func ImportFingerprint() string { return document.ID(sha256.Sum256([]byte(importVersion))) }

var (
	// writtenTitle is what people and meeting services call minutes.
	writtenTitle = re(`(?i)纪要|会议(?:记录|总结|小结|摘要)|例会记录|智能总结|(?:^|meeting |^the )minutes\b|\bminutes (?:of|from|for)\b|\bminutes?\s*[:：|—–-]|[_ -]minutes(?:[_. -]|$)|meeting (?:notes|record|summary|recap)|\bcall (?:notes|summary)\b|\bmeeting\W{1,3}(?:19|20)\d\d[-/.]\d|\b(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?\W{1,3}[\w ]{0,30}\bmeeting\b`)
	// About minutes, and none: templates, rules, invitations.
	aboutMinutes = re(`(?i)模板|模版|样例|示例|管理(?:办法|规定|制度)|规范|会议通知|template|\d\s*minutes\b`)
	// writtenCue is what minutes have that nobody called so.
	writtenCue = re(`(?i)(?:参会|与会|出席|参加)(?:人员?|者|名单)?\s*[:：\t]|参加会议的有|(?:attendees|participants)\W{0,3}[:：\t]|(?m:^\W{0,6}(?:attendees|participants|参会人员?|与会人员?|参会者)\W{0,3}$)`)
)

// bareTitle is a title that names no subject: the form's field does.
var bareTitle = re(`(?i)^\s*(?:会议|例会|项目)?(?:会议)?(?:纪要|记录)\s*$|^\s*(?:meeting )?(?:minutes|notes)\s*$|^$`)

const (
	maxWritten   = 400 << 10 // bytes of text: longer ones are no minutes, and reading all of them costs time
	titleLines   = 4         // of a document, among which its title is
	titleBytes   = 150
	headerLength = 12 // characters of a line that may be a heading with nothing behind it
)

// Import reads minutes that people wrote, or a meeting service, into the same
// form, false when a document is none. Nothing is summarised: what it says of
// decisions and actions is taken as it stands. The transcript holds its lines, so
// that every claim points at the line that it comes from.
func Import(d *document.Document, opt Options) (*Minutes, *document.Transcript, bool) {
	named, may := mayBeWritten(d, opt)
	if !may {
		return nil, nil, false
	}
	t := &document.Transcript{Title: or(d.Title, opt.Title), Date: opt.Date, Language: d.Language, Source: "import"}
	m := &Minutes{Topics: []Topic{}, KeyPoints: []Claim{}, Decisions: []Claim{}, Actions: []Action{}, Risks: []Claim{}, OpenQuestions: []Claim{}, Attendees: []Attendee{}, calendar: opt.Calendar}
	r := &reading{m: m, t: t, parts: map[part]bool{}, named: named, title: strings.TrimSpace(d.Title)}
	r.dated(d.Title)
	for _, s := range d.Sections {
		if !ownPart(s.Position.Part) {
			continue
		}
		if h := strings.TrimSpace(s.Heading); h != "" && h != strings.TrimSpace(s.Text) {
			r.add(h, true)
		}
		for l := range strings.SplitSeq(s.Text, "\n") {
			r.add(l, false)
		}
	}
	if !r.minutes() {
		return nil, nil, false
	}
	r.finish(d, opt)
	return m, t, true
}

// ownPart leaves out what a mail quotes and its signature: the minutes of last
// week are another mail's.
func ownPart(part string) bool { return part != "quote" && part != "signature" && part != "header" }

// mayBeWritten looks whether reading a document for minutes is worth its time:
// every document passes here.
func mayBeWritten(d *document.Document, opt Options) (named, may bool) {
	size := 0
	for _, s := range d.Sections {
		size += len(s.Text)
	}
	if size == 0 || size > maxWritten {
		return false, false
	}
	titles := d.Title + "\n" + opt.Title
	if holdsAny(strings.ToLower(titles), aboutHints) && aboutMinutes().MatchString(titles) {
		return false, false
	}
	if calledMinutes(d.Title) || calledMinutes(opt.Title) {
		return true, true
	}
	n := 0
	for _, s := range d.Sections {
		for _, l := range append([]string{s.Heading}, strings.SplitN(s.Text, "\n", titleLines+1)...) {
			if l = strings.TrimSpace(l); l == "" {
				continue
			}
			if n++; n > titleLines {
				break
			}
			if len(l) < titleBytes && calledMinutes(l) && !aboutMinutes().MatchString(l) {
				return true, true
			}
		}
		if n > titleLines {
			break
		}
	}
	for _, s := range d.Sections {
		for _, text := range []string{s.Text, s.Heading} {
			if holdsAny(text, cueHints) && writtenCue().MatchString(text) {
				return false, true
			}
		}
	}
	return false, false
}

// calledMinutes says whether a line is a title of minutes.
func calledMinutes(line string) bool {
	return holdsAny(strings.ToLower(line), titleHints) && writtenTitle().MatchString(line)
}

// What an expression's match holds one of: looking for these first costs a tenth,
// and of whole texts a fortieth. Those of titles are looked for in lower case; a
// text is too long for that, so the letters that may be capitals are left out.
var (
	titleHints = []string{"纪要", "会议", "例会", "总结", "minute", "meeting", "call"}
	aboutHints = []string{"模板", "模版", "样例", "示例", "管理", "规范", "通知", "template", "minute"}
	cueHints   = []string{"参会", "与会", "出席", "参加", "ttendees", "articipants", "TTENDEES", "ARTICIPANTS"}
)

func holdsAny(text string, hints []string) bool {
	return slices.ContainsFunc(hints, func(hint string) bool { return strings.Contains(text, hint) })
}

// minutes tells whether what was read is minutes: called so and of their form,
// or of their form without a doubt.
func (r *reading) minutes() bool {
	m := r.m
	if len(m.Decisions)+len(m.Actions)+len(m.KeyPoints) == 0 {
		return false
	}
	parts := len(r.parts)
	if r.named {
		return parts >= 2 || r.date != "" && len(m.Decisions)+len(m.Actions) >= 2
	}
	return r.parts[partAttendees] && len(m.Attendees) >= 2 && (r.parts[partDecisions] || r.parts[partActions]) && (r.parts[partTime] || parts >= 4)
}

// narrow takes the blanks out of a day.
func narrow(s string) string {
	return wideNumber().ReplaceAllString(wideDay().ReplaceAllString(s, "$1$2"), "$1$2")
}

// finish fills in what follows from all lines.
func (r *reading) finish(d *document.Document, opt Options) {
	m, t := r.m, r.t
	if r.date != "" {
		t.Date = r.date
	}
	if t.Date == "" && len(d.Date) >= 10 {
		t.Date = d.Date[:10]
	}
	t.Title = or(t.Title, r.title)
	if r.subject != "" && bareTitle().MatchString(t.Title) {
		t.Title = r.subject
	}
	m.Title, m.Date, m.Language = t.Title, t.Date, language(t, opt)
	for i := range m.Actions {
		a := &m.Actions[i]
		if a.DueText != "" {
			_, a.Due = m.due(narrow(a.DueText))
		} else {
			a.DueText, a.Due = m.due(narrow(a.Text))
		}
		if a.Owner == "" {
			a.Owner = m.owner(clause{text: a.Text})
		}
	}
	if m.NextMeeting != nil {
		m.NextMeeting.DueText, m.NextMeeting.Due = m.due(m.NextMeeting.Text)
	}
	m.Summary = strings.Join(r.summary, pick(m.Language, "", " "))
	switch {
	case len(r.summary) > 0:
		m.Headline = cut(r.summary[0], 60)
	case len(m.Decisions) > 0:
		m.Headline = cut(m.Decisions[0].Text, 60)
	default:
		m.Headline = m.Title
	}
	m.MadeBy = MadeBy{Method: "import", Fingerprint: ImportFingerprint()}
	n := len(m.Decisions) + len(m.Actions) + len(m.KeyPoints) + len(m.Risks) + len(m.OpenQuestions) + len(m.Topics)
	m.Checks = Checks{Claims: n, Supported: n, Dropped: []Dropped{}}
}
