package minutes

import (
	"slices"
	"strings"
)

// A meeting says its points more than once: a decision when it falls, when the host
// sums up, and at the end. The minutes say it once, with all of the evidence.

// mostEvidence bounds the evidence of one claim: nobody opens more.
const mostEvidence = 6

// fold joins claims that say one thing. The longer words stay, in the place of
// the first.
func fold(list []Claim) []Claim {
	out := list[:0]
next:
	for _, c := range list {
		for i := range out {
			if repeats(out[i].Text, c.Text) {
				out[i].Text, out[i].Evidence = longer(out[i].Text, c.Text), joined(out[i].Evidence, c.Evidence)
				continue next
			}
		}
		out = append(out, c)
	}
	return out
}

// foldActions joins what one person is to do by one day.
func foldActions(list []Action) []Action {
	out := list[:0]
next:
	for _, a := range list {
		for i := range out {
			b := &out[i]
			if (a.Owner == b.Owner || a.Owner == "" || b.Owner == "") && agree(a.Due, b.Due) && repeats(a.Text, b.Text) {
				b.Text, b.Evidence, b.Owner = longer(b.Text, a.Text), joined(b.Evidence, a.Evidence), or(b.Owner, a.Owner)
				if b.Due == nil {
					b.DueText, b.Due = or(a.DueText, b.DueText), a.Due
				}
				continue next
			}
		}
		out = append(out, a)
	}
	return out
}

func agree(a, b *string) bool { return a == nil || b == nil || *a == *b }

func longer(a, b string) string {
	if length(b) > length(a) {
		return b
	}
	return a
}

func joined(a, b []int) []int {
	for _, id := range b {
		if len(a) < mostEvidence && !slices.Contains(a, id) {
			a = append(a, id)
		}
	}
	return a
}

// repeats tells whether two sentences say one thing in other words: nearly all
// content of the shorter is in the longer, with the same numbers, and neither
// denies what the other says. The words of deciding count for nothing: 决定上线,
// 那就定了上线 and 最后确认一下上线 differ in them alone.
func repeats(a, b string) bool {
	a, b = saysSo().ReplaceAllString(a, "，"), saysSo().ReplaceAllString(b, "，")
	x, y := content(a), content(b)
	if len(x) > len(y) {
		x, y, a, b = y, x, b, a
	}
	if len(x) < leastRepeat || negations(a) != negations(b) {
		return false
	}
	have := numbers(b, true)
	for _, n := range numbers(a, true) {
		if !slices.Contains(have, n) {
			return false
		}
	}
	common := 0
	for g := range x {
		common += b2i(y[g])
	}
	return common*10 >= len(x)*9 || common*10 >= len(x)*8 && len(x)*10 >= len(y)*6
}

// leastRepeat is the least content of a sentence that can be told from others.
const leastRepeat = 3

var saysSo = re(`(?i)那?就这么(?:定|办|做)了?|最后(?:再)?确认(?:一下)?|再(?:强调|说|确认)一(?:下|遍)|(?:我们|大家|会议|会上|双方)?(?:一致|共同|最后|最终|今天|刚才)*(?:决定|同意|定下来|定了|敲定|确定)了?|` +
	`\b(?:so|then|to sum up|once more|again)\b|\bwe(?:'ve| have| had)? (?:all )?(?:decided|agreed)(?: to| on| that)?|\b(?:it's|that's) (?:decided|agreed|settled)`)

// content is what a sentence says, English words by their roots.
func content(s string) map[string]bool {
	out := map[string]bool{}
	for part := range strings.SplitSeq(s, "，") {
		for _, g := range grams(part) {
			out[root(g)] = true
		}
	}
	return out
}

var negation = re(`(?i)[不没未别勿无]|\bnot\b|n't\b|\bnever\b|\bno\b|\bwithout\b`)

func negations(s string) int {
	return len(negation().FindAllString(noDenial().ReplaceAllString(s, ""), -1))
}
