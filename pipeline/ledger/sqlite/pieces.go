package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"guidang/pipeline/ledger"
)

// EachPiece implements ledger.Pieces.
func (l *Ledger) EachPiece(ctx context.Context, fn func(*ledger.PieceAt) error) error {
	return each(ctx, l.read, func(row scanner) error {
		p := &ledger.PieceAt{}
		if err := row.Scan(&p.Content, &p.Mail, &p.Number, &p.Total, &p.Item, &p.Source, &p.Locator, &p.Within, &p.Size, &p.Gone, &p.Canonical); err != nil {
			return err
		}
		return fn(p)
	}, `SELECT p.content, p.mail, p.number, p.total, i.id, i.source, i.locator, i.within, i.size, i.gone, c.canonical=i.id
		FROM pieces p JOIN contents c ON c.id=p.content JOIN items i ON i.content=p.content AND i.content<>0 AND i.shown=0
		ORDER BY p.mail, i.source, p.number, i.gone, i.locator, i.version`)
}

func scanWhole(row scanner) (*ledger.Whole, error) {
	w := &ledger.Whole{}
	var pieces string
	if err := row.Scan(&w.Item, &pieces); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(pieces), &w.Pieces); err != nil {
		return nil, fmt.Errorf("pieces of item %d: %w", w.Item, err)
	}
	return w, nil
}

// EachWhole implements ledger.Pieces.
func (l *Ledger) EachWhole(ctx context.Context, fn func(*ledger.Whole) error) error {
	return each(ctx, l.read, func(row scanner) error {
		w, err := scanWhole(row)
		if err != nil {
			return err
		}
		return fn(w)
	}, `SELECT item, pieces FROM wholes ORDER BY item`)
}

// Whole implements ledger.Pieces.
func (l *Ledger) Whole(ctx context.Context, item int64) (*ledger.Whole, error) {
	w, err := scanWhole(l.read.QueryRowContext(ctx, `SELECT item, pieces FROM wholes WHERE item=$1`, item))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ledger.ErrNotFound
	}
	return w, err
}

// SetPiece implements ledger.PiecesTx.
func (t *tx) SetPiece(content int64, p *ledger.Piece) error {
	if p == nil {
		_, err := t.exec(`DELETE FROM pieces WHERE content=$1`, content)
		return err
	}
	_, err := t.exec(`INSERT INTO pieces (content, mail, number, total) VALUES ($1, $2, $3, $4)
		ON CONFLICT (content) DO UPDATE SET mail=excluded.mail, number=excluded.number, total=excluded.total`, content, p.Mail, p.Number, p.Total)
	return err
}

// AddWhole implements ledger.PiecesTx.
func (t *tx) AddWhole(w *ledger.Whole) error {
	pieces, err := json.Marshal(w.Pieces)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO wholes (item, pieces) VALUES ($1, $2) ON CONFLICT (item) DO UPDATE SET pieces=excluded.pieces`, w.Item, string(pieces))
	return err
}
