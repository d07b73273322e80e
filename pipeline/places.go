package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"guidang/config"
	"guidang/extractors/charset"
	"guidang/pipeline/source"
)

// place is a source that a run goes over.
type place struct {
	source source.Source
	root   string
}

// folder opens a configured folder and remembers it, so that its items can be
// reached again.
func (a *Archive) folder(ctx context.Context, s config.Source) source.Source {
	data, err := filepath.Abs(a.dir)
	if err != nil {
		data = a.dir
	}
	o := source.FolderOptions{Name: s.Name, Path: s.Path, Marker: s.Marker, Skip: s.Skip, Trees: s.Trees, Exclude: []string{data}}
	// How much the last walk found tells an empty share from one that is not
	// mounted.
	if last, err := a.lastWalk(context.WithoutCancel(ctx), s.Name); err == nil && last != nil {
		o.Entries = last.Entries
	}
	f := source.NewFolder(o)
	a.mu.Lock()
	a.sources[s.Name] = f
	a.mu.Unlock()
	return f
}

// places are the sources of a run: by name, by path, or all that are
// configured.
func (a *Archive) places(ctx context.Context, r Run) ([]place, error) {
	if len(r.Paths) > 0 {
		return a.byPath(ctx, r.Paths)
	}
	var out []place
	for _, s := range a.cfg.Sources {
		if len(r.Sources) > 0 && !slices.Contains(r.Sources, s.Name) {
			continue
		}
		out = append(out, place{a.folder(ctx, s), s.Path})
	}
	for _, name := range r.Sources {
		if _, ok := a.configured(name); !ok {
			return nil, fmt.Errorf("there is no source called %s; `guidang config show` lists them", name)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no source is configured; give a path, or name sources in guidang.yaml")
	}
	return out, nil
}

// byPath makes sources of files and folders given by hand. Their name is their
// absolute path, so the same path is the same source in every run.
func (a *Archive) byPath(ctx context.Context, paths []string) ([]place, error) {
	var out []place
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(abs); err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		if data, err := filepath.Abs(a.dir); err == nil && (data == abs || strings.HasPrefix(data, abs+string(filepath.Separator))) {
			a.log.Info("the data directory lies within the source and is left out of it", "path", p)
		}
		s := config.Source{Name: abs, Path: abs}
		for _, c := range a.cfg.Sources {
			if same, err := filepath.Abs(c.Path); err == nil && same == abs {
				s = c
			}
		}
		out = append(out, place{a.folder(ctx, s), s.Path})
	}
	return out, nil
}

// source gives the source of an item, also one that only the ledger knows.
func (a *Archive) source(ctx context.Context, name string) (source.Source, error) {
	a.mu.Lock()
	s, ok := a.sources[name]
	a.mu.Unlock()
	if ok {
		return s, nil
	}
	if c, ok := a.configured(name); ok {
		return a.folder(ctx, c), nil
	}
	known, err := a.ledger.Sources(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range known {
		if k.Name == name {
			return a.folder(ctx, config.Source{Name: k.Name, Path: k.Root}), nil
		}
	}
	if filepath.IsAbs(name) { // a path by hand whose walk had not ended
		return a.folder(ctx, config.Source{Name: name, Path: name}), nil
	}
	return nil, fmt.Errorf("source %s is neither configured nor known", name)
}

func (a *Archive) configured(name string) (config.Source, bool) {
	for _, s := range a.cfg.Sources {
		if s.Name == name {
			return s, true
		}
	}
	return config.Source{}, false
}

// originals says how a source's originals are kept.
func (a *Archive) originals(name string) string {
	if s, ok := a.configured(name); ok && s.Originals != "" {
		return s.Originals
	}
	return a.cfg.Originals
}

// readLines reads a list of one entry a line; blank lines and # lines are
// left out. It may be in GBK, or in what Excel calls Unicode text: staff write it
// with the editor that they have.
func readLines(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	text, _, _ := charset.Decode(data, "")
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out, nil
}
