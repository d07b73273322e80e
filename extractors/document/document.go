// Package document holds the words that every extractor and every later stage
// share: what was read out of an original, where in it, and what is missing.
//
// It imports nothing of Guidang, so that extractors stay "bytes in, document
// out" and the pipeline, the index and the pages speak of the same thing.
package document

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
)

// Kind says what a document is to a person who looks for it.
type Kind string

// The closed list of kinds; facets and `--kind` know no others.
const (
	KindMail       Kind = "mail"
	KindSheet      Kind = "sheet"
	KindText       Kind = "text"
	KindDocument   Kind = "document"
	KindSlides     Kind = "slides"
	KindImage      Kind = "image"
	KindRecording  Kind = "recording"
	KindTranscript Kind = "transcript"
	KindMinutes    Kind = "minutes"
	KindChat       Kind = "chat"
	KindArchive    Kind = "archive"
	KindCalendar   Kind = "calendar"
	KindContact    Kind = "contact"
	KindOther      Kind = "other"
)

// Kinds are all of them.
var Kinds = []Kind{
	KindMail, KindSheet, KindDocument, KindSlides, KindImage, KindRecording, KindTranscript, KindMinutes, KindChat, KindArchive, KindCalendar, KindContact, KindText, KindOther,
}

// Read says how much of an original came out.
type Read string

// How much was read. Partial and none carry a Reason.
const (
	Full    Read = "full"
	Partial Read = "partial"
	None    Read = "none"
)

// Reason says why something is missing. The list is closed and documented in
// docs/reasons.md; scripts and pages branch on it.
type Reason string

// Reasons.
const (
	Encrypted     Reason = "encrypted"
	Protected     Reason = "protected"
	Corrupt       Reason = "corrupt"
	Truncated     Reason = "truncated"
	Unsupported   Reason = "unsupported"
	Empty         Reason = "empty"
	TooLarge      Reason = "too-large"
	TooDeep       Reason = "too-deep"
	TooMany       Reason = "too-many"
	TimeLimit     Reason = "time-limit"
	MemoryLimit   Reason = "memory-limit"
	Crash         Reason = "crash"
	Bomb          Reason = "bomb"
	DTD           Reason = "dtd"
	MissingTool   Reason = "missing-tool"
	MissingEngine Reason = "missing-engine"
	IO            Reason = "io"
)

// Reasons lists all reasons, in the order of docs/reasons.md.
func Reasons() []Reason {
	return []Reason{Encrypted, Protected, Corrupt, Truncated, Unsupported, Empty, TooLarge, TooDeep, TooMany, TimeLimit, MemoryLimit, Crash, Bomb, DTD, MissingTool, MissingEngine, IO}
}

// Document is what an extractor read out of one original. An extractor fills
// Kind, Title, Date, Language, People, Fields, Sections, Named, Warnings, Read,
// Reason, MediaType and Transcript; the caller fills ID, Locator, Parent,
// SHA256, Size and Children.
type Document struct {
	ID        string            `json:"id"`
	Locator   string            `json:"locator"`
	Parent    string            `json:"parent,omitempty"`
	SHA256    string            `json:"sha256"`
	Size      int64             `json:"size"`
	MediaType string            `json:"media_type"`
	Kind      Kind              `json:"kind"`
	Title     string            `json:"title"`    // from the content; empty if only the name could give one
	Date      string            `json:"date"`     // RFC 3339 with the zone as written, or YYYY-MM-DD; empty if the content has none
	Language  string            `json:"language"` // BCP 47: zh, en, …; empty if unknown
	People    []Person          `json:"people,omitempty"`
	Fields    map[string]string `json:"fields,omitempty"`
	Sections  []Section         `json:"sections"`
	Named     []Named           `json:"named,omitempty"` // files that its rows name
	Children  []ChildRef        `json:"children,omitempty"`
	Warnings  []Warning         `json:"warnings,omitempty"`
	Read      Read              `json:"read"`
	Reason    Reason            `json:"reason,omitempty"`

	// Transcript is set when the original is itself a transcript (vtt, srt, …).
	Transcript *Transcript `json:"transcript,omitempty"`
}

// Person is somebody a document names in a role.
type Person struct {
	Role    string `json:"role"` // from to cc bcc author attendee speaker …
	Name    string `json:"name"`
	Address string `json:"address,omitempty"` // lower-cased mail address
}

// Section is a piece of a document with a position that a person can go to.
type Section struct {
	Position Position `json:"position"`
	Heading  string   `json:"heading,omitempty"`
	Text     string   `json:"text"` // UTF-8, NFC not forced, "\n" between lines
}

// Position is where a section stands. Exactly one of the groups is set.
type Position struct {
	Page  int      `json:"page,omitempty"`  // 1-based
	Sheet string   `json:"sheet,omitempty"` // with Rows
	Rows  *[2]int  `json:"rows,omitempty"`  // 1-based, inclusive
	Slide int      `json:"slide,omitempty"` // 1-based
	Start *float64 `json:"start,omitempty"` // seconds, with End
	End   *float64 `json:"end,omitempty"`
	Line  int      `json:"line,omitempty"` // 1-based
	Part  string   `json:"part,omitempty"` // body, header, notes, …
}

// ChildRef names a child in its parent's document; the child's own document
// carries everything else.
type ChildRef struct {
	Locator string `json:"locator"`
	Name    string `json:"name"`
}

// Warning is a tolerance that was needed, or a loss. Code is a short stable
// kebab-case word; Detail is for people and holds no document text.
type Warning struct {
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty"`
}

// Warn appends a warning, once per code and detail.
func (d *Document) Warn(code, detail string) {
	w := Warning{code, detail}
	if !slices.Contains(d.Warnings, w) {
		d.Warnings = append(d.Warnings, w)
	}
}

// Lose lowers Read to partial (or none) and keeps the first reason given.
func (d *Document) Lose(read Read, reason Reason, detail string) {
	if d.Read == None || read == Full {
		return
	}
	d.Read = read
	if d.Reason == "" {
		d.Reason = reason
	}
	d.Warn(string(reason), detail)
}

// Unreadable is a document of which nothing could be read.
func Unreadable(kind Kind, reason Reason, detail string) *Document {
	d := &Document{Kind: kind, Read: None, Reason: reason}
	d.Warn(string(reason), detail)
	return d
}

// OnPicture heads a section that was put on a page which is a picture (notes, values
// of fields): it stays when the picture's text is read.
const OnPicture = "批注 Notes"

// AddText appends a section unless its text is blank.
func (d *Document) AddText(pos Position, heading, text string) {
	text = strings.TrimRight(text, " \t\r\n")
	if strings.TrimSpace(text) == "" {
		return
	}
	d.Sections = append(d.Sections, Section{Position: pos, Heading: heading, Text: text})
}

// ID is a document's id: the first 26 characters of its content's SHA-256 in
// lower-case base32. It is made from the content alone, so it is the same on
// every machine and in every run.
func ID(sum [sha256.Size]byte) string {
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:26])
}
