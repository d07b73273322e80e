package transcribe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"guidang/extractors/document"
)

// Options of a Transcriber.
type Options struct {
	Endpoints []Endpoint
	Languages []string // that are spoken here; empty: any; one: it is told to the service
	Prompt    string   // goes with every part, before the glossary
	Glossary  []string // names and words that a service would not know

	PartSeconds int           // the longest part; 0: 28
	PartBytes   int64         // the largest; 0: 20 MB
	Timeout     time.Duration // of one request; 0: 10 minutes

	Results Results
	Memory  Memory       // may be nil
	Meter   Meter        // may be nil
	HTTP    *http.Client // nil: the standard one
	Log     *slog.Logger // nil: none; never told what was said
}

// Transcriber makes transcripts. It is safe for concurrent use; what its
// endpoints take at the same time is shared by all that use it.
type Transcriber struct {
	opt  Options
	pool *pool
	once keyed
	log  *slog.Logger
}

// Input is a recording.
type Input struct {
	Name string

	// Sound opens the recording as 16 kHz mono, 16 bits. It may be called more
	// than once. Every Read error but io.EOF is damage: what came before is heard.
	Sound func(ctx context.Context) (io.ReadCloser, error)

	MaxHours int // what comes later is not heard; 0: no bound
}

// Heard is what came of a recording.
type Heard struct {
	Transcript *document.Transcript
	Damage     error // why it is not all of it, nil if it is
	Sent       int   // parts that were sent
	Parts      int
}

// SoundError says that nothing of a recording can be decoded.
type SoundError struct{ Err error }

func (e *SoundError) Error() string { return "the sound cannot be read: " + e.Err.Error() }
func (e *SoundError) Unwrap() error { return e.Err }

// ErrTooLong is the Damage of a recording that goes on beyond MaxHours.
var ErrTooLong = errors.New("it is longer than the limit; what comes later was not heard")

const (
	// Whisper hears 30 seconds at once. Measured with Whisper base on 282 s of clips of
	// two languages with pauses and noise between them: in parts of 300 s 76 % of the
	// English words and 17 % of the Chinese characters were wrong, because a part has
	// one language and an engine that has lost its way stays lost.
	defaultSeconds = 28
	defaultBytes   = 20 << 20
	defaultTimeout = 10 * time.Minute
	longestPart    = 900 // seconds; 29 MB

	// A service that gives no times gets parts that are as exact as a reader needs.
	shortSeconds = 24

	// heldSound is how much sound is held at most, all parts under way together.
	heldSound = 90 << 20
)

// New makes a Transcriber. Without endpoints it transcribes nothing: ErrNone.
func New(o Options) *Transcriber {
	t := &Transcriber{opt: o, log: o.Log}
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	client := o.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	timeout := o.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	var all []*endpoint
	for _, e := range o.Endpoints {
		all = append(all, &endpoint{Endpoint: e, client: client, timeout: timeout, memory: o.Memory})
	}
	t.pool = newPool(all, o.Meter)
	return t
}

// Configured says whether there is a service at all.
func (t *Transcriber) Configured() bool { return t != nil && len(t.pool.all) > 0 }

// longest is the longest part in seconds: by the settings, and so that all parts
// under way together are never more than heldSound.
func (t *Transcriber) longest() int {
	n, size := t.opt.PartSeconds, t.opt.PartBytes
	if n <= 0 {
		n = defaultSeconds
	}
	if size <= 0 {
		size = defaultBytes
	}
	n = min(n, longestPart, int((size-wavBytes)/(Rate*sampleBytes)))
	// One is being filled, one waits for its turn.
	n = min(n, heldSound/(Rate*sampleBytes)/(t.pool.capacity()+2)-aroundFrames*frame/Rate)
	return max(n, 5)
}

// Transcribe makes the transcript of a recording. It fails with ErrNone,
// ErrUnavailable, ErrBudget, ErrRefused, a *SoundError, or what its stores say;
// every answer that came before is kept, and the next call goes on there.
func (t *Transcriber) Transcribe(ctx context.Context, in Input) (*Heard, error) {
	if !t.Configured() {
		return nil, ErrNone
	}
	h := &hearer{t: t}
	times, err := t.ready(ctx, h, in)
	if err != nil {
		return nil, err
	}
	out, parts, err := t.listen(ctx, h, in, times)
	if err == nil && times && slices.ContainsFunc(parts, untimed) {
		// One of several services turned out to give no times.
		h.models = nil
		if _, err = t.ready(ctx, h, in); err == nil {
			out, parts, err = t.listen(ctx, h, in, false)
		}
	}
	if err != nil {
		return nil, err
	}
	out.Sent, out.Parts = int(h.sent.Load()), len(parts)
	t.assemble(out.Transcript, parts)
	return out, nil
}

// heard is a part without its sound, and what was said in it.
type heard struct {
	part
	answer *answer
}

// untimed says whether a long part came back without times.
func untimed(p *heard) bool {
	return len(p.answer.Segments) == 0 && p.answer.Text != "" && p.To-p.From > 2*shortSeconds*Rate
}

// Reachable says why no service can be asked now: ErrNone, ErrUnavailable. Looking
// into a recording before it is known would be for nothing.
func (t *Transcriber) Reachable(ctx context.Context) error {
	if !t.Configured() {
		return ErrNone
	}
	_, _, err := t.known(ctx, &hearer{t: t})
	return err
}

// ready finds out which services there are and what they take. times says that
// all of them give times.
func (t *Transcriber) ready(ctx context.Context, h *hearer, in Input) (times bool, err error) {
	times, unknown, err := t.known(ctx, h)
	if err != nil || !unknown || !times {
		return times, err
	}
	// The first words of this recording find out.
	if err := t.probe(ctx, h, in); err != nil {
		return false, err
	}
	for _, e := range t.pool.all {
		if as, _, err := e.know(ctx); err == nil && as.Known && !as.Times {
			return false, nil
		}
	}
	return true, nil
}

// known says what is known of the services: whether all give times, and whether
// one has not been asked yet.
func (t *Transcriber) known(ctx context.Context, h *hearer) (times, unknown bool, err error) {
	times, usable := true, false
	var last error
	for _, e := range t.pool.all {
		as, model, err := e.know(ctx)
		switch {
		case ctx.Err() != nil:
			return false, false, ctx.Err()
		case errors.Is(err, errDown), errors.Is(err, errDenied):
			last = fmt.Errorf("%s: %w", e.name(), err)
			continue
		case err != nil:
			return false, false, err
		}
		usable = true
		if !slices.Contains(h.models, model) {
			h.models = append(h.models, model)
		}
		unknown = unknown || !as.Known
		times = times && (as.Times || !as.Known)
	}
	if !usable {
		return false, false, fmt.Errorf("%w: %w", ErrUnavailable, last)
	}
	return times, unknown, nil
}

var errEnough = errors.New("enough is heard")

// probe has the first part that is not empty heard as a short one.
func (t *Transcriber) probe(ctx context.Context, h *hearer, in Input) error {
	sound, err := in.Sound(ctx)
	if err != nil {
		return &SoundError{err}
	}
	defer sound.Close()
	n := 0
	_, _, err = cut(ctx, sound, shortCut(framesOf(shortSeconds)), func(p *part) error {
		a, err := h.hear(ctx, p, 0)
		if n++; err == nil && (a.Text != "" || a.Speech != nil || n == 5) {
			err = errEnough
		}
		return err
	})
	if errors.Is(err, errEnough) || err != nil && !ours(err) && ctx.Err() == nil {
		return nil // damage of the sound is told by the whole way
	}
	return err
}

// ours says whether an error is of the services or the stores, and not damage of
// the sound.
func ours(err error) bool {
	_, damage := errors.AsType[*damageError](err)
	return !damage
}

// damageError is an error of the sound's stream.
type damageError struct{ error }

func (e *damageError) Unwrap() error { return e.error }

// damaged marks the errors of a stream as such.
type damaged struct{ io.Reader }

func (d damaged) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &damageError{err}
	}
	return n, err
}

func framesOf(s int) int { return s * Rate / frame }

// listen cuts the sound and has every part heard, several at a time.
func (t *Transcriber) listen(ctx context.Context, h *hearer, in Input, times bool) (*Heard, []*heard, error) {
	sound, err := in.Sound(ctx)
	if err != nil {
		return nil, nil, &SoundError{err}
	}
	defer sound.Close()
	var source io.Reader = damaged{sound}
	limit := int64(in.MaxHours) * 3600 * Rate
	if limit > 0 {
		source = io.LimitReader(source, (limit+1)*sampleBytes)
	}
	how := shortCut(framesOf(min(shortSeconds, t.longest())))
	if times {
		how = wholeCut(framesOf(t.longest()))
	}
	var mu sync.Mutex
	var failed error
	stopped := func() error {
		mu.Lock()
		defer mu.Unlock()
		return failed
	}
	var parts []*heard
	group := errgroup.Group{}
	group.SetLimit(t.pool.capacity())
	samples, _, cutErr := cut(ctx, source, how, func(p *part) error {
		if err := stopped(); err != nil {
			return err
		}
		mine := &heard{part: *p}
		mine.PCM = nil
		parts = append(parts, mine)
		group.Go(func() error {
			// A part that fails ends the recording's turn, but not what is under way
			// beside it: that is paid for.
			a, err := h.hear(ctx, p, 0)
			if err != nil {
				mu.Lock()
				failed = errors.Join(failed, fmt.Errorf("%s from %s: %w", in.Name, clock(seconds(p.From)), err))
				mu.Unlock()
			}
			mine.answer = a
			return nil
		})
		return nil
	})
	_ = group.Wait() // none of them fails
	if err := errors.Join(ctx.Err(), stopped()); err != nil {
		return nil, nil, err
	}
	out := &Heard{Transcript: &document.Transcript{Source: "engine"}}
	if limit > 0 && samples > limit {
		samples, out.Damage = limit, ErrTooLong
	}
	if d, ok := errors.AsType[*damageError](cutErr); ok {
		if samples == 0 {
			return nil, nil, &SoundError{d.error}
		}
		out.Damage, cutErr = d.error, nil
	}
	if cutErr != nil {
		return nil, nil, cutErr
	}
	out.Transcript.Duration = round(seconds(samples))
	return out, parts, nil
}

// prompt is what goes with every part: the office's own words, a sentence that
// asks for simplified Chinese with punctuation where Chinese is all that is
// spoken, and the glossary.
func (t *Transcriber) prompt() string {
	var out []string
	if t.opt.Prompt != "" {
		out = append(out, t.opt.Prompt)
	} else if len(t.opt.Languages) == 1 && strings.HasPrefix(t.opt.Languages[0], "zh") && !traditional(t.opt.Languages[0]) {
		out = append(out, "以下是普通话的句子。")
	}
	if words := t.glossary("、"); words != "" {
		out = append(out, words+"。")
	}
	return strings.Join(out, "")
}

func (t *Transcriber) hotwords() string {
	for _, e := range t.opt.Endpoints {
		if e.Hotwords {
			return t.glossary(" ")
		}
	}
	return ""
}

// promptRunes bounds the glossary in a prompt: Whisper reads the last 224 tokens
// of it, about 150 Chinese characters.
const promptRunes = 120

func (t *Transcriber) glossary(between string) string {
	var out strings.Builder
	n := 0
	for _, w := range t.opt.Glossary {
		if n += len([]rune(w)) + 1; n > promptRunes {
			break
		}
		if out.Len() > 0 {
			out.WriteString(between)
		}
		out.WriteString(w)
	}
	return out.String()
}

// clock writes seconds as people read them.
func clock(s float64) string {
	n := int(s)
	return fmt.Sprintf("%02d:%02d:%02d", n/3600, n/60%60, n%60)
}

// round keeps milliseconds, so that a transcript is the same however its times
// were added up.
func round(s float64) float64 { return float64(int64(s*1000+0.5)) / 1000 }
