package sqlite

import (
	"context"
	"encoding/json"

	"guidang/pipeline/ledger"
)

// EachBare implements ledger.Ledger.
func (l *Ledger) EachBare(ctx context.Context, fn func(*ledger.Spot) error) error {
	return each(ctx, l.read, func(row scanner) error {
		var s ledger.Spot
		if err := row.Scan(&s.Content, &s.Item, &s.Source, &s.Locator, &s.Name, &s.Parent, &s.Gone); err != nil {
			return err
		}
		return fn(&s)
	}, `SELECT content, id, source, locator, name, within, gone FROM items
		WHERE shown=0 AND todo=0 AND state<>'pending' AND (content=0 OR content IN (SELECT id FROM contents WHERE size=0)) ORDER BY source, locator, version`)
}

// BareAssignments implements ledger.Ledger.
func (l *Ledger) BareAssignments(ctx context.Context, f ledger.OfDossier, fn func(int64, *ledger.Belonging) error) error {
	return each(ctx, l.read, func(row scanner) error {
		b, evidence, item := &ledger.Belonging{}, "", int64(0)
		err := row.Scan(&item, &b.Customer, &b.Project, &b.Standing, &b.Confidence, &evidence, &b.Name, &b.Key)
		if err == nil {
			err = json.Unmarshal([]byte(evidence), &b.Evidence)
		}
		if err != nil {
			return err
		}
		return fn(item, b)
	}, `SELECT a.item, a.customer, a.project, a.standing, a.confidence, a.evidence, c.name, COALESCE(p.key, '')
		FROM bare a JOIN customers c ON c.id=a.customer LEFT JOIN projects p ON p.id=a.project JOIN items i ON i.id=a.item
		WHERE ($1=0 OR a.customer=$1) AND ($2=0 OR a.project=$2) ORDER BY i.source, i.locator, i.version, `+firmest, f.Customer, f.Project)
}

// SetBareAssignments implements ledger.Tx.
func (t *tx) SetBareAssignments(item int64, as []ledger.Assignment) error {
	if _, err := t.exec(`DELETE FROM bare WHERE item=$1`, item); err != nil {
		return err
	}
	for i := range as {
		a := &as[i]
		evidence, err := json.Marshal(a.Evidence)
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO bare (item, customer, project, standing, confidence, evidence) VALUES ($1, $2, $3, $4, $5, $6)`,
			item, a.Customer, a.Project, string(a.Standing), a.Confidence, string(evidence)); err != nil {
			return err
		}
	}
	return nil
}
