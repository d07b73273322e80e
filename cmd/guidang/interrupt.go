package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// interrupt turns SIGINT and SIGTERM into the end of a context, and ends the
// process itself when the clean way takes longer than promised. That is safe:
// what was not committed is found again in the ledger at the next start.
type interrupt struct {
	mu    sync.Mutex
	grace time.Duration
	code  int
}

// The promises of the contract, with room for the process to end.
const (
	commandGrace = 1900 * time.Millisecond
	serveGrace   = 9500 * time.Millisecond
)

// serving gives the command the longer time of `serve`, for which being
// stopped is the normal end.
func (i *interrupt) serving() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.grace, i.code = serveGrace, exitDone
}

func (i *interrupt) promise() (time.Duration, int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.grace == 0 {
		return commandGrace, exitInterrupted
	}
	return i.grace, i.code
}

// watch returns a context that ends at the first signal. stop ends the watch.
func (i *interrupt) watch(ctx context.Context, e *env) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-over:
			return
		case <-signals:
		}
		cancel()
		grace, code := i.promise()
		select {
		case <-over:
			return
		case <-signals: // asked twice
		case <-time.After(grace):
		}
		if code == exitInterrupted {
			fmt.Fprintln(os.Stderr, "guidang: "+e.t("error.interrupted"))
		}
		os.Exit(code)
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		<-done
		cancel()
	}
}
