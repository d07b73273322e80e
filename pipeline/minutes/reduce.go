package minutes

import (
	"context"
	"fmt"
	"slices"
	"strings"

	openai "github.com/sashabaranov/go-openai"

	"guidang/extractors/document"
)

// merge joins the parts in the order of the meeting. Parts that failed are those
// of the extraction. It is nil when all of them failed.
func merge(base *Minutes, drafts []*draft) *Minutes {
	m := &Minutes{Title: base.Title, Date: base.Date, Language: base.Language, Headline: base.Headline, Summary: base.Summary, Attendees: base.Attendees,
		KeyPoints: []Claim{}, Decisions: []Claim{}, Actions: []Action{}, Risks: []Claim{}, OpenQuestions: []Claim{},
		NextMeeting: base.NextMeeting, Terms: base.Terms, Topics: []Topic{}, calendar: base.calendar}
	made := false
	topics := map[int]Topic{} // by the first utterance
	var add func(d *draft)
	add = func(d *draft) {
		for _, half := range d.more {
			add(half)
		}
		if len(d.more) > 0 {
			return
		}
		part := d.m
		if part == nil {
			part = extracted(base, d.b)
		} else {
			made = true
		}
		m.KeyPoints = join(m.KeyPoints, part.KeyPoints)
		m.Decisions = join(m.Decisions, part.Decisions)
		m.Risks = join(m.Risks, part.Risks)
		m.OpenQuestions = join(m.OpenQuestions, part.OpenQuestions)
		for _, a := range part.Actions {
			if !slices.ContainsFunc(m.Actions, func(b Action) bool { return same(a.Text, a.Evidence, b.Text, b.Evidence) }) {
				m.Actions = append(m.Actions, a)
			}
		}
		for _, t := range part.Topics {
			if _, have := topics[t.First]; !have {
				topics[t.First] = t
			}
		}
	}
	for _, d := range drafts {
		add(d)
	}
	if !made {
		return nil
	}
	for _, t := range base.Topics { // a topic of which the model said nothing stays
		if by, ok := topics[t.First]; ok {
			t = by
		}
		m.Topics = append(m.Topics, t)
	}
	return m
}

// extracted is what the extraction made of a part.
func extracted(base *Minutes, b block) *Minutes {
	of := func(evidence []int) bool {
		return len(evidence) > 0 && slices.ContainsFunc(b.utterances, func(i int) bool { return i+1 == evidence[0] })
	}
	pick := func(list []Claim) (out []Claim) {
		for _, c := range list {
			if of(c.Evidence) {
				out = append(out, c)
			}
		}
		return out
	}
	m := &Minutes{KeyPoints: pick(base.KeyPoints), Decisions: pick(base.Decisions), Risks: pick(base.Risks), OpenQuestions: pick(base.OpenQuestions)}
	for _, a := range base.Actions {
		if of(a.Evidence) {
			m.Actions = append(m.Actions, a)
		}
	}
	return m
}

// join adds claims that are not there yet.
func join(have, more []Claim) []Claim {
	for _, c := range more {
		if !slices.ContainsFunc(have, func(h Claim) bool { return same(c.Text, c.Evidence, h.Text, h.Evidence) }) {
			have = append(have, c)
		}
	}
	return have
}

// same tells whether two claims say one thing: most words of the shorter are in the
// longer, and they cite a common utterance or nearly all words are equal.
func same(a string, x []int, b string, y []int) bool {
	if !slices.Equal(numbers(a, true), numbers(b, true)) {
		return false
	}
	n, m := grams(a), grams(b)
	if len(n) > len(m) {
		n, m = m, n
	}
	common := 0
	for _, g := range n {
		common += b2i(slices.Contains(m, g))
	}
	cites := slices.ContainsFunc(x, func(id int) bool { return slices.Contains(y, id) })
	return a == b || len(n) > 0 && (cites && common*10 >= len(n)*7 || common*10 >= len(n)*9 && len(n)*10 >= len(m)*8)
}

// cover gives every topic of more than three hundredths of the talk a point, if
// the check has left it none: the extraction's.
func cover(m, base *Minutes, t *document.Transcript) {
	total, at := 0, map[int]int{}
	for i, u := range t.Utterances {
		total += length(u.Text)
		at[u.ID] = i
	}
	var all [][]int
	for _, list := range [][]Claim{m.KeyPoints, m.Decisions, m.Risks, m.OpenQuestions} {
		for _, c := range list {
			all = append(all, c.Evidence)
		}
	}
	for _, a := range m.Actions {
		all = append(all, a.Evidence)
	}
	for _, topic := range base.Topics {
		talk := 0
		for _, u := range t.Utterances[at[topic.First] : at[topic.Last]+1] {
			talk += length(u.Text)
		}
		if float64(talk) < coveredShare*float64(total) {
			continue
		}
		within := func(e []int) bool {
			return slices.ContainsFunc(e, func(id int) bool { return id >= topic.First && id <= topic.Last })
		}
		if slices.ContainsFunc(all, within) {
			continue
		}
		for _, c := range append(slices.Clone(base.KeyPoints), Claim{Text: topic.Summary, Evidence: topic.Evidence}) {
			if within(c.Evidence) {
				m.KeyPoints = append(m.KeyPoints, c)
				m.Checks.Claims++
				m.Checks.Supported++
				break
			}
		}
	}
	slices.SortStableFunc(m.KeyPoints, func(a, b Claim) int { return a.Evidence[0] - b.Evidence[0] })
	if !slices.ContainsFunc(m.Topics, func(Topic) bool { return true }) {
		m.Topics = base.Topics
	}
	for _, topic := range base.Topics { // the check may have dropped what the model said of one
		if !slices.ContainsFunc(m.Topics, func(t Topic) bool { return t.First == topic.First }) {
			m.Topics = append(m.Topics, topic)
		}
	}
	slices.SortStableFunc(m.Topics, func(a, b Topic) int { return a.First - b.First })
}

// sum asks for headline and summary. Sentences that the meeting does not bear out
// are taken away; when little is left, the extraction's summary stays.
func (o *model) sum(ctx context.Context, m, base *Minutes, t *document.Transcript, opt Options, kind template) {
	sys, user := summing(m, opt, kind)
	text, err := o.chat.ask(ctx, []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleSystem, Content: sys}, {Role: openai.ChatMessageRoleUser, Content: user}}, summarySchema, 0)
	var got struct {
		Headline string `json:"headline"`
		Summary  string `json:"summary"`
	}
	if err == nil {
		err = parse(text, &got)
	}
	if err != nil {
		m.Checks.Fallback = append(m.Checks.Fallback, "headline and summary: "+firstWords(err.Error()))
		return
	}
	// Held against everything that was said to people, and against who was there.
	var all strings.Builder
	for _, u := range t.Utterances {
		for _, s := range sentences(u.Text) {
			if !instruction().MatchString(s) {
				all.WriteString(s + "\n")
			}
		}
	}
	said, speakers, han := all.String(), names(m.Attendees)+"\n"+m.Title, isHanMeeting(t)
	wrong := func(s string) string {
		if instruction().MatchString(s) {
			return "it is an instruction to a program"
		}
		if han && hanCount(s) == 0 {
			return "it is in another language than the meeting"
		}
		return contradicts(s, said, speakers, nil)
	}
	var kept []string
	size, whole := 0, 0
	for _, s := range sentences(got.Summary) {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		whole += length(s)
		m.Checks.Claims++
		if why := wrong(s); why != "" {
			m.Checks.Dropped = append(m.Checks.Dropped, Dropped{s, why})
			continue
		}
		m.Checks.Supported++
		kept = append(kept, s)
		size += length(s)
	}
	if whole > 0 && size*2 >= whole {
		m.Summary = strings.Join(kept, pick(lang(han), "", " "))
	} else {
		m.Checks.Fallback = append(m.Checks.Fallback, "summary: the meeting does not bear it out")
	}
	if got.Headline = strings.TrimSpace(got.Headline); got.Headline != "" && wrong(got.Headline) == "" {
		m.Headline = cut(got.Headline, 60)
	}
}

// fallbacks names the parts that were made by extraction, and why.
func fallbacks(drafts []*draft) []string {
	var out []string
	var add func(d *draft)
	add = func(d *draft) {
		for _, half := range d.more {
			add(half)
		}
		if len(d.more) == 0 && d.m == nil && len(d.b.utterances) > 0 {
			out = append(out, fmt.Sprintf("utterances %d to %d: %s", d.b.utterances[0]+1, d.b.utterances[len(d.b.utterances)-1]+1, d.why))
		}
	}
	for _, d := range drafts {
		add(d)
	}
	return out
}
