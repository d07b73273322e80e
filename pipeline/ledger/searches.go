package ledger

import (
	"context"
	"time"
)

// Saved is a search that somebody keeps. It is no part of what the archive
// holds: a dump does not have it.
type Saved struct {
	ID      int64
	Owner   string // who keeps it
	Name    string
	Address string // the parameters of its page
	Request string // the same as the index takes it, JSON
	Scopes  string // what the owner may see, JSON; null: everything
	Token   string // names its feed for whoever knows it
	Created time.Time
}

// SavedHit is a document that a kept search found later than at first.
type SavedHit struct {
	Document string
	Since    time.Time
}

// Searches reads kept searches.
type Searches interface {
	// SavedSearches are those of an owner, oldest first.
	SavedSearches(ctx context.Context, owner string) ([]*Saved, error)
	// SavedSearch finds one by the token of its feed.
	SavedSearch(ctx context.Context, token string) (*Saved, error)
	// SavedHits are what a search found since it was kept, newest first, at most
	// limit.
	SavedHits(ctx context.Context, search int64, limit int) ([]SavedHit, error)
	// UnseenBy gives those of the documents that a search has not found before.
	UnseenBy(ctx context.Context, search int64, documents []string) ([]string, error)
}

// SearchesTx changes them.
type SearchesTx interface {
	// SaveSearch inserts a search and sets its ID.
	SaveSearch(s *Saved) error
	// DropSearch removes a search of an owner with what it found; ErrNotFound.
	DropSearch(owner string, id int64) error
	// FoundBy notes that a search finds documents since a time; zero: from the
	// beginning. What was noted before stays as it is.
	FoundBy(search int64, documents []string, since time.Time) error
}
