package suggest

import (
	"cmp"
	"slices"
	"strings"

	"guidang/pipeline/index"
)

// Suggestion is one proposal.
type Suggestion struct {
	Kind Kind   `json:"kind"`
	Text string `json:"text"`
	// Query is the whole query with the proposal in place of what was being typed;
	// empty for a title, which opens Document.
	Query    string `json:"query,omitempty"`
	Document string `json:"document,omitempty"`
}

// most bounds how many proposals of a kind are made, so that titles, of which
// there are most, leave room for the others.
var most = map[Kind]int{Customer: 3, Project: 3, Person: 4, Tag: 2, Term: 4, Title: 4}

// How good a proposal is, by how what was typed stands in it.
const (
	atStart  = 4
	byWhole  = 3 // in pinyin: whole syllables
	atWord   = 2 // at the beginning of a word, of an address
	byLetter = 2 // in pinyin: first letters
	within   = 1
)

// Suggest proposes up to limit ways to go on with a query that is being typed,
// to somebody with these scopes. Only its last word or phrase is completed; a
// title may match the whole of it. A word behind from: or customer: gets people
// or customers alone.
func (l *Lexicon) Suggest(text string, scopes []string, limit int) []Suggestion {
	t := lastOf(text)
	v := l.view(scopes)
	if t.key == "" || len(v) == 0 || limit <= 0 {
		return []Suggestion{}
	}
	spelt := letters(t.key)
	all := index.Normalise(text)
	type scored struct {
		entry *entry
		score int
		count uint32
	}
	var found []scored
	for i := range l.entries {
		e := &l.entries[i]
		kind := kinds[e.kind]
		if t.kinds != nil && !slices.Contains(t.kinds, kind) {
			continue
		}
		score := e.score(t.key, spelt, v)
		if kind == Title && t.kinds == nil && all != t.key {
			score = e.score(all, "", v)
		}
		if score == 0 || e.key == all && (kind == Term || kind == Tag) { // typed already
			continue
		}
		if n := v.count(e.uses); n > 0 {
			found = append(found, scored{e, score, n})
		}
	}
	slices.SortFunc(found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.entry.kind, b.entry.kind), cmp.Compare(b.count, a.count),
			cmp.Compare(len(a.entry.key), len(b.entry.key)), cmp.Compare(a.entry.key, b.entry.key), cmp.Compare(a.entry.text, b.entry.text), cmp.Compare(a.entry.document, b.entry.document))
	})
	out := []Suggestion{}
	have := map[Kind]int{}
	seen := map[string]bool{}
	for _, f := range found {
		kind := kinds[f.entry.kind]
		name := string(kind) + f.entry.key
		if len(out) == limit {
			break
		}
		if seen[name] || have[kind] == most[kind] && t.kinds == nil {
			continue
		}
		seen[name] = true
		have[kind]++
		s := Suggestion{Kind: kind, Text: f.entry.text}
		if kind == Title && t.kinds == nil {
			s.Document = f.entry.document
		} else {
			s.Query = t.complete(kind, f.entry.text)
		}
		out = append(out, s)
	}
	return out
}

// score says how well what is typed names an entry, for somebody with this view;
// 0: not at all.
func (e *entry) score(key, letters string, v view) int {
	best := 0
	switch at := strings.Index(e.key, key); {
	case at == 0:
		return atStart
	case at > 0 && beginsWord(e.key, at):
		best = atWord
	case at > 0 && !isASCII(key):
		best = within
	}
	for i := range e.others {
		if best < atWord && strings.HasPrefix(e.others[i].key, key) && v.count(e.others[i].uses) > 0 {
			best = atWord
		}
	}
	if letters != "" && best < byWhole && e.reading != nil {
		switch e.reading.matches(letters) {
		case whole, begun:
			best = byWhole
		case initials:
			best = max(best, byLetter)
		case noFit:
		}
	}
	return best
}

func beginsWord(s string, at int) bool {
	b := s[at-1]
	return b < 'a' && (b < '0' || b > '9') || b > 'z' && b < 0x80 || b >= 0x80 && s[at] < 0x80
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func isLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}
