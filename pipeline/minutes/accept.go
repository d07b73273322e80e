package minutes

import (
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/terms"
)

// A proposal that the next speaker takes is a decision, though nobody says 决定.
// Only words that take it without doubt count: 好 and "okay" are said to anything.
var (
	proposal   = re(`(?i)我(?:的)?建议|我提议|建议(?:改|采用|用|单次|先|由|把)|\bi (?:propose|suggest|recommend)\b|\bmy (?:proposal|suggestion) is\b|\bhave a proposal\b`)
	acceptance = re(`(?i)^(?:好的?，|嗯，|行，)?(?:我)?(?:们)?(?:也|都|完全)?(?:同意|赞成)|^.{0,12}可以接受|^(?:没问题|没有问题|可以)，?就(?:这么|按)|^(?:agreed|i agree|we agree|sounds good|that works|good idea)\b`)
	// jointly takes up what the other side said and adds what both will do, without a word of deciding.
	jointly = re(jointHan)
	refusal = re(`(?i)不(?:太|能|可以|同意|赞成)|但是|不过|\bbut\b|\bnot\b|n't\b|\bdisagree`)
)

const jointHan = `^(?:可以|行|好的?|没问题|没有问题)，.{0,24}(?:我们|咱们?|双方|两家|大家)(?:就|再|另外?)?(?:签|按|走|付|改用?|采用)`

// accepted takes a proposal for a decision if somebody else says at once that he
// agrees, and nobody sums it up in the words of a decision soon after.
func (m *Minutes) accepted(t *document.Transcript, c clause, text string) bool {
	if !proposal().MatchString(c.text) || c.utterance+1 >= len(t.Utterances) {
		return false
	}
	next := t.Utterances[c.utterance+1]
	if next.Speaker == c.speaker || !takes(next.Text) {
		return false
	}
	for i := c.utterance + 1; i < min(c.utterance+4, len(t.Utterances)); i++ {
		for _, s := range sentences(t.Utterances[i].Text) {
			if s = clean(s); decided(s) && !jointly().MatchString(s) {
				return false
			}
		}
	}
	m.Decisions = append(m.Decisions, Claim{Text: text, Evidence: []int{c.id, next.ID}})
	return true
}

// takes tells whether an answer begins by taking what was proposed.
func takes(answer string) bool {
	first := clean(sentences(answer)[0])
	return acceptance().MatchString(first) && !refusal().MatchString(first)
}

// agreed tells whether some of the evidence proposes and a later piece takes it.
func (r *record) agreed(evidence []int) bool {
	for n, id := range evidence {
		i, ok := r.at[id]
		if !ok || !proposal().MatchString(r.t.Utterances[i].Text) {
			continue
		}
		if slices.ContainsFunc(evidence[n+1:], func(id int) bool {
			k, ok := r.at[id]
			return ok && r.t.Utterances[k].Speaker != r.t.Utterances[i].Speaker && takes(r.t.Utterances[k].Text)
		}) {
			return true
		}
	}
	return false
}

// named tells whether a Chinese sentence gives somebody by name a day: 刘芳这周开发票.
func named(s string) bool {
	for _, g := range namedHan().FindAllStringSubmatch(s, -1) {
		if isName(g[1]) {
			return true
		}
	}
	return false
}

// isName tells by its form whether somebody is called so.
func isName(s string) bool {
	return terms.Surname(s) && !groupsHan().MatchString(s) && !strings.ContainsAny(s, "的了在是")
}
