package transcribe

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is a service that hears the words of sound_test.go and answers as one of
// the servers that are in use does. Fields that are zero ask for nothing.
type fake struct {
	kind   string
	before func(n int, w http.ResponseWriter, r *http.Request) bool // true: it has answered
	limit  int                                                      // bytes of sound; more is 413
	says   func(pcm []byte) []word                                  // nil: what is in the sound

	mu    sync.Mutex
	asked int            // calls
	heard map[string]int // sound: how often it was answered
	forms []map[string]string
	busy  int
	most  int // at the same time
}

func (f *fake) start(t *testing.T) string {
	t.Helper()
	f.heard = map[string]int{}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	switch f.kind {
	case "whisper.cpp":
		return s.URL
	default:
		return s.URL + "/v1"
	}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := "/v1/audio/transcriptions"
	if f.kind == "whisper.cpp" {
		path = "/inference"
	}
	switch {
	case r.URL.Path == "/v1/models" && f.kind != "whisper.cpp":
		_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"only-model"}]}`)
		return
	case r.URL.Path != path || r.Method != http.MethodPost:
		http.NotFound(w, r)
		return
	}
	f.mu.Lock()
	f.asked++
	n := f.asked
	f.busy++
	f.most = max(f.most, f.busy)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.busy--
		f.mu.Unlock()
	}()
	if f.before != nil && f.before(n, w, r) {
		return
	}
	if err := r.ParseMultipartForm(64 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	form := map[string]string{}
	for k, v := range r.MultipartForm.Value {
		form[k] = v[0]
	}
	file, head, err := r.FormFile("file")
	if err != nil || !strings.HasSuffix(head.Filename, ".wav") {
		http.Error(w, "no file", http.StatusBadRequest)
		return
	}
	wav, _ := io.ReadAll(file)
	if f.limit > 0 && len(wav) > f.limit {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		fmt.Fprintf(w, `{"error":{"message":"Maximum content size limit (%d) exceeded (%d bytes read)"}}`, f.limit, len(wav))
		return
	}
	pcm := wav[44:]
	f.mu.Lock()
	f.forms = append(f.forms, form)
	f.heard[string(pcm)]++
	f.mu.Unlock()
	hear := f.says
	if hear == nil {
		hear = hearWords
	}
	f.answer(w, form, hear(pcm))
}

// fakeSegments are utterances: a pause or twelve words end one.
func fakeSegments(words []word) []map[string]any {
	var out []map[string]any
	for from := 0; from < len(words); {
		to := from + 1
		for to < len(words) && to-from < 12 && words[to].Start-words[to-1].End < 0.3 {
			to++
		}
		text := ""
		for _, w := range words[from:to] {
			text += w.Word
		}
		out = append(out, map[string]any{"id": len(out), "seek": 0, "start": words[from].Start, "end": words[to-1].End, "text": text, "avg_logprob": -0.2, "no_speech_prob": 0.01, "compression_ratio": 1.1})
		from = to
	}
	return out
}

func fakeText(words []word) string {
	text := ""
	for _, w := range words {
		text += w.Word
	}
	return text
}

// answer answers in the dialect of its kind.
func (f *fake) answer(w http.ResponseWriter, form map[string]string, words []word) {
	fail := func(status int, body string) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	give := func(v any) { _ = json.NewEncoder(w).Encode(v) }
	text, segments := fakeText(words), fakeSegments(words)
	format := form["response_format"]
	switch f.kind {
	case "openai-whisper":
		if form["language"] == "auto" {
			fail(400, `{"error":{"message":"Invalid language 'auto'. Language parameter must be specified in ISO-639-1 format.","type":"invalid_request_error","param":"language","code":"invalid_language_format"}}`)
			return
		}
		give(map[string]any{"task": "transcribe", "language": "chinese", "duration": 1.0, "text": text, "segments": segments})
	case "openai-4o": // no times; refuses verbose_json
		if format == "verbose_json" {
			fail(400, `{"error":{"message":"response_format 'verbose_json' is not compatible with model 'gpt-4o-transcribe-api-ev3'. Use 'json' or 'text' instead.","param":"response_format"}}`)
			return
		}
		if form["language"] == "auto" {
			fail(400, `{"error":{"message":"Invalid language","param":"language"}}`)
			return
		}
		give(map[string]any{"text": text, "usage": map[string]any{"type": "tokens", "total_tokens": 12}})
	case "openai-diarize": // a prompt is refused; its segments have speakers
		if form["prompt"] != "" {
			fail(400, `{"error":{"message":"Prompt is not supported for diarization models.","param":"prompt"}}`)
			return
		}
		for n := range segments {
			segments[n] = map[string]any{"type": "transcript.text.segment", "id": fmt.Sprint("seg_", n), "start": segments[n]["start"], "end": segments[n]["end"], "text": segments[n]["text"], "speaker": string(rune('A' + n%2))}
		}
		give(map[string]any{"text": text, "segments": segments})
	case "speaches":
		if form["language"] == "auto" {
			fail(422, `{"detail":[{"type":"enum","loc":["body","language"],"msg":"Input should be 'zh' or 'en'"}]}`)
			return
		}
		for n := range segments {
			segments[n]["words"] = nil
		}
		give(map[string]any{"task": "transcribe", "language": "zh", "duration": 3.2, "text": text, "words": nil, "segments": segments})
	case "words-only": // words beside, no segments
		give(map[string]any{"text": text, "language": "zh", "words": words})
	case "whisper.cpp":
		if form["language"] == "" {
			give(map[string]any{"text": "this is English because nobody said otherwise", "language": "english"})
			return
		}
		for n := range segments {
			delete(segments[n], "compression_ratio")
			segments[n]["words"] = []word{}
		}
		give(map[string]any{"task": "transcribe", "language": "chinese", "duration": 3, "text": text, "segments": segments, "detected_language": "chinese", "detected_language_probability": 0.99})
	case "funasr": // times by counting characters; words may be empty
		end := 20.0
		if len(words) > 0 {
			end = words[len(words)-1].End
		}
		all := []rune(text)
		var out []map[string]any
		for from := 0; from < len(all); from += 10 {
			to := min(from+10, len(all))
			out = append(out, map[string]any{"start": end * float64(from) / float64(len(all)), "end": end * float64(to) / float64(len(all)), "text": string(all[from:to]), "words": []word{}})
		}
		give(map[string]any{"task": "transcribe", "language": "unknown", "duration": end, "text": text, "segments": out})
	case "funasr-text": // json and srt alike are a quoted string
		if format != "text" {
			fail(400, `{"error":"unsupported response_format"}`)
			return
		}
		give(text)
	case "text": // plain text as text/html
		if format != "text" {
			fail(415, `{"detail":"only text"}`)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, text+"\n")
	case "vllm":
		if form["language"] == "auto" {
			fail(400, `{"object":"error","message":"Unsupported language: auto. Must be one of ['zh', 'en']","type":"BadRequestError","code":400}`)
			return
		}
		give(map[string]any{"text": text, "language": "zh", "duration": "12.5", "segments": segments})
	case "assertion": // fails for the format that it does not make
		if format == "verbose_json" {
			fail(500, "Internal Server Error")
			return
		}
		give(map[string]any{"text": text})
	default:
		give(map[string]any{"text": text, "language": "zh", "segments": segments})
	}
}

// quick is a Transcriber for which time passes as soon as it waits.
func quick(o Options, m *memory) *Transcriber {
	o.Results, o.Memory = m, m
	t := New(o)
	var mu sync.Mutex
	now := time.Unix(0, 0)
	t.pool.now = func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	t.pool.wait = func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
		return ctx.Err()
	}
	return t
}
