package meili

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"
)

// pace is how patient the engine is; tests have their own.
type pace struct {
	retry    time.Duration // before the second attempt; doubles
	attempts int           // of a request that writes
	poll     time.Duration // between looks at a task, at first
	pollMost time.Duration
	payload  int // bytes of a request
	inFlight int // batches that the server has taken and not applied yet
	queue    int // or as many as have so many bytes, if that is more
}

var usualPace = pace{
	retry: 200 * time.Millisecond, attempts: 6, poll: 5 * time.Millisecond, pollMost: 500 * time.Millisecond,
	payload: 20 << 20, inFlight: 4,
	// The server applies at once what waits when it begins, and its work for a few
	// megabytes is mostly the beginning: so that there is always much, twice as much
	// as it does at once may be on its way.
	queue: 128 << 20,
}

const (
	askAttempts    = 3 // of a request that somebody waits for
	requestTimeout = 60 * time.Second
	// connections kept open: searches and the feed run beside each other
	connections = 16
)

// oldest is the version that knows every setting that is used here.
var oldest = [2]int{1, 15}

// Error is what a server answers when it does not do what it is asked.
type Error struct {
	Status  int    // 0: in a task
	Code    string // as in Meilisearch's reference of errors
	Message string
}

func (e *Error) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("status %d: %s", e.Status, e.Message)
	}
	return e.Code + ": " + e.Message
}

// rejects says that the documents that were sent are at fault: the same ones
// will never be taken.
func (e *Error) rejects() bool {
	switch e.Code {
	case "invalid_document_id", "missing_document_id", "max_fields_limit_exceeded", "invalid_document_fields",
		"document_fields_limit_reached", "malformed_payload":
		return true
	}
	return false
}

func codeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// server is a Meilisearch server as the engine talks to it.
//
// QUIRK: the library's own retries (v0.36.3) send the body of the first attempt
// again, which is consumed by then, so the second one arrives empty; and a
// success at the last attempt is reported as an error. They are off, and every
// attempt here is a call of its own with a fresh body.
type server struct {
	api     meilisearch.ServiceManager
	http    *http.Client
	address string
	name    string // the address without password, for messages
	pace    pace

	key     meilisearch.Key // that api has; without UID no tokens can be made of it
	tenants tenants
}

func dial(address string, key meilisearch.Key, p pace) (*server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("meilisearch: the address has to be like http://127.0.0.1:7700")
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second}
	transport.MaxIdleConnsPerHost = connections
	// Compressed answers come in several small writes, of which the second waits for
	// a delayed acknowledgement: measured on v1.50 over loopback, 20 hits take 44 ms
	// with compression and 4 ms without.
	transport.DisableCompression = true
	s := &server{http: &http.Client{Transport: transport}, address: address, name: u.Redacted(), pace: p, key: key}
	s.api = s.with(key.Key)
	return s, nil
}

// check looks whether a server answers that this engine can work with.
func (s *server) check(ctx context.Context) error {
	version, err := s.version(ctx)
	var answer *Error
	if errors.As(err, &answer) && answer.Status == http.StatusForbidden {
		// QUIRK: a key for some indexes only cannot be allowed to ask for the version
		// (v1.50). If it may list its indexes, it is a good one; the version stays
		// unknown.
		if err = s.do(ctx, "indexes", askAttempts, func(ctx context.Context) error {
			_, err := s.api.ListIndexesWithContext(ctx, &meilisearch.IndexesQuery{Limit: 1})
			return err
		}); err == nil {
			return nil
		}
	}
	switch {
	case errors.As(err, &answer) && (answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden):
		return fmt.Errorf("meilisearch at %s does not accept the key (%s); it needs the master key, or a key with all actions on the indexes of the prefix: %w", s.name, answer.Code, err)
	case errors.As(err, &answer):
		return fmt.Errorf("what answers at %s is no Meilisearch, or a broken one: %w", s.name, err)
	case err != nil:
		return fmt.Errorf("no Meilisearch answers at %s; is it running, and is the address right? %w", s.name, err)
	}
	have, ok := parseVersion(version)
	if !ok || slices.Compare(have[:], oldest[:]) < 0 {
		return fmt.Errorf("meilisearch at %s is version %q; at least %d.%d is needed", s.name, version, oldest[0], oldest[1])
	}
	return nil
}

func (s *server) version(ctx context.Context) (version string, err error) {
	err = s.do(ctx, "version", askAttempts, func(ctx context.Context) error {
		v, err := s.api.VersionWithContext(ctx)
		if err == nil {
			version = v.PkgVersion
		}
		return err
	})
	return version, err
}

func parseVersion(s string) (v [2]int, ok bool) {
	parts := strings.Split(strings.TrimPrefix(s, "v"), ".")
	if len(parts) < 2 {
		return v, false
	}
	for i := range v {
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			return v, false
		}
		v[i] = n
	}
	return v, true
}

// do calls the server until it answers: what is busy, restarting or cut off is
// asked again, after twice the time before and a random part of it, so that many
// clients do not come back together.
func (s *server) do(ctx context.Context, what string, attempts int, call func(context.Context) error) error {
	wait := s.pace.retry
	for n := 1; ; n++ {
		err := s.once(ctx, call)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("meilisearch: %s: %w", what, ctx.Err())
		case n >= attempts || !again(err):
			return fmt.Errorf("meilisearch: %s: %w", what, err)
		}
		if err := pause(ctx, wait/2+rand.N(wait/2+1)); err != nil { //nolint:gosec // spreads retries, keeps no secret
			return fmt.Errorf("meilisearch: %s: %w", what, err)
		}
		wait *= 2
	}
}

func (s *server) once(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	err := call(ctx)
	var e *meilisearch.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	if e.StatusCode == 0 { // never answered
		if e.OriginError != nil {
			return e.OriginError
		}
		return err
	}
	out := &Error{Status: e.StatusCode, Code: e.MeilisearchApiError.Code, Message: e.MeilisearchApiError.Message}
	if out.Code == "" && e.OriginError != nil {
		out.Message = e.OriginError.Error()
	}
	return out
}

// again says that the same request may succeed a moment later.
func again(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return true // refused, reset, cut off, timed out
	}
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
