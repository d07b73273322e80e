package minutes

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unit is the least piece that a summary is made of: a Chinese clause or a few
// short ones, an English sentence.
type unit struct {
	at       int // its own index
	clause   int // index of the sentence that it is of
	id       int
	text     string
	concepts []int32
	size     int
	prior    float64 // how readable it is alone, 0 to 1
	score    float64 // what it says for its length
}

// Lengths of a Chinese unit in characters. Shorter clauses are joined with the
// next: alone they say too little to be understood.
const (
	leastUnit = 18
	mostUnit  = 50
)

// units cuts the sentences into what a summary may take.
func units(all []clause, han bool) []unit {
	var out []unit
	for i, c := range all {
		pieces := []string{c.text}
		if han {
			pieces = atCommas(c.text)
		}
		for _, p := range pieces {
			if p = opened(p, han); p == "" {
				continue
			}
			out = append(out, unit{at: len(out), clause: i, id: c.id, text: p})
		}
	}
	return out
}

// atCommas cuts a Chinese sentence at its commas into pieces of a readable length.
func atCommas(s string) []string {
	var out []string
	start, n, whole := 0, 0, utf8.RuneCountInString(s)
	for i, r := range s {
		if r != '，' && r != ',' && r != '、' {
			n++
			continue
		}
		rest := utf8.RuneCountInString(s[i+utf8.RuneLen(r):])
		if r != '、' && n >= leastUnit && rest >= leastUnit/2 && whole > mostUnit || n >= mostUnit {
			out = append(out, s[start:i])
			start, n = i+utf8.RuneLen(r), 0
		}
	}
	return append(out, s[start:])
}

// opened takes the connective from the front of what will stand by itself.
func opened(s string, han bool) string {
	if !han {
		return openingEn().ReplaceAllString(s, "")
	}
	for again := true; again; {
		again = false
		for _, w := range [...]string{"所以", "但是", "因为", "而且", "然后", "那么", "就是", "那", "其实", "实际上", "另外", "同时", "包括", "比如说", "比如", "第一个", "第二个", "首先", "其次", "对"} {
			rest, ok := strings.CutPrefix(s, w)
			if !ok || w == "那" && demonstrative(rest) || w == "对" && !strings.HasPrefix(rest, "，") {
				continue
			}
			s, again = strings.TrimLeft(rest, "，、, "), true
		}
	}
	return strings.Trim(s, "，、, ")
}

func demonstrative(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return strings.ContainsRune("个些种边里样年天次时位项家份是", r)
}

// concepts gives every unit its concepts, each once, and every concept its weight.
func concepts(us []unit, han bool, k knobs) []float64 {
	ids := map[string]int32{}
	var df []float64
	var keys []string
	for i := range us {
		u := &us[i]
		for _, g := range tokens(u.text, han) {
			id, ok := ids[g]
			if !ok {
				id = int32(len(df)) //nolint:gosec // tokens of one meeting
				ids[g] = id
				df = append(df, 0)
				keys = append(keys, g)
			}
			if !slices.Contains(u.concepts, id) {
				u.concepts = append(u.concepts, id)
				df[id]++
			}
		}
	}
	w := make([]float64, len(df))
	for i, n := range df {
		if n > 1 { // what only one says is no concept of the meeting
			w[i] = math.Pow(n, k.df) * lexical(keys[i], han, k)
		}
	}
	return w
}

// tokens are what the lexicon and the concepts are made of: pairs of Han
// characters, Latin words, pairs of English words.
func tokens(s string, han bool) []string {
	var out []string
	prev := -1
	word := -1
	lastWord := ""
	flush := func(end int) {
		if word >= 0 {
			w := strings.ToLower(s[word:end])
			out = append(out, w)
			if !han && lastWord != "" && !stopEnglish[w] && !stopEnglish[lastWord] {
				out = append(out, lastWord+" "+w)
			}
			lastWord = w
		}
		word = -1
	}
	for i, r := range s {
		if unicode.Is(unicode.Han, r) {
			flush(i)
			if prev >= 0 {
				out = append(out, s[prev:i+utf8.RuneLen(r)])
			}
			prev = i
			continue
		}
		prev = -1
		if r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '\'' && word >= 0 {
			if word < 0 {
				word = i
			}
			continue
		}
		flush(i)
	}
	flush(len(s))
	return out
}

// roomForTopic is the least room, in characters or words, that lets a summary
// begin with a unit of every topic.
const roomForTopic = 22

// choose takes units until the budget is used up: always the one that adds
// the most weight of concepts not yet covered for its length, every topic first once.
func choose(us []unit, w []float64, topicOf []int, topics, budget int, k knobs) []bool {
	taken := make([]bool, len(us))
	seen := make([]bool, len(w))
	share := make([]float64, max(topics, 1))
	open := topics // topics of which nothing is taken yet
	if budget < topics*roomForTopic {
		open = 0
	}
	for budget > 0 {
		best, top := -1, 0.0
		for i, u := range us {
			if taken[i] || u.size > budget || u.prior == 0 {
				continue
			}
			gain := 0.0
			for _, c := range u.concepts {
				if !seen[c] {
					gain += w[c]
				} else {
					gain += w[c] * k.seen
				}
			}
			s := gain / math.Pow(float64(u.size)+k.add, k.length) * u.prior
			s /= 1 + k.topic*share[topicOf[i]]
			if open > 0 && share[topicOf[i]] > 0 {
				continue // first something of every topic
			}
			if i > 0 && taken[i-1] || i+1 < len(us) && taken[i+1] {
				s *= k.next
			}
			if s > top {
				best, top = i, s
			}
		}
		if best < 0 {
			if open > 0 {
				open = 0 // what is left has nothing that can be taken
				continue
			}
			break
		}
		taken[best] = true
		if open > 0 {
			open--
		}
		budget -= us[best].size
		for _, c := range us[best].concepts {
			seen[c] = true
		}
		share[topicOf[best]]++
	}
	return taken
}

// knobs of choosing, tuned by hand on halves of the development meetings. Most
// of them matter little: the lexicon is what counts.
type knobs struct {
	df      float64 // power of how many units hold a concept
	lexicon float64 // power of the lexicon
	seen    float64 // what a concept is worth that the summary has already
	add     float64 // added to the length of a unit
	length  float64 // power of the length
	topic   float64 // loss for each unit that the topic has already
	next    float64 // gain of a unit beside one that is taken
}

func knobsFor(han bool) knobs {
	if han {
		return kHan
	}
	return kLatin
}

var kHan = knobs{df: 1, lexicon: 2, seen: 0.1, add: 2, length: 0.85, topic: 0.1, next: 1.1}
var kLatin = knobs{df: 0.7, lexicon: 1.5, seen: 0.1, add: 5, length: 0.7, topic: 0.1, next: 1.1}

// whole is a meeting taken apart, for all who choose from it.
type whole struct {
	han     bool
	all     []clause
	units   []unit
	weight  []float64 // of the concepts
	topicOf []int     // of every unit
	topics  []Topic
	knobs   knobs
}

func takeApart(all []clause, topics []Topic, opt Options) *whole {
	h := &whole{han: isHan(all), all: all, topics: topics}
	h.knobs = knobsFor(h.han)
	h.units = units(all, h.han)
	h.topicOf = make([]int, len(h.units))
	at := 0
	for i := range h.units {
		u := &h.units[i]
		u.size = h.cost(u.text, opt)
		u.prior = readable(u.text, h.han)
		for at+1 < len(topics) && topics[at].Last < u.id {
			at++
		}
		h.topicOf[i] = at
	}
	h.weight = concepts(h.units, h.han, h.knobs)
	for i := range h.units {
		u := &h.units[i]
		for _, c := range u.concepts {
			u.score += h.weight[c]
		}
		u.score *= u.prior / math.Pow(float64(u.size)+h.knobs.add, h.knobs.length)
	}
	return h
}

func isHan(all []clause) bool {
	han, latin := 0, 0
	for _, c := range all {
		if hanCount(c.text) > 0 {
			han++
		} else {
			latin++
		}
	}
	return han*3 > latin
}

// cost is what a unit takes of the budget, in what the options count, with
// the mark at its end.
func (h *whole) cost(text string, opt Options) int {
	switch {
	case !h.han && opt.SummaryChars == 0:
		return len(strings.Fields(text))
	case h.han && opt.SummaryWords > 0: // a word of Chinese is about a character and a half
		return utf8.RuneCountInString(text)*2/3 + 1
	}
	return utf8.RuneCountInString(text) + 1
}

// summary writes a summary of the whole within the budget, in the order of the
// meeting.
func (h *whole) summary(opt Options) string {
	budget := max(opt.SummaryChars, opt.SummaryWords)
	if budget == 0 {
		budget = 300
		if !h.han {
			budget = 150
		}
	}
	taken := choose(h.units, h.weight, h.topicOf, len(h.topics), budget, h.knobs)
	var b strings.Builder
	last := -1
	for i, u := range h.units {
		if !taken[i] {
			continue
		}
		if h.han {
			if last >= 0 {
				b.WriteString(between(h.units, last, i))
			}
			b.WriteString(strings.TrimRight(u.text, "，、,。；; "))
		} else {
			b.WriteString(capital(sentence(u.text)))
		}
		last = i
	}
	if h.han && last >= 0 {
		b.WriteString(ending(h.units[last].text))
	}
	return strings.TrimSpace(b.String())
}

// between is the mark between two units of a summary: those that follow each
// other in one sentence stay one.
func between(us []unit, last, i int) string {
	if us[last].clause == us[i].clause && last == i-1 {
		return "，"
	}
	return ending(us[last].text)
}

func ending(s string) string {
	if r, _ := utf8.DecodeLastRuneInString(s); strings.ContainsRune("！？!?…", r) {
		return ""
	}
	return "。"
}
