package pipeline

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guidang/config"
	"guidang/pipeline/ledger"
)

// talking is a WAV of n seconds in which somebody seems to speak: a tone that
// comes and goes, of a pitch of its own for every recording.
func talking(n int, pitch float64) string {
	var pcm []byte
	for i := range n * 8000 {
		t := float64(i) / 8000
		v := 0.0
		if math.Mod(t, 0.4) < 0.25 && t > 0.3 {
			v = 9000 * math.Sin(2*math.Pi*pitch*t)
		}
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(v)+int16(i*7919%23)))
	}
	head := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data")
	binary.LittleEndian.PutUint32(head[4:], uint32(36+len(pcm)))
	return string(binary.LittleEndian.AppendUint32(head, uint32(len(pcm)))) + string(pcm)
}

// listener is a speech service that hears sentences of a meeting in anything.
type listener struct {
	asked, answered atomic.Int64
	seen            sync.Map // sums of sound
	again           bool     // sound may come twice: an answer was on its way when its run was stopped
}

func (l *listener) start(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(l)
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.asked.Add(1)
	file, _, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	data, _ := io.ReadAll(file)
	l.answered.Add(1)
	if _, twice := l.seen.LoadOrStore(string(data), true); twice && !l.again {
		http.Error(w, "sent twice", http.StatusTeapot)
		return
	}
	seconds := float64(len(data)-44) / 32000
	var segments []map[string]any
	for n, text := range []string{"我們決定下周五之前上線批量導出功能。", "李娜负责提交测试报告，接口可能延期是主要风险。"} {
		at := seconds * float64(n) / 2
		segments = append(segments, map[string]any{"start": at, "end": at + seconds/2, "text": text, "avg_logprob": -0.2, "no_speech_prob": 0.01})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"language": "chinese", "text": "x", "segments": segments})
}

// hears gives an office a transcriber.
func (o *office) hears(endpoint string, more ...string) {
	o.t.Helper()
	env := map[string]string{"GUIDANG_TRANSCRIBE_ENDPOINTS": endpoint + " model=m", "GUIDANG_TRANSCRIBE_PART_SECONDS": "10", "GUIDANG_TRANSCRIBE_LOCAL": "off"}
	for n := 0; n+1 < len(more); n += 2 {
		env[more[n]] = more[n+1]
	}
	cfg, err := config.Load(config.LoadOptions{Dir: o.t.TempDir(), Getenv: func(n string) string { return env[n] }, Environ: []string{}})
	if err != nil {
		o.t.Fatal(err)
	}
	o.cfg.Transcribe = cfg.Transcribe
	if o.a != nil {
		o.restart()
	}
}

func TestRecordingsAreTranscribed(t *testing.T) {
	t.Parallel()
	o, l := newOffice(t), &listener{}
	o.write("周会 2025-08-20.wav", talking(25, 440))
	o.write("副本/周会.wav", talking(25, 440))
	o.write("无声.wav", soundFile(128))
	o.write("说明.txt", "与会议无关的一份说明")
	account := o.ingest()
	if account.WaitingFor[ForTranscriber] != 2 {
		t.Fatalf("without a transcriber %v wait", account.WaitingFor)
	}
	if s, err := o.a.Status(t.Context()); err != nil || s.OpenWork["transcribe"] != 2 {
		t.Errorf("open work %v, %v", s.OpenWork, err)
	}
	o.hears(l.start(t))
	account = o.ingest() // picked up by itself
	o.want(map[string]string{"副本/周会.wav": "indexed", "周会 2025-08-20.wav": "duplicate-of", "无声.wav": "indexed", "说明.txt": "indexed"})
	if account.Incomplete() || account.Changed[ledger.Indexed] != 2 {
		t.Errorf("the account: %+v", account)
	}
	v, err := o.a.Show(t.Context(), "副本/周会.wav", nil)
	if err != nil {
		t.Fatal(err)
	}
	if v.Said == nil || v.Said.Source != "engine" || v.Said.Engine.Model != "m" || v.Said.Quality != "good" || v.Minutes == nil || len(v.Minutes.Decisions) == 0 {
		t.Fatalf("said %+v, minutes %+v", v.Said, v.Minutes)
	}
	if text := v.Said.Utterances[0].Text; !strings.Contains(text, "决定") {
		t.Errorf("it is not in simplified characters: %s", text)
	}
	silent, err := o.a.Show(t.Context(), "无声.wav", nil)
	if err != nil || silent.Said == nil || len(silent.Said.Utterances) != 0 || silent.Minutes != nil {
		t.Errorf("a silent recording: %+v, %v", silent, err)
	}
	if got := o.find("批量导出"); len(got) != 1 {
		t.Errorf("found %q", got)
	}
	s, err := o.a.Status(t.Context())
	if err != nil || s.OpenWork["transcribe"] != 0 || s.Spend["transcribe_minutes"] < 0.3 || s.Spend["transcribe_minutes"] > 1 {
		t.Errorf("status %+v, %v", s, err)
	}
	o.clean("after transcribing")

	asked, before := l.asked.Load(), o.dump()
	if again := o.ingest(); len(again.Changed) != 0 {
		t.Errorf("a second run changed %v", again.Changed)
	}
	o.restart()
	o.ingest()
	if l.asked.Load() != asked || o.dump() != before {
		t.Errorf("doing it again asked %d times more or changed the dump", l.asked.Load()-asked)
	}
}

func TestUnreachableTranscriberIsWaitedFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.hears("http://127.0.0.1:1/v1")
	o.write("a.wav", talking(5, 300))
	account := o.ingest()
	o.want(map[string]string{"a.wav": "waiting transcriber"})
	if s, err := o.a.Status(t.Context()); err != nil || s.Speech == nil || s.Speech.Why == "" || !account.Closed {
		t.Errorf("status %+v, %v", s.Speech, err)
	}
	l := &listener{}
	o.hears(l.start(t))
	if _, n, err := o.a.Retry(t.Context(), Retry{WaitingFor: ForTranscriber}); err != nil || n != 1 {
		t.Errorf("%d items retried, %v", n, err)
	}
	o.want(map[string]string{"a.wav": "indexed"})
	// Named, it is heard again: with the same model that costs nothing.
	asked := l.asked.Load()
	if _, _, err := o.a.Retry(t.Context(), Retry{Refs: []string{"a.wav"}}); err != nil {
		t.Fatal(err)
	}
	o.want(map[string]string{"a.wav": "indexed"})
	if l.asked.Load() != asked {
		t.Error("the same sound was sent again")
	}
	o.clean("after a retry")
}

func TestSidecarBeatsTheEngine(t *testing.T) {
	t.Parallel()
	o, l := newOffice(t), &listener{}
	o.hears(l.start(t))
	o.write("周会.wav", talking(5, 300))
	o.write("周会.vtt", talk)
	o.write("评审.wav", talking(5, 500))
	o.ingest()
	if l.answered.Load() != 1 {
		t.Errorf("%d parts were sent, want that of the one without a transcript", l.answered.Load())
	}
	o.write("评审.vtt", strings.ReplaceAll(talk, "测试报告", "评审报告")) // a person's transcript comes a day later
	o.ingest()
	v, err := o.a.Show(t.Context(), "评审.wav", nil)
	if err != nil || v.Said.Source != "sidecar" {
		t.Errorf("said %+v, %v", v.Said, err)
	}
	o.clean("after a sidecar")
}

func TestBudgetOfANight(t *testing.T) {
	t.Parallel()
	o, l := newOffice(t), &listener{}
	url := l.start(t)
	o.hears(url, "GUIDANG_TRANSCRIBE_BUDGET_MINUTES", "1")
	for n := range 8 {
		o.write(fmt.Sprintf("%d.wav", n), talking(20, 300+10*float64(n)))
	}
	account := o.ingest()
	done := account.States[ledger.Indexed]
	if done == 0 || done >= 8 || account.WaitingFor[ForTranscriber] != 8-done || !account.Closed || account.Outcome != Done {
		t.Fatalf("the account %+v", account)
	}
	s, err := o.a.Status(t.Context())
	if err != nil || s.Spend["transcribe_minutes"] > 1 || s.Spend["transcribe_budget_minutes"] != 1 || !strings.Contains(s.Speech.Why, "budget") {
		t.Errorf("spend %v, speech %+v, %v", s.Spend, s.Speech, err)
	}
	o.hears(url)
	o.ingest()
	if n := o.a.mustCount(t, ledger.Waiting); n != 0 {
		t.Errorf("%d still wait without a budget", n)
	}
}

// mustCount counts items by state.
func (a *Archive) mustCount(t *testing.T, s ledger.State) int64 {
	t.Helper()
	c, err := a.ledger.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c.States[s]
}

func TestRecordingThatCannotBeHeard(t *testing.T) {
	t.Parallel()
	o, l := newOffice(t), &listener{}
	o.hears(l.start(t))
	whole := talking(12, 300)
	o.write("断.wav", whole[:len(whole)/2])
	o.ingest()
	o.want(map[string]string{"断.wav": "indexed"})
	v, err := o.a.Show(t.Context(), "断.wav", nil)
	if err != nil || v.Said == nil || v.Said.Duration < 5 || v.Said.Duration > 7 {
		t.Errorf("half a recording: %+v, %v", v.Said, err)
	}
	o.clean("after damaged recordings")
}

// A run that is stopped while it transcribes goes on at the next part.
func TestStoppedWhileTranscribing(t *testing.T) {
	t.Parallel()
	o, whole, l := newOffice(t), newOffice(t), &listener{again: true}
	url := l.start(t)
	o.hears(url)
	o.write("长.wav", talking(90, 330))
	for n := range 4 {
		ctx, cancel := context.WithCancel(t.Context())
		stop := l.answered.Load() + int64(n)
		go func() {
			for l.answered.Load() <= stop && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
			cancel()
		}()
		_, _ = o.a.Ingest(ctx, Run{Kind: "ingest", Paths: []string{o.source}})
		cancel()
		o.restart()
	}
	o.ingest()
	o.want(map[string]string{"长.wav": "indexed"})
	second := &listener{}
	whole.source = o.source
	whole.hears(second.start(t))
	whole.ingest()
	if a, b := o.dump(), whole.dump(); a != b {
		t.Errorf("stopped and undisturbed differ:\n%s\n---\n%s", a, b)
	}
}

func TestNights(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ at, night, ends string }{
		{"2026-03-05T13:00:00", "2026-03-05", "2026-03-06T12:00:00"},
		{"2026-03-06T01:00:00", "2026-03-05", "2026-03-06T12:00:00"},
		{"2026-03-06T11:59:59", "2026-03-05", "2026-03-06T12:00:00"},
		{"2026-03-06T12:00:00", "2026-03-06", "2026-03-07T12:00:00"},
	} {
		at, err := time.ParseInLocation("2006-01-02T15:04:05", c.at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := night(at, zone); got != c.night {
			t.Errorf("%s is in the night of %s, want %s", c.at, got, c.night)
		}
		if got := nightEnds(at, zone).Format("2006-01-02T15:04:05"); got != c.ends {
			t.Errorf("the night of %s ends at %s, want %s", c.at, got, c.ends)
		}
	}
}

// The kept results are lost with everything that was heard: it is heard again.
func TestTranscriptsAreLost(t *testing.T) {
	t.Parallel()
	o, l := newOffice(t), &listener{again: true}
	o.hears(l.start(t))
	o.write("a.wav", talking(5, 300))
	o.ingest()
	before := o.dump()
	if err := o.a.Close(); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(o.cfg.Data, "derived.db"+suffix)); err != nil && suffix == "" {
			t.Fatal(err)
		}
	}
	o.open()
	if _, err := o.a.Reconcile(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	o.ingest()
	if after := o.dump(); after != before {
		t.Errorf("after the loss:\n%s\n---\n%s", after, before)
	}
	if v, err := o.a.Show(t.Context(), "a.wav", nil); err != nil || v.Said == nil || len(v.Said.Utterances) == 0 {
		t.Errorf("said %+v, %v", v.Said, err)
	}
	o.clean("after the loss")
}
