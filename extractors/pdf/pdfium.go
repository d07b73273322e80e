//go:build !light

package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"guidang/extractors/document"
)

const (
	// instances is how many PDFs are read at the same time.
	instances = 2
	// memoryPages of 64 KiB bound one instance: 96 MiB. The median file needs 20
	// MB; the worst of 1,255, a bomb, took 542. An instance that grows is copied
	// into one a quarter larger, so at 128 MiB a process of 320 MiB was killed
	// before the instance could end by itself, and nothing was left of the file.
	memoryPages = 1536
	// restarts is how often a file may stop its instance before it is given up.
	restarts = 3
)

// pdfiumEngine is the engine, started by the first file.
type pdfiumEngine struct {
	cacheDir string
	pageTime time.Duration

	mu    sync.Mutex
	pools [2]pool // that cannot be stopped, and that can
}

// pool makes instances; nil inside when it could not be started.
type pool struct {
	pdfium.Pool
	tried bool
}

func newEngine(cacheDir string) engine { return &pdfiumEngine{cacheDir: cacheDir, pageTime: pageTime} }

// warm compiles a form of the engine into the cache.
func warm(ctx context.Context, cacheDir string, stoppable bool) error {
	started, err := startPool(cacheDir, stoppable)
	if err != nil {
		return fmt.Errorf("compile pdfium: %w", err)
	}
	return errors.Join(started.Close(), ctx.Err())
}

// stoppable says whether a page that hangs has to be stopped from within: where
// nobody kills the process for it, and where somebody just did.
func stoppable(in *document.Input) bool { return in.Left == nil || in.Careful }

// start gives the pool; nil when it cannot be had, which is tried once only.
func (e *pdfiumEngine) start(stoppable bool) pdfium.Pool {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := &e.pools[0]
	if stoppable {
		p = &e.pools[1]
	}
	if !p.tried {
		p.tried = true
		started, err := startPool(e.cacheDir, stoppable)
		if err != nil && e.cacheDir != "" {
			started, err = startPool("", stoppable) // a cache that cannot be written
		}
		if err == nil {
			p.Pool = started
		}
	}
	return p.Pool
}

// startPool compiles the module, or loads it from the cache.
//
// WithCloseOnContextDone is what lets a hanging page be stopped. It doubles the
// time of all pages (488 pages of 25 files: 19.5 s against 9.7), so it is only for
// what is stoppable.
func startPool(cacheDir string, stoppable bool) (pdfium.Pool, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages).
		WithCloseOnContextDone(stoppable)
	forms := func() int { return 0 }
	if cacheDir != "" {
		dir := filepath.Join(cacheDir, "pdfium")
		cache, err := wazero.NewCompilationCacheWithDir(dir)
		if err != nil {
			return nil, fmt.Errorf("open the cache of the PDF reader: %w", err)
		}
		forms = func() int {
			found, _ := filepath.Glob(filepath.Join(dir, "*", "*"))
			return len(found)
		}
		config = config.WithCompilationCache(cache)
	}
	had := forms()
	pool, err := webassembly.Init(webassembly.Config{
		Context: context.Background(), // the pool outlives every call
		MinIdle: 0, MaxIdle: 0, MaxTotal: instances,
		FSConfig:      wazero.NewFSConfig(), // the default mounts the whole file system
		RuntimeConfig: config,
		Stdout:        io.Discard, Stderr: io.Discard,
	})
	if err == nil && (cacheDir == "" || forms() > had) {
		debug.FreeOSMemory() // compiling leaves 300 MB behind
	}
	return pool, err
}

func (e *pdfiumEngine) read(ctx context.Context, in *document.Input, doc *document.Document, emit func(*document.Child) error) (outcome, error) {
	pool := e.start(stoppable(in))
	if pool == nil {
		return unstarted, nil
	}
	s := &session{pageTime: e.pageTime, stoppable: stoppable(in), in: in, doc: doc, pages: &pages{doc: doc, limits: in.Limits}, until: time.Now().Add(documentTime)}
	for s.restarts <= restarts {
		how, again, err := s.run(ctx, pool, emit)
		if err != nil || !again {
			s.pages.finish()
			return how, err
		}
		s.restarts++
	}
	doc.Lose(s.lost(), document.Crash, "its reader was stopped too often")
	s.pages.finish()
	return done, nil
}

// source reads the original for pdfium and remembers what went wrong that is
// not the file's fault.
type source struct {
	*io.SectionReader
	err error
}

// Read is io.Reader.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.SectionReader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
		s.err = err
	}
	return n, err
}
