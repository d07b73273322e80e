package minutes

import (
	"context"
	"errors"
	"math"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/terms"
)

// NewOffline makes minutes by extraction alone: no model, no network, the same
// bytes on every run.
func NewOffline() Maker { return offline{} }

type offline struct{}

func (offline) Fingerprint(opt Options) string { return fingerprint(opt) }

// Make implements Maker.
func (o offline) Make(ctx context.Context, t *document.Transcript, opt Options) (*Minutes, error) {
	if t == nil || len(t.Utterances) == 0 {
		return nil, errors.New("the transcript has no utterances; minutes need at least one")
	}
	all := clauses(t)
	m := &Minutes{Title: or(t.Title, opt.Title), Date: or(t.Date, opt.Date), Language: language(t, opt), Attendees: attendees(t),
		KeyPoints: []Claim{}, Decisions: []Claim{}, Actions: []Action{}, Risks: []Claim{}, OpenQuestions: []Claim{},
		MadeBy: MadeBy{Method: "offline", Fingerprint: fingerprint(opt)}, calendar: opt.Calendar}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.Topics = topics(t, all)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h := takeApart(all, m.Topics, opt)
	m.Summary = h.summary(opt)
	low := lowQuality(t)
	m.claims(t, all, h, low)
	m.Terms = keyTerms(all, opt.Terms)
	Check(m, t)
	return m, ctx.Err()
}

// KeyTerms are the key terms of a meeting, as Make gives them.
func KeyTerms(t *document.Transcript, opt terms.Options) []terms.Term {
	return keyTerms(clauses(t), opt)
}

func keyTerms(all []clause, opt terms.Options) []terms.Term {
	var text strings.Builder
	for _, c := range all {
		text.WriteString(c.text)
		text.WriteByte('\n')
	}
	opt.Talk = true
	return terms.Extract(text.String(), opt)
}

// lowTranscript is the quality of transcripts in which many errors are to be expected.
const lowTranscript = "low"

// lowQuality tells whether the recogniser was unsure of what was said: then
// the minutes say so and claim less.
func lowQuality(t *document.Transcript) bool {
	if t.Quality != "" { // whoever made the transcript knows more of it
		return t.Quality == lowTranscript
	}
	sure, given, flagged := 0.0, 0, 0
	for _, u := range t.Utterances {
		if u.Confidence > 0 {
			sure += u.Confidence
			given++
		}
		if len(u.Flags) > 0 {
			flagged++
		}
	}
	return given > 0 && sure/float64(given) < 0.6 || flagged*4 > len(t.Utterances)
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
