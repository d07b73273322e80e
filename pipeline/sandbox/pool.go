package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"guidang/extractors"
	"guidang/extractors/document"
)

// Options are what a pool needs from outside.
type Options struct {
	Command []string          // program that starts a child; nil: this one
	Formats []document.Format // the table that names what children say they read with
	Dir     string            // for scratch folders; made, and emptied first
	Cache   string            // of compiled engines; made
	Before  string            // another cache of this user, which may have them already; "": none
	Workers int               // children that read; one more is kept for Open
	Seconds int               // of computing that one original may take, and PerMB more for each MiB
	Memory  int64             // that a child may hold
	Log     *slog.Logger
	Room    func(bytes int64) error // says why so much cannot be written to Cache; nil: it can

	CacheDir string // Cache, absolute; set by NewPool
}

// PerMB is how much longer a larger original may take, for every MiB. The
// slowest real ones, PDFs of outlines and old workbooks, took 0.6 s.
const PerMB = 2 * time.Second

const (
	itemsPerChild = 20_000 // originals, after which a child is replaced: nothing leaks for ever
	startTime     = 20 * time.Second
)

// errClosed says that the pool is no more.
var errClosed = errors.New("the readers are stopped")

// Pool reads in children. It is made once a process.
type Pool struct {
	o      Options
	work   chan struct{} // holds a token for each child at work
	spare  chan struct{} // holds the token of the child that is kept for Open
	starts chan starting
	stop   context.CancelFunc
	quit   <-chan struct{}
	done   sync.WaitGroup

	heavy    chan struct{} // holds the token of a request that needs room
	warming  sync.Mutex
	compiler atomic.Int64 // process that compiles the engine; 0: there is none
	cold     bool         // the engine cannot be compiled

	prepared chan prepared // has room for all

	mu        sync.Mutex
	closed    bool
	idle      []*child
	all       map[*child]struct{}
	number    int           // of children that were ever started
	preparing int           // of them that nobody has taken
	patience  time.Duration // left to wait for a child that has the engine
	freed     chan struct{} // tells who waits that one may be idle
}

type starting struct {
	cmd *exec.Cmd
	err chan error
}

// NewPool makes a pool. No child is started before it is needed, or Prepare says
// that it will be.
func NewPool(o Options) (*Pool, error) {
	if len(o.Command) == 0 {
		self, err := selfProgram()
		if err != nil {
			return nil, fmt.Errorf("find this program: %w", err)
		}
		o.Command = []string{self}
	}
	var err error
	if o.CacheDir, err = filepath.Abs(o.Cache); err != nil {
		return nil, err
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, err
	}
	_ = os.RemoveAll(o.Dir) // of a process that is no more
	for _, dir := range []string{o.Dir, filepath.Dir(warmMark(o.CacheDir, false))} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("sandbox: %w", err)
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Workers = max(o.Workers, 1)
	ctx, stop := context.WithCancel(context.Background())
	p := &Pool{o: o, work: make(chan struct{}, o.Workers), spare: make(chan struct{}, 1), heavy: make(chan struct{}, 1), starts: make(chan starting), prepared: make(chan prepared, o.Workers), patience: enginePrice, freed: make(chan struct{}, 1), stop: stop, quit: ctx.Done(), all: map[*child]struct{}{}}
	p.done.Go(func() { p.starter(ctx) })
	p.done.Go(func() { p.watch(ctx) })
	return p, nil
}

// starter starts all children from one thread that lives as long as the pool:
// the kernel binds a child's life to the thread that started it, not to the
// process, and Go ends threads as it likes.
func (p *Pool) starter(ctx context.Context) {
	runtime.LockOSThread() // and never unlocked, so the thread ends with this goroutine
	for {
		select {
		case s := <-p.starts:
			s.err <- s.cmd.Start()
		case <-ctx.Done():
			return
		}
	}
}

// start starts a process on the starter's thread.
func (p *Pool) start(cmd *exec.Cmd) error {
	attributes(cmd)
	s := starting{cmd, make(chan error, 1)}
	select {
	case p.starts <- s:
		return <-s.err
	case <-p.quit:
		return errClosed
	}
}

// Close implements Reader. Children at work are killed: what they were reading
// is read again next time.
func (p *Pool) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	all := make([]*child, 0, len(p.all))
	for c := range p.all {
		all = append(all, c)
	}
	p.mu.Unlock()
	for _, c := range all {
		c.kill("")
	}
	for _, c := range all {
		<-c.gone
	}
	p.stop()
	p.done.Wait()
	return os.RemoveAll(p.o.Dir)
}

// token waits for the right to use a child, from the first of two places that
// has room.
func token(ctx context.Context, first, second chan struct{}) (release func(), err error) {
	select {
	case first <- struct{}{}:
		return func() { <-first }, nil
	default:
	}
	select {
	case first <- struct{}{}:
		return func() { <-first }, nil
	case second <- struct{}{}:
		return func() { <-second }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Read implements Reader.
func (p *Pool) Read(ctx context.Context, req *Request, begin func() Visitor) error {
	release, err := token(ctx, p.work, p.work)
	if err != nil {
		return err
	}
	defer release()
	t := newTrial()
	for {
		v := begin()
		talk, err := p.attempt(ctx, req, frameRead, "", v, t, nil)
		var d *death
		if !errors.As(err, &d) {
			return err
		}
		if t.again(d) {
			p.o.Log.Debug("a reader died and is tried again", "item", req.Input.Name, "at", d.path, "reason", d.reason, "cause", d.detail)
			continue
		}
		p.o.Log.Warn("a reader died", "item", req.Input.Name, "reason", d.reason, "cause", d.detail)
		return talk.giveUp(ctx, d)
	}
}

// Open implements Reader.
func (p *Pool) Open(ctx context.Context, req *Request, step string, take func(*document.Child) error) error {
	release, err := token(ctx, p.spare, p.work)
	if err != nil {
		return err
	}
	defer release()
	t := newTrial()
	for {
		_, err := p.attempt(ctx, req, frameOpen, step, nil, t, take)
		var d *death
		if errors.As(err, &d) && t.again(d) {
			continue
		}
		return err
	}
}

// attempt has one child serve a request.
func (p *Pool) attempt(ctx context.Context, req *Request, kind byte, step string, v Visitor, t *trial, take func(*document.Child) error) (*talk, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if t.heavy {
		release, err := token(ctx, p.heavy, p.heavy)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	c, err := p.take(ctx, t.careful, usesEngine(req.Input.Name))
	if err != nil {
		return nil, err
	}
	defer p.give(c)
	c.heavy.Store(t.heavy)
	if t.careful {
		again := *req
		again.careful = true
		req = &again
	}
	end := context.AfterFunc(ctx, func() { c.kill("") })
	defer end()
	k := &talk{p: p, c: c, req: req, trial: t, take: take, left: mostBytes(req.Input.Limits.WithDefaults())}
	err = k.run(ctx, kind, step, v)
	if ctx.Err() != nil {
		return k, ctx.Err()
	}
	return k, err
}

func (p *Pool) byName(name string) *document.Format { return extractors.ByName(p.o.Formats, name) }

// total is what all children may hold together: one may take all that it may,
// while the others do what readers mostly do, in 20 to 60 MB.
func (p *Pool) total() int64 { return p.o.Memory + int64(p.o.Workers-1)*ordinary }

const ordinary = 64 << 20

// environment is what a child sees of ours: no secrets.
func environment(scratch string) []string {
	out := []string{"TMPDIR=" + scratch, "TMP=" + scratch, "TEMP=" + scratch}
	for _, name := range []string{"TZ", "ZONEINFO", "SystemRoot", "GODEBUG", "GOMAXPROCS", "GOCOVERDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			out = append(out, name+"="+v)
		}
	}
	return out
}

// Measures starts a child and asks what confines it.
func (p *Pool) Measures() (active, missing []string, err error) {
	c, err := p.take(context.Background(), false, false)
	if err != nil {
		return nil, nil, err
	}
	defer p.give(c)
	return c.ready.Measures, c.ready.Missing, nil
}

// cleanName is a path's last part for a process table.
func cleanName(path string) string { return strings.TrimSuffix(filepath.Base(path), ".exe") }

var _ io.Closer = (*Pool)(nil)
