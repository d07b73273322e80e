package ledger

import "context"

// Works is what is asked of work that is still open on contents.
type Works interface {
	// OpenWork gives the ids of contents that something stands for and on which this
	// work is open (Content.OpenWork), the newest first.
	OpenWork(ctx context.Context, work string) ([]int64, error)
}
