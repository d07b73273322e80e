// Package source reaches the places that items are pulled from. A source is
// walked in the bytewise order of its items' locators, because the ledger is
// compared with the walk as a merge of two sorted lists: neither is held in
// memory, however many items there are.
package source

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// Entry is one thing that a walk met. With Rule set it is left out and why;
// a folder that is left out is one entry and nothing in it is walked. With Err
// set it could not be looked at: nothing is known of it, nor of what may lie in
// it, and the walk goes on.
type Entry struct {
	Locator  string // below the root, parts joined by "/", each escaped
	Name     string // the last part, decoded for people
	Size     int64  // of a file; 0 for everything else
	Modified time.Time
	Inode    uint64
	Rule     string // why it is left out; see docs/skip-rules.md
	Detail   string // for people: what the rule saw
	Err      error
}

// File is an opened item. ReadAt is safe for concurrent use.
type File interface {
	io.ReaderAt
	io.Closer
	Stat() (fs.FileInfo, error)
}

// Source is a place to pull from. All methods are safe for concurrent use.
type Source interface {
	// Name is the source's name in the settings and the ledger.
	Name() string

	// Check says whether the source can be reached. An *UnreachableError means
	// that nothing can be said about its items now, least of all that they are
	// gone.
	Check(ctx context.Context) error

	// Walk calls fn for every entry, in strictly ascending bytewise order of
	// locators. An error of fn ends the walk and is returned. A source that gets
	// lost on the way gives an *UnreachableError.
	Walk(ctx context.Context, fn func(Entry) error) error

	// Open opens an item for reading. The caller closes it. An item that is not
	// there gives an error that is fs.ErrNotExist.
	Open(ctx context.Context, locator string) (File, error)
}

// UnreachableError says that a source cannot be reached: a share that is not
// mounted, a disk that is not plugged in.
type UnreachableError struct {
	Source string
	Why    string // one clear sentence
	Err    error  // the cause; may be nil
}

// Error implements error.
func (e *UnreachableError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("source %s cannot be reached: %s (%v)", e.Source, e.Why, e.Err)
	}
	return fmt.Sprintf("source %s cannot be reached: %s", e.Source, e.Why)
}

// Unwrap gives the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }
