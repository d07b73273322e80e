package minutes

import (
	"strings"
	"unicode/utf8"
)

// best is the unit of a topic that says most, among those that ok lets pass;
// -1 if there is none.
func (h *whole) best(topic int, ok func(*unit) bool) int {
	best := -1
	for i := range h.units {
		u := &h.units[i]
		if (topic < 0 || h.topicOf[i] == topic) && u.score > 0 && (best < 0 || u.score > h.units[best].score) && ok(u) {
			best = i
		}
	}
	return best
}

// A unit that stands as a point of its own, without the rest of a summary around
// it, has to be a whole thought: of 60 points of meetings that had not been looked at
// before, a quarter broke off (以幼儿的健康教育管理为抓手) or lacked a subject (会影响孩子的身体健康).
var (
	opensHan  = re(`^(?:会|能|能够|要|被|使|使得|让|也|还|都|更|而|并|并且|从而|来|再|去|才|有一个|的|了|是|可能是|在这|对于|关于)`)
	breaksHan = re(`(?:过程当?中|的时候|之后|以后|之前|当中|方面|来说|而言|来讲|也好|的话|为[主本]|为抓手|为基础|的前提下?|情况下|的问题|关于.{0,10}|的|是|和|跟|与|在|就|把|被|对|从|到|向|为|了解到|例如|比如说?)$`)
	brokenEn  = re(`(?i)\b(?:like|yeah|okay|um|uh)[.,]*$|^(?:like|as|than|of|to|by|cuz|the (?:first|second|last|other) one)\b|\bi like, in|(?:^| )[b-hj-z] `)
)

// leastPrior is the readability of a point that stands alone.
const leastPrior = 0.65

// complete tells whether the line of a unit is a thought of its own.
func (h *whole) complete(i int) bool {
	u := &h.units[i]
	if u.prior < leastPrior || announced(u.text) != "" {
		return false
	}
	if h.han {
		line := strings.TrimRight(h.line(i), "。！；")
		return !opensHan().MatchString(line) && !breaksHan().MatchString(line)
	}
	return !brokenEn().MatchString(u.text)
}

// line is a unit as a claim shows it: with all of its sentence where that is
// short, and else with the clause that it needs before or behind it.
func (h *whole) line(i int) string {
	if !h.han {
		return capital(strings.TrimSpace(sentence(h.units[i].text)))
	}
	trim := func(s string) string { return strings.TrimRight(s, "，、,；; ") }
	c := h.units[i].clause
	if s := opened(h.all[c].text, true); utf8.RuneCountInString(s) <= longClaim {
		return trim(s)
	}
	text := h.units[i].text
	if breaksHan().MatchString(text) && i+1 < len(h.units) && h.units[i+1].clause == c {
		text = trim(text) + "，" + h.units[i+1].text
	}
	if opensHan().MatchString(text) && i > 0 && h.units[i-1].clause == c {
		text = trim(h.units[i-1].text) + "，" + text
	}
	return trim(text)
}
