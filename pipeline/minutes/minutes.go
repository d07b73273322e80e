// Package minutes turns a transcript into minutes of which every claim points
// at the utterances that say it.
package minutes

import (
	"context"
	"crypto/sha256"
	"fmt"

	"guidang/extractors/document"
	"guidang/pipeline/terms"
)

// Minutes are what a meeting came to.
type Minutes struct {
	Title         string       `json:"title"`
	Date          string       `json:"date"`
	Language      string       `json:"language"`
	Headline      string       `json:"headline"`
	Summary       string       `json:"summary"`
	Attendees     []Attendee   `json:"attendees"`
	Topics        []Topic      `json:"topics"`
	KeyPoints     []Claim      `json:"key_points"`
	Decisions     []Claim      `json:"decisions"`
	Actions       []Action     `json:"actions"`
	Risks         []Claim      `json:"risks"`
	OpenQuestions []Claim      `json:"open_questions"`
	NextMeeting   *Action      `json:"next_meeting,omitempty"`
	Terms         []terms.Term `json:"terms"`
	MadeBy        MadeBy       `json:"made_by"`
	Checks        Checks       `json:"checks"`
	Edited        *Edited      `json:"edited,omitempty"`

	calendar *Calendar // nil: the built-in one
}

// due finds the day that a text names.
func (m *Minutes) due(text string) (phrase string, due *string) {
	if m.calendar != nil {
		return m.calendar.Due(text, m.Date)
	}
	return Due(text, m.Date)
}

// Attendee is a speaker with the share of the talk, 0 to 1.
type Attendee struct {
	Name  string  `json:"name"`
	Share float64 `json:"share"`
}

// Topic is a stretch of the meeting, from utterance First to Last.
type Topic struct {
	Title    string `json:"title"`
	Summary  string `json:"summary"`
	First    int    `json:"first"`
	Last     int    `json:"last"`
	Evidence []int  `json:"evidence"`
}

// Claim is something the minutes say, with the ids of the utterances that say it.
type Claim struct {
	Text     string `json:"text"`
	Evidence []int  `json:"evidence"`
	ByHand   bool   `json:"by_hand,omitempty"` // a person wrote or changed it
}

// Action is something somebody is to do. Owner is empty unless said; Due is
// nil unless DueText and the meeting's date give one day.
type Action struct {
	Text     string  `json:"text"`
	Owner    string  `json:"owner"`
	DueText  string  `json:"due_text"`
	Due      *string `json:"due"`
	Evidence []int   `json:"evidence"`
	ByHand   bool    `json:"by_hand,omitempty"` // a person wrote or changed it
}

// MadeBy says what made the minutes.
type MadeBy struct {
	Method      string `json:"method"` // offline or model
	Model       string `json:"model"`
	Prompt      string `json:"prompt"`
	Fingerprint string `json:"fingerprint"`
}

// Checks counts the claims that were held against the transcript.
type Checks struct {
	Claims    int       `json:"claims"`
	Supported int       `json:"supported"`
	Dropped   []Dropped `json:"dropped"`
	// Quality is low where the recogniser was unsure of what was said, else empty.
	Quality string `json:"quality,omitempty"`
	// Fallback says why a part or the whole was not made by the model.
	Fallback []string `json:"fallback,omitempty"`
}

// Dropped is a claim that the transcript does not support.
type Dropped struct {
	Text string `json:"text"`
	Why  string `json:"why"`
}

// Options of one meeting's minutes. Title, Date and Language stand in for what
// the transcript lacks.
type Options struct {
	SummaryChars int // length of the summary; 0: 300, or SummaryWords if that is set
	SummaryWords int
	Title        string
	Date         string // YYYY-MM-DD
	Language     string
	Calendar     *Calendar // of due dates, nil: the built-in one

	// Terms say how key terms are found. They are no part of the fingerprint: those
	// of a meeting can be found anew without paying for its minutes again.
	Terms terms.Options
}

// Maker makes minutes. Make is safe for concurrent use. Fingerprint names what
// would make them; it depends on the settings and not on the meeting.
type Maker interface {
	Make(ctx context.Context, t *document.Transcript, opt Options) (*Minutes, error)
	Fingerprint(opt Options) string
}

// version is raised when the same transcript would give other minutes.
const version = "minutes-offline-5"

func fingerprint(opt Options) string {
	days := ""
	if opt.Calendar != nil {
		days = opt.Calendar.digest
	}
	return document.ID(sha256.Sum256(fmt.Appendf(nil, "%s %d %d %s %s", version, opt.SummaryChars, opt.SummaryWords, terms.Fingerprint(terms.Options{}), days)))
}
