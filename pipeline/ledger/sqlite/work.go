package sqlite

import (
	"context"
)

// OpenWork implements ledger.Works.
func (l *Ledger) OpenWork(ctx context.Context, work string) (ids []int64, err error) {
	rows, err := l.read.QueryContext(ctx, `SELECT id FROM contents WHERE open_work=$1 AND open_work<>'' AND canonical>0 ORDER BY id DESC`, work)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
