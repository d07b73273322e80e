package sqlite

import (
	"context"
	"slices"

	"guidang/pipeline/ledger"
)

// handTags reads them on either connection.
func handTags(ctx context.Context, db querier, content int64) (out []ledger.HandTag, err error) {
	err = each(ctx, db, func(row scanner) error {
		var t ledger.HandTag
		var at int64
		err := row.Scan(&t.Content, &t.Tag, &t.Set, &t.Who, &at)
		t.At = fromMillis(at)
		out = append(out, t)
		return err
	}, `SELECT content, tag, given, who, at FROM hand_tags WHERE content=$1 ORDER BY id`, content)
	return out, err
}

// HandTags implements ledger.Hands.
func (l *Ledger) HandTags(ctx context.Context, content int64) ([]ledger.HandTag, error) {
	return handTags(ctx, l.read, content)
}

// ActionMarks implements ledger.Hands.
func (l *Ledger) ActionMarks(ctx context.Context, content int64) (out []ledger.ActionMark, err error) {
	err = each(ctx, l.read, func(row scanner) error {
		var m ledger.ActionMark
		var at int64
		err := row.Scan(&m.Content, &m.Key, &m.Text, &m.Evidence, &m.Done, &m.Who, &at)
		m.At = fromMillis(at)
		out = append(out, m)
		return err
	}, `SELECT content, key, text, evidence, done, who, at FROM action_marks WHERE $1=0 OR content=$1 ORDER BY id`, content)
	return out, err
}

func (l *Ledger) edits(ctx context.Context, query string, args ...any) (out []ledger.Edit, err error) {
	err = each(ctx, l.read, func(row scanner) error {
		var e ledger.Edit
		var at int64
		err := row.Scan(&e.ID, &e.Content, &e.Minutes, &e.Base, &e.Who, &at)
		e.At = fromMillis(at)
		out = append(out, e)
		return err
	}, `SELECT id, content, minutes, base, who, at FROM minutes_edits `+query, args...)
	return out, err
}

// Edits implements ledger.Hands.
func (l *Ledger) Edits(ctx context.Context, content int64) ([]ledger.Edit, error) {
	return l.edits(ctx, `WHERE content=$1 ORDER BY id`, content)
}

// LastEdits implements ledger.Hands.
func (l *Ledger) LastEdits(ctx context.Context) (map[int64]ledger.Edit, error) {
	last, err := l.edits(ctx, `WHERE id IN (SELECT MAX(id) FROM minutes_edits GROUP BY content)`)
	out := make(map[int64]ledger.Edit, len(last))
	for _, e := range last {
		out[e.Content] = e
	}
	return out, err
}

// WithMinutes implements ledger.Hands.
func (l *Ledger) WithMinutes(ctx context.Context) (out []*ledger.Content, err error) {
	err = each(ctx, l.read, func(row scanner) error {
		c, err := scanContent(row)
		out = append(out, c)
		return err
	}, `SELECT `+contentColumns+` FROM contents WHERE minutes <> '' ORDER BY id`)
	return out, err
}

// Written implements ledger.Hands.
func (l *Ledger) Written(ctx context.Context) (map[int64]int64, error) {
	out := map[int64]int64{}
	err := each(ctx, l.read, func(row scanner) error {
		var content, meeting int64
		err := row.Scan(&content, &meeting)
		out[content] = meeting
		return err
	}, `SELECT content, meeting FROM written_minutes`)
	return out, err
}

// HandTags implements ledger.HandsTx.
func (t *tx) HandTags(content int64) ([]ledger.HandTag, error) {
	return handTags(t.ctx, t.tx, content)
}

// AddHandTag implements ledger.HandsTx.
func (t *tx) AddHandTag(h ledger.HandTag) error {
	_, err := t.exec(`INSERT INTO hand_tags (content, tag, given, who, at) VALUES ($1, $2, $3, $4, $5)`, h.Content, h.Tag, h.Set, h.Who, toMillis(h.At))
	return err
}

// AddActionMark implements ledger.HandsTx.
func (t *tx) AddActionMark(m ledger.ActionMark) error {
	_, err := t.exec(`INSERT INTO action_marks (content, key, text, evidence, done, who, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		m.Content, m.Key, m.Text, m.Evidence, m.Done, m.Who, toMillis(m.At))
	return err
}

// AddEdit implements ledger.HandsTx.
func (t *tx) AddEdit(e ledger.Edit) error {
	_, err := t.exec(`INSERT INTO minutes_edits (content, minutes, base, who, at) VALUES ($1, $2, $3, $4, $5)`, e.Content, e.Minutes, e.Base, e.Who, toMillis(e.At))
	return err
}

// SetWritten implements ledger.HandsTx.
func (t *tx) SetWritten(meetings map[int64]int64) error {
	if _, err := t.exec(`DELETE FROM written_minutes`); err != nil {
		return err
	}
	contents := make([]int64, 0, len(meetings))
	for c := range meetings {
		contents = append(contents, c)
	}
	slices.Sort(contents)
	for _, c := range contents {
		if _, err := t.exec(`INSERT INTO written_minutes (content, meeting) VALUES ($1, $2)`, c, meetings[c]); err != nil {
			return err
		}
	}
	return nil
}

// dumpedHand is what people decided of a content, as a dump has it: what holds,
// without times.
type dumpedHand struct {
	Tags  []string `json:"tags"` // +set and -taken away
	Done  []string `json:"done"` // words of the action items that are done
	Edits int      `json:"edits"`
}

// byHandOf collects it for all contents: there are few.
func (l *Ledger) byHandOf(ctx context.Context) (map[int64]*dumpedHand, error) {
	out := map[int64]*dumpedHand{}
	of := func(content int64) *dumpedHand {
		if out[content] == nil {
			out[content] = &dumpedHand{Tags: []string{}, Done: []string{}}
		}
		return out[content]
	}
	err := each(ctx, l.read, func(row scanner) error {
		var content int64
		var tag string
		var given bool
		err := row.Scan(&content, &tag, &given)
		sign := "-"
		if given {
			sign = "+"
		}
		of(content).Tags = append(of(content).Tags, sign+tag)
		return err
	}, `SELECT content, tag, given FROM hand_tags WHERE id IN (SELECT MAX(id) FROM hand_tags GROUP BY content, tag)`)
	if err != nil {
		return nil, err
	}
	err = each(ctx, l.read, func(row scanner) error {
		var content int64
		var text string
		err := row.Scan(&content, &text)
		of(content).Done = append(of(content).Done, text)
		return err
	}, `SELECT content, text FROM action_marks WHERE done=1 AND id IN (SELECT MAX(id) FROM action_marks GROUP BY content, key)`)
	if err != nil {
		return nil, err
	}
	err = each(ctx, l.read, func(row scanner) error {
		var content int64
		var n int
		err := row.Scan(&content, &n)
		of(content).Edits = n
		return err
	}, `SELECT content, COUNT(*) FROM minutes_edits GROUP BY content`)
	for _, h := range out {
		slices.Sort(h.Tags)
		slices.Sort(h.Done)
	}
	return out, err
}
