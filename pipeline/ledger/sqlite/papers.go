package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

const paperColumns = `content, type, kinds, locator, verdict, findings, sketch`

func scanPaper(row scanner, more ...any) (*ledger.Paper, error) {
	var p ledger.Paper
	var kinds string
	err := row.Scan(append([]any{&p.Content, &p.Type, &kinds, &p.Locator, &p.Verdict, &p.Findings, &p.Sketch}, more...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ledger.ErrNotFound
	}
	p.Kinds = strings.Fields(kinds)
	return &p, err
}

// Paper implements ledger.Papers.
func (l *Ledger) Paper(ctx context.Context, content int64) (*ledger.Paper, error) {
	return scanPaper(l.read.QueryRowContext(ctx, `SELECT `+paperColumns+` FROM papers WHERE content=$1`, content))
}

// Moved implements ledger.Papers.
func (l *Ledger) Moved(ctx context.Context, limit int) ([]int64, error) {
	var out []int64
	err := each(ctx, l.read, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		out = append(out, id)
		return err
	}, `SELECT content FROM papers WHERE moved=1 ORDER BY content LIMIT $1`, limit)
	return out, err
}

// Unchained implements ledger.Papers.
func (l *Ledger) Unchained(ctx context.Context) (bool, error) {
	var found bool
	err := l.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM papers WHERE chained=0)`).Scan(&found)
	return found, err
}

// EachChainable implements ledger.Papers.
func (l *Ledger) EachChainable(ctx context.Context, fn func(*ledger.Chainable) error) error {
	var c *ledger.Chainable
	err := each(ctx, l.read, func(row scanner) error {
		var sum []byte
		var modified int64
		var at ledger.ChainPlace
		var date string
		p, err := scanPaper(row, &sum, &date, &at.Source, &at.Locator, &at.Name, &modified, &at.Thread)
		if err != nil {
			return err
		}
		at.Modified = fromNanos(modified)
		if c == nil || c.Content != p.Content {
			if c != nil {
				if err := fn(c); err != nil {
					return err
				}
			}
			c = &ledger.Chainable{Paper: *p, Date: date}
			copy(c.Sum[:], sum)
		}
		c.Places = append(c.Places, at)
		return nil
	}, `SELECT `+prefixed("p", paperColumns)+`, c.sum, c.date, i.source, i.locator, i.name, i.modified, COALESCE(m.thread, 0)
		FROM papers p JOIN contents c ON c.id=p.content JOIN items i ON i.content=p.content AND i.content<>0 LEFT JOIN mails m ON m.content=i.within AND i.within<>0
		WHERE length(p.sketch)>0 AND c.then_state<>'part-of' AND i.shown=0 ORDER BY p.content, i.source, i.locator, i.version`)
	if err == nil && c != nil {
		err = fn(c)
	}
	return err
}

const versionColumns = `content, chain, ordinal, previous, branch, label`

func scanVersion(row scanner) (v ledger.Version, err error) {
	err = row.Scan(&v.Content, &v.Chain, &v.Ordinal, &v.Previous, &v.Branch, &v.Label)
	return v, err
}

// Versions implements ledger.Papers.
func (l *Ledger) Versions(ctx context.Context, content int64) ([]ledger.Version, error) {
	var out []ledger.Version
	err := each(ctx, l.read, func(row scanner) error {
		v, err := scanVersion(row)
		out = append(out, v)
		return err
	}, `SELECT `+versionColumns+` FROM versions WHERE chain=(SELECT chain FROM versions WHERE content=$1) ORDER BY ordinal`, content)
	return out, err
}

// EachVersion implements ledger.Papers.
func (l *Ledger) EachVersion(ctx context.Context, fn func(ledger.Version) error) error {
	return each(ctx, l.read, func(row scanner) error {
		v, err := scanVersion(row)
		if err != nil {
			return err
		}
		return fn(v)
	}, `SELECT `+versionColumns+` FROM versions ORDER BY content`)
}

// Judged implements ledger.Papers.
func (l *Ledger) Judged(ctx context.Context) (string, error) {
	var s string
	err := l.read.QueryRowContext(ctx, `SELECT value FROM ledger WHERE key='judged'`).Scan(&s)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return s, err
}

// SetPaper implements ledger.PapersTx.
func (t *tx) SetPaper(content int64, p *ledger.Paper) error {
	if p == nil {
		_, err := t.exec(`DELETE FROM papers WHERE content=$1`, content)
		if err == nil {
			_, err = t.exec(`UPDATE papers SET chained=0 WHERE content IN (SELECT content FROM versions WHERE chain=(SELECT chain FROM versions WHERE content=$1))`, content)
		}
		return err
	}
	sketch := p.Sketch
	if sketch == nil {
		sketch = []byte{}
	}
	_, err := t.exec(`INSERT INTO papers (`+paperColumns+`, moved, chained) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)
		ON CONFLICT (content) DO UPDATE SET type=excluded.type, kinds=excluded.kinds, locator=excluded.locator, verdict=excluded.verdict,
		findings=excluded.findings, sketch=excluded.sketch, moved=0, chained=excluded.chained`,
		content, string(p.Type), strings.Join(p.Kinds, " "), p.Locator, p.Verdict, p.Findings, sketch, len(sketch) == 0)
	return err
}

// SetJudged implements ledger.PapersTx.
func (t *tx) SetJudged(fingerprint string) error { return t.set("judged", fingerprint) }

// SetVersions implements ledger.PapersTx.
func (t *tx) SetVersions(gone []int64, now []ledger.Version) error {
	for _, id := range gone {
		if _, err := t.exec(`DELETE FROM versions WHERE content=$1`, id); err != nil {
			return err
		}
	}
	var values []any
	for i := range now {
		v := &now[i]
		values = append(values, v.Content, v.Chain, v.Ordinal, v.Previous, v.Branch, v.Label)
	}
	err := t.insert(`INSERT INTO versions (`+versionColumns+`) VALUES `, 6, values, ` ON CONFLICT (content) DO UPDATE SET chain=excluded.chain,
		ordinal=excluded.ordinal, previous=excluded.previous, branch=excluded.branch, label=excluded.label`)
	if err == nil {
		_, err = t.exec(`UPDATE papers SET chained=1 WHERE chained=0`)
	}
	return err
}

// paperMoved notes that another item stands for a content now: it may have another
// name, and it lies elsewhere.
func (t *tx) paperMoved(content int64) error {
	_, err := t.exec(`UPDATE papers SET moved=1, chained=0 WHERE content=$1`, content)
	return err
}

// paperLine is what a dump says of a paper.
type paperLine struct {
	Type    document.Type `json:"type,omitempty"`
	Kinds   []string      `json:"sensitive,omitempty"`
	Chain   string        `json:"versions_of,omitempty"` // the smallest document id of its versions
	Ordinal int           `json:"version_ordinal,omitempty"`
	Branch  bool          `json:"version_branch,omitempty"`
	FormOf  string        `json:"form_of,omitempty"` // the document of which it is another form
}

// paperLines are what a dump says of all papers, by content.
func (l *Ledger) paperLines(ctx context.Context) (map[int64]paperLine, error) {
	out := map[int64]paperLine{}
	err := each(ctx, l.read, func(row scanner) error {
		var content int64
		var p paperLine
		var kinds string
		err := row.Scan(&content, &p.Type, &kinds)
		p.Kinds = strings.Fields(kinds)
		out[content] = p
		return err
	}, `SELECT content, type, kinds FROM papers`)
	if err != nil {
		return nil, err
	}
	err = each(ctx, l.read, func(row scanner) error {
		var content int64
		var sum []byte
		var ordinal int
		var branch bool
		if err := row.Scan(&content, &sum, &ordinal, &branch); err != nil {
			return err
		}
		var chain ledger.Content
		copy(chain.Sum[:], sum)
		p := out[content]
		p.Chain, p.Ordinal, p.Branch = chain.DocumentID(), ordinal, branch
		out[content] = p
		return nil
	}, `SELECT v.content, c.sum, v.ordinal, v.branch FROM versions v JOIN contents c ON c.id=v.chain`)
	if err != nil {
		return out, err
	}
	err = each(ctx, l.read, func(row scanner) error {
		var content int64
		var sum []byte
		if err := row.Scan(&content, &sum); err != nil {
			return err
		}
		var main ledger.Content
		copy(main.Sum[:], sum)
		p := out[content]
		p.FormOf = main.DocumentID()
		out[content] = p
		return nil
	}, `SELECT f.content, c.sum FROM forms f JOIN contents c ON c.id=f.main`)
	return out, err
}
