package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/dossier"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/review"
)

// CustomerView is a customer as lists show it.
type CustomerView struct {
	*ledger.Customer

	Documents int64         `json:"documents"`
	Projects  []ProjectView `json:"projects,omitempty"`
}

// ProjectView is a project as lists show it.
type ProjectView struct {
	*ledger.Project

	Documents int64 `json:"documents"`
}

// Customers lists all customers that somebody with the given scopes may see, by
// name, with their projects.
func (a *Archive) Customers(ctx context.Context, scopes []string) ([]CustomerView, error) {
	customers, err := a.ledger.Customers(ctx)
	if err != nil {
		return nil, err
	}
	projects, err := a.ledger.Projects(ctx)
	if err != nil {
		return nil, err
	}
	byCustomer, byProject, err := a.ledger.DossierCounts(ctx)
	if err != nil {
		return nil, err
	}
	var out []CustomerView
	for _, c := range customers {
		v := CustomerView{Customer: c, Documents: byCustomer[c.ID]}
		all := scopes == nil || slices.Contains(scopes, CustomerScope(c.Name))
		for _, p := range projects {
			if p.CustomerID == c.ID && (all || slices.Contains(scopes, ProjectScope(p.Key))) {
				v.Projects = append(v.Projects, ProjectView{p, byProject[p.ID]})
			}
		}
		if !all {
			v.Documents = 0 // how many there are is not theirs to know
			if len(v.Projects) == 0 {
				continue
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// Projects lists the projects of a customer, or all.
func (a *Archive) Projects(ctx context.Context, customer string, scopes []string) ([]ProjectView, error) {
	all, err := a.Customers(ctx, scopes)
	if err != nil {
		return nil, err
	}
	out := []ProjectView{}
	for _, c := range all {
		if customer == "" || c.is(customer) {
			out = append(out, c.Projects...)
		}
	}
	slices.SortFunc(out, func(x, y ProjectView) int { return strings.Compare(x.Key, y.Key) })
	return out, nil
}

// is says that a customer is called so: by its name or an alias.
func (v *CustomerView) is(name string) bool {
	return strings.EqualFold(v.Name, name) || slices.ContainsFunc(v.Aliases, func(a string) bool { return strings.EqualFold(a, name) })
}

// is says that a project is called so: by its number or one of its contracts.
func (v *ProjectView) is(key string) bool {
	return strings.EqualFold(v.Key, key) || strings.EqualFold(v.Number, key) || slices.ContainsFunc(v.Contracts, func(c string) bool { return strings.EqualFold(c, key) })
}

// Customer finds a customer by name or alias.
func (a *Archive) Customer(ctx context.Context, name string, scopes []string) (*CustomerView, error) {
	all, err := a.Customers(ctx, scopes)
	if err != nil {
		return nil, err
	}
	if v := first(all, func(v *CustomerView) bool { return v.Name == name }, func(v *CustomerView) bool { return v.is(name) }); v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("customer %s: %w", name, ledger.ErrNotFound)
}

// first finds what passes the first of some tests that anything passes.
func first[T any](all []T, tests ...func(*T) bool) *T {
	for _, test := range tests {
		for i := range all {
			if test(&all[i]) {
				return &all[i]
			}
		}
	}
	return nil
}

// Project finds a project by key, number or contract.
func (a *Archive) Project(ctx context.Context, key string, scopes []string) (*ProjectView, error) {
	all, err := a.Projects(ctx, "", scopes)
	if err != nil {
		return nil, err
	}
	if v := keyed(all, key); v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("project %s: %w", key, ledger.ErrNotFound)
}

// keyed finds a project by its key, else by its number or a contract.
func keyed(all []ProjectView, key string) *ProjectView {
	return first(all, func(v *ProjectView) bool { return v.Key == key }, func(v *ProjectView) bool { return v.is(key) })
}

// Card is everything about a customer that its page shows beside its documents.
type Card struct {
	CustomerView

	People   []*ledger.Person `json:"people"`
	Promised []Promise        `json:"promised"` // decisions of its meetings, newest first
	Actions  []ActionView     `json:"-"`
	Ending   []Ending         `json:"ending"`   // contracts by the day on which they end
	Doubtful int              `json:"doubtful"` // documents that may be its
}

// Promise is a decision of a meeting.
type Promise struct {
	Text     string `json:"text"`
	Evidence []int  `json:"evidence,omitempty"`
	Document string `json:"document"`
	Meeting  string `json:"meeting"`
	Date     string `json:"date"`
}

// Card gives a customer's card.
func (a *Archive) Card(ctx context.Context, name string, scopes []string) (*Card, error) {
	v, err := a.Customer(ctx, name, scopes)
	if err != nil {
		return nil, err
	}
	c := &Card{CustomerView: *v}
	if c.People, err = a.ledger.People(ctx, v.ID); err != nil {
		return nil, err
	}
	if c.Promised, c.Actions, err = a.agreed(ctx, ledger.OfDossier{Customer: v.ID}, scopes); err != nil {
		return nil, err
	}
	if c.Ending, err = a.endings(ctx, ledger.OfDossier{Customer: v.ID}); err != nil {
		return nil, err
	}
	last := int64(0)
	err = a.ledger.Assignments(ctx, ledger.OfDossier{Customer: v.ID, Standing: ledger.Doubtful}, func(b *ledger.Belonging) error {
		if b.Content != last {
			c.Doubtful++
		}
		last = b.Content
		return nil
	})
	return c, err
}

// ProjectCard is everything about a project that its page shows beside its
// documents.
type ProjectCard struct {
	ProjectView

	Promised []Promise      `json:"promised"`
	Actions  []ActionView   `json:"-"`
	Ending   []Ending       `json:"ending"`
	ByKind   map[string]int `json:"by_kind"`

	Required []review.Required `json:"required"` // documents that it must have, and how they stand
	Bare     []BareItem        `json:"without_content"`
}

// ProjectCard gives a project's card.
func (a *Archive) ProjectCard(ctx context.Context, key string, scopes []string) (*ProjectCard, error) {
	v, err := a.Project(ctx, key, scopes)
	if err != nil {
		return nil, err
	}
	c := &ProjectCard{ProjectView: *v, ByKind: map[string]int{}}
	if c.Promised, c.Actions, err = a.agreed(ctx, ledger.OfDossier{Project: v.ID}, scopes); err != nil {
		return nil, err
	}
	if c.Ending, err = a.endings(ctx, ledger.OfDossier{Project: v.ID}); err != nil {
		return nil, err
	}
	err = a.ledger.Assignments(ctx, ledger.OfDossier{Project: v.ID}, func(b *ledger.Belonging) error {
		if b.Standing == ledger.Doubtful {
			return nil
		}
		content, err := a.ledger.Content(ctx, b.Content)
		if err == nil {
			c.ByKind[cmp.Or(string(content.Kind), string(document.KindOther))]++
		}
		return err
	})
	if err == nil {
		c.Required, err = a.Requirements(ctx, v.Project, scopes)
	}
	if err == nil {
		c.Bare, err = a.bareItems(ctx, ledger.OfDossier{Project: v.ID}, scopes)
	}
	return c, err
}

// agreed is what was decided and is to be done in the meetings of a dossier.
func (a *Archive) agreed(ctx context.Context, of ledger.OfDossier, scopes []string) ([]Promise, []ActionView, error) {
	theirs := map[int64]bool{}
	err := a.ledger.Assignments(ctx, of, func(b *ledger.Belonging) error {
		theirs[b.Content] = theirs[b.Content] || b.Standing != ledger.Doubtful
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	done, err := a.allMarks(ctx)
	if err != nil {
		return nil, nil, err
	}
	promised, actions := []Promise{}, []ActionView{}
	err = a.eachMinutes(ctx, scopes, func(c *ledger.Content, m *minutes.Minutes) {
		if !theirs[c.ID] {
			return
		}
		for _, d := range m.Decisions {
			promised = append(promised, Promise{d.Text, d.Evidence, c.DocumentID(), m.Title, m.Date})
		}
		actions = append(actions, done[c.ID].actions(m, c)...)
	})
	slices.SortStableFunc(promised, func(x, y Promise) int {
		return cmp.Or(cmp.Compare(y.Date, x.Date), cmp.Compare(x.Document, y.Document))
	})
	sortActions(actions)
	return promised, actions, err
}

// Import is what bringing in a list came to.
type Import struct {
	*dossier.Report

	Assigned *Assigning `json:"assigned,omitempty"` // nil: nothing was changed
}

// ErrNoList says that a file holds no list of customers.
var ErrNoList = fmt.Errorf("no column for customers and no other that is known beside it")

// ImportCustomers brings an office's list in: a workbook or a table of any format
// that is read. Nothing is overwritten unless it is told to; what the list says
// otherwise is reported. Then everything is assigned anew.
func (a *Archive) ImportCustomers(ctx context.Context, path string, overwrite, dry bool) (*Import, error) {
	var docs []*document.Document
	err := Extract(ctx, a.cfg, path, func(d *document.Document) error {
		docs = append(docs, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	list := dossier.ReadList(docs)
	if len(list.Columns) == 0 {
		return nil, fmt.Errorf("%s: %w", path, ErrNoList)
	}
	if err := a.begin(ctx); err != nil {
		return nil, err
	}
	defer a.end()
	out, err := a.merge(ctx, list, ledger.FromList, overwrite, dry)
	if err != nil || dry {
		return out, err
	}
	if err := a.awaitIndex(ctx); err != nil {
		return out, err
	}
	return out, a.assigned(ctx)
}

// AddCustomer enters one customer by hand.
func (a *Archive) AddCustomer(ctx context.Context, c *ledger.Customer, projects []ledger.Project) (*Import, error) {
	list := &dossier.List{Rows: []dossier.Row{{Customer: *c}}}
	for _, p := range projects {
		list.Rows = append(list.Rows, dossier.Row{Customer: ledger.Customer{Name: c.Name}, Project: p})
	}
	if err := a.begin(ctx); err != nil {
		return nil, err
	}
	defer a.end()
	return a.merge(ctx, list, cmp.Or(c.Origin, ledger.ByHand), false, false)
}

// merge brings rows into the ledger and assigns anew if they changed anything.
func (a *Archive) merge(ctx context.Context, list *dossier.List, origin ledger.Origin, overwrite, dry bool) (*Import, error) {
	customers, err := a.ledger.Customers(ctx)
	if err != nil {
		return nil, err
	}
	projects, err := a.ledger.Projects(ctx)
	if err != nil {
		return nil, err
	}
	book := &dossier.Book{Customers: customers, Projects: projects, Overwrite: overwrite, Origin: origin}
	out := &Import{Report: book.Merge(list)}
	changed := false
	err = nil
	if !dry {
		err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
			ids := map[string]int64{}
			for _, c := range book.Customers {
				if book.Changed(c) {
					changed = true
					if err := tx.PutCustomer(c); err != nil {
						return err
					}
				}
				ids[c.Name] = c.ID
			}
			for _, p := range book.Projects {
				if book.Changed(p) {
					changed = true
					p.CustomerID = ids[p.Customer]
					if err := tx.PutProject(p); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	if err != nil || !changed {
		return out, err
	}
	out.Assigned, err = a.assignAll(ctx)
	return out, err
}

// ProposeCustomers finds customers in the archive that no list names.
func (a *Archive) ProposeCustomers(ctx context.Context) ([]dossier.Proposal, error) {
	p := &assignment{a: a, account: &Assigning{}}
	if err := p.load(ctx); err != nil {
		return nil, err
	}
	if err := p.look(ctx); err != nil {
		return nil, err
	}
	proposer := dossier.NewProposer(p.list)
	for i := range p.bases {
		b := &p.bases[i]
		proposer.Add(&dossier.Doc{ID: b.ID, Kind: b.Kind, People: b.People, Places: p.spots[b.ID]}, dossier.ParseFeatures(p.found[b.ID].Found))
	}
	return proposer.Proposals(), nil
}
