package document

import (
	"context"
	"io"
	"path"
	"strings"
	"time"
)

// Format reads one kind of original. The table of all formats is
// extractors.All; a format package exports one variable or function per format
// and registers nothing by itself.
//
// Every function is safe for concurrent use and touches neither network,
// database, globals nor the file system beyond os.TempDir.
type Format struct {
	Name      string // stands in fingerprints, `extract --json` fields and docs/formats.md
	Version   int    // raised when the same bytes would give another document
	Kind      Kind
	MediaType string

	// Detect decides by content first, by name only where content cannot tell.
	// It is called in table order on every original, so it must be cheap: Head,
	// and at most a few small ReadAt calls.
	Detect func(in *Input) bool

	// Read reads in.Bytes. Children are handed to emit in a fixed order, one at a
	// time; a child's Content is valid until emit returns. A nil emit drops them.
	//
	// Whatever is wrong with the bytes is told in the document (Read, Reason,
	// Warnings); the error is for what is not the original's fault: a failing
	// ReadAt, a cancelled context, an error of emit. On error the document may
	// be nil.
	Read func(ctx context.Context, in *Input, emit func(*Child) error) (*Document, error)

	// Cut, for containers with very many children, returns ranges that Read
	// takes in Input.Range, each holding about per children. A read of a range
	// emits just that range's children. The union of all ranges gives exactly
	// the children of an unranged read. Nil when the format cannot be cut. A format
	// whose children have stamps cuts by their ordinals.
	Cut func(ctx context.Context, in *Input, per int) ([]Range, error)

	// About is what a container that is read in ranges says of itself as a whole, without
	// reading its children. Nil: nothing but its kind.
	About func(ctx context.Context, in *Input) (*Document, error)

	// Open reaches one child by its Step without walking the whole container.
	// Nil: the caller walks with Read. The child's Content is valid as long as
	// in.Bytes is. A step that does not exist gives ErrNoChild.
	Open func(ctx context.Context, in *Input, step string) (*Child, error)

	// Draw gives a picture of one page: as a child whose Content is the picture, and
	// whose Reason says what it lacks (MissingTool: fonts), or without Content and
	// with the reason. Nil: there is nothing to draw.
	Draw func(ctx context.Context, in *Input, d Drawing) (*Child, error)
}

// Drawing says which picture is wanted.
type Drawing struct {
	Page          int // from 1
	Width, Height int // at most, in pixels
	DPI           int // at most, of what has a size on paper; 0: as many as fit

	// Gray asks for a plain graymap (PGM, P5), which engines that read text take;
	// else it is a JPEG or PNG for people.
	Gray bool
}

// Range is a slice of a container, in whatever unit its format cuts by (byte
// offsets of an mbox, entry numbers of a zip). The zero Range means all of it.
type Range struct {
	From int64 `json:"from"`
	To   int64 `json:"to"` // exclusive
}

// Input is one original, as a format sees it.
type Input struct {
	Name      string // the item's own name, decoded, without folders
	Size      int64
	Bytes     io.ReaderAt // must be safe for concurrent ReadAt
	Range     Range
	Depth     int // how many containers lie around this one
	Limits    Limits
	Passwords []string // tried in order, never logged

	// Known are the stamps of children that an earlier state of this container had, by
	// ordinal. A child that still has its stamp is told as Same, and its bytes are not
	// made.
	Known map[int]string

	// Left is how much time there is before who asked gives up and kills; what is
	// spent on children does not count. Nil: as much as it takes.
	Left func() time.Duration

	// Careful says that reading this has taken too long before and was killed for
	// it: what can stop by itself what hangs, at a price, has to. Where nobody
	// kills (Left is nil), it has to always.
	Careful bool

	head []byte
}

// HeadSize is how much of an original Head returns at most.
const HeadSize = 8 << 10

// Head returns the first bytes, up to HeadSize, and remembers them. Not safe
// for concurrent use.
func (in *Input) Head() []byte {
	if in.head == nil && in.Bytes != nil {
		buf := make([]byte, min(HeadSize, max(in.Size, 0)))
		n, _ := in.Bytes.ReadAt(buf, 0)
		in.head = buf[:n]
	}
	return in.head
}

// Reader reads the original from its beginning.
func (in *Input) Reader() *io.SectionReader { return io.NewSectionReader(in.Bytes, 0, in.Size) }

// All reads the whole original if it is not longer than limit. ok is false
// (with the first limit bytes) if it is longer.
func (in *Input) All(limit int64) (data []byte, ok bool, err error) {
	n := min(in.Size, limit)
	data = make([]byte, n)
	got, err := in.Bytes.ReadAt(data, 0)
	if err == io.EOF && int64(got) == n {
		err = nil
	}
	return data[:got], in.Size <= limit, err
}

// Late says that a reader should stop now with what it has, as partial with the
// reason TimeLimit. It takes about a microsecond.
func (in *Input) Late() bool { return in.Left != nil && in.Left() <= 0 }

// Ext is the lower-cased extension of the name, with its dot.
func (in *Input) Ext() string { return strings.ToLower(path.Ext(in.Name)) }

// Child is something that lay inside an original.
type Child struct {
	// Step is this child's part of a locator, not yet escaped: "mail:1842193",
	// "attachment:2:合同.docx", "2023/mails.mbox". Unique within its parent and
	// the same on every read.
	Step     string
	Name     string // for people, decoded, without folders
	Ordinal  int    // from 1, in the parent's order
	Size     int64  // -1 when not known before reading
	Modified time.Time

	// Content is nil when the child's bytes cannot be had; then Reason says why.
	// Where the bytes lie in memory already, Content is a *bytes.Reader.
	Content io.Reader
	Reason  Reason

	// Stamp tells the child's bytes and step from all others that its container ever
	// had, and is told without making the bytes. Empty: only the bytes tell.
	Stamp string
	Same  bool // it is the one that Input.Known has; it comes without Content

	// Shown is true when what the child holds is shown within the parent's own
	// text (an inline image, a signature, a second form of the body).
	Shown bool
}

// Limits bound what one original may cost. Zero fields mean the default.
type Limits struct {
	Depth     int   // of nesting, default 16
	Entries   int   // children of one container, default 1,000,000
	Expanded  int64 // bytes that one container may unpack to, default 64 GiB
	Ratio     int64 // expanded to packed bytes, looked at beyond 16 MiB expanded, default 200
	TextBytes int64 // text of one document, default 64 MiB
	Pages     int   // default 20,000
	Rows      int   // of one workbook, default 5,000,000
	Pixels    int64 // of one picture, default 250,000,000
	Hours     int   // of one recording, default 24
}

// WithDefaults fills the fields that are zero.
func (l Limits) WithDefaults() Limits {
	def := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	def64 := func(p *int64, v int64) {
		if *p == 0 {
			*p = v
		}
	}
	def(&l.Depth, 16)
	def(&l.Entries, 1_000_000)
	def64(&l.Expanded, 64<<30)
	def64(&l.Ratio, 200)
	def64(&l.TextBytes, 64<<20)
	def(&l.Pages, 20_000)
	def(&l.Rows, 5_000_000)
	def64(&l.Pixels, 250_000_000)
	def(&l.Hours, 24)
	return l
}
