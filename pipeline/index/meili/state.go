package meili

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"guidang/pipeline/index"
)

// Two documents of every index say what it is. Searches never return them, since
// they have no scope; they move with the index when it is swapped.
const (
	identityID = "identity"
	markID     = "mark"
)

type identity struct {
	Generation string `json:"generation"`
	Format     string `json:"format"`
	Settings   string `json:"settings"`
}

// marked is the mark together with the generation that it was made for: one that
// a swap overtook means nothing to the index that it arrives in.
type marked struct {
	Generation string `json:"generation"`
	Ledger     string `json:"ledger"`
	Seq        int64  `json:"seq"`
}

type stateRow struct {
	ID    string `json:"id"`
	State any    `json:"state"`
}

func newGeneration() string {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	return "g" + hex.EncodeToString(id[:])
}

// state reads one of the two documents into v; false: it is not there.
func (s *server) state(ctx context.Context, uid, id string, v any) (bool, error) {
	var row struct {
		State json.RawMessage `json:"state"`
	}
	err := s.do(ctx, "document "+id, askAttempts, func(ctx context.Context) error {
		return s.api.Index(uid).GetDocumentWithContext(ctx, id, nil, &row)
	})
	if code := codeOf(err); code == "document_not_found" {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(row.State, v); err != nil {
		return false, fmt.Errorf("meilisearch: index %s: document %s: %w", uid, id, err)
	}
	return true, nil
}

// putState starts to write one of the two documents.
func (s *server) putState(ctx context.Context, uid, id string, v any) (task int64, err error) {
	b, err := json.Marshal(stateRow{id, v})
	if err != nil {
		return 0, err
	}
	return s.start(ctx, "document "+id, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return s.api.Index(uid).AddDocumentsNdjsonWithContext(ctx, b, nil)
	})
}

// ready makes an index where there is none and brings it to our settings, also where
// they were changed on the server. It
// gives the generation that stands in it.
func (s *server) ready(ctx context.Context, uid string) (string, error) {
	hash, err := settingsHash()
	if err != nil {
		return "", err
	}
	var have identity
	var info *meilisearch.StatsIndex
	ok := false
	err = s.do(ctx, "stats", askAttempts, func(ctx context.Context) (err error) {
		info, err = s.api.Index(uid).GetStatsWithContext(ctx, nil)
		return err
	})
	switch {
	case codeOf(err) == "index_not_found":
	case err != nil:
		return "", err
	default:
		if ok, err = s.state(ctx, uid, identityID, &have); err != nil {
			return "", err
		}
		if !ok && info.NumberOfDocuments > 0 {
			return "", fmt.Errorf("meilisearch at %s: the index %s belongs to another program; choose another prefix", s.name, uid)
		}
	}
	// The hash tells that ours have changed, also to a key that may not look at the
	// settings; putBack tells that somebody else has changed them.
	if ok && have.Format == format && have.Settings == hash {
		return have.Generation, s.putBack(ctx, uid, &have)
	}
	if ok && have.Format != format {
		// Nothing in it can be found any more. It is disposable: the ledger fills a
		// new generation.
		if err := s.drop(ctx, uid); err != nil {
			return "", err
		}
		ok = false
	}
	if !ok {
		return s.create(ctx, uid)
	}
	have.Settings = hash
	if err := s.configure(ctx, uid, &have); err != nil {
		return "", err
	}
	return have.Generation, nil
}

// create makes an empty index with our settings. One that is there already, left
// by a crash before its identity was written, is taken over.
func (s *server) create(ctx context.Context, uid string) (string, error) {
	hash, err := settingsHash()
	if err != nil {
		return "", err
	}
	err = s.run(ctx, "create "+uid, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return s.api.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: primaryKey})
	})
	if err != nil && codeOf(err) != "index_already_exists" {
		return "", err
	}
	id := identity{newGeneration(), format, hash}
	return id.Generation, s.configure(ctx, uid, &id)
}

// configure sends the settings and, once they hold, the identity.
func (s *server) configure(ctx context.Context, uid string, id *identity) error {
	ix := s.api.Index(uid)
	filters := filterable()
	var tasks []int64
	for _, call := range []func(context.Context) (*meilisearch.TaskInfo, error){
		func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return ix.UpdateSettingsWithContext(ctx, settings())
		},
		func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return ix.UpdateFilterableAttributesWithContext(ctx, &filters)
		},
		func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return ix.UpdateFacetSearchWithContext(ctx, false)
		},
	} {
		task, err := s.start(ctx, "settings of "+uid, call)
		if err != nil {
			return err
		}
		tasks = append(tasks, task)
	}
	failed, err := s.wait(ctx, tasks)
	if err != nil {
		return err
	}
	for _, e := range failed {
		return fmt.Errorf("meilisearch: settings of %s: %w", uid, e)
	}
	task, err := s.putState(ctx, uid, identityID, id)
	if err != nil {
		return err
	}
	if failed, err = s.wait(ctx, []int64{task}); err == nil && failed[task] != nil {
		err = fmt.Errorf("meilisearch: identity of %s: %w", uid, failed[task])
	}
	return err
}

func (s *server) drop(ctx context.Context, uid string) error {
	err := s.run(ctx, "delete "+uid, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return s.api.DeleteIndexWithContext(ctx, uid)
	})
	if codeOf(err) == "index_not_found" {
		return nil
	}
	return err
}

// litterAge is how long nothing was written to an index of a rebuild before it
// is taken for one that a crash ended. Another process may be at it.
const litterAge = 24 * time.Hour

// sweep deletes what rebuilds left behind.
func (s *server) sweep(ctx context.Context, uid string, now time.Time) error {
	const page = 100
	var old []string
	for offset := int64(0); ; offset += page {
		var got *meilisearch.IndexesResults
		err := s.do(ctx, "indexes", askAttempts, func(ctx context.Context) (err error) {
			got, err = s.api.ListIndexesWithContext(ctx, &meilisearch.IndexesQuery{Limit: page, Offset: offset})
			return err
		})
		if err != nil {
			return err
		}
		for _, ix := range got.Results {
			if name, ok := strings.CutPrefix(ix.UID, uid+"_"); ok && isGeneration(name) && now.Sub(ix.UpdatedAt) > litterAge {
				old = append(old, ix.UID)
			}
		}
		if offset+page >= got.Total {
			break
		}
	}
	var errs []error
	for _, ix := range old {
		errs = append(errs, s.drop(ctx, ix))
	}
	return errors.Join(errs...)
}

func isGeneration(name string) bool {
	b, err := hex.DecodeString(strings.TrimPrefix(name, "g"))
	return err == nil && len(b) == 8 && len(name) == 17
}

func (m marked) mark(generation string) index.Mark {
	if m.Generation != generation {
		return index.Mark{}
	}
	return index.Mark{Ledger: m.Ledger, Seq: m.Seq}
}
