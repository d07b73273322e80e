package minutes

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	openai "github.com/sashabaranov/go-openai"
	"golang.org/x/sync/errgroup"

	"guidang/extractors/document"
)

// ModelConfig says how a chat endpoint is reached and what it may cost.
type ModelConfig struct {
	URL           string // up to and with /v1
	Key           string
	Model         string
	ContextTokens int           // what the model can read at once; 0: 16,000
	OutputTokens  int           // of one answer; 0: 4,000
	Budget        int64         // tokens of all meetings of this process; 0: no limit
	Concurrency   int           // requests at the same time; 0: 1
	Timeout       time.Duration // of one request; 0: 3 minutes
	Templates     string        // folder of a customer's own templates
	HTTP          *http.Client  // nil: the standard one

	wait func(context.Context, time.Duration) error // of tests
}

// model makes minutes by a language model, and by extraction whatever that
// leaves undone.
type model struct {
	offline   Maker
	chat      *chat
	context   int
	templates []template
	made      string // what the minutes depend on
	name      string
}

// NewModel makes minutes over any OpenAI-compatible chat endpoint. Minutes always
// come: parts of a meeting that fail are made by extraction, and Checks.Fallback says so.
func NewModel(cfg ModelConfig) (Maker, error) {
	if cfg.URL == "" || cfg.Model == "" {
		return nil, errors.New("minutes.model: an address and a model are needed")
	}
	templates, err := loadTemplates(cfg.Templates)
	if err != nil {
		return nil, err
	}
	m := &model{offline: NewOffline(), chat: newChat(cfg), context: orInt(cfg.ContextTokens, 16000), templates: templates, name: cfg.Model}
	m.made = fmt.Sprintf("%s %s %s %d %d %s", promptVersion, cfg.Model, cfg.URL, m.context, m.chat.output, system)
	for _, t := range templates {
		m.made += "\n" + t.name + t.title.String() + t.text
	}
	return m, nil
}

func (o *model) Fingerprint(opt Options) string {
	return document.ID(sha256.Sum256([]byte(o.made + "\n" + fingerprint(opt))))
}

// block is a part of a meeting that is sent at once.
type block struct {
	utterances []int // places
	topics     []int // of the minutes, that lie within
}

// Make implements Maker.
func (o *model) Make(ctx context.Context, t *document.Transcript, opt Options) (*Minutes, error) {
	base, err := o.offline.Make(ctx, t, opt)
	if err != nil {
		return nil, err
	}
	kind := pickTemplate(o.templates, base.Title)
	parts := o.parts(t, base)
	drafts := make([]*draft, len(parts))
	var group errgroup.Group
	group.SetLimit(cap(o.chat.slots))
	for i, b := range parts {
		group.Go(func() error {
			drafts[i] = o.part(ctx, t, b, base, kind, 0) // what fails is a draft without minutes
			return nil
		})
	}
	if err := errors.Join(group.Wait(), ctx.Err()); err != nil {
		return nil, err
	}
	m := merge(base, drafts)
	if m == nil {
		base.Checks.Fallback = fallbacks(drafts)
		if !slices.ContainsFunc(drafts, (*draft).passing) {
			// What the model said was no use. It would not be better tomorrow, and was paid for.
			base.MadeBy.Fingerprint = o.Fingerprint(opt)
		}
		return base, nil
	}
	m.MadeBy = MadeBy{Method: "model", Model: o.name, Prompt: promptVersion + "/" + kind.name, Fingerprint: o.Fingerprint(opt)}
	Check(m, t)
	cover(m, base, t)
	dropped := m.Checks
	dropped.Fallback, dropped.Quality = fallbacks(drafts), base.Checks.Quality
	m.Checks = dropped
	o.sum(ctx, m, base, t, opt, kind)
	return m, ctx.Err()
}

// parts cuts a meeting at its topics into what fits into the model's context,
// with a quarter left for the rules and the answer.
func (o *model) parts(t *document.Transcript, m *Minutes) []block {
	room := max(500, o.context*3/4-o.chat.output)
	place := map[int]int{}
	for i, u := range t.Utterances {
		place[u.ID] = i
	}
	var out []block
	var b block
	size := 0
	flush := func() {
		if len(b.utterances) > 0 {
			out = append(out, b)
		}
		b, size = block{}, 0
	}
	for k, topic := range m.Topics {
		from, to := place[topic.First], place[topic.Last]
		n := 0
		for i := from; i <= to; i++ {
			n += tokensAtMost(t.Utterances[i].Text) + 8
		}
		if size+n > room {
			flush()
		}
		b.topics = append(b.topics, k)
		for i := from; i <= to; i++ {
			n := tokensAtMost(t.Utterances[i].Text) + 8
			if size+n > room && len(b.utterances) > 0 {
				flush()
				b.topics = []int{k}
				if i > from { // the last one again, so that nothing falls between
					b.utterances, size = []int{i - 1}, tokensAtMost(t.Utterances[i-1].Text)+8
				}
			}
			b.utterances = append(b.utterances, i)
			size += n
		}
	}
	flush()
	return out
}

// tokensAtMost and tokensAtLeast bound what a tokenizer makes of a text: 0.5 to 1
// for a Chinese character, 0.9 to 1.3 and more for a word.
func tokensAtMost(s string) int {
	han, words := countTokens(s)
	return han + words*3/2 + 1
}

func tokensAtLeast(s string) int {
	han, words := countTokens(s)
	return han/2 + words*8/10
}

func countTokens(s string) (han, words int) {
	in := false
	for _, r := range s {
		letter := r < 0x2e80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
		words += b2i(letter && !in)
		in = letter
		han += b2i(r >= 0x2e80)
	}
	return han, words
}

// draft is what became of one part.
type draft struct {
	m    *Minutes // nil: to be made by extraction
	b    block
	why  string
	more []*draft // a part that was too long, in two

	server bool // it was the server that failed, so that another day may do
}

func (d *draft) passing() bool { return d.server || slices.ContainsFunc(d.more, (*draft).passing) }

// deepest is how often a part is halved.
const deepest = 4

// part asks for the minutes of one part, once more with what was wrong, and in
// halves when it is too long.
func (o *model) part(ctx context.Context, t *document.Transcript, b block, base *Minutes, kind template, depth int) *draft {
	sys, user := question(t, b, base, kind)
	messages := []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleSystem, Content: sys}, {Role: openai.ChatMessageRoleUser, Content: user}}
	least := tokensAtLeast(sys+user) * 7 / 10
	d := &draft{b: b}
	han := isHanMeeting(t)
	for try := range 2 {
		text, err := o.chat.ask(ctx, messages, answerSchema, least)
		if (errors.Is(err, errTruncated) || errors.Is(err, errLength)) && len(b.utterances) > 1 && depth < deepest {
			half := len(b.utterances) / 2
			for _, u := range [][]int{b.utterances[:half], b.utterances[half:]} {
				d.more = append(d.more, o.part(ctx, t, block{u, b.topics}, base, kind, depth+1))
			}
			return d
		}
		if err != nil {
			d.why = err.Error()
			d.server = !errors.Is(err, errRefused) && !errors.Is(err, errFiltered) && !errors.Is(err, errLength)
			return d
		}
		var a answer
		if err = parse(text, &a); err == nil {
			err = a.faults(han)
		}
		if err == nil {
			if d.m = a.minutes(base, b, t); d.m != nil {
				return d
			}
			err = errors.New("nothing in it is said by the utterances that it cites")
		}
		d.why = "the answer cannot be used: " + firstWords(err.Error())
		if try == 0 {
			messages = append(messages, openai.ChatCompletionMessage{Role: openai.ChatMessageRoleAssistant, Content: firstBytes(text, 4000)},
				openai.ChatCompletionMessage{Role: openai.ChatMessageRoleUser, Content: "This answer cannot be used: " + err.Error() + ". Write the JSON object again, complete and according to the rules."})
		}
	}
	return d
}

func firstWords(s string) string { return cut(s, 60) }

func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

func isHanMeeting(t *document.Transcript) bool {
	n := 0
	for _, u := range t.Utterances {
		n += b2i(hanCount(u.Text) > 0)
	}
	return n*3 > len(t.Utterances)
}

// minutes takes an answer for the minutes of a part, nil when the check leaves
// nothing of it.
func (a *answer) minutes(base *Minutes, b block, t *document.Transcript) *Minutes {
	within := map[int]bool{}
	for _, i := range b.utterances {
		within[t.Utterances[i].ID] = true
	}
	m := &Minutes{Date: base.Date}
	plain := func(list []said) (out []Claim) {
		for _, c := range list {
			out = append(out, Claim{Text: strings.TrimSpace(c.Text), Evidence: []int(c.Evidence)})
		}
		return out
	}
	m.KeyPoints, m.Decisions, m.Risks, m.OpenQuestions = plain(a.KeyPoints), plain(a.Decisions), plain(a.Risks), plain(a.OpenQuestions)
	for _, c := range a.Actions {
		x := Action{Text: strings.TrimSpace(c.Text), Evidence: []int(c.Evidence)}
		if c.Owner != nil {
			x.Owner = strings.TrimSpace(*c.Owner)
		}
		if c.DueText != nil {
			x.DueText = strings.TrimSpace(*c.DueText)
		}
		m.Actions = append(m.Actions, x)
	}
	for _, c := range a.Topics {
		if slices.Contains(b.topics, c.Topic-1) {
			of := base.Topics[c.Topic-1]
			m.Topics = append(m.Topics, Topic{Title: strings.TrimSpace(c.Title), Summary: strings.TrimSpace(c.Summary), First: of.First, Last: of.Last, Evidence: []int(c.Evidence)})
		}
	}
	probe := clone(m)
	Check(probe, t)
	if probe.Checks.Supported == 0 {
		return nil
	}
	return m
}

func clone(m *Minutes) *Minutes {
	data, err := json.Marshal(m)
	out := &Minutes{}
	if err != nil || json.Unmarshal(data, out) != nil {
		return m
	}
	return out
}
