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
	if err := g.grow(ctx); err != nil {
		return "", err
	}
	w, err := g.writing()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, w.close()) }()
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
		to, have, err := w.place(ctx, e)
		if err != nil {
			return "", fmt.Errorf("index %s: %s: %w", g.name, e.Document, err)
		}
		if err := to.entry(ctx, e, have); err != nil {
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
	w, err := g.writing()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	for _, one := range w.writers {
		for _, doc := range documents {
			have, err := passagesOf(ctx, one.r, doc)
			if err != nil {
				return "", fmt.Errorf("index %s: %s: %w", g.name, doc, err)
			}
			for _, id := range have {
				one.batch.Delete(id)
			}
		}
	}
	return w.finish(ctx, mark, nil)
}

// writing is one call's batches, a writer for each shard.
type writing struct {
	writers []*writer
}

// writer fills batches for a shard.
type writer struct {
	g     *generation
	s     *shard
	r     api.IndexReader // as it was
	batch *api.Batch
	text  int
	used  bool // something was applied
}

func (g *generation) writing() (*writing, error) {
	w := &writing{}
	for _, s := range g.all() {
		r, err := s.reader()
		if err != nil {
			return nil, errors.Join(err, w.close())
		}
		w.writers = append(w.writers, &writer{g: g, s: s, r: r, batch: api.NewBatch()})
	}
	return w, nil
}

func (w *writing) close() error {
	var errs []error
	for _, one := range w.writers {
		errs = append(errs, one.r.Close())
	}
	return errors.Join(errs...)
}

// place says where an entry is written, and what is there of it. A document stays
// in its shard; what is new goes to the last one.
func (w *writing) place(ctx context.Context, e *index.Entry) (to *writer, have []string, err error) {
	last := w.writers[len(w.writers)-1]
	// A first revision finds nothing to replace, or what a crash left of itself,
	// under the same ids. Looking for it took a tenth of a migration's time; one
	// look for the first passage, which is written first, does it for other shards.
	if e.Revision > 1 || e.Stale > 0 {
		for _, one := range w.writers {
			if have, err = passagesOf(ctx, one.r, e.Document); err != nil || len(have) > 0 {
				return one, have, err
			}
		}
		return last, nil, nil
	}
	first := index.PassageID{Document: e.Document}.String()
	for _, one := range w.writers[:len(w.writers)-1] {
		if id, err := one.r.InternalID(first); err != nil || id != nil {
			return one, nil, err
		}
	}
	return last, nil, nil
}

// finish applies what is left. What went to other shards is on disk before the
// last one gets the mark.
func (w *writing) finish(ctx context.Context, mark index.Mark, rejected map[string]string) (index.Token, error) {
	n := len(w.writers) - 1
	others, last := w.writers[:n], w.writers[n]
	for _, one := range others {
		if err := one.flush(ctx); err != nil {
			return "", err
		}
	}
	b, err := json.Marshal(mark)
	if err != nil {
		return "", err
	}
	last.batch.SetInternal([]byte(keyMark), b)
	if n > 0 {
		all := make([]*shard, n)
		for i, one := range others {
			all[i] = one.s
		}
		if b, err = turns(all); err != nil {
			return "", err
		}
		last.batch.SetInternal([]byte(keyTurns), b)
	}
	return last.finish(ctx, rejected)
}

// flush applies what is left for a shard that is not the last one, and waits
// until it is on disk.
func (w *writer) flush(ctx context.Context) error {
	if !w.used && len(w.batch.IndexOps) == 0 {
		return nil
	}
	return w.s.take(ctx, w.batch)
}

// finish applies the last batch of a call.
func (w *writer) finish(ctx context.Context, rejected map[string]string) (index.Token, error) {
	n, err := w.s.apply(ctx, w.batch)
	if err != nil {
		return "", err
	}
	if len(rejected) > 0 {
		w.s.mu.Lock()
		w.s.rejected[n] = &index.RejectedError{Documents: rejected}
		w.s.mu.Unlock()
	}
	return w.s.token(n), nil
}

// entry writes an entry in place of the passages that the index has of it.
func (w *writer) entry(ctx context.Context, e *index.Entry, have []string) error {
	f := w.g.fieldsOf(e)
	for n := range e.Passages {
		size := len(e.Passages[n].Text)
		if w.text > 0 && (w.text+size > w.g.options.BatchText || len(w.batch.IndexOps) >= batchPassages) {
			if _, err := w.s.apply(ctx, w.batch); err != nil {
				return err
			}
			w.batch, w.text, w.used = api.NewBatch(), 0, true
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
func (s *shard) walk(ctx context.Context, fn func(doc string, revision int64, passages int) error) (err error) {
	r, err := s.reader()
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
