package ledger

import (
	"context"
	"time"
)

// Confirmation is what a person said of a finding of a quarterly review. It is
// appended and never changed: of two about one finding the newer one counts.
type Confirmation struct {
	ID       int64
	Finding  string // its id, the same in every quarter
	Quarter  string // 2026Q1
	Decision string
	Who      string
	Note     string
	About    string // the finding as it was then, JSON: what was confirmed can be read for ever
	At       time.Time
}

// Telling says that somebody was told of a finding.
type Telling struct {
	Finding string
	Quarter string
	Who     string // as the list names him
	Way     string // mail, group
	At      time.Time
}

// Reviews is what the ledger keeps of reviews.
type Reviews interface {
	// Confirmations are all of them, oldest first.
	Confirmations(ctx context.Context) ([]Confirmation, error)
	// Tellings are those of a quarter, oldest first.
	Tellings(ctx context.Context, quarter string) ([]Telling, error)
	// Commits counts what was committed since the ledger was opened: while it stays
	// the same, what was read out of the ledger holds.
	Commits() int64
}

// ReviewTx changes it.
type ReviewTx interface {
	// AddConfirmation appends one and sets its ID.
	AddConfirmation(c *Confirmation) error
	// AddTelling appends one.
	AddTelling(t *Telling) error
}
