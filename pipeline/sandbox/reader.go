package sandbox

import (
	"context"
	"fmt"
	"io"

	"guidang/extractors/document"
)

// Reader reads originals: Pool in children, Here in this process. All methods
// are safe for concurrent use.
type Reader interface {
	// Read reads one original and what lies in it. begin gives the visitor that
	// is told of it; it is called once for every attempt, and what an earlier
	// visitor was told counts for nothing. The error is the visitor's, the
	// context's or the program's, never the original's.
	Read(ctx context.Context, req *Request, begin func() Visitor) error

	// Open reaches one child of a container by its step and gives it to take,
	// whose error it returns. The child's Content is valid until take returns.
	// take may be called again when a first attempt broke off. A step that does
	// not exist gives document.ErrNoChild. With Request.Draw it gives the picture of
	// a page instead.
	Open(ctx context.Context, req *Request, step string, take func(*document.Child) error) error

	// Close ends all reading. Safe to call twice.
	Close() error
}

// Request is one original to be read.
type Request struct {
	Input  *document.Input
	Format string // by name; empty: it is detected

	// Known is the fingerprint of the reader that has read these bytes already;
	// if it is still the one that would read them, nothing is read.
	Known string

	CutOver  int64 // a container larger than this is cut, not read; 0: never
	PerSlice int   // children of a slice

	// ParentsFirst gives a document before its children, with their names in
	// Document.Children (the step stands for the locator). It costs a second walk
	// over every container.
	ParentsFirst bool

	Draw document.Drawing // of a call of Open: the picture that is wanted; no page: none

	careful bool // set by Pool after a death
}

// Visitor is told what is found in one original. It is used by one goroutine.
type Visitor interface {
	// Format tells which reader begins.
	Format(f *document.Format) error

	// Child is given what lies in the original; its Content is valid until Child
	// returns. Nil: it is not to be read here and now.
	Child(ctx context.Context, c *document.Child) (*Next, error)

	// Done is called once, with what was read. With ParentsFirst, children follow.
	Done(ctx context.Context, r *Result) error
}

// Next says that a child is to be read, and with what.
type Next struct {
	Input   *document.Input
	Visitor Visitor
	Close   io.Closer // when it has been read; may be nil
}

// Result is what came of an original.
type Result struct {
	Format   *document.Format   // nil: nothing reads it, or it was not even looked at
	Document *document.Document // nil: nothing reads it, it is known, or there is a fault
	Known    bool
	Slices   []document.Range
	Fault    error // its bytes could not be had, which is not the original's own fault
}

// Fingerprint names what made a document: reader and version.
func Fingerprint(f *document.Format) string { return fmt.Sprintf("%s/%d", f.Name, f.Version) }
