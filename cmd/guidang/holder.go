package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"guidang/config"
	"guidang/pipeline"
)

// access is how a command wants the archive.
type access struct {
	command string // its name in forwardable; empty: it cannot be forwarded
	options any    // what its run function gets on the other side
	create  bool   // make the data directory if there is none
	changes bool   // a holder that only reads does not take it
	serving bool
}

// withArchive runs fn with the archive: the one that this process holds, or a
// newly opened one. If another process holds the data directory the command
// runs there, and fn is not called.
func (e *env) withArchive(ctx context.Context, want access, fn func(*pipeline.Archive) error) error {
	if e.archive != nil {
		return fn(e.archive)
	}
	cfg, err := e.config()
	if err != nil {
		return err
	}
	if !want.create && strange(cfg.Data) {
		return fmt.Errorf("%w (%s)", pipeline.ErrNotInitialised, cfg.Data)
	}
	log := e.logger(cfg.Log.Level, want.serving)
	for _, w := range cfg.Warnings() {
		log.Warn(w)
	}
	until := time.Now().Add(e.patience)
	for {
		a, err := pipeline.Open(ctx, cfg, log, want.create)
		if err == nil {
			e.log = log
			return e.hold(ctx, a, cfg, want, fn)
		}
		if !errors.Is(err, pipeline.ErrLocked) {
			return err
		}
		if want.command != "" {
			answered, err := e.forward(ctx, cfg.Data, want)
			if answered {
				return err
			}
		} else if who, askErr := e.whoHolds(ctx, cfg.Data); askErr == nil && who.Serving {
			return err
		}
		// The holder may be about to open its socket or to let go of the
		// directory: both are a matter of seconds.
		if time.Now().After(until) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// strange says that a folder is no data directory, though it may be there: a
// command that only reads must not begin an archive in somebody's home.
func strange(dir string) bool {
	for _, name := range []string{"ledger.db", "lock"} { // lock: it is being made this moment
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	return true
}

// hold runs fn while this process answers for the data directory.
func (e *env) hold(ctx context.Context, a *pipeline.Archive, cfg *config.Config, want access, fn func(*pipeline.Archive) error) error {
	h := &holder{e: e, a: a, cfg: cfg, changes: want.changes || want.serving, serving: want.serving, jobs: forwardable()}
	if err := h.listen(ctx, cfg.Data); err != nil {
		// A file system without sockets (some network drives) must not keep
		// anybody from working alone.
		e.log.Warn("other commands cannot be answered while this one runs", "error", err)
	}
	err := fn(a)
	h.close(ctx)
	if closeErr := a.Close(); err == nil && ctx.Err() == nil { //nolint:contextcheck // closing outlives what was stopped
		err = closeErr
	}
	return err
}

// holder answers the commands of other processes on the data directory's
// socket.
type holder struct {
	e       *env
	a       *pipeline.Archive
	cfg     *config.Config
	changes bool // takes commands that change something
	serving bool
	jobs    map[string]job

	path    string
	socket  net.Listener
	stop    context.CancelFunc
	running sync.WaitGroup
}

// listen opens the socket. It is made under another name in a folder that only
// its owner may enter and renamed when its mode is right, so there is no moment
// in which others could connect.
func (h *holder) listen(ctx context.Context, dir string) error {
	short, release, err := shortPath(dir)
	if err != nil {
		return err
	}
	defer release()
	hidden := filepath.Join("tmp", fmt.Sprintf("socket-%d", os.Getpid()))
	if err := os.Remove(filepath.Join(dir, hidden)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(short, hidden), Net: "unix"})
	if err != nil {
		return err
	}
	l.SetUnlinkOnClose(false)
	h.path = filepath.Join(dir, socketName)
	err = os.Chmod(filepath.Join(dir, hidden), 0o600)
	if err == nil {
		err = os.Rename(filepath.Join(dir, hidden), h.path)
	}
	if err != nil {
		return errors.Join(err, l.Close())
	}
	h.socket = l
	work, stop := context.WithCancel(ctx)
	h.stop = stop
	h.running.Go(func() { h.accept(work) })
	return nil
}

// close takes no more commands, waits for those that run, and ends them when
// ctx ends.
func (h *holder) close(ctx context.Context) {
	if h.socket == nil {
		return
	}
	_ = os.Remove(h.path)
	_ = h.socket.Close()
	over := make(chan struct{})
	go func() {
		defer close(over)
		h.running.Wait()
	}()
	select {
	case <-over:
	case <-ctx.Done():
	case <-time.After(300 * time.Millisecond):
		fmt.Fprintln(h.e.stderr, h.e.t("holder.waits"))
		select {
		case <-over:
		case <-ctx.Done():
		}
	}
	h.stop()
	<-over
}

func (h *holder) accept(ctx context.Context) {
	for {
		conn, err := h.socket.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			h.e.log.Warn("socket", "error", err)
			select { // out of descriptors: it passes
			case <-ctx.Done():
				return
			case <-time.After(100 * time.Millisecond):
			}
			continue
		}
		h.running.Go(func() { h.answer(ctx, conn) })
	}
}

// answer runs one command for one client.
func (h *holder) answer(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// A client that does not read must not keep this process from ending.
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now().Add(time.Second)) })()

	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	kind, body, err := readFrame(conn)
	if err != nil || kind != frameRequest {
		return
	}
	_ = conn.SetReadDeadline(time.Time{})
	h.running.Go(func() { // the client leaves: its command ends
		defer cancel()
		_, _ = io.Copy(io.Discard, conn)
	})

	out := &frames{w: conn}
	end := h.perform(ctx, body, out)
	line, err := json.Marshal(end)
	if err == nil {
		_ = out.send(frameEnd, line)
	}
}

// perform decodes a request and runs its command.
func (h *holder) perform(ctx context.Context, body []byte, out *frames) (end ending) {
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		return ending{Code: exitFailed, Message: "the request cannot be read: " + err.Error()}
	}
	e := &env{
		stdout: out.writer(frameOut), stderr: out.writer(frameErr), getenv: h.e.getenv,
		lang: r.Language, json: r.JSON, screen: r.Screen, live: r.Live, colour: r.Colour, width: r.Width,
		settings: h.cfg, archive: h.a, log: h.e.log, interrupt: h.e.interrupt,
	}
	if e.live {
		e.stderr = &screen{out: e.stderr}
	}
	if r.Command == whoCommand { // of any version
		if err := e.printJSON(holderInfo{os.Getpid(), version(), h.serving}); err != nil {
			return ending{Code: exitFailed, Message: err.Error()}
		}
		return ending{}
	}
	job, ok := h.jobs[r.Command]
	switch {
	case r.Version != version():
		return ending{Code: exitFailed, Message: e.t("error.other-version", version(), r.Version)}
	case !ok:
		return ending{Busy: true}
	case job.changes && !h.changes:
		return ending{Busy: true}
	}
	defer func() { // one bad command must not end the process that serves everybody
		if cause := recover(); cause != nil {
			h.e.log.Error("a forwarded command crashed", "command", r.Command, "cause", cause)
			end = ending{Code: exitFailed, Message: fmt.Sprintf("%s crashed: %v", r.Command, cause)}
		}
	}()
	if err := job.run(ctx, e, r.Options); err != nil {
		return ending{Code: exitCode(err), Message: e.sentence(err)}
	}
	return ending{}
}
