package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"guidang/pipeline/ledger"
)

// Outgoing implements ledger.Ledger.
func (l *Ledger) Outgoing(ctx context.Context, after int64, limit int) ([]ledger.Outgoing, error) {
	var out []ledger.Outgoing
	err := each(ctx, l.read, func(row scanner) error {
		var o ledger.Outgoing
		var kinds string
		c, err := scanContent(row, &o.Seq, &o.Type, &kinds)
		if err == nil {
			o.Content, o.Kinds = *c, strings.Fields(kinds)
			out = append(out, o)
		}
		return err
	}, `SELECT `+prefixed("c", contentColumns)+`, o.seq, COALESCE(p.type, ''), COALESCE(p.kinds, '') FROM outbox o JOIN contents c ON c.id=o.content
		LEFT JOIN papers p ON p.content=c.id WHERE o.seq>$1 ORDER BY o.seq LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	for n := range out {
		if err := l.locate(ctx, &out[n]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// locate fills in where an outgoing content was found.
func (l *Ledger) locate(ctx context.Context, o *ledger.Outgoing) error {
	rows, err := l.asks["places"].QueryContext(ctx, o.Content.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		i, err := scanItem(rows)
		if err != nil {
			return err
		}
		if i.ID == o.Content.Canonical {
			o.Item = *i
		}
		if !i.Shown {
			o.Items = append(o.Items, ledger.Place{Source: i.Source, Locator: i.Locator})
		}
	}
	return rows.Err()
}

// EachFindable implements ledger.Ledger.
func (l *Ledger) EachFindable(ctx context.Context, fn func(ledger.Outgoing) error) error {
	return each(ctx, l.read, func(row scanner) error {
		var o ledger.Outgoing
		var kinds string
		c, err := scanContent(row, &o.Type, &kinds)
		if err != nil {
			return err
		}
		o.Content, o.Kinds = *c, strings.Fields(kinds)
		if err := l.locate(ctx, &o); err != nil {
			return err
		}
		return fn(o)
	}, `SELECT `+prefixed("c", contentColumns)+`, COALESCE(p.type, ''), COALESCE(p.kinds, '') FROM contents c LEFT JOIN papers p ON p.content=c.id WHERE c.revision>0 ORDER BY c.id`)
}

// Acknowledge implements ledger.Tx.
func (t *tx) Acknowledge(generation string, acks []ledger.Ack) error {
	if have, err := t.Generation(); err != nil {
		return err
	} else if have != generation {
		if err := t.set("generation", generation); err != nil {
			return err
		}
	}
	for _, a := range acks {
		if _, err := t.stmt("acked").ExecContext(t.ctx, a.Seq); err != nil {
			return err
		}
		if _, err := t.stmt("ack").ExecContext(t.ctx, a.Revision, a.Passages, a.Seq, a.Content); err != nil {
			return err
		}
		var item int64
		var then, state ledger.State
		var thenReason, reason string
		err := t.stmt("final").QueryRowContext(t.ctx, a.Content, a.Revision).Scan(&item, &then, &thenReason, &state, &reason)
		if errors.Is(err, sql.ErrNoRows) {
			continue // a newer revision is on its way; its acknowledgement will bring the state
		}
		if err != nil {
			return err
		}
		if state == then && reason == thenReason {
			continue
		}
		if _, err := t.stmt("setState").ExecContext(t.ctx, string(then), thenReason, item); err != nil {
			return err
		}
		if err := t.event(item, then, thenReason); err != nil {
			return err
		}
	}
	return nil
}

// Reacknowledge implements ledger.Tx. The acknowledged numbers are below every
// number to come, so a replay from the new index's mark sends nothing twice.
func (t *tx) Reacknowledge(generation string, acks []ledger.Ack) error {
	if err := t.set("generation", generation); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE contents SET indexed=0, acked_seq=0 WHERE revision>0`); err != nil {
		return err
	}
	for _, a := range acks {
		if _, err := t.exec(`UPDATE contents SET indexed=$1, stale=$2 WHERE id=$3`, a.Revision, a.Passages, a.Content); err != nil {
			return err
		}
	}
	_, err := t.exec(`INSERT INTO outbox (content) SELECT id FROM contents WHERE revision>indexed AND id NOT IN (SELECT content FROM outbox) ORDER BY id`)
	return err
}

// Generation implements ledger.Tx.
func (t *tx) Generation() (string, error) {
	var g string
	err := t.tx.QueryRowContext(t.ctx, `SELECT value FROM ledger WHERE key='generation'`).Scan(&g)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return g, err
}

func (t *tx) set(key, value string) error {
	_, err := t.exec(`INSERT INTO ledger (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value=excluded.value`, key, value)
	return err
}

// Forget implements ledger.Tx. The items stay in their states: that the index
// lags is told by Counts.Outgoing.
func (t *tx) Forget(generation string, afterSeq int64) (int64, error) {
	if have, err := t.Generation(); err != nil {
		return 0, err
	} else if have != generation {
		if err := t.set("generation", generation); err != nil {
			return 0, err
		}
	}
	res, err := t.exec(`INSERT INTO outbox (content) SELECT id FROM contents WHERE revision>0 AND acked_seq>$1 AND id NOT IN (SELECT content FROM outbox) ORDER BY acked_seq, id`, afterSeq)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
