package engines

import (
	"io"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// running is one life of the engine's process.
type running struct {
	cmd   *exec.Cmd
	stdin io.Closer // our server ends when it closes
	begun time.Time
	url   string
	key   string
	gone  chan struct{} // closed when the process is no more
	words *lastWords    // what it said at the end

	mu     sync.Mutex
	used   time.Time // the last Start
	why    string    // for which we ended it; "idle" and "" are no faults
	ending bool
}

// why a process is ended by its watcher.
const (
	endIdle   = "it was idle"
	endMemory = "it held more memory than engines.memory allows"
)

// begin starts a process and reaps it. The thread that starts it waits for it:
// on Linux the process dies with that thread, and so with us.
func (e *Engine) begin(r *running) error {
	started := make(chan error, 1)
	e.tasks.Go(func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this function
		err := r.cmd.Start()
		started <- err
		if err == nil {
			_ = r.cmd.Wait() // how it ended is read from its state
		}
		close(r.gone)
	})
	return <-started
}

func (r *running) alive() bool {
	select {
	case <-r.gone:
		return false
	default:
		return true
	}
}

// touch says that the engine is wanted, and whether it is there.
func (r *running) touch() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ending || !r.alive() {
		return false
	}
	r.used = time.Now()
	return true
}

// end asks the process to end, and kills it if it does not.
func (r *running) end(why string) {
	r.mu.Lock()
	if !r.ending {
		r.ending, r.why = true, why
	}
	why = r.why
	r.mu.Unlock()
	_ = r.stdin.Close()
	if why != endMemory {
		select {
		case <-r.gone:
			return
		case <-time.After(stopTime):
		}
	}
	if r.alive() {
		killGroup(r.cmd)
	}
}

// idleEnd ends the process if nobody has asked for it since; Start and this
// exclude each other by the lock.
func (r *running) idleEnd(idle time.Duration) bool {
	r.mu.Lock()
	if time.Since(r.used) < idle || r.ending {
		r.mu.Unlock()
		return false
	}
	r.ending, r.why = true, endIdle
	r.mu.Unlock()
	r.end(endIdle)
	return true
}

// wanted says that it was us who ended it, for no fault of its own.
func (r *running) wanted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ending && r.why != endMemory
}

func (r *running) overMemory() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.why == endMemory
}
