package sqlite

import (
	"context"

	"guidang/pipeline/ledger"
)

// EachInvoice implements ledger.Forms.
func (l *Ledger) EachInvoice(ctx context.Context, fn func(content int64, verdict string) error) error {
	return each(ctx, l.read, func(row scanner) error {
		var content int64
		var verdict string
		if err := row.Scan(&content, &verdict); err != nil {
			return err
		}
		return fn(content, verdict)
	}, `SELECT content, verdict FROM papers WHERE type='invoice' ORDER BY content`)
}

func scanForm(row scanner) (f ledger.Form, err error) {
	err = row.Scan(&f.Content, &f.Main)
	return f, err
}

// Forms implements ledger.Forms.
func (l *Ledger) Forms(ctx context.Context, content int64) ([]ledger.Form, error) {
	var out []ledger.Form
	err := each(ctx, l.read, func(row scanner) error {
		f, err := scanForm(row)
		out = append(out, f)
		return err
	}, `SELECT content, main FROM forms WHERE main=COALESCE((SELECT main FROM forms WHERE content=$1), $1) ORDER BY content`, content)
	return out, err
}

// EachForm implements ledger.Forms.
func (l *Ledger) EachForm(ctx context.Context, fn func(ledger.Form) error) error {
	return each(ctx, l.read, func(row scanner) error {
		f, err := scanForm(row)
		if err != nil {
			return err
		}
		return fn(f)
	}, `SELECT content, main FROM forms ORDER BY content`)
}

// SetForms implements ledger.FormsTx.
func (t *tx) SetForms(gone []int64, now []ledger.Form) error {
	for _, id := range gone {
		if _, err := t.exec(`DELETE FROM forms WHERE content=$1`, id); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE papers SET chained=0 WHERE content=$1`, id); err != nil {
			return err
		}
	}
	for _, f := range now {
		if _, err := t.exec(`INSERT INTO forms (content, main) VALUES ($1, $2) ON CONFLICT (content) DO UPDATE SET main=excluded.main`, f.Content, f.Main); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE papers SET chained=0 WHERE content=$1`, f.Content); err != nil {
			return err
		}
	}
	return nil
}
