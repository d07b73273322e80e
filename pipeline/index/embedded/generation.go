package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	api "github.com/blevesearch/bleve_index_api"
	bolt "go.etcd.io/bbolt/errors"

	"guidang/pipeline/index"
)

const (
	// format stands in every generation; a generation of another format, or
	// without one, is not read but built anew.
	format = "2." + index.Analysis

	keyFormat = "format"
	keyMark   = "mark"

	inFlight   = 3                      // batches that may be in memory only
	lockWait   = "500ms"                // for the lock of another process
	errorCheck = 500 * time.Millisecond // how often a waiting call looks for write errors
)

// generation is one physical index.
type generation struct {
	name    string
	dir     string
	options Options
	scorch  *scorch.Scorch
	queue   *api.AnalysisQueue
	users   sync.WaitGroup // calls under way
	grams   sync.Pool      // *[]index.Gram

	write sync.Mutex    // one batch after the other
	slots chan struct{} // inFlight

	mu       sync.Mutex
	moved    chan struct{} // closed and replaced when durable grows
	given    uint64        // batches handed to scorch
	durable  uint64        // of these, how many are on disk
	rejected map[uint64]*index.RejectedError
}

func create(ctx context.Context, dir string, o Options) (*generation, error) {
	g := newGenerationAt(dir, newGeneration(), o)
	err := g.open()
	if err == nil {
		b := api.NewBatch()
		b.SetInternal([]byte(keyFormat), []byte(format))
		if _, err = g.apply(ctx, b); err == nil {
			err = g.flushed(ctx)
		}
		if err != nil {
			err = errors.Join(err, g.close())
		}
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(g.dir))
	}
	return g, nil
}

func open(dir, name string, o Options) (*generation, error) {
	g := newGenerationAt(dir, name, o)
	if _, err := os.Stat(filepath.Join(g.dir, "root.bolt")); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w: %s is not there", index.ErrCorrupt, name)
		}
		return nil, err
	}
	if err := g.open(); err != nil {
		switch {
		case errors.Is(err, bolt.ErrTimeout):
			return nil, ErrBusy
		case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE),
			errors.Is(err, syscall.ENOMEM), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EIO):
			return nil, err // the machine's fault, not the index's
		}
		return nil, fmt.Errorf("%w: %w", index.ErrCorrupt, err)
	}
	// scorch goes back to an empty index when it cannot read the one it finds.
	have, err := g.internal(keyFormat)
	switch {
	case err == nil && string(have) != format && len(have) > 0:
		err = fmt.Errorf("%w: format %q, want %q", index.ErrOutdated, have, format)
	case err == nil && len(have) == 0:
		err = fmt.Errorf("%w: format %q, want %q", index.ErrCorrupt, have, format)
	}
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

func newGenerationAt(dir, name string, o Options) *generation {
	return &generation{
		name: name, dir: filepath.Join(dir, name), options: o,
		slots: make(chan struct{}, inFlight), moved: make(chan struct{}), rejected: map[uint64]*index.RejectedError{},
		grams: sync.Pool{New: func() any { s := make([]index.Gram, 0, 2048); return &s }},
	}
}

func (g *generation) open() (err error) {
	defer func() {
		// QUIRK: the segment readers trust the lengths in their files and panic on
		// damaged ones.
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	register()
	g.queue = api.NewAnalysisQueue(g.options.Workers)
	s, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path":               g.dir,
		"bolt_timeout":       lockWait,
		"numSnapshotsToKeep": 1,
		// Batches return as soon as they can be searched and tell by a callback
		// when they are on disk, which is what Visible waits for.
		"unsafe_batch": true,
		// Lookups by document keep a few readers per field instead of making one
		// for each of 100,000 documents.
		"fieldTFRCacheThreshold": 4,
		"scorchPersisterOptions": map[string]any{
			// A short nap keeps a full disk from being tried in a tight loop.
			"PersisterNapTimeMSec":      20,
			"PersisterNapUnderNumFiles": 1000,
			// Each batch goes to disk as it is. Batches that wait would be merged first,
			// which costs as much as merging them on disk does and spares nothing.
			"MemoryPressurePauseThreshold": 0,
			"NumPersisterWorkers":          1,
		},
		"scorchMergePlanOptions": map[string]any{
			// A batch makes a segment of up to some 1,000 passages. With the default of
			// 2,000 all of them count as equally small and are merged again and again.
			"FloorSegmentSize": 1000,
		},
	}, g.queue)
	if err != nil {
		g.queue.Close()
		return err
	}
	own, ok := s.(*scorch.Scorch)
	if !ok {
		g.queue.Close()
		return fmt.Errorf("scorch made a %T", s)
	}
	g.scorch = own
	if err := g.scorch.Open(); err != nil {
		g.queue.Close()
		return err
	}
	return nil
}

func (g *generation) close() error {
	g.write.Lock() // a batch that scorch is not there to take would wait for ever
	defer g.write.Unlock()
	err := g.scorch.Close()
	g.queue.Close()
	return err
}

// reader is a view of the index as it is now. The caller closes it.
func (g *generation) reader() (api.IndexReader, error) { return g.scorch.Reader() }

func (g *generation) internal(key string) (value []byte, err error) {
	r, err := g.reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	value, err = r.GetInternal([]byte(key))
	return value, err
}

func (g *generation) mark() (m index.Mark, err error) {
	b, err := g.internal(keyMark)
	if err == nil && len(b) > 0 {
		err = json.Unmarshal(b, &m)
	}
	return m, err
}

// apply hands one batch to scorch and returns its number.
func (g *generation) apply(ctx context.Context, b *api.Batch) (n uint64, err error) {
	if err := g.slot(ctx); err != nil {
		return 0, err
	}
	g.mu.Lock()
	g.given++
	n = g.given
	g.mu.Unlock()
	b.SetPersistedCallback(func(error) { // called once, when it is on disk
		g.mu.Lock()
		g.durable = max(g.durable, n)
		close(g.moved)
		g.moved = make(chan struct{})
		g.mu.Unlock()
		<-g.slots
	})
	if err = g.scorch.Batch(b); err != nil {
		<-g.slots
		return 0, fmt.Errorf("index %s: %w", g.name, err)
	}
	return n, nil
}

// slot waits until a batch more may be in memory.
func (g *generation) slot(ctx context.Context) error {
	select { // the common case, without a ticker
	case g.slots <- struct{}{}:
		return nil
	default:
	}
	before := g.failures()
	tick := time.NewTicker(errorCheck)
	defer tick.Stop()
	for {
		select {
		case g.slots <- struct{}{}:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if err := g.failing(before); err != nil {
				return err
			}
		}
	}
}

// failures counts errors in scorch's background work. It tries again without
// end and tells nobody.
func (g *generation) failures() uint64 {
	st, ok := g.scorch.Stats().(*scorch.Stats)
	if !ok {
		return 0
	}
	return atomic.LoadUint64(&st.TotOnErrors)
}

func (g *generation) failing(before uint64) error {
	if now := g.failures(); now > before {
		return fmt.Errorf("index %s: writing to disk failed %d times; is the disk full?", g.name, now-before)
	}
	return nil
}

func (g *generation) token(n uint64) index.Token {
	return index.Token(g.name + ":" + strconv.FormatUint(n, 10))
}

func (g *generation) visible(ctx context.Context, token index.Token) error {
	name, number, ok := strings.Cut(string(token), ":")
	n, err := strconv.ParseUint(number, 10, 64)
	switch {
	case !ok || err != nil:
		return fmt.Errorf("index %s: %q is no token", g.name, token)
	case name != g.name:
		return fmt.Errorf("index %s: the batch went to %s, which is not in use", g.name, name)
	}
	if err := g.await(ctx, n); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if r := g.rejected[n]; r != nil {
		return r
	}
	return nil
}

// flushed waits until everything that was given is on disk.
func (g *generation) flushed(ctx context.Context) error {
	g.mu.Lock()
	n := g.given
	g.mu.Unlock()
	return g.await(ctx, n)
}

func (g *generation) await(ctx context.Context, n uint64) error {
	before := g.failures()
	tick := time.NewTicker(errorCheck)
	defer tick.Stop()
	for {
		g.mu.Lock()
		done, moved, given := g.durable >= n, g.moved, g.given
		g.mu.Unlock()
		switch {
		case done:
			return nil
		case n > given:
			return fmt.Errorf("index %s: batch %d was never given", g.name, n)
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if err := g.failing(before); err != nil {
				return err
			}
		}
	}
}

func (g *generation) stats(ctx context.Context) (st index.Stats, err error) {
	st.Engine = "embedded"
	r, err := g.reader()
	if err != nil {
		return st, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	passages, err := r.DocCount()
	if err != nil {
		return st, err
	}
	st.Passages = int64(passages) //nolint:gosec // a count of what is on disk
	if st.Documents, err = count(ctx, r, fieldFacet, facetHead); err != nil {
		return st, err
	}
	files, err := os.ReadDir(g.dir)
	for _, f := range files {
		if info, err := f.Info(); err == nil { // a merged segment may be gone meanwhile
			st.Bytes += info.Size()
		}
	}
	return st, err
}

// count is how many passages have a term, deleted ones left out.
func count(ctx context.Context, r api.IndexReader, field, term string) (int64, error) {
	t, err := r.TermFieldReader(ctx, []byte(term), field, false, false, false)
	if err != nil {
		return 0, err
	}
	n := t.Count()
	return int64(n), t.Close() //nolint:gosec // a count of what is on disk
}
