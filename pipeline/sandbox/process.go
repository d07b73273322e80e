package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"guidang/extractors/document"
)

// child is a running child, as the parent sees it. It is used by one goroutine,
// and watched by another.
type child struct {
	p       *Pool
	cmd     *exec.Cmd
	link    *link
	r       *bufio.Reader
	scratch string
	stderr  *lastWords
	ready   ready
	items   int
	retire  atomic.Bool   // not to be used again
	heavy   atomic.Bool   // has the token of the heavy
	engine  atomic.Bool   // has loaded the compiled engine, or is about to
	gone    chan struct{} // closed when the process is no more

	mu      sync.Mutex
	why     document.Reason // for which it was killed; "": by nobody's fault
	dead    bool            // killed by us
	begun   time.Time       // of waiting for it; zero: it is not its turn
	spent   *spending       // of what it reads now
	cpu     time.Duration   // used until the last look
	unseen  bool            // no look yet during this request
	largest int64           // memory seen
	memory  int64           // at the last look
}

// spending is what reading one original has cost, what lies in it left out.
type spending struct {
	wall, cpu time.Duration
	limit     time.Duration // of cpu; wall may be wallFactor times as much
}

func (p *Pool) newChild(n int, engine bool) (*child, error) {
	scratch := filepath.Join(p.o.Dir, strconv.Itoa(n))
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return nil, err
	}
	c := &child{p: p, scratch: scratch, stderr: &lastWords{}, gone: make(chan struct{})}
	c.engine.Store(engine)
	c.cmd = &exec.Cmd{Path: p.o.Command[0], Args: append([]string{cleanName(os.Args[0]), ChildCommand}, p.o.Command[1:]...),
		Env: environment(scratch), Dir: scratch, Stderr: c.stderr}
	var err error
	if c.link, err = connect(c.cmd, p.start); err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.all[c] = struct{}{}
	closed := p.closed
	p.mu.Unlock()
	p.done.Go(c.wait)
	if closed {
		c.kill("")
		return nil, errClosed
	}
	c.r = bufio.NewReaderSize(c.link, 64<<10)
	if err := c.greet(); err != nil {
		c.kill("")
		<-c.gone
		return nil, fmt.Errorf("%w (%s)", err, c.stderr.String())
	}
	return c, nil
}

// greet tells a new child what it needs and hears what confines it.
func (c *child) greet() error {
	timer := time.AfterFunc(startTime, func() { c.kill("") })
	defer timer.Stop()
	set, err := json.Marshal(settings{CacheDir: c.p.o.CacheDir, Scratch: c.scratch, Memory: c.p.o.Memory, Seconds: c.p.o.Seconds})
	if err != nil {
		return err
	}
	if _, err := c.link.Write(frame(frameSetup, set...)); err != nil {
		return err
	}
	kind, payload, err := readFrame(c.r, smallFrame)
	if err != nil || kind != frameReady {
		return errors.Join(errFrame, err)
	}
	return json.Unmarshal(payload, &c.ready)
}

// wait reaps the process and what it left.
func (c *child) wait() {
	_ = c.cmd.Wait() // how it ended is read from its state
	c.p.mu.Lock()
	delete(c.p.all, c)
	c.p.mu.Unlock()
	_ = os.RemoveAll(c.scratch)
	close(c.gone)
}

func (c *child) ended() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

// kill ends the process for a reason; the first one counts.
func (c *child) kill(why document.Reason) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.dead {
		c.dead, c.why = true, why
	}
	if !c.ended() {
		killGroup(c.cmd)
	}
	_ = c.link.Close()
}

// reason is why a child is dead, as far as that is known.
func (c *child) reason() document.Reason {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.why == "" {
		return document.Crash
	}
	return c.why
}

// tidy empties the scratch folder.
func (c *child) tidy() {
	left, err := os.ReadDir(c.scratch)
	if err != nil {
		return // it went with the process
	}
	for _, f := range left {
		_ = os.RemoveAll(filepath.Join(c.scratch, f.Name()))
	}
}

// turn begins the child's turn on an original, or, with nil, ends it.
func (c *child) turn(s *spending) {
	now := time.Now()
	c.mu.Lock()
	if c.spent != nil {
		c.spent.wall += now.Sub(c.begun)
	}
	c.spent, c.begun = s, now
	c.mu.Unlock()
}

// begin makes the child ready for another request.
func (c *child) begin() {
	c.stderr.reset()
	c.mu.Lock()
	c.unseen, c.largest = true, 0
	c.mu.Unlock()
}

// autopsy says how a child ended whose line is closed.
func (c *child) autopsy() (reason document.Reason, foreign bool, detail string) {
	// A crashing child closes its line a moment before its state can be read.
	select {
	case <-c.gone:
	case <-time.After(5 * time.Second):
		c.kill(document.Crash)
		<-c.gone
	}
	c.mu.Lock()
	why, ours, largest := c.why, c.dead && c.why != "", c.largest
	c.mu.Unlock()
	state := c.cmd.ProcessState
	switch {
	case ours:
		return why, why == crowded, limitDetail(why)
	case killed(state) && largest > c.p.o.Memory/4*3:
		return document.MemoryLimit, false, limitDetail(document.MemoryLimit)
	case killed(state):
		return document.Crash, true, "its reader was killed from outside"
	case c.stderr.outOfMemory():
		return document.MemoryLimit, false, limitDetail(document.MemoryLimit)
	}
	return document.Crash, false, "its reader crashed: " + c.stderr.cause()
}

func limitDetail(r document.Reason) string {
	switch r { //nolint:exhaustive // the others are no limits of a process
	case document.TimeLimit:
		return "its reader took more time than limits.seconds allows"
	case crowded:
		return "its reader made room for others"
	case document.MemoryLimit:
		return "its reader took more memory than limits.memory allows"
	}
	return "its reader was stopped: " + string(r)
}
