package engines

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Wish is what is to be installed.
type Wish struct {
	Model    string // name; "": DefaultModel, or with From the name of what lies there
	Speakers bool   // also what tells voices apart
	From     string // folder or archive with a model, or a folder made by Bundle; "": package index and hub
}

// Progress is one step of an installation.
type Progress struct {
	Step   string // StepPython …
	Detail string // a version, a name, a line of pip's
}

// Steps of an installation, in their order.
const (
	StepPython   = "python"   // the interpreter was found
	StepPackages = "packages" // packages are fetched and installed
	StepModel    = "model"    // the model is brought
	StepCheck    = "check"    // a spoken sentence is transcribed
	StepWithout  = "without"  // something welcome that cannot be had here
	StepDetail   = "detail"   // something within the step
)

// Install brings everything that Wish needs and is not there yet, and checks
// the result on a spoken sentence. It may be run again at any time: what is
// there is kept, what was interrupted is begun anew.
func Install(ctx context.Context, o Options, w Wish, say func(Progress)) (*Installation, error) {
	o = o.filled()
	if err := os.MkdirAll(filepath.Join(o.Dir, modelsDir), 0o700); err != nil {
		return nil, err
	}
	sweep(o.Dir)
	bundle := bundleOf(w.From)
	model, err := chosen(w, bundle)
	if err != nil {
		return nil, err
	}
	old, err := Installed(o.Dir)
	if err != nil && !errors.Is(err, ErrNotInstalled) {
		return nil, err
	}
	engines := []string{engineOf(model.Kind)}
	if old != nil {
		engines = append(engines, old.Engines...)
	}
	slices.Sort(engines)
	in := &Installation{Engines: slices.Compact(engines), Packages: packagesHash(engines), Model: model.Name, Time: time.Now().UTC().Truncate(time.Second)}
	if old == nil || old.Packages != in.Packages {
		python, err := FindPython(ctx, o.Python)
		if err != nil {
			return nil, err
		}
		say(Progress{StepPython, python.Version + " · " + python.Path})
		in.Python = python.Version
		if err := installPackages(ctx, o, python, in.Engines, bundle, say); err != nil {
			return nil, err
		}
	} else {
		in.Python = old.Python
	}
	if err := bringDecoders(ctx, o, bundle, say); err != nil {
		return nil, err
	}
	if err := bring(ctx, o, model, w.From, bundle, say); err != nil {
		return nil, fmt.Errorf("model %s: %w", model.Name, err)
	}
	if w.Speakers {
		if err := bringSpeakers(ctx, o, bundle, say); err != nil {
			return nil, fmt.Errorf("speakers: %w", err)
		}
	}
	say(Progress{StepCheck, model.Name})
	// Written before the check too: the check starts the engine as anybody does.
	if err := writeJSON(filepath.Join(o.Dir, installFile), in); err != nil {
		return nil, err
	}
	check, err := check(ctx, o, model.Name)
	if err != nil {
		_ = os.Remove(filepath.Join(o.Dir, installFile))
		if old != nil { // what worked before goes on working
			_ = writeJSON(filepath.Join(o.Dir, installFile), old)
		}
		return nil, fmt.Errorf("the engine was installed and does not work: %w", err)
	}
	in.Check = check
	if err := writeJSON(filepath.Join(o.Dir, installFile), in); err != nil {
		return nil, err
	}
	return Installed(o.Dir)
}

// sweep removes what installations that were killed left half done. What is
// younger than an hour may be another one's, at work.
func sweep(dir string) {
	left, err := filepath.Glob(filepath.Join(dir, ".*-*"))
	if err != nil {
		return
	}
	for _, p := range left {
		if info, err := os.Stat(p); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(p)
		}
	}
}

// chosen is the model that a wish is for.
func chosen(w Wish, bundle string) (Known, error) {
	if w.From != "" && bundle == "" {
		return fromDisk(w)
	}
	name := w.Model
	if name == "" {
		name = DefaultModel
	}
	k, ok := lookUp(name)
	if !ok {
		var names []string
		for _, k := range KnownModels() {
			names = append(names, k.Name)
		}
		return k, fmt.Errorf("there is no model called %q; there are %s, and any OWNER/NAME of a hub", name, strings.Join(names, ", "))
	}
	return k, nil
}

// engineOf is what runs a kind of model.
func engineOf(kind string) string {
	if kind == KindWhisper {
		return "whisper"
	}
	return "sherpa"
}

// lists are the lists of packages that engines need. Sherpa's holds Whisper's
// too: it uses its detector of speech.
func lists(engines []string) []string {
	if slices.Contains(engines, "sherpa") {
		return []string{"requirements-sherpa.txt"}
	}
	return []string{"requirements-whisper.txt"}
}

func packagesHash(engines []string) string {
	h := sha256.New()
	for _, l := range lists(engines) {
		data, err := serverFiles.ReadFile("python/" + l)
		if err != nil {
			return "unknown"
		}
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// installPackages makes a venv beside the one in use and puts it in its place
// when it is whole. A venv can be moved as long as its own programs are not
// called, and they are not.
func installPackages(ctx context.Context, o Options, python Python, engines []string, bundle string, say func(Progress)) error {
	say(Progress{StepPackages, strings.Join(engines, ", ")})
	part, err := os.MkdirTemp(o.Dir, ".venv-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(part)
	venv := filepath.Join(part, venvDir)
	if err := runStep(ctx, say, python.Path, "-I", "-m", "venv", venv); err != nil {
		return fmt.Errorf("venv: %w", err)
	}
	for _, l := range lists(engines) {
		list, err := listFile(part, l)
		if err != nil {
			return err
		}
		if err := pip(ctx, o, bundle, say, venvPython(venv), "install", "--no-compile", "-r", list); err != nil {
			return err
		}
	}
	final := filepath.Join(o.Dir, venvDir)
	if err := os.RemoveAll(final); err != nil {
		return err
	}
	return os.Rename(venv, final)
}

// pip runs pip with what every call of it has: nothing without its hash, nothing
// that would have to be built, no questions.
func pip(ctx context.Context, o Options, bundle string, say func(Progress), python, verb string, args ...string) error {
	all := append([]string{"-I", "-m", "pip", verb, "--require-hashes", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar", "off"}, args...)
	switch {
	case bundle != "":
		all = append(all, "--no-index", "--find-links", filepath.Join(bundle, wheelsDir))
	case o.Index != "":
		all = append(all, "--index-url", o.Index)
	}
	if err := runStep(ctx, say, python, all...); err != nil {
		return fmt.Errorf("pip %s: %w", verb, err)
	}
	return nil
}

// runStep runs a program of an installation. Its lines are passed on, and an
// error tells the last ones.
func runStep(ctx context.Context, say func(Progress), program string, args ...string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // an interpreter that the settings name or that was found
	attributes(cmd)
	cmd.Cancel = func() error { killGroup(cmd); return nil }
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = cleanEnv(os.Environ())
	out := &lineWriter{fn: func(line string) { say(Progress{StepDetail, line}) }}
	var errs lastWords
	cmd.Stdout, cmd.Stderr = out, &errs
	engine := &Engine{} // for its way of keeping the thread that starts a process
	r := &running{cmd: cmd, gone: make(chan struct{})}
	if err := engine.begin(r); err != nil {
		return err
	}
	<-r.gone
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !cmd.ProcessState.Success() {
		return fmt.Errorf("%s: %s", cmd.ProcessState, errs.all())
	}
	return nil
}

// lineWriter hands over what is written line by line.
type lineWriter struct {
	fn   func(string)
	part []byte
}

// Write implements io.Writer and never fails.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.part = append(w.part, p...)
	for {
		line, rest, ended := bytes.Cut(w.part, []byte("\n"))
		if !ended {
			w.part = w.part[max(0, len(w.part)-64<<10):]
			return len(p), nil
		}
		if text := strings.TrimSpace(string(line)); text != "" {
			w.fn(text)
		}
		w.part = rest
	}
}

// all are the last lines that were said.
func (w *lastWords) all() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	lines := w.last
	if text := bytes.TrimSpace(w.part); len(text) > 0 {
		lines = append(slices.Clone(lines), text)
	}
	if len(lines) == 0 {
		return "it said nothing"
	}
	return string(bytes.Join(lines[max(0, len(lines)-4):], []byte(" / ")))
}
