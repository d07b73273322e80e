package transcribe

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"guidang/extractors/recording"
)

// Sum is a SHA-256, as the store has it.
type Sum = [sha256.Size]byte

// Results keeps answers: the derived store.
type Results interface {
	Result(ctx context.Context, sum Sum, fingerprint string) (data []byte, ok bool, err error)
	Keep(ctx context.Context, sum Sum, fingerprint string, data []byte) error
}

// protocol is raised when the same sound and settings would be asked otherwise.
const protocol = "speech-2"

// fingerprint names what makes an answer: not the address, which moves, but the
// model and everything that is sent with the sound.
func (t *Transcriber) fingerprint(model string) string {
	text := strings.Join([]string{protocol, model, strings.Join(t.opt.Languages, ","), t.prompt(), t.hotwords()}, "\n")
	sum := sha256.Sum256([]byte(text))
	return "speech:" + hex.EncodeToString(sum[:12])
}

// hearer has the parts of one recording transcribed.
type hearer struct {
	t      *Transcriber
	models []string // of the endpoints, each once
	sent   atomic.Int64
}

// maxHalves is how often a part is halved for a service that takes less.
const maxHalves = 6

// hear gives what was said in a part. Each answer on the way is kept by itself,
// so what is asked once more is asked once.
func (h *hearer) hear(ctx context.Context, p *part, depth int) (*answer, error) {
	a, err := h.once(ctx, p, depth)
	if err != nil || depth > 0 {
		return a, err
	}
	if looping(a) && len(p.PCM) > 4*Rate*sampleBytes {
		// Cut elsewhere, an engine that has lost its way often finds it.
		b, err := h.halves(ctx, p, depth)
		if err != nil {
			return nil, err
		}
		if !looping(b) {
			a = b
		}
	}
	return h.fill(ctx, p, a)
}

// once is the answer to a part: from what is kept, or by asking. It is kept
// before it is given.
func (h *hearer) once(ctx context.Context, p *part, depth int) (*answer, error) {
	sum := sha256.Sum256(p.PCM)
	// Equal parts at the same time (a jingle, a doubled recording) are sent once.
	release, err := h.t.once.lock(ctx, sum)
	if err != nil {
		return nil, err
	}
	defer release()
	a, err := h.recall(ctx, sum)
	if err != nil || a != nil {
		return a, err
	}
	h.sent.Add(1)
	q := question{languages: h.t.opt.Languages, prompt: h.t.prompt(), hotwords: h.t.hotwords()}
	a, err = h.t.pool.ask(ctx, p.PCM, q)
	if errors.Is(err, errTooLarge) && depth < maxHalves && len(p.PCM) > 2*Rate*sampleBytes {
		if a, err = h.halves(ctx, p, depth); err != nil {
			return nil, err
		}
		return a, h.keep(ctx, sum, a)
	}
	if err == nil && h.foreign(a) {
		// Whisper takes Chinese mumbling for Korean and a cough for Welsh: what nobody
		// speaks here is heard once more, told the language.
		q.pinned = h.likely(a)
		a, err = h.t.pool.ask(ctx, p.PCM, q)
	}
	if err != nil {
		return nil, err
	}
	return a, h.keep(ctx, sum, a)
}

// recall looks for the answer of any model that is configured now.
func (h *hearer) recall(ctx context.Context, sum Sum) (*answer, error) {
	for _, m := range h.models {
		data, ok, err := h.t.opt.Results.Result(ctx, sum, h.t.fingerprint(m))
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		a := &answer{}
		if err := json.Unmarshal(data, a); err != nil {
			return nil, fmt.Errorf("a kept answer of %s: %w", m, err)
		}
		return a, nil
	}
	return nil, nil
}

func (h *hearer) keep(ctx context.Context, sum Sum, a *answer) error {
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	// It is paid for: it is kept even if the run ends this moment.
	return h.t.opt.Results.Keep(context.WithoutCancel(ctx), sum, h.t.fingerprint(a.Model), data)
}

// foreign says whether an answer is in a language that is not spoken here.
func (h *hearer) foreign(a *answer) bool {
	language := a.Language
	if language == "" {
		language = recording.Language(a.Text)
	}
	if len(h.t.opt.Languages) < 2 || language == "" || a.Text == "" {
		return false
	}
	return !slices.ContainsFunc(h.t.opt.Languages, func(l string) bool {
		code, _, _ := strings.Cut(l, "-")
		return code == language || code == "zh" && language == "yue"
	})
}

// likely is the language that was taken for a foreign one: Chinese is taken for
// Japanese or Korean, English for German or Welsh.
func (h *hearer) likely(a *answer) string {
	latin := recording.Language(a.Text) == "en"
	for _, l := range h.t.opt.Languages {
		code, _, _ := strings.Cut(l, "-")
		if cjk := code == "zh" || code == "yue" || code == "ja" || code == "ko"; cjk != latin {
			return l
		}
	}
	return h.t.opt.Languages[0]
}

// halves asks for a part in two, cut where it is quietest around the middle.
func (h *hearer) halves(ctx context.Context, p *part, depth int) (*answer, error) {
	at := quietest(p)
	middle := p.From + int64(at/sampleBytes)
	one := &part{From: p.From, To: middle, PCM: p.PCM[:at]}
	two := &part{From: middle, To: p.To, PCM: p.PCM[at:]}
	a, err := h.hear(ctx, one, depth+1)
	if err != nil {
		return nil, err
	}
	b, err := h.hear(ctx, two, depth+1)
	if err != nil {
		return nil, err
	}
	out := *a
	out.Text = strings.TrimSpace(a.Text + " " + b.Text)
	out.Segments = slices.Concat(timed(a, one), timed(b, two))
	shift := seconds(middle - p.From)
	if a.Speech != nil && b.Speech != nil {
		out.Speech = slices.Clone(a.Speech)
		for _, s := range b.Speech {
			out.Speech = append(out.Speech, [2]float64{s[0] + shift, s[1] + shift})
		}
	} else {
		out.Speech = nil
	}
	for n := len(out.Segments) - len(timed(b, two)); n < len(out.Segments); n++ {
		out.Segments[n] = out.Segments[n].moved(shift)
	}
	return &out, nil
}

// timed gives an answer's segments; an answer without them is one.
func timed(a *answer, p *part) []segment {
	if len(a.Segments) > 0 || a.Text == "" {
		return a.Segments
	}
	return []segment{{End: seconds(p.To - p.From), Text: a.Text}}
}

// moved is a segment that begins later.
func (s segment) moved(by float64) segment {
	s.Start += by
	s.End += by
	words := make([]word, len(s.Words))
	for n, w := range s.Words {
		w.Start += by
		w.End += by
		words[n] = w
	}
	s.Words = words
	return s
}

// quietest is the place in bytes, on a frame, where a part is quietest in its
// middle half.
func quietest(p *part) int {
	const step = frame * sampleBytes
	frames := len(p.PCM) / step
	best, at := 1<<40, frames/2
	for f := frames / 4; f+3 <= frames*3/4; f++ {
		sum := 0
		for n := range 3 {
			sum += int(level(p.PCM[(f+n)*step : (f+n+1)*step]))
		}
		// The nearer to the middle the better, where it is as quiet.
		if far := abs(f - frames/2); sum*100_000+far < best {
			best, at = sum*100_000+far, f+1
		}
	}
	return at * step
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
