package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"guidang/extractors"
	"guidang/extractors/document"
)

// ChildCommand is the hidden command that makes a process a child.
const ChildCommand = "reader-child"

// IsChild says whether a command line asks for a child. It is looked at before
// anything else: a child reads no settings and opens nothing.
func IsChild(args []string) bool { return len(args) > 1 && args[1] == ChildCommand }

// maxStack ends a reader that recurses without end while there is memory left
// to say so; Go's own bound is 1 GB.
const maxStack = 64 << 20

// readerGC keeps a child at some 20 MB on an ordinary mailbox. At 800 it was 60
// MB for the same time within what can be told apart, and grew with the mailbox.
const readerGC = 150

// readerHeap is from where on a child collects garbage as often as it takes to stay
// there, which the collector bounds at half of the time. A workbook of 300,000 rows,
// of which 64 MiB are text that is kept, took 242 MB without it and takes 103.
const readerHeap = 112 << 20

// Child is the whole life of a child, from main to exit code. formats makes the
// table of readers, without the engines that have to be compiled when that has
// failed; warm compiles one form of the engine.
func Child(args []string, formats func(cacheDir string, engines bool) []document.Format, warm func(ctx context.Context, cacheDir string, careful bool) error) int {
	if len(args) == 4 && (args[2] == warmArgument || args[2] == warmCareful) {
		return warmUp(args[3], args[2] == warmCareful, warm)
	}
	c, err := openChannel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "runtime: no parent:", err)
		return 2
	}
	s := &server{channel: c, r: bufio.NewReaderSize(c, 64<<10), w: bufio.NewWriterSize(c, 64<<10)}
	s.flush = time.AfterFunc(time.Hour, s.flushLate)
	if err := s.serve(formats); err != nil && !errors.Is(err, io.EOF) {
		fmt.Fprintln(os.Stderr, "runtime: the parent is gone:", err)
		return 2
	}
	return 0
}

// server is a child at work.
type server struct {
	channel channel
	walker  walker

	engineless func() []document.Format // nil once it has replaced the table

	cache   string
	seconds int
	settled int  // goroutines of a child at rest
	credit  int  // children that may be read without asking
	ahead   bool // the child just sent is
	careful bool // the request at work has killed a child

	mu sync.Mutex // held for one exchange: readers may ask for bytes from several goroutines
	r  *bufio.Reader
	w  *bufio.Writer

	flush    *time.Timer
	flushing bool
}

func (s *server) serve(formats func(string, bool) []document.Format) error {
	kind, payload, err := readFrame(s.r, smallFrame)
	if err != nil || kind != frameSetup {
		return errors.Join(err, errFrame)
	}
	var set settings
	if err := json.Unmarshal(payload, &set); err != nil {
		return err
	}
	debug.SetMemoryLimit(min(set.Memory/4*3, readerHeap))
	debug.SetGCPercent(readerGC)
	debug.SetMaxStack(maxStack)
	_, _ = time.Now().Zone() // the time zone's file cannot be read later
	go orphaned(os.Getppid())
	s.cache, s.seconds = set.CacheDir, set.Seconds
	s.walker.formats = formats(set.CacheDir, true)
	s.engineless = func() []document.Format { return formats("", false) }
	s.walker.prepare = s.prepare
	answer, err := json.Marshal(confine(set))
	if err != nil {
		return err
	}
	if err := s.send(frame(frameReady, answer...)); err != nil {
		return err
	}
	s.settled = runtime.NumGoroutine()
	for {
		kind, payload, err := readFrame(s.r, inlineBytes+smallFrame)
		if err != nil {
			return err
		}
		if err := s.request(kind, payload); err != nil {
			return err
		}
	}
}

// orphaned ends a child whose parent is gone, where the kernel does not.
func orphaned(parent int) {
	for range time.Tick(time.Second) {
		if os.Getppid() != parent {
			os.Exit(2)
		}
	}
}

// send writes whole frames at once.
func (s *server) send(frames []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.w.Write(frames); err != nil {
		return err
	}
	return s.w.Flush()
}

// ask sends a frame and waits for the answer.
func (s *server) ask(frames []byte, want byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.w.Write(frames); err != nil {
		return nil, err
	}
	if err := s.w.Flush(); err != nil {
		return nil, err
	}
	kind, payload, err := readFrame(s.r, inlineBytes+smallFrame)
	if err == nil && kind != want {
		err = errFrame
	}
	return payload, err
}

// request serves one request. Its error ends the child.
func (s *server) request(kind byte, payload []byte) error {
	d := &decoder{b: payload}
	req, step, handed, inline := d.request()
	if d.err != nil {
		return d.err
	}
	b, err := s.bytes(int64(handed), inline, 0)
	if err != nil {
		return err
	}
	req.Input.Bytes = b
	s.careful, s.credit, s.walker.budget = req.careful, 0, budget{}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	switch kind {
	case frameRead:
		err = s.walker.original(ctx, req, s.newWire(req.Input, 0))
		if err == nil {
			err = s.put(frame(frameLeave))
		}
	case frameOpen:
		err = s.open(ctx, req, step)
	default:
		return errFrame
	}
	err = errors.Join(err, b.Close())
	if err != nil {
		return err
	}
	// A reader that left something running would slow down whatever follows.
	retire := byte(0)
	if s.leftRunning() {
		retire = 1
	}
	return s.send(frame(frameEnd, retire))
}

// put writes a frame that the parent may see with the next one, and otherwise
// soon: who takes long is to be called by its name.
func (s *server) put(f []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.w.Write(f)
	if !s.flushing {
		s.flushing = true
		s.flush.Reset(flushAfter)
	}
	return err
}

// flushAfter is far less than any time limit, and far more than a small item
// takes, which would pay 10 µs a frame.
const flushAfter = 50 * time.Millisecond

func (s *server) flushLate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flushing = false
	_ = s.w.Flush() // the next write tells
}

// tell writes a frame from which the parent knows what is being read. When the
// request has killed a child before, it goes out at once.
func (s *server) tell(f []byte) error {
	if s.careful {
		return s.send(f)
	}
	return s.put(f)
}

// prepare has the engine of a format compiled before its first use: compiling
// takes more memory than a child may have. When that fails, the format is read
// by what needs no engine.
func (s *server) prepare(_ context.Context, f *document.Format) (*document.Format, error) {
	if f.Name != warmFormat || s.cache == "" || s.engineless == nil || isWarm(s.cache, s.careful) {
		return f, nil
	}
	answer, err := s.ask(frame(frameWarm), frameWarmed)
	if err != nil || len(answer) > 0 && answer[0] == 1 {
		return f, err
	}
	s.walker.formats, s.engineless = s.engineless(), nil
	if again := extractors.ByName(s.walker.formats, f.Name); again != nil {
		f = again
	}
	return f, nil
}

// bytes are an original's, however they are handed over.
func (s *server) bytes(handed int64, inline []byte, level int) (closable, error) {
	switch handed {
	case bytesInline:
		return own{bytes.NewReader(inline)}, nil
	case bytesFile:
		return s.channel.file()
	case bytesAsked:
		return &asked{s: s, level: level}, nil
	}
	return nil, errFrame
}

type closable interface {
	io.ReaderAt
	io.Closer
}

type own struct{ *bytes.Reader }

func (own) Close() error { return nil }

// open gives the parent one child of a container.
func (s *server) open(ctx context.Context, req *Request, step string) error {
	f, err := s.walker.format(req)
	if err == nil && f == nil {
		err = document.ErrNoChild
	}
	if err == nil {
		f, err = s.prepare(ctx, f)
	}
	if req.Draw.Page > 0 {
		// As in reading: what is killed for its time need not watch itself, and only what
		// was killed is given the engine's form that does. It is compiled then.
		in := req.Input
		in.Left, in.Careful = newClock(limitOf(s.seconds, in.Size)).left, s.careful
	}
	if err == nil && (f.Open != nil || req.Draw.Page > 0) {
		var c *document.Child
		if c, err = reach(ctx, f, req, step); err == nil {
			_, _, err = s.sendChild(c)
			return err
		}
	}
	if err == nil {
		err = s.find(ctx, f, req.Input, step)
		if err == nil {
			return nil
		}
	}
	if errors.Is(err, document.ErrNoChild) {
		return s.put(frame(frameNone))
	}
	return s.put(frame(frameFault, []byte(err.Error())...))
}

var errFound = errors.New("found")

// find walks a container that has no shorter way, and sends the child from the
// walk, because its bytes end with it.
func (s *server) find(ctx context.Context, f *document.Format, in *document.Input, step string) error {
	found := false
	_, err := extractors.Read(ctx, f, in, func(c *document.Child) error {
		if c.Step != step {
			return nil
		}
		found = true
		if _, _, err := s.sendChild(c); err != nil {
			return err
		}
		return errFound
	})
	switch {
	case found && (err == nil || errors.Is(err, errFound)):
		return nil
	case err == nil:
		return document.ErrNoChild
	}
	return err
}
