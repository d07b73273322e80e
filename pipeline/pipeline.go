package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"guidang/config"
	"guidang/extractors"
	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/ledger/sqlite"
	"guidang/pipeline/minutes"
	"guidang/pipeline/queue"
	"guidang/pipeline/sandbox"
	"guidang/pipeline/source"
	"guidang/pipeline/store"
	"guidang/pipeline/terms"
)

// Archive is an open data directory: the one place where ledger, store, index
// and queue meet. All methods are safe for concurrent use.
type Archive struct {
	cfg *config.Config
	dir string
	log *slog.Logger

	lock     *os.File
	ledger   ledger.Ledger
	store    *store.Local
	derived  *store.Derived
	engine   index.Engine
	searcher *index.Searcher
	queue    *queue.Queue
	feed     *feed
	guard    store.Guard

	formats   []document.Format
	reader    sandbox.Reader
	limits    document.Limits
	passwords []string
	settle    time.Duration
	glossary  []string
	rules     []terms.Rule
	minutes   minutes.Maker

	progress *Progress
	running  chan struct{} // holds one: runs never overlap
	stalled  atomic.Bool   // jobs were given up, so the queue lacks what the ledger has still to read
	failed   chan error    // what ends a run: the program's or the database's fault
	full     chan error    // the disk guard's word
	stop     context.CancelFunc
	done     sync.WaitGroup

	mu      sync.Mutex
	sources map[string]source.Source // opened in this process, by name
}

// Open opens the data directory of cfg and makes it if create is set. It takes
// the directory's lock (ErrLocked), puts what a killed process left undone
// back into the queue and begins to work.
func Open(ctx context.Context, cfg *config.Config, log *slog.Logger, create bool) (_ *Archive, err error) {
	a := &Archive{
		cfg: cfg, dir: cfg.Data, log: log, progress: &Progress{}, failed: make(chan error, 1), full: make(chan error, 1),
		sources: map[string]source.Source{}, running: make(chan struct{}, 1),
	}
	if err := a.makeDir(create); err != nil {
		return nil, err
	}
	defer func() { //nolint:contextcheck // closing outlives what was stopped
		if err != nil {
			_ = a.Close()
		}
	}()
	if a.lock, err = lockDir(a.dir); err != nil {
		return nil, err
	}
	if err = a.prepare(); err != nil { //nolint:contextcheck // readers live as long as the archive
		return nil, err
	}
	if err = a.openStores(ctx); err != nil {
		return nil, err
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	if err = a.openQueue(work); err != nil {
		return nil, err
	}
	a.feed = newFeed(a)
	for _, run := range []func(context.Context){a.feed.run, a.resume} {
		a.done.Go(func() { run(work) })
	}
	a.feed.wake()
	return a, nil
}

func (a *Archive) makeDir(create bool) error {
	if _, err := os.Stat(filepath.Join(a.dir, "ledger.db")); errors.Is(err, os.ErrNotExist) && !create {
		return fmt.Errorf("%w (%s)", ErrNotInitialised, a.dir)
	}
	// What was spooled there belongs to a process that is no more.
	err := os.MkdirAll(filepath.Join(a.dir, "tmp"), 0o700)
	if err == nil {
		return nil
	}
	if st, statErr := os.Stat(a.dir); create && (statErr != nil || !st.IsDir()) {
		return fmt.Errorf("%w: %w", ErrCannotMake, err)
	}
	return fmt.Errorf("data directory: %w", err)
}

// prepare reads what settings name.
func (a *Archive) prepare() error {
	settings, err := newReading(a.cfg, a.dir)
	if err != nil {
		return err
	}
	a.formats, a.limits, a.passwords = settings.formats, settings.limits, settings.passwords
	a.glossary, a.rules, a.minutes = settings.glossary, terms.DefaultRules(), minutes.NewOffline()
	a.settle = a.cfg.SettleTime
	a.guard = store.Guard{Path: a.dir, MinFree: a.cfg.Disk.MinFree}
	a.reader, err = newReader(a.cfg, a.formats, filepath.Join(a.dir, "tmp"), filepath.Join(a.dir, "cache"), a.cfg.Workers, a.log)
	return err
}

func (a *Archive) openStores(ctx context.Context) (err error) {
	if a.store, err = store.NewLocal(filepath.Join(a.dir, "store")); err != nil {
		return err
	}
	if a.derived, err = a.openDerived(); err != nil { //nolint:contextcheck // a local file that nobody else writes: nothing to wait for
		return err
	}
	l, err := sqlite.Open(ctx, filepath.Join(a.dir, "ledger.db"))
	if err != nil {
		return err
	}
	a.ledger = l
	if err := a.openEngine(ctx); err != nil {
		return err
	}
	a.searcher = index.NewSearcher(engineOf{a}, texts{a.derived}, describer{a})
	return nil
}

// openDerived opens the kept results. They can be made again, so a damaged file
// is set aside and a new one begun.
func (a *Archive) openDerived() (*store.Derived, error) {
	path := filepath.Join(a.dir, "derived.db")
	d, err := store.OpenDerived(path)
	if !errors.Is(err, store.ErrDerivedCorrupt) {
		return d, err
	}
	suffix := ".corrupt-" + time.Now().Format("20060102-150405")
	a.log.Warn("the kept results are damaged and set aside; `guidang reconcile --repair` makes them again", "aside", path+suffix, "error", err)
	for _, part := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+part, path+suffix+part); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return store.OpenDerived(path)
}

// openQueue opens the queue, empty, and fills it from the ledger.
func (a *Archive) openQueue(ctx context.Context) error {
	db, err := sqlite.OpenDB(filepath.Join(a.dir, "ledger.db"), 1, false)
	if err != nil {
		return err
	}
	workers := a.cfg.Workers
	a.queue, err = queue.Open(ctx, db, queue.Handlers{Read: a.readItems, Slice: a.readSlice, Night: a.night, Failed: a.fail, Quiet: fullDisk},
		queue.Options{Workers: workers, Logger: queueLog(a.log)})
	if err != nil {
		return err
	}
	if err := a.refill(ctx); err != nil {
		return err
	}
	return a.queue.Start(ctx)
}

// refill enqueues everything that the ledger says is still to be read.
func (a *Archive) refill(ctx context.Context) error {
	var todo []*ledger.Item
	if err := a.ledger.Todo(ctx, func(i *ledger.Item) error {
		todo = append(todo, i)
		return nil
	}); err != nil {
		return err
	}
	slices, err := a.ledger.Slices(ctx)
	if err != nil {
		return err
	}
	jobs := batches(todo)
	for _, s := range slices {
		jobs = append(jobs, queue.Job{Slice: s.ID, Priority: queue.First})
	}
	a.progress.Todo.Add(int64(len(todo)))
	for _, i := range todo {
		a.progress.TodoBytes.Add(i.Size)
	}
	if len(jobs) == 0 {
		return nil
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return a.queue.Enqueue(ctx, tx.Raw(), jobs...) })
}

// Close stops the work and gives the data directory free. What was being read
// is read again next time. Safe to call twice.
func (a *Archive) Close() error {
	var errs []error
	if a.stop != nil {
		a.stop()
	}
	if a.queue != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		errs = append(errs, a.queue.Stop(ctx))
		cancel()
		a.queue = nil
	}
	a.done.Wait()
	if a.reader != nil {
		errs = append(errs, a.reader.Close())
		a.reader = nil
	}
	if a.engine != nil {
		errs = append(errs, a.engine.Close())
		a.engine = nil
	}
	if a.ledger != nil {
		errs = append(errs, a.ledger.Close())
		a.ledger = nil
	}
	if a.derived != nil {
		errs = append(errs, a.derived.Close())
		a.derived = nil
	}
	if a.lock != nil {
		errs = append(errs, a.lock.Close())
		a.lock = nil
	}
	return errors.Join(errs...)
}

// Run is what to do in one pass over sources.
type Run struct {
	Kind    string   // ingest or nightly
	Sources []string // names of configured sources; empty: all
	Paths   []string // files and folders given by hand, instead of sources
	Verify  bool     // read files again that seem unchanged
}

// Ingest is one run from top to bottom: find what is new, read it, make
// minutes of meetings, settle which twin is the original, wait for the index.
// It ends when every item found is in a final or a waiting state.
func (a *Archive) Ingest(ctx context.Context, r Run) (*Account, error) {
	places, err := a.places(ctx, r)
	if err != nil {
		return nil, err
	}
	record := &ledger.Run{Kind: r.Kind}
	for _, p := range places {
		record.Sources = append(record.Sources, p.source.Name())
	}
	return a.run(ctx, record, places, r.Verify)
}

// run keeps the record of a run around its pass.
func (a *Archive) run(ctx context.Context, record *ledger.Run, places []place, verify bool) (*Account, error) {
	if err := a.begin(ctx); err != nil {
		return nil, err
	}
	defer a.end()
	began := time.Now()
	if err := a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.BeginRun(record) }); err != nil {
		return nil, err
	}
	a.progress.begin(began)
	if err := a.unstall(ctx); err != nil {
		return nil, err
	}
	outcome, runErr := a.pass(ctx, places, verify)
	// The account is written even if the run was interrupted: it says so.
	account, err := a.account(context.WithoutCancel(ctx), record, began, outcome)
	if err != nil {
		return nil, errors.Join(runErr, err)
	}
	return account, runErr
}

// begin waits until no other run goes on, or its own is given up.
func (a *Archive) begin(ctx context.Context) error {
	select {
	case a.running <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *Archive) end() { <-a.running }

// pass is the run itself. It returns the run's outcome.
func (a *Archive) pass(ctx context.Context, places []place, verify bool) (outcome, error) {
	out := outcome{word: Done}
	for _, p := range places {
		err := a.discover(ctx, p.source, p.root, verify, a.progress)
		switch {
		case unreachable(err):
			a.log.Warn("source cannot be reached; nothing is said of its items", "source", p.source.Name(), "error", err)
			out.unreachable = append(out.unreachable, p.source.Name())
		case err != nil:
			return out.ended(ctx, err)
		}
	}
	for _, step := range []func(context.Context) error{a.awaitRead, a.meetings, a.settleAll, a.awaitIndex} {
		if err := step(ctx); err != nil {
			return out.ended(ctx, err)
		}
	}
	return out, nil
}

// awaitRead returns when nothing is left to be read.
func (a *Archive) awaitRead(ctx context.Context) error {
	return a.await(ctx, func() (bool, error) {
		left, err := a.ledger.Unread(ctx)
		return !left, err
	})
}

// settleAll decides which of equal contents' occurrences is the original.
func (a *Archive) settleAll(ctx context.Context) error {
	for {
		n := 0
		err := a.ledger.Update(ctx, func(tx ledger.Tx) (err error) {
			n, err = tx.Settle(500)
			return err
		})
		if err != nil {
			return err
		}
		a.feed.wake()
		if n > 0 {
			continue
		}
		// Settling may have found items that have to be read from their new place.
		left, err := a.ledger.Unread(ctx)
		if err != nil || !left {
			return err
		}
		if err := a.refill(ctx); err != nil {
			return err
		}
		if err := a.awaitRead(ctx); err != nil {
			return err
		}
	}
}

// patience is how long a run waits for an engine that takes nothing. What it
// did not take stays in the outbox and is sent when it does.
const patience = time.Minute

// awaitIndex returns when the engine has confirmed everything.
func (a *Archive) awaitIndex(ctx context.Context) error {
	return a.await(ctx, func() (bool, error) {
		left, err := a.ledger.Lag(ctx)
		if err == nil && left > 0 {
			if since, why := a.feed.trouble(); why != nil && time.Since(since) > patience {
				return false, fmt.Errorf("the index takes no documents; what was read is safe and is sent as soon as it does: %w", why)
			}
		}
		return left == 0, err
	})
}

// await asks until it is so. The ledger is asked, not the queue: events can be
// lost, rows cannot.
func (a *Archive) await(ctx context.Context, ready func() (bool, error)) error {
	pause := 5 * time.Millisecond
	for {
		ok, err := ready()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-a.failed:
			return err
		case err := <-a.full:
			return err
		case <-time.After(pause):
		}
		pause = min(2*pause, 100*time.Millisecond)
	}
}

// fail ends the run in progress.
func (a *Archive) fail(err error) {
	a.stalled.Store(true)
	select {
	case a.failed <- err:
	default:
	}
}

// fullDisk says whether a full disk is to blame. The run says so once, in one
// sentence; every job that meets it would say it again.
func fullDisk(err error) bool { return errors.Is(err, store.ErrDiskFull) }

// diskFull passes on that the disk is full, so that the run stops cleanly, and
// gives the error back.
func (a *Archive) diskFull(err error) error {
	if fullDisk(err) {
		a.stalled.Store(true)
		select {
		case a.full <- err:
		default:
		}
	}
	return err
}

// unstall forgets what ended an earlier run and puts the jobs that were given
// up with it back into the queue. A job that is there twice does nothing the
// second time.
func (a *Archive) unstall(ctx context.Context) error {
	if !a.stalled.Swap(false) {
		return nil
	}
	for _, c := range []chan error{a.failed, a.full} {
		select {
		case <-c: //nolint:errcheck // forgotten on purpose
		default:
		}
	}
	return a.refill(ctx)
}

// resumeEvery is how often a process that ran out of disk looks for room.
const resumeEvery = 15 * time.Second

// resume goes on with a run that a full disk stopped, as soon as there is room.
func (a *Archive) resume(ctx context.Context) {
	tick := time.NewTicker(resumeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !a.stalled.Load() || a.guard.Check() != nil || len(a.running) > 0 {
			continue
		}
		a.log.Info("there is room on the disk again; going on")
		if _, err := a.finishRun(ctx, "resume"); err != nil && ctx.Err() == nil {
			a.log.Warn("could not go on", "error", err)
		}
	}
}

// night is the handler of scheduled runs. A night in which nothing was new is
// used for what a newer reader would read better.
func (a *Archive) night(ctx context.Context, sources []string) error {
	account, err := a.Ingest(ctx, Run{Kind: "nightly", Sources: sources})
	if err != nil {
		return err
	}
	if err := a.tell(account); err != nil || len(account.Changed) > 0 || account.Outcome != Done {
		return err
	}
	if n, err := a.outdated(ctx, nil); err != nil || n == 0 {
		return err
	}
	account, _, err = a.Retry(ctx, Retry{Outdated: true})
	if err != nil {
		return err
	}
	return a.tell(account)
}

// tell logs the account of a run that nobody waits for.
func (a *Archive) tell(account *Account) error {
	line, err := json.Marshal(account)
	if err != nil {
		return err
	}
	a.log.Info("run finished", "account", json.RawMessage(line))
	return nil
}

// references says whether an item's bytes stay where they are and are only
// hashed.
func (a *Archive) references(i *ledger.Item) bool {
	switch a.originals(i.Source) {
	case "reference":
		return true
	case "copy":
		return false
	}
	return priority(i) == queue.Slow && i.Size > a.cfg.OriginalsReferenceOver
}

// reading settings that `extract` needs too, without a data directory.
type readingSettings struct {
	formats   []document.Format
	limits    document.Limits
	passwords []string
	glossary  []string
}

func newReading(cfg *config.Config, cache string) (*readingSettings, error) {
	s := &readingSettings{
		formats:   extractors.All(extractors.Options{CacheDir: filepath.Join(cache, "cache")}),
		limits:    document.Limits(cfg.Limits).WithDefaults(),
		passwords: cfg.Passwords,
	}
	var err error
	if cfg.Terms.Glossary != "" {
		s.glossary, err = readLines(cfg.Terms.Glossary)
	}
	return s, err
}

// queueLog is what of River's own log is worth telling: its errors. That it
// works is told by the ledger.
func queueLog(log *slog.Logger) *slog.Logger { return slog.New(quieter{log.Handler()}) }

type quieter struct{ slog.Handler }

func (q quieter) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

func (q quieter) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quieter{q.Handler.WithAttrs(attrs)}
}

func (q quieter) WithGroup(name string) slog.Handler { return quieter{q.Handler.WithGroup(name)} }
