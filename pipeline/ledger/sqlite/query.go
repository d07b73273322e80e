package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"guidang/pipeline/ledger"
)

// querier is *sql.DB and *sql.Tx.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each runs a query and calls fn for each row.
func each(ctx context.Context, q querier, fn func(scanner) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// prefixed writes a column list for a table alias.
func prefixed(alias, columns string) string {
	return alias + "." + strings.ReplaceAll(columns, ", ", ", "+alias+".")
}

func (l *Ledger) items(ctx context.Context, query string, args ...any) ([]*ledger.Item, error) {
	var out []*ledger.Item
	err := each(ctx, l.read, func(row scanner) error {
		i, err := scanItem(row)
		out = append(out, i)
		return err
	}, `SELECT `+itemColumns+` FROM items `+query, args...)
	return out, err
}

// Known implements ledger.Ledger. It reads the covering index only; of the
// item just what a walk compares is filled.
func (l *Ledger) Known(ctx context.Context, source string, fn func(*ledger.Item) error) error {
	var held *ledger.Item // a locator's versions follow each other: the last counts
	var item, spare ledger.Item
	err := each(ctx, l.read, func(row scanner) error {
		var modified, inode int64
		i := &spare
		if err := row.Scan(&i.Locator, &i.Version, &i.ID, &i.Size, &modified, &inode, &i.State, &i.Gone, &i.Todo, &i.Reason, &i.Content); err != nil {
			return err
		}
		i.Modified, i.Inode, i.Source = fromNanos(modified), uint64(inode), source //nolint:gosec // a round trip of the same 64 bits
		if held != nil && held.Locator != i.Locator {
			if err := fn(held); err != nil {
				return err
			}
		}
		item, held = spare, &item
		return nil
	}, `SELECT locator, version, id, size, modified, inode, state, gone, todo, reason, content FROM items WHERE source=$1 AND parent=0 ORDER BY locator, version`, source)
	if err == nil && held != nil {
		err = fn(held)
	}
	return err
}

// asked are the questions of the hot path, prepared once on the reading pool:
// preparing them anew took two thirds of answering.
var asked = map[string]string{
	"item":    `SELECT ` + itemColumns + ` FROM items WHERE id=$1`,
	"content": `SELECT ` + contentColumns + ` FROM contents WHERE id=$1`,
	"bySum":   `SELECT ` + contentColumns + ` FROM contents WHERE sum=$1`,
	"located": `SELECT c.id, c.sum, c.canonical, c.kind, c.title, c.date, c.tags, c.terms, c.people, c.then_state, COALESCE(p.type, ''), COALESCE(p.kinds, ''), i.id, i.source, i.locator, i.name, i.modified
		FROM json_each($1) j JOIN contents c ON ` + sumStartsWith + ` JOIN items i ON i.id=c.canonical LEFT JOIN papers p ON p.content=c.id`,
	"assigned": `SELECT ` + belongingColumns + ` FROM json_each($1) j JOIN ` + belongingTables + ` WHERE a.content=j.value ORDER BY a.content, ` + firmest,
	"places":   `SELECT ` + itemColumns + ` FROM items WHERE content IN (SELECT value FROM json_each($1)) AND content<>0 ORDER BY content, source, locator`,
}

// Item implements ledger.Ledger.
func (l *Ledger) Item(ctx context.Context, id int64) (*ledger.Item, error) {
	return scanItem(l.asks["item"].QueryRowContext(ctx, id))
}

// At implements ledger.Ledger.
func (l *Ledger) At(ctx context.Context, source, locator string) (*ledger.Item, error) {
	return scanItem(l.read.QueryRowContext(ctx, `SELECT `+itemColumns+` FROM items WHERE source=$1 AND locator=$2 ORDER BY version DESC LIMIT 1`, source, locator))
}

// Content implements ledger.Ledger.
func (l *Ledger) Content(ctx context.Context, id int64) (*ledger.Content, error) {
	return scanContent(l.asks["content"].QueryRowContext(ctx, id))
}

// BySum implements ledger.Ledger.
func (l *Ledger) BySum(ctx context.Context, sum ledger.Sum) (*ledger.Content, error) {
	if none, err := l.sums.none(ctx, l.read, &sum); none || err != nil {
		return nil, cmp.Or(err, ledger.ErrNotFound)
	}
	return scanContent(l.asks["bySum"].QueryRowContext(ctx, sum[:]))
}

// minDocumentID is how many characters of a document id a person must type.
const minDocumentID = 8

// ByDocument implements ledger.Ledger. A document id is the beginning of the
// content's sum, so it is found by a range of sums.
func (l *Ledger) ByDocument(ctx context.Context, id string) (*ledger.Content, error) {
	from, to, ok := sumRange(id)
	if !ok {
		return nil, ledger.ErrNotFound
	}
	var found *ledger.Content
	err := each(ctx, l.read, func(row scanner) error {
		c, err := scanContent(row)
		if err == nil && strings.HasPrefix(c.DocumentID(), id) {
			if found != nil {
				return fmt.Errorf("%s is the beginning of several document ids; give more of it", id)
			}
			found = c
		}
		return err
	}, `SELECT `+contentColumns+` FROM contents WHERE sum>=$1 AND sum<=$2 LIMIT 100`, from, to)
	if err == nil && found == nil {
		err = ledger.ErrNotFound
	}
	return found, err
}

func sumRange(id string) (from, to []byte, ok bool) {
	if len(id) < minDocumentID || len(id) > 26 {
		return nil, nil, false
	}
	// Whole bytes only: what the last characters say beyond them is checked on
	// the rows.
	whole := id[:len(id)/8*8]
	raw, err := base32.StdEncoding.DecodeString(strings.ToUpper(whole))
	if err != nil {
		return nil, nil, false
	}
	from, to = make([]byte, 32), make([]byte, 32)
	for i := range to {
		to[i] = 0xff
	}
	copy(from, raw)
	copy(to, raw)
	return from, to, true
}

// Located implements ledger.Ledger. One statement answers a page of ids: asking
// for each of 2,000 candidates took half of a search.
func (l *Ledger) Located(ctx context.Context, ids []string) (map[string]*ledger.Located, error) {
	out := make(map[string]*ledger.Located, len(ids))
	for page := range slices.Chunk(ids, locatedPage) {
		list, err := json.Marshal(sumStarts(page))
		if err != nil {
			return nil, err
		}
		if err := l.located(ctx, string(list), out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const locatedPage = 500

func (l *Ledger) located(ctx context.Context, starts string, out map[string]*ledger.Located) error {
	rows, err := l.asks["located"].QueryContext(ctx, starts)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f ledger.Located
		var sum []byte
		var modified int64
		var kinds string
		c, i := &f.Content, &f.Item
		if err := rows.Scan(&c.ID, &sum, &c.Canonical, &c.Kind, &c.Title, &c.Date, &c.Tags, &c.Terms, &c.People, &c.Then, &f.Type, &kinds,
			&i.ID, &i.Source, &i.Locator, &i.Name, &modified); err != nil {
			return err
		}
		copy(c.Sum[:], sum)
		i.Modified, f.Kinds = fromNanos(modified), strings.Fields(kinds)
		out[c.DocumentID()] = &f
	}
	return rows.Err()
}

// Occurrences implements ledger.Ledger.
func (l *Ledger) Occurrences(ctx context.Context, content int64) ([]*ledger.Item, error) {
	return l.items(ctx, `WHERE content=$1 AND content<>0 ORDER BY id<>(SELECT canonical FROM contents WHERE id=$1), source, locator, version`, content)
}

// Children implements ledger.Ledger.
func (l *Ledger) Children(ctx context.Context, content int64) ([]*ledger.Item, error) {
	return l.items(ctx, `WHERE within=$1 AND within<>0 ORDER BY ordinal, locator`, content)
}

// Siblings implements ledger.Ledger.
func (l *Ledger) Siblings(ctx context.Context, source, folder string) ([]*ledger.Item, error) {
	from, to := "", "\U0010ffff"
	if folder != "" {
		from, to = folder+"/", folder+"0" // '0' follows '/'
	}
	all, err := l.items(ctx, `WHERE source=$1 AND parent=0 AND gone=0 AND locator>=$2 AND locator<$3 ORDER BY locator`, source, from, to)
	out := all[:0]
	for _, i := range all {
		if !strings.Contains(i.Locator[len(from):], "/") {
			out = append(out, i)
		}
	}
	return out, err
}

// Items implements ledger.Ledger.
func (l *Ledger) Items(ctx context.Context, f ledger.Filter, fn func(*ledger.Item, *ledger.Content) error) error {
	where, args := []string{"i.id>$1"}, []any{f.After}
	and := func(clause string, arg any) {
		args = append(args, arg)
		where = append(where, fmt.Sprintf(clause, len(args)))
	}
	if f.State != "" {
		and("i.state=$%d", string(f.State))
	}
	if f.Reason != "" {
		and("i.reason=$%d", f.Reason)
	}
	if f.Source != "" {
		and("i.source=$%d", f.Source)
	}
	order := "i.id"
	if f.Within != 0 {
		and("i.within=$%d AND i.within<>0", f.Within)
		order = "i.ordinal, i.locator"
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 1 << 40
	}
	args = append(args, limit)
	query := `SELECT ` + prefixed("i", itemColumns) + `, COALESCE(c.sum, x''), COALESCE(c.kind, ''), COALESCE(c.title, ''), COALESCE(c.media_type, ''), COALESCE(c.size, 0), COALESCE(c.date, '')
		FROM items i LEFT JOIN contents c ON c.id=i.content WHERE ` + strings.Join(where, " AND ") + fmt.Sprintf(` ORDER BY %s LIMIT $%d`, order, len(args))
	return each(ctx, l.read, func(row scanner) error {
		var c ledger.Content
		var sum []byte
		i, err := scanItem(row, &sum, &c.Kind, &c.Title, &c.MediaType, &c.Size, &c.Date)
		if err != nil {
			return err
		}
		if len(sum) == 0 {
			return fn(i, nil)
		}
		c.ID = i.Content
		copy(c.Sum[:], sum)
		return fn(i, &c)
	}, query, args...)
}

// Meetings implements ledger.Ledger.
func (l *Ledger) Meetings(ctx context.Context) ([]*ledger.Content, error) {
	var out []*ledger.Content
	err := each(ctx, l.read, func(row scanner) error {
		c, err := scanContent(row)
		out = append(out, c)
		return err
	}, `SELECT `+contentColumns+` FROM contents WHERE kind IN ('recording', 'transcript') ORDER BY id`)
	return out, err
}

// contentPage is how many contents EachContent holds at a time.
const contentPage = 500

// EachContent implements ledger.Ledger. No statement is open while fn works: it
// may hash originals for hours, and an open one keeps the log from being
// written back.
func (l *Ledger) EachContent(ctx context.Context, after int64, fn func(*ledger.Content) error) error {
	for {
		page := make([]*ledger.Content, 0, contentPage)
		err := each(ctx, l.read, func(row scanner) error {
			c, err := scanContent(row)
			page = append(page, c)
			return err
		}, `SELECT `+contentColumns+` FROM contents WHERE id>$1 ORDER BY id LIMIT $2`, after, contentPage)
		if err != nil {
			return err
		}
		for _, c := range page {
			if err := fn(c); err != nil {
				return err
			}
		}
		if len(page) < contentPage {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

// ReadBy implements ledger.Ledger.
func (l *Ledger) ReadBy(ctx context.Context, format string, below int) ([]*ledger.Content, error) {
	var out []*ledger.Content
	err := each(ctx, l.read, func(row scanner) error {
		c, err := scanContent(row)
		out = append(out, c)
		return err
	}, `SELECT `+contentColumns+` FROM contents WHERE format=$1 AND version<$2 ORDER BY id`, format, below)
	return out, err
}

// Todo implements ledger.Ledger.
func (l *Ledger) Todo(ctx context.Context, fn func(*ledger.Item) error) error {
	return each(ctx, l.read, func(row scanner) error {
		i, err := scanItem(row)
		if err != nil {
			return err
		}
		return fn(i)
	}, `SELECT `+itemColumns+` FROM items WHERE todo=1 ORDER BY id`)
}

// Slices implements ledger.Ledger.
func (l *Ledger) Slices(ctx context.Context) ([]ledger.Slice, error) {
	var out []ledger.Slice
	err := each(ctx, l.read, func(row scanner) error {
		var s ledger.Slice
		err := row.Scan(&s.ID, &s.Item, &s.Range.From, &s.Range.To)
		out = append(out, s)
		return err
	}, `SELECT id, item, from_pos, to_pos FROM slices ORDER BY id`)
	return out, err
}

// Slice implements ledger.Ledger.
func (l *Ledger) Slice(ctx context.Context, id int64) (*ledger.Slice, error) {
	var s ledger.Slice
	err := l.read.QueryRowContext(ctx, `SELECT id, item, from_pos, to_pos FROM slices WHERE id=$1`, id).Scan(&s.ID, &s.Item, &s.Range.From, &s.Range.To)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ledger.ErrNotFound
	}
	return &s, err
}

// Unread implements ledger.Ledger.
func (l *Ledger) Unread(ctx context.Context) (left bool, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM items WHERE todo=1) OR EXISTS (SELECT 1 FROM slices)`).Scan(&left)
	return left, err
}

// Lag implements ledger.Ledger.
func (l *Ledger) Lag(ctx context.Context) (n int64, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM outbox`).Scan(&n)
	return n, err
}

// Sources implements ledger.Ledger.
func (l *Ledger) Sources(ctx context.Context) ([]ledger.Source, error) {
	var out []ledger.Source
	err := each(ctx, l.read, func(row scanner) error {
		var s ledger.Source
		var walked int64
		err := row.Scan(&s.Name, &s.Root, &s.Entries, &walked)
		s.Walked = fromMillis(walked)
		out = append(out, s)
		return err
	}, `SELECT name, root, entries, walked FROM sources ORDER BY name`)
	return out, err
}

// LastRun implements ledger.Ledger. An empty source means any.
func (l *Ledger) LastRun(ctx context.Context, source string) (*ledger.Run, error) {
	var found *ledger.Run
	err := each(ctx, l.read, func(row scanner) error {
		var r ledger.Run
		var started, ended int64
		var sources string
		if err := row.Scan(&r.ID, &r.Kind, &started, &ended, &r.Outcome, &sources, &r.Account); err != nil {
			return err
		}
		r.Started, r.Ended = fromMillis(started), fromMillis(ended)
		if err := json.Unmarshal([]byte(sources), &r.Sources); err != nil {
			return err
		}
		for _, s := range r.Sources {
			if found == nil && (source == "" || s == source) {
				found = &r
			}
		}
		return nil
	}, `SELECT id, kind, started, ended, outcome, sources, account FROM runs ORDER BY id DESC LIMIT 1000`)
	if err == nil && found == nil {
		err = ledger.ErrNotFound
	}
	return found, err
}

// Changes implements ledger.Ledger.
func (l *Ledger) Changes(ctx context.Context, run int64) (map[ledger.State]int64, error) {
	out := map[ledger.State]int64{}
	// The events of a run are the newest ones: the first of them is found
	// without an index on run, from the end.
	var first int64
	err := l.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM events WHERE run<$1`, run).Scan(&first)
	if err != nil {
		return nil, err
	}
	// What ended as it was before is no change, whatever happened between: a
	// file that fails every night is news once.
	err = each(ctx, l.read, func(row scanner) error {
		var s ledger.State
		var n int64
		err := row.Scan(&s, &n)
		out[s] = n
		return err
	}, `SELECT i.state, COUNT(*) FROM items i
		WHERE i.id IN (SELECT item FROM events WHERE id>$1 AND run=$2)
		AND i.state||' '||i.reason <> COALESCE((SELECT b.state||' '||b.reason FROM events b WHERE b.item=i.id AND b.id<=$1 ORDER BY b.id DESC LIMIT 1), '')
		GROUP BY i.state`, first, run)
	return out, err
}

// Counts implements ledger.Ledger.
func (l *Ledger) Counts(ctx context.Context) (*ledger.Counts, error) {
	c := &ledger.Counts{States: map[ledger.State]int64{}, ByKind: map[string]int64{}, WaitingFor: map[string]int64{}, OpenWork: map[string]int64{}}
	group := func(add func(key string, n int64), query string) error {
		return each(ctx, l.read, func(row scanner) error {
			var key string
			var n int64
			err := row.Scan(&key, &n)
			add(key, n)
			return err
		}, query)
	}
	err := group(func(k string, n int64) { c.States[ledger.State(k)] = n; c.Found += n }, `SELECT state, COUNT(*) FROM items GROUP BY state`)
	if err == nil {
		err = group(func(k string, n int64) { c.WaitingFor[k] = n }, `SELECT reason, COUNT(*) FROM items WHERE state='waiting' GROUP BY reason`)
	}
	if err == nil {
		err = l.read.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM items WHERE gone=1), (SELECT COUNT(*) FROM outbox)`).Scan(&c.Gone, &c.Outgoing)
	}
	if err == nil {
		err = l.countContents(ctx, c)
	}
	return c, err
}

// countContents counts in one scan: contents are wide rows, and five scans of
// 50,000 took a tenth of a second of every run.
func (l *Ledger) countContents(ctx context.Context, c *ledger.Counts) error {
	return each(ctx, l.read, func(row scanner) error {
		var kind, openWork string
		var findable, confirmed, copied bool
		var n, passages, bytes int64
		if err := row.Scan(&kind, &openWork, &findable, &confirmed, &copied, &n, &passages, &bytes); err != nil {
			return err
		}
		if findable {
			c.ByKind[kind] += n
		}
		if confirmed {
			c.Documents += n
			c.Passages += passages
		}
		if copied {
			c.Bytes += bytes
		}
		if openWork != "" {
			c.OpenWork[openWork] += n
		}
		return nil
	}, `SELECT kind, open_work, revision>0 AND then_state<>'part-of', indexed>0 AND then_state<>'part-of', kept='copied', COUNT(*), SUM(stale), SUM(size)
		FROM contents GROUP BY 1, 2, 3, 4, 5`)
}
