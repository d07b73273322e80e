package index

import (
	"context"
	"math"

	"guidang/extractors/document"
)

// Relation is how a document belongs to others.
type Relation struct {
	Mail    string // the document that it is attached to
	Copies  string // names the mails that are copies of one another; empty: none
	Chain   string // names the documents that are versions of one another; empty: none
	Ordinal int    // among them, the oldest first
	Branch  bool   // beside their line
}

// Folded is a document that was found and stands under another hit.
type Folded struct {
	ID       string        `json:"id"`       // of its best passage
	Document string        `json:"document"` // document id
	Relation string        `json:"relation"` // attachment, version or copy: what it is to the hit
	Title    string        `json:"title"`
	Kind     document.Kind `json:"kind"`
	Date     string        `json:"date"`
	URL      string        `json:"url"`
}

// What a folded document is to its hit.
const (
	Attachment = "attachment"
	Version    = "version"
	Copy       = "copy"
)

const (
	foldAmong = ranked // of the first matches; what comes behind stands alone
	foldDepth = 8      // an older version, the newest of which is attached to a mail, …
)

// folding puts matches under others.
type folding struct {
	at        map[string]int // place of a match by its document
	relations map[string]Relation
	newest    map[string]string // document that stands for a chain
	first     map[string]string // document that stands for copies
}

// fold puts attachments under their mail, older versions under the newest and
// copies of a mail under one of them, where both were found. A document that was
// not found, or that the asker may not see, is none of the matches and so neither
// hides another nor shows that it is there.
func (l *lookup) fold(ctx context.Context, found []*match) ([]*match, error) {
	among := min(len(found), max(foldAmong, l.request.Offset+l.request.Limit))
	if among < 2 || l.request.Unfolded || len(l.question.Terms) == 0 {
		return found, nil
	}
	f := &folding{at: make(map[string]int, among), newest: map[string]string{}, first: map[string]string{}}
	docs := make([]string, among)
	for n, m := range found[:among] {
		docs[n] = m.id.Document
		f.at[docs[n]] = n
	}
	var err error
	if f.relations, err = l.s.describe.Relations(ctx, docs); err != nil || len(f.relations) == 0 {
		return found, err
	}
	f.choose(docs)
	return append(f.groups(found[:among], l.request.Sort == ByDate), found[among:]...), nil
}

// choose finds what stands for chains and copies.
func (f *folding) choose(docs []string) {
	for _, doc := range docs {
		r := f.relations[doc]
		if r.Copies != "" && f.first[r.Copies] == "" {
			f.first[r.Copies] = doc
		}
		if r.Chain == "" {
			continue
		}
		have, ok := f.newest[r.Chain]
		best := f.relations[have]
		if !ok || best.Branch && !r.Branch || best.Branch == r.Branch && r.Ordinal > best.Ordinal {
			f.newest[r.Chain] = doc
		}
	}
}

// above is the match that a document stands under, and as what; empty: none.
func (f *folding) above(doc string) (string, string) {
	r := f.relations[doc]
	if _, ok := f.at[r.Mail]; ok && r.Mail != doc {
		return r.Mail, Attachment
	}
	if one := f.first[r.Copies]; one != "" && one != doc {
		return one, Copy
	}
	if one := f.newest[r.Chain]; one != "" && one != doc {
		return one, Version
	}
	return "", ""
}

// groups gives the matches that stand for others, each where the best of its
// group was; in order of dates where it was itself.
func (f *folding) groups(found []*match, byDate bool) []*match {
	out := make([]*match, 0, len(found))
	seen := map[string]bool{}
	for n, m := range found {
		root, relation := m.id.Document, ""
		for range foldDepth {
			up, as := f.above(root)
			if up == "" {
				break
			}
			root = up
			if relation == "" {
				relation = as
			}
		}
		top := found[f.at[root]]
		if top != m {
			top.under = append(top.under, under{m, relation})
		}
		if byDate && top != m || seen[root] {
			continue
		}
		seen[root] = true
		top.score = math.Max(top.score, found[n].score)
		out = append(out, top)
	}
	return out
}

// under is a match that stands under another.
type under struct {
	*match
	relation string
}
