package minutes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// How an endpoint is asked for JSON, best first. What it refuses is not asked
// for again.
const (
	modeSchema = iota // response_format json_schema, strict
	modeObject        // json_object, with the schema in the prompt
	modePlain         // nothing, with the schema in the prompt
)

var (
	errTruncated = errors.New("the server cut the prompt")
	errLength    = errors.New("the answer is longer than the model may write")
	errRefused   = errors.New("the model refused")
	errFiltered  = errors.New("the server's filter took the answer away")
	errBudget    = errors.New("the budget of tokens is used up")
	errDenied    = errors.New("the server does not let us in")
)

// chat asks one endpoint and remembers what it accepts. It is safe for
// concurrent use.
type chat struct {
	client  *openai.Client
	model   string
	output  int // tokens of an answer
	budget  int64
	timeout time.Duration
	wait    func(ctx context.Context, d time.Duration) error
	slots   chan struct{}
	spent   atomic.Int64

	mu sync.Mutex
	as accepts
}

// accepts is what an endpoint has been found to take.
type accepts struct {
	mode        int
	completion  bool // max_completion_tokens in place of max_tokens
	noLimit     bool // neither of them
	temperature bool // temperature is refused
}

func newChat(cfg ModelConfig) *chat {
	c := openai.DefaultConfig(cfg.Key)
	c.BaseURL = strings.TrimRight(cfg.URL, "/")
	client := &http.Client{}
	if cfg.HTTP != nil {
		copied := *cfg.HTTP
		client = &copied
	}
	client.Transport = bounded{client.Transport}
	c.HTTPClient = client
	out := &chat{client: openai.NewClientWithConfig(c), model: cfg.Model, output: orInt(cfg.OutputTokens, 4000), budget: cfg.Budget, timeout: cfg.Timeout, wait: cfg.wait,
		slots: make(chan struct{}, max(cfg.Concurrency, 1))}
	if out.timeout <= 0 {
		out.timeout = 3 * time.Minute
	}
	if out.wait == nil {
		out.wait = sleep
	}
	// Reasoning models of OpenAI refuse max_tokens and a temperature; the client
	// knows their names and would refuse for them.
	if reasoning().MatchString(cfg.Model) {
		out.as.completion, out.as.temperature = true, true
	}
	return out
}

var reasoning = re(`^(?:.*/)?(?:o[134](?:-|$)|gpt-5)`)

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// tries of one request: a server that is busy or broken is asked again.
const tries = 4

// ask sends the messages and gives the text of the answer. least is the fewest
// tokens that the prompt can have, for finding out that a server cut it.
func (c *chat) ask(ctx context.Context, messages []openai.ChatCompletionMessage, schema json.RawMessage, least int) (string, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	var last error
	for try := 0; try < tries; {
		if c.budget > 0 && c.spent.Load() >= c.budget {
			return "", errBudget
		}
		c.mu.Lock()
		as := c.as
		c.mu.Unlock()
		after := &retryAfter{}
		call, cancel := context.WithTimeout(context.WithValue(ctx, retryKey{}, after), c.timeout)
		res, err := c.client.CreateChatCompletion(call, c.request(messages, schema, as))
		cancel()
		if err == nil {
			c.spent.Add(int64(res.Usage.TotalTokens))
			return answerOf(res, least)
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		status, text := statusOf(err)
		switch status {
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusPaymentRequired:
			return "", fmt.Errorf("%w (%d)", errDenied, status)
		case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusNotImplemented:
			if tooLong().MatchString(text) {
				return "", errTruncated
			}
			if !c.learn(as, text) {
				return "", fmt.Errorf("the server refused the request (%d)", status)
			}
			last = err
			continue // not a try: each kind of refusal is learned once
		case http.StatusNotFound:
			return "", fmt.Errorf("%w: no such address or model (404)", errDenied)
		}
		last = err
		if try++; try == tries || status == 0 && try == 2 { // a hang or no connection: once more and no oftener
			break
		}
		pause := time.Duration(1<<try) * time.Second
		if after.d > 0 {
			pause = min(after.d, time.Minute)
		}
		if err := c.wait(ctx, pause); err != nil {
			return "", err
		}
	}
	return "", plain(last)
}

// plain says what went wrong without what the server wrote: that may hold the
// text of the meeting, or a key.
func plain(err error) error {
	switch status, _ := statusOf(err); {
	case status == http.StatusTooManyRequests:
		return errors.New("the server is too busy (429)")
	case status > 0:
		return fmt.Errorf("the server failed (%d)", status)
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("the server did not answer in time")
	}
	return errors.New("the server cannot be reached, or what it sent is no answer")
}

var tooLong = re(`(?i)context.{0,20}(?:length|window|size)|maximum context|too many tokens|prompt is too long|input is too long|exceeds? .{0,30}tokens`)

// learn finds the setting that a refusal names and leaves it out from now on.
func (c *chat) learn(as accepts, text string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.as != as {
		return true // somebody else has learned something meanwhile
	}
	text = strings.ToLower(text)
	switch {
	case strings.Contains(text, "max_completion_tokens") && !as.completion, strings.Contains(text, "max_tokens") && !as.completion && !as.noLimit:
		c.as.completion = true
	case strings.Contains(text, "max_completion_tokens") && !as.noLimit, strings.Contains(text, "max_tokens") && !as.noLimit:
		c.as.noLimit = true
	case strings.Contains(text, "temperature") && !as.temperature:
		c.as.temperature = true
	// QUIRK: no two servers name the refused mode alike. DeepSeek: "This response_format
	// type is unavailable now"; DashScope: "'messages' must contain the word 'json'",
	// and json_object with thinking on; LM Studio: "'response_format.type' must be 'json_schema'".
	case as.mode < modePlain && (strings.Contains(text, "response_format") || strings.Contains(text, "json") || strings.Contains(text, "schema") || strings.Contains(text, "grammar") || strings.Contains(text, "enable_thinking")):
		c.as.mode++
	default:
		return false
	}
	return true
}

func (c *chat) request(messages []openai.ChatCompletionMessage, schema json.RawMessage, as accepts) openai.ChatCompletionRequest {
	r := openai.ChatCompletionRequest{Model: c.model, Messages: messages}
	switch {
	case as.noLimit:
	case as.completion:
		r.MaxCompletionTokens = c.output
	default:
		r.MaxTokens = c.output //nolint:staticcheck // most servers know only the old name
	}
	if !as.temperature {
		r.Temperature = 0.01 // 0 is not sent by the client
	}
	if as.mode != modeSchema {
		r.Messages = append([]openai.ChatCompletionMessage{}, messages...)
		r.Messages[0].Content += "\nThe JSON object has to follow this JSON schema:\n" + string(schema)
	}
	switch as.mode {
	case modeSchema:
		r.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: "minutes", Schema: schema, Strict: true}}
	case modeObject:
		r.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONObject}
	}
	return r
}

func answerOf(res openai.ChatCompletionResponse, least int) (string, error) {
	if len(res.Choices) == 0 {
		return "", errors.New("the answer is empty")
	}
	// QUIRK: Ollama cuts the front of a prompt, that is the rules, without a word;
	// only the count of tokens tells.
	if n := res.Usage.PromptTokens; n > 0 && n < least {
		return "", errTruncated
	}
	choice := res.Choices[0]
	switch choice.FinishReason { //nolint:exhaustive // any other is an answer, to be looked at
	case openai.FinishReasonLength:
		return "", errLength
	case openai.FinishReasonContentFilter:
		return "", errFiltered
	}
	if choice.Message.Refusal != "" {
		return "", errRefused
	}
	// QUIRK: LM Studio puts the JSON of some reasoning models into reasoning_content.
	return or(strings.TrimSpace(choice.Message.Content), choice.Message.ReasoningContent), nil
}

func statusOf(err error) (int, string) {
	if api, ok := errors.AsType[*openai.APIError](err); ok {
		param := ""
		if api.Param != nil {
			param = *api.Param
		}
		return api.HTTPStatusCode, api.Message + " " + param
	}
	if req, ok := errors.AsType[*openai.RequestError](err); ok {
		return req.HTTPStatusCode, string(req.Body)
	}
	return 0, ""
}

// bounded keeps an answer within bounds and notes when a busy server wants to
// be asked again.
type bounded struct{ next http.RoundTripper }

type retryKey struct{}

type retryAfter struct{ d time.Duration }

const maxAnswer = 8 << 20

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	next := b.next
	if next == nil {
		next = http.DefaultTransport
	}
	res, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if note, ok := r.Context().Value(retryKey{}).(*retryAfter); ok {
		if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 {
			note.d = time.Duration(min(s, 3600)) * time.Second
		}
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, maxAnswer), res.Body}
	return res, nil
}
