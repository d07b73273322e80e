package ledger

import "context"

// Stamp is what an item's container says of it without its bytes being made
// (document.Child.Stamp).
type Stamp struct {
	Item    int64
	Ordinal int
	Stamp   string
}

// Stamps reads stamps.
type Stamps interface {
	// Stamps are those of what lies in a container now, from one ordinal to before
	// another, at most limit.
	Stamps(ctx context.Context, container int64, from, to int64, limit int) ([]Stamp, error)
}

// StampsTx changes them.
type StampsTx interface {
	// SetStamp notes the stamp of an item that lies in another one.
	SetStamp(i *Item, stamp string) error
	// StillIn notes that items which are not gone lie in a content now: their
	// container has changed, and they have not.
	StillIn(content int64, items []int64) error
}
