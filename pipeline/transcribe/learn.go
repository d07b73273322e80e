package transcribe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

var (
	sizeWords  = regexp.MustCompile(`(?i)too (?:large|long|big)|content size|maximum .{0,30}(?:size|length|duration)|exceed`)
	quotaWords = regexp.MustCompile(`(?i)quota|insufficient|balance|billing|欠费|余额`)
)

// refused takes an answer that is none for what it means.
func (e *endpoint) refused(ctx context.Context, as abilities, res *http.Response, body []byte, size int) (learned bool, err error) {
	why := complaint(body)
	switch status := res.StatusCode; {
	case status == http.StatusOK:
		return false, fmt.Errorf("%w: an answer of more than %d bytes", errDown, maxAnswer)
	case status == http.StatusRequestEntityTooLarge, status == http.StatusBadRequest && sizeWords.MatchString(why):
		return false, errors.Join(errTooLarge, e.learn(ctx, as, func(now *abilities) { now.MaxBytes = size }))
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusPaymentRequired, status == http.StatusTooManyRequests && quotaWords.MatchString(why):
		return false, fmt.Errorf("%w (%d)", errDenied, status)
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable && res.Header.Get("Retry-After") != "":
		return false, &busyError{retryAfter(res.Header.Get("Retry-After"), time.Now())}
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		if strings.Contains(strings.ToLower(why), "model") {
			return false, fmt.Errorf("%w: it does not have this model (404)", errDenied)
		}
		return e.otherPath(ctx, as)
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity, status == http.StatusNotImplemented, status == http.StatusUnsupportedMediaType:
		if learned, err := e.adapt(ctx, as, why); learned || err != nil {
			return learned, err
		}
		return false, fmt.Errorf("%w (%d)", errRefused, status)
	case status == http.StatusInternalServerError && as.Mode == verbose && !as.Known:
		// QUIRK: speaches ends in a failed assertion, others in a template's error, for
		// a format that they do not make.
		learned, err := e.step(ctx, as)
		if learned || err != nil {
			return learned, err
		}
		return false, fmt.Errorf("%w (500)", errDown)
	default:
		return false, fmt.Errorf("%w (%d)", errDown, status)
	}
}

// otherPath takes the next address that the call may have.
func (e *endpoint) otherPath(ctx context.Context, as abilities) (bool, error) {
	for n, p := range paths {
		if p == as.Path && n+1 < len(paths) && !as.Known {
			return true, e.learn(ctx, as, func(now *abilities) { now.Path = paths[n+1] })
		}
	}
	return false, fmt.Errorf("%w: nothing answers at this address (404)", errDenied)
}

// adapt leaves out what a refusal names.
func (e *endpoint) adapt(ctx context.Context, as abilities, why string) (bool, error) {
	low := strings.ToLower(why)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(low, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("model") && !has("format", "prompt", "language"):
		return false, fmt.Errorf("%w: it does not have this model", errDenied)
	case has("language") && !as.NoLanguage:
		return true, e.learn(ctx, as, func(now *abilities) { now.NoLanguage, now.NoAuto = as.NoAuto, true })
	case has("prompt") && !as.NoPrompt:
		return true, e.learn(ctx, as, func(now *abilities) { now.NoPrompt = true })
	case as.Known:
		return false, nil // it has taken all this before: it is the sound
	}
	return e.step(ctx, as)
}

// step asks for less.
func (e *endpoint) step(ctx context.Context, as abilities) (bool, error) {
	if as.Mode >= bare {
		return false, nil
	}
	return true, e.learn(ctx, as, func(now *abilities) { now.Mode = as.Mode + 1 })
}

// learn changes what is known, unless somebody else has learned something
// meanwhile, and remembers it.
func (e *endpoint) learn(ctx context.Context, as abilities, change func(*abilities)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.as != as {
		return nil
	}
	change(&e.as)
	if e.as == as || e.memory == nil {
		return nil
	}
	text, err := json.Marshal(e.as)
	if err != nil {
		return err
	}
	return e.memory.Remember(context.WithoutCancel(ctx), e.memoryKey(), string(text))
}
