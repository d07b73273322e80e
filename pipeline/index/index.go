// Package index makes documents findable: it cuts sections into passages,
// analyses text (Han bigrams), asks an engine for candidates, verifies them on
// the true text and makes the snippets.
//
// Two engines stand behind one interface and one conformance suite
// (indextest): Bleve in the process, and a Meilisearch server. An index is
// disposable: everything in it can be made again from the ledger.
package index

import (
	"context"
	"time"

	"guidang/extractors/document"
)

// Entry is one document as an engine takes it.
type Entry struct {
	Document  string // document id
	Revision  int64  // of the document in the ledger; a higher one replaces a lower one
	Kind      document.Kind
	Type      document.Type // empty: no paper of a project
	Title     string
	Name      string    // file name or subject line of the occurrence shown
	Date      time.Time // zero: unknown
	Customer  []string
	Project   []string
	Tags      []string
	Sensitive []string // what of document.Sensitives it holds
	Scopes    []string // who may see it: "source:NAME" and later customer, project; never empty
	Terms     []string // key terms, searchable
	People    []string // names and addresses, searchable
	Passages  []Passage

	// Of a meeting, for people who look into the index; nothing of it is searched.
	Headline  string
	Decisions []string

	// Stale is how many passages the revision before this one had; those beyond
	// len(Passages) are deleted in the same batch.
	Stale int
}

// Head is the text that belongs to a document as a whole: title, name, key
// terms and people. Engines index it with passage 0 and nowhere else, so that a
// word of a title does not fill the candidates with every page of one document.
// The Searcher brings title and passages together again.
func (e *Entry) Head() []string {
	out := make([]string, 0, 2+len(e.Terms)+len(e.People))
	out = append(out, e.Title)
	if e.Name != e.Title {
		out = append(out, e.Name)
	}
	out = append(out, e.Terms...)
	return append(out, e.People...)
}

// Passage is what is indexed: a section or a part of one.
type Passage struct {
	Seq      int // from 0 within its document; the passage's id is PassageID(document, seq)
	Position document.Position
	Heading  string
	Text     string
}

// Mark ties an index to the ledger that feeds it: what has been applied up to
// which sequence of the outbox. It is written in the same batch as the entries.
type Mark struct {
	Ledger string `json:"ledger"` // its id
	Seq    int64  `json:"seq"`
}

// Token names a batch that an engine accepted; Visible waits for it.
type Token string

// Engine is a place where passages are indexed. All methods are safe for
// concurrent use; batches are applied in the order in which they were given.
type Engine interface {
	// Name is embedded or meilisearch.
	Name() string
	// Upsert replaces the entries' passages and records mark. It may return
	// before the batch can be found; only Visible says that.
	Upsert(ctx context.Context, entries []Entry, mark Mark) (Token, error)
	// Delete removes documents whole. Unknown ids are not an error.
	Delete(ctx context.Context, documents []string, mark Mark) (Token, error)
	// Visible returns nil once the batch can be searched and will survive a
	// crash. A *RejectedError names documents that the engine refuses for good;
	// any other error is transient: send the batch again.
	Visible(ctx context.Context, token Token) error
	// Search gives candidates, best first, at most q.Candidates passages, all of
	// them within q.Scopes.
	Search(ctx context.Context, q Query) (Candidates, error)
	// Mark is what the index knows of its ledger; zero for a new index.
	Mark(ctx context.Context) (Mark, error)
	// Walk calls fn for every document with its revision and number of passages,
	// in any order: the engine's side of reconcile.
	Walk(ctx context.Context, fn func(doc string, revision int64, passages int) error) error
	// Rebuild begins an empty index beside this one. The returned Rebuilding
	// takes entries; Swap puts it in this one's place at once.
	Rebuild(ctx context.Context) (Rebuilding, error)
	// Stats counts what can be found now.
	Stats(ctx context.Context) (Stats, error)
	// Generation names the physical index: an acknowledgement is for one
	// generation only, so a rebuild never un-indexes anything.
	Generation() string
	Close() error
}

// Rebuilding is an index being built beside the one in use.
type Rebuilding interface {
	Upsert(ctx context.Context, entries []Entry, mark Mark) (Token, error)
	Visible(ctx context.Context, token Token) error
	// Swap makes the new index the one in use and deletes the old one.
	Swap(ctx context.Context) error
	// Discard gives the new index up. Safe after Swap, then a no-op.
	Discard() error
	Generation() string
}

// Stats counts an index.
type Stats struct {
	Engine    string // embedded or meilisearch
	Documents int64
	Passages  int64
	Bytes     int64 // on disk, 0 if not known
}

// RejectedError names documents that an engine will never take, with why.
type RejectedError struct {
	Documents map[string]string
}

func (e *RejectedError) Error() string { return "index: documents rejected by the engine" }
