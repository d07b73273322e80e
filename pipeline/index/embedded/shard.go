package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
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
	// format stands in every shard; an index of another format, or
	// without one, is not read but built anew.
	format = "2." + index.Analysis

	keyFormat = "format"
	keyMark   = "mark" // in the last shard, see growth.go
	keyTurn   = "turn"
	keyTurns  = "turns"

	inFlight   = 3                      // batches that may be in memory only
	lockWait   = "500ms"                // for the lock of another process
	errorCheck = 500 * time.Millisecond // how often a waiting call looks for write errors
)

// shard is one scorch index. A generation has one until it grows beyond what one
// is good for.
type shard struct {
	name    string
	dir     string
	options Options
	scorch  *scorch.Scorch
	queue   *api.AnalysisQueue

	slots chan struct{} // inFlight
	turn  uint64        // see keyTurn; guarded by the generation's write

	mu       sync.Mutex
	moved    chan struct{} // closed and replaced when durable grows
	given    uint64        // batches handed to scorch
	durable  uint64        // of these, how many are on disk
	rejected map[uint64]*index.RejectedError
}

// createShard makes a shard in dir, with what is known from the beginning.
func createShard(ctx context.Context, name, dir string, o Options, known map[string][]byte) (*shard, error) {
	s := newShard(name, dir, o)
	err := s.open()
	if err == nil {
		b := api.NewBatch()
		b.SetInternal([]byte(keyFormat), []byte(format))
		for key, value := range known {
			b.SetInternal([]byte(key), value)
		}
		if _, err = s.apply(ctx, b); err == nil {
			err = s.flushed(ctx)
		}
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

func openShard(name, dir string, o Options) (*shard, error) {
	s := newShard(name, dir, o)
	if _, err := os.Stat(filepath.Join(s.dir, "root.bolt")); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w: %s is not there", index.ErrCorrupt, name)
		}
		return nil, err
	}
	if err := s.open(); err != nil {
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
	have, err := s.internal(keyFormat)
	switch {
	case err == nil && string(have) != format && len(have) > 0:
		err = fmt.Errorf("%w: format %q, want %q", index.ErrOutdated, have, format)
	case err == nil && len(have) == 0:
		err = fmt.Errorf("%w: format %q, want %q", index.ErrCorrupt, have, format)
	}
	if err == nil {
		s.turn, err = s.lastTurn()
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func newShard(name, dir string, o Options) *shard {
	return &shard{
		name: name, dir: dir, options: o,
		slots: make(chan struct{}, inFlight), moved: make(chan struct{}), rejected: map[uint64]*index.RejectedError{},
	}
}

func (s *shard) open() (err error) {
	defer func() {
		// QUIRK: the segment readers trust the lengths in their files and panic on
		// damaged ones.
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	register()
	s.queue = api.NewAnalysisQueue(s.options.Workers)
	made, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path":               s.dir,
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
	}, s.queue)
	if err != nil {
		s.queue.Close()
		return err
	}
	own, ok := made.(*scorch.Scorch)
	if !ok {
		s.queue.Close()
		return fmt.Errorf("scorch made a %T", made)
	}
	s.scorch = own
	if err := s.scorch.Open(); err != nil {
		s.queue.Close()
		return err
	}
	return nil
}

func (s *shard) close() error {
	err := s.scorch.Close()
	s.queue.Close()
	return err
}

// reader is a view of the index as it is now. The caller closes it.
func (s *shard) reader() (api.IndexReader, error) { return s.scorch.Reader() }

func (s *shard) internal(key string) (value []byte, err error) {
	r, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	value, err = r.GetInternal([]byte(key))
	return value, err
}

// passages counts what the shard has, on disk or not yet.
func (s *shard) passages() (n uint64, err error) {
	r, err := s.reader()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return r.DocCount()
}

// apply hands one batch to scorch and returns its number.
func (s *shard) apply(ctx context.Context, b *api.Batch) (n uint64, err error) {
	if err := s.slot(ctx); err != nil {
		return 0, err
	}
	s.mu.Lock()
	s.given++
	n = s.given
	s.mu.Unlock()
	b.SetPersistedCallback(func(error) { // called once, when it is on disk
		s.mu.Lock()
		s.durable = max(s.durable, n)
		close(s.moved)
		s.moved = make(chan struct{})
		s.mu.Unlock()
		<-s.slots
	})
	if err = s.scorch.Batch(b); err != nil {
		<-s.slots
		return 0, fmt.Errorf("index %s: %w", s.name, err)
	}
	return n, nil
}

// slot waits until a batch more may be in memory.
func (s *shard) slot(ctx context.Context) error {
	select { // the common case, without a ticker
	case s.slots <- struct{}{}:
		return nil
	default:
	}
	before := s.failures()
	tick := time.NewTicker(errorCheck)
	defer tick.Stop()
	for {
		select {
		case s.slots <- struct{}{}:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if err := s.failing(before); err != nil {
				return err
			}
		}
	}
}

// failures counts errors in scorch's background work. It tries again without
// end and tells nobody.
func (s *shard) failures() uint64 {
	st, ok := s.scorch.Stats().(*scorch.Stats)
	if !ok {
		return 0
	}
	return atomic.LoadUint64(&st.TotOnErrors)
}

func (s *shard) failing(before uint64) error {
	if now := s.failures(); now > before {
		return fmt.Errorf("index %s: writing to disk failed %d times; is the disk full?", s.name, now-before)
	}
	return nil
}

func (s *shard) token(n uint64) index.Token {
	return index.Token(s.name + ":" + strconv.FormatUint(n, 10))
}

// visible waits for a batch.
func (s *shard) visible(ctx context.Context, n uint64) error {
	if err := s.await(ctx, n); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.rejected[n]; r != nil {
		return r
	}
	return nil
}

// flushed waits until everything that was given is on disk.
func (s *shard) flushed(ctx context.Context) error {
	s.mu.Lock()
	n := s.given
	s.mu.Unlock()
	return s.await(ctx, n)
}

func (s *shard) await(ctx context.Context, n uint64) error {
	before := s.failures()
	tick := time.NewTicker(errorCheck)
	defer tick.Stop()
	for {
		s.mu.Lock()
		done, moved, given := s.durable >= n, s.moved, s.given
		s.mu.Unlock()
		switch {
		case done:
			return nil
		case n > given:
			return fmt.Errorf("index %s: batch %d was never given", s.name, n)
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if err := s.failing(before); err != nil {
				return err
			}
		}
	}
}

func (s *shard) stats(ctx context.Context) (st index.Stats, err error) {
	st.Engine = "embedded"
	r, err := s.reader()
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
	files, err := os.ReadDir(s.dir)
	for _, f := range files {
		if info, err := f.Info(); err == nil && !f.IsDir() { // a merged segment may be gone meanwhile
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
