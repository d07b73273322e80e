package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// Statements of the hot path are prepared once: a run over 100,000 mails
// executes them half a million times.
var hot = map[string]string{
	"addItem": `INSERT INTO items (source, locator, version, parent, within, ordinal, name, size, modified, inode, content, state, reason, detail, todo, gone, shown, run, bytes, marks)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT DO NOTHING`,
	"setItem": `UPDATE items SET source=$1, locator=$2, version=$3, parent=$4, within=$5, ordinal=$6, name=$7, size=$8, modified=$9, inode=$10, content=$11,
		state=$12, reason=$13, detail=$14, todo=$15, gone=$16, shown=$17, run=$18, bytes=$19, marks=$20 WHERE id=$21`,
	"item":      `SELECT ` + itemColumns + ` FROM items WHERE id=$1`,
	"itemState": `SELECT state, reason FROM items WHERE id=$1`,
	"at":        `SELECT ` + itemColumns + ` FROM items WHERE source=$1 AND locator=$2 ORDER BY version DESC LIMIT 1`,
	"event":     `INSERT INTO events (item, run, at, state, reason) VALUES ($1, $2, $3, $4, $5)`,
	"addContent": `INSERT INTO contents (sum, size, kept, canonical, format, version, media_type, kind, read, reason, title, date, language, fingerprint, tags, terms, people,
		transcript, minutes, passages, revision, indexed, stale, then_state, then_reason, open_work)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
		ON CONFLICT (sum) DO NOTHING`,
	// Without the sum, which is what a content is: SQLite would write its index
	// anew, and sums fall on random pages of it.
	"setContent": `UPDATE contents SET size=$1, kept=$2, canonical=$3, format=$4, version=$5, media_type=$6, kind=$7, read=$8, reason=$9, title=$10, date=$11,
		language=$12, fingerprint=$13, tags=$14, terms=$15, people=$16, transcript=$17, minutes=$18, passages=$19, revision=$20, indexed=$21, stale=$22,
		then_state=$23, then_reason=$24, open_work=$25 WHERE id=$26`,
	"placeContent": `UPDATE contents SET canonical=$1, revision=$2 WHERE id=$3`,
	"content":      `SELECT ` + contentColumns + ` FROM contents WHERE id=$1`,
	"bySum":        `SELECT ` + contentColumns + ` FROM contents WHERE sum=$1`,
	"unpublish":    `DELETE FROM outbox WHERE content=$1`,
	"publish":      `INSERT INTO outbox (content) VALUES ($1)`,
	"unsettle":     `INSERT INTO unsettled (content) VALUES ($1) ON CONFLICT DO NOTHING`,
	"setStamp":     `INSERT INTO stamps (container, ordinal, item, stamp) VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET item=excluded.item, stamp=excluded.stamp`,
	"unchain":      `UPDATE papers SET chained=0 WHERE content=$1 AND chained=1 AND length(sketch)>0`,
}

func prepare(ctx context.Context, db *sql.DB, texts map[string]string) (map[string]*sql.Stmt, error) {
	out := map[string]*sql.Stmt{}
	for name, text := range texts {
		s, err := db.PrepareContext(ctx, text)
		if err != nil {
			return out, fmt.Errorf("statement %s: %w", name, err)
		}
		out[name] = s
	}
	return out, nil
}

// tx implements ledger.Tx. It keeps the context because every method belongs
// to the one Update that it was made for.
type tx struct {
	ctx context.Context //nolint:containedctx // lives as long as one Update
	l   *Ledger
	tx  *sql.Tx
	own map[string]*sql.Stmt // the prepared statements within the transaction

	fresh map[int64]ledger.Content // what this transaction has added
}

var _ ledger.Tx = (*tx)(nil)

// stmt gives a prepared statement. A transaction remembers every statement that
// it was asked for until it ends, so it is asked for each once.
func (t *tx) stmt(name string) *sql.Stmt {
	s := t.own[name]
	if s == nil {
		s = t.tx.StmtContext(t.ctx, t.l.stmts[name])
		t.own[name] = s
	}
	return s
}

func (t *tx) exec(query string, args ...any) (sql.Result, error) {
	return t.tx.ExecContext(t.ctx, query, args...)
}

// Raw implements ledger.Tx; it is a *sql.Tx.
func (t *tx) Raw() any { return t.tx }

func (t *tx) BeginRun(r *ledger.Run) error {
	sources, err := json.Marshal(r.Sources)
	if err != nil {
		return err
	}
	r.Started = time.Now()
	err = t.tx.QueryRowContext(t.ctx, `INSERT INTO runs (kind, started, sources) VALUES ($1, $2, $3) RETURNING id`,
		r.Kind, toMillis(r.Started), string(sources)).Scan(&r.ID)
	if err == nil {
		t.l.run.Store(r.ID)
	}
	return err
}

func (t *tx) EndRun(id int64, outcome, account string) error {
	_, err := t.exec(`UPDATE runs SET ended=$1, outcome=$2, account=$3 WHERE id=$4`, toMillis(time.Now()), outcome, account, id)
	return err
}

func (t *tx) SetSource(s ledger.Source) error {
	_, err := t.exec(`INSERT INTO sources (name, root, entries, walked) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET root=excluded.root, entries=excluded.entries, walked=excluded.walked`, s.Name, s.Root, s.Entries, toMillis(s.Walked))
	return err
}

func (t *tx) event(item int64, state ledger.State, reason string) error {
	_, err := t.stmt("event").ExecContext(t.ctx, item, t.l.run.Load(), time.Now().UnixMilli(), string(state), reason)
	return err
}

// add inserts a row that may be there, and sets id if it was not.
//
// Not by RETURNING: for it SQLite keeps a copy of each page that the statement
// touches, and once these were 64 kB in one transaction it writes them to a file.
// It was 40 % of all that 100,000 mails had written.
func (t *tx) add(statement string, values []any, id *int64) (bool, error) {
	done, err := t.stmt(statement).ExecContext(t.ctx, values...)
	if err != nil {
		return false, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	*id, err = done.LastInsertId()
	return err == nil, err
}

func (t *tx) AddItem(i *ledger.Item) error {
	if i.Run == 0 {
		i.Run = t.l.run.Load()
	}
	added, err := t.add("addItem", itemValues(i), &i.ID)
	switch {
	case err != nil:
		return fmt.Errorf("add item %s: %w", i.Locator, err)
	case !added:
		return ledger.ErrExists
	}
	return t.event(i.ID, i.State, i.Reason)
}

func (t *tx) SetItem(i *ledger.Item) error {
	var state ledger.State
	var reason string
	if err := t.stmt("itemState").QueryRowContext(t.ctx, i.ID).Scan(&state, &reason); err != nil {
		return fmt.Errorf("item %d: %w", i.ID, err)
	}
	if _, err := t.stmt("setItem").ExecContext(t.ctx, append(itemValues(i), i.ID)...); err != nil {
		return fmt.Errorf("item %s: %w", i.Locator, err)
	}
	if state == i.State && reason == i.Reason {
		return nil
	}
	return t.event(i.ID, i.State, i.Reason)
}

func (t *tx) Item(id int64) (*ledger.Item, error) {
	return scanItem(t.stmt("item").QueryRowContext(t.ctx, id))
}

func (t *tx) At(source, locator string) (*ledger.Item, error) {
	return scanItem(t.stmt("at").QueryRowContext(t.ctx, source, locator))
}

func (t *tx) AddContent(c *ledger.Content) (bool, error) {
	t.l.sums.add(&c.Sum)
	added, err := t.add("addContent", contentValues(c), &c.ID)
	if err != nil {
		return false, err
	}
	if added {
		t.fresh[c.ID] = *c
		return true, nil
	}
	have, err := t.BySum(c.Sum)
	if err != nil {
		return false, err
	}
	*c = *have
	return false, nil
}

func (t *tx) Content(id int64) (*ledger.Content, error) {
	return scanContent(t.stmt("content").QueryRowContext(t.ctx, id))
}

func (t *tx) BySum(sum ledger.Sum) (*ledger.Content, error) {
	return scanContent(t.stmt("bySum").QueryRowContext(t.ctx, sum[:]))
}

func (t *tx) SetContent(c *ledger.Content) error {
	// Most contents are set once more in the transaction that adds them, when their
	// item has its number: of the 26 columns two are new then.
	was, fresh := t.fresh[c.ID]
	was.Canonical, was.Revision = c.Canonical, c.Revision
	if fresh && was == *c {
		_, err := t.stmt("placeContent").ExecContext(t.ctx, c.Canonical, c.Revision, c.ID)
		return err
	}
	delete(t.fresh, c.ID)
	_, err := t.stmt("setContent").ExecContext(t.ctx, append(contentValues(c)[1:], c.ID)...)
	return err
}

func (t *tx) Publish(c *ledger.Content) error {
	c.Revision++
	if err := t.SetContent(c); err != nil {
		return err
	}
	// A content stands in the outbox once, under its newest number, so that an
	// engine that replays from a mark never applies an older revision later.
	if c.Revision > 1 {
		if _, err := t.stmt("unpublish").ExecContext(t.ctx, c.ID); err != nil {
			return err
		}
	}
	_, err := t.stmt("publish").ExecContext(t.ctx, c.ID)
	return err
}

func (t *tx) Withdraw(c *ledger.Content) error {
	c.Revision, c.Indexed = 0, 0
	if err := t.SetContent(c); err != nil {
		return err
	}
	_, err := t.stmt("unpublish").ExecContext(t.ctx, c.ID)
	return err
}

func (t *tx) AddSlices(item int64, ranges []document.Range) ([]int64, error) {
	ids := make([]int64, len(ranges))
	for n, r := range ranges {
		err := t.tx.QueryRowContext(t.ctx, `INSERT INTO slices (item, from_pos, to_pos) VALUES ($1, $2, $3) RETURNING id`, item, r.From, r.To).Scan(&ids[n])
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (t *tx) SliceDone(id int64) (left int, err error) {
	var item int64
	err = t.tx.QueryRowContext(t.ctx, `DELETE FROM slices WHERE id=$1 RETURNING item`, id).Scan(&item)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ledger.ErrNotFound
	}
	if err == nil {
		err = t.tx.QueryRowContext(t.ctx, `SELECT COUNT(*) FROM slices WHERE item=$1`, item).Scan(&left)
	}
	return left, err
}

func (t *tx) GoneOutside(parent, within int64) (int, error) {
	var gone []*ledger.Item
	err := each(t.ctx, t.tx, func(row scanner) error {
		i, err := scanItem(row)
		gone = append(gone, i)
		return err
	}, `SELECT `+itemColumns+` FROM items WHERE parent=$1 AND parent<>0 AND within<>$2 AND gone=0`, parent, within)
	if err != nil {
		return 0, err
	}
	for _, i := range gone {
		if _, err := t.exec(`UPDATE items SET gone=1 WHERE id=$1`, i.ID); err != nil {
			return 0, err
		}
		if err := t.Unsettle(i.Content); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

func (t *tx) Unsettle(content int64) error {
	if content == 0 {
		return nil
	}
	_, err := t.stmt("unsettle").ExecContext(t.ctx, content)
	if err == nil { // it has another name now, by which its versions may be found
		_, err = t.stmt("unchain").ExecContext(t.ctx, content)
	}
	return err
}
