package sqlite

import (
	"context"
	"encoding/json"

	"guidang/pipeline/ledger"
)

// Stamps implements ledger.Stamps.
func (l *Ledger) Stamps(ctx context.Context, container, from, to int64, limit int) (out []ledger.Stamp, err error) {
	err = each(ctx, l.read, func(row scanner) error {
		var s ledger.Stamp
		var stamp []byte
		err := row.Scan(&s.Item, &s.Ordinal, &stamp)
		s.Stamp = string(stamp)
		out = append(out, s)
		return err
	}, `SELECT s.item, s.ordinal, s.stamp FROM stamps s JOIN items i ON i.id=s.item
		WHERE s.container=$1 AND s.ordinal>=$2 AND s.ordinal<$3 AND i.gone=0 AND i.content<>0 LIMIT $4`, container, from, to, limit)
	return out, err
}

// SetStamp implements ledger.StampsTx.
func (t *tx) SetStamp(i *ledger.Item, stamp string) error {
	_, err := t.stmt("setStamp").ExecContext(t.ctx, i.Parent, i.Ordinal, i.ID, []byte(stamp))
	return err
}

// StillIn implements ledger.StampsTx.
func (t *tx) StillIn(content int64, items []int64) error {
	if len(items) == 0 {
		return nil
	}
	list, err := json.Marshal(items)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE items SET within=$1 WHERE id IN (SELECT value FROM json_each($2)) AND gone=0`, content, string(list))
	return err
}
