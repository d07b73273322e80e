package ocr

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// ChildCommand is the hidden command that makes a process confine itself and
// become tesseract.
const ChildCommand = "ocr-child"

// IsChild says whether a command line asks for that. It is looked at before
// anything else: such a process reads no settings and opens nothing.
func IsChild(args []string) bool { return len(args) > 2 && args[len(args)-2] == ChildCommand }

// order is what a child is told.
type order struct {
	Program string   `json:"program"`
	Args    []string `json:"args"`
	Data    string   `json:"data,omitempty"`
	Memory  int64    `json:"memory"`
	CPU     int      `json:"cpu"` // seconds
}

// Child is the whole life of such a process: it returns only when it fails.
func Child(args []string) int {
	var o order
	err := json.Unmarshal([]byte(args[len(args)-1]), &o)
	if err == nil {
		err = become(o)
	}
	fmt.Fprintln(os.Stderr, err)
	return 2
}

const (
	mostSaid  = 16 << 20 // of the table of a page; 1,300 characters have 80 kB
	mostWords = 4 << 10  // of what it says of errors
)

// ErrStopped says that the engine did not end, died, or said too much.
var ErrStopped = errors.New("the engine that reads text stopped")

// run has one picture read by a process of its own.
func (t *Tesseract) run(ctx context.Context, picture io.Reader, language string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, t.o.Stall)
	defer cancel()
	o := order{Program: t.o.Program, Args: t.args(language), Data: t.data, Memory: t.o.Memory, CPU: int(t.o.Stall.Seconds())}
	cmd := exec.CommandContext(ctx, o.Program, o.Args...) //nolint:gosec // a program that was looked for, fixed arguments
	cmd.Env = environment
	if t.o.Command != nil && confines {
		text, err := json.Marshal(o)
		if err != nil {
			return "", err
		}
		cmd = exec.CommandContext(ctx, t.o.Command[0], append(append([]string{}, t.o.Command[1:]...), ChildCommand, string(text))...) //nolint:gosec // this very program
		cmd.Env = []string{}
	}
	out, words := &limited{most: mostSaid, stop: cancel}, &limited{most: mostWords}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = picture, out, words
	apart(cmd)
	err := cmd.Run()
	switch {
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), context.Canceled) && !out.over:
		return "", ctx.Err()
	case err != nil || out.over:
		return "", fmt.Errorf("%w: %w: %s", ErrStopped, errors.Join(err, ctx.Err()), strings.TrimSpace(words.b.String()))
	}
	return out.b.String(), nil
}

// environment is tesseract's: one thread, because its threads spin for one
// another (8.4 s a page on two busy processors, 1.45 s with one).
var environment = []string{"OMP_THREAD_LIMIT=1", "PATH=/nonexistent", "HOME=/nonexistent", "LC_ALL=C"}

// limited keeps so much and no more.
type limited struct {
	b    bytes.Buffer
	most int
	over bool
	stop func()
}

// Write implements io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	keep := min(len(p), l.most-l.b.Len())
	l.b.Write(p[:keep])
	if keep < len(p) && l.stop != nil {
		l.over = true
		l.stop()
	}
	return len(p), nil
}
