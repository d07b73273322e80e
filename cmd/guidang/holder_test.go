package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guidang/config"
	"guidang/pipeline"
)

// held opens an archive and answers for it, as `serve` does.
func held(t *testing.T, data string, changes bool, jobs map[string]job) {
	t.Helper()
	cfg, err := config.Load(config.LoadOptions{Getenv: func(string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Data = data
	log := slog.New(slog.DiscardHandler)
	a, err := pipeline.Open(t.Context(), cfg, log, true)
	if err != nil {
		t.Fatal(err)
	}
	e := newEnv(&bytes.Buffer{}, &bytes.Buffer{}, func(string) string { return "" })
	e.log = log
	h := &holder{e: e, a: a, cfg: cfg, changes: changes, jobs: jobs}
	if err := h.listen(t.Context(), data); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.close(context.Background())
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Whoever finds the directory locked must not notice it: the same output and
// the same exit code as if it had opened the directory itself.
func TestForwarding(t *testing.T) {
	t.Parallel()
	data, source := ingested(t)
	lines := [][]string{
		{"search", "需求变更", "--data", data},
		{"items", "--data", data},
		{"items", "--state", "quarantined", "--json", "--data", data},
		{"items", "--state", "nonsense", "--data", data},
		{"show", "nonsense", "--data", data},
		{"show", "notes.txt", "--data", data, "--json"},
		{"original", "notes.txt", "--data", data},
		{"dump", "--data", data},
		{"retry", "--data", data},
		{"status", "--data", data, "--nonsense"},
	}
	var alone []outcome
	for _, args := range lines {
		alone = append(alone, command(t, args...))
	}
	held(t, data, true, forwardable())
	info, err := os.Stat(filepath.Join(data, socketName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("socket: %v %v", info, err)
	}
	for i, args := range lines {
		got := command(t, args...)
		if strings.Contains(alone[i].stdout, " ms\n") { // the time taken
			_, got.stdout, _ = strings.Cut(got.stdout, "\n")
			_, alone[i].stdout, _ = strings.Cut(alone[i].stdout, "\n")
		}
		if got.code == exitDone { // a slow machine may say on standard error that it is still closing
			got.stderr, alone[i].stderr = "", ""
		}
		if got != alone[i] {
			t.Errorf("%v forwarded: %+v\nalone: %+v", args, got, alone[i])
		}
	}
	// A file is written by the client, and only once.
	out := filepath.Join(t.TempDir(), "副本.txt")
	command(t, "original", "notes.txt", "--out", out, "--data", data).want(t, exitDone)
	have, err := os.ReadFile(out)
	if err != nil || string(have) != alone[6].stdout {
		t.Errorf("%q, %v", have, err)
	}
	command(t, "original", "notes.txt", "--out", out, "--data", data).want(t, exitUsage)

	// What changes is forwarded too.
	var account pipeline.Account
	command(t, "ingest", source, "--json", "--data", data).want(t, exitDone).decode(t, &account)
	if !account.Closed || account.Outcome != pipeline.Done {
		t.Errorf("%+v", account)
	}
	command(t, "reconcile", "--json", "--data", data).want(t, exitDone)
	command(t, "reindex", "--data", data).want(t, exitDone)
}

func TestDeepDataDirectory(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for len(data) < 200 {
		data = filepath.Join(data, "二〇二四年度客户资料")
	}
	held(t, data, true, forwardable())
	command(t, "status", "--data", data).want(t, exitDone)
}

// A client that leaves ends its command; the holder goes on.
func TestCancelForwarded(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	ended := make(chan error, 1)
	began := make(chan struct{})
	jobs := forwardable()
	jobs["status"] = job{run: func(ctx context.Context, e *env, _ json.RawMessage) error {
		if _, err := e.stdout.Write([]byte("begun\n")); err != nil {
			return err
		}
		close(began)
		<-ctx.Done()
		ended <- ctx.Err()
		_, err := e.stdout.Write([]byte("last words\n"))
		return errors.Join(ctx.Err(), err)
	}}
	held(t, data, true, jobs)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		cancel()
	}()
	o := commandIn(t, ctx, nil, "status", "--data", data)
	if o.code != exitInterrupted || o.stdout != "begun\nlast words\n" || !strings.Contains(o.stderr, "safe") {
		t.Errorf("%+v", o)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	command(t, "dump", "--data", data).want(t, exitDone)
}

// A crash in one command is that command's failure, not everybody's.
func TestCrashForwarded(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	jobs := forwardable()
	jobs["status"] = job{run: func(context.Context, *env, json.RawMessage) error { panic("out of cheese") }}
	held(t, data, true, jobs)
	if o := command(t, "status", "--data", data); o.code != exitFailed || !strings.Contains(o.stderr, "out of cheese") {
		t.Errorf("%+v", o)
	}
	command(t, "dump", "--data", data).want(t, exitDone)
}

// A command that only reads answers reading commands while it runs, and takes
// no ingest that would keep it from ending.
func TestReaderTakesNoChanges(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	held(t, data, false, forwardable())
	command(t, "status", "--data", data).want(t, exitDone)
	o := command(t, "ingest", folder(t), "--data", data).want(t, exitLocked)
	if !strings.Contains(o.stderr, data) {
		t.Errorf("%q does not name the directory", o.stderr)
	}
}

func TestLockedAndSilent(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	held(t, data, true, forwardable())
	if err := os.Remove(filepath.Join(data, socketName)); err != nil {
		t.Fatal(err)
	}
	command(t, "status", "--data", data).want(t, exitLocked)
	// Somebody else's program at the socket's place answers nothing that counts.
	l, err := net.Listen("unix", filepath.Join(data, socketName))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	command(t, "status", "--data", data).want(t, exitLocked)
	command(t, "serve", "--listen", "127.0.0.1:0", "--data", data).want(t, exitLocked)
}

func TestOtherVersion(t *testing.T) {
	t.Parallel()
	h := &holder{e: newEnv(nil, nil, func(string) string { return "" }), jobs: forwardable()}
	var wire bytes.Buffer
	end := h.perform(t.Context(), []byte(`{"version":"v0.0.1","command":"status","language":"en"}`), &frames{w: &wire})
	if end.Code != exitFailed || !strings.Contains(end.Message, "v0.0.1") {
		t.Errorf("%+v", end)
	}
	if end := h.perform(t.Context(), []byte(`{"version":`), &frames{w: &wire}); end.Code != exitFailed {
		t.Errorf("%+v", end)
	}
	if end := h.perform(t.Context(), []byte(`{"version":"`+version()+`","command":"format"}`), &frames{w: &wire}); !end.Busy {
		t.Errorf("%+v", end)
	}
}

// The holder may be just about to end: then the next try finds the directory
// free.
func TestHolderEnds(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	command(t, "init", filepath.Dir(data), "--data", data).want(t, exitDone)
	var stdout, stderr bytes.Buffer
	e := newEnv(&stdout, &stderr, func(string) string { return "" })
	e.patience = time.Minute
	lock, err := os.OpenFile(filepath.Join(data, "lock"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if held, err := pipeline.LockFile(lock); held || err != nil {
		t.Fatal(err)
	}
	over := make(chan int)
	go func() { over <- run(t.Context(), e, []string{"status", "--data", data}) }()
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	if code := <-over; code != exitDone {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}
