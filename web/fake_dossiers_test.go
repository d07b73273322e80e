package web

import (
	"context"
	"fmt"
	"slices"

	"guidang/pipeline"
	"guidang/pipeline/dossier"
	"guidang/pipeline/ledger"
)

// fakeDossiers is what the fake archive has of customers: rights by name, and what
// was said is remembered.
type fakeDossiers struct {
	cards     []*pipeline.Card
	doubts    []pipeline.Doubt
	proposals []dossier.Proposal
	said      []pipeline.Saying
	taken     []*ledger.Customer
}

func (f *fakeDossiers) Customers(_ context.Context, scopes []string) ([]pipeline.CustomerView, error) {
	var out []pipeline.CustomerView
	for _, c := range f.cards {
		if scopes == nil || slices.Contains(scopes, pipeline.CustomerScope(c.Name)) {
			out = append(out, c.CustomerView)
		}
	}
	return out, nil
}

func (f *fakeDossiers) Projects(ctx context.Context, customer string, scopes []string) ([]pipeline.ProjectView, error) {
	all, err := f.Customers(ctx, scopes)
	var out []pipeline.ProjectView
	for _, c := range all {
		if customer == "" || c.Name == customer {
			out = append(out, c.Projects...)
		}
	}
	return out, err
}

func (f *fakeDossiers) Card(_ context.Context, name string, scopes []string) (*pipeline.Card, error) {
	for _, c := range f.cards {
		if c.Name == name && (scopes == nil || slices.Contains(scopes, pipeline.CustomerScope(name))) {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", name, ledger.ErrNotFound)
}

func (f *fakeDossiers) ProjectCard(ctx context.Context, key string, scopes []string) (*pipeline.ProjectCard, error) {
	all, err := f.Projects(ctx, "", scopes)
	for _, p := range all {
		if p.Key == key {
			card := &pipeline.ProjectCard{ProjectView: p}
			for _, c := range f.cards {
				if c.Name == p.Customer {
					card.Promised, card.Actions = c.Promised, c.Actions
				}
			}
			return card, err
		}
	}
	return nil, fmt.Errorf("%s: %w", key, ledger.ErrNotFound)
}

func (f *fakeDossiers) Doubts(context.Context) (int64, error) { return int64(len(f.doubts)), nil }

func (f *fakeDossiers) Queue(_ context.Context, after string, limit int) ([]pipeline.Doubt, string, error) {
	list := f.doubts
	if after != "" {
		i := slices.IndexFunc(list, func(d pipeline.Doubt) bool { return d.Document == after })
		list = list[i+1:]
	}
	return list[:min(len(list), limit)], "", nil
}

func (f *fakeDossiers) Say(_ context.Context, s pipeline.Saying) (*pipeline.Said, error) {
	f.said = append(f.said, s)
	return &pipeline.Said{Documents: max(len(s.Documents), 1)}, nil
}

func (f *fakeDossiers) ProposeCustomers(context.Context) ([]dossier.Proposal, error) {
	return f.proposals, nil
}

func (f *fakeDossiers) AddCustomer(_ context.Context, c *ledger.Customer, _ []ledger.Project) (*pipeline.Import, error) {
	f.taken = append(f.taken, c)
	return &pipeline.Import{Report: &dossier.Report{}}, nil
}
