package ledger

import "context"

// Form is a content that is another form of the same document as main: the OFD or
// the XML of an electronic invoice beside its PDF.
type Form struct{ Content, Main int64 }

// Forms is the part of a Ledger that knows which contents are forms of others.
type Forms interface {
	// EachInvoice calls fn with what is told of every invoice, in order of contents.
	EachInvoice(ctx context.Context, fn func(content int64, verdict string) error) error
	// Forms are all forms of a content that has others, or is one: main and all of
	// its forms; empty if there is no other.
	Forms(ctx context.Context, content int64) ([]Form, error)
	// EachForm calls fn for every form, in order of contents.
	EachForm(ctx context.Context, fn func(Form) error) error
}

// FormsTx changes it.
type FormsTx interface {
	// SetForms forgets forms and writes others. Versions have to be told anew then.
	SetForms(gone []int64, now []Form) error
}
