package ledger

import "context"

// Relation is how a content belongs to others.
type Relation struct {
	Mail    string // document id of the mail that its canonical item lies in
	Message int64  // what mails under one Message-ID have in common; 0: none
	Chain   int64  // what versions of one document have in common; 0: none
	Ordinal int    // among them
	Branch  bool   // beside their line
}

// Relating is the part of a Ledger that knows which documents belong together.
type Relating interface {
	// Relations answers many document ids at once; those that belong to none are
	// missing.
	Relations(ctx context.Context, ids []string) (map[string]Relation, error)
}
