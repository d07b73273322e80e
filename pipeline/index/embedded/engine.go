// Package embedded is the index in the process: Bleve's scorch with our own
// analysis, one directory, no server.
//
// Nothing is stored but ids. A passage is one scorch document; see fields.go
// for its fields. An index of more than 250,000 passages has several shards.
package embedded

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"guidang/pipeline/index"
)

// Options tune the engine. The zero value is right for a machine with two cores
// and two gigabytes.
type Options struct {
	// BatchText is how much text goes into one segment in memory, in bytes; 0: 2 MiB.
	BatchText int
	// Workers analyse text; 0: 2.
	Workers int
	// ShardPassages is how many passages one scorch index takes before another is
	// begun; 0: 250,000.
	ShardPassages int
}

func (o Options) withDefaults() Options {
	if o.BatchText <= 0 {
		o.BatchText = 2 << 20
	}
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.ShardPassages <= 0 {
		o.ShardPassages = 250_000
	}
	return o
}

// Engine is an index.Engine in a directory of its own:
//
//	CURRENT                 the name of the generation in use
//	g-0123456789abcdef/     a generation: a scorch index, or several, see growth.go
//
// CURRENT is replaced by renaming, and a generation that it does not name is
// litter of a rebuild that a crash ended: it is deleted at the next opening.
type Engine struct {
	dir     string
	options Options

	mu     sync.RWMutex // guards current and closed, not what is done with them
	cur    *generation
	closed bool
}

var _ index.Engine = (*Engine)(nil)

const currentFile = "CURRENT"

// ErrBusy says that another process has the index open.
var ErrBusy = errors.New("another process has the index open")

var errClosed = errors.New("the index is closed")

// Open opens the index in dir, or makes a new one where there is none. An index
// that cannot be read gives index.ErrCorrupt, one that another process holds
// ErrBusy.
func Open(ctx context.Context, dir string, o Options) (*Engine, error) {
	e := &Engine{dir: dir, options: o.withDefaults()}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("index %s: %w", dir, err)
	}
	name, err := readCurrent(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if e.cur, err = create(ctx, dir, e.options); err == nil {
			if err = writeCurrent(dir, e.cur.name); err != nil {
				err = errors.Join(err, e.cur.close())
			}
		}
	case err == nil:
		e.cur, err = open(dir, name, e.options)
	}
	if err != nil {
		return nil, fmt.Errorf("index %s: %w", dir, err)
	}
	// Only now, with the lock of the current one held, is what else lies there
	// nobody's.
	if err := e.sweep(); err != nil {
		return nil, errors.Join(fmt.Errorf("index %s: %w", dir, err), e.cur.close())
	}
	return e, nil
}

func readCurrent(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, currentFile))
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(b))
	if !isGeneration(name) {
		return "", fmt.Errorf("%w: %s names no generation", index.ErrCorrupt, currentFile)
	}
	return name, nil
}

func isGeneration(name string) bool {
	id, ok := strings.CutPrefix(name, "g-")
	_, err := hex.DecodeString(id)
	return ok && err == nil && len(id) == 16
}

func newGeneration() string {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	return "g-" + hex.EncodeToString(id[:])
}

// writeCurrent makes name the generation in use. After a crash the file names
// either the old one or the new one.
func writeCurrent(dir, name string) error { return replaceFile(dir, currentFile, name) }

// replaceFile makes a line the whole of a file. After a crash it is the old one
// or the new one.
func replaceFile(dir, name, line string) error {
	tmp, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return err
	}
	_, err = tmp.WriteString(line + "\n")
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	// QUIRK: fsync of a directory is undefined on some systems (Windows, some
	// network file systems); there the rename has to do.
	_ = d.Sync()
	return d.Close()
}

func (e *Engine) sweep() error {
	entries, err := os.ReadDir(e.dir)
	if err != nil {
		return err
	}
	for _, f := range entries {
		if f.IsDir() && isGeneration(f.Name()) && f.Name() != e.cur.name || strings.HasPrefix(f.Name(), currentFile+".") {
			err = errors.Join(err, os.RemoveAll(filepath.Join(e.dir, f.Name())))
		}
	}
	return err
}

// use gives the generation in use, which stays open until done is called.
func (e *Engine) use() (g *generation, done func(), err error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closed {
		return nil, nil, errClosed
	}
	e.cur.users.Add(1)
	return e.cur, e.cur.users.Done, nil
}

// Name is embedded.
func (e *Engine) Name() string { return "embedded" }

// Generation names the physical index.
func (e *Engine) Generation() string {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.cur.name
}

// Upsert applies a batch. It waits while much that came before is not on disk
// yet, which bounds the memory.
func (e *Engine) Upsert(ctx context.Context, entries []index.Entry, mark index.Mark) (index.Token, error) {
	g, done, err := e.use()
	if err != nil {
		return "", err
	}
	defer done()
	return g.upsert(ctx, entries, mark)
}

// Delete removes documents.
func (e *Engine) Delete(ctx context.Context, documents []string, mark index.Mark) (index.Token, error) {
	g, done, err := e.use()
	if err != nil {
		return "", err
	}
	defer done()
	return g.remove(ctx, documents, mark)
}

// Visible waits until a batch is on disk; it can be searched before that. A
// token of a generation that was replaced meanwhile is an error: what it stood
// for has to be sent again.
func (e *Engine) Visible(ctx context.Context, token index.Token) error {
	g, done, err := e.use()
	if err != nil {
		return err
	}
	defer done()
	return g.visible(ctx, token)
}

// Search gives candidates.
func (e *Engine) Search(ctx context.Context, q index.Query) (index.Candidates, error) {
	g, done, err := e.use()
	if err != nil {
		return index.Candidates{}, err
	}
	defer done()
	return g.search(ctx, &q)
}

// Mark is what the index knows of its ledger.
func (e *Engine) Mark(context.Context) (index.Mark, error) {
	g, done, err := e.use()
	if err != nil {
		return index.Mark{}, err
	}
	defer done()
	return g.mark()
}

// Walk counts the passages that can really be found of every document; it does
// not repeat what was once written down about them.
func (e *Engine) Walk(ctx context.Context, fn func(doc string, revision int64, passages int) error) error {
	g, done, err := e.use()
	if err != nil {
		return err
	}
	defer done()
	return g.walk(ctx, fn)
}

// Stats counts what can be found.
func (e *Engine) Stats(ctx context.Context) (index.Stats, error) {
	g, done, err := e.use()
	if err != nil {
		return index.Stats{}, err
	}
	defer done()
	return g.stats(ctx)
}

// Close waits for what is under way and closes the index. What was not Visible
// yet is lost. A second Close does nothing.
func (e *Engine) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	e.mu.Unlock()
	e.cur.users.Wait()
	return e.cur.close()
}
