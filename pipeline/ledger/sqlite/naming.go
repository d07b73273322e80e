package sqlite

import (
	"context"

	"guidang/pipeline/ledger"
)

// EachNamed implements ledger.Naming.
func (l *Ledger) EachNamed(ctx context.Context, fn func(*ledger.Located) error) error {
	return each(ctx, l.read, func(row scanner) error {
		var f ledger.Located
		var sum []byte
		var modified int64
		c, i := &f.Content, &f.Item
		if err := row.Scan(&c.ID, &sum, &c.Canonical, &c.Kind, &c.Title, &c.Date, &c.Tags, &c.Terms, &c.People, &c.Then,
			&i.ID, &i.Source, &i.Locator, &i.Name, &modified); err != nil {
			return err
		}
		copy(c.Sum[:], sum)
		i.Modified = fromNanos(modified)
		return fn(&f)
	}, `SELECT c.id, c.sum, c.canonical, c.kind, c.title, c.date, c.tags, c.terms, c.people, c.then_state, i.id, i.source, i.locator, i.name, i.modified
		FROM contents c JOIN items i ON i.content=c.id AND i.content<>0
		WHERE c.revision>0 AND c.then_state<>'part-of' AND i.shown=0 ORDER BY c.id, i.source, i.locator, i.version`)
}
