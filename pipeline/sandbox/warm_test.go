package sandbox

import (
	"errors"
	"fmt"
	"guidang/extractors/document"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// What its engine would read is read without it when it cannot be compiled.
func TestEngineFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, cache := range []string{"whole", "broken"} {
		p, err := NewPool(Options{Formats: testFormats("", true), Dir: filepath.Join(dir, "readers-"+cache), Cache: filepath.Join(dir, cache), Seconds: 9, Memory: 128 << 20})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		want := fmt.Sprintf("text full  compiled %v", cache == "whole")
		for range 2 {
			if got := reads(t, p, &Request{Input: inputOf("engine:")}); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %q, want %q", cache, got, want)
			}
		}
	}
}

// A full disk is no reason to read with a poorer reader: the reading fails, and goes
// right when there is room.
func TestEngineWaitsForRoom(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	full := errors.New("the disk is full")
	p, err := NewPool(Options{
		Formats: testFormats("", true), Dir: filepath.Join(dir, "readers"), Cache: filepath.Join(dir, "broken"), Seconds: 9, Memory: 128 << 20,
		Room: func(int64) error { return full },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var lines []string
	read := func() error {
		return p.Read(t.Context(), &Request{Input: inputOf("engine:")}, func() Visitor {
			lines = nil
			return &seen{lines: &lines, limit: document.Limits{}.WithDefaults()}
		})
	}
	if err := read(); !errors.Is(err, full) || len(lines) != 0 {
		t.Errorf("%v, told %q", err, lines)
	}
	full = nil
	if err := read(); err != nil || len(lines) != 1 {
		t.Errorf("%v, told %q", err, lines)
	}
}

// An engine that this user has compiled before is taken over, and not one that others
// may have written.
func TestAdopt(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not tell by a mode who may write a file, so nothing is taken over there")
	}
	for _, open := range []bool{false, true} {
		dir := t.TempDir()
		before, cache := filepath.Join(dir, "before"), filepath.Join(dir, "broken") // which would not compile
		code := filepath.Join("engine", "code")
		root := filepath.Dir(warmMark(before, false))
		if err := errors.Join(os.MkdirAll(filepath.Join(root, "engine"), 0o700), os.WriteFile(filepath.Join(root, code), []byte("compiled"), 0o600),
			os.WriteFile(warmMark(before, false), nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		if open {
			if err := os.Chmod(filepath.Join(root, code), 0o622); err != nil {
				t.Fatal(err)
			}
		}
		p, err := NewPool(Options{Formats: testFormats("", true), Dir: filepath.Join(dir, "readers"), Cache: cache, Before: before, Seconds: 9, Memory: 128 << 20})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		want := fmt.Sprintf("text full  compiled %v", !open)
		if got := reads(t, p, &Request{Input: inputOf("engine:")}); len(got) != 1 || got[0] != want {
			t.Errorf("open %v: %q, want %q", open, got, want)
		}
		copied, err := os.ReadFile(filepath.Join(filepath.Dir(warmMark(p.o.CacheDir, false)), code))
		if has := err == nil && string(copied) == "compiled"; has == open {
			t.Errorf("open %v: copied %q, %v", open, copied, err)
		}
	}
}
