// Package queue runs the pipeline's work as durable jobs on River. Only this
// package knows River.
//
// The queue is disposable: the ledger is the truth about what is still to do.
// On one machine the queue's tables are emptied at every start and filled from
// the ledger, so there is one path, always used, and a killed process goes on
// at once instead of waiting for River to rescue stuck jobs.
package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	"github.com/robfig/cron/v3"
)

// Handlers do the work. Each must be safe to call twice with the same
// argument, must look into the ledger for what is really left to do, and must
// watch its context. An error is tried again twice, then told to Failed.
type Handlers struct {
	Read  func(ctx context.Context, items []int64) error    // a batch of items
	Slice func(ctx context.Context, slice int64) error      // a part of a container
	Night func(ctx context.Context, sources []string) error // a scheduled run
	// Failed is told of a job that failed for good: the program's or the
	// database's fault, never an item's, since those are states in the ledger.
	Failed func(error)
	// Quiet says which errors of jobs are told elsewhere and stay out of the
	// log. It may be nil.
	Quiet func(error) bool
}

// Options of a queue.
type Options struct {
	Workers int // jobs at the same time
	Logger  *slog.Logger
}

// Priority of a job; lower is sooner. Text becomes searchable before slow work
// begins.
type Priority int

// Priorities.
const (
	First  Priority = 1 // mail, text, office files
	Normal Priority = 2
	Slow   Priority = 4 // recordings, large files
)

// Job is work to enqueue: exactly one of the fields is set.
type Job struct {
	Items    []int64
	Slice    int64
	Priority Priority
}

const (
	// A container's slice or a batch takes seconds; the limit only ends what hangs
	// in spite of the extractors' own limits.
	jobTimeout  = 2 * time.Hour
	maxAttempts = 3
	nightQueue  = "night" // one at a time: runs never overlap
)

// Queue is a running or stopped queue.
type Queue struct {
	db      *sql.DB
	client  *river.Client[*sql.Tx]
	started bool
	rebuilt bool
}

// Open opens the queue in the ledger's file through its own pool of one
// connection, which the queue closes. Whatever was queued before is dropped.
func Open(ctx context.Context, db *sql.DB, h Handlers, opt Options) (*Queue, error) {
	q := &Queue{db: db}
	driver := riversqlite.New(db)
	if err := q.migrate(ctx, driver, opt.Logger); err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &readWorker{read: h.Read})
	river.AddWorker(workers, &sliceWorker{slice: h.Slice})
	river.AddWorker(workers, &nightWorker{night: h.Night})
	client, err := river.NewClient(driver, &river.Config{
		Queues: map[string]river.QueueConfig{
			// The default cooldown of 100 ms would leave workers idle between jobs that
			// take as long themselves. New jobs are told by a notification within 50 ms;
			// the poll is for one that was lost, and is what an idle process costs.
			river.QueueDefault: {MaxWorkers: max(opt.Workers, 1), FetchCooldown: 5 * time.Millisecond, FetchPollInterval: 2 * time.Second},
			nightQueue:         {MaxWorkers: 1, FetchPollInterval: 10 * time.Second},
		},
		Workers:              workers,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: jobTimeout + time.Hour,
		MaxAttempts:          maxAttempts,
		RetryPolicy:          retrySoon{},
		ErrorHandler:         &failures{failed: h.Failed, quiet: h.Quiet, log: opt.Logger},
		SoftStopTimeout:      500 * time.Millisecond,
		Logger:               opt.Logger,
	})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	q.client = client
	return q, nil
}

// emptied are the tables that hold work; the rest of River's is its schema.
var emptied = []string{"river_job", "river_leader", "river_queue"}

// migrate makes the queue's tables, or empties them. Tables that are there in
// part were damaged: they are dropped and made anew, which costs nothing.
func (q *Queue) migrate(ctx context.Context, driver *riversqlite.Driver, log *slog.Logger) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return err
	}
	have, err := q.tables(ctx)
	if err != nil {
		return err
	}
	whole := 0
	for _, table := range append([]string{"river_migration"}, emptied...) {
		if have[table] {
			whole++
		}
	}
	switch {
	case whole > len(emptied):
		for _, table := range emptied {
			if _, err := q.db.ExecContext(ctx, `DELETE FROM `+table); err != nil { //nolint:gosec // a constant list
				return err
			}
		}
	case len(have) > 0:
		q.rebuilt = true
		for table := range have {
			if _, err := q.db.ExecContext(ctx, `DROP TABLE "`+table+`"`); err != nil {
				return err
			}
		}
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func (q *Queue) tables(ctx context.Context) (map[string]bool, error) {
	rows, err := q.db.QueryContext(ctx, `SELECT name FROM sqlite_schema WHERE type='table' AND name LIKE 'river\_%' ESCAPE '\'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out[name] = true
	}
	return out, rows.Err()
}

// Rebuilt says whether the queue's tables were found damaged and made anew.
func (q *Queue) Rebuilt() bool { return q.rebuilt }

// Start begins to work. The context's end stops the work within moments.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.client.Start(ctx); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	q.started = true
	return nil
}

// Stop ends the work: running jobs get a moment, then their contexts end. What
// they had not committed is found again from the ledger. Safe to call twice.
func (q *Queue) Stop(ctx context.Context) error {
	var err error
	if q.started {
		q.started = false
		err = q.client.StopAndCancel(ctx)
	}
	return errors.Join(err, q.db.Close())
}

// Enqueue adds jobs within the ledger's transaction (ledger.Tx.Raw).
func (q *Queue) Enqueue(ctx context.Context, raw any, jobs ...Job) error {
	tx, ok := raw.(*sql.Tx)
	if !ok {
		return fmt.Errorf("queue: cannot enqueue within a %T", raw)
	}
	params := make([]river.InsertManyParams, len(jobs))
	for n, j := range jobs {
		var args river.JobArgs = readArgs{Items: j.Items}
		if j.Slice != 0 {
			args = sliceArgs{Slice: j.Slice}
		}
		params[n] = river.InsertManyParams{Args: args, InsertOpts: &river.InsertOpts{Priority: int(j.Priority)}}
	}
	_, err := q.client.InsertManyFastTx(ctx, tx, params)
	return err
}

// Night enqueues a scheduled run at once, as for a night that was missed.
func (q *Queue) Night(ctx context.Context, sources []string) error {
	_, err := q.client.Insert(ctx, nightArgs{Sources: sources}, &river.InsertOpts{Queue: nightQueue})
	return err
}

// Schedule fires a run of the sources by a cron schedule for as long as the
// queue works. River keeps no memory of it: whoever starts the queue compares
// the last run with the schedule and catches up by Night.
func (q *Queue) Schedule(schedule cron.Schedule, sources []string) {
	q.client.PeriodicJobs().Add(river.NewPeriodicJob(schedule, func() (river.JobArgs, *river.InsertOpts) {
		return nightArgs{Sources: sources}, &river.InsertOpts{Queue: nightQueue}
	}, nil))
}

type readArgs struct {
	Items []int64 `json:"items"`
}

func (readArgs) Kind() string { return "read" }

type readWorker struct {
	river.WorkerDefaults[readArgs]
	read func(context.Context, []int64) error
}

func (w *readWorker) Work(ctx context.Context, job *river.Job[readArgs]) error {
	return w.read(ctx, job.Args.Items)
}

type sliceArgs struct {
	Slice int64 `json:"slice"`
}

func (sliceArgs) Kind() string { return "slice" }

type sliceWorker struct {
	river.WorkerDefaults[sliceArgs]
	slice func(context.Context, int64) error
}

func (w *sliceWorker) Work(ctx context.Context, job *river.Job[sliceArgs]) error {
	return w.slice(ctx, job.Args.Slice)
}

type nightArgs struct {
	Sources []string `json:"sources"`
}

func (nightArgs) Kind() string { return "night" }

type nightWorker struct {
	river.WorkerDefaults[nightArgs]
	night func(context.Context, []string) error
}

func (w *nightWorker) Work(ctx context.Context, job *river.Job[nightArgs]) error {
	return w.night(ctx, job.Args.Sources)
}

// Timeout: a migration's first run may take days.
func (w *nightWorker) Timeout(*river.Job[nightArgs]) time.Duration { return 30 * 24 * time.Hour }

// retrySoon tries a failed job again after seconds: what fails here is the
// database or the program, and River's own policy would wait for days.
type retrySoon struct{}

func (retrySoon) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(time.Duration(job.Attempt) * time.Second)
}

// failures logs every error that is not quiet and tells Failed of the last one.
type failures struct {
	failed func(error)
	quiet  func(error) bool
	log    *slog.Logger
}

func (f *failures) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return nil
	}
	if f.quiet == nil || !f.quiet(err) {
		f.log.Warn("job failed", "kind", job.Kind, "attempt", job.Attempt, "error", err)
	}
	if job.Attempt >= job.MaxAttempts && f.failed != nil {
		f.failed(err)
	}
	return nil
}

func (f *failures) HandlePanic(_ context.Context, job *rivertype.JobRow, panicVal any, trace string) *river.ErrorHandlerResult {
	f.log.Error("job panicked", "kind", job.Kind, "panic", fmt.Sprint(panicVal), "trace", trace)
	if job.Attempt >= job.MaxAttempts && f.failed != nil {
		f.failed(fmt.Errorf("a job of kind %s panicked: %v", job.Kind, panicVal))
	}
	return nil
}
