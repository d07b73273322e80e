package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"

	"github.com/klauspost/compress/zstd"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors of the file of derived results.
var (
	// ErrDerivedCorrupt: the file is damaged, or is none of ours. Nothing is lost
	// but time: put it aside, and everything in it is made again from originals.
	ErrDerivedCorrupt = errors.New("the file of derived results is damaged")
	// ErrDerivedNewer: the file was written by a newer version of this program.
	ErrDerivedNewer = errors.New("the file of derived results is of a newer version")
)

// Result is what was made from an original: a document, a transcript, minutes.
type Result struct {
	Sum         Sum    // the original it was made from
	Fingerprint string // what made it: reader and version, model, prompt, settings
	Data        []byte
}

// DocumentPassages are all passages of a document, in order. Putting them
// replaces those that were there.
type DocumentPassages struct {
	Document string
	Texts    []string
}

// PassageID names one passage: its place among those of its document.
type PassageID struct {
	Document string
	Seq      int
}

// derivedVersion is the number of the schema below, in SQLite's user_version.
const derivedVersion = 1

// A passage's id is its document's and its place in one number, so that passages
// need no index of their own and those of a document lie side by side. A plain
// table is chosen and not WITHOUT ROWID: rows of an index page spill over at a
// quarter of a page, so most passages would take a page of 4 kB each.
const derivedSchema = `
CREATE TABLE result (
	id          INTEGER PRIMARY KEY,
	sum         BLOB NOT NULL,
	fingerprint TEXT NOT NULL,
	data        BLOB NOT NULL, -- zstd
	UNIQUE (sum, fingerprint)
) STRICT;
CREATE TABLE document (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE passage (
	id   INTEGER PRIMARY KEY, -- document.id << 24 | seq
	text BLOB NOT NULL        -- zstd
) STRICT;`

const (
	seqBits = 24
	maxSeq  = 1<<seqBits - 1

	// derivedReaders is how many connections answer questions while the writer
	// works.
	derivedReaders = 3

	// maxResult bounds one result, and what a damaged frame may claim to unpack
	// to. A document has at most 64 MiB of text by default.
	maxResult = 512 << 20
)

// Derived keeps derived results in one SQLite file. Its methods are safe for
// concurrent use; writers wait for each other.
type Derived struct {
	path  string
	write *sql.DB // one connection
	read  *sql.DB
	enc   *zstd.Encoder // of results
	quick *zstd.Encoder // of passages
	dec   *zstd.Decoder
	put   putStatements
	get   getStatements

	numbers numbers

	close sync.Once
	err   error
}

// OpenDerived opens the file of derived results and makes it if there is none.
// A damaged one is ErrDerivedCorrupt, one of a newer schema ErrDerivedNewer.
func OpenDerived(path string) (*Derived, error) {
	d := &Derived{path: path}
	if err := d.open(context.Background()); err != nil {
		return nil, errors.Join(fmt.Errorf("derived results %s: %w", path, derivedError(err)), d.Close())
	}
	return d, nil
}

func (d *Derived) open(ctx context.Context) (err error) {
	// The fastest level. Measured on 715 real Chinese passages of 708 bytes each:
	// fastest 488, default 475, better 472. A dictionary of 16 kB trained on texts
	// of the same kinds gives 382 at about twice the time; 30 MB in 300,000 passages
	// are not worth a file that must never change. EncodeAll and DecodeAll are safe
	// for concurrent use.
	d.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<20))
	if err != nil {
		return err
	}
	// Passages are read by the hundred for each query and written by the million, in
	// pieces so small that their tables of codes cost more than the rest.
	d.quick, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<20), zstd.WithNoEntropyCompression(true))
	if err != nil {
		return err
	}
	d.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(derivedReaders), zstd.WithDecoderMaxMemory(maxResult))
	if err != nil {
		return err
	}
	if d.write, err = openDerivedDB(d.path, 1, false); err != nil {
		return err
	}
	if err := d.migrate(ctx); err != nil {
		return err
	}
	if d.read, err = openDerivedDB(d.path, derivedReaders, true); err != nil {
		return err
	}
	if err := d.put.prepare(ctx, d.write); err != nil {
		return err
	}
	return d.get.prepare(ctx, d.read)
}

func openDerivedDB(path string, conns int, queryOnly bool) (*sql.DB, error) {
	// synchronous=NORMAL: a power failure may lose the last commits and damages
	// nothing; what is lost is made again, since everything here can be. A
	// checkpoint is an fsync and writes pages of the indexes that will be written
	// again soon, so it comes every 64 MB and not every 4.
	q := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "wal_autocheckpoint(16000)", "journal_size_limit(67108864)"}, "_txlock": {"immediate"}}
	if queryOnly {
		q["_pragma"] = append(q["_pragma"], "query_only(1)", "cache_size(-8000)")
		q.Set("_txlock", "deferred")
	} else {
		// Sums and names fall on all pages of their indexes, which are 12 MB for
		// 100,000 mails.
		q["_pragma"] = append(q["_pragma"], "cache_size(-24000)")
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// migrate makes the tables of a new file and refuses what it does not know.
func (d *Derived) migrate(ctx context.Context) error {
	var version, tables int
	if err := d.write.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if err := d.write.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	switch {
	case version == derivedVersion:
		return nil
	case version > derivedVersion:
		return fmt.Errorf("%w: its schema is %d, this program knows %d; install the newer version again", ErrDerivedNewer, version, derivedVersion)
	case tables > 0:
		return fmt.Errorf("%w: it holds tables of something else", ErrDerivedCorrupt)
	}
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, derivedSchema); err == nil {
		_, err = tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, derivedVersion))
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Bytes is how much the results take on disk.
func (d *Derived) Bytes() (int64, error) {
	var total int64
	for _, path := range []string{d.path, d.path + "-wal"} {
		st, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("derived results: %w", err)
		}
		total += st.Size()
	}
	return total, nil
}

// Close closes the file. It is safe to call twice.
func (d *Derived) Close() error {
	d.close.Do(func() {
		var errs []error
		for _, db := range []*sql.DB{d.read, d.write} { // the last one to close checkpoints
			if db != nil {
				errs = append(errs, db.Close())
			}
		}
		if d.enc != nil {
			errs = append(errs, d.enc.Close(), d.quick.Close())
		}
		if d.dec != nil {
			d.dec.Close()
		}
		d.err = errors.Join(errs...)
	})
	return d.err
}

// derivedError puts names that callers know to the database's errors.
func derivedError(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff { // the rest is detail
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: %w", ErrDerivedCorrupt, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	default:
		return err
	}
}
