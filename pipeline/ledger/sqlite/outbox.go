package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

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
	return out, l.locate(ctx, out)
}

// locate fills in where outgoing contents were found.
func (l *Ledger) locate(ctx context.Context, some []ledger.Outgoing) error {
	at := make(map[int64]*ledger.Outgoing, len(some))
	ids := make([]int64, len(some))
	for n := range some {
		ids[n] = some[n].Content.ID
		at[ids[n]] = &some[n]
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := l.asks["places"].QueryContext(ctx, string(list))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		i, err := scanItem(rows)
		if err != nil {
			return err
		}
		o := at[i.Content]
		if i.ID == o.Content.Canonical {
			o.Item = *i
		}
		if !i.Shown {
			o.Items = append(o.Items, ledger.Place{Source: i.Source, Locator: i.Locator})
		}
	}
	return rows.Err()
}

const locatedAtOnce = 200

// EachFindable implements ledger.Ledger.
func (l *Ledger) EachFindable(ctx context.Context, fn func(ledger.Outgoing) error) error {
	var some []ledger.Outgoing
	tell := func() error {
		if err := l.locate(ctx, some); err != nil {
			return err
		}
		for _, o := range some {
			if err := fn(o); err != nil {
				return err
			}
		}
		some = some[:0]
		return nil
	}
	err := each(ctx, l.read, func(row scanner) error {
		var o ledger.Outgoing
		var kinds string
		c, err := scanContent(row, &o.Type, &kinds)
		if err != nil {
			return err
		}
		o.Content, o.Kinds = *c, strings.Fields(kinds)
		if some = append(some, o); len(some) < locatedAtOnce {
			return nil
		}
		return tell()
	}, `SELECT `+prefixed("c", contentColumns)+`, COALESCE(p.type, ''), COALESCE(p.kinds, '') FROM contents c LEFT JOIN papers p ON p.content=c.id WHERE c.revision>0 ORDER BY c.id`)
	if err != nil {
		return err
	}
	return tell()
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
	type four [4]int64
	some := make([]four, len(acks))
	for n, a := range acks {
		some[n] = four{a.Content, a.Revision, int64(a.Passages), a.Seq}
	}
	list, err := json.Marshal(some)
	if err != nil {
		return err
	}
	for _, query := range acknowledging {
		if _, err := t.exec(query, string(list), t.l.run.Load(), time.Now().UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// acknowledging takes a list of [content, revision, passages, number in the
// outbox], the run and the time. One by one, each acknowledgement took five
// statements.
//
// A content with a newer revision on its way changes no state: that one's
// acknowledgement will.
var acknowledging = []string{
	`DELETE FROM outbox WHERE seq IN (SELECT value->>3 FROM json_each($1))`,
	`UPDATE contents SET indexed=a.revision, stale=a.passages, acked_seq=a.seq FROM ` + acked + ` WHERE id=a.content`,
	`INSERT INTO events (item, run, at, state, reason) SELECT i.id, $2, $3, c.then_state, c.then_reason FROM ` + acked + final + ` ORDER BY a.seq`,
	`UPDATE items SET (state, reason)=(SELECT then_state, then_reason FROM contents WHERE id=items.content) WHERE id IN (SELECT i.id FROM ` + acked + final + `)`,
}

const acked = `(SELECT value->>0 AS content, value->>1 AS revision, value->>2 AS passages, value->>3 AS seq FROM json_each($1)) a`

// final joins the items to acknowledged contents that are not yet in the state
// that they then are in. CROSS JOIN says in which order: SQLite would go through
// all items first.
const final = ` CROSS JOIN contents c ON c.id=a.content AND c.revision=a.revision CROSS JOIN items i ON i.id=c.canonical
	WHERE i.todo=0 AND (i.state<>c.then_state OR i.reason<>c.then_reason)`

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
