package pipeline

import (
	"context"
	"slices"
	"strings"

	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// Belongs is whose a document is, as pages and `show` give it.
type Belongs struct {
	Customer   string            `json:"customer"`
	Project    string            `json:"project,omitempty"` // its key
	Standing   ledger.Standing   `json:"standing"`
	Confidence float64           `json:"confidence"`
	Evidence   []ledger.Evidence `json:"evidence,omitempty"`
}

func belongs(list []ledger.Belonging) []Belongs {
	var out []Belongs
	for _, b := range list {
		out = append(out, Belongs{b.Name, b.Key, b.Standing, float64(b.Confidence) / 1000, b.Evidence})
	}
	return out
}

// owners are the customers and projects that a document is made part of, each
// once, the firmest first.
func owners(list []ledger.Belonging) (customers, projects []string) {
	for _, b := range list {
		if b.Standing == ledger.Doubtful {
			continue
		}
		if !slices.Contains(customers, b.Name) {
			customers = append(customers, b.Name)
		}
		if b.Key != "" && !slices.Contains(projects, b.Key) {
			projects = append(projects, b.Key)
		}
	}
	return customers, projects
}

// CustomerScope and ProjectScope are the rights that are needed to see what
// belongs to one, wherever it was found.
func CustomerScope(name string) string { return "customer:" + name }

// ProjectScope is that of a project.
func ProjectScope(key string) string { return "project:" + key }

// setOwners fills in an index entry whose it is.
func setOwners(e *index.Entry, list []ledger.Belonging) {
	e.Customer, e.Project = owners(list)
	for _, c := range e.Customer {
		e.Scopes = append(e.Scopes, CustomerScope(c))
	}
	for _, p := range e.Project {
		e.Scopes = append(e.Scopes, ProjectScope(p))
	}
}

// granted says whether scopes allow a document for whose it is.
func granted(scopes []string, list []ledger.Belonging) bool {
	customers, projects := owners(list)
	return slices.ContainsFunc(customers, func(c string) bool { return slices.Contains(scopes, CustomerScope(c)) }) ||
		slices.ContainsFunc(projects, func(p string) bool { return slices.Contains(scopes, ProjectScope(p)) })
}

// visibleItems are the places of a content that somebody with the given scopes
// sees: those of his sources; the canonical one where he may see what belongs to
// its customer or project; none otherwise.
func (a *Archive) visibleItems(ctx context.Context, c *ledger.Content, items []*ledger.Item, scopes []string) ([]*ledger.Item, error) {
	if scopes == nil || len(items) == 0 {
		return items, nil
	}
	var out []*ledger.Item
	for _, i := range items {
		if allowed(scopes, i.Source) {
			out = append(out, i)
		}
	}
	if len(out) > 0 || !slices.ContainsFunc(scopes, ofDossier) {
		return out, nil
	}
	list, err := a.ledger.Assigned(ctx, []int64{c.ID})
	if err != nil || !granted(scopes, list[c.ID]) {
		return nil, err
	}
	return items[:1], nil
}

func ofDossier(scope string) bool {
	return strings.HasPrefix(scope, CustomerScope("")) || strings.HasPrefix(scope, ProjectScope(""))
}

// firstOwner is the firmest customer of a document with its project.
func firstOwner(list []ledger.Belonging) (customer, project string) {
	for _, b := range list {
		if b.Standing != ledger.Doubtful {
			return b.Name, b.Key
		}
	}
	return "", ""
}

// named lets a search find customers by aliases and projects by contracts: what
// the request and its operators name is joined by what it is called in the index,
// where any of several will do.
func (a *Archive) named(ctx context.Context, q *index.Request) error {
	asked := index.Parse(q.Text).Narrow
	wantCustomers, wantProjects := slices.Concat(q.Customers, asked.Customers), slices.Concat(q.Projects, asked.Projects)
	if len(wantCustomers)+len(wantProjects) == 0 {
		return nil
	}
	customers, err := a.ledger.Customers(ctx)
	if err != nil {
		return err
	}
	projects, err := a.ledger.Projects(ctx)
	if err != nil {
		return err
	}
	for _, c := range customers {
		if v := (&CustomerView{Customer: c}); slices.ContainsFunc(wantCustomers, v.is) && !slices.Contains(q.Customers, c.Name) {
			q.Customers = append(slices.Clone(q.Customers), c.Name)
		}
	}
	for _, p := range projects {
		if v := (&ProjectView{Project: p}); slices.ContainsFunc(wantProjects, v.is) && !slices.Contains(q.Projects, p.Key) {
			q.Projects = append(slices.Clone(q.Projects), p.Key)
		}
	}
	return nil
}
