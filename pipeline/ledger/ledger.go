// Package ledger is the truth about every item: what was found, where, what its
// bytes are, what became of it and why.
//
// Three things are kept apart. A *content* is bytes, known by their SHA-256;
// results belong to contents. An *item* is one occurrence of a content: where
// it was found (source and locator), under which name, within which other
// content. Of the items that share a content one is its *canonical* item: it
// carries the content's state and its children; the others are duplicate-of.
// Which one that is depends on the locators alone, never on the order of work
// (see Tx.Settle), so two ledgers of the same sources are equal.
//
// The interface holds no idea of one database. SQLite is in ledger/sqlite; the
// suite that every implementation passes is ledgertest.
package ledger

import (
	"context"
	"errors"
	"io"
	"time"

	"guidang/extractors/document"
)

// State is where an item stands. Every item is in exactly one.
type State string

// States. Only Pending is not final.
const (
	Pending     State = "pending"
	Indexed     State = "indexed"
	PartOf      State = "part-of"
	DuplicateOf State = "duplicate-of"
	Skipped     State = "skipped"
	Quarantined State = "quarantined"
	Waiting     State = "waiting"
)

// States lists all states in the order in which reports show them.
func States() []State {
	return []State{Indexed, PartOf, DuplicateOf, Skipped, Quarantined, Waiting, Pending}
}

// Errors that callers branch on.
var (
	ErrNotFound = errors.New("not in the ledger")
	ErrExists   = errors.New("in the ledger already")
	ErrNewer    = errors.New("the ledger was written by a newer version of guidang")
)

// Sum is a SHA-256.
type Sum = [32]byte

// Item is one occurrence of something that was found.
type Item struct {
	ID       int64
	Source   string // name of the source
	Locator  string // escaped; unique within the source, together with Version
	Version  int    // counts the contents that a file at this locator has had, from 0
	Parent   int64  // the item it lay in; 0 for what a source holds itself
	Within   int64  // the content it lay in: its last step is read from these bytes
	Ordinal  int    // among the parent's children, from 1
	Name     string // for people, decoded
	Size     int64
	Modified time.Time
	Inode    uint64
	Content  int64 // 0 until its bytes are known
	State    State
	Reason   string // a document.Reason, a rule, or what a waiting item waits for
	Detail   string // for people; no document text
	Todo     bool   // still to be read
	Gone     bool   // left its source since
	Shown    bool   // its content is shown within its parent
	Run      int64  // in which it was found
	Bytes    Sum    // of its own bytes, where its content has another sum: see Item.Sum
	Marks    string // flags and labels that its mailbox gives it, JSON; empty for none
}

// OwnSum is the SHA-256 of an item's own bytes. A mail's content is known by what
// all of its copies have in common (docs/decisions/007), so a copy's own bytes
// may have another sum than their content.
func (i *Item) OwnSum(c *Content) Sum {
	if i.Bytes != (Sum{}) {
		return i.Bytes
	}
	return c.Sum
}

// Kept says where a content's bytes are.
type Kept string

// Where bytes are kept.
const (
	Copied    Kept = "copied"    // in the store
	Reference Kept = "reference" // in the source only
	Inside    Kept = "inside"    // in the content around it
)

// Content is bytes and what was read out of them. A mail's Sum is of its
// canonical form; the bytes of each copy are its item's.
type Content struct {
	ID          int64
	Sum         Sum
	Size        int64
	Kept        Kept
	Canonical   int64 // item
	Format      string
	Version     int // of the format that read it
	MediaType   string
	Kind        document.Kind
	Read        document.Read
	Reason      document.Reason
	Title       string // from the content; the item's name stands in where it is empty
	Date        string
	Language    string
	Fingerprint string // of the derived document; empty while it is not read
	Tags        string // JSON list
	Terms       string // JSON list, best first
	People      string // role, name and address by tabs, one a line
	Transcript  string // fingerprint of the transcript that belongs to it, or empty
	Minutes     string // fingerprint of its minutes, or empty
	Passages    int    // of the current revision
	Revision    int64  // rises when what is to be found changes; 0: not to be indexed
	Indexed     int64  // the revision that the engine confirmed
	Stale       int    // passages of the confirmed revision
	Then        State  // the canonical item's state once the engine confirms
	ThenReason  string
	OpenWork    string // what is still to do for a searchable content: ocr, transcribe, minutes
}

// DocumentID is the content's id for the outside.
func (c *Content) DocumentID() string { return document.ID(c.Sum) }

// Slice is a part of a container that is read on its own.
type Slice struct {
	ID    int64
	Item  int64 // the container's item
	Range document.Range
}

// Mail is what tells to which thread a mail belongs.
type Mail struct {
	Content int64
	Message string   // its Message-ID; may be empty
	Keys    []string // names of its thread: ids that it refers to, Outlook's conversation
	Sent    time.Time

	// Subject, without Re: and its like, and a few addresses of its people: an
	// answer that refers to nothing (Loose) is in one thread with mails of that
	// subject and one of those people, at most LooseDays away.
	Subject string
	People  []string
	Loose   bool
}

// LooseDays is how far an answer that refers to nothing looks for its thread.
const LooseDays = 30

// Threaded is a mail of a thread.
type Threaded struct {
	Content Content
	Message int64 // what mails under one Message-ID have in common; 0: none
	Same    bool  // it has the Message-ID of the mail that was asked for
}

// Run is one pass over sources.
type Run struct {
	ID      int64
	Kind    string // ingest, nightly, retry
	Started time.Time
	Ended   time.Time // zero while it runs, or if it was killed
	Outcome string    // done, failed, interrupted, unreachable, disk-full
	Sources []string
	Account string // JSON, as the run printed it
}

// Source is what the ledger remembers of a source.
type Source struct {
	Name    string
	Root    string
	Entries int       // that its last complete walk found
	Walked  time.Time // when that walk ended
}

// Outgoing is a content whose newest revision the index does not have yet.
type Outgoing struct {
	Seq     int64
	Content Content
	Type    document.Type // of its paper
	Kinds   []string      // of what in it must not get about
	Item    Item          // canonical
	Items   []Place
}

// Located is a content with its canonical item.
type Located struct {
	Content Content
	Type    document.Type // of its paper
	Kinds   []string      // of what in it must not get about
	Item    Item
}

// Place is where a content was found, as rights and pages need it.
type Place struct {
	Source  string
	Locator string
}

// Ack says that an engine confirmed a revision.
type Ack struct {
	Seq      int64
	Content  int64
	Revision int64
	Passages int
}

// Filter chooses items. Zero fields do not filter.
type Filter struct {
	State  State
	Reason string
	Source string
	Within int64 // content: what lies in it, in its order
	After  int64 // item id: the page after it
	Limit  int
}

// Counts is the account of all items.
type Counts struct {
	States     map[State]int64
	Found      int64
	Gone       int64
	ByKind     map[string]int64 // contents that are or will be findable
	WaitingFor map[string]int64
	OpenWork   map[string]int64
	Outgoing   int64 // contents whose newest revision is not confirmed
	Documents  int64 // contents confirmed by the engine
	Passages   int64 // of those
	Bytes      int64 // of all contents that are kept
}

// Ledger keeps items. All methods are safe for concurrent use. Errors that are
// not ErrNotFound are the database's and transient unless it says otherwise.
type Ledger interface {
	SpeechReader
	Works
	Dossiers
	BareItems
	Corrections
	Papers
	Forms
	Pieces
	NamedFiles
	Hands
	Reviews
	Relating

	// ID names this ledger for ever; an index remembers it.
	ID() string

	// Known calls fn for what a source is known to hold itself (newest version of
	// each), in bytewise order of locators.
	Known(ctx context.Context, source string, fn func(*Item) error) error
	Item(ctx context.Context, id int64) (*Item, error)
	At(ctx context.Context, source, locator string) (*Item, error)
	Content(ctx context.Context, id int64) (*Content, error)
	BySum(ctx context.Context, sum Sum) (*Content, error)
	// ByDocument finds a content by (the beginning of) its document id.
	ByDocument(ctx context.Context, id string) (*Content, error)
	// Located answers many document ids at once; unknown ones are missing. Of both
	// the content and its item just what a list of hits shows is filled: ids,
	// title, kind, date, tags, terms, people, Then; source, locator, name, modified.
	Located(ctx context.Context, ids []string) (map[string]*Located, error)
	// Occurrences are all items of a content, canonical first.
	Occurrences(ctx context.Context, content int64) ([]*Item, error)
	// Children are the items that lie in a content, in their order.
	Children(ctx context.Context, content int64) ([]*Item, error)
	// Siblings are what its folder holds beside a top-level item.
	Siblings(ctx context.Context, source, folder string) ([]*Item, error)
	Items(ctx context.Context, f Filter, fn func(*Item, *Content) error) error
	// InnerStates counts what lies in a content by state.
	InnerStates(ctx context.Context, content int64) (map[State]int64, error)
	// Thread gives the mails of a mail's thread, itself among them, by date and then
	// by sum, at most limit; none if it is no mail.
	Thread(ctx context.Context, content int64, limit int) ([]Threaded, error)
	// Meetings are contents that are recordings or transcripts.
	Meetings(ctx context.Context) ([]*Content, error)
	// EachContent calls fn for every content in order of id, after the given one.
	EachContent(ctx context.Context, after int64, fn func(*Content) error) error

	// ReadBy are contents that a format read in a version below the given one.
	ReadBy(ctx context.Context, format string, below int) ([]*Content, error)

	// Todo are the items to read and Slices the slices to read: what the queue is
	// filled with at every start.
	Todo(ctx context.Context, fn func(*Item) error) error
	Slices(ctx context.Context) ([]Slice, error)
	Slice(ctx context.Context, id int64) (*Slice, error)
	// Unread says whether anything is left to be read, Lag how many contents'
	// newest revisions the index has not confirmed. Both are cheap.
	Unread(ctx context.Context) (bool, error)
	Lag(ctx context.Context) (int64, error)

	// Outgoing returns what is to be sent to the index, oldest first.
	Outgoing(ctx context.Context, after int64, limit int) ([]Outgoing, error)

	// EachFindable calls fn for every content that has been or is to be found, as
	// Outgoing gives it: what a rebuilt index is filled with.
	EachFindable(ctx context.Context, fn func(Outgoing) error) error
	Naming
	Searches
	Stamps

	Sources(ctx context.Context) ([]Source, error)
	LastRun(ctx context.Context, source string) (*Run, error)
	Counts(ctx context.Context) (*Counts, error)
	// Changes counts the items that a run newly brought into their state.
	Changes(ctx context.Context, run int64) (map[State]int64, error)
	// Dump writes every item as sorted JSON Lines without times of running.
	Dump(ctx context.Context, w io.Writer) error

	// Update runs fn in one transaction. Nothing that waits (no file, no hash, no
	// engine) belongs into fn: there is one writer.
	Update(ctx context.Context, fn func(Tx) error) error
	Close() error
}

// Tx is one unit of work on the ledger.
type Tx interface {
	SpeechWriter
	DossierTx
	BareItemsTx
	CorrectionsTx
	PapersTx
	FormsTx
	PiecesTx
	NamedFilesTx
	SearchesTx
	HandsTx
	ReviewTx
	StampsTx

	// Raw is the database's own transaction, for the queue, so that jobs are
	// enqueued together with the change that asks for them.
	Raw() any

	BeginRun(r *Run) error
	EndRun(id int64, outcome, account string) error
	SetSource(s Source) error

	// AddItem inserts an item, sets its ID and records its first event. There is
	// one at its source, locator and version already: ErrExists, and nothing is
	// written.
	AddItem(i *Item) error
	// SetItem writes every field but the id and records an event if the state
	// changed.
	SetItem(i *Item) error
	Item(id int64) (*Item, error)
	At(source, locator string) (*Item, error)

	// AddContent inserts a content and sets its ID; false: there is one with its
	// sum already, which c is then set to.
	AddContent(c *Content) (bool, error)
	Content(id int64) (*Content, error)
	BySum(sum Sum) (*Content, error)
	// SetContent writes every field but id and sum.
	SetContent(c *Content) error
	// Publish raises the content's revision and puts it into the outbox.
	Publish(c *Content) error

	// Withdraw writes a content that is not to be indexed after all, and takes it
	// out of the outbox.
	Withdraw(c *Content) error

	// Thread puts mails into their threads and joins the threads that they show to
	// be one. Which mails are in one thread does not depend on their order. A mail
	// that was read again is only ever joined, never parted.
	Thread(mails []Mail) error

	AddSlices(item int64, ranges []document.Range) ([]int64, error)
	// SliceDone removes a slice and tells how many of its item's are left.
	SliceDone(id int64) (left int, err error)

	// GoneOutside marks the children of an item that do not lie in the given
	// content as gone, and returns how many: what a container lost when it changed.
	GoneOutside(parent, within int64) (int, error)

	// Unsettle notes that a content has got or lost an item, so that Settle looks
	// at it.
	Unsettle(content int64) error
	// Settle makes the right item canonical for up to limit unsettled contents:
	// not gone before gone, then the smallest source, locator and version. It
	// returns how many were looked at; 0 means that all are settled.
	Settle(limit int) (int, error)

	// Acknowledge records what an engine of this generation confirmed and brings
	// the canonical items into their final states.
	Acknowledge(generation string, acks []Ack) error
	// Reacknowledge replaces all acknowledgements by those of a rebuilt index:
	// what changed since the rebuild read it goes into the outbox.
	Reacknowledge(generation string, acks []Ack) error
	// Generation is the engine generation that the acknowledgements are of.
	Generation() (string, error)
	// Forget takes back acknowledgements: of all contents, or of those
	// acknowledged after seq. They go into the outbox again.
	Forget(generation string, afterSeq int64) (int64, error)
}
