// Package store keeps originals for ever, and derived results for as long as
// they are useful.
//
// Originals are named by the SHA-256 of their bytes and never changed. Derived
// results (documents, transcripts, minutes, passages) are kept under the
// SHA-256 of their input and a fingerprint of what made them; losing them
// costs time, nothing else.
package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
)

// Sum names an original: the SHA-256 of its bytes.
type Sum [sha256.Size]byte

func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// Errors that callers branch on. Both are permanent for the original named.
var (
	ErrNotFound = errors.New("original not in the store")
	ErrCorrupt  = errors.New("original does not match its hash")
)

// Info is what a store knows of one original.
type Info struct {
	Sum     Sum
	Size    int64
	Chunked bool // kept as content-defined chunks with a manifest
}

// Original is the open bytes of one original. ReadAt is safe for concurrent
// use; Close is safe to call twice.
type Original interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// Store keeps originals. All methods are safe for concurrent use.
type Store interface {
	// Batch begins a group of originals that become durable together, which is
	// what makes thousands of small files affordable. Commit or Discard ends it.
	Batch(ctx context.Context) Batch
	// Open gives the bytes of an original: ErrNotFound if there are none. It does
	// not hash them; Verify does.
	Open(ctx context.Context, sum Sum) (Original, error)
	// Stat tells whether an original is there: ErrNotFound if not.
	Stat(ctx context.Context, sum Sum) (Info, error)
	// Walk calls fn for every original, in order of their sums.
	Walk(ctx context.Context, fn func(Info) error) error
}

// Batch is a group of originals on their way into a store. It is used by one
// goroutine.
type Batch interface {
	// Put copies r, hashing on the way, and returns the name. size is the
	// expected length, or -1; a different length is an error and keeps nothing.
	// Bytes that the store has already are not written again. Nothing put is
	// promised before Commit returns nil, but Open gives it at once.
	Put(ctx context.Context, r io.Reader, size int64) (Info, error)
	// Commit makes everything put durable (fsync of files and folders). Safe to
	// call once; after an error the batch is discarded.
	Commit(ctx context.Context) error
	// Discard gives up what was not committed. Safe after Commit, then a no-op.
	Discard()
}
