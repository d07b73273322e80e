package minutes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"guidang/extractors/document"
)

// asked is what the fake chat server was asked.
type asked struct {
	Model               string   `json:"model"`
	MaxTokens           int      `json:"max_tokens"`
	MaxCompletionTokens int      `json:"max_completion_tokens"`
	Temperature         *float64 `json:"temperature"`
	ResponseFormat      *struct {
		Type string `json:"type"`
	} `json:"response_format"`
	Messages []struct {
		Role, Content string
	} `json:"messages"`
}

func (a asked) mode() string {
	if a.ResponseFormat == nil {
		return "plain"
	}
	return a.ResponseFormat.Type
}

func (a asked) user() string { return a.Messages[len(a.Messages)-1].Content }

// fakeChat answers like some provider; n counts the requests from 1.
type fakeChat struct {
	*httptest.Server
	mu  sync.Mutex
	log []asked
}

func newFakeChat(t *testing.T, answer func(n int, a asked, w http.ResponseWriter)) *fakeChat {
	t.Helper()
	f := &fakeChat{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a asked
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil || r.URL.Path != "/v1/chat/completions" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		f.mu.Lock()
		f.log = append(f.log, a)
		n := len(f.log)
		f.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		answer(n, a, w)
	}))
	t.Cleanup(f.Close)
	return f
}

// choice writes an answer as every provider frames it.
func choice(w http.ResponseWriter, content, reasoning, finish string, prompt int) {
	_ = json.NewEncoder(w).Encode(map[string]any{"id": "x", "object": "chat.completion", "choices": []any{map[string]any{"index": 0, "finish_reason": finish,
		"message": map[string]any{"role": "assistant", "content": content, "reasoning_content": reasoning}}},
		"usage": map[string]int{"prompt_tokens": prompt, "completion_tokens": 50, "total_tokens": prompt + 50}})
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": message, "type": "invalid_request_error"}})
}

var spokenLine = regexp.MustCompile(`(?m)^\[(\d+)\] ([^:]*): (.*)$`)

// good is an honest answer to what was asked.
func good(a asked) string {
	if !strings.Contains(a.user(), "<transcript>") && !strings.Contains(a.Messages[1].Content, "<transcript>") {
		return `{"headline":"批量导出功能放到二期","summary":"客户要求增加批量导出功能。决定批量导出功能放到二期。测试环境有风险。"}`
	}
	type entry = map[string]any
	out := map[string][]entry{"topics": {}, "key_points": {}, "decisions": {}, "actions": {}, "risks": {}, "open_questions": {}}
	for _, m := range spokenLine.FindAllStringSubmatch(a.Messages[1].Content, -1) {
		var id int
		_, _ = fmt.Sscan(m[1], &id)
		e := []int{id}
		switch text := strings.TrimPrefix(m[3], "嗯，"); {
		case strings.Contains(text, "决定"):
			out["decisions"] = append(out["decisions"], entry{"text": "批量导出功能放到二期。", "evidence": e})
		case strings.Contains(text, "我来"):
			out["actions"] = append(out["actions"], entry{"text": "更新需求文档并发给大家。", "owner": m[2], "due_text": "下周五之前", "evidence": e})
		case strings.Contains(text, "风险"):
			out["risks"] = append(out["risks"], entry{"text": "测试环境可能来不及准备数据。", "evidence": e})
		case strings.Contains(text, "忽略"):
			out["key_points"] = append(out["key_points"], entry{"text": "CANARY", "evidence": e})
		default:
			out["key_points"] = append(out["key_points"], entry{"text": text, "evidence": e})
		}
	}
	data, _ := json.Marshal(out)
	return string(data)
}

func tokens4(a asked) int { return len(a.Messages[0].Content+a.user()) / 3 }

func maker(t *testing.T, f *fakeChat, change func(*ModelConfig)) Maker {
	t.Helper()
	cfg := ModelConfig{URL: f.URL + "/v1", Key: "k", Model: "m", Timeout: 5 * time.Second, wait: func(context.Context, time.Duration) error { return nil }}
	if change != nil {
		change(&cfg)
	}
	m, err := NewModel(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestProviders: each server gets, in the end, what it takes, and the minutes are the model's.
func TestProviders(t *testing.T) {
	t.Parallel()
	ok := func(a asked, w http.ResponseWriter) { choice(w, good(a), "", "stop", tokens4(a)) }
	for name, tt := range map[string]struct {
		answer func(n int, a asked, w http.ResponseWriter)
		last   func(a asked) bool // what the last request has to be like
	}{
		"OpenAI": {func(_ int, a asked, w http.ResponseWriter) { ok(a, w) }, func(a asked) bool { return a.mode() == "json_schema" && a.MaxTokens > 0 }},
		"OpenAI, a reasoning model": {func(_ int, a asked, w http.ResponseWriter) {
			switch {
			case a.MaxTokens > 0:
				refuse(w, 400, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")
			case a.Temperature != nil:
				refuse(w, 400, "Unsupported value: 'temperature' does not support 0.01 with this model.")
			default:
				ok(a, w)
			}
		}, func(a asked) bool {
			return a.mode() == "json_schema" && a.MaxTokens == 0 && a.MaxCompletionTokens > 0 && a.Temperature == nil
		}},
		"DeepSeek": {func(_ int, a asked, w http.ResponseWriter) {
			switch {
			case a.mode() == "json_schema":
				refuse(w, 400, "This response_format type is unavailable now")
			case !strings.Contains(a.Messages[0].Content, "JSON"):
				refuse(w, 400, "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.")
			default:
				ok(a, w)
			}
		}, func(a asked) bool {
			return a.mode() == "json_object" && strings.Contains(a.Messages[0].Content, `"properties"`)
		}},
		"DashScope, thinking": {func(_ int, a asked, w http.ResponseWriter) {
			if a.mode() != "plain" {
				refuse(w, 400, "Json mode response is not supported when enable_thinking is true")
				return
			}
			choice(w, "<think>我先看 {\"a\": 1} 再写</think>\n```json\n"+good(a)+"\n```", "", "stop", tokens4(a))
		}, func(a asked) bool { return a.mode() == "plain" }},
		"llama.cpp": {func(_ int, a asked, w http.ResponseWriter) {
			if a.mode() == "json_schema" {
				refuse(w, 400, "Either \"json_schema\" or \"grammar\" can be specified, but not both")
				return
			}
			ok(a, w)
		}, func(a asked) bool { return a.mode() == "json_object" }},
		"an old vLLM": {func(_ int, a asked, w http.ResponseWriter) {
			if a.MaxCompletionTokens > 0 {
				refuse(w, 422, "extra fields not permitted: max_completion_tokens")
				return
			}
			ok(a, w)
		}, func(a asked) bool { return a.MaxTokens > 0 }},
		"a server without limits": {func(_ int, a asked, w http.ResponseWriter) {
			if a.MaxTokens > 0 || a.MaxCompletionTokens > 0 {
				refuse(w, 422, "extra inputs are not permitted: max_tokens, max_completion_tokens")
				return
			}
			ok(a, w)
		}, func(a asked) bool { return a.MaxTokens+a.MaxCompletionTokens == 0 }},
		"LM Studio": {func(_ int, a asked, w http.ResponseWriter) {
			if a.mode() == "json_object" {
				refuse(w, 400, "'response_format.type' must be 'json_schema' or 'text'")
				return
			}
			choice(w, "", good(a), "stop", tokens4(a))
		}, func(a asked) bool { return a.mode() == "json_schema" }},
		"loose JSON": {func(_ int, a asked, w http.ResponseWriter) {
			s := regexp.MustCompile(`"evidence":\[(\d+)\]`).ReplaceAllString(good(a), `"evidence":"[$1]"`)
			s = strings.ReplaceAll(s, "}]", "},]")
			choice(w, "\ufeffHere it is:\n"+s+"\nDone.", "", "stop", tokens4(a))
		}, func(asked) bool { return true }},
		"thinking without its beginning": {func(_ int, a asked, w http.ResponseWriter) {
			choice(w, "so {first}</think>"+good(a), "", "stop", tokens4(a))
		}, func(asked) bool { return true }},
		"busy": {func(n int, a asked, w http.ResponseWriter) {
			if n < 3 {
				w.Header().Set("Retry-After", "7")
				refuse(w, 429, "Rate limit reached")
				return
			}
			ok(a, w)
		}, func(asked) bool { return true }},
		"half the JSON, then all of it": {func(n int, a asked, w http.ResponseWriter) {
			s := good(a)
			if n == 1 {
				s = s[:len(s)/2]
			}
			choice(w, s, "", "stop", tokens4(a))
		}, func(asked) bool { return true }},
		"the wrong language, then the right one": {func(n int, a asked, w http.ResponseWriter) {
			if n == 1 {
				choice(w, `{"key_points":[{"text":"The export is postponed.","evidence":[3]}]}`, "", "stop", tokens4(a))
				return
			}
			if n == 2 && !strings.Contains(a.user(), "中文") {
				refuse(w, 500, "nobody said which language")
				return
			}
			ok(a, w)
		}, func(asked) bool { return true }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeChat(t, tt.answer)
			m, err := maker(t, f, nil).Make(context.Background(), meeting(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if m.MadeBy.Method != "model" || len(m.Checks.Fallback) > 0 {
				t.Errorf("made by %+v, fallback %q", m.MadeBy, m.Checks.Fallback)
			}
			if len(m.Decisions) != 1 || len(m.Actions) != 1 || m.Actions[0].Owner != "李娜" || m.Actions[0].Due == nil || *m.Actions[0].Due != "2026-12-04" || len(m.Risks) != 1 {
				t.Errorf("decisions %+v, actions %+v, risks %+v", m.Decisions, m.Actions, m.Risks)
			}
			if m.Headline != "批量导出功能放到二期" {
				t.Errorf("headline %q", m.Headline)
			}
			data, _ := json.Marshal(m)
			if i := strings.Index(string(data), "CANARY"); i >= 0 && !strings.Contains(string(data[:i]), `"dropped"`) {
				t.Errorf("an instruction in the transcript was followed: %s", data)
			}
			if !tt.last(f.log[len(f.log)-1]) {
				t.Errorf("the last request: %+v", f.log[len(f.log)-1])
			}
		})
	}
}

// TestFaults: minutes come from every broken server, and say what happened.
func TestFaults(t *testing.T) {
	t.Parallel()
	text := func(s string) func(int, asked, http.ResponseWriter) {
		return func(_ int, a asked, w http.ResponseWriter) { choice(w, s, "", "stop", tokens4(a)) }
	}
	for name, tt := range map[string]struct {
		answer func(n int, a asked, w http.ResponseWriter)
		why    string
		most   int // requests
	}{
		"busy for ever":        {func(_ int, _ asked, w http.ResponseWriter) { refuse(w, 429, "slow down") }, "429", 4},
		"broken":               {func(_ int, _ asked, w http.ResponseWriter) { refuse(w, 500, "secret text of the meeting") }, "500", 4},
		"denied":               {func(_ int, _ asked, w http.ResponseWriter) { refuse(w, 401, "bad key sk-123") }, "401", 1},
		"no model":             {func(_ int, _ asked, w http.ResponseWriter) { refuse(w, 404, "model not found") }, "404", 1},
		"an unknown refusal":   {func(_ int, _ asked, w http.ResponseWriter) { refuse(w, 400, "no") }, "400", 1},
		"refuses every field":  {func(_ int, _ asked, w http.ResponseWriter) { refuse(w, 400, "max_tokens temperature response_format") }, "400", 7},
		"hangs":                {func(_ int, _ asked, _ http.ResponseWriter) { time.Sleep(300 * time.Millisecond) }, "in time", 2},
		"no JSON in the frame": {func(_ int, _ asked, w http.ResponseWriter) { fmt.Fprint(w, "<html>busy</html>") }, "no answer", 2},
		"no choice":            {func(_ int, _ asked, w http.ResponseWriter) { fmt.Fprint(w, "{}") }, "empty", 1},
		"half JSON":            {text(`{"key_points":[{"text":"批量导出`), "cannot be used", 2},
		"prose":                {text("会议讨论了批量导出功能。"), "no JSON object", 2},
		"wrong schema":         {text(`{"minutes":"批量导出"}`), "other names", 2},
		"wrong types":          {text(`{"key_points":"批量导出"}`), "cannot be used", 2},
		"invented evidence":    {text(`{"key_points":[{"text":"批量导出功能","evidence":[77]}]}`), "cites", 2},
		"invented facts":       {text(`{"key_points":[{"text":"预算是九十九万元","evidence":[1]}]}`), "cites", 2},
		"wrong language":       {text(`{"key_points":[{"text":"The export is postponed","evidence":[3]}]}`), "Chinese", 2},
		"says that it cannot":  {text("I'm sorry, but I can't help with that."), "no JSON object", 2},
		"refuses": {func(_ int, a asked, w http.ResponseWriter) {
			fmt.Fprint(w, `{"choices":[{"finish_reason":"stop","message":{"role":"assistant","refusal":"no"}}]}`)
		}, "refused", 1},
		"filters":         {func(_ int, a asked, w http.ResponseWriter) { choice(w, "", "", "content_filter", tokens4(a)) }, "filter", 1},
		"cuts prompts":    {func(_ int, a asked, w http.ResponseWriter) { choice(w, good(a), "", "stop", 10) }, "cut the prompt", 40},
		"always too long": {func(_ int, a asked, w http.ResponseWriter) { choice(w, "{", "", "length", tokens4(a)) }, "longer", 40},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeChat(t, tt.answer)
			m, err := maker(t, f, func(c *ModelConfig) {
				if name == "hangs" {
					c.Timeout = 50 * time.Millisecond
				}
			}).Make(context.Background(), meeting(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if m.MadeBy.Method != "offline" || len(m.Decisions) != 1 || len(m.Actions) != 1 || m.Summary == "" {
				t.Errorf("%+v", m)
			}
			if why := strings.Join(m.Checks.Fallback, "\n"); !strings.Contains(why, tt.why) || strings.Contains(why, "secret") || strings.Contains(why, "sk-123") {
				t.Errorf("why: %q, want %q", why, tt.why)
			}
			if len(f.log) > tt.most {
				t.Errorf("%d requests, want at most %d", len(f.log), tt.most)
			}
		})
	}
}

// long is a meeting of many parts.
func long(n int) *document.Transcript {
	t := &document.Transcript{Title: "评审会", Date: "2026-11-24", Language: "zh"}
	for i := range n {
		s := []string{"张伟", "李娜"}[i%2]
		t.Utterances = append(t.Utterances, document.Utterance{ID: i + 1, Speaker: s, Text: fmt.Sprintf("模块%d的接口测试已经完成，订单系统的数据迁移还要看模块%d。", i+1, i+1)})
	}
	return t
}

// TestLongMeeting: all of it is sent, in parts that fit, and a part that fails is
// made by extraction and named.
func TestLongMeeting(t *testing.T) {
	t.Parallel()
	f := newFakeChat(t, func(_ int, a asked, w http.ResponseWriter) {
		if strings.Contains(a.Messages[1].Content, "[60] ") {
			refuse(w, 500, "no")
			return
		}
		choice(w, good(a), "", "stop", tokens4(a))
	})
	m, err := maker(t, f, func(c *ModelConfig) { c.ContextTokens, c.OutputTokens, c.Concurrency = 2500, 400, 3 }).Make(context.Background(), long(120), Options{})
	if err != nil {
		t.Fatal(err)
	}
	sent := map[string]bool{}
	for _, a := range f.log {
		if n := tokensAtMost(a.Messages[0].Content + a.Messages[1].Content); n > 3500 {
			t.Errorf("a request of %d tokens", n)
		}
		for _, line := range spokenLine.FindAllStringSubmatch(a.Messages[1].Content, -1) {
			sent[line[1]] = true
		}
	}
	if len(sent) != 120 {
		t.Errorf("%d of 120 utterances were sent", len(sent))
	}
	// The fake's summary is of another meeting, so the extraction's stays.
	if m.MadeBy.Method != "model" || len(m.Checks.Fallback) != 2 || !strings.Contains(m.Checks.Fallback[0], "500") || !strings.Contains(m.Checks.Fallback[1], "summary") || len(m.KeyPoints) < 60 {
		t.Errorf("%+v, fallback %q, %d points", m.MadeBy, m.Checks.Fallback, len(m.KeyPoints))
	}
}

// TestCutPrompt: a server that reads only a part of the prompt gets smaller ones.
func TestCutPrompt(t *testing.T) {
	t.Parallel()
	f := newFakeChat(t, func(_ int, a asked, w http.ResponseWriter) {
		choice(w, good(a), "", "stop", min(tokens4(a), 1500))
	})
	m, err := maker(t, f, nil).Make(context.Background(), long(120), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.MadeBy.Method != "model" || len(m.Checks.Fallback) != 1 || !strings.Contains(m.Checks.Fallback[0], "summary") || len(f.log) < 3 {
		t.Errorf("%+v, fallback %q, %d requests", m.MadeBy, m.Checks.Fallback, len(f.log))
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	f := newFakeChat(t, func(_ int, a asked, w http.ResponseWriter) { choice(w, good(a), "", "stop", tokens4(a)) })
	mk := maker(t, f, func(c *ModelConfig) { c.Budget = 1 })
	for i, want := range []string{"model", "offline"} {
		m, err := mk.Make(context.Background(), meeting(), Options{})
		if err != nil || m.MadeBy.Method != want || !strings.Contains(strings.Join(m.Checks.Fallback, ""), "budget") {
			t.Errorf("meeting %d: %+v, %v, %v", i, m.MadeBy, m.Checks.Fallback, err)
		}
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	all, err := loadTemplates("")
	if err != nil {
		t.Fatal(err)
	}
	for title, want := range map[string]string{"项目周会": "weekly", "华信制造 需求评审会": "review", "安澜物流 运输调度平台验收会": "milestone", "客户访谈 林经理": "interview", "Harbour & Pine status call": "weekly", "闲谈": "free", "": "free"} {
		if got := pickTemplate(all, title).name; got != want {
			t.Errorf("%s: %s, want %s", title, got, want)
		}
	}
	if _, err := loadTemplates(t.TempDir()); err == nil {
		t.Error("an empty folder of templates was taken")
	}
	a, _ := NewModel(ModelConfig{URL: "http://x/v1", Model: "m"})
	b, _ := NewModel(ModelConfig{URL: "http://x/v1", Model: "n"})
	if a.Fingerprint(Options{}) == b.Fingerprint(Options{}) || a.Fingerprint(Options{}) == NewOffline().Fingerprint(Options{}) {
		t.Error("another model has the same fingerprint")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`<think>{</think>{"key_points":[{"text":"a","evidence":["u1",2]}],}`)
	f.Add("```json\n{\"a\":\"\\\"}\"}\n```")
	f.Fuzz(func(_ *testing.T, text string) {
		var a answer
		if parse(text, &a) == nil {
			_ = a.faults(true)
		}
	})
}
