package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"guidang/extractors/document"
)

// talkFile writes a WAV of n seconds in which a tone comes and goes.
func talkFile(t *testing.T, dir, name string, n int) string {
	t.Helper()
	pcm := make([]byte, 0, n*16000)
	for i := range n * 8000 {
		at := float64(i) / 8000
		v := 0.0
		if math.Mod(at, 0.5) < 0.3 && at > 0.3 {
			v = 9000 * math.Sin(2*math.Pi*(300+at)*at) // never the same twice
		}
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(v)+int16(i*7919%23)))
	}
	head := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data")
	binary.LittleEndian.PutUint32(head[4:], uint32(36+len(pcm)))
	head = binary.LittleEndian.AppendUint32(head, uint32(len(pcm)))
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, append(head, pcm...), 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	return path
}

// speechService answers the same for the same sound.
type speechService struct {
	mu     sync.Mutex
	before [32]byte          // what was answered last in this life of the client
	alive  bool              // and that it has gone on since
	stored map[[32]byte]bool // answered, and then the next one was asked for
	again  int               // asked for although stored
	asked  int
	order  func() (kill func(), early bool) // what to do with this request
}

func (s *speechService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		_, _ = io.WriteString(w, `{"data":[{"id":"m"}]}`)
		return
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	data, _ := io.ReadAll(file)
	sum := sha256.Sum256(data)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.alive { // one request at a time: it asks for the next when the last is stored
		s.stored[s.before] = true
	}
	if s.stored[sum] {
		s.again++
	}
	kill, early := s.order()
	if kill != nil && early {
		s.alive = false
		kill()
		return
	}
	seconds := float64(len(data)-44) / 32000
	_ = json.NewEncoder(w).Encode(map[string]any{"language": "zh", "text": "x", "segments": []map[string]any{
		{"start": 0, "end": seconds, "text": fmt.Sprintf("我们决定第%x项下周五之前上线。", sum[:2]), "avg_logprob": -0.1},
	}})
	s.before, s.alive = sum, true
	if kill != nil {
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
		s.alive = false
		kill()
	}
}

func (s *speechService) start(t *testing.T) string {
	t.Helper()
	s.stored = map[[32]byte]bool{}
	if s.order == nil {
		s.order = func() (func(), bool) { return nil, false }
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server.URL + "/v1"
}

// Killed again and again while it transcribes, an ingest sends no part whose
// answer it has stored, and the transcript is that of an undisturbed run, to the
// byte. GUIDANG_TEST_KILLS=20 for more.
func TestKilledWhileTranscribing(t *testing.T) {
	t.Parallel()
	kills := 5
	if n, err := strconv.Atoi(os.Getenv("GUIDANG_TEST_KILLS")); err == nil {
		kills = n
	}
	source := t.TempDir()
	talkFile(t, source, "长会.wav", 30*kills)
	calm := &speechService{}
	environ := func(url string) map[string]string {
		return map[string]string{"GUIDANG_TRANSCRIBE_ENDPOINTS": url + " model=m", "GUIDANG_TRANSCRIBE_PART_SECONDS": "10"}
	}
	undisturbed := filepath.Join(t.TempDir(), "data")
	commandIn(t, t.Context(), environ(calm.start(t)), "ingest", source, "--data", undisturbed).want(t, exitDone)

	data := filepath.Join(t.TempDir(), "data")
	var running *exec.Cmd
	left, after := kills, 2
	s := &speechService{order: func() (func(), bool) {
		if after--; after > 0 || left == 0 {
			return nil, false
		}
		left--
		after = 1 + rand.IntN(4)
		return func() { _ = running.Process.Kill() }, rand.IntN(2) == 0
	}}
	env := environ(s.start(t))
	for life := 0; ; life++ {
		running = program(t, "ingest", source, "--data", data)
		for k, v := range env {
			running.Env = append(running.Env, k+"="+v)
		}
		var out bytes.Buffer
		running.Stdout, running.Stderr = &out, &out
		if err := running.Start(); err != nil {
			t.Fatal(err)
		}
		err := running.Wait()
		if err == nil {
			break
		}
		if life > kills {
			t.Fatalf("life %d ends with %v: %s", life, err, out.String())
		}
	}
	t.Logf("%d kills, %d parts, %d sent in all", kills, calm.asked, s.asked)
	if left > 0 || s.again > 0 {
		t.Errorf("%d kills were left, %d parts sent again after they were stored", left, s.again)
	}
	if most := calm.asked + kills; s.asked > most {
		t.Errorf("%d parts were sent, %d undisturbed and at most one more for each of %d kills", s.asked, calm.asked, kills)
	}
	spoken := func(data string) string {
		var v struct {
			Spoken *document.Transcript `json:"spoken"`
		}
		command(t, "show", "长会.wav", "--data", data, "--json").want(t, exitDone).decode(t, &v)
		if v.Spoken == nil {
			t.Fatal("no transcript")
		}
		v.Spoken.Engine.Name = "" // another port
		text, err := json.Marshal(v.Spoken)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if a, b := spoken(data), spoken(undisturbed); a != b {
		t.Errorf("killed and undisturbed differ:\n%s\n%s", a, b)
	}
	if a, b := command(t, "dump", "--data", data).stdout, command(t, "dump", "--data", undisturbed).stdout; a != b {
		t.Errorf("the dumps differ:\n%s\n%s", a, b)
	}
	command(t, "reconcile", "--data", data).want(t, exitDone)
}

func TestTranscribe(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	path := talkFile(t, dir, "2025-08-20 周会.wav", 12)
	s := &speechService{}
	env := map[string]string{"GUIDANG_TRANSCRIBE_ENDPOINTS": s.start(t) + " model=m"}
	run := func(args ...string) outcome {
		return commandIn(t, t.Context(), env, append([]string{"transcribe", path}, args...)...)
	}
	var tr document.Transcript
	run("--json").want(t, exitDone).decode(t, &tr)
	if tr.Source != "engine" || tr.Date != "2025-08-20" || tr.Duration != 12 || len(tr.Utterances) != 1 || tr.Quality != "good" {
		t.Errorf("transcript %+v", tr)
	}
	asked := s.asked
	for form, want := range map[string]string{"--vtt": "WEBVTT", "--srt": "00:00:00,", "--text": "我们决定第"} {
		if o := run(form).want(t, exitDone); !strings.Contains(o.stdout, want) {
			t.Errorf("%s: %s", form, o.stdout)
		}
	}
	if s.asked != asked {
		t.Errorf("the same file was sent again")
	}
	run("--vtt", "--srt").want(t, exitUsage)
	if o := commandIn(t, t.Context(), env, "minutes", path, "--json").want(t, exitDone); !strings.Contains(o.stdout, "决定") {
		t.Errorf("minutes of a recording: %s", o.stdout)
	}
	none := map[string]string{"GUIDANG_TRANSCRIBE_LOCAL": "off"}
	if o := commandIn(t, t.Context(), none, "transcribe", path).want(t, exitFailed); !strings.Contains(o.stderr, "no transcriber") {
		t.Errorf("without a transcriber: %s", o.stderr)
	}
	if err := os.WriteFile(filepath.Join(dir, "2025-08-20 周会.vtt"), []byte(vtt), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := commandIn(t, t.Context(), none, "transcribe", path, "--text").want(t, exitDone); !strings.Contains(o.stdout, "需求变更") {
		t.Errorf("the transcript beside it: %s", o.stdout)
	}
	if o := run("--engine", "--text").want(t, exitDone); !strings.Contains(o.stdout, "我们决定第") {
		t.Errorf("heard although a transcript lies beside it: %s", o.stdout)
	}
	if o := commandIn(t, t.Context(), env, "doctor"); !strings.Contains(o.stdout, "answers") {
		t.Errorf("doctor: %s", o.stdout)
	}
}
