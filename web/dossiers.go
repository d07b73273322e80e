package web

import (
	"context"

	"guidang/pipeline"
	"guidang/pipeline/dossier"
	"guidang/pipeline/ledger"
)

// Dossiers is what the pages of customers, projects and doubts need of an
// archive. What lies outside the scopes is ledger.ErrNotFound.
type Dossiers interface {
	// Customers lists customers with their projects, by name.
	Customers(ctx context.Context, scopes []string) ([]pipeline.CustomerView, error)
	// Projects lists a customer's projects, or all.
	Projects(ctx context.Context, customer string, scopes []string) ([]pipeline.ProjectView, error)
	// Card and ProjectCard are everything about one beside its documents.
	Card(ctx context.Context, name string, scopes []string) (*pipeline.Card, error)
	ProjectCard(ctx context.Context, key string, scopes []string) (*pipeline.ProjectCard, error)
	// Doubts counts the documents that a person is asked about; Queue gives some.
	Doubts(ctx context.Context) (int64, error)
	Queue(ctx context.Context, after string, limit int) (doubts []pipeline.Doubt, next string, err error)
	// Say keeps a person's word.
	Say(ctx context.Context, s pipeline.Saying) (*pipeline.Said, error)
	// ProposeCustomers finds customers that no list names; AddCustomer takes one.
	ProposeCustomers(ctx context.Context) ([]dossier.Proposal, error)
	AddCustomer(ctx context.Context, c *ledger.Customer, projects []ledger.Project) (*pipeline.Import, error)
}
