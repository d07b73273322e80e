package ledger

import (
	"context"
	"time"

	"guidang/extractors/document"
)

// Paper is what is told of a content beside its text: what it is for, its details,
// and what of it must not get about. It depends on the name under which its
// canonical item lies, so it is told anew when another item becomes canonical.
type Paper struct {
	Content  int64
	Type     document.Type
	Kinds    []string // of document.Sensitives
	Locator  string   // of the item by whose name it was judged
	Verdict  string   // JSON of doctype.Verdict
	Findings string   // JSON list of sensitive.Finding
	Sketch   []byte   // of its text; empty where no versions are looked for
}

// Chainable is a paper as chains of versions are made of it.
type Chainable struct {
	Paper
	Sum    Sum
	Date   string // of the content
	Places []ChainPlace
}

// ChainPlace is where a paper lies: a name that somebody gave it.
type ChainPlace struct {
	Source   string
	Locator  string
	Name     string
	Modified time.Time
	Thread   int64 // of the mail that it was attached to, 0: none
}

// Version is a content's place in its chain.
type Version struct {
	Content  int64
	Chain    int64 // content that names the chain
	Ordinal  int   // from 1, oldest first
	Previous int64 // content that it was made from, 0: the first
	Branch   bool  // beside the line of versions
	Label    string
}

// Papers is the part of a Ledger that knows documents' types and versions.
type Papers interface {
	// Paper gives what is told of a content; ErrNotFound if nothing is.
	Paper(ctx context.Context, content int64) (*Paper, error)
	// Moved are contents whose paper was told by another item's name than that of
	// their canonical item, at most limit.
	Moved(ctx context.Context, limit int) ([]int64, error)
	// Unchained says whether a paper changed since the chains were made.
	Unchained(ctx context.Context) (bool, error)
	// EachChainable calls fn for every paper with a sketch.
	EachChainable(ctx context.Context, fn func(*Chainable) error) error
	// Versions is the chain of a content, oldest first; none if it has no other
	// version.
	Versions(ctx context.Context, content int64) ([]Version, error)
	// EachVersion calls fn for every place in a chain, in order of contents.
	EachVersion(ctx context.Context, fn func(Version) error) error
	// Judged is what told the papers; empty: nothing has yet.
	Judged(ctx context.Context) (string, error)
}

// PapersTx changes it.
type PapersTx interface {
	// SetPaper replaces what is told of a content; nil: nothing is.
	SetPaper(content int64, p *Paper) error
	// SetJudged records what told the papers.
	SetJudged(fingerprint string) error
	// SetVersions takes contents out of their chains, writes places of others, and
	// notes that the chains know every paper.
	SetVersions(gone []int64, now []Version) error
}
