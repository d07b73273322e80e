package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"guidang/pipeline/ledger"
)

// EachBasis implements ledger.Ledger.
func (l *Ledger) EachBasis(ctx context.Context, fn func(*ledger.Basis) error) error {
	return each(ctx, l.read, func(row scanner) error {
		var b ledger.Basis
		var sum []byte
		err := row.Scan(&b.ID, &sum, &b.Kind, &b.Title, &b.Date, &b.People, &b.Made, &b.Thread, &b.Findable)
		if err != nil {
			return err
		}
		copy(b.Sum[:], sum)
		return fn(&b)
	}, `SELECT c.id, c.sum, c.kind, c.title, c.date, c.people, c.fingerprint||' '||c.transcript||' '||c.minutes, COALESCE(m.thread, 0), c.revision>0
		FROM contents c LEFT JOIN mails m ON m.content=c.id WHERE `+assignable+` ORDER BY c.sum`)
}

// EachSpot implements ledger.Ledger.
func (l *Ledger) EachSpot(ctx context.Context, fn func(*ledger.Spot) error) error {
	return each(ctx, l.read, func(row scanner) error {
		var s ledger.Spot
		if err := row.Scan(&s.Content, &s.Item, &s.Source, &s.Locator, &s.Name, &s.Parent, &s.Gone); err != nil {
			return err
		}
		return fn(&s)
	}, `SELECT content, id, source, locator, name, within, gone FROM items WHERE content<>0 AND shown=0 ORDER BY source, locator, version`)
}

// EachFeatures implements ledger.Ledger.
func (l *Ledger) EachFeatures(ctx context.Context, fn func(*ledger.Features) error) error {
	return each(ctx, l.read, func(row scanner) error {
		var f ledger.Features
		if err := row.Scan(&f.Content, &f.Made, &f.Words, &f.Found); err != nil {
			return err
		}
		return fn(&f)
	}, `SELECT content, made, words, found FROM features`)
}

// SetFeatures implements ledger.Tx.
func (t *tx) SetFeatures(f *ledger.Features) error {
	_, err := t.exec(`INSERT INTO features (content, made, words, found) VALUES ($1, $2, $3, $4)
		ON CONFLICT (content) DO UPDATE SET made=excluded.made, words=excluded.words, found=excluded.found`, f.Content, f.Made, f.Words, f.Found)
	return err
}

// KeepFeatures implements ledger.Tx.
func (t *tx) KeepFeatures(contents []int64, words string) error {
	list, err := json.Marshal(contents)
	if err == nil {
		_, err = t.exec(`UPDATE features SET words=$1 WHERE content IN (SELECT value FROM json_each($2))`, words, string(list))
	}
	return err
}

// LookedFor implements ledger.Ledger.
func (l *Ledger) LookedFor(ctx context.Context) (words []string, err error) {
	var list string
	err = l.read.QueryRowContext(ctx, `SELECT value FROM ledger WHERE key='looked_for'`).Scan(&list)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(list), &words)
	}
	return words, err
}

// SetLookedFor implements ledger.Tx.
func (t *tx) SetLookedFor(words []string) error {
	list, err := json.Marshal(words)
	if err != nil {
		return err
	}
	return t.set("looked_for", string(list))
}

// LastEvent implements ledger.Ledger.
func (l *Ledger) LastEvent(ctx context.Context) (n int64, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM events`).Scan(&n)
	return n, err
}

// AssignedAt implements ledger.Ledger.
func (l *Ledger) AssignedAt(ctx context.Context) (mark string, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT value FROM ledger WHERE key='assigned'`).Scan(&mark)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return mark, err
}

// SetAssignedAt implements ledger.Tx.
func (t *tx) SetAssignedAt(mark string) error { return t.set("assigned", mark) }
