// Package versions finds which documents are versions of one another: by number,
// date and words of their names, by the likeness of their texts, by the thread in
// which they were sent. It reads no file: a document comes as its name, its place
// and a sketch of 260 bytes.
//
// In reading order: label.go (what a name says), sketch.go and near.go (which
// texts are alike), chain.go (who belongs together, in which order), diff.go
// (what has changed).
package versions

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"guidang/extractors/document"
)

// Doc is a document as chains are made of it.
type Doc struct {
	ID      int64  // of the caller
	Key     string // the same in every archive: the document's id; it decides what nothing else does
	Names   []Name // under which it lies, at least one; the first eight are looked at
	Type    document.Type
	Numbers map[string]string // details that never differ between versions: contract, project, letter, parties
	Date    time.Time         // when it was made or sent
	Sketch  Sketch
}

// Name is one of the names that a document has, and where.
type Name struct {
	Name    string
	Place   string // folder or container in which it lies
	Locator string // where it lies; two contents of one locator are versions
	Thread  string // of the mail that it was attached to
}

// Version is a document's place in its chain.
type Version struct {
	ID       int64
	Ordinal  int   // from 1, oldest first
	Previous int64 // what it was made from, 0: the first
	Branch   bool  // beside the line: a copy, or another continuation of the same version
	Label    string
}

// Chain is a document in all its versions, oldest first.
type Chain []Version

// How alike texts have to be.
const (
	alikeAlone   = 0.95 // nothing else speaks for it
	alikeWith    = 0.75 // a number, a folder, a thread or a part of the name does
	alikeBoth    = 0.55 // two of these do
	alikeSeries  = 0.9  // reports of one kind are written over the last one
	alikeDated   = 0.5  // names that differ in their date only: weekly reports are no versions
	alikeSame    = 0.4  // equal names at different places
	alikeElse    = 0.5  // marked versions of a plain name in different folders
	alikeMarked  = 0.05 // marked versions in one place: a rewrite still is one
	namesMost    = 8    // of a document that are looked at
	groupAtOnce  = 150  // of one name that are compared pair by pair
	longestShare = 4    // characters that two names have to share
)

// series are types of which each date is a thing of its own.
var series = []document.Type{document.TypeMinutes, document.TypeServiceRecord, document.TypeInvoice, document.TypeComplaint, document.TypeLetter, document.TypeOther, document.TypeTraining, document.TypeSurvey}

type builder struct {
	docs   []*Doc
	names  [][]Label // of each, in the order of its names
	labels []*Label  // the one of each that says most
	parent []int
	links  []link
}

// link says that two documents belong together, and how sure that is. A hundred
// files of one name have thousands of them, so it is small.
type link struct {
	a, b     int32
	strength float32
}

func linked(i, j int, strength float64) link {
	return link{int32(i), int32(j), float32(strength)} //nolint:gosec // far fewer documents than 2 G
}

// Build makes the chains of some documents. Which there are does not depend on
// the order of the documents.
func Build(docs []Doc) []Chain {
	b := &builder{docs: make([]*Doc, len(docs))}
	for i := range docs {
		b.docs[i] = &docs[i]
	}
	slices.SortFunc(b.docs, func(x, y *Doc) int { return cmp.Or(cmp.Compare(x.Key, y.Key), cmp.Compare(x.ID, y.ID)) })
	b.labels, b.names, b.parent = make([]*Label, len(docs)), make([][]Label, len(docs)), make([]int, len(docs))
	for i, d := range b.docs {
		b.parent[i], b.labels[i] = i, &Label{}
		b.names[i] = make([]Label, min(len(d.Names), namesMost))
		for n := range b.names[i] {
			b.names[i][n] = Parse(d.Names[n].Name)
			if n == 0 || telling(&b.names[i][n]) > telling(b.labels[i]) {
				b.labels[i] = &b.names[i][n]
			}
		}
	}
	b.byName()
	near(b.docs, alikeBoth, b.alike)
	b.join()
	return b.chains()
}

// byName links documents of one stem, or of one locator.
func (b *builder) byName() {
	stems, places := map[string][]int{}, map[string][]int{}
	for i, d := range b.docs {
		for n := range b.names[i] {
			if l := d.Names[n].Locator; l != "" {
				places[l] = append(places[l], i)
			}
			if l := &b.names[i][n]; !l.Generic() {
				if have := stems[l.Stem]; len(have) == 0 || have[len(have)-1] != i {
					stems[l.Stem] = append(stems[l.Stem], i)
				}
			}
		}
	}
	for _, at := range places {
		for n := 1; n < len(at); n++ {
			b.links = append(b.links, linked(at[0], at[n], 2))
		}
	}
	for stem, list := range stems {
		b.group(stem, list)
	}
}

// group compares documents of one stem. Of very many only those of one place and
// those of one thread are: a form that everybody uses has the same name a thousand
// times.
func (b *builder) group(stem string, list []int) {
	if len(list) <= groupAtOnce {
		b.pairs(stem, list)
		return
	}
	within := map[string][]int{}
	for _, i := range list {
		for n := range b.names[i] {
			at := &b.docs[i].Names[n]
			within["p"+at.Place] = append(within["p"+at.Place], i)
			if at.Thread != "" {
				within["t"+at.Thread] = append(within["t"+at.Thread], i)
			}
		}
	}
	for _, some := range within {
		some = slices.Compact(some)
		b.pairs(stem, some[:min(len(some), groupAtOnce)])
	}
}

func (b *builder) pairs(stem string, list []int) {
	for x, i := range list {
		for _, j := range list[x+1:] {
			if s, ok := b.named(b.ofStem(i, stem), b.ofStem(j, stem), i, j); ok {
				b.links = append(b.links, linked(i, j, s))
			}
		}
	}
}

// ofStem is the label of a document under a stem.
func (b *builder) ofStem(i int, stem string) *Label {
	for n := range b.names[i] {
		if b.names[i][n].Stem == stem {
			return &b.names[i][n]
		}
	}
	return b.labels[i]
}

// Telling is how much a file's name says of its version: of a document's several
// names the one that says most is shown.
func Telling(name string) int {
	l := Parse(name)
	return telling(&l)
}

// telling is how much a label says of a version.
func telling(l *Label) int {
	n := 0
	if len(l.Numbers) > 0 {
		n += 8
	}
	if !l.Date.IsZero() {
		n += 4
	}
	if len(l.Steps) > 0 {
		n += 2
	}
	if !l.Copy && !l.Generic() {
		n++
	}
	return n
}

// together says that two documents lie in one folder or were sent in one thread.
func together(x, y *Doc) bool {
	for i := range x.Names[:min(len(x.Names), namesMost)] {
		for j := range y.Names[:min(len(y.Names), namesMost)] {
			a, b := &x.Names[i], &y.Names[j]
			if a.Place == b.Place || a.Thread != "" && a.Thread == b.Thread {
				return true
			}
		}
	}
	return false
}

// named decides on two documents of one stem.
func (b *builder) named(lx, ly *Label, i, j int) (strength float64, ok bool) {
	x, y := b.docs[i], b.docs[j]
	if conflict(x, y) || !slices.Equal(lx.Codes, ly.Codes) {
		return 0, false
	}
	sim := Similarity(&x.Sketch, &y.Sketch)
	told := x.Sketch.Tells() && y.Sketch.Tells()
	together := together(x, y)
	marked := lx.Marked() || ly.Marked()
	differ := Compare(lx, ly) != 0 || lx.Copy != ly.Copy
	dated := !marked && differ // by date alone
	least := alikeSame
	switch {
	case dated && (slices.Contains(series, x.Type) || slices.Contains(series, y.Type)):
		return 0, false
	case dated:
		least = alikeDated
	case differ && marked && (together || len(lx.Codes) > 0):
		least = alikeMarked
	case differ && marked:
		least = alikeElse
	case lx.Ext != ly.Ext && together: // one document as Word and as PDF
		least = alikeMarked
	}
	if !told { // scans and short sheets: only what lies together and says it
		return 1, together && (differ && marked || lx.Ext != ly.Ext)
	}
	return 1 + sim, sim >= least
}

// alike decides on two documents whose texts are alike, whatever they are called.
func (b *builder) alike(i, j int, sim float64) {
	x, y, lx, ly := b.docs[i], b.docs[j], b.labels[i], b.labels[j]
	if conflict(x, y) || x.Type != y.Type || different(lx.Codes, ly.Codes) {
		return
	}
	if !lx.Date.IsZero() && !ly.Date.IsZero() && !lx.Date.Equal(ly.Date) && slices.Contains(series, x.Type) {
		return
	}
	reasons := 0
	for _, holds := range []bool{together(x, y), agree(x, y), share(lx.Stem, ly.Stem)} {
		if holds {
			reasons++
		}
	}
	need := [...]float64{alikeAlone, alikeWith, alikeBoth, alikeBoth}[reasons]
	if slices.Contains(series, x.Type) {
		need = max(need, alikeSeries)
	}
	if sim >= need {
		b.links = append(b.links, linked(i, j, sim))
	}
}

// conflict says that two documents tell of different things.
func conflict(x, y *Doc) bool {
	for name, v := range x.Numbers {
		if w := y.Numbers[name]; v != "" && w != "" && v != w {
			return true
		}
	}
	return false
}

// agree says that both name the same number.
func agree(x, y *Doc) bool {
	for name, v := range x.Numbers {
		if v != "" && y.Numbers[name] == v {
			return true
		}
	}
	return false
}

// different says that two names have codes of one kind and share none: BG-2025-003
// is no version of BG-2025-007.
func different(x, y []string) bool {
	alike := false
	for _, a := range x {
		for _, b := range y {
			if a == b {
				return false
			}
			alike = alike || kindOf(a) == kindOf(b)
		}
	}
	return alike
}

// kindOf is the letters of a code.
func kindOf(code string) string {
	return strings.Trim(strings.TrimRight(code, "0123456789-_"), "0123456789-_")
}

// share says that one name holds the other, or that they begin or end alike.
func share(x, y string) bool {
	if x == "" || y == "" {
		return false
	}
	short, long := x, y
	if len(short) > len(long) {
		short, long = long, short
	}
	if len([]rune(short)) >= longestShare && strings.Contains(long, short) {
		return true
	}
	rx, ry := []rune(x), []rune(y)
	n := 0
	for n < min(len(rx), len(ry)) && rx[n] == ry[n] {
		n++
	}
	return n >= longestShare
}

// join brings linked documents together, the surest first, but never two that
// tell of different things, over however many others.
func (b *builder) join() {
	slices.SortFunc(b.links, func(x, y link) int {
		return cmp.Or(cmp.Compare(y.strength, x.strength), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	known := map[int]map[string]string{}
	numbers := func(root int) map[string]string {
		if known[root] == nil {
			known[root] = map[string]string{}
			for k, v := range b.docs[root].Numbers {
				if v != "" {
					known[root][k] = v
				}
			}
		}
		return known[root]
	}
	for _, l := range b.links {
		x, y := b.root(int(l.a)), b.root(int(l.b))
		if x == y {
			continue
		}
		if y < x {
			x, y = y, x
		}
		nx, ny := numbers(x), numbers(y)
		if l.strength < 2 && conflict(&Doc{Numbers: nx}, &Doc{Numbers: ny}) {
			continue
		}
		b.parent[y] = x
		maps.Copy(nx, ny)
	}
}

func (b *builder) root(i int) int {
	for b.parent[i] != i {
		b.parent[i] = b.parent[b.parent[i]]
		i = b.parent[i]
	}
	return i
}

// chains puts every group into its order.
func (b *builder) chains() []Chain {
	groups := map[int][]int{}
	for i := range b.docs {
		if r := b.root(i); r != i {
			if groups[r] == nil {
				groups[r] = []int{r}
			}
			groups[r] = append(groups[r], i)
		}
	}
	var out []Chain
	for i := range b.docs { // in order of keys
		if list := groups[i]; list != nil {
			out = append(out, b.chain(list))
		}
	}
	return out
}

// chain orders the documents of a group and finds what each was made from. The
// line of versions are those whose names follow each other; a copy, and what goes
// on from the same version under another name, is a branch.
func (b *builder) chain(list []int) Chain {
	main := b.mainStem(list)
	rank := func(i int) int { // within one version: the line before its branches
		switch {
		case b.labels[i].Copy:
			return 2
		case b.labels[i].Stem != main:
			return 1
		}
		return 0
	}
	slices.SortFunc(list, func(x, y int) int {
		lx, ly := b.labels[x], b.labels[y]
		c := Compare(lx, ly)
		// A name that says nothing of its version has its place by its date.
		if !lx.Marked() && lx.Date.IsZero() || !ly.Marked() && ly.Date.IsZero() {
			if lx.Stem != ly.Stem && !b.docs[x].Date.IsZero() && !b.docs[y].Date.IsZero() {
				c = 0
			}
		}
		if slices.Compare(lx.Numbers, ly.Numbers) == 0 && rank(x) != rank(y) && (lx.Copy || ly.Copy) && slices.Equal(lx.Steps, ly.Steps) {
			c = rank(x) - rank(y)
		}
		return cmp.Or(c, cmp.Compare(rank(x), rank(y)), b.docs[x].Date.Compare(b.docs[y].Date), cmp.Compare(b.docs[x].Key, b.docs[y].Key))
	})
	var out Chain
	last := -1 // of the line
	for n, i := range list {
		v := Version{ID: b.docs[i].ID, Ordinal: n + 1, Label: b.labels[i].String()}
		if v.Label == "" && len(b.labels[i].Steps) == 0 && !b.docs[i].Date.IsZero() {
			v.Label = b.docs[i].Date.Format(time.DateOnly)
		}
		if last >= 0 {
			v.Previous = b.docs[last].ID
			v.Branch = rank(i) > 0 && (b.labels[i].Copy || slices.Equal(b.labels[i].Numbers, b.labels[last].Numbers))
		}
		if !v.Branch {
			last = i
		}
		out = append(out, v)
	}
	return out
}

// mainStem is the name that most versions have, the smallest of several.
func (b *builder) mainStem(list []int) string {
	count := map[string]int{}
	for _, i := range list {
		count[b.labels[i].Stem]++
	}
	best := ""
	for stem, n := range count {
		if best == "" || n > count[best] || n == count[best] && stem < best {
			best = stem
		}
	}
	return best
}
