package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	api "github.com/blevesearch/bleve_index_api"

	"guidang/pipeline/index"
)

const (
	batchPassages = 1000 // of one segment in memory
	idMost        = 128  // bytes of a document's id
)

// upsert writes entries in batches of bounded text; a long document may reach
// over several. The mark goes with the last one, so that a crash in between
// leaves the old mark and everything is sent again.
func (g *generation) upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (_ index.Token, err error) {
	g.write.Lock()
	defer g.write.Unlock()
	r, err := g.reader()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	w := &writer{g: g, batch: api.NewBatch()}
	rejected := map[string]string{}
	last := map[string]int{}
	for i := range entries {
		last[entries[i].Document] = i
	}
	for i := range entries {
		e := &entries[i]
		if why := refuse(e); why != "" {
			rejected[e.Document] = why
			continue
		}
		if last[e.Document] != i { // given twice: the later one counts
			continue
		}
		var have []string
		// A first revision finds nothing to replace, or what a crash left of itself,
		// under the same ids. Looking for it took a tenth of a migration's time.
		if e.Revision > 1 || e.Stale > 0 {
			if have, err = passagesOf(ctx, r, e.Document); err != nil {
				return "", fmt.Errorf("index %s: %s: %w", g.name, e.Document, err)
			}
		}
		if err := w.entry(ctx, e, have); err != nil {
			return "", err
		}
	}
	return w.finish(ctx, mark, rejected)
}

// refuse says why an entry can never be indexed; empty if it can.
func refuse(e *index.Entry) string {
	switch {
	case e.Document == "" || len(e.Document) > idMost || strings.ContainsAny(e.Document, "/_"):
		return "its id cannot be kept"
	case len(e.Scopes) == 0:
		return "nobody may see it"
	case len(e.Passages) == 0:
		return "it has no passage"
	}
	return ""
}

// remove deletes documents whole.
func (g *generation) remove(ctx context.Context, documents []string, mark index.Mark) (_ index.Token, err error) {
	g.write.Lock()
	defer g.write.Unlock()
	r, err := g.reader()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	w := &writer{g: g, batch: api.NewBatch()}
	for _, doc := range documents {
		have, err := passagesOf(ctx, r, doc)
		if err != nil {
			return "", fmt.Errorf("index %s: %s: %w", g.name, doc, err)
		}
		for _, id := range have {
			w.batch.Delete(id)
		}
	}
	return w.finish(ctx, mark, nil)
}

// writer fills batches.
type writer struct {
	g     *generation
	batch *api.Batch
	text  int
}

// entry writes an entry in place of the passages that the index has of it.
func (w *writer) entry(ctx context.Context, e *index.Entry, have []string) error {
	f := w.g.fieldsOf(e)
	for n := range e.Passages {
		size := len(e.Passages[n].Text)
		if w.text > 0 && (w.text+size > w.g.options.BatchText || len(w.batch.IndexOps) >= batchPassages) {
			if _, err := w.g.apply(ctx, w.batch); err != nil {
				return err
			}
			w.batch, w.text = api.NewBatch(), 0
		}
		p := f.passage(n)
		p.number = len(w.batch.IndexOps)
		w.batch.Update(p)
		w.text += size
	}
	w.surplus(e, have)
	return nil
}

// surplus deletes what the index has beyond the new passages: what it really
// has, and what the ledger says that it had.
func (w *writer) surplus(e *index.Entry, have []string) {
	for _, id := range have {
		if p, err := index.ParsePassageID(id); err != nil || p.Seq >= len(e.Passages) {
			w.batch.Delete(id)
		}
	}
	for n := len(e.Passages); n < e.Stale; n++ {
		w.batch.Delete(index.PassageID{Document: e.Document, Seq: n}.String())
	}
}

func (w *writer) finish(ctx context.Context, mark index.Mark, rejected map[string]string) (index.Token, error) {
	b, err := json.Marshal(mark)
	if err != nil {
		return "", err
	}
	w.batch.SetInternal([]byte(keyMark), b)
	n, err := w.g.apply(ctx, w.batch)
	if err != nil {
		return "", err
	}
	if len(rejected) > 0 {
		w.g.mu.Lock()
		w.g.rejected[n] = &index.RejectedError{Documents: rejected}
		w.g.mu.Unlock()
	}
	return w.g.token(n), nil
}

// passagesOf are the ids of all passages that the index has of a document, in
// whatever revision.
func passagesOf(ctx context.Context, r api.IndexReader, doc string) (ids []string, err error) {
	owners, err := ownersOf(r, doc)
	if err != nil {
		return nil, err
	}
	for _, owner := range owners {
		t, err := r.TermFieldReader(ctx, owner, fieldOwner, false, false, false)
		if err != nil {
			return nil, err
		}
		var hit api.TermFieldDoc
		for {
			p, err := t.Next(&hit)
			if err != nil {
				return nil, errors.Join(err, t.Close())
			}
			if p == nil {
				break
			}
			id, err := r.ExternalID(p.ID)
			if err != nil {
				return nil, errors.Join(err, t.Close())
			}
			ids = append(ids, id)
		}
		if err := t.Close(); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// ownersOf are the owner terms of a document, also of revisions that are
// deleted but not merged away yet.
func ownersOf(r api.IndexReader, doc string) (owners [][]byte, err error) {
	d, err := r.FieldDictPrefix(fieldOwner, []byte(doc+"/"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	for {
		entry, err := d.Next()
		if err != nil || entry == nil {
			return owners, err
		}
		owners = append(owners, []byte(entry.Term))
	}
}

// walk gives every document with its newest revision and how many passages of
// it can be found.
func (g *generation) walk(ctx context.Context, fn func(doc string, revision int64, passages int) error) (err error) {
	r, err := g.reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	d, err := r.FieldDict(fieldOwner)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	var doc string
	var revision, passages int64
	give := func() error {
		if passages == 0 {
			return nil
		}
		return fn(doc, revision, int(passages))
	}
	for {
		entry, err := d.Next()
		if err != nil {
			return err
		}
		if entry == nil {
			return give()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		owner, rev, ok := parseOwner(entry.Term)
		if !ok {
			return fmt.Errorf("%w: %q owns passages", index.ErrCorrupt, entry.Term)
		}
		n, err := count(ctx, r, fieldOwner, entry.Term)
		if err != nil {
			return err
		}
		if owner != doc {
			if err := give(); err != nil {
				return err
			}
			doc, revision, passages = owner, 0, 0
		}
		if n > 0 { // an older revision beside it would be surplus: it counts too
			revision, passages = rev, passages+n
		}
	}
}
