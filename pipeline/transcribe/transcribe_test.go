package transcribe

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"guidang/extractors/document"
)

// meeting is a made-up recording of about a minute: talk, pauses, noise.
func meeting() *maker {
	m := newMaker().pause(1.3)
	for n := range 6 {
		m.say(18).pause(0.5 + 0.3*float64(n%3))
	}
	return m.pause(2)
}

// heardText is a transcript's text without signs.
func heardText(t *document.Transcript) string {
	var b strings.Builder
	for _, u := range t.Utterances {
		b.WriteString(letters(u.Text))
	}
	return b.String()
}

// inPlace fails the test unless every utterance begins and ends within half a
// second of its first and last word.
func inPlace(t *testing.T, m *maker, tr *document.Transcript, tolerance float64) {
	t.Helper()
	at := 0
	for _, u := range tr.Utterances {
		n := len([]rune(letters(u.Text)))
		if n == 0 || at+n > len(m.words) {
			t.Fatalf("utterance %+v is more than was said", u)
		}
		if d := math.Abs(u.Start - m.words[at].start); d > tolerance {
			t.Errorf("%q begins at %.2f, was said at %.2f", u.Text, u.Start, m.words[at].start)
		}
		if d := math.Abs(u.End - m.words[at+n-1].end); d > tolerance {
			t.Errorf("%q ends at %.2f, was said up to %.2f", u.Text, u.End, m.words[at+n-1].end)
		}
		at += n
	}
}

func TestEveryServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind      string
		tolerance float64 // of what gives no times a part's utterance is as exact as its share of the talk
	}{
		{"openai-whisper", 0.5}, {"openai-4o", 0.5}, {"openai-diarize", 0.5}, {"speaches", 0.5}, {"words-only", 0.5}, {"whisper.cpp", 0.5},
		{"funasr", 1}, {"funasr-text", 0.5}, {"text", 0.5}, {"vllm", 0.5}, {"assertion", 0.5}, {"groq", 0.5},
	} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			f := &fake{kind: c.kind}
			mem := newMemory()
			o := Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m", Key: "secret"}}, Languages: []string{"zh", "en"}, Prompt: "会议", PartSeconds: 40}
			m := meeting()
			got, err := quick(o, mem).Transcribe(t.Context(), m.input("周会.wav"))
			if err != nil {
				t.Fatal(err)
			}
			if got.Damage != nil || heardText(got.Transcript) != m.text() {
				t.Errorf("heard %q\nsaid  %q", heardText(got.Transcript), m.text())
			}
			inPlace(t, m, got.Transcript, c.tolerance)
			asked := f.asked
			again, err := quick(o, mem).Transcribe(t.Context(), m.input("周会.wav"))
			if err != nil || f.asked != asked {
				t.Errorf("the second time %d calls more, %v", f.asked-asked, err)
			}
			if a, b := marshal(t, got.Transcript), marshal(t, again.Transcript); a != b {
				t.Errorf("the second time it is another transcript:\n%s\n%s", a, b)
			}
		})
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What an endpoint takes is found out once, also by another process.
func TestAbilitiesAreRemembered(t *testing.T) {
	t.Parallel()
	f, mem := &fake{kind: "openai-4o"}, newMemory()
	o := Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "gpt-4o-transcribe"}}, Languages: []string{"zh", "en"}}
	if _, err := quick(o, mem).Transcribe(t.Context(), newMaker().say(8).pause(1).input("a")); err != nil {
		t.Fatal(err)
	}
	before := f.asked
	got, err := quick(o, mem).Transcribe(t.Context(), newMaker().pause(1).say(9).pause(1).input("b"))
	if err != nil || f.asked != before+1 {
		t.Errorf("%d calls for one more short recording, %v", f.asked-before, err)
	}
	if got != nil && got.Transcript.Engine.Model != "gpt-4o-transcribe" {
		t.Errorf("engine %+v", got.Transcript.Engine)
	}
}

func TestNothingToHear(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]*maker{
		"silence": newMaker().pause(30), "digital silence": newMaker().zeros(30), "a machine": newMaker().noise(30), "a chord": newMaker().music(30), "nothing": newMaker(),
		"hiss in a gap of zeros": newMaker().zeros(20).pause(5).zeros(20),
	} {
		f := &fake{}
		got, err := quick(Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m"}}}, newMemory()).Transcribe(t.Context(), m.input(name))
		if err != nil || len(got.Transcript.Utterances) != 0 || f.asked != 0 {
			t.Errorf("%s: %d calls, %+v, %v", name, f.asked, got, err)
			continue
		}
		if want := m.now(); math.Abs(got.Transcript.Duration-want) > 0.01 {
			t.Errorf("%s lasts %.2f s, want %.2f", name, got.Transcript.Duration, want)
		}
	}
}

func TestShortAndFaintTalk(t *testing.T) {
	t.Parallel()
	f := &fake{}
	m := newMaker().say(3).pause(0.4)
	got, err := quick(Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m"}}}, newMemory()).Transcribe(t.Context(), m.input("3 s"))
	if err != nil || heardText(got.Transcript) != m.text() {
		t.Errorf("heard %+v of %q, %v", got, m.text(), err)
	}
}

// A long silence in the middle is not sent: it costs money and engines put words
// into it.
func TestLongSilenceIsLeftOut(t *testing.T) {
	t.Parallel()
	f := &fake{}
	m := newMaker().pause(20).say(10).pause(60).say(10).pause(20)
	got, err := quick(Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m"}}}, newMemory()).Transcribe(t.Context(), m.input("a"))
	if err != nil || heardText(got.Transcript) != m.text() {
		t.Fatalf("heard %+v, %v", got, err)
	}
	inPlace(t, m, got.Transcript, 0.5)
	sent := 0
	for pcm := range f.heard {
		sent += len(pcm)
	}
	if s := float64(sent) / 2 / Rate; s > 12 { // and once more what the first words found out
		t.Errorf("%.1f s were sent of two talks of 3 s", s)
	}
}

// Talk without a breath is cut within words; none is lost or doubled.
func TestForcedCuts(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"segments", "words-only", "openai-4o"} {
		for _, length := range []int{7, 11} {
			f := &fake{kind: kind}
			m := newMaker().pause(0.5).say(120).pause(1)
			got, err := quick(Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m", Concurrency: 3}}, PartSeconds: length}, newMemory()).Transcribe(t.Context(), m.input("a"))
			if err != nil {
				t.Fatal(err)
			}
			if heard := heardText(got.Transcript); heard != m.text() {
				t.Errorf("%s, parts of %d s:\nheard %s\nsaid  %s", kind, length, heard, m.text())
				continue
			}
			inPlace(t, m, got.Transcript, 0.5)
		}
	}
}

func TestTooLargeIsHalved(t *testing.T) {
	t.Parallel()
	f, mem := &fake{limit: 10 * Rate * 2}, newMemory()
	o := Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m"}}}
	m := meeting()
	got, err := quick(o, mem).Transcribe(t.Context(), m.input("a"))
	if err != nil || heardText(got.Transcript) != m.text() {
		t.Fatalf("heard %+v, %v", got, err)
	}
	inPlace(t, m, got.Transcript, 0.5)
	for pcm, n := range f.heard {
		if n > 1 {
			t.Errorf("a part of %d bytes was answered %d times", len(pcm), n)
		}
	}
}

func TestEqualSoundIsSentOnce(t *testing.T) {
	t.Parallel()
	f := &fake{}
	one := newMaker().pause(0.99).say(20).pause(0.99).zeros(0.03 * 400)
	two := &maker{pcm: append(append([]byte{}, one.pcm...), one.pcm...), words: append(append([]spokenWord{}, one.words...), one.words...)}
	tr := quick(Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m", Concurrency: 4}}}, newMemory())
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if got, err := tr.Transcribe(t.Context(), two.input("a")); err != nil || len(letters(heardText(got.Transcript))) != 3*40 {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	group.Wait()
	for pcm, n := range f.heard {
		if n > 1 {
			t.Errorf("%d bytes of sound were sent %d times", len(pcm), n)
		}
	}
}

func TestTroubles(t *testing.T) {
	t.Parallel()
	status := func(code int, header, body string) func(int, http.ResponseWriter, *http.Request) bool {
		return func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			if header != "" {
				w.Header().Set("Retry-After", header)
			}
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
			return true
		}
	}
	first := func(times int, then func(int, http.ResponseWriter, *http.Request) bool) func(int, http.ResponseWriter, *http.Request) bool {
		return func(n int, w http.ResponseWriter, r *http.Request) bool { return n <= times && then(n, w, r) }
	}
	hang := func(_ int, _ http.ResponseWriter, r *http.Request) bool {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
		return true
	}
	half := func(_ int, w http.ResponseWriter, r *http.Request) bool {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Length", "5000")
		_, _ = io.WriteString(w, `{"text":"一半`)
		return true
	}
	const page = "<!DOCTYPE html><html><body>Please log in</body></html>"
	for name, c := range map[string]struct {
		before func(int, http.ResponseWriter, *http.Request) bool
		want   error // nil: it ends right
	}{
		"busy with seconds":         {first(2, status(429, "7", `{"error":{"message":"Rate limit reached"}}`)), nil},
		"busy with a date":          {first(1, status(429, time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), "")), ErrUnavailable},
		"busy without a word":       {first(4, status(429, "", "")), nil},
		"busy for ever":             {status(429, "", ""), ErrUnavailable},
		"out of quota":              {status(429, "", `{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}`), ErrUnavailable},
		"overloaded":                {first(2, status(503, "", "no capacity")), nil},
		"a page of a proxy's error": {first(2, status(502, "", "<html>Bad Gateway</html>")), nil},
		"a page with status 200":    {status(200, "", page), ErrUnavailable},
		"a page at first":           {first(1, status(200, "", page)), nil},
		"wrong key":                 {status(401, "", `{"error":{"message":"Incorrect API key provided: sk-12345"}}`), ErrUnavailable},
		"unknown model":             {status(404, "", `{"detail":"Model 'm' is not installed locally."}`), ErrUnavailable},
		"nothing there":             {status(404, "", "404 page not found"), ErrUnavailable},
		"half an answer":            {first(2, half), nil},
		"always half an answer":     {half, ErrUnavailable},
		"hangs":                     {hang, ErrUnavailable},
		"hangs once":                {first(1, hang), nil},
		"an error with status 200":  {status(200, "", `{"error":"out of memory"}`), ErrUnavailable},
		"refuses the sound":         {status(400, "", `{"error":{"message":"Audio file might be corrupted or unsupported"}}`), ErrRefused},
		"a list":                    {status(200, "", `[1,2]`), ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{before: c.before}
			m := newMaker().pause(0.5).say(6).pause(0.5)
			tr := quick(Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m", Key: "sk-12345"}}, Timeout: 300 * time.Millisecond}, newMemory())
			got, err := tr.Transcribe(t.Context(), m.input("a.wav"))
			switch {
			case c.want != nil:
				if !errors.Is(err, c.want) || strings.Contains(err.Error(), "sk-12345") || strings.Contains(err.Error(), "127.0.0.1:") && strings.Contains(err.Error(), "http") {
					t.Errorf("error %v, want %v", err, c.want)
				}
			case err != nil || heardText(got.Transcript) != m.text():
				t.Errorf("heard %+v, %v", got, err)
			}
		})
	}
}

func TestFailOver(t *testing.T) {
	t.Parallel()
	down := &fake{before: func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusInternalServerError)
		return true
	}}
	well := &fake{}
	m := meeting()
	tr := quick(Options{Endpoints: []Endpoint{{URL: down.start(t), Model: "m", Weight: 9}, {URL: "http://127.0.0.1:1/v1", Model: "m"}, {URL: well.start(t), Model: "m"}}, PartSeconds: 8}, newMemory())
	got, err := tr.Transcribe(t.Context(), m.input("a"))
	if err != nil || heardText(got.Transcript) != m.text() {
		t.Fatalf("heard %+v, %v", got, err)
	}
}

func TestWeightsAndConcurrency(t *testing.T) {
	t.Parallel()
	slow := func(_ int, _ http.ResponseWriter, _ *http.Request) bool {
		time.Sleep(20 * time.Millisecond)
		return false
	}
	big, small := &fake{before: slow}, &fake{before: slow}
	m := newMaker()
	for range 24 {
		m.say(8).pause(1)
	}
	tr := quick(Options{Endpoints: []Endpoint{{URL: big.start(t), Model: "m", Weight: 3, Concurrency: 3}, {URL: small.start(t), Model: "m", Concurrency: 1}}, PartSeconds: 5}, newMemory())
	if _, err := tr.Transcribe(t.Context(), m.input("a")); err != nil {
		t.Fatal(err)
	}
	if big.most > 3 || small.most > 1 || big.asked <= small.asked {
		t.Errorf("%d and %d calls, %d and %d at the same time", big.asked, small.asked, big.most, small.most)
	}
}

// budget is a Meter.
type budget struct {
	mu   sync.Mutex
	left float64 // minutes
	cost float64
}

func (b *budget) Take(_ context.Context, minutes, money float64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if minutes > b.left {
		return ErrBudget
	}
	b.left -= minutes
	b.cost += money
	return nil
}

func TestBudget(t *testing.T) {
	t.Parallel()
	f, mem := &fake{}, newMemory()
	m := meeting()
	b := &budget{left: 0.5}
	o := Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m", Price: 2}}, PartSeconds: 10, Meter: b}
	_, err := quick(o, mem).Transcribe(t.Context(), m.input("a"))
	if !errors.Is(err, ErrBudget) {
		t.Fatalf("error %v", err)
	}
	if f.asked == 0 || b.cost < 0.5 || b.cost > 1.01 {
		t.Errorf("%d calls cost %.2f", f.asked, b.cost)
	}
	b.left = 10 // the next night
	got, err := quick(o, mem).Transcribe(t.Context(), m.input("a"))
	if err != nil || heardText(got.Transcript) != m.text() {
		t.Fatalf("heard %+v, %v", got, err)
	}
	for _, n := range f.heard {
		if n > 1 {
			t.Errorf("a part was sent %d times", n)
		}
	}
}

// Stopped again and again, a recording is finished with every part sent once and
// the same transcript to the byte.
func TestGoesOnAtTheNextPart(t *testing.T) {
	t.Parallel()
	m := newMaker()
	for n := range 30 {
		m.say(9).pause(0.3 + 0.1*float64(n%5))
	}
	options := func(url string) Options {
		return Options{Endpoints: []Endpoint{{URL: url, Model: "m", Concurrency: 2}}, PartSeconds: 6}
	}
	calm := &fake{}
	want, err := quick(options(calm.start(t)), newMemory()).Transcribe(t.Context(), m.input("a"))
	if err != nil {
		t.Fatal(err)
	}
	mem := newMemory()
	var stop func()
	f := &fake{before: func(n int, _ http.ResponseWriter, _ *http.Request) bool {
		if n%3 == 0 && stop != nil {
			stop()
		}
		return false
	}}
	url := f.start(t)
	var got *Heard
	for range 60 {
		ctx, cancel := context.WithCancel(t.Context())
		stop = cancel
		if got, err = quick(options(url), mem).Transcribe(ctx, m.input("a")); err == nil {
			cancel()
			break
		}
		cancel()
	}
	if got != nil {
		got.Transcript.Engine.Name = want.Transcript.Engine.Name // another port
	}
	if err != nil || marshal(t, got.Transcript) != marshal(t, want.Transcript) {
		t.Fatalf("%v\n%s\n%s", err, marshal(t, got), marshal(t, want))
	}
	if mem.keeps != len(calm.heard) {
		t.Errorf("%d answers were kept, %d undisturbed", mem.keeps, len(calm.heard))
	}
}

// A model that changes has everything heard anew, and the old answers stay.
func TestAnotherModel(t *testing.T) {
	t.Parallel()
	f, mem := &fake{}, newMemory()
	url := f.start(t)
	in := newMaker().say(10).pause(1).input("a")
	for n, model := range []string{"a", "b", "a"} {
		before := f.asked
		got, err := quick(Options{Endpoints: []Endpoint{{URL: url, Model: model}}}, mem).Transcribe(t.Context(), in)
		if err != nil || got.Transcript.Engine.Model != model || (f.asked > before) != (n < 2) {
			t.Errorf("model %s: %d calls, %+v, %v", model, f.asked-before, got, err)
		}
	}
}

func TestDamagedSound(t *testing.T) {
	t.Parallel()
	f := &fake{}
	m := newMaker().say(10).pause(1)
	tr := quick(Options{Endpoints: []Endpoint{{URL: f.start(t), Model: "m"}}}, newMemory())
	broken := errors.New("a broken frame")
	got, err := tr.Transcribe(t.Context(), Input{Name: "a", Sound: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader(string(m.pcm)), failing{broken})), nil
	}})
	if err != nil || !errors.Is(got.Damage, broken) || heardText(got.Transcript) != m.text() {
		t.Errorf("heard %+v, %v", got, err)
	}
	_, err = tr.Transcribe(t.Context(), Input{Name: "a", Sound: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(failing{broken}), nil }})
	if sound, ok := errors.AsType[*SoundError](err); !ok || !errors.Is(sound, broken) {
		t.Errorf("error %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestNoEndpoint(t *testing.T) {
	t.Parallel()
	if _, err := New(Options{}).Transcribe(t.Context(), newMaker().say(1).input("a")); !errors.Is(err, ErrNone) {
		t.Errorf("error %v", err)
	}
}
