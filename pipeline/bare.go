package pipeline

import (
	"context"
	"slices"

	"guidang/pipeline/dossier"
	"guidang/pipeline/ledger"
)

// bare assigns the items that have no content, by their place, and writes what is
// not as it was. No index knows of them; packages and projects do.
func (p *assignment) bare(ctx context.Context) error {
	have := map[int64][]ledger.Assignment{}
	err := p.a.ledger.BareAssignments(ctx, ledger.OfDossier{}, func(item int64, b *ledger.Belonging) error {
		have[item] = append(have[item], b.Assignment)
		return nil
	})
	if err != nil {
		return err
	}
	var changes []reassigned
	err = p.a.ledger.EachBare(ctx, func(s *ledger.Spot) error {
		d := &dossier.Doc{Places: []dossier.Place{{Source: s.Source, Locator: s.Locator, Name: s.Name, Parent: s.Parent}}}
		d.Date, _ = parseDate(dateFromName(s.Name))
		now := p.made.Bare(d)
		p.account.Bare++
		if len(now) > 0 {
			p.account.BareMade++
		}
		was := have[s.Item]
		delete(have, s.Item)
		if !equalAssignments(was, now) {
			changes = append(changes, reassigned{content: s.Item, now: now})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for item := range have { // it has a content by now
		changes = append(changes, reassigned{content: item})
	}
	for some := range slices.Chunk(changes, assignChunk) {
		err := p.a.ledger.Update(ctx, func(tx ledger.Tx) error {
			for _, c := range some {
				if err := tx.SetBareAssignments(c.content, c.now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// bareOf are the items without a content of a customer or project that somebody
// with the given scopes may see.
func (a *Archive) bareOf(ctx context.Context, of ledger.OfDossier, scopes []string) ([]*ledger.Item, error) {
	var ids []int64
	whose := map[int64][]ledger.Belonging{}
	err := a.ledger.BareAssignments(ctx, of, func(item int64, b *ledger.Belonging) error {
		if len(whose[item]) == 0 {
			ids = append(ids, item)
		}
		whose[item] = append(whose[item], *b)
		return nil
	})
	var out []*ledger.Item
	for _, id := range ids {
		if err != nil {
			return nil, err
		}
		var i *ledger.Item
		if i, err = a.ledger.Item(ctx, id); err == nil && (allowed(scopes, i.Source) || granted(scopes, whose[id])) {
			out = append(out, i)
		}
	}
	return out, err
}

// BareItem is an item without a content, as a project's page shows it.
type BareItem struct {
	Name    string       `json:"name"`
	Source  string       `json:"source"`
	Locator string       `json:"locator"`
	State   ledger.State `json:"state"`
	Reason  string       `json:"reason,omitempty"`
	Size    int64        `json:"size"`
}

// bareItems are those of a project that are missed: what a rule skips, and what is
// empty, stands in the account of its package alone.
func (a *Archive) bareItems(ctx context.Context, of ledger.OfDossier, scopes []string) ([]BareItem, error) {
	items, err := a.bareOf(ctx, of, scopes)
	out := []BareItem{}
	for _, i := range items {
		if i.State != ledger.Skipped && i.Content == 0 && !i.Gone {
			out = append(out, BareItem{i.Name, i.Source, i.Locator, i.State, i.Reason, i.Size})
		}
	}
	return out, err
}
