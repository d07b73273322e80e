package ledger

import (
	"context"
	"time"
)

// HandTag is a tag that a person set, or took away.
type HandTag struct {
	Content int64
	Tag     string
	Set     bool // false: taken away, whatever the rules say
	Who     string
	At      time.Time
}

// ActionMark says whether an action item is done. Its key is of its words, so
// that it holds when the minutes are made anew; text and evidence find an action
// whose words have changed a little.
type ActionMark struct {
	Content  int64 // the meeting's
	Key      string
	Text     string
	Evidence string // ids, JSON
	Done     bool
	Who      string
	At       time.Time
}

// Edit is a version of a meeting's minutes that a person wrote. The last one
// holds; an empty one takes the edits back.
type Edit struct {
	ID      int64
	Content int64
	Minutes string // JSON; empty: the program's own hold again
	Base    string // fingerprint of the minutes that were there
	Who     string
	At      time.Time
}

// Hands keep what people decided about what the program made. Nothing of it is
// ever changed or deleted: the newest word on a thing holds, the others are its
// history.
type Hands interface {
	// HandTags are those of a content, oldest first.
	HandTags(ctx context.Context, content int64) ([]HandTag, error)
	// ActionMarks are those of a content, or of all (0), oldest first.
	ActionMarks(ctx context.Context, content int64) ([]ActionMark, error)
	// Edits are those of a content, oldest first.
	Edits(ctx context.Context, content int64) ([]Edit, error)
	// LastEdits are the newest edits of all contents that have any.
	LastEdits(ctx context.Context) (map[int64]Edit, error)
	// WithMinutes are the contents that have minutes, or are minutes.
	WithMinutes(ctx context.Context) ([]*Content, error)
	// Written gives for the contents that are minutes somebody wrote the meeting
	// whose minutes they are.
	Written(ctx context.Context) (map[int64]int64, error)
}

// HandsTx writes it.
type HandsTx interface {
	AddHandTag(t HandTag) error
	HandTags(content int64) ([]HandTag, error)
	AddActionMark(m ActionMark) error
	AddEdit(e Edit) error
	// SetWritten replaces all of Written.
	SetWritten(meetings map[int64]int64) error
}

// TagsNow are the tags that hold: those of the rules and of people, without
// those that people took away.
func TagsNow(rules []string, hand []HandTag) []string {
	last := map[string]bool{}
	for _, t := range hand {
		last[t.Tag] = t.Set
	}
	out := []string{}
	for _, tag := range rules {
		if set, said := last[tag]; !said || set {
			out = append(out, tag)
			delete(last, tag)
		}
	}
	for _, t := range hand { // in the order in which they were set
		if last[t.Tag] {
			out = append(out, t.Tag)
			delete(last, t.Tag)
		}
	}
	return out
}
