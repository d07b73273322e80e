package sandbox

import (
	"errors"
	"fmt"
	"guidang/extractors/document"
	"path/filepath"
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
