package minutes

import (
	"regexp"
	"slices"
	"strings"

	"guidang/extractors/document"
)

var digits = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// Check holds every claim against the utterances that it cites. What they do
// not say is dropped and listed with the reason.
func Check(m *Minutes, t *document.Transcript) {
	said := make(map[int]document.Utterance, len(t.Utterances))
	for _, u := range t.Utterances {
		said[u.ID] = u
	}
	m.Checks = Checks{Dropped: []Dropped{}}
	keep := func(text string, evidence []int, whys ...string) bool {
		m.Checks.Claims++
		why := unsupported(text, evidence, said)
		for _, w := range whys {
			why = or(why, w)
		}
		if why != "" {
			m.Checks.Dropped = append(m.Checks.Dropped, Dropped{text, why})
			return false
		}
		m.Checks.Supported++
		return true
	}
	claims := func(list []Claim) []Claim {
		return slices.DeleteFunc(list, func(c Claim) bool { return !keep(c.Text, c.Evidence) })
	}
	m.Topics = slices.DeleteFunc(m.Topics, func(c Topic) bool {
		_, a := said[c.First]
		_, b := said[c.Last]
		why := ""
		if !a || !b || c.Last < c.First {
			why = "the topic's first or last utterance does not exist"
		}
		return !keep(c.Summary, c.Evidence, why)
	})
	m.KeyPoints, m.Risks, m.OpenQuestions = claims(m.KeyPoints), claims(m.Risks), claims(m.OpenQuestions)
	m.Decisions = slices.DeleteFunc(m.Decisions, func(c Claim) bool {
		why := ""
		if !decisionCue.MatchString(quote(c.Evidence, said)) {
			why = "the evidence does not say that anything was decided"
		}
		return !keep(c.Text, c.Evidence, why)
	})
	m.Actions = slices.DeleteFunc(m.Actions, func(a Action) bool {
		why, text := "", quote(a.Evidence, said)
		if a.Owner != "" && !strings.Contains(text, a.Owner) && !slices.ContainsFunc(a.Evidence, func(id int) bool { return said[id].Speaker == a.Owner }) {
			why = "the owner is neither named nor speaking in the evidence"
		} else if flat := clean(text); a.DueText != "" && !strings.Contains(text, a.DueText) && !strings.Contains(flat, a.DueText) {
			why = "the due date is not in the evidence"
		}
		return !keep(a.Text, a.Evidence, why)
	})
}

func quote(evidence []int, said map[int]document.Utterance) string {
	var b strings.Builder
	for _, id := range evidence {
		b.WriteString(said[id].Text + "\n")
	}
	return b.String()
}

// unsupported says why a claim is not supported by its evidence, or nothing.
func unsupported(text string, evidence []int, said map[int]document.Utterance) string {
	if len(evidence) == 0 {
		return "no evidence"
	}
	for _, id := range evidence {
		if _, ok := said[id]; !ok {
			return "the evidence does not exist"
		}
	}
	source := quote(evidence, said)
	numbers := digits.FindAllString(source, -1)
	for _, n := range digits.FindAllString(text, -1) {
		if !slices.Contains(numbers, n) {
			return "the number " + n + " is not in the evidence"
		}
	}
	have := map[string]bool{}
	for _, g := range grams(source + "\n" + clean(source)) {
		have[g] = true
	}
	all, found := grams(text), 0
	for _, g := range all {
		if have[g] {
			found++
		} else if g[0] < 0x80 {
			return "the word " + g + " is not in the evidence"
		}
	}
	if found*10 < len(all)*3 {
		return "the evidence says something else"
	}
	return ""
}
