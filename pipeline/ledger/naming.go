package ledger

import "context"

// Naming tells what everything is called: what proposals while typing are made
// from.
type Naming interface {
	// EachNamed calls fn for every place of every content that has been or is to be
	// found, the places of one content together and in bytewise order of source and
	// locator; those that are shown within their parents are left out. Filled is
	// what Located fills. fn must not keep its argument.
	EachNamed(ctx context.Context, fn func(*Located) error) error
}
