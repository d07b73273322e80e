package meili

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"
)

// actions are all that the engine does on a server. The key that it works with
// may do nothing else, and this only with indexes of its prefix.
var actions = []string{"search", "documents.*", "indexes.*", "settings.*", "tasks.get", "stats.get"}

func keyName(prefix string) string { return "guidang " + prefix }

// takeKey puts a key of the least rights in place of a master key, and makes it
// if the server has none yet. A key that may not look at keys is no master key
// and stays as it is.
func (s *server) takeKey(ctx context.Context, prefix string) error {
	if s.key.Key == "" {
		return nil
	}
	key, err := s.findKey(ctx, prefix)
	if err == nil && key == nil {
		err = s.do(ctx, "make a key", 1, func(ctx context.Context) (err error) {
			key, err = s.api.CreateKeyWithContext(ctx, &meilisearch.Key{
				Name: keyName(prefix), Description: "What guidang works with; made by it.", Actions: actions, Indexes: []string{prefix + "_*"},
			})
			return err
		})
	}
	var answer *Error
	if errors.As(err, &answer) && (answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("a key for the index: %w", err)
	}
	s.key = *key
	s.api = s.with(key.Key)
	return nil
}

// findKey gives the key that was made for the prefix; nil if there is none.
func (s *server) findKey(ctx context.Context, prefix string) (*meilisearch.Key, error) {
	const page = 100
	for offset := int64(0); ; offset += page {
		var got *meilisearch.KeysResults
		err := s.do(ctx, "keys", askAttempts, func(ctx context.Context) (err error) {
			got, err = s.api.GetKeysWithContext(ctx, &meilisearch.KeysQuery{Limit: page, Offset: offset})
			return err
		})
		if err != nil {
			return nil, err
		}
		for i := range got.Results {
			k := &got.Results[i]
			may := slices.Sorted(slices.Values(k.Actions))
			if k.Name == keyName(prefix) && slices.Equal(may, slices.Sorted(slices.Values(actions))) && slices.Equal(k.Indexes, []string{prefix + "_*"}) && k.ExpiresAt.IsZero() {
				return k, nil
			}
		}
		if len(got.Results) < page {
			return nil, nil
		}
	}
}

const (
	tenantLife = 10 * time.Minute
	tenantLeft = time.Minute // a token is not used any more that ends so soon
	tenantMost = 256         // kept at the same time
)

// tenants are tokens with which somebody's searches are asked: the server itself
// lets through only what one of the scopes holds, whatever the query says. They
// are a second lock, should the first, the query's filter, ever be wrong.
type tenants struct {
	mu  sync.Mutex
	all map[string]tenant
}

type tenant struct {
	api  meilisearch.ServiceManager
	ends time.Time
}

// asTenant gives a client that can search an index within scopes only. Without
// the id of the key no token can be made; then the filter alone has to do.
func (s *server) asTenant(uid string, scopes []string, now time.Time) (meilisearch.ServiceManager, error) {
	if s.key.Key == "" || s.key.UID == "" {
		return s.api, nil
	}
	rule := in("scopes", exactAll(scopes))
	name := uid + "\n" + rule
	s.tenants.mu.Lock()
	defer s.tenants.mu.Unlock()
	if t, ok := s.tenants.all[name]; ok && t.ends.Sub(now) > tenantLeft {
		return t.api, nil
	}
	ends := now.Add(tenantLife)
	token, err := s.api.GenerateTenantToken(s.key.UID, map[string]any{uid: map[string]any{"filter": rule}},
		&meilisearch.TenantTokenOptions{APIKey: s.key.Key, ExpiresAt: ends.UTC()})
	if err != nil {
		return nil, fmt.Errorf("meilisearch: a token for a search: %w", err)
	}
	if s.tenants.all == nil || len(s.tenants.all) >= tenantMost {
		s.tenants.all = map[string]tenant{}
	}
	t := tenant{s.with(token), ends}
	s.tenants.all[name] = t
	return t.api, nil
}

// with gives a client with another key over the same connections.
func (s *server) with(key string) meilisearch.ServiceManager {
	options := []meilisearch.Option{meilisearch.DisableRetries(), meilisearch.WithCustomClient(s.http)}
	if key != "" {
		options = append(options, meilisearch.WithAPIKey(key))
	}
	return meilisearch.New(strings.TrimRight(s.address, "/"), options...)
}
