package sqlite

import (
	"errors"
	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// Settle implements ledger.Tx. Every step makes some item's (gone, source,
// locator) smaller and none larger, so settling ends.
func (t *tx) Settle(limit int) (int, error) {
	var ids []int64
	err := each(t.ctx, t.tx, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT content FROM unsettled ORDER BY content LIMIT $1`, limit)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if _, err := t.exec(`DELETE FROM unsettled WHERE content=$1`, id); err != nil {
			return 0, err
		}
		if err := t.settle(id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

func (t *tx) settle(id int64) error {
	c, err := t.Content(id)
	if err != nil {
		return err
	}
	var items []*ledger.Item
	err = each(t.ctx, t.tx, func(row scanner) error {
		i, err := scanItem(row)
		items = append(items, i)
		return err
	}, `SELECT `+itemColumns+` FROM items WHERE content=$1 AND content<>0 AND shown=0 ORDER BY gone, source, locator, version`, id)
	if err != nil || len(items) == 0 {
		return err
	}
	best := items[0]
	for _, i := range items[1:] {
		if i.Source != best.Source && c.Revision > 0 {
			// Whoever may see one of its sources may see the content: the index has
			// to know all of them.
			if err := t.Publish(c); err != nil {
				return err
			}
			break
		}
	}
	if best.ID == c.Canonical {
		return nil
	}
	return t.enthrone(c, best)
}

// enthrone makes best the canonical item of c: it takes over state and
// children of the one before, which becomes its duplicate.
func (t *tx) enthrone(c *ledger.Content, best *ledger.Item) error {
	old, err := t.Item(c.Canonical)
	if err != nil {
		return err
	}
	c.Canonical = best.ID
	if err := t.paperMoved(c.ID); err != nil {
		return err
	}
	if c.Kind == document.KindMail {
		c.Size = best.Size // its copies have sizes of their own
	}
	if old.Content != c.ID {
		// The old canonical item holds other bytes by now (its file changed), and
		// its children went with it: this content is read again from its new place.
		best.State, best.Reason, best.Todo = ledger.Pending, "", true
		if err := t.SetItem(best); err != nil {
			return err
		}
		return t.SetContent(c)
	}
	best.State, best.Reason, best.Detail, best.Todo = old.State, old.Reason, old.Detail, old.Todo
	if old.Shown {
		best.State, best.Todo = ledger.Pending, true
	} else {
		old.State, old.Reason, old.Detail, old.Todo = ledger.DuplicateOf, "", "", false
	}
	if err := t.SetItem(old); err != nil {
		return err
	}
	if err := t.SetItem(best); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE slices SET item=$1 WHERE item=$2`, best.ID, old.ID); err != nil {
		return err
	}
	if err := t.relocate(old, best); err != nil {
		return err
	}
	if c.Revision > 0 {
		return t.Publish(c) // its name, place and date by name may have changed
	}
	return t.SetContent(c)
}

// relocate moves everything that lay in from to the same place in to.
func (t *tx) relocate(from, to *ledger.Item) error {
	var below []*ledger.Item
	err := each(t.ctx, t.tx, func(row scanner) error {
		i, err := scanItem(row)
		below = append(below, i)
		return err
	}, `WITH RECURSIVE below (id) AS (
			SELECT id FROM items WHERE parent=$1 AND parent<>0
			UNION ALL SELECT i.id FROM items i JOIN below b ON i.parent=b.id AND i.parent<>0)
		SELECT `+itemColumns+` FROM items WHERE id IN (SELECT id FROM below) ORDER BY id`, from.ID)
	if err != nil {
		return err
	}
	prefix := len(from.Locator + document.Separator)
	for _, i := range below {
		if i.Parent == from.ID {
			i.Parent = to.ID
		}
		i.Source, i.Locator = to.Source, to.Locator+document.Separator+i.Locator[prefix:]
		if err := t.SetItem(i); err != nil {
			return err
		}
		if err := errors.Join(t.Unsettle(i.Content), t.paperMoved(i.Content)); err != nil {
			return err
		}
		if c, err := t.Content(i.Content); err == nil && c.Canonical == i.ID && c.Revision > 0 {
			if err := t.Publish(c); err != nil {
				return err
			}
		}
	}
	return nil
}
