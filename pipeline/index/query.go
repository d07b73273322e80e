package index

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
)

// ErrCorrupt says that an index on disk cannot be opened; it is disposable, so
// the caller sets it aside and builds a new one.
var ErrCorrupt = errors.New("the index is corrupt")

// ErrOutdated says that an index on disk was written by another version of the
// analysis; nothing is wrong with it, and a new one is built.
var ErrOutdated = errors.New("the index is of another version")

// PassageID names a passage: its document and its number within it.
type PassageID struct {
	Document string
	Seq      int
}

// String is the id under which engines keep the passage: "<document>_<seq>",
// made of characters that every engine takes.
func (p PassageID) String() string { return p.Document + "_" + strconv.Itoa(p.Seq) }

// ParsePassageID is String's inverse.
func ParsePassageID(s string) (PassageID, error) {
	doc, seq, ok := strings.Cut(s, "_")
	n, err := strconv.Atoi(seq)
	if !ok || err != nil {
		return PassageID{}, fmt.Errorf("%q is no passage id", s)
	}
	return PassageID{doc, n}, nil
}

// Query is a question as an engine takes it. All conditions hold together.
//
// With terms it asks for passages, best first. Where there are more than
// Candidates, an engine should not fill them all from a few long documents.
// Without terms it asks for documents, newest first and those without a date
// last, each by its passage 0.
type Query struct {
	// Every one occurs in the passage: all its tokens do. What belongs to a
	// document as a whole (Entry.Head) stands in its passage 0.
	Terms []Term
	Not   []Term // none has all its tokens in the passage

	Kinds     []document.Kind // one of them
	Types     []document.Type // one of them
	Customers []string        // one of them
	Projects  []string
	Tags      []string  // every one
	Sensitive []string  // one of them
	From, To  time.Time // date of the document: From included, To excluded; zero: open

	Documents []string // one of them; nil: any

	Newest bool // the newest first, and those without a date last, also with terms

	Scopes     []string // one of them; empty finds nothing
	Candidates int      // at most so many passages
}

// Term is one thing looked for: a word, or a run of Han characters, or a
// phrase, analysed as the indexed text is.
type Term struct {
	Text   string   // normalised, for verification on the true text
	Tokens []string // in order
	Prefix bool     // the last token is only the beginning of a word

	or     []Term // what will do as well; the Searcher asks for each
	value  string // an amount or date that will do in any form, as its token
	loose  bool   // what will do as well was not written, only means the same
	quoted bool   // written as a phrase
	camel  string // its parts, if it was written as AcceptanceReport is
	place  place  // where it has to stand
	role   string // in which a person has to be named, for inPeople
}

// place is where a term has to stand.
type place uint8

const (
	anywhere place = iota
	inTitle        // title or file name
	inPeople
)

// Candidates are passages that may answer a query, best first.
type Candidates struct {
	Hits []Candidate
	More bool // the engine had more than were asked for
}

// Candidate is one of them.
type Candidate struct {
	ID    PassageID
	Score float64
}

// Sort is the order of an answer.
type Sort string

// Orders. Documents without a date come last by date.
const (
	Relevance Sort = "relevance" // also the empty one
	ByDate    Sort = "date"      // the newest first
)

// Request is a question as a person asks it.
type Request struct {
	Text      string // in the query language
	Kinds     []document.Kind
	Types     []document.Type
	Customers []string
	Projects  []string
	Tags      []string
	Sensitive []string
	From, To  time.Time
	Sort      Sort
	Limit     int // at most 500; 0: 20
	Offset    int
	Scopes    []string
	Unfolded  bool // every document a hit of its own
}

// Result answers a Request; it is CONTRACT's `search` object.
type Result struct {
	Query    string                    `json:"query"`
	Total    int                       `json:"total"`  // documents
	Groups   int                       `json:"groups"` // hits on all pages: documents without those that stand under another
	TookMS   int64                     `json:"took_ms"`
	Engine   string                    `json:"engine"`
	TotalIs  string                    `json:"total_is"` // exact or at-least
	Hits     []Hit                     `json:"hits"`
	Facets   map[string]map[string]int `json:"facets"`         // kind, type, customer, project, year, month, tag, person, sensitive: documents
	Words    []string                  `json:"-"`              // normalised terms, for highlighting the opened document
	Also     *Also                     `json:"also,omitempty"` // of the first page
	Meetings []string                  `json:"-"`              // documents of the first hits that may have minutes
	needles  []needle                  // what was looked for, see Holds
	// LeftOut are words of the query that were not looked for, because nothing
	// holds all of them.
	LeftOut []string `json:"left_out,omitempty"`
	// TakenApart are words of the query that nothing holds as they are, so that
	// their pieces were looked for.
	TakenApart []string `json:"taken_apart,omitempty"`
	// DidYouMean is this query with its misspelt words corrected, if something
	// would be found by that.
	DidYouMean string `json:"did_you_mean,omitempty"`
}

// Hit is one document that was found, at its best passage.
type Hit struct {
	ID       string            `json:"id"`       // of the passage
	Document string            `json:"document"` // document id
	Locator  string            `json:"locator"`
	Title    string            `json:"title"`
	Kind     document.Kind     `json:"kind"`
	Type     document.Type     `json:"type,omitempty"`
	Date     string            `json:"date"` // YYYY-MM-DD
	Customer string            `json:"customer"`
	Project  string            `json:"project"`
	Position document.Position `json:"position"`
	Snippet  string            `json:"snippet"` // HTML-escaped, matches in <mark>
	Score    float64           `json:"score"`
	Tags     []string          `json:"tags"`
	URL      string            `json:"url"` // path on the pages: /d/<document>?q=…#p<seq>
	Under    []Folded          `json:"under,omitempty"`
}

// Texts gives the true texts of passages, in the order asked; one that is gone
// is a zero Passage.
type Texts interface {
	Passages(ctx context.Context, ids []PassageID) ([]Passage, error)
}

// Describer tells what the ledger knows of documents; unknown ones are missing
// and their candidates are dropped.
type Describer interface {
	Describe(ctx context.Context, documents []string, scopes []string) (map[string]*Description, error)
	// Recall is Describe for what is only counted: it may be as old as the index
	// is. Asking the ledger for 2,000 documents was two thirds of a common word's
	// search.
	Recall(ctx context.Context, documents []string, scopes []string) (map[string]*Description, error)
	// Holding says which of the documents have attachments or members.
	Holding(ctx context.Context, documents []string) (map[string]bool, error)
	// Kept says which of the documents are kept so in a place that the scopes allow.
	Kept(ctx context.Context, documents []string, k Kept, scopes []string) (map[string]bool, error)
	// Relations says how documents belong to others; who belongs to none is missing.
	Relations(ctx context.Context, documents []string) (map[string]Relation, error)
}

// Description is a document as hits show it. Nobody changes one that was given.
type Description struct {
	Title, Name, Locator string
	Kind                 document.Kind
	Type                 document.Type
	Date                 time.Time
	Customer, Project    string
	Tags                 []string
	Sensitive            []string
	Also                 []string // key terms: searchable beside title and text
	People               []document.Person

	// Elsewhere says that this is another place than the one that was indexed,
	// which the asker must not know: a token may be of that place's name.
	Elsewhere bool
}
