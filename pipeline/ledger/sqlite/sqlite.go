// Package sqlite keeps the ledger in one SQLite file: write-ahead log, one
// writing connection, a small pool of reading ones.
package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"

	_ "modernc.org/sqlite" // the driver

	"guidang/pipeline/ledger"
)

//go:embed migrations/*.sql
var migrations embed.FS

// readers is how many connections answer questions while the writer works.
const readers = 4

// Ledger is a ledger in one SQLite file.
type Ledger struct {
	id    string
	path  string
	write *sql.DB // one connection: there is one writer
	read  *sql.DB
	stmts map[string]*sql.Stmt // on write
	asks  map[string]*sql.Stmt // on read
	done  atomic.Int64         // transactions, since it was opened
	run   atomic.Int64         // the run in progress, for events
	sums  sums
}

var _ ledger.Ledger = (*Ledger)(nil)

// Open opens the ledger at path and makes it if there is none. The caller
// holds the data directory's lock. A ledger of a newer schema is refused with
// ledger.ErrNewer.
func Open(ctx context.Context, path string) (*Ledger, error) {
	l := &Ledger{path: path}
	var err error
	if l.write, err = OpenDB(path, 1, false); err != nil {
		return nil, err
	}
	if err = l.migrate(ctx); err == nil {
		err = l.identify(ctx)
	}
	if err == nil {
		l.stmts, err = prepare(ctx, l.write, hot)
	}
	if err == nil {
		l.read, err = OpenDB(path, readers, true)
	}
	if err == nil {
		l.asks, err = prepare(ctx, l.read, asked)
	}
	if err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("ledger %s: %w", path, err)
	}
	return l, nil
}

// OpenDB opens a pool on the ledger's file with the settings that all users of
// the file share. The queue opens its own with it.
func OpenDB(path string, conns int, queryOnly bool) (*sql.DB, error) {
	// synchronous=NORMAL: a power failure may lose the last commits but corrupts
	// nothing, and what is lost is read again, since no source is ever changed.
	// A checkpoint every 64 MB and not every 32: pages that hashes fall on are
	// written again and again, and so only half as often to the file itself.
	q := url.Values{"_pragma": {"journal_mode(WAL)", "busy_timeout(10000)", "synchronous(NORMAL)", "wal_autocheckpoint(16000)", "journal_size_limit(67108864)"}, "_txlock": {"immediate"}}
	if queryOnly {
		q["_pragma"] = append(q["_pragma"], "query_only(1)", "cache_size(-8000)")
		q.Set("_txlock", "deferred")
	} else {
		// What a slice of mails writes is more than 8 MB once the ledger is large,
		// and pages that do not fit go to the log and come back: 6 % of the CPU of
		// 100,000 mails.
		q["_pragma"] = append(q["_pragma"], "cache_size(-32000)")
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// ID implements ledger.Ledger.
func (l *Ledger) ID() string { return l.id }

// Path is the ledger's file.
func (l *Ledger) Path() string { return l.path }

// Close implements ledger.Ledger.
func (l *Ledger) Close() error {
	var errs []error
	for _, stmts := range []map[string]*sql.Stmt{l.stmts, l.asks} {
		for _, s := range stmts {
			errs = append(errs, s.Close())
		}
	}
	l.stmts, l.asks = nil, nil
	for _, db := range []*sql.DB{l.read, l.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// identify reads the ledger's id, or gives it one for ever.
func (l *Ledger) identify(ctx context.Context) error {
	var raw [8]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return err
	}
	_, err := l.write.ExecContext(ctx, `INSERT INTO ledger (key, value) VALUES ('id', $1) ON CONFLICT DO NOTHING`, hex.EncodeToString(raw[:]))
	if err != nil {
		return err
	}
	return l.write.QueryRowContext(ctx, `SELECT value FROM ledger WHERE key = 'id'`).Scan(&l.id)
}

// Update implements ledger.Ledger.
func (l *Ledger) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	t, err := l.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	l.sums.begin()
	if err := fn(&tx{ctx: ctx, l: l, tx: t, own: map[string]*sql.Stmt{}, fresh: map[int64]ledger.Content{}}); err != nil {
		_ = t.Rollback()
		return err
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	l.done.Add(1)
	return nil
}
