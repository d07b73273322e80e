package minutes

import (
	"context"
	"errors"
	"math"
	"regexp"
	"sort"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/terms"
)

// NewOffline makes minutes by extraction alone: no model, no network, the same
// bytes on every run.
func NewOffline() Maker { return offline{} }

type offline struct{}

func (offline) Fingerprint(opt Options) string { return fingerprint(opt) }

var (
	decisionCue = regexp.MustCompile(`(?i)决定|定下来|定了|就这么定|一致同意|都同意|达成一致|敲定|拍板|评审通过|we(?:'ve| have)? decided|we(?:'ve| have)? agreed|agreed to|it's decided|we'll go with|let's go with|decision is`)
	undecided   = regexp.MustCompile(`(?i)没有?(?:决定|定下来|同意)|不同意|未决定|还没定|决定不了|haven't decided|not decided|not agreed`)
	riskCue     = regexp.MustCompile(`(?i)风险|隐患|来不及|延期|延误|赶不上|担心|瓶颈|\brisk|\bblocker|\bdelay|\bconcern|\bworried`)
	actionCue   = regexp.MustCompile(`(?i)我来|我去|我会|我负责|由.{1,8}负责|负责|麻烦你|请.{1,6}(?:在|把|于)|需要在|\bi'll\b|\bi will\b|\bwill (?:send|prepare|finish|update|check|provide|deliver|fix|write|review)|\bplease\b`)
	selfCue     = regexp.MustCompile(`(?i)我来|我去|我会|我负责|\bi'll\b|\bi will\b`)
	questionCue = regexp.MustCompile(`[？?]\s*$`)
)

// Make implements Maker.
func (o offline) Make(ctx context.Context, t *document.Transcript, opt Options) (*Minutes, error) {
	if t == nil || len(t.Utterances) == 0 {
		return nil, errors.New("the transcript has no utterances; minutes need at least one")
	}
	all := clauses(t)
	weigh(all)
	m := &Minutes{Title: or(t.Title, opt.Title), Date: or(t.Date, opt.Date), Language: language(t, opt), Attendees: attendees(t),
		KeyPoints: []Claim{}, Decisions: []Claim{}, Actions: []Action{}, Risks: []Claim{}, OpenQuestions: []Claim{},
		MadeBy: MadeBy{Method: "offline", Fingerprint: fingerprint(opt)}}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.Topics = topics(t, all)
	m.Summary, m.Headline = summarise(all, m.Topics, opt)
	m.claims(t, all)
	var text strings.Builder
	for _, u := range t.Utterances {
		text.WriteString(clean(u.Text))
		text.WriteByte('\n')
	}
	m.Terms = terms.Extract(text.String(), terms.Options{Top: 10})
	Check(m, t)
	return m, ctx.Err()
}

// weigh scores clauses by how much of the meeting's own vocabulary they hold,
// with a prior for a readable length.
func weigh(all []clause) {
	df := map[string]float64{}
	for _, c := range all {
		for _, g := range c.grams {
			df[g]++
		}
	}
	for i := range all {
		c := &all[i]
		for _, g := range c.grams {
			if df[g] > 1 {
				c.score += math.Log(df[g])
			}
		}
		c.score /= math.Sqrt(float64(len(c.grams)) + 6)
		c.score *= math.Min(1, float64(len(c.grams))/10)
		if questionCue.MatchString(c.text) {
			c.score *= 0.5
		}
	}
}

// summarise takes the best clauses of every topic by turns until the length is
// used up, and puts them in the order of the meeting.
func summarise(all []clause, topics []Topic, opt Options) (summary, headline string) {
	budget := opt.SummaryChars
	if budget == 0 {
		budget = opt.SummaryWords
	}
	if budget == 0 {
		budget = 300
		if hanCount(all0(all)) == 0 {
			budget = 150
		}
	}
	taken := make([]bool, len(all))
	seen := map[string]bool{}
	for progress := true; progress; {
		progress = false
		for _, t := range topics {
			best, top := -1, 0.0
			for i, c := range all {
				if taken[i] || c.id < t.First || c.id > t.Last || size(c, opt) > budget {
					continue
				}
				fresh := 0
				for _, g := range c.grams {
					if !seen[g] {
						fresh++
					}
				}
				if s := c.score * (0.3 + 0.7*float64(fresh)/float64(len(c.grams))); s > top {
					best, top = i, s
				}
			}
			if best < 0 {
				continue
			}
			taken[best], progress = true, true
			budget -= size(all[best], opt)
			for _, g := range all[best].grams {
				seen[g] = true
			}
		}
	}
	var parts []string
	top := -1.0
	for i, c := range all {
		if taken[i] {
			parts = append(parts, sentence(c.text))
			if c.score > top {
				top, headline = c.score, cut(c.text, 60)
			}
		}
	}
	return strings.Join(parts, ""), headline
}

func all0(all []clause) string {
	if len(all) == 0 {
		return ""
	}
	return all[len(all)/2].text
}

// size is a clause's cost in what the options count: words, or characters.
func size(c clause, opt Options) int {
	if opt.SummaryChars > 0 && hanCount(c.text) == 0 {
		return len(c.text) + 1
	}
	return c.size
}

func sentence(s string) string {
	if hanCount(s) > 0 {
		return strings.TrimRight(s, "，、,。；; ") + "。"
	}
	s = strings.TrimRight(s, ", ")
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") && !strings.HasSuffix(s, "!") {
		s += "."
	}
	return s + " "
}

// claims sorts clauses by their cues; the best of the rest are key points.
func (m *Minutes) claims(t *document.Transcript, all []clause) {
	rest := make([]clause, 0, len(all))
	for _, c := range all {
		claim := Claim{c.text, []int{c.id}}
		phrase, due := Due(c.text, m.Date)
		asks := questionCue.MatchString(c.text)
		switch {
		case decisionCue.MatchString(c.text) && !undecided.MatchString(c.text) && !asks && c.size >= 5:
			m.Decisions = append(m.Decisions, claim)
		case actionCue.MatchString(c.text) && (phrase != "" || selfCue.MatchString(c.text) && c.size >= 8) && !asks:
			m.Actions = append(m.Actions, Action{c.text, m.owner(c), phrase, due, claim.Evidence})
		case riskCue.MatchString(c.text) && !asks && c.size >= 6:
			m.Risks = append(m.Risks, claim)
		case asks && c.size >= 8:
			m.OpenQuestions = append(m.OpenQuestions, claim)
		default:
			rest = append(rest, c)
		}
	}
	sort.SliceStable(rest, func(i, j int) bool { return rest[i].score > rest[j].score })
	rest = rest[:min(len(rest), max(3, len(m.Topics)))]
	sort.SliceStable(rest, func(i, j int) bool { return rest[i].utterance < rest[j].utterance })
	for _, c := range rest {
		m.KeyPoints = append(m.KeyPoints, Claim{c.text, []int{c.id}})
	}
	const most = 30 // beyond that nobody reads
	m.Decisions = m.Decisions[:min(len(m.Decisions), most)]
	m.Actions = m.Actions[:min(len(m.Actions), most)]
	m.Risks = m.Risks[:min(len(m.Risks), most)]
	m.OpenQuestions = m.OpenQuestions[:min(len(m.OpenQuestions), 10)]
}

// owner is the attendee named in the clause, or the speaker who says that he
// will; nobody is guessed.
func (m *Minutes) owner(c clause) string {
	if selfCue.MatchString(c.text) {
		return c.speaker
	}
	for _, a := range m.Attendees {
		if a.Name != "" && strings.Contains(c.text, a.Name) {
			return a.Name
		}
	}
	return ""
}

func attendees(t *document.Transcript) []Attendee {
	at := map[string]int{}
	list, total := []Attendee{}, 0
	for _, u := range t.Utterances {
		n := length(u.Text)
		total += n
		if u.Speaker == "" {
			continue
		}
		i, ok := at[u.Speaker]
		if !ok {
			i = len(list)
			at[u.Speaker] = i
			list = append(list, Attendee{Name: u.Speaker})
		}
		list[i].Share += float64(n)
	}
	for i := range list {
		list[i].Share = math.Round(1000*list[i].Share/float64(max(total, 1))) / 1000
	}
	return list
}

func language(t *document.Transcript, opt Options) string {
	if l := or(t.Language, opt.Language); l != "" {
		return l
	}
	for _, u := range t.Utterances {
		if hanCount(u.Text) > 2 {
			return "zh"
		}
	}
	return "en"
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func cut(s string, n int) string {
	r := []rune(strings.TrimRight(s, "，。,."))
	if hanCount(s) == 0 {
		n *= 2
	}
	if len(r) > n {
		return string(r[:n]) + "…"
	}
	return string(r)
}
