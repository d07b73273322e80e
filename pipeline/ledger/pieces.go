package ledger

import "context"

// Piece is a mail that says it is a part of a longer one (RFC 2046 5.2.2).
type Piece struct {
	Content       int64
	Mail          string // what all pieces of one mail have in common
	Number, Total int    // Total is 0 where the piece does not say it
}

// PieceAt is a place at which a piece was found.
type PieceAt struct {
	Piece
	Item      int64
	Source    string
	Locator   string
	Within    int64
	Size      int64
	Gone      bool
	Canonical bool // the item stands for the content
}

// Whole is the item of a mail that was joined of pieces, and the contents that it is
// joined of, in order.
type Whole struct {
	Item   int64
	Pieces []int64
}

// Pieces is the part of a Ledger that knows mails that came in pieces.
type Pieces interface {
	// EachPiece calls fn for every place of every piece, in order of mail, source,
	// number, what is gone behind what is not, and locator.
	EachPiece(ctx context.Context, fn func(*PieceAt) error) error
	// EachWhole calls fn for every mail that was joined, in order of items.
	EachWhole(ctx context.Context, fn func(*Whole) error) error
	Whole(ctx context.Context, item int64) (*Whole, error)
}

// PiecesTx changes it.
type PiecesTx interface {
	// SetPiece says that a content is a piece, or with nil that it is none.
	SetPiece(content int64, p *Piece) error
	AddWhole(w *Whole) error
}
