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

	fonts []string // folders of fonts that pictures of pages may use

	mu    sync.Mutex
	pools map[kind]pdfium.Pool // nil: it could not be started
}

// kind is what a pool's instances can do.
type kind struct {
	stoppable bool // while they work
	fonts     bool // they see the folders of fonts
}

func newEngine(cacheDir string) engine {
	return &pdfiumEngine{cacheDir: cacheDir, pageTime: pageTime, fonts: FontFolders()}
}

// warm compiles a form of the engine into the cache.
func warm(ctx context.Context, cacheDir string, stoppable bool) error {
	started, err := startPool(cacheDir, stoppable, nil)
	if err != nil {
		return fmt.Errorf("compile pdfium: %w", err)
	}
	return errors.Join(started.Close(), ctx.Err())
}

// stoppable says whether a page that hangs has to be stopped from within: where
// nobody kills the process for it, and where somebody just did.
func stoppable(in *document.Input) bool { return in.Left == nil || in.Careful }

// start gives the pool; nil when it cannot be had, which is tried once only.
func (e *pdfiumEngine) start(k kind) pdfium.Pool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.pools == nil {
		e.pools = map[kind]pdfium.Pool{}
	}
	p, tried := e.pools[k]
	if !tried {
		var fonts []string
		if k.fonts {
			fonts = e.fonts
		}
		started, err := startPool(e.cacheDir, k.stoppable, fonts)
		if err != nil && e.cacheDir != "" {
			started, err = startPool("", k.stoppable, fonts) // a cache that cannot be written
		}
		if err == nil {
			p = started
		}
		e.pools[k] = p
	}
	return p
}

// startPool compiles the module, or loads it from the cache.
//
// WithCloseOnContextDone is what lets a hanging page be stopped. It doubles the
// time of all pages (488 pages of 25 files: 19.5 s against 9.7), so it is only for
// what is stoppable.
//
// Fonts cost reading the heads of all of them when the first one is asked for, which
// only pictures of pages need.
func startPool(cacheDir string, stoppable bool, fonts []string) (pdfium.Pool, error) {
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
	files := wazero.NewFSConfig() // the default mounts the whole file system
	if len(fonts) > 0 {
		files = files.WithFSMount(newFontFiles(fonts), "/")
	}
	had := forms()
	pool, err := webassembly.Init(webassembly.Config{
		Context: context.Background(), // the pool outlives every call
		MinIdle: 0, MaxIdle: 0, MaxTotal: instances,
		FSConfig:      files,
		RuntimeConfig: config,
		Stdout:        io.Discard, Stderr: io.Discard,
	})
	if err == nil && (cacheDir == "" || forms() > had) {
		debug.FreeOSMemory() // compiling leaves 300 MB behind
	}
	return pool, err
}

func (e *pdfiumEngine) read(ctx context.Context, in *document.Input, doc *document.Document, emit func(*document.Child) error) (outcome, error) {
	pool := e.start(kind{stoppable: stoppable(in)})
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
