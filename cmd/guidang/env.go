package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"guidang/config"
	"guidang/pipeline"
)

// env is what a command has of the world around it. A command that was
// forwarded gets one whose writers lead to its client and whose archive is the
// holder's.
type env struct {
	stdout  io.Writer // results, nothing else
	stderr  io.Writer
	getenv  func(string) string
	environ []string // looked through for misspelt settings

	lang   language
	json   bool // the final error is a JSON line
	screen bool // stdout is a terminal
	live   bool // stderr is a terminal: a moving line is welcome
	colour bool
	width  int // of the terminal, 0: unknown

	load     func() (*config.Config, error) // settings, read once
	settings *config.Config
	archive  *pipeline.Archive // already open: the command was forwarded
	log      *slog.Logger      // of the open archive

	interrupt *interrupt
	patience  time.Duration // how long a locked data directory is tried again
}

// defaultPatience covers a holder that is just opening or closing: closing
// waits up to 5 s for what is being read.
const defaultPatience = 6 * time.Second

func newEnv(stdout, stderr io.Writer, getenv func(string) string) *env {
	e := &env{stdout: stdout, stderr: stderr, getenv: getenv, lang: languageOf(getenv), interrupt: &interrupt{}, patience: defaultPatience}
	if f, ok := stdout.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		e.screen = true
		e.colour = getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
	}
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) && getenv("TERM") != "dumb" {
		e.live = true
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			e.width = w
		}
		e.stderr = &screen{out: stderr}
	}
	return e
}

// config reads the settings, once.
func (e *env) config() (*config.Config, error) {
	if e.settings != nil {
		return e.settings, nil
	}
	cfg, err := e.load()
	if err != nil {
		return nil, err
	}
	// Forwarding compares nothing but the directory; a path that depends on
	// where a person stands would name two.
	if cfg.Data, err = filepath.Abs(cfg.Data); err != nil {
		return nil, err
	}
	e.settings = cfg
	return cfg, nil
}

// dataDir names the data directory in a sentence.
func (e *env) dataDir() string {
	if e.settings == nil {
		return "?"
	}
	return e.settings.Data
}

// logger writes what the archive has to say on standard error: everything
// while it serves; only warnings while a command's own words are on the
// screen, unless settings ask for debugging.
func (e *env) logger(level string, serving bool) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	if !serving && l == slog.LevelInfo {
		l = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: l}))
}

// printJSON writes one JSON object as a line. `<mark>` stays readable.
func (e *env) printJSON(v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// asksForJSON looks for --json before cobra has parsed anything, because a
// command line that cannot be parsed is an error to be told as JSON too.
func asksForJSON(args []string) bool {
	for _, a := range args {
		switch {
		case a == "--":
			return false
		case a == "--json", strings.HasPrefix(a, "--json=") && a != "--json=false":
			return true
		}
	}
	return false
}
