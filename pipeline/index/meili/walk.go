package meili

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/meilisearch/meilisearch-go"

	"guidang/pipeline/index"
)

const (
	// everything is more rows than one request of ours can match. Such a request
	// is answered whole: pages by offset would shift while batches come in.
	everything = 1 << 30

	rowsAtOnce = 10_000 // passages that Walk asks for, on average
)

// passages calls fn for every passage that a filter leaves.
func (s *server) passages(ctx context.Context, uid, filter string, fn func(id index.PassageID, revision int64)) error {
	var got meilisearch.DocumentsResult
	err := s.do(ctx, "fetch", askAttempts, func(ctx context.Context) error {
		got = meilisearch.DocumentsResult{}
		return s.api.Index(uid).GetDocumentsWithContext(ctx, &meilisearch.DocumentsQuery{
			Filter: filter, Fields: []string{primaryKey, "rev"}, Limit: everything,
		}, &got)
	})
	if err != nil {
		return err
	}
	for _, hit := range got.Results {
		id, err := idOf(hit)
		if err != nil {
			return err
		}
		var revision int64
		if err := json.Unmarshal(hit["rev"], &revision); err != nil {
			return fmt.Errorf("meilisearch: revision of %s: %w", id, err)
		}
		fn(id, revision)
	}
	return nil
}

func idOf(hit meilisearch.Hit) (id index.PassageID, err error) {
	var s string
	if err = json.Unmarshal(hit[primaryKey], &s); err == nil {
		id, err = index.ParsePassageID(s)
	}
	if err != nil {
		err = fmt.Errorf("meilisearch: a passage without an id of ours: %w", err)
	}
	return id, err
}

// count is how many passages a filter leaves.
func (s *server) count(ctx context.Context, uid, filter string) (int64, error) {
	var got meilisearch.DocumentsResult
	err := s.do(ctx, "fetch", askAttempts, func(ctx context.Context) error {
		got = meilisearch.DocumentsResult{}
		return s.api.Index(uid).GetDocumentsWithContext(ctx, &meilisearch.DocumentsQuery{
			Filter: filter, Fields: []string{primaryKey}, Limit: 1,
		}, &got)
	})
	return got.Total, err
}

// walk gives every document with its newest revision and how many passages of it
// can be found. It reads the index in parts by a hash of the document, so that
// what changes meanwhile is seen before or after, but never twice or not at all.
func (s *server) walk(ctx context.Context, uid string, fn func(doc string, revision int64, passages int) error) error {
	total, err := s.count(ctx, uid, anyPassage)
	if err != nil {
		return err
	}
	step := bins
	if total > rowsAtOnce {
		step = max(int(bins*rowsAtOnce/total), 1)
	}
	for from := 0; from < bins; from += step {
		type held struct {
			revision int64
			passages int
		}
		have := map[string]held{}
		err := s.passages(ctx, uid, fmt.Sprintf("bin >= %d AND bin < %d", from, from+step), func(id index.PassageID, revision int64) {
			h := have[id.Document]
			have[id.Document] = held{max(h.revision, revision), h.passages + 1}
		})
		if err != nil {
			return err
		}
		for doc, h := range have {
			if err := fn(doc, h.revision, h.passages); err != nil {
				return err
			}
		}
	}
	return nil
}

// anyPassage leaves out the two documents that say what the index is.
const anyPassage = "seq >= 0" //nolint:gosec // a filter

func (s *server) stats(ctx context.Context, uid string) (st index.Stats, err error) {
	st.Engine = engineName
	if st.Passages, err = s.count(ctx, uid, anyPassage); err != nil {
		return st, err
	}
	st.Documents, err = s.count(ctx, uid, "seq = 0")
	return st, err
}
