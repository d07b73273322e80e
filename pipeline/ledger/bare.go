package ledger

import "context"

// BareItems are whose the items are that have no content to be judged by: a
// locked archive's members, what could not be had, what a rule skips, what is
// empty. They are told by their place alone.
type BareItems interface {
	// EachBare calls fn for the place of every such item whose fate is known, in
	// order of source and locator. fn must not call the ledger.
	EachBare(ctx context.Context, fn func(*Spot) error) error
	// BareAssignments calls fn for each assignment of one that is chosen by customer
	// and project, in order of source and locator.
	BareAssignments(ctx context.Context, f OfDossier, fn func(item int64, b *Belonging) error) error
}

// BareItemsTx changes it.
type BareItemsTx interface {
	// SetBareAssignments replaces the assignments of an item.
	SetBareAssignments(item int64, as []Assignment) error
}
