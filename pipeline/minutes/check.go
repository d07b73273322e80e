package minutes

import (
	"fmt"
	"slices"
	"strings"

	"guidang/extractors/document"
)

// instruction is talk that is aimed at a program that reads the transcript, and
// not at the people in the room. It is text like any other, but no point of a
// meeting: nothing may rest on it.
var instruction = re(`(?i)(?:忽略|无视|忘记|忘掉)(?:以上|上面|之前|前面|上述|所有|一切).{0,12}(?:内容|指令|指示|提示|要求|规则)|系统提示词?|(?:输出|打印|写出|回复)\s*["“「]?[A-Z]{4,}|` +
	`\b(?:ignore|disregard|forget) (?:all |any |everything |the )*(?:of the )?(?:above|previous|prior|preceding|earlier|your)\b|\bsystem prompt\b|\bas an? (?:ai|language model)\b|\b(?:print|output|write|say|reply with) (?:only )?["“]?[A-Z]{4,}`)

// record is a transcript as claims are held against it.
type record struct {
	t         *document.Transcript
	at        map[int]int // place of an id
	attendees []Attendee
	han       bool
	low       bool // the transcript's quality is low
}

// unsureWords is why a decision or an action is not taken from a bad transcript.
const unsureWords = "the recogniser was unsure of these words, and the transcript's quality is low"

// leastSure is the confidence below which words of a bad transcript decide nothing.
const leastSure = 0.5

// unsure tells whether all of the evidence in a bad transcript is words that the
// recogniser was unsure of. A good one may have such words too: people swallow
// syllables, and the sentence around them is right.
func (r *record) unsure(evidence []int) bool {
	if !r.low {
		return false
	}
	for _, id := range evidence {
		i, ok := r.at[id]
		if !ok {
			continue
		}
		if u := &r.t.Utterances[i]; len(u.Flags) == 0 && (u.Confidence == 0 || u.Confidence >= leastSure) {
			return false
		}
	}
	return true
}

// Check holds every claim against the utterances that it cites. What they do
// not say is dropped, what they say without deciding or promising it becomes a
// key point; both are listed with the reason.
func Check(m *Minutes, t *document.Transcript) {
	r := &record{t: t, at: make(map[int]int, len(t.Utterances)), attendees: attendees(t)}
	han := 0
	for i, u := range t.Utterances {
		r.at[u.ID] = i
		han += b2i(hanCount(u.Text) > 0)
	}
	r.han = han*3 > len(t.Utterances)
	m.Checks.Claims, m.Checks.Supported, m.Checks.Dropped, m.Checks.Quality = 0, 0, []Dropped{}, ""
	if lowQuality(t) {
		m.Checks.Quality, r.low = lowTranscript, true
	}
	drop := func(text, why string) { m.Checks.Dropped = append(m.Checks.Dropped, Dropped{text, why}) }
	keep := func(text string, evidence []int) bool {
		m.Checks.Claims++
		if why := r.unsupported(text, evidence); why != "" {
			drop(text, why)
			return false
		}
		m.Checks.Supported++
		return true
	}
	claims := func(list []Claim) []Claim {
		return slices.DeleteFunc(list, func(c Claim) bool { return !keep(c.Text, c.Evidence) })
	}
	m.Topics = slices.DeleteFunc(m.Topics, func(c Topic) bool {
		a, okA := r.at[c.First]
		b, okB := r.at[c.Last]
		if !okA || !okB || b < a {
			m.Checks.Claims++
			drop(c.Summary, "the topic's first or last utterance does not exist")
			return true
		}
		return !keep(c.Summary, c.Evidence)
	})
	m.KeyPoints, m.Risks, m.OpenQuestions = claims(m.KeyPoints), claims(m.Risks), claims(m.OpenQuestions)
	m.Decisions = slices.DeleteFunc(m.Decisions, func(c Claim) bool {
		if !keep(c.Text, c.Evidence) {
			return true
		}
		if r.unsure(c.Evidence) {
			drop(c.Text, unsureWords)
			return true
		}
		said := r.quote(c.Evidence)
		if decisionCue().MatchString(said) && !onlyUndecided(said) || r.agreed(c.Evidence) {
			return false
		}
		drop(c.Text, "a key point: the evidence does not say that anything was decided")
		m.KeyPoints = append(m.KeyPoints, c)
		return true
	})
	m.Actions = slices.DeleteFunc(m.Actions, func(a Action) bool {
		if !keep(a.Text, a.Evidence) {
			return true
		}
		if r.unsure(a.Evidence) {
			drop(a.Text, unsureWords)
			return true
		}
		return false
	})
	for i := range m.Actions {
		r.settle(&m.Actions[i], m.due, drop)
	}
	m.Actions = slices.DeleteFunc(m.Actions, func(a Action) bool {
		said := r.quote(a.Evidence)
		if actionCue().MatchString(said) || a.DueText != "" || a.Owner != "" {
			return false
		}
		drop(a.Text, "a key point: the evidence does not say that anybody is to do it")
		m.KeyPoints = append(m.KeyPoints, Claim{Text: a.Text, Evidence: a.Evidence})
		return true
	})
	if n := m.NextMeeting; n != nil {
		if keep(n.Text, n.Evidence) {
			r.settle(n, m.due, drop)
		} else {
			m.NextMeeting = nil
		}
	}
}

// onlyUndecided: every sentence with a cue says that it is not decided.
func onlyUndecided(said string) bool {
	return !slices.ContainsFunc(sentences(said), decided)
}

// settle takes from an action the owner and the day that its evidence does not
// name, and computes the day from what was said.
func (r *record) settle(a *Action, day func(string) (string, *string), drop func(text, why string)) {
	if a.Owner != "" && !r.owns(a.Owner, a.Evidence) {
		drop(a.Text, fmt.Sprintf("without its owner: %s is neither named nor promising in the evidence", a.Owner))
		a.Owner = ""
	}
	said := r.quote(a.Evidence)
	if a.DueText != "" && !strings.Contains(said, a.DueText) && !strings.Contains(clean(said), a.DueText) &&
		!strings.Contains(strings.ToLower(said), strings.ToLower(a.DueText)) {
		drop(a.Text, fmt.Sprintf("without its day: %s is not in the evidence", a.DueText))
		a.DueText = ""
	}
	a.Due = nil
	if a.DueText != "" {
		_, a.Due = day(a.DueText)
		// 每月3号之前 is told from 3号之前, and 验收后十天内 from 十天内, by what stands before it.
		for _, s := range sentences(said) {
			if phrase, due := day(s); phrase == a.DueText {
				a.Due = due
				break
			}
			for part := range strings.SplitSeq(s, "，") {
				if phrase, due := day(part); phrase == a.DueText {
					a.Due = due
				}
			}
		}
	}
}

// owns tells whether the evidence names somebody, or lets him say that he will.
func (r *record) owns(owner string, evidence []int) bool {
	said := r.quote(evidence)
	if strings.Contains(said, owner) {
		return true
	}
	attends := slices.ContainsFunc(r.attendees, func(a Attendee) bool { return a.Name == owner })
	if !attends {
		return false
	}
	for part := range strings.FieldsSeq(owner) {
		if len(part) > 1 && strings.Contains(said, part) {
			return true
		}
	}
	for _, id := range evidence {
		u := r.t.Utterances[r.at[id]]
		if u.Speaker == owner && (selfCue().MatchString(u.Text) || strings.Contains(u.Text, "由我") || strings.Contains(u.Text, "我")) {
			return true
		}
	}
	return false
}

func (r *record) quote(evidence []int) string {
	var b strings.Builder
	for _, id := range evidence {
		if i, ok := r.at[id]; ok {
			b.WriteString(r.t.Utterances[i].Text + "\n")
		}
	}
	return b.String()
}

// A claim shares at least this part of its content words with its evidence.
const (
	leastShared  = 0.4
	leastInOwn   = 0.75 // and where it is short, more
	shortContent = 4
)

// unsupported says why a claim is not supported by its evidence, or nothing.
func (r *record) unsupported(text string, evidence []int) string {
	if strings.TrimSpace(text) == "" {
		return "it says nothing"
	}
	if len(evidence) == 0 {
		return "no evidence"
	}
	for _, id := range evidence {
		if _, ok := r.at[id]; !ok {
			return fmt.Sprintf("the evidence does not exist: utterance %d", id)
		}
	}
	said := r.quote(evidence)
	if instruction().MatchString(text) || instruction().MatchString(said) && !sharedOutside(text, said) {
		return "the evidence is an instruction to a program, not a part of the meeting"
	}
	if r.han != (hanCount(text) > 0) && r.han {
		return "it is in another language than the meeting"
	}
	var speakers strings.Builder
	for _, id := range evidence {
		speakers.WriteString(r.t.Utterances[r.at[id]].Speaker + "\n")
	}
	return contradicts(text, said, speakers.String(), r.attendees)
}

// sharedOutside tells whether a claim rests on more of the evidence than the instruction in it.
func sharedOutside(text, said string) bool {
	var rest []string
	for _, s := range sentences(said) {
		if !instruction().MatchString(s) {
			rest = append(rest, s)
		}
	}
	return shared(text, strings.Join(rest, "\n")) >= leastInOwn
}

// contradicts says what of a claim is not in what was said.
func contradicts(text, said, speakers string, attendees []Attendee) string {
	have := numbers(said, true)
	for _, n := range numbers(text, false) {
		if !slices.Contains(have, n) {
			return "the number " + n + " is not in the evidence"
		}
	}
	lower := strings.ToLower(said + "\n" + speakers)
	for _, w := range properWords(text) {
		if !strings.Contains(lower, strings.ToLower(w)) {
			return "the word " + w + " is not in the evidence"
		}
	}
	for _, a := range attendees {
		if len(a.Name) > 3 && strings.Contains(text, a.Name) && !strings.Contains(lower, strings.ToLower(a.Name)) && !namedInPart(a.Name, lower) {
			return a.Name + " is neither named nor speaking in the evidence"
		}
	}
	least := leastShared
	if len(grams(text)) <= shortContent {
		least = leastInOwn
	}
	if shared(text, said) < least {
		return "the evidence says something else"
	}
	if opposite(text, said) {
		return "the evidence says the opposite"
	}
	return ""
}

func namedInPart(name, lower string) bool {
	first, _, _ := strings.Cut(strings.ToLower(name), " ")
	return first != strings.ToLower(name) && strings.Contains(lower, first)
}

// shared is the part of a claim's content words that was said, English ones by
// their first five letters, so that an ending makes no difference.
func shared(text, said string) float64 {
	have := map[string]bool{}
	for _, g := range grams(said + "\n" + clean(said)) {
		have[root(g)] = true
	}
	all, n := 0, 0
	for _, g := range grams(text) {
		if g[0] >= '0' && g[0] <= '9' {
			continue // numbers are looked at by their value
		}
		all++
		n += b2i(have[root(g)])
	}
	if all == 0 {
		return 1
	}
	return float64(n) / float64(all)
}

func root(g string) string {
	if g[0] < 0x80 && len(g) > 5 {
		return g[:5]
	}
	return g
}

var latinWord = re(`[A-Za-z][A-Za-z0-9]*(?:[-'][A-Za-z0-9]+)*`)

// properWords are the Latin words that a claim cannot have of itself: all of
// them in a Chinese text, names and abbreviations in an English one.
func properWords(text string) []string {
	han := hanCount(text) > 0
	var out []string
	for _, m := range latinWord().FindAllStringIndex(text, -1) {
		w := text[m[0]:m[1]]
		before := strings.TrimRight(text[:m[0]], " \"“(")
		begins := before == "" || strings.ContainsAny(before[len(before)-1:], ".!?:;")
		switch {
		case len(w) < 2:
		case han, w == strings.ToUpper(w), w[0] >= 'A' && w[0] <= 'Z' && !begins && !strings.HasPrefix(w, "I'"):
			out = append(out, strings.TrimSuffix(w, "'s"))
		}
	}
	return out
}

var (
	denial   = re(`(?i)没有|没|未|不(?:能|会|要|再|可|做|用|需|同意|通过|批准|行|是)|\bnot\b|n't\b|\bnever\b|\bno (?:longer|more)\b`)
	noDenial = re(`不仅|不但|不断|不过|没问题|没有问题|不管|不论|要不要|是不是|能不能|会不会|行不行|有没有|对不对|不得不|不可或缺`)
)

func denials(s string) int {
	return len(denial().FindAllString(noDenial().ReplaceAllString(s, ""), -1))
}

// opposite tells whether a claim denies what a short sentence of the evidence
// says, or says what that denies. Longer ones often hold both.
func opposite(text, said string) bool {
	best, most := "", 0.0
	for _, sentence := range sentences(said) {
		if strings.Contains(clean(sentence), strings.TrimRight(text, "。，.")) {
			return false // its own words
		}
		for s := range strings.SplitSeq(sentence, "，") { // a denial in one clause is none of the next
			if s = clean(s); s == "" {
				continue
			}
			if v := shared(text, s); v > most {
				best, most = s, v
			}
		}
	}
	if best == "" || most < 0.4 || strings.Contains(best, text) || strings.Contains(text, strings.Trim(best, "。，.")) {
		return false
	}
	a, b := denials(text), denials(best)
	return a == 0 && b == 1 && length(best) < 40 || a == 1 && b == 0
}
