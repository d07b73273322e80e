package minutes

import (
	"fmt"
	"strings"

	"guidang/extractors/document"
)

// listing is one list of the minutes, with its heading in both languages.
type listing struct {
	zh, en string
	lines  []Claim
}

const actionsHeading = "Action items"

func (m *Minutes) blocks() []listing {
	topics := make([]Claim, 0, len(m.Topics))
	for _, t := range m.Topics {
		line := t.Summary
		if t.Title != t.Summary {
			line = t.Title + ": " + line
		}
		topics = append(topics, Claim{Text: line, Evidence: t.Evidence})
	}
	actions := make([]Claim, 0, len(m.Actions))
	for _, a := range m.Actions {
		text := a.Text
		if a.Owner != "" {
			text = a.Owner + ": " + text
		}
		if a.Due != nil {
			text += " (" + *a.Due + ")"
		}
		actions = append(actions, Claim{Text: text, Evidence: a.Evidence})
	}
	next := []Claim{}
	if n := m.NextMeeting; n != nil {
		text := n.Text
		if n.Due != nil {
			text += " (" + *n.Due + ")"
		}
		next = append(next, Claim{Text: text, Evidence: n.Evidence})
	}
	return []listing{{"决定", "Decisions", m.Decisions}, {"待办", actionsHeading, actions}, {"要点", "Key points", m.KeyPoints},
		{"议题", "Topics", topics}, {"风险", "Risks", m.Risks}, {"待定问题", "Open questions", m.OpenQuestions}, {"下次会议", "Next meeting", next}}
}

func pick(lang, zh, en string) string {
	if strings.HasPrefix(lang, "en") {
		return en
	}
	return zh
}

// lowNotice warns of minutes of a bad transcript.
func lowNotice(lang string) string {
	return pick(lang, "转写质量低：纪要只列较少的内容，请对照录音。", "The transcript's quality is low: these minutes claim less; hold them against the recording.")
}

// Markdown writes the minutes with headings in Chinese, or English for "en".
func Markdown(m *Minutes, lang string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", or(m.Title, pick(lang, "会议纪要", "Minutes")))
	if m.Date != "" {
		fmt.Fprintf(&b, "%s: %s\n\n", pick(lang, "日期", "Date"), m.Date)
	}
	if len(m.Attendees) > 0 {
		var names []string
		for _, a := range m.Attendees {
			name := a.Name
			if a.Share > 0 {
				name += fmt.Sprintf(" (%.0f%%)", 100*a.Share)
			}
			names = append(names, name)
		}
		fmt.Fprintf(&b, "%s: %s\n\n", pick(lang, "与会者", "Attendees"), strings.Join(names, ", "))
	}
	if m.Checks.Quality == lowTranscript {
		fmt.Fprintf(&b, "> %s\n\n", lowNotice(lang))
	}
	fmt.Fprintf(&b, "**%s**\n", m.Headline)
	if m.Summary != "" {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", pick(lang, "摘要", "Summary"), m.Summary)
	}
	for _, k := range m.blocks() {
		if len(k.lines) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n", pick(lang, k.zh, k.en))
		for _, c := range k.lines {
			fmt.Fprintf(&b, "- %s %v\n", c.Text, c.Evidence)
		}
	}
	return b.String()
}

// Document makes the minutes findable: one section a claim, standing where its
// evidence was said.
func Document(m *Minutes, t *document.Transcript) *document.Document {
	d := &document.Document{Kind: document.KindMinutes, Title: m.Title, Date: m.Date, Language: m.Language, Read: document.Full}
	for _, a := range m.Attendees {
		d.People = append(d.People, document.Person{Role: "attendee", Name: a.Name})
	}
	end := t.Duration
	if n := len(t.Utterances); n > 0 {
		end = max(end, t.Utterances[n-1].End)
	}
	start := 0.0
	d.AddText(document.Position{Start: &start, End: &end}, pick(m.Language, "摘要", "Summary"), m.Headline+"\n"+m.Summary)
	said := map[int]document.Utterance{}
	for _, u := range t.Utterances {
		said[u.ID] = u
	}
	for _, k := range m.blocks() {
		for _, c := range k.lines {
			from, to := start, end // of what a person added, which nobody may have said
			if len(c.Evidence) > 0 {
				from, to = said[c.Evidence[0]].Start, said[c.Evidence[len(c.Evidence)-1]].End
			}
			d.AddText(document.Position{Start: &from, End: &to}, pick(m.Language, k.zh, k.en), c.Text)
		}
	}
	return d
}
