package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// putStatements are prepared on the writing connection.
type putStatements struct {
	result, find, add, empty, passage *sql.Stmt
}

func (p *putStatements) prepare(ctx context.Context, db *sql.DB) (err error) {
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&p.result, `INSERT INTO result (sum, fingerprint, data) VALUES (?, ?, ?) ON CONFLICT (sum, fingerprint) DO UPDATE SET data = excluded.data`},
		{&p.find, `SELECT id FROM document WHERE name = ?`},
		{&p.add, `INSERT INTO document (name) VALUES (?)`},
		{&p.empty, `DELETE FROM passage WHERE id BETWEEN ? AND ?`},
		{&p.passage, `INSERT INTO passage (id, text) VALUES (?, ?)`},
	} {
		if *s.to, err = db.PrepareContext(ctx, s.text); err != nil {
			return err
		}
	}
	return nil
}

// Put keeps results and passages, all or none. A result of the same original
// and fingerprint, and the passages of the same document, are replaced.
func (d *Derived) Put(ctx context.Context, results []Result, passages []DocumentPassages) error {
	if len(results) == 0 && len(passages) == 0 {
		return nil
	}
	p := d.Pack()
	for _, r := range results {
		if err := errors.Join(ctx.Err(), p.Result(r)); err != nil {
			return fmt.Errorf("derived results: %w", err)
		}
	}
	for _, doc := range passages {
		err := p.Passages(doc.Document, len(doc.Texts), func(n int) string { return doc.Texts[n] })
		if err = errors.Join(ctx.Err(), err); err != nil {
			return fmt.Errorf("derived results: %w", err)
		}
	}
	return d.PutPacked(ctx, p)
}

// PutPacked is Put of what was packed.
func (d *Derived) PutPacked(ctx context.Context, p *Packed) error {
	if len(p.results) == 0 && len(p.passages) == 0 {
		return nil
	}
	if err := d.store(ctx, p); err != nil {
		return fmt.Errorf("derived results: %w", derivedError(err))
	}
	return nil
}

// Packed gathers what is to be put, compressed as it comes: whoever puts the results
// of a thousand mails, or of one text of 30 MB, need not hold them all as they are,
// and the transaction is as short as it can be.
type Packed struct {
	d        *Derived
	results  []Result
	passages []packedPassages
}

// Pack begins to gather.
func (d *Derived) Pack() *Packed { return &Packed{d: d} }

type packedPassages struct {
	document string
	texts    [][]byte
}

// Result adds a result.
func (p *Packed) Result(r Result) error {
	if len(r.Data) > maxResult {
		return fmt.Errorf("%s of %s has %d bytes, %d is the most", r.Fingerprint, r.Sum, len(r.Data), maxResult)
	}
	r.Data = p.d.enc.EncodeAll(r.Data, []byte{})
	p.results = append(p.results, r)
	return nil
}

// Passages adds all passages of a document, which text gives one by one.
func (p *Packed) Passages(document string, n int, text func(n int) string) error {
	if n > maxSeq {
		return fmt.Errorf("document %s has %d passages, %d is the most", document, n, maxSeq)
	}
	texts := make([][]byte, n)
	for i := range texts {
		texts[i] = p.d.quick.EncodeAll([]byte(text(i)), []byte{})
	}
	p.passages = append(p.passages, packedPassages{document, texts})
	return nil
}

func (d *Derived) store(ctx context.Context, p *Packed) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	// The driver starts a goroutine and a progress handler for each statement of
	// a context that can end; the transaction is short, so it runs to its end.
	if err := d.fill(context.WithoutCancel(ctx), tx, p); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func (d *Derived) fill(ctx context.Context, tx *sql.Tx, p *Packed) error {
	result := tx.StmtContext(ctx, d.put.result)
	for _, r := range p.results {
		if _, err := result.ExecContext(ctx, r.Sum[:], r.Fingerprint, r.Data); err != nil {
			return err
		}
	}
	find, add := tx.StmtContext(ctx, d.put.find), tx.StmtContext(ctx, d.put.add)
	empty, passage := tx.StmtContext(ctx, d.put.empty), tx.StmtContext(ctx, d.put.passage)
	for _, doc := range p.passages {
		var id int64
		err := find.QueryRowContext(ctx, doc.document).Scan(&id)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			var made sql.Result
			if made, err = add.ExecContext(ctx, doc.document); err == nil {
				id, err = made.LastInsertId()
			}
		case err == nil:
			_, err = empty.ExecContext(ctx, id<<seqBits, id<<seqBits|maxSeq)
		}
		if err != nil {
			return err
		}
		for n, text := range doc.texts {
			if _, err := passage.ExecContext(ctx, id<<seqBits|int64(n), text); err != nil {
				return err
			}
		}
	}
	return nil
}
