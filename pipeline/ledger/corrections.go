package ledger

import (
	"context"
	"time"
)

// CorrectionKind says what a person has corrected.
type CorrectionKind string

// Kinds of corrections.
const (
	OfText    CorrectionKind = "text"    // what one utterance says
	OfVoice   CorrectionKind = "voice"   // who says one utterance
	OfSpeaker CorrectionKind = "speaker" // what a speaker is called, throughout
	OfJoin    CorrectionKind = "join"    // another document is of the same meeting
	OfPart    CorrectionKind = "part"    // another document is not
)

// Correction is what a person says of a meeting, kept over what was read or
// recognised: that is never changed. Of several for the same thing the last one
// counts, and one that says what was there before takes the others back.
type Correction struct {
	ID      int64          `json:"-"`
	Content int64          `json:"-"` // of the recording or transcript
	Kind    CorrectionKind `json:"kind"`
	Start   float64        `json:"start,omitempty"` // seconds, of the utterance; 0 where there is none
	Was     string         `json:"was"`             // the utterance's text, the speaker's label, or the other document's id
	Now     string         `json:"now"`
	Who     string         `json:"who"`
	At      time.Time      `json:"at"`
}

// Corrections are the part of a ledger that keeps them.
type Corrections interface {
	// Corrections are those of a content, oldest first.
	Corrections(ctx context.Context, content int64) ([]Correction, error)
	// Bonds are all that join and part meetings, oldest first.
	Bonds(ctx context.Context) ([]Correction, error)
}

// CorrectionsTx is the part of a unit of work that writes them.
type CorrectionsTx interface {
	// Correct adds a correction and sets its ID.
	Correct(c *Correction) error
}
