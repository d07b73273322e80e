package minutes

import (
	"crypto/sha256"
	"slices"
	"strings"
	"unicode"

	"guidang/extractors/document"
)

// Edited says that a person changed the minutes, and when.
type Edited struct {
	Who     string `json:"who"`
	At      string `json:"at"`      // RFC 3339
	Version int    `json:"version"` // counts the edits, from 1
	// Newer: other minutes were made since. These stand above them until somebody
	// takes the edits back.
	Newer bool `json:"newer,omitempty"`
}

// Edit gives the minutes with another wording: what a person left as it was
// keeps its mark and its evidence, what is new or changed is marked as theirs.
// Only the words of people are taken from edited; what it says of who made the
// minutes, of topics' places and of checks is not.
func Edit(before *Minutes, edited *Minutes) *Minutes {
	out := *before
	out.Headline, out.Summary = strings.TrimSpace(edited.Headline), strings.TrimSpace(edited.Summary)
	out.KeyPoints, out.Decisions = editClaims(before.KeyPoints, edited.KeyPoints), editClaims(before.Decisions, edited.Decisions)
	out.Risks, out.OpenQuestions = editClaims(before.Risks, edited.Risks), editClaims(before.OpenQuestions, edited.OpenQuestions)
	out.Actions = []Action{}
	for _, a := range edited.Actions {
		a.Text, a.Owner = strings.TrimSpace(a.Text), strings.TrimSpace(a.Owner)
		if a.Text == "" {
			continue
		}
		a.ByHand = true
		for _, b := range before.Actions {
			if a.Text == b.Text && a.Owner == b.Owner && sameDay(a.Due, b.Due) {
				a.ByHand = b.ByHand
			}
			if a.Text == b.Text && sameDay(a.Due, b.Due) {
				a.DueText = b.DueText
			}
		}
		if a.Evidence == nil {
			a.Evidence = []int{}
		}
		out.Actions = append(out.Actions, a)
	}
	out.Edited = nil
	return &out
}

func sameDay(a, b *string) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func editClaims(before, edited []Claim) []Claim {
	out := []Claim{}
	for _, c := range edited {
		if c.Text = strings.TrimSpace(c.Text); c.Text == "" {
			continue
		}
		c.ByHand = true
		for _, b := range before {
			if b.Text == c.Text {
				c.ByHand = b.ByHand
			}
		}
		if c.Evidence == nil {
			c.Evidence = []int{}
		}
		out = append(out, c)
	}
	return out
}

// Key names an action within its meeting by its words, so that a mark on it
// holds when the minutes are made anew.
func (a *Action) Key() string {
	return document.ID(sha256.Sum256([]byte(squeezed(a.Text))))
}

// Same tells whether an action is one of other words: what a newer version of
// the program made of the same talk.
func (a *Action) Same(text string, evidence []int) bool {
	if squeezed(a.Text) == squeezed(text) {
		return true
	}
	here := slices.ContainsFunc(a.Evidence, func(id int) bool { return slices.Contains(evidence, id) })
	return here && alike(a.Text, text)
}

// squeezed is a text's letters and digits.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
