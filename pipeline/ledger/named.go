package ledger

import "context"

// NamedFiles is the part of a Ledger that knows which contents name files.
type NamedFiles interface {
	// NamedIn are the contents whose rows name a file so, in lower case.
	NamedIn(ctx context.Context, name string) ([]int64, error)
	// NamesFiles says whether a content's rows name files.
	NamesFiles(ctx context.Context, content int64) (bool, error)
	// Below calls fn for what lies below a place of a source, whole folders and
	// containers with all that is in them, in order of locators, at most limit times.
	// It includes what is gone.
	Below(ctx context.Context, source, place string, limit int, fn func(item int64, locator string) error) error
}

// NamedFilesTx changes it.
type NamedFilesTx interface {
	// SetNamed replaces the names of the files that a content's rows name.
	SetNamed(content int64, names []string) error
}
