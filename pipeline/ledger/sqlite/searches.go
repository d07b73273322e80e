package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"guidang/pipeline/ledger"
)

const savedColumns = `id, owner, name, address, request, scopes, token, created`

func scanSaved(row scanner) (*ledger.Saved, error) {
	var s ledger.Saved
	var created int64
	err := row.Scan(&s.ID, &s.Owner, &s.Name, &s.Address, &s.Request, &s.Scopes, &s.Token, &created)
	s.Created = time.UnixMilli(created)
	return &s, err
}

func (l *Ledger) saved(ctx context.Context, where string, args ...any) (out []*ledger.Saved, err error) {
	err = each(ctx, l.read, func(row scanner) error {
		s, err := scanSaved(row)
		out = append(out, s)
		return err
	}, `SELECT `+savedColumns+` FROM searches WHERE `+where, args...)
	return out, err
}

// SavedSearches implements ledger.Searches.
func (l *Ledger) SavedSearches(ctx context.Context, owner string) ([]*ledger.Saved, error) {
	return l.saved(ctx, `owner=$1 ORDER BY id`, owner)
}

// SavedSearch implements ledger.Searches.
func (l *Ledger) SavedSearch(ctx context.Context, token string) (*ledger.Saved, error) {
	found, err := l.saved(ctx, `token=$1`, token)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ledger.ErrNotFound
	}
	return found[0], nil
}

// SavedHits implements ledger.Searches.
func (l *Ledger) SavedHits(ctx context.Context, search int64, limit int) (out []ledger.SavedHit, err error) {
	err = each(ctx, l.read, func(row scanner) error {
		var h ledger.SavedHit
		var since int64
		err := row.Scan(&h.Document, &since)
		h.Since = time.UnixMilli(since)
		out = append(out, h)
		return err
	}, `SELECT document, since FROM search_hits WHERE search=$1 AND since>0 ORDER BY since DESC, document LIMIT $2`, search, limit)
	return out, err
}

// UnseenBy implements ledger.Searches.
func (l *Ledger) UnseenBy(ctx context.Context, search int64, documents []string) (out []string, err error) {
	if len(documents) == 0 { // json_each of null is a row
		return nil, nil
	}
	list, err := json.Marshal(documents)
	if err != nil {
		return nil, err
	}
	err = each(ctx, l.read, func(row scanner) error {
		var d string
		err := row.Scan(&d)
		out = append(out, d)
		return err
	}, `SELECT value FROM json_each($1) WHERE value NOT IN (SELECT document FROM search_hits WHERE search=$2)`, string(list), search)
	return out, err
}

// SaveSearch implements ledger.SearchesTx.
func (t *tx) SaveSearch(s *ledger.Saved) error {
	return t.tx.QueryRowContext(t.ctx, `INSERT INTO searches (owner, name, address, request, scopes, token, created) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		s.Owner, s.Name, s.Address, s.Request, s.Scopes, s.Token, s.Created.UnixMilli()).Scan(&s.ID)
}

// DropSearch implements ledger.SearchesTx.
func (t *tx) DropSearch(owner string, id int64) error {
	done, err := t.exec(`DELETE FROM searches WHERE id=$1 AND owner=$2`, id, owner)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		if err == nil {
			err = ledger.ErrNotFound
		}
		return err
	}
	_, err = t.exec(`DELETE FROM search_hits WHERE search=$1`, id)
	return err
}

// FoundBy implements ledger.SearchesTx.
func (t *tx) FoundBy(search int64, documents []string, since time.Time) error {
	if len(documents) == 0 {
		return nil
	}
	list, err := json.Marshal(documents)
	if err != nil {
		return err
	}
	at := int64(0)
	if !since.IsZero() {
		at = since.UnixMilli()
	}
	_, err = t.exec(`INSERT INTO search_hits (search, document, since) SELECT $1, value, $2 FROM json_each($3) WHERE true ON CONFLICT DO NOTHING`, search, at, string(list))
	return err
}
