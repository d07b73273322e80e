package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"guidang/engines"
	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/sound"
	"guidang/pipeline/store"
	"guidang/pipeline/transcribe"
)

// enginePrefix stands before the fingerprint of a transcript that an engine
// made, in ledger.Content.Transcript.
const enginePrefix = "speech:"

// noSpeech stands for the minutes of a recording in which nobody speaks.
const noSpeech = "no-speech"

// SpeechEngine is a local engine for speech. Start brings it up, or says where it
// is when it runs; it is called before every request.
type SpeechEngine interface {
	Start(ctx context.Context) (baseURL, key string, err error)
}

// speech transcribes recordings beside the runs, one after the other, while
// their parts go out side by side. The ledger says what is left to do: a recording
// that waits for a transcriber. Nothing is queued, so nothing can be lost.
type speech struct {
	a *Archive
	t *transcribe.Transcriber
	l *hearer

	more chan struct{}

	mu     sync.Mutex
	wanted bool          // a round was asked for and has not begun
	busy   bool          // a round goes on
	rest   chan struct{} // closed when a round ends
	after  time.Time     // no round before: the night's budget is used up
	now    SpeechStatus
}

// SpeechStatus is how transcription stands.
type SpeechStatus struct {
	Done  int    `json:"done"`            // recordings of the round
	Total int    `json:"total"`           //
	Why   string `json:"waits,omitempty"` // why the last round ended early
}

func newSpeech(a *Archive, t *transcribe.Transcriber) *speech {
	l := &hearer{decoder: a.decoder, transcriber: t, engine: a.voices, engines: EngineOptions(a.cfg, nil).Dir, hours: a.limits.Hours, log: a.log}
	return &speech{a: a, t: t, l: l, more: make(chan struct{}, 1), rest: make(chan struct{})}
}

// wake asks for a round.
func (s *speech) wake() {
	if !s.t.Configured() {
		return
	}
	s.mu.Lock()
	s.wanted = true
	s.mu.Unlock()
	signal(s.more)
}

// run does the rounds until the context ends.
func (s *speech) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.more:
		}
		s.mu.Lock()
		s.wanted, s.busy = false, true
		s.mu.Unlock()
		err := s.round(ctx)
		s.mu.Lock()
		before := s.now.Why
		if s.now.Why = ""; err != nil {
			s.now.Why = err.Error()
		}
		told := s.now.Why == before
		s.busy = false
		close(s.rest)
		s.rest = make(chan struct{})
		s.mu.Unlock()
		if err != nil && !told && ctx.Err() == nil && !errors.Is(err, engines.ErrNotInstalled) {
			s.a.log.Warn("recordings wait to be transcribed", "error", err)
		}
	}
}

// await returns when no round is asked for or goes on, or patience is over.
func (s *speech) await(ctx context.Context, patience time.Duration) error {
	over := time.NewTimer(patience)
	defer over.Stop()
	for {
		s.mu.Lock()
		rest, idle := s.rest, !s.wanted && !s.busy
		s.mu.Unlock()
		if idle {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-over.C:
			return nil
		case <-rest:
		}
	}
}

// pickUpEvery is how often a serving process looks whether recordings wait that
// could go on: a service that was down, a night's budget that begins anew.
const pickUpEvery = 10 * time.Minute

// watch asks for rounds by itself.
func (s *speech) watch(ctx context.Context) {
	tick := time.NewTicker(pickUpEvery)
	defer tick.Stop()
	for s.wake(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.wake()
		}
	}
}

// round transcribes all that waits. It ends early, with the reason, when no
// service can go on.
func (s *speech) round(ctx context.Context) error {
	s.mu.Lock()
	early, why := time.Now().Before(s.after), s.now.Why
	s.mu.Unlock()
	if early {
		return errors.New(why)
	}
	todo, err := s.unheard(ctx)
	if err != nil {
		return err
	}
	s.count(0, len(todo))
	for n, c := range todo {
		if err := s.a.guard.Check(); err != nil {
			return err // the disk: the runs say so
		}
		err := s.hear(ctx, c.ID)
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, transcribe.ErrBudget):
			s.mu.Lock()
			s.after = nightEnds(time.Now(), s.a.zone())
			s.mu.Unlock()
			return err
		default:
			return err
		}
		s.count(n+1, len(todo))
	}
	return nil
}

func (s *speech) count(done, total int) {
	s.mu.Lock()
	s.now.Done, s.now.Total = done, total
	s.mu.Unlock()
	s.a.progress.Heard.Store(int64(done))
	s.a.progress.ToHear.Store(int64(total))
}

// status is how transcription stands; nil: there is no transcriber.
func (s *speech) status() *SpeechStatus {
	if !s.t.Configured() {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.now
	return &out
}

// unheard are the recordings that wait, newest found first: what came in today is
// wanted tomorrow.
func (s *speech) unheard(ctx context.Context) ([]*ledger.Content, error) {
	all, err := s.a.ledger.Meetings(ctx)
	if err != nil {
		return nil, err
	}
	var out []*ledger.Content
	for _, c := range all {
		if waitsForSpeech(c) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(x, y *ledger.Content) int { return cmp.Compare(y.ID, x.ID) })
	return out, nil
}

func waitsForSpeech(c *ledger.Content) bool {
	return c.Kind == document.KindRecording && c.Canonical != 0 && c.Then == ledger.Waiting && c.Reason != document.TooLarge &&
		(c.ThenReason == ForTranscriber || c.ThenReason == string(document.MissingTool))
}

// hear transcribes one recording and makes its minutes. What is the recording's
// own fault becomes its state; an error ends the round.
func (s *speech) hear(ctx context.Context, id int64) error {
	c, err := s.a.ledger.Content(ctx, id)
	if err != nil || !waitsForSpeech(c) {
		return err
	}
	item, err := s.a.ledger.Item(ctx, c.Canonical)
	if err != nil || item.Todo {
		return err
	}
	original, err := s.a.openContent(ctx, c)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.a.log.Warn("a recording cannot be opened and waits", "item", item.Locator, "error", err)
		return nil
	}
	defer original.Close()
	began := time.Now()
	got, err := s.l.listen(ctx, sound.Recording{Bytes: bare(original), Size: original.Size(), Name: item.Locator})
	if err != nil {
		return s.failed(ctx, id, err)
	}
	s.a.log.Info("recording transcribed", "item", item.Locator, "minutes", int(got.Transcript.Duration/60), "parts", got.Parts, "sent", got.Sent,
		"dropped", len(got.Transcript.Dropped), "quality", got.Transcript.Quality, "seconds", int(time.Since(began).Seconds()))
	// A sidecar may have come meanwhile: the meetings step must not be under way.
	s.a.meeting.Lock()
	defer s.a.meeting.Unlock()
	if c, err = s.a.ledger.Content(ctx, id); err != nil || !waitsForSpeech(c) {
		return err
	}
	if got.Damage != nil {
		c.Read, c.Reason = document.Partial, damageReason(got.Damage)
	}
	c.Transcript = got.Transcript.Engine.Fingerprint
	fingerprint, err := s.a.minutesFingerprint(ctx, c, item)
	if err != nil {
		return err
	}
	err = s.a.meet(ctx, c, item, got.Transcript, fingerprint)
	s.a.feed.wake()
	return err
}

// failed makes a recording's own fault its state, and gives back what is not.
func (s *speech) failed(ctx context.Context, id int64, err error) error {
	undecoded, isSound := errors.AsType[*transcribe.SoundError](err)
	if ctx.Err() != nil || !isSound && !errors.Is(err, transcribe.ErrRefused) {
		return s.a.diskFull(err)
	}
	state, reason := ledger.Waiting, ForTranscriber
	switch {
	case !isSound: // every service refuses it; another one may not
	case errors.Is(undecoded, sound.ErrMissingTool):
		reason = string(document.MissingTool)
	default:
		state, reason = ledger.Quarantined, string(damageReason(undecoded))
	}
	return s.a.ledger.Update(ctx, func(tx ledger.Tx) error {
		c, err2 := tx.Content(id)
		if err2 != nil || !waitsForSpeech(c) {
			return err2
		}
		i, err2 := tx.Item(c.Canonical)
		if err2 != nil {
			return err2
		}
		if i.State == state && i.Reason == reason && i.Detail == err.Error() {
			return nil
		}
		c.Then, c.ThenReason = state, reason
		i.State, i.Reason, i.Detail = state, reason, err.Error()
		if state == ledger.Quarantined {
			c.OpenWork = ""
		}
		if err2 = tx.SetItem(i); err2 != nil {
			return err2
		}
		return tx.Publish(c)
	})
}

// damageReason is why a recording, or a part of it, cannot be heard.
func damageReason(err error) document.Reason {
	var told interface{ Reason() document.Reason }
	switch {
	case errors.Is(err, transcribe.ErrTooLong):
		return document.TooLarge
	case errors.As(err, &told):
		return told.Reason()
	}
	return document.Corrupt
}

// meetHeard brings the minutes of a recording that an engine transcribed up to
// date. A transcript that was lost is made again, from the answers that are kept.
func (a *Archive) meetHeard(ctx context.Context, c *ledger.Content, item *ledger.Item, fingerprint string) error {
	if c.Then == ledger.Indexed && (c.Minutes == fingerprint || c.Minutes == noSpeech) {
		return nil
	}
	t := &document.Transcript{}
	ok, err := a.kept(ctx, c, "transcript", t)
	if err != nil {
		return err
	}
	if ok {
		return a.meet(ctx, c, item, t, fingerprint)
	}
	c.Transcript, c.Minutes, c.Then, c.ThenReason, c.OpenWork = "", "", ledger.Waiting, ForTranscriber, workTranscribe
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.Publish(c) })
}

// hearAnew has recordings that somebody named transcribed again: by a better
// engine, it is to be hoped. With the same one nothing is sent twice.
func (a *Archive) hearAnew(ctx context.Context, items []*ledger.Item) error {
	if !a.speech.t.Configured() {
		return nil
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for _, i := range items {
			if i.Content == 0 {
				continue
			}
			c, err := tx.Content(i.Content)
			if err != nil {
				return err
			}
			if c.Kind != document.KindRecording || !strings.HasPrefix(c.Transcript, enginePrefix) {
				continue
			}
			c.Transcript, c.Minutes = "", ""
			if err := tx.SetContent(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// meetSilence keeps that nobody speaks in a recording: it is found by its name,
// and is not heard again.
func (a *Archive) meetSilence(ctx context.Context, c *ledger.Content, t *document.Transcript) error {
	data, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if err := a.derived.Put(ctx, []store.Result{{Sum: store.Sum(c.Sum), Fingerprint: "transcript", Data: data}}, nil); err != nil {
		return a.diskFull(err)
	}
	c.Minutes, c.Then, c.ThenReason, c.OpenWork = noSpeech, ledger.Indexed, "", ""
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.Publish(c) })
}
