package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program starts this program as a process of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GUIDANG_TEST_AS_PROGRAM=1", "LC_ALL=C", "GUIDANG_OCR_PROGRAM=off")
	return cmd
}

// Serving from beginning to end: it says where it is, answers pages and the
// commands of others, and being stopped is its normal end.
func TestServe(t *testing.T) {
	t.Parallel()
	data, _ := ingested(t)
	cmd := program(t, "serve", "--listen", "127.0.0.1:0", "--data", data)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err, stderr.String(), cmd.Wait())
	}
	link := regexp.MustCompile(`http://127\.0\.0\.1:\d+/\S*login\S*`).FindString(line)
	if link == "" {
		t.Fatalf("no link to log in with in %q", line)
	}
	answer, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode >= 400 {
		t.Errorf("the link answers %s", answer.Status)
	}
	// Two processes of the same version, so what is forwarded must be answered.
	asked := program(t, "search", "需求变更", "--data", data)
	if out, err := asked.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("documents")) {
		t.Errorf("%v: %s", err, out)
	}
	second := program(t, "serve", "--listen", "127.0.0.1:0", "--data", data)
	if out, _ := second.CombinedOutput(); second.ProcessState.ExitCode() != exitLocked {
		t.Errorf("a second serve ends with %d: %s", second.ProcessState.ExitCode(), out)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("serve ended with %v: %s", err, stderr.String())
	}
	if _, err := os.Stat(filepath.Join(data, socketName)); err == nil {
		t.Error("the socket is left behind")
	}
}

// Ctrl-C at a command: it ends with the word that nothing is lost, also when
// another process does the work.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	jobs := forwardable()
	jobs["status"] = job{run: func(ctx context.Context, e *env, _ json.RawMessage) error {
		if _, err := e.stdout.Write([]byte("begun\n")); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	}}
	held(t, data, true, jobs)
	cmd := program(t, "status", "--data", data)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "begun\n" {
		t.Fatal(line, err, cmd.Wait(), stderr.String())
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(stderr.String(), "the state is safe") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}

// An ingest that is stopped somewhere is brought to its end by the next one.
func TestIngestGoesOn(t *testing.T) {
	t.Parallel()
	data, source := filepath.Join(t.TempDir(), "data"), t.TempDir()
	for i := range 400 {
		name := filepath.Join(source, fmt.Sprint("d", i%7), fmt.Sprintf("文件 %d.txt", i))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.Repeat("一些文字 some text ", 50+i)), 0o600); err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	// The run is cancelled when the socket stands, which is before its walk, or
	// in the middle of it, or after: all three must end well.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	over := make(chan outcome, 1)
	go func() { over <- commandIn(t, ctx, nil, "ingest", source, "--data", data) }()
	for stopped := false; !stopped; runtime.Gosched() {
		if _, err := os.Stat(filepath.Join(data, socketName)); err == nil || len(over) > 0 {
			cancel()
			stopped = true
		}
	}
	switch o := <-over; o.code {
	case exitInterrupted:
		if !strings.Contains(o.stderr, "the state is safe") {
			t.Errorf("%+v", o)
		}
	case exitDone: // it was faster
	default:
		t.Fatalf("%+v", o)
	}
	command(t, "ingest", source, "--data", data).want(t, exitDone)
	command(t, "reconcile", "--data", data).want(t, exitDone)
}
