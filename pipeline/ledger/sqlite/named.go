package sqlite

import (
	"context"

	"guidang/pipeline/ledger"
)

var _ ledger.NamedFiles = (*Ledger)(nil)

// NamedIn implements ledger.NamedFiles.
func (l *Ledger) NamedIn(ctx context.Context, name string) (out []int64, err error) {
	err = each(ctx, l.read, func(row scanner) error {
		var content int64
		err := row.Scan(&content)
		out = append(out, content)
		return err
	}, `SELECT content FROM named WHERE name=$1 ORDER BY content`, name)
	return out, err
}

// NamesFiles implements ledger.NamedFiles.
func (l *Ledger) NamesFiles(ctx context.Context, content int64) (yes bool, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM named WHERE content=$1)`, content).Scan(&yes)
	return yes, err
}

// Below implements ledger.NamedFiles. It reads nothing but an index: 100,000 items in
// less than half a second.
func (l *Ledger) Below(ctx context.Context, source, place string, limit int, fn func(item int64, locator string) error) error {
	return each(ctx, l.read, func(row scanner) error {
		var id int64
		var locator string
		if err := row.Scan(&id, &locator); err != nil {
			return err
		}
		return fn(id, locator)
	}, `SELECT id, locator FROM items WHERE source=$1 AND locator>=$2 AND locator<$3 ORDER BY locator, version LIMIT $4`, source, place, place+"\U0010ffff", limit)
}

// SetNamed implements ledger.NamedFilesTx.
func (t *tx) SetNamed(content int64, names []string) error {
	if _, err := t.exec(`DELETE FROM named WHERE content=$1`, content); err != nil {
		return err
	}
	for _, name := range names {
		if _, err := t.exec(`INSERT INTO named (name, content) VALUES ($1, $2) ON CONFLICT DO NOTHING`, name, content); err != nil {
			return err
		}
	}
	return nil
}

// namedLines collects the names for a dump.
func (l *Ledger) namedLines(ctx context.Context) (map[int64][]string, error) {
	out := map[int64][]string{}
	err := each(ctx, l.read, func(row scanner) error {
		var content int64
		var name string
		err := row.Scan(&content, &name)
		out[content] = append(out[content], name)
		return err
	}, `SELECT content, name FROM named ORDER BY content, name`)
	return out, err
}
