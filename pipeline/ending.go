package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
	"guidang/pipeline/ledger"
)

// Ending is a contract with the day on which it ends or is renewed.
type Ending struct {
	Document string        `json:"document"`
	Title    string        `json:"title"`
	Type     document.Type `json:"type"`
	Ends     string        `json:"ends,omitempty"`   // YYYY-MM-DD
	Renews   string        `json:"renews,omitempty"` // YYYY-MM-DD
}

// Day is the one that a person has to know.
func (e *Ending) Day() string { return cmp.Or(e.Renews, e.Ends) }

// endings are the contracts of a dossier that say when they end, the latest first.
func (a *Archive) endings(ctx context.Context, of ledger.OfDossier) ([]Ending, error) {
	out := []Ending{}
	last := int64(0)
	err := a.ledger.Assignments(ctx, of, func(b *ledger.Belonging) error {
		if b.Standing == ledger.Doubtful || b.Content == last {
			return nil
		}
		last = b.Content
		p, err := a.ledger.Paper(ctx, b.Content)
		if errors.Is(err, ledger.ErrNotFound) {
			return nil
		}
		if err != nil || !slices.Contains([]document.Type{document.TypeContract, document.TypeSupplement, document.TypeMaintenance}, p.Type) {
			return err
		}
		var v doctype.Verdict
		if err := json.Unmarshal([]byte(p.Verdict), &v); err != nil {
			return nil //nolint:nilerr // a damaged verdict is made again by the next run
		}
		e := Ending{Type: p.Type, Ends: v.Field(doctype.EndsOn), Renews: v.Field(doctype.RenewsOn)}
		if e.Day() == "" {
			return nil
		}
		c, err := a.ledger.Content(ctx, b.Content)
		if err != nil {
			return err
		}
		i, err := a.ledger.Item(ctx, c.Canonical)
		if err != nil {
			return err
		}
		e.Document, e.Title = c.DocumentID(), titleOf(c, i)
		out = append(out, e)
		return nil
	})
	slices.SortFunc(out, func(x, y Ending) int {
		return cmp.Or(cmp.Compare(y.Day(), x.Day()), cmp.Compare(x.Document, y.Document))
	})
	return out, err
}
