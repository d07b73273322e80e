package meili

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"
)

// triedWith is the newest version that the engine was tried with.
var triedWith = [2]int{1, 50}

// Examined is what a server says of itself. What a key may not ask stays empty.
type Examined struct {
	Version string
	Newer   bool     // than what the engine was tried with
	Drift   []string // settings of the index that are not ours any more
	Bytes   int64    // of all that the server keeps on disk
}

// Examine looks at a server and changes nothing there.
func Examine(ctx context.Context, o Options) (x Examined, err error) {
	if o.Prefix == "" {
		o.Prefix = "gd"
	}
	s, err := dial(o.URL, meilisearch.Key{Key: o.Key}, usualPace)
	if err != nil {
		return x, err
	}
	defer s.http.CloseIdleConnections()
	if err := s.check(ctx); err != nil {
		return x, err
	}
	var version struct {
		Version string `json:"pkgVersion"`
	}
	var stats struct {
		Bytes int64 `json:"databaseSize"`
	}
	var have map[string]json.RawMessage
	for path, to := range map[string]any{"/version": &version, "/stats": &stats, "/indexes/" + o.Prefix + "_passages/settings": &have} {
		if err := s.look(ctx, path, o.Key, to); err != nil {
			return x, fmt.Errorf("meilisearch at %s: %s: %w", s.name, path, err)
		}
	}
	x.Version, x.Bytes = version.Version, stats.Bytes
	if v, ok := parseVersion(version.Version); ok {
		x.Newer = slices.Compare(v[:], triedWith[:]) > 0
	}
	if have != nil {
		x.Drift, err = drift(have)
	}
	return x, err
}

// answerMost bounds an answer.
const answerMost = 1 << 20

// look reads an answer; one that the key may not have, or of an index that is
// not there, is none.
func (s *server) look(ctx context.Context, path, key string, to any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(s.address, "/")+path, nil)
	if err != nil {
		return err
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	answer, err := s.http.Do(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, answerMost))
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return err
	}
	switch answer.StatusCode {
	case http.StatusOK:
		return json.Unmarshal(body, to)
	case http.StatusForbidden, http.StatusNotFound:
		return nil
	}
	return &Error{Status: answer.StatusCode, Message: answer.Status}
}
