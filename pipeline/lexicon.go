package pipeline

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/index/suggest"
	"guidang/pipeline/ledger"
	"guidang/pipeline/terms"
)

// lexicon keeps what the archive's documents are called. It is made when it is
// first asked, and again in the background when it is asked and is old: nobody
// who does not search pays for it. One build reads the ledger once, without the
// texts.
type lexicon struct {
	a        *Archive
	synonyms suggest.Synonyms

	mu      sync.Mutex // held while the first one is made
	cur     *suggest.Lexicon
	made    time.Time
	took    time.Duration
	working bool
}

const (
	lexiconLeast = 2 * time.Second // between two builds
	lexiconShare = 30              // and so many times as long as one takes: 3 % of a core
)

// get gives what is known; nil if nothing can be had.
func (x *lexicon) get(ctx context.Context) *suggest.Lexicon {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.cur == nil:
		if err := x.build(ctx); err != nil {
			x.a.log.Warn("names for proposals cannot be read", "error", err)
		}
	case !x.working && time.Since(x.made) > max(lexiconLeast, lexiconShare*x.took):
		x.working = true
		x.a.done.Go(func() { x.refresh(x.a.work) })
	}
	return x.cur
}

// refresh makes it anew if the archive has changed.
func (x *lexicon) refresh(ctx context.Context) {
	began := time.Now()
	fresh, err := x.a.names(ctx)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.working = false
	if err != nil {
		if ctx.Err() == nil {
			x.a.log.Warn("names for proposals cannot be read", "error", err)
		}
		return
	}
	x.cur, x.made, x.took = fresh, time.Now(), time.Since(began)
}

func (x *lexicon) build(ctx context.Context) error {
	began := time.Now()
	fresh, err := x.a.names(ctx)
	if err == nil {
		x.cur, x.made, x.took = fresh, time.Now(), time.Since(began)
	}
	return err
}

// names reads what every document is called out of the ledger.
func (a *Archive) names(ctx context.Context) (*suggest.Lexicon, error) {
	n := &called{a: a, b: suggest.NewBuilder()}
	if err := n.list(ctx); err != nil {
		return nil, err
	}
	err := a.ledger.EachNamed(ctx, func(f *ledger.Located) error {
		if last := len(n.contents) - 1; last >= 0 && n.contents[last][0].Content.ID == f.Content.ID {
			copied := *f
			n.contents[last] = append(n.contents[last], &copied)
			return nil
		}
		if len(n.contents) == namedAtOnce {
			if err := n.flush(ctx); err != nil {
				return err
			}
		}
		copied := *f
		n.contents = append(n.contents, []*ledger.Located{&copied})
		return nil
	})
	if err == nil {
		err = n.flush(ctx)
	}
	if err != nil {
		return nil, err
	}
	return n.b.Lexicon(), nil
}

// namedAtOnce is how many contents the ledger is asked for whose they are.
const namedAtOnce = 500

// called makes a lexicon.
type called struct {
	a        *Archive
	b        *suggest.Builder
	contents [][]*ledger.Located // the places of each
	called   map[string][]string // what else customers and projects are called, by name and key
}

// list reads what else customers and projects are called.
func (n *called) list(ctx context.Context) error {
	n.called = map[string][]string{}
	customers, err := n.a.ledger.Customers(ctx)
	if err != nil {
		return err
	}
	for _, c := range customers {
		n.called[c.Name] = c.Aliases
	}
	projects, err := n.a.ledger.Projects(ctx)
	for _, p := range projects {
		n.called[p.Key] = []string{p.Name}
	}
	return err
}

// flush adds what the contents are called.
func (n *called) flush(ctx context.Context) error {
	ids := make([]int64, len(n.contents))
	for i, places := range n.contents {
		ids[i] = places[0].Content.ID
	}
	whose, err := n.a.ledger.Assigned(ctx, ids)
	if err != nil {
		return err
	}
	for i, places := range n.contents {
		n.content(places, whose[ids[i]])
	}
	n.contents = n.contents[:0]
	return nil
}

// content adds what one content is called and whose it is. Who may see only what
// is of one customer does not learn of another to whom it belongs too.
func (n *called) content(places []*ledger.Located, whose []ledger.Belonging) {
	var sources, dossiers []string
	for _, p := range places {
		if s := Scope(p.Item.Source); !slices.Contains(sources, s) {
			sources = append(sources, s)
		}
	}
	add := func(kind suggest.Kind, name string, scopes []string) {
		for _, other := range append([]string{""}, n.called[name]...) {
			n.b.Add(suggest.Fact{Kind: kind, Text: name, Other: other, Scopes: scopes})
		}
	}
	for _, w := range whose {
		if w.Standing == ledger.Doubtful {
			continue
		}
		own := []string{CustomerScope(w.Name)}
		if w.Key != "" {
			own = append(own, ProjectScope(w.Key))
			add(suggest.Project, w.Key, slices.Concat(sources, own))
		}
		add(suggest.Customer, w.Name, slices.Concat(sources, own))
		for _, s := range own {
			if !slices.Contains(dossiers, s) {
				dossiers = append(dossiers, s)
			}
		}
	}
	addNames(n.b, places, sources, dossiers)
}

// addNames adds what one content is called. What its bytes say is for whoever
// may see one of its places, or what is of its customer or project; a file's name
// only for those of that place, and of the canonical one for the latter.
func addNames(b *suggest.Builder, places []*ledger.Located, sources, dossiers []string) {
	c := &places[0].Content
	all := slices.Concat(sources, dossiers)
	id := c.DocumentID()
	if c.Title != "" {
		b.Add(suggest.Fact{Kind: suggest.Title, Text: c.Title, Document: id, Scopes: all})
	}
	seen := map[string]bool{}
	for _, p := range places {
		name, scope := p.Item.Name, Scope(p.Item.Source)
		if c.Kind == document.KindMail && c.Title != "" || name == "" || name == c.Title || seen[scope+name] { // a mail's name in its mailbox is a number
			continue
		}
		seen[scope+name] = true
		may := []string{scope}
		if p.Item.ID == c.Canonical {
			may = append(may, dossiers...)
		}
		b.Add(suggest.Fact{Kind: suggest.Title, Text: name, Document: id, Scopes: may})
	}
	for _, p := range peopleOf(c.People) {
		if name := strings.TrimSpace(p.Name); name != "" && !seen["who "+name] {
			seen["who "+name] = true
			b.Add(suggest.Fact{Kind: suggest.Person, Text: name, Other: p.Address, Scopes: all})
		} else if name == "" && p.Address != "" && !seen["who "+p.Address] {
			seen["who "+p.Address] = true
			b.Add(suggest.Fact{Kind: suggest.Person, Text: p.Address, Scopes: all})
		}
	}
	for _, t := range decodeList[terms.Term](c.Terms) {
		if t.Kind != terms.Amount && t.Kind != terms.Date {
			b.Add(suggest.Fact{Kind: suggest.Term, Text: t.Term, Scopes: all})
		}
	}
	for _, tag := range decodeList[string](c.Tags) {
		b.Add(suggest.Fact{Kind: suggest.Tag, Text: tag, Scopes: all})
	}
}

// Suggest proposes up to limit ways to go on with a query that is being typed,
// to somebody with the given scopes; nil means all.
func (a *Archive) Suggest(ctx context.Context, text string, scopes []string, limit int) ([]suggest.Suggestion, error) {
	if scopes == nil {
		var err error
		if scopes, err = a.Scopes(ctx); err != nil {
			return nil, err
		}
	}
	l := a.lexicon.get(ctx)
	if l == nil {
		return []suggest.Suggestion{}, nil
	}
	return l.Suggest(text, scopes, limit), nil
}

// The lexicon as the searcher asks it.
var _ index.Lexicon = (*lexicon)(nil)

func (x *lexicon) Synonyms(word string) []string { return x.synonyms.Of(word) }

func (x *lexicon) Named(ctx context.Context, letters string, scopes []string, short bool) []string {
	if !short && !suggest.Spells(letters) {
		return nil
	}
	if l := x.get(ctx); l != nil {
		return l.Named(letters, scopes, short, suggest.Person, suggest.Customer, suggest.Project)
	}
	return nil
}

func (x *lexicon) Customers(ctx context.Context, word string, scopes []string) []string {
	return x.like(ctx, word, scopes, suggest.Customer)
}

func (x *lexicon) Projects(ctx context.Context, word string, scopes []string) []string {
	return x.like(ctx, word, scopes, suggest.Project)
}

func (x *lexicon) like(ctx context.Context, word string, scopes []string, kind suggest.Kind) []string {
	if l := x.get(ctx); l != nil {
		return l.Like(word, scopes, kind)
	}
	return nil
}

func (x *lexicon) Near(ctx context.Context, word string, scopes []string) string {
	if l := x.get(ctx); l != nil {
		return l.Near(word, scopes)
	}
	return ""
}
