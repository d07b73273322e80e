package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// LoadOptions say where settings come from. Later ones win: defaults, file,
// environment, flags.
type LoadOptions struct {
	File    string              // "": guidang.yaml in Dir, if it is there
	Dir     string              // working directory; "": the current one
	Flags   *pflag.FlagSet      // with the flags of Flags; nil: none
	Getenv  func(string) string // nil: os.Getenv
	Environ []string            // "NAME=value", looked through for misspelt names; nil: os.Environ() if Getenv is nil too
}

// Problem is one thing that is wrong with the settings.
type Problem struct {
	Where string // file and line, variable or flag
	Text  string
}

// Error is everything that is wrong with the settings, in the order of the
// file: a person mends it all at once.
type Error struct{ Problems []Problem }

// Error implements error.
func (e *Error) Error() string {
	var lines []string
	for _, p := range e.Problems {
		if p.Where != "" {
			p.Where += ": "
		}
		lines = append(lines, p.Where+p.Text)
	}
	return strings.Join(lines, "\n")
}

// loader collects settings and what is wrong with them.
type loader struct {
	o        LoadOptions
	cfg      *Config
	base     string // what relative paths are relative to
	file     string // as messages name it
	lines    map[string]int
	problems []Problem
}

// Load reads the settings. Errors in them are an *Error; any other error is of
// the file system.
func Load(o LoadOptions) (*Config, error) {
	l, err := newLoader(o)
	if err != nil {
		return nil, err
	}
	l.defaults()
	if err := l.readFile(); err != nil {
		return nil, err
	}
	l.environment()
	l.flags()
	l.validate()
	if len(l.problems) > 0 {
		return nil, &Error{l.problems}
	}
	return l.cfg, nil
}

func newLoader(o LoadOptions) (*loader, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
		if o.Environ == nil {
			o.Environ = os.Environ()
		}
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	o.Dir = dir
	l := &loader{o: o, cfg: &Config{origins: map[string]string{}}, base: dir, lines: map[string]int{}}
	path := o.File
	switch {
	case path == "":
		path = filepath.Join(dir, FileName)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return l, nil
		} else if err != nil {
			return nil, fmt.Errorf("settings: %w", err)
		}
	case !filepath.IsAbs(path):
		path = filepath.Join(dir, path)
	}
	l.cfg.file, l.base = path, filepath.Dir(path)
	if l.file, err = filepath.Rel(dir, path); err != nil || strings.HasPrefix(l.file, "..") {
		l.file = path
	}
	return l, nil
}

func (l *loader) problemf(where, format string, args ...any) {
	l.problems = append(l.problems, Problem{where, fmt.Sprintf(format, args...)})
}

// at names a line of the file.
func (l *loader) at(line int) string { return fmt.Sprintf("%s:%d", l.file, line) }

func (l *loader) defaults() {
	for _, o := range options() {
		if o.def != "" {
			l.set(&o, o.def, "default", l.base)
		}
		l.cfg.origins[o.key] = "default"
	}
}

// set sets one option from one place.
func (l *loader) set(o *option[Config], text, where, base string) {
	if err := o.set(l.cfg, text); err != nil {
		l.refuse(o.key, text, where, o.secret, err)
		return
	}
	if o.kind == kindPath {
		l.resolve(o.field(l.cfg).(*string), base) //nolint:forcetypeassert // what kindPath means
	}
	l.cfg.origins[o.key] = where
}

func (l *loader) refuse(key, text, where string, secret bool, err error) {
	if secret {
		text = mask
	}
	l.problemf(where, "%s: %q is not possible: %v", key, text, err)
}

// resolve makes a path absolute. "~/" is the person's home, as in a shell.
func (l *loader) resolve(path *string, base string) {
	if *path == "" {
		return
	}
	if rest, ok := strings.CutPrefix(*path, "~/"); ok {
		if home := l.o.Getenv("HOME"); home != "" {
			*path = filepath.Join(home, rest)
		}
	}
	if !filepath.IsAbs(*path) {
		*path = filepath.Join(base, *path)
	}
	*path = filepath.Clean(*path)
}

func (l *loader) environment() {
	var known []string
	for _, o := range options() {
		known = append(known, o.env())
		text, where := l.o.Getenv(o.env()), o.env()
		if o.secret {
			known = append(known, o.env()+envFile)
			text, where = l.secret(o.env(), text)
		}
		if text != "" {
			l.set(&o, text, where, l.o.Dir)
		}
	}
	for _, pair := range l.o.Environ {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, envPrefix) && !strings.HasPrefix(name, envPrefix+"TEST_") && !slices.Contains(known, name) {
			l.cfg.warnings = append(l.cfg.warnings, fmt.Sprintf("%s is no setting; the nearest one is %s", name, nearest(name, known, nil)))
		}
	}
}

// secret reads a secret of the environment, or of the file that the
// environment names.
func (l *loader) secret(name, text string) (value, where string) {
	file := l.o.Getenv(name + envFile)
	if file == "" {
		return text, name
	}
	if text != "" {
		l.problemf(name+envFile, "%s is set too; set one of them", name)
		return "", ""
	}
	l.resolve(&file, l.o.Dir)
	data, err := readSmall(file)
	if err != nil {
		l.problemf(name+envFile, "%v", err)
		return "", ""
	}
	return strings.TrimRight(string(data), "\r\n"), name + envFile
}

func (l *loader) flags() {
	if l.o.Flags == nil {
		return
	}
	for _, o := range options() {
		if o.flag == "" {
			continue
		}
		if f := l.o.Flags.Lookup(o.flag); f != nil && f.Changed {
			l.set(&o, f.Value.String(), "--"+o.flag, l.o.Dir)
		}
	}
}

// validate checks what no single setting can tell.
func (l *loader) validate() {
	c := l.cfg
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0) // the CPUs that a container leaves us, not all of the machine's
	}
	if c.Data == "" {
		l.problemf(l.where("data"), "data: no path is given")
	}
	if c.Index.Engine != "embedded" && c.Index.Meilisearch.URL == "" {
		l.problemf(l.where("index.engine"), "index.engine is %s, and index.meilisearch.url does not say where it is", c.Index.Engine)
	}
	if p := c.Index.Meilisearch.Prefix; p == "" || strings.Trim(strings.ToLower(p), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		l.problemf(l.where("index.meilisearch.prefix"), "index.meilisearch.prefix: %q is not possible: allowed are letters, digits, - and _", p)
	}
	l.validateSpeech()
	l.validateSources()
	slices.SortStableFunc(l.problems, func(a, b Problem) int { return l.line(a) - l.line(b) })
}

// where is the place that set an option.
func (l *loader) where(key string) string {
	if w := l.cfg.origins[key]; w != "default" {
		return w
	}
	return ""
}

// line is the line of a problem in the file; those of other places come last.
func (l *loader) line(p Problem) int {
	if line, ok := l.lines[p.Where]; ok {
		return line
	}
	return 1 << 30
}
