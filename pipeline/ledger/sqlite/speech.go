package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"guidang/pipeline/ledger"
)

// Note implements ledger.SpeechReader.
func (l *Ledger) Note(ctx context.Context, key string) (string, error) {
	var value string
	err := l.read.QueryRowContext(ctx, `SELECT value FROM notes WHERE key=$1`, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return value, err
}

// Spent implements ledger.SpeechReader.
func (l *Ledger) Spent(ctx context.Context, night string) (ledger.Spent, error) {
	return spent(l.read.QueryRowContext(ctx, askSpent, night))
}

const askSpent = `SELECT minutes, money FROM spend WHERE night=$1`

func spent(row scanner) (s ledger.Spent, err error) {
	if err = row.Scan(&s.Minutes, &s.Money); errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return s, err
}

// SetNote implements ledger.SpeechWriter.
func (t *tx) SetNote(key, value string) error {
	_, err := t.exec(`INSERT INTO notes (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value=excluded.value`, key, value)
	return err
}

// Spend implements ledger.SpeechWriter.
func (t *tx) Spend(night string, add, limit ledger.Spent) (bool, error) {
	have, err := spent(t.tx.QueryRowContext(t.ctx, askSpent, night))
	if err != nil {
		return false, err
	}
	minutes, money := max(have.Minutes+add.Minutes, 0), max(have.Money+add.Money, 0)
	if add.Minutes > 0 && limit.Minutes > 0 && minutes > limit.Minutes || add.Money > 0 && limit.Money > 0 && money > limit.Money {
		return false, nil
	}
	_, err = t.exec(`INSERT INTO spend (night, minutes, money) VALUES ($1, $2, $3) ON CONFLICT (night) DO UPDATE SET minutes=excluded.minutes, money=excluded.money`, night, minutes, money)
	return err == nil, err
}
