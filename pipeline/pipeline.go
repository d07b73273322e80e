package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"guidang/config"
	"guidang/engines"
	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/ledger/sqlite"
	"guidang/pipeline/minutes"
	"guidang/pipeline/queue"
	"guidang/pipeline/sandbox"
	"guidang/pipeline/sound"
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
	recall   recall
	lexicon  *lexicon
	queue    *queue.Queue
	feed     *feed
	guard    store.Guard

	formats   []document.Format
	reader    sandbox.Reader
	limits    document.Limits
	passwords []string
	settle    time.Duration
	glossary  [][]string
	rules     []terms.Rule
	learned   atomic.Pointer[terms.Frequencies] // of the archive's words, nil: none yet
	minutes   minutes.Maker
	calendar  *minutes.Calendar // of due dates, nil: the built-in one

	sight   recognition
	speech  *speech
	voices  *engines.Engine // the local engine; it may not be installed
	decoder *sound.Decoder
	meeting sync.Mutex // of whoever brings recordings, transcripts and minutes together

	reviews   reviews
	progress  *Progress
	running   chan struct{}   // holds one: runs never overlap
	assigning chan struct{}   // the same of passes that assign
	stalled   atomic.Bool     // jobs were given up, so the queue lacks what the ledger has still to read
	failed    chan error      // what ends a run: the program's or the database's fault
	full      chan error      // the disk guard's word
	work      context.Context //nolint:containedctx // of the work in the background; ends with Close
	stop      context.CancelFunc
	done      sync.WaitGroup

	mu      sync.Mutex
	sources map[string]source.Source // opened in this process, by name
}

// Open opens the data directory of cfg and makes it if create is set. It takes
// the directory's lock (ErrLocked), puts what a killed process left undone
// back into the queue and begins to work.
func Open(ctx context.Context, cfg *config.Config, log *slog.Logger, create bool) (_ *Archive, err error) {
	a := &Archive{
		cfg: cfg, dir: cfg.Data, log: log, progress: &Progress{}, failed: make(chan error, 1), full: make(chan error, 1),
		sources: map[string]source.Source{}, running: make(chan struct{}, 1), assigning: make(chan struct{}, 1),
	}
	if err := a.makeDir(create); err != nil {
		return nil, err
	}
	a.sight.a = a
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
	a.work, a.stop = work, stop
	if err = a.openQueue(work); err != nil {
		return nil, err
	}
	a.feed = newFeed(a)
	if err = a.openSpeech(); err != nil {
		return nil, err
	}
	for _, run := range []func(context.Context){a.feed.run, a.resume, a.speech.run} {
		a.done.Go(func() { run(work) })
	}
	a.feed.wake()
	return a, nil
}

func (a *Archive) makeDir(create bool) error {
	if _, err := os.Stat(filepath.Join(a.dir, "ledger.db")); errors.Is(err, os.ErrNotExist) && !create {
		return fmt.Errorf("%w (%s)", ErrNotInitialised, a.dir)
	}
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
	a.glossary = settings.glossary
	if a.rules, err = NewRules(a.cfg); err != nil {
		return err
	}
	a.lexicon = &lexicon{a: a, synonyms: settings.synonyms}
	if a.minutes, a.calendar, err = NewMinutes(a.cfg); err != nil {
		return err
	}
	a.settle = a.cfg.SettleTime
	a.guard = store.Guard{Path: a.dir, MinFree: a.cfg.Disk.MinFree}
	// What lies there belongs to a process that is no more: the lock is ours.
	tmp := filepath.Join(a.dir, "tmp")
	if err := errors.Join(os.RemoveAll(tmp), os.MkdirAll(tmp, 0o700)); err != nil {
		return fmt.Errorf("empty the folder of temporary files: %w", err)
	}
	a.reader, err = newReader(a.cfg, a.formats, tmp, filepath.Join(a.dir, "cache"), a.cfg.Workers, a.log, a.guard.Room)
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
	if err := errors.Join(a.beginPapers(ctx), a.beginPieces(ctx)); err != nil {
		return err
	}
	if err := a.readLearned(ctx); err != nil {
		return err
	}
	if err := a.openEngine(ctx); err != nil {
		return err
	}
	a.searcher = index.NewSearcher(engineOf{a}, texts{a.derived}, describer{a}).WithLexicon(a.lexicon)
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
	if a.voices != nil {
		errs = append(errs, a.voices.Close())
		a.voices = nil
	}
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
		errs = append(errs, unlockFile(a.lock), a.lock.Close())
		a.lock = nil
	}
	return errors.Join(errs...)
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
