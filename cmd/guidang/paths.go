package main

import (
	"fmt"
	"guidang/pipeline/index"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// regularFile checks that a path names one file that can be read, before
// anything is begun.
func (e *env) regularFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return e.usage("error.folder", path)
	case !info.Mode().IsRegular():
		return e.usage("error.not-a-file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// absolute makes paths mean the same in another process. They must exist.
func absolute(paths []string) ([]string, error) {
	out := make([]string, len(paths))
	for i, p := range paths {
		if _, err := os.Stat(p); err != nil {
			return nil, err
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		out[i] = abs
	}
	return out, nil
}

// oneOf checks a flag's value against a closed list.
func (e *env) oneOf(flag, value string, list []string) error {
	if value == "" || slices.Contains(list, value) {
		return nil
	}
	return e.usage("error.one-of", flag, e.or(list), value)
}

// parseDay reads a date, a month or a year. It gives its first day, and the
// first day after it.
func (e *env) parseDay(flag, s string) (from, after time.Time, err error) {
	if s == "" {
		return from, after, nil
	}
	if from, after, ok := index.Period(strings.TrimSpace(s)); ok {
		return from, after, nil
	}
	return from, after, e.usage("error.date", flag, s)
}

// within says whether a path is a folder or lies in it.
func within(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// took writes a duration as people say it: 0.4 s, 3 min 20 s, 2 h 5 min.
func took(d time.Duration) string {
	switch {
	case d < 0:
		return "0 s"
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}
