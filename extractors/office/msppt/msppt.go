// Package msppt reads the text of PowerPoint's binary decks: PowerPoint 97 to 2003
// ([MS-PPT]) and what WPS writes in their place, and the text of
// PowerPoint 95.
//
// No kept Go module reads these. Masters and layouts are left out: what they hold
// ("Click to edit Master title style") is nobody's text.
package msppt

import (
	"context"
	"errors"
)

// Errors of Read. Each says that nothing can be read.
var (
	ErrEncrypted = errors.New("the deck is encrypted, and no known password opens it")
	ErrNoDeck    = errors.New("there is no deck in the file")
)

// Input is what a deck is read from.
type Input struct {
	Deck      []byte // the stream PowerPoint Document
	Current   []byte // the stream Current User
	Passwords []string
	Slides    int // more are left out
	Limit     int // characters; more are left out
}

// Slide is one slide in the order of the show.
type Slide struct {
	Title    string
	Lines    []string // paragraphs, and rows of tables with tabs between the cells
	Notes    []string
	Comments []string
	Hidden   bool
}

// Object is a file within the deck.
type Object struct {
	ID    uint32 // unique among the objects
	Sound bool
	Name  string // of a sound
	Data  []byte // of an object, a compound file; of a sound, the sound
}

// Deck is what was read.
type Deck struct {
	Slides    []Slide
	Footers   []string // of slides and notes, each once
	Links     []string
	Objects   []Object
	Charset   string // of a deck before PowerPoint 97
	Decrypted bool
	Salvaged  bool // its directory is lost; slides are in the order of the file
	Cut       bool // slides that it lists are not there
	TooMany   bool
	TooLong   bool
}

// Kinds of records ([MS-PPT] 2.13.24).
const (
	rtDocument      = 0x03e8
	rtSlide         = 0x03ee
	rtSlideAtom     = 0x03ef
	rtNotes         = 0x03f0
	rtNotesAtom     = 0x03f1
	rtSlidePersist  = 0x03f3
	rtMainMaster    = 0x03f8
	rtSlideShow     = 0x03f9
	rtDrawing       = 0x040c
	rtSound         = 0x07e6
	rtSoundData     = 0x07e7
	rtPlaceholder   = 0x0bc3
	rtOutlineRef    = 0x0f9e
	rtTextHeader    = 0x0f9f
	rtTextChars     = 0x0fa0
	rtTextBytes     = 0x0fa8
	rtString        = 0x0fba
	rtHyperlink     = 0x0fd7
	rtSlideNumber   = 0x0fd8
	rtHeadersFoot   = 0x0fd9
	rtDateTime      = 0x0ff7
	rtGenericDate   = 0x0ff8
	rtHeaderMark    = 0x0ff9
	rtFooterMark    = 0x0ffa
	rtSlideList     = 0x0ff0
	rtUserEdit      = 0x0ff5
	rtObjectStorage = 0x1011
	rtTagData       = 0x138b
	rtRTFDate       = 0x1015
	rtDirectory     = 0x1772
	rtComment       = 0x2ee0
	rtCryptSession  = 0x2f14

	artGroup   = 0xf003
	artShape   = 0xf004
	artTextbox = 0xf00d
	artAnchor  = 0xf00f
	artTable   = 0xf122
)

// reader is one reading.
type reader struct {
	ctx     context.Context //nolint:containedctx // it lives for one reading
	in      Input
	deck    []byte
	persist map[uint32]uint32 // places of what slides refer to
	order   []uint32          // their numbers, ascending
	outline map[uint32][]block
	notes   map[uint32]uint32 // numbers of the notes by their slide's identifier
	docRef  uint32
	crypt   uint32 // number of the encryption header, 0 for none
	left    int
	seen    map[string]bool
	out     *Deck
}

// Read reads a deck. The error is one of this package's or the context's.
func Read(ctx context.Context, in Input) (*Deck, error) {
	r := &reader{ctx: ctx, in: in, deck: in.Deck, persist: map[uint32]uint32{}, outline: map[uint32][]block{}, notes: map[uint32]uint32{}, left: in.Limit, seen: map[string]bool{}, out: &Deck{}}
	if len(in.Deck) < 8 {
		return nil, ErrNoDeck
	}
	if isOld(in.Deck) {
		r.old()
		return r.out, ctx.Err()
	}
	r.directory()
	if err := r.decrypt(); err != nil {
		return nil, err
	}
	document := r.at(r.docRef)
	if document.kind != rtDocument {
		r.salvage()
		return r.out, ctx.Err()
	}
	slides := r.lists(document)
	r.beside(document)
	for i, s := range slides {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if i >= in.Slides {
			r.out.TooMany = true
			break
		}
		r.slide(s)
	}
	r.storages()
	return r.out, ctx.Err()
}

func u16(b []byte, at int) int {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return int(b[at]) | int(b[at+1])<<8
}

func u32(b []byte, at int) uint32 {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return uint32(b[at]) | uint32(b[at+1])<<8 | uint32(b[at+2])<<16 | uint32(b[at+3])<<24
}
