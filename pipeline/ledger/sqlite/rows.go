package sqlite

import (
	"database/sql"
	"errors"
	"time"

	"guidang/pipeline/ledger"
)

const (
	itemColumns    = `id, source, locator, version, parent, within, ordinal, name, size, modified, inode, content, state, reason, detail, todo, gone, shown, run, bytes, marks`
	contentColumns = `id, sum, size, kept, canonical, format, version, media_type, kind, read, reason, title, date, language, fingerprint, tags, terms, people, transcript, minutes, passages, revision, indexed, stale, then_state, then_reason, open_work`
)

// scanner is *sql.Row and *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

func scanItem(row scanner, more ...any) (*ledger.Item, error) {
	var i ledger.Item
	var modified, inode int64
	var own []byte
	err := row.Scan(append([]any{&i.ID, &i.Source, &i.Locator, &i.Version, &i.Parent, &i.Within, &i.Ordinal, &i.Name, &i.Size, &modified, &inode,
		&i.Content, &i.State, &i.Reason, &i.Detail, &i.Todo, &i.Gone, &i.Shown, &i.Run, &own, &i.Marks}, more...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ledger.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	copy(i.Bytes[:], own)
	i.Modified, i.Inode = fromNanos(modified), uint64(inode) //nolint:gosec // a round trip of the same 64 bits
	return &i, nil
}

func scanContent(row scanner, more ...any) (*ledger.Content, error) {
	var c ledger.Content
	var sum []byte
	err := row.Scan(append([]any{&c.ID, &sum, &c.Size, &c.Kept, &c.Canonical, &c.Format, &c.Version, &c.MediaType, &c.Kind, &c.Read, &c.Reason,
		&c.Title, &c.Date, &c.Language, &c.Fingerprint, &c.Tags, &c.Terms, &c.People, &c.Transcript, &c.Minutes, &c.Passages, &c.Revision, &c.Indexed, &c.Stale,
		&c.Then, &c.ThenReason, &c.OpenWork}, more...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ledger.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	copy(c.Sum[:], sum)
	return &c, nil
}

// itemValues are in the order of itemColumns without the id.
func itemValues(i *ledger.Item) []any {
	own := []byte{}
	if i.Bytes != (ledger.Sum{}) {
		own = i.Bytes[:]
	}
	return []any{i.Source, i.Locator, i.Version, i.Parent, i.Within, i.Ordinal, i.Name, i.Size, toNanos(i.Modified), int64(i.Inode), //nolint:gosec // as above
		i.Content, string(i.State), i.Reason, i.Detail, i.Todo, i.Gone, i.Shown, i.Run, own, i.Marks}
}

// contentValues are in the order of contentColumns without the id.
func contentValues(c *ledger.Content) []any {
	return []any{c.Sum[:], c.Size, string(c.Kept), c.Canonical, c.Format, c.Version, c.MediaType, string(c.Kind), string(c.Read), string(c.Reason),
		c.Title, c.Date, c.Language, c.Fingerprint, c.Tags, c.Terms, c.People, c.Transcript, c.Minutes, c.Passages, c.Revision, c.Indexed, c.Stale,
		string(c.Then), c.ThenReason, c.OpenWork}
}

func toNanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}

func toMillis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n)
}
