package transcribe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Endpoint is a service that transcribes: anything that answers OpenAI's
// POST /v1/audio/transcriptions.
type Endpoint struct {
	URL         string  // up to and with /v1, or of the call itself
	Model       string  // empty: the only one that it has, else whisper-1
	Key         string  // secret
	Weight      int     // share of the work beside other endpoints; 0: 1
	Concurrency int     // requests at the same time; 0: 1
	PerMinute   int     // requests a minute; 0: no limit
	Price       float64 // of a minute of sound
	Hotwords    bool    // the glossary goes into a field of its own, hotwords

	// Start brings up a local engine and says where it is. It is called before
	// every request, so it has to be cheap when the engine runs. nil: URL and Key
	// say it.
	Start func(ctx context.Context) (baseURL, key string, err error)

	// Now says which model a local engine would take now: another one may be
	// installed while this process runs. nil: Model.
	Now func() string
}

// How an endpoint is asked, best first. What it refuses is not asked for again.
const (
	verbose = iota // verbose_json: with segments and their times
	plain          // json
	bare           // text
)

var formats = []string{"verbose_json", "json", "text"}

// abilities are what an endpoint was found to take. They are remembered for
// good, so that finding out costs one part, once.
type abilities struct {
	Mode       int    `json:"mode"`
	Known      bool   `json:"known"` // it has answered
	Times      bool   `json:"times"` // its answers have times
	NoPrompt   bool   `json:"no_prompt,omitempty"`
	NoAuto     bool   `json:"no_auto,omitempty"` // language=auto is refused
	NoLanguage bool   `json:"no_language,omitempty"`
	Path       string `json:"path,omitempty"`
	MaxBytes   int    `json:"max_bytes,omitempty"` // more was refused as too large
}

// Errors of one request. None holds what the service wrote about the sound.
var (
	errTooLarge = errors.New("the part is too large for the service")
	errDenied   = errors.New("the service does not let us in")
	errRefused  = errors.New("the service refuses the sound")
	errBusy     = errors.New("the service is too busy")
	errDown     = errors.New("the service cannot be reached or fails")
)

// busyError carries when a busy service wants to be asked again.
type busyError struct{ after time.Duration }

func (*busyError) Error() string { return errBusy.Error() }
func (*busyError) Unwrap() error { return errBusy }

// endpoint is an Endpoint at work. It is safe for concurrent use.
type endpoint struct {
	Endpoint
	client  *http.Client
	timeout time.Duration
	memory  Memory

	mu    sync.Mutex
	model string
	as    abilities
	read  bool // as was looked up in memory

	// The pool's.
	busy    int       // requests under way
	until   time.Time // not to be asked before
	next    time.Time // by PerMinute
	fails   int       // in a row
	trouble error     // why it is not asked
	worked  bool      // it has answered, in this process
}

// Memory keeps what was found out about endpoints.
type Memory interface {
	// Recall gives "" for what is not known.
	Recall(ctx context.Context, key string) (string, error)
	Remember(ctx context.Context, key, value string) error
}

// name is how an endpoint is called in logs, in the record and in memory: without
// keys, and for a local engine without its port, which is another every time.
func (e *endpoint) name() string {
	if e.Start != nil {
		return "local"
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		return "endpoint"
	}
	return u.Host
}

func (e *endpoint) memoryKey() string {
	if e.Start != nil {
		return "speech local " + e.model
	}
	return "speech " + e.URL + " " + e.model
}

// know recalls the abilities and finds the model's name.
func (e *endpoint) know(ctx context.Context) (abilities, string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	want := e.Model
	if e.Now != nil {
		want = e.Now()
	}
	if want != "" && want != e.model {
		e.model, e.as, e.read = want, abilities{}, false
	}
	if e.model == "" {
		base, key, err := e.where(ctx)
		if err != nil {
			return e.as, "", err
		}
		if e.model, err = e.onlyModel(ctx, base, key); err != nil {
			return e.as, "", err
		}
	}
	if !e.read && e.memory != nil {
		text, err := e.memory.Recall(ctx, e.memoryKey())
		if err != nil {
			return e.as, "", err
		}
		if text != "" && json.Unmarshal([]byte(text), &e.as) != nil {
			e.as = abilities{}
		}
	}
	e.read = true
	return e.as, e.model, nil
}

// where is the address and the key.
func (e *endpoint) where(ctx context.Context) (base, key string, err error) {
	if e.Start == nil {
		return strings.TrimRight(e.URL, "/"), e.Key, nil
	}
	base, key, err = e.Start(ctx)
	if err != nil {
		return "", "", fmt.Errorf("%w: %w", errDown, err)
	}
	return strings.TrimRight(base, "/"), key, nil
}

// onlyModel asks which models there are. Where there is one, it is meant; where
// there are several, or the list cannot be had, whisper-1 is what most servers
// take.
func (e *endpoint) onlyModel(ctx context.Context, base, key string) (string, error) {
	ids, status, err := models(ctx, e.client, base, key)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w: %w", errDown, unnamed(err))
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return "", fmt.Errorf("%w (%d)", errDenied, status)
	case len(ids) == 1:
		return ids[0], nil
	}
	return "whisper-1", nil
}

// models lists what a service has. A service without such a list gives none.
func models(ctx context.Context, client *http.Client, base, key string) (ids []string, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/models", nil)
	if err != nil {
		return nil, 0, err
	}
	authorise(r, key)
	res, err := client.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return nil, res.StatusCode, err
	}
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if res.StatusCode == http.StatusOK && json.Unmarshal(body, &list) == nil {
		for _, m := range list.Data {
			ids = append(ids, m.ID)
		}
	}
	return ids, res.StatusCode, nil
}

// askTimeout is for questions that a service answers at once.
const askTimeout = 5 * time.Second

func authorise(r *http.Request, key string) {
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
}

// question is what goes with a part.
type question struct {
	languages []string
	pinned    string // the language, when it is known
	prompt    string
	hotwords  string
}

// ask sends a part once. learned says that the refusal taught something, and
// that asking again is no second try.
func (e *endpoint) ask(ctx context.Context, pcm []byte, q question) (a *answer, learned bool, err error) {
	as, model, err := e.know(ctx)
	if err != nil {
		return nil, false, err
	}
	if as.MaxBytes > 0 && len(pcm)+wavBytes >= as.MaxBytes {
		return nil, false, errTooLarge
	}
	base, key, err := e.where(ctx)
	if err != nil {
		return nil, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	r, err := request(ctx, address(base, as.Path), e.fields(as, model, q), pcm)
	if err != nil {
		return nil, false, err
	}
	authorise(r, key)
	res, err := e.client.Do(r)
	if err != nil {
		return nil, false, fmt.Errorf("%w: %w", errDown, unnamed(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, false, fmt.Errorf("%w: the answer breaks off: %w", errDown, unnamed(err))
	}
	if res.StatusCode == http.StatusOK && len(body) <= maxAnswer {
		a, times, err := decode(body)
		if err != nil {
			return nil, false, fmt.Errorf("%w: %w", errDown, err)
		}
		a.Model, a.Server, a.Prompt = model, e.name(), ""
		if !as.NoPrompt {
			a.Prompt = q.prompt
		}
		return a, false, e.learn(ctx, as, func(now *abilities) {
			// A part without words tells nothing of the times, unless it is ours that says
			// that nobody speaks.
			if a.Text != "" || a.Speech != nil {
				now.Known, now.Times = true, times || a.Text == ""
			}
		})
	}
	learned, err = e.refused(ctx, as, res, body, len(pcm)+wavBytes)
	return nil, learned, err
}

const wavBytes = 44

// address is where a part is sent to.
func address(base, path string) string {
	switch {
	case strings.HasSuffix(base, "/transcriptions"), strings.HasSuffix(base, "/inference"):
		return base
	case path == "":
		return base + "/audio/transcriptions"
	}
	u, err := url.Parse(base)
	if err != nil {
		return base + path
	}
	u.Path = path
	return u.String()
}

// paths are tried when the usual one is not there.
//
// QUIRK: the whisper.cpp server listens on /inference unless it is told otherwise,
// and people leave /v1 out of addresses.
var paths = []string{"", "/v1/audio/transcriptions", "/inference"}

func (e *endpoint) fields(as abilities, model string, q question) [][2]string {
	f := [][2]string{{"model", model}, {"response_format", formats[as.Mode]}}
	add := func(name, value string, refused bool) {
		if value != "" && !refused {
			f = append(f, [2]string{name, value})
		}
	}
	language := q.pinned
	if language == "" && len(q.languages) == 1 {
		language = q.languages[0]
	}
	switch {
	case language != "":
		code, _, _ := strings.Cut(language, "-")
		add("language", code, as.NoLanguage)
	default:
		// QUIRK: the whisper.cpp server takes a missing language for English and
		// translates Chinese talk. Others refuse auto, once.
		add("language", "auto", as.NoLanguage || as.NoAuto)
		if e.Start != nil { // ours hears each stretch in its own language, of those that may be spoken
			add("languages", strings.Join(codes(q.languages), ","), false)
		}
	}
	if e.Start != nil { // ours also says where somebody speaks, by a neural detector
		add("speech_activity", "true", false)
	}
	// No temperature: every server begins with 0 by itself, and goes up only where it
	// has lost its way, which it would not do when told.
	add("prompt", q.prompt, as.NoPrompt)
	if e.Hotwords {
		add("hotwords", q.hotwords, false)
	}
	return f
}

// codes are languages without their scripts and regions.
func codes(languages []string) []string {
	out := make([]string, 0, len(languages))
	for _, l := range languages {
		code, _, _ := strings.Cut(l, "-")
		out = append(out, code)
	}
	return out
}

// request makes the call. The sound is not copied; the length is known, because
// some servers refuse chunked bodies.
func request(ctx context.Context, to string, fields [][2]string, pcm []byte) (*http.Request, error) {
	var head, tail bytes.Buffer
	m := multipart.NewWriter(&head)
	for _, f := range fields {
		if err := m.WriteField(f[0], f[1]); err != nil {
			return nil, err
		}
	}
	// QUIRK: OpenAI tells the format by the name's ending.
	if _, err := m.CreateFormFile("file", "part.wav"); err != nil {
		return nil, err
	}
	head.Write(wavHeader(len(pcm)))
	fmt.Fprintf(&tail, "\r\n--%s--\r\n", m.Boundary())
	body := func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(head.Bytes()), bytes.NewReader(pcm), bytes.NewReader(tail.Bytes()))), nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, nil)
	if err != nil {
		return nil, err
	}
	r.GetBody = body
	r.Body, _ = body()
	r.ContentLength = int64(head.Len() + len(pcm) + tail.Len())
	r.Header.Set("Content-Type", m.FormDataContentType())
	return r, nil
}

// retryAfter reads the header: seconds, or a date. 0 if it says nothing.
func retryAfter(text string, now time.Time) time.Duration {
	if s, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil && s >= 0 && s < 1e6 {
		return time.Duration(s * float64(time.Second))
	}
	if t, err := http.ParseTime(text); err == nil && t.After(now) {
		return t.Sub(now)
	}
	return 0
}

// unnamed is a network error without the address, which may hold a key.
func unnamed(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
