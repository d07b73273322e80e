package minutes

import (
	"context"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// Letter is a mail of a thread: what its writer adds to it, without quotes and
// signature.
type Letter struct {
	Writer string
	Date   string // days are counted from it
	Text   string
}

// Said is what a thread came to: what was decided in it and what somebody
// promised or was asked to do. Evidence are numbers of letters, from 1.
type Said struct {
	Decisions []Claim  `json:"decisions"`
	Actions   []Action `json:"actions"`
	Questions []Claim  `json:"open_questions"`
}

// Empty says that nothing was found.
func (s *Said) Empty() bool { return len(s.Decisions)+len(s.Actions)+len(s.Questions) == 0 }

// mostSaid bounds each list: a thread of a year has no summary.
const mostSaid = 20

var (
	// written decisions: 同意, 确认 and their like, which in a meeting are said to anything.
	agrees = re(`(?i)^(?:我方|我们|我司|经.{0,20}(?:研究|讨论|评审)，?|客户)?(?:已经?|正式|原则上)?(?:同意|批准|确认(?:采用|按|为|验收|通过)|决定)|(?:已经?|一致)(?:同意|批准|确认|签字)|通过(?:验收|评审)|(?:验收|评审)通过|\b(?:we|i) (?:have |hereby )?(?:agree|accept|approve|approved|accepted|confirm)d?\b|\b(?:is|are|was|has been|have been) (?:approved|accepted|agreed|signed)\b`)
	// A letter's own courtesies.
	courtesy = re(`(?i)^(?:您好|你好|大家好|各位|尊敬的|谢谢|多谢|此致|顺祝|祝好|hi\b|hello\b|dear\b|thanks?\b|thank you|best\b|kind regards|regards|sincerely|以上|请查收|请知悉|如有(?:问题|疑问)|if you have any|please (?:see|find) (?:attached|the attach|below)|looking forward)|请(?:查收|知悉|见附件)[。！]?$`)
	asksFor  = re(`(?i)请|麻烦|烦请|务必|\bplease\b|\bcould you\b|\bcan you\b|\bkindly\b`)
	lastName = re(`[，,（(]\s*(\p{Han}{2,3})[）)。，；]*$`) // …，12月20日前，吴志强
	tooLate  = re(`来不及|赶不上|做不完|\b(?:cannot|can't|unable to) (?:make|meet|finish)\b`)
	// letterTask are deeds of letters that taskHan leaves out, since people say them of everything.
	letterTask = re(`发|寄|给出|盖章|开票|回传|支付|退回|归还`)
	givesDay   = re(`(?i)前|之内|以内|内|by |before |within |until |end of`)
)

// Thread takes the decisions, promises and open questions of a thread's letters.
func Thread(ctx context.Context, letters []Letter, calendar *Calendar) (*Said, error) {
	out := &Said{Decisions: []Claim{}, Actions: []Action{}, Questions: []Claim{}}
	for n, l := range letters {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out.letter(n+1, l, calendar)
	}
	out.Decisions, out.Actions, out.Questions = tail(out.Decisions), tail(out.Actions), tail(out.Questions)
	return out, nil
}

// tail keeps the last: what was said later holds.
func tail[T any](list []T) []T { return list[max(len(list)-mostSaid, 0):] }

func (out *Said) letter(n int, l Letter, calendar *Calendar) {
	m := &Minutes{Date: l.Date, Attendees: []Attendee{{Name: l.Writer}}, calendar: calendar}
	id := []int{n}
	for line := range strings.SplitSeq(l.Text, "\n") {
		line = bullet().ReplaceAllString(strings.TrimSpace(line), "")
		for _, s := range sentences(line) {
			s = strings.TrimSpace(s)
			size := length(s)
			if size < 4 || utf8.RuneCountInString(s) > 4*longClaim || courtesy().MatchString(s) || instruction().MatchString(s) {
				continue
			}
			c := clause{id: n, speaker: l.Writer, text: narrow(s), size: size}
			phrase, due := m.dueOfDeed(c.text)
			asks := questionCue().MatchString(s)
			switch {
			case (decided(s) || agrees().MatchString(s) && !strings.Contains(s, "的话") && !undecided().MatchString(s) && !conditional().MatchString(s)) && !asks:
				out.decision(s, id)
			case !asks && !noTask().MatchString(s) && promised(c.text, phrase):
				owner := m.owner(c)
				if g := lastName().FindStringSubmatch(s); owner == "" && g != nil && isName(g[1]) {
					owner = g[1]
				}
				out.action(Action{Text: s, Owner: owner, DueText: phrase, Due: due, Evidence: id})
			case asks && size >= 6 && hanCount(s) > 0 || pendingCue().MatchString(s):
				out.Questions = append(out.Questions, Claim{Text: s, Evidence: id})
			}
		}
	}
}

// dueOfDeed finds the day in the clause that says what is to be done: 周末没人发货，
// 请改成48小时 has none.
func (m *Minutes) dueOfDeed(s string) (string, *string) {
	phrase, due := m.due(s)
	if phrase == "" || givesDay().MatchString(phrase) || hanCount(s) == 0 {
		return phrase, due
	}
	for part := range strings.SplitSeq(s, "，") {
		if p, d := m.due(part); p != "" && (taskHan().MatchString(part) || letterTask().MatchString(part) || asksFor().MatchString(part)) {
			return p, d
		}
	}
	return "", nil
}

// promised tells whether a written sentence promises a deed, or asks for one, by
// a day or in so many words.
func promised(s, phrase string) bool {
	han := hanCount(s) > 0
	task := han && (taskHan().MatchString(s) || letterTask().MatchString(s)) || !han && deed().MatchString(s)
	switch {
	case !task || habit().MatchString(s) || tooLate().MatchString(s) || strings.Contains(s, "的话请"):
		return false
	case phrase != "" && (asksFor().MatchString(s) || givesDay().MatchString(s) || selfCue().MatchString(s)):
		return true
	}
	return asksFor().MatchString(s) && deed().MatchString(s) || selfCue().MatchString(s) && deed().MatchString(s)
}

// decision adds one that was not said before; said again, it has both letters.
func (out *Said) decision(s string, id []int) {
	for i := range out.Decisions {
		if squeezed(out.Decisions[i].Text) == squeezed(s) {
			out.Decisions[i].Evidence = append(out.Decisions[i].Evidence, id...)
			return
		}
	}
	out.Decisions = append(out.Decisions, Claim{Text: s, Evidence: id})
}

func (out *Said) action(a Action) {
	for i := range out.Actions {
		if squeezed(out.Actions[i].Text) == squeezed(a.Text) {
			out.Actions[i].Evidence = append(out.Actions[i].Evidence, a.Evidence...)
			return
		}
	}
	out.Actions = append(out.Actions, a)
}

// LetterOf takes from a mail what its writer says in it.
func LetterOf(d *document.Document) Letter {
	l := Letter{Date: d.Date}
	for _, p := range d.People {
		if p.Role == "from" {
			l.Writer = or(p.Name, p.Address)
			break
		}
	}
	var b strings.Builder
	for _, s := range d.Sections {
		if ownPart(s.Position.Part) {
			b.WriteString(s.Text + "\n")
		}
	}
	l.Text = b.String()
	return l
}
