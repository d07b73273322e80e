// Package meili keeps the index on a Meilisearch server.
//
// The server sees code words instead of text (code.go), one document for each
// passage (rows.go), and two that say what the index is (state.go). Tried with
// v1.50; v1.15 or newer is needed.
//
//	PREFIX_passages                     the index in use
//	PREFIX_passages_g0123456789abcdef   one being rebuilt
package meili

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"guidang/pipeline/index"
)

const engineName = "meilisearch"

// Options of a server.
type Options struct {
	URL    string // such as http://127.0.0.1:7700
	Key    string // the master key, or one that may do everything with the indexes of the prefix; empty: the server asks for none
	KeyUID string // of a Key that is no master key, so that searches can have tokens; empty: they have none
	Prefix string // of the names of our indexes on the server: letters, digits, - and _; empty: gd
}

// Engine is an index.Engine on a server. Several processes may use one index.
type Engine struct {
	s   *server
	uid string

	// swap is held for reading while tasks are sent, and for writing while the
	// index is swapped, so that no batch goes to another generation than it says.
	swap   sync.RWMutex
	cur    atomic.Pointer[generation]
	closed atomic.Bool
}

var _ index.Engine = (*Engine)(nil)

var errClosed = errors.New("the index is closed")

const (
	// closing is how long Close waits for the mark that was sent last, and opening
	// how long Open waits for it to arrive. Where both are too short the mark is
	// found a little behind, and a few documents are sent again.
	closing = 1500 * time.Millisecond
	opening = 30 * time.Second
)

// Open connects to a server and makes the index if there is none. It says
// clearly when no server answers, when the key is wrong and when the server is
// too old.
func Open(ctx context.Context, o Options) (index.Engine, error) {
	e, err := open(ctx, o, usualPace)
	if err != nil { // not a typed nil
		return nil, err
	}
	return e, nil
}

func open(ctx context.Context, o Options, p pace) (*Engine, error) {
	if o.Prefix == "" {
		o.Prefix = "gd"
	}
	if strings.Trim(strings.ToLower(o.Prefix), "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" || len(o.Prefix) > 200 {
		return nil, errors.New("meilisearch: a prefix is made of letters, digits, - and _")
	}
	s, err := dial(o.URL, meilisearch.Key{Key: o.Key, UID: o.KeyUID}, p)
	if err != nil {
		return nil, err
	}
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	if err := s.takeKey(ctx, o.Prefix); err != nil {
		return nil, err
	}
	e := &Engine{s: s, uid: o.Prefix + "_passages"}
	name, err := s.ready(ctx, e.uid)
	if err != nil {
		return nil, err
	}
	if err := s.sweep(ctx, e.uid, time.Now()); err != nil {
		return nil, err
	}
	// What was sent last may be under way still, the mark among it.
	if err := s.idle(ctx, e.uid, opening); err != nil {
		return nil, err
	}
	g := newGenerationAt(s, e.uid, name)
	if err := g.load(ctx); err != nil {
		return nil, err
	}
	e.cur.Store(g)
	return e, nil
}

// load reads the mark.
func (g *generation) load(ctx context.Context) error {
	var m marked
	if _, err := g.s.state(ctx, g.uid, markID, &m); err != nil {
		return err
	}
	g.mark = m.mark(g.name)
	return nil
}

// Name is meilisearch.
func (e *Engine) Name() string { return engineName }

// Generation names the physical index.
func (e *Engine) Generation() string { return e.cur.Load().name }

// Upsert sends a batch. It waits while the server is behind.
func (e *Engine) Upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (index.Token, error) {
	e.swap.RLock()
	defer e.swap.RUnlock()
	if e.closed.Load() {
		return "", errClosed
	}
	return e.cur.Load().upsert(ctx, entries, mark)
}

// Delete removes documents.
func (e *Engine) Delete(ctx context.Context, documents []string, mark index.Mark) (index.Token, error) {
	e.swap.RLock()
	defer e.swap.RUnlock()
	if e.closed.Load() {
		return "", errClosed
	}
	return e.cur.Load().delete(ctx, documents, mark)
}

// Visible waits until the server has applied a batch; it shows and keeps it from
// then on. A token of a generation that was replaced meanwhile is an error, also
// when another process did that.
func (e *Engine) Visible(ctx context.Context, token index.Token) error {
	if e.closed.Load() {
		return errClosed
	}
	g := e.cur.Load()
	err := g.visible(ctx, token)
	var rejected *index.RejectedError
	if err != nil && !errors.As(err, &rejected) {
		return err
	}
	var now identity
	ok, stateErr := e.s.state(ctx, e.uid, identityID, &now)
	switch {
	case stateErr != nil:
		return stateErr
	case !ok:
		return fmt.Errorf("index %s is gone from the server", e.uid)
	case now.Generation != g.name:
		fresh := newGenerationAt(e.s, e.uid, now.Generation)
		if loadErr := fresh.load(ctx); loadErr != nil {
			return loadErr
		}
		e.cur.CompareAndSwap(g, fresh)
		return fmt.Errorf("index %s: generation %s was replaced by %s meanwhile", e.uid, g.name, now.Generation)
	}
	return err
}

// Search gives candidates.
func (e *Engine) Search(ctx context.Context, q index.Query) (index.Candidates, error) {
	if e.closed.Load() {
		return index.Candidates{}, errClosed
	}
	return e.s.search(ctx, e.uid, &q)
}

// Mark is what the index knows of its ledger.
func (e *Engine) Mark(context.Context) (index.Mark, error) {
	if e.closed.Load() {
		return index.Mark{}, errClosed
	}
	g := e.cur.Load()
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.mark, nil
}

// Walk counts the passages of every document that the server has.
func (e *Engine) Walk(ctx context.Context, fn func(doc string, revision int64, passages int) error) error {
	if e.closed.Load() {
		return errClosed
	}
	return e.s.walk(ctx, e.uid, fn)
}

// Stats counts what can be found. How much room an index takes on disk the
// server does not tell.
func (e *Engine) Stats(ctx context.Context) (index.Stats, error) {
	if e.closed.Load() {
		return index.Stats{}, errClosed
	}
	return e.s.stats(ctx, e.uid)
}

// Close gives the connections up. What was sent is not lost. A second Close does
// nothing.
func (e *Engine) Close() error {
	if !e.closed.CompareAndSwap(false, true) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	e.swap.Lock() // calls under way end first
	defer e.swap.Unlock()
	_ = e.cur.Load().marked(ctx) // a mark that is behind only costs work, see closing
	e.s.http.CloseIdleConnections()
	return nil
}
