package engines

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	startTime = 3 * time.Minute  // until a started server answers; a cold disk reads 600 MB of libraries
	stopTime  = 2 * time.Second  // from being asked to end to being killed
	shortLife = 20 * time.Second // a process that dies sooner has failed
	maxFails  = 3                // in a row, then it is left alone for a while
	restTime  = 5 * time.Minute
)

// Engine is the local engine, running or not. Its methods may be called from
// several goroutines.
type Engine struct {
	o     Options
	log   *slog.Logger
	turn  chan struct{} // held by whoever starts or stops
	tasks sync.WaitGroup

	// Guarded by turn.
	run    *running
	fails  int
	rested time.Time // not to be started before
	closed bool
}

// New makes an Engine. Nothing is started or looked at until Start.
func New(o Options) *Engine {
	o = o.filled()
	return &Engine{o: o, log: o.Logger, turn: make(chan struct{}, 1)}
}

// Start gives the address of the running engine, up to and with /v1, and the
// key that it wants as a bearer token. It starts the engine when it does not
// run, which takes a second or two; calling it before each request is cheap and
// keeps an idle engine from being stopped. After a failed request Start tells
// whether the engine is still there, and starts it again if not.
//
// ErrNotInstalled and ErrBroken mean that trying again soon is of no use.
func (e *Engine) Start(ctx context.Context) (baseURL, key string, err error) {
	if err := e.acquire(ctx); err != nil {
		return "", "", err
	}
	defer e.release()
	if e.closed {
		return "", "", ErrClosed
	}
	if r := e.run; r != nil {
		if r.touch() {
			return r.url, r.key, nil
		}
		e.bury(r)
	}
	if e.fails >= maxFails && time.Now().Before(e.rested) {
		return "", "", fmt.Errorf("%w; it is tried again in %s", ErrBroken, time.Until(e.rested).Round(time.Second))
	}
	r, err := e.launch(ctx)
	if err != nil {
		if ctx.Err() == nil {
			e.fail()
		}
		return "", "", err
	}
	e.run = r
	return r.url, r.key, nil
}

// bury takes note of a process that ended by itself.
func (e *Engine) bury(r *running) {
	<-r.gone
	e.run = nil
	switch {
	case r.wanted():
		e.fails = 0
	case time.Since(r.begun) < shortLife || r.overMemory():
		e.fail()
	default: // it has worked: one death is no pattern
		e.fails = 1
	}
}

func (e *Engine) fail() {
	e.fails++
	e.rested = time.Now().Add(restTime)
}

// Running says whether the engine runs now, and what it holds in memory.
func (e *Engine) Running(ctx context.Context) (running bool, bytes int64) {
	if e.acquire(ctx) != nil {
		return false, 0
	}
	defer e.release()
	if e.run == nil || !e.run.alive() {
		return false, 0
	}
	bytes, _ = memory(e.run.cmd.Process.Pid)
	return true, bytes
}

// Stop ends the engine if it runs; the next Start starts it again.
func (e *Engine) Stop() {
	_ = e.acquire(context.Background())
	defer e.release()
	e.stop()
}

// Close ends the engine for good. It may be called more than once.
func (e *Engine) Close() error {
	_ = e.acquire(context.Background())
	e.closed = true
	e.stop()
	e.release()
	e.tasks.Wait()
	return nil
}

func (e *Engine) stop() {
	if r := e.run; r != nil {
		r.end("")
		<-r.gone
		e.run = nil
	}
}

func (e *Engine) acquire(ctx context.Context) error {
	select {
	case e.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Engine) release() { <-e.turn }
