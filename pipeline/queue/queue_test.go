package queue

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"
	_ "modernc.org/sqlite" // the driver
)

// open gives a started queue on a database of its own.
func open(t *testing.T, path string, h Handlers) (*Queue, *sql.DB) {
	t.Helper()
	dsn := "file:" + path + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_txlock=immediate"
	own, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	own.SetMaxOpenConns(1)
	q, err := Open(t.Context(), own, h, Options{Workers: 2, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	ledger.SetMaxOpenConns(1)
	t.Cleanup(func() {
		_ = q.Stop(context.Background())
		_ = ledger.Close()
	})
	return q, ledger
}

func enqueue(t *testing.T, q *Queue, db *sql.DB, commit bool, jobs ...Job) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Enqueue(t.Context(), tx, jobs...); err != nil {
		t.Fatal(err)
	}
	if commit {
		err = tx.Commit()
	} else {
		err = tx.Rollback()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 500 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("not within 5 s: %s", what)
}

func TestJobsFollowTheirTransaction(t *testing.T) {
	t.Parallel()
	var read, slices atomic.Int64
	q, db := open(t, filepath.Join(t.TempDir(), "l.db"), Handlers{
		Read:  func(_ context.Context, items []int64) error { read.Add(int64(len(items))); return nil },
		Slice: func(_ context.Context, id int64) error { slices.Add(id); return nil },
	})
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	enqueue(t, q, db, false, Job{Items: []int64{7, 8, 9}, Priority: First})
	enqueue(t, q, db, true, Job{Items: []int64{1, 2}, Priority: First}, Job{Slice: 40, Priority: Slow})
	eventually(t, "both committed jobs are worked", func() bool { return read.Load() == 2 && slices.Load() == 40 })
}

func TestOpenDropsWhatWasQueued(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "l.db")
	var read atomic.Int64
	h := Handlers{Read: func(_ context.Context, items []int64) error { read.Add(int64(len(items))); return nil }}
	q, db := open(t, path, h)
	enqueue(t, q, db, true, Job{Items: []int64{1}, Priority: First}) // never started: left behind as by a crash
	if err := q.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	q, db = open(t, path, h)
	if q.Rebuilt() {
		t.Error("whole tables were taken for damaged ones")
	}
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	enqueue(t, q, db, true, Job{Items: []int64{2, 3}, Priority: First})
	eventually(t, "the new job is worked", func() bool { return read.Load() >= 2 })
	if n := read.Load(); n != 2 {
		t.Errorf("worked %d items, want the 2 enqueued after opening", n)
	}
}

func TestDamagedTablesAreMadeAnew(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "l.db")
	q, db := open(t, path, Handlers{})
	if _, err := db.ExecContext(t.Context(), `DROP TABLE river_job`); err != nil {
		t.Fatal(err)
	}
	if err := q.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	var read atomic.Int64
	q, db = open(t, path, Handlers{Read: func(context.Context, []int64) error { read.Add(1); return nil }})
	if !q.Rebuilt() {
		t.Error("the queue does not say that its tables were damaged")
	}
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	enqueue(t, q, db, true, Job{Items: []int64{1}, Priority: First})
	eventually(t, "the job is worked", func() bool { return read.Load() == 1 })
}

func TestFailingJobIsToldAfterItsLastAttempt(t *testing.T) {
	t.Parallel()
	var attempts atomic.Int64
	failed := make(chan error, 1)
	q, db := open(t, filepath.Join(t.TempDir(), "l.db"), Handlers{
		Slice:  func(context.Context, int64) error { attempts.Add(1); return sql.ErrConnDone },
		Failed: func(err error) { failed <- err },
	})
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	enqueue(t, q, db, true, Job{Slice: 1, Priority: First})
	select {
	case <-failed:
		if n := attempts.Load(); n != maxAttempts {
			t.Errorf("told after %d attempts, want %d", n, maxAttempts)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("nobody was told")
	}
}

func TestQuietErrorsStayOutOfTheLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	told := 0
	f := &failures{
		failed: func(error) { told++ },
		quiet:  func(err error) bool { return errors.Is(err, sql.ErrTxDone) },
		log:    slog.New(slog.NewTextHandler(&log, nil)),
	}
	job := &rivertype.JobRow{Kind: "read", Attempt: maxAttempts, MaxAttempts: maxAttempts}
	f.HandleError(t.Context(), job, sql.ErrTxDone)
	if log.Len() > 0 || told != 1 {
		t.Errorf("a quiet error is logged or not told (%d): %s", told, &log)
	}
	f.HandleError(t.Context(), job, sql.ErrConnDone)
	if !bytes.Contains(log.Bytes(), []byte("job failed")) || told != 2 {
		t.Errorf("another error is not logged or not told (%d): %s", told, &log)
	}
}
