// Package suggest knows the titles, names and key terms of an archive beside
// its passages: what is proposed while somebody types, whom letters of pinyin
// name, and which word a misspelt one was meant to be.
//
// A Lexicon is made from the ledger at one moment and never changes. It belongs
// to no engine, so both give the same. Each name carries the scopes of the
// documents that have it, and whoever asks learns only of those within his own:
// names of hidden documents are neither given nor counted.
package suggest

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"guidang/pipeline/index"
)

// Kind says what is proposed.
type Kind string

// Kinds, in the order in which equal proposals stand.
const (
	Customer Kind = "customer"
	Project  Kind = "project"
	Person   Kind = "person"
	Tag      Kind = "tag"
	Term     Kind = "term"
	Title    Kind = "title"
)

var kinds = []Kind{Customer, Project, Person, Tag, Term, Title}

// Fact is one name that a document has, or in which it is known in one place.
type Fact struct {
	Kind     Kind
	Text     string   // as it is written
	Other    string   // of a person: an address
	Document string   // of a title: the document that it opens
	Scopes   []string // who may know it
}

// entry is a name in one writing, once for all documents that have it so (a
// title: for one). Another writing is another entry, since it may be known from
// documents that the one who asks must not see.
type entry struct {
	kind     uint8
	text     string
	key      string // text as it is compared
	others   []other
	document string
	reading  reading
	uses     []use
}

// other is an address as it is compared, and who may know that it is this
// person's.
type other struct {
	key  string
	uses []use
}

// use is in how many documents of a scope a name stands.
type use struct {
	scope uint32
	count uint32
}

// Lexicon is what an archive's documents are called. Safe for concurrent use.
type Lexicon struct {
	scopes  map[string]uint32
	entries []entry
	words   map[string][]use // Latin words of all of them
}

const (
	textMost    = 200 // bytes of a title or name that are kept
	entriesMost = 500_000
	othersMost  = 16 // addresses of one person
	wordLeast   = 4  // letters of a word that can be meant by a misspelt one
	wordMost    = 32
)

// Builder makes a Lexicon.
type Builder struct {
	l    *Lexicon
	at   map[builderKey]int
	read *reader
}

type builderKey struct {
	kind           uint8
	text, document string
}

// NewBuilder begins a Lexicon.
func NewBuilder() *Builder {
	return &Builder{&Lexicon{scopes: map[string]uint32{}, words: map[string][]use{}}, map[builderKey]int{}, newReader()}
}

// Add adds a name of a document. Of a document each should be given once.
func (b *Builder) Add(f Fact) {
	kind := slices.Index(kinds, f.Kind)
	text := cut(strings.Join(strings.Fields(strings.ToValidUTF8(f.Text, "")), " "))
	key := index.Normalise(text)
	if kind < 0 || len(f.Scopes) == 0 || strings.IndexFunc(key, named) < 0 {
		return
	}
	if key == text { // most of them: one string for both
		key = text
	}
	id := builderKey{uint8(kind), text, f.Document} //nolint:gosec // six kinds
	i, ok := b.at[id]
	if !ok {
		if len(b.l.entries) == entriesMost {
			return
		}
		i = len(b.l.entries)
		b.at[id] = i
		e := entry{kind: id.kind, text: text, key: key, document: f.Document}
		if f.Kind == Person || f.Kind == Customer || f.Kind == Project {
			e.reading = b.read.of(key)
		}
		b.l.entries = append(b.l.entries, e)
	}
	e := &b.l.entries[i]
	address := e.address(index.Normalise(f.Other))
	for _, scope := range f.Scopes {
		n, ok := b.l.scopes[scope]
		if !ok {
			n = uint32(len(b.l.scopes)) //nolint:gosec // sources and customers
			b.l.scopes[scope] = n
		}
		e.uses = used(e.uses, n)
		if address != nil {
			address.uses = used(address.uses, n)
		}
	}
	b.words(e.key, f.Scopes)
}

// address gives a person's address to be counted; nil: there is none, or there
// are too many.
func (e *entry) address(key string) *other {
	if key == "" || key == e.key || len(key) > textMost {
		return nil
	}
	for i := range e.others {
		if e.others[i].key == key {
			return &e.others[i]
		}
	}
	if len(e.others) == othersMost {
		return nil
	}
	e.others = append(e.others, other{key: key})
	return &e.others[len(e.others)-1]
}

// words notes the Latin words of a name.
func (b *Builder) words(key string, scopes []string) {
	for _, w := range latin(key) {
		for _, scope := range scopes {
			b.l.words[w] = used(b.l.words[w], b.l.scopes[scope])
		}
	}
}

func used(uses []use, scope uint32) []use {
	for i := range uses {
		if uses[i].scope == scope {
			uses[i].count++
			return uses
		}
	}
	return append(uses, use{scope, 1})
}

// Lexicon ends the work; the Builder must not be used after it.
func (b *Builder) Lexicon() *Lexicon {
	l := b.l
	b.at = nil
	slices.SortFunc(l.entries, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.kind, y.kind), cmp.Compare(x.key, y.key), cmp.Compare(x.text, y.text), cmp.Compare(x.document, y.document))
	})
	return l
}

// named says that a character makes a name one that can be asked for.
func named(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func cut(s string) string {
	if len(s) <= textMost {
		return s
	}
	return strings.ToValidUTF8(s[:textMost], "")
}

// latin gives the words of letters a to z in normalised text that are long
// enough to be meant by a misspelt one.
func latin(s string) (out []string) {
	for from := 0; from < len(s); {
		if s[from] < 'a' || s[from] > 'z' {
			from++
			continue
		}
		to := from
		for to < len(s) && s[to] >= 'a' && s[to] <= 'z' {
			to++
		}
		alone := (from == 0 || s[from-1] < 0x80) && (to == len(s) || s[to] < 0xc3 || s[to] > 0xcf) // not half of naïve or müller
		if n := to - from; alone && n >= wordLeast && n <= wordMost {
			out = append(out, s[from:to])
		}
		from = to
	}
	return out
}

// view is what somebody with certain scopes may know.
type view map[uint32]bool

func (l *Lexicon) view(scopes []string) view {
	v := make(view, len(scopes))
	for _, s := range scopes {
		if n, ok := l.scopes[s]; ok {
			v[n] = true
		}
	}
	return v
}

// count is in how many documents a name stands that somebody may see; those of
// two scopes count twice.
func (v view) count(uses []use) (n uint32) {
	for _, u := range uses {
		if v[u.scope] {
			n += u.count
		}
	}
	return n
}
