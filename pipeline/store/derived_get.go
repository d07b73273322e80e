package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// getStatements are prepared on the reading connections.
type getStatements struct {
	result, has, document, documents, passages *sql.Stmt
}

func (g *getStatements) prepare(ctx context.Context, db *sql.DB) (err error) {
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&g.result, `SELECT data FROM result WHERE sum = ? AND fingerprint = ?`},
		{&g.has, `SELECT 1 FROM result WHERE sum = ? AND fingerprint = ?`},
		{&g.document, `SELECT p.text FROM document d JOIN passage p ON p.id BETWEEN d.id << 24 AND (d.id << 24) + 16777215 WHERE d.name = ? ORDER BY p.id`},
		// A list as JSON is one statement for lists of all lengths.
		{&g.documents, `SELECT id, name FROM document WHERE name IN (SELECT value FROM json_each(?))`},
		{&g.passages, `SELECT id, text FROM passage WHERE id IN (SELECT value FROM json_each(?))`},
	} {
		if *s.to, err = db.PrepareContext(ctx, s.text); err != nil {
			return err
		}
	}
	return nil
}

// unpack unpacks a blob. One that does not unpack is damage of the file.
func (d *Derived) unpack(blob []byte) ([]byte, error) {
	out, err := d.dec.DecodeAll(blob, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDerivedCorrupt, err)
	}
	return out, nil
}

// Result gives a result back; ok is false if there is none.
func (d *Derived) Result(ctx context.Context, sum Sum, fingerprint string) (data []byte, ok bool, err error) {
	var blob []byte
	err = d.get.result.QueryRowContext(ctx, sum[:], fingerprint).Scan(&blob)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err == nil {
		data, err = d.unpack(blob)
	}
	if err != nil {
		return nil, false, fmt.Errorf("%s of %s: %w", fingerprint, sum, derivedError(err))
	}
	return data, true, nil
}

// Has says whether there is a result, without reading it.
func (d *Derived) Has(ctx context.Context, sum Sum, fingerprint string) (bool, error) {
	var one int
	err := d.get.has.QueryRowContext(ctx, sum[:], fingerprint).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s of %s: %w", fingerprint, sum, derivedError(err))
	}
	return true, nil
}

// DocumentPassages gives all passages of a document in order; none if the
// document is unknown.
func (d *Derived) DocumentPassages(ctx context.Context, document string) ([]string, error) {
	var out []string
	err := eachRow(ctx, d.get.document, document, func(rows *sql.Rows) error {
		var blob sql.RawBytes
		if err := rows.Scan(&blob); err != nil {
			return err
		}
		text, err := d.unpack(blob)
		out = append(out, string(text))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("passages of %s: %w", document, derivedError(err))
	}
	return out, nil
}

// Passages gives passages in the order asked; an unknown one is "".
func (d *Derived) Passages(ctx context.Context, ids []PassageID) ([]string, error) {
	if err := ctx.Err(); err != nil || len(ids) == 0 {
		return nil, err
	}
	out, err := d.passages(context.WithoutCancel(ctx), ids) // short, as in Put
	if err != nil {
		return nil, fmt.Errorf("passages: %w", derivedError(err))
	}
	return out, nil
}

func (d *Derived) passages(ctx context.Context, ids []PassageID) ([]string, error) {
	documents, err := d.numbersOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	wanted := make([]int64, 0, len(ids))
	key := func(id PassageID) int64 { return documents[id.Document]<<seqBits | int64(id.Seq) }
	known := func(id PassageID) bool { return documents[id.Document] != 0 && id.Seq >= 0 && id.Seq <= maxSeq }
	for _, id := range ids {
		if known(id) {
			wanted = append(wanted, key(id))
		}
	}
	list, err := json.Marshal(wanted)
	if err != nil {
		return nil, err
	}
	texts := make(map[int64]string, len(wanted))
	err = eachRow(ctx, d.get.passages, string(list), func(rows *sql.Rows) error {
		var id int64
		var blob sql.RawBytes
		if err := rows.Scan(&id, &blob); err != nil {
			return err
		}
		text, err := d.unpack(blob)
		texts[id] = string(text)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]string, len(ids))
	for n, id := range ids {
		if known(id) {
			out[n] = texts[key(id)]
		}
	}
	return out, nil
}

// numbersMost bounds how many documents' numbers are remembered, at some 60 bytes
// each.
const numbersMost = 200_000

// numbers remembers the numbers of documents, which never change. Looking them up
// was a third of what reading passages costs.
type numbers struct {
	mu sync.RWMutex
	of map[string]int64
}

func (n *numbers) get(ids []PassageID) (known map[string]int64, missing []string) {
	known = make(map[string]int64, len(ids))
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, id := range ids {
		if _, ok := known[id.Document]; ok {
			continue
		}
		number := n.of[id.Document]
		if known[id.Document] = number; number == 0 {
			missing = append(missing, id.Document)
		}
	}
	return known, missing
}

func (n *numbers) keep(name string, number int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.of == nil || len(n.of) >= numbersMost {
		n.of = map[string]int64{}
	}
	n.of[name] = number
}

// numbersOf gives the numbers of the passages' documents; 0 is none.
func (d *Derived) numbersOf(ctx context.Context, ids []PassageID) (map[string]int64, error) {
	known, missing := d.numbers.get(ids)
	if len(missing) == 0 {
		return known, nil
	}
	list, err := json.Marshal(missing)
	if err != nil {
		return nil, err
	}
	err = eachRow(ctx, d.get.documents, string(list), func(rows *sql.Rows) error {
		var id int64
		var name string
		err := rows.Scan(&id, &name)
		if err == nil {
			known[name] = id
			d.numbers.keep(name, id)
		}
		return err
	})
	return known, err
}

// eachRow calls fn for each row of a query.
func eachRow(ctx context.Context, query *sql.Stmt, arg string, fn func(*sql.Rows) error) error {
	rows, err := query.QueryContext(ctx, arg)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := fn(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
