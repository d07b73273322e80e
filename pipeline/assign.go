package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"guidang/pipeline/dossier"
	"guidang/pipeline/ledger"
)

// Assigning is what a pass over all documents for their customers and projects
// came to.
type Assigning struct {
	Documents int     `json:"documents"`                // that rules looked at
	Sure      int     `json:"sure"`                     // assigned by rules
	Confirmed int     `json:"confirmed"`                // by people
	Doubtful  int     `json:"doubtful"`                 // wait for a person
	Without   int     `json:"without"`                  // nothing is said of them
	Changed   int     `json:"changed"`                  // whose assignment is another than before
	Looked    int     `json:"looked"`                   // texts that were looked through, because they or words of the list are new
	Bare      int     `json:"without_content"`          // items that have no content to be judged by
	BareMade  int     `json:"without_content_assigned"` // of them, by their place
	Seconds   float64 `json:"seconds"`
}

const assignChunk = 500 // contents a transaction

// assign is the step of a run: it does nothing when neither the ledger nor the
// list has changed since the last one.
func (a *Archive) assign(ctx context.Context) error {
	basis, event, err := a.assignedPrint(ctx)
	if err != nil || basis == "" {
		return err
	}
	have, err := a.ledger.AssignedAt(ctx)
	if err != nil || have == fmt.Sprintf("%s@%d", basis, event) {
		return err
	}
	_, err = a.assignAll(ctx)
	return err
}

// assigned remembers, at the end of a run, that everything in the ledger has been
// looked at: confirming documents is an event too, so this comes after it.
func (a *Archive) assigned(ctx context.Context) error {
	basis, event, err := a.assignedPrint(ctx)
	if err != nil || basis == "" {
		return err
	}
	mark := fmt.Sprintf("%s@%d", basis, event)
	if have, err := a.ledger.AssignedAt(ctx); err != nil || have == mark {
		return err
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetAssignedAt(mark) })
}

// assignedPrint names what assignments follow from beside the documents: rules,
// list, people's words. Empty: there is no list.
func (a *Archive) assignedPrint(ctx context.Context) (string, int64, error) {
	customers, err := a.ledger.Customers(ctx)
	if err != nil || len(customers) == 0 {
		return "", 0, err
	}
	projects, err := a.ledger.Projects(ctx)
	if err != nil {
		return "", 0, err
	}
	words, err := a.ledger.Words(ctx)
	if err != nil {
		return "", 0, err
	}
	event, err := a.ledger.LastEvent(ctx)
	if err != nil {
		return "", 0, err
	}
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, part := range []any{dossier.Version, customers, projects, len(words)} {
		if err := enc.Encode(part); err != nil {
			return "", 0, err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12]), event, nil
}

// Assign assigns every document anew, without opening a file: by what is kept of
// its text. It waits until the index has followed.
func (a *Archive) Assign(ctx context.Context) (*Assigning, error) {
	if err := a.begin(ctx); err != nil {
		return nil, err
	}
	defer a.end()
	account, err := a.assignAll(ctx)
	if err == nil {
		err = a.awaitIndex(ctx)
	}
	if err == nil {
		err = a.assigned(ctx)
	}
	return account, err
}

// assignAll is one pass. Passes do not overlap: each writes what the one before
// left.
func (a *Archive) assignAll(ctx context.Context) (*Assigning, error) {
	select {
	case a.assigning <- struct{}{}:
		defer func() { <-a.assigning }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	began := time.Now()
	p := &assignment{a: a, account: &Assigning{}}
	for _, step := range []func(context.Context) error{p.load, p.look, p.decide, p.write, p.bare} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("assign: %w", err)
		}
	}
	p.account.Seconds = float64(time.Since(began).Milliseconds()) / 1000
	a.feed.wake()
	return p.account, nil
}

// assignment is one pass.
type assignment struct {
	a       *Archive
	account *Assigning

	list   *dossier.Words
	said   []*ledger.Word
	bases  []ledger.Basis
	spots  map[int64][]dossier.Place
	found  map[int64]*ledger.Features
	made   *dossier.Assigner
	people []*ledger.Person
}

// load reads what the ledger has of everything.
func (p *assignment) load(ctx context.Context) error {
	l := p.a.ledger
	customers, err := l.Customers(ctx)
	if err != nil {
		return err
	}
	projects, err := l.Projects(ctx)
	if err != nil {
		return err
	}
	p.list = dossier.Compile(customers, projects)
	if p.said, err = l.Words(ctx); err != nil {
		return err
	}
	if err := l.EachBasis(ctx, func(b *ledger.Basis) error {
		p.bases = append(p.bases, *b)
		return nil
	}); err != nil {
		return err
	}
	p.spots = make(map[int64][]dossier.Place, len(p.bases))
	if err := l.EachSpot(ctx, func(s *ledger.Spot) error {
		p.spots[s.Content] = append(p.spots[s.Content], dossier.Place{Source: s.Source, Locator: s.Locator, Name: s.Name, Parent: s.Parent})
		return nil
	}); err != nil {
		return err
	}
	p.found = make(map[int64]*ledger.Features, len(p.bases))
	return l.EachFeatures(ctx, func(f *ledger.Features) error {
		p.found[f.Content] = f
		return nil
	})
}

// decide lets the rules say whose everything is.
func (p *assignment) decide(context.Context) error {
	p.made = dossier.NewAssigner(p.list, p.said)
	people := dossier.NewGatherer(p.list)
	for i := range p.bases {
		b := &p.bases[i]
		d := &dossier.Doc{ID: b.ID, Document: b.DocumentID(), Kind: b.Kind, Title: b.Title, Thread: b.Thread, People: b.People, Places: p.spots[b.ID]}
		if d.Date, _ = parseDate(b.Date); d.Date.IsZero() && len(d.Places) > 0 {
			d.Date, _ = parseDate(dateFromName(d.Places[0].Name))
		}
		f := dossier.ParseFeatures(p.found[b.ID].Found)
		p.made.Add(d, f)
		people.Add(d, f)
	}
	p.made.Decide()
	p.people = people.People()
	return nil
}

// write writes what is not as it was, and lets the index follow.
func (p *assignment) write(ctx context.Context) error {
	have := make(map[int64][]ledger.Assignment, len(p.bases))
	err := p.a.ledger.Assignments(ctx, ledger.OfDossier{}, func(b *ledger.Belonging) error {
		have[b.Content] = append(have[b.Content], b.Assignment)
		return nil
	})
	if err != nil {
		return err
	}
	var changes []reassigned
	for i := range p.bases {
		b := &p.bases[i]
		now := p.made.Assignments(b.ID)
		p.count(now)
		was := have[b.ID]
		delete(have, b.ID)
		if !equalAssignments(was, now) {
			changes = append(changes, reassigned{b.ID, now, b.Findable && !equalBelongings(was, now)})
		}
	}
	for content := range have { // what is shown within its parent by now
		changes = append(changes, reassigned{content, nil, false})
	}
	p.account.Changed = len(changes)
	for some := range slices.Chunk(changes, assignChunk) {
		err := p.a.ledger.Update(ctx, func(tx ledger.Tx) error {
			for _, c := range some {
				if err := p.a.setAssignments(tx, c.content, c.now, c.publish); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		p.a.feed.wake()
	}
	return p.a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetPeople(p.people) })
}

// reassigned is a content whose assignments are others than before.
type reassigned struct {
	content int64
	now     []ledger.Assignment
	publish bool // the index has to know
}

func (a *Archive) setAssignments(tx ledger.Tx, content int64, now []ledger.Assignment, publish bool) error {
	if err := tx.SetAssignments(content, now); err != nil || !publish {
		return err
	}
	c, err := tx.Content(content)
	if err != nil || c.Revision == 0 {
		return err
	}
	return tx.Publish(c)
}

func (p *assignment) count(as []ledger.Assignment) {
	p.account.Documents++
	best := ledger.Standing("")
	for _, x := range as {
		switch {
		case x.Standing == ledger.Confirmed, x.Standing == ledger.Sure && best != ledger.Confirmed, best == "":
			best = x.Standing
		}
	}
	switch best {
	case ledger.Confirmed:
		p.account.Confirmed++
	case ledger.Sure:
		p.account.Sure++
	case ledger.Doubtful:
		p.account.Doubtful++
	default:
		p.account.Without++
	}
}

// equalAssignments compares all of them, in any order.
func equalAssignments(a, b []ledger.Assignment) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !slices.ContainsFunc(b, func(x ledger.Assignment) bool {
			return x.Customer == a[i].Customer && x.Project == a[i].Project && x.Standing == a[i].Standing && x.Confidence == a[i].Confidence && slices.Equal(x.Evidence, a[i].Evidence)
		}) {
			return false
		}
	}
	return true
}

// equalBelongings compares what the index knows of them.
func equalBelongings(a, b []ledger.Assignment) bool {
	made := func(in []ledger.Assignment) (out [][2]int64) {
		for _, x := range in {
			if key := [2]int64{x.Customer, x.Project}; x.Standing != ledger.Doubtful && !slices.Contains(out, key) {
				out = append(out, key)
			}
		}
		slices.SortFunc(out, func(x, y [2]int64) int { return slices.Compare(x[:], y[:]) })
		return out
	}
	return slices.Equal(made(a), made(b))
}
