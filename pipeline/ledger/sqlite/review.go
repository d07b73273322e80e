package sqlite

import (
	"context"

	"guidang/pipeline/ledger"
)

// Confirmations implements ledger.Ledger.
func (l *Ledger) Confirmations(ctx context.Context) ([]ledger.Confirmation, error) {
	var out []ledger.Confirmation
	err := each(ctx, l.read, func(row scanner) error {
		var c ledger.Confirmation
		var at int64
		err := row.Scan(&c.ID, &c.Finding, &c.Quarter, &c.Decision, &c.Who, &c.Note, &c.About, &at)
		c.At = fromMillis(at)
		out = append(out, c)
		return err
	}, `SELECT id, finding, quarter, decision, who, note, about, at FROM confirmations ORDER BY id`)
	return out, err
}

// Tellings implements ledger.Ledger.
func (l *Ledger) Tellings(ctx context.Context, quarter string) ([]ledger.Telling, error) {
	var out []ledger.Telling
	err := each(ctx, l.read, func(row scanner) error {
		var t ledger.Telling
		var at int64
		err := row.Scan(&t.Finding, &t.Quarter, &t.Who, &t.Way, &at)
		t.At = fromMillis(at)
		out = append(out, t)
		return err
	}, `SELECT finding, quarter, who, way, at FROM tellings WHERE quarter = $1 ORDER BY id`, quarter)
	return out, err
}

// AddTelling implements ledger.Tx.
func (t *tx) AddTelling(one *ledger.Telling) error {
	_, err := t.tx.ExecContext(t.ctx, `INSERT INTO tellings (finding, quarter, who, way, at) VALUES ($1, $2, $3, $4, $5)`, one.Finding, one.Quarter, one.Who, one.Way, toMillis(one.At))
	return err
}

// Commits implements ledger.Ledger.
func (l *Ledger) Commits() int64 { return l.done.Load() }

// AddConfirmation implements ledger.Tx.
func (t *tx) AddConfirmation(c *ledger.Confirmation) error {
	return t.tx.QueryRowContext(t.ctx, `INSERT INTO confirmations (finding, quarter, decision, who, note, about, at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		c.Finding, c.Quarter, c.Decision, c.Who, c.Note, c.About, toMillis(c.At)).Scan(&c.ID)
}
