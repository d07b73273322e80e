package sqlite

import (
	"context"
	"math"

	"guidang/pipeline/ledger"
)

const correctionColumns = `id, content, kind, start, was, now, who, at`

func (l *Ledger) corrections(ctx context.Context, query string, args ...any) ([]ledger.Correction, error) {
	var out []ledger.Correction
	err := each(ctx, l.read, func(row scanner) error {
		var c ledger.Correction
		var start, at int64
		err := row.Scan(&c.ID, &c.Content, &c.Kind, &start, &c.Was, &c.Now, &c.Who, &at)
		c.Start, c.At = float64(start)/1000, fromMillis(at)
		out = append(out, c)
		return err
	}, `SELECT `+correctionColumns+` FROM corrections `+query, args...)
	return out, err
}

// Corrections implements ledger.Corrections.
func (l *Ledger) Corrections(ctx context.Context, content int64) ([]ledger.Correction, error) {
	return l.corrections(ctx, `WHERE content=$1 ORDER BY id`, content)
}

// Bonds implements ledger.Corrections.
func (l *Ledger) Bonds(ctx context.Context) ([]ledger.Correction, error) {
	return l.corrections(ctx, `WHERE kind IN ('join', 'part') ORDER BY id`)
}

// Correct implements ledger.CorrectionsTx.
func (t *tx) Correct(c *ledger.Correction) error {
	return t.tx.QueryRowContext(t.ctx, `INSERT INTO corrections (content, kind, start, was, now, who, at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		c.Content, string(c.Kind), int64(math.Round(c.Start*1000)), c.Was, c.Now, c.Who, toMillis(c.At)).Scan(&c.ID)
}

// corrected are all corrections by content, as a dump has them.
func (l *Ledger) corrected(ctx context.Context) (map[int64][]correctionLine, error) {
	all, err := l.corrections(ctx, `ORDER BY id`)
	if err != nil {
		return nil, err
	}
	out := map[int64][]correctionLine{}
	for _, c := range all {
		out[c.Content] = append(out[c.Content], correctionLine{string(c.Kind), c.Start, c.Was, c.Now, c.Who, c.At.UTC().Format("2006-01-02T15:04:05Z")})
	}
	return out, nil
}

// correctionLine is a correction in a dump. Its time is part of what is known,
// not of a run.
type correctionLine struct {
	Kind  string  `json:"kind"`
	Start float64 `json:"start,omitempty"`
	Was   string  `json:"was"`
	Now   string  `json:"now"`
	Who   string  `json:"who"`
	At    string  `json:"at"`
}
