package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guidang/engines"
	"guidang/pipeline"
	"guidang/pipeline/store"
)

// enginesOptions are those of all commands below `guidang engines`.
type enginesOptions struct {
	Model    string
	From     string
	Bundle   string
	Speakers bool
	Port     int
	JSON     bool
}

func newEnginesCommand(e *env) *cobra.Command {
	var o enginesOptions
	cmd := &cobra.Command{
		Use:  "engines [install|status|start]",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runEnginesStatus(cmd.Context(), e, o) },
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	e.describe(cmd, []int{0, 1, 2, 130}, "guidang engines", "guidang engines install --model sense-voice")

	status := e.enginesSub(cmd, "status", "guidang engines status", "guidang engines status --json | jq .model")
	status.RunE = func(cmd *cobra.Command, _ []string) error { return runEnginesStatus(cmd.Context(), e, o) }
	status.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))

	install := e.enginesSub(cmd, "install", "guidang engines install", "guidang engines install --model sense-voice --from /media/usb/sense-voice.tar.bz2")
	install.RunE = func(cmd *cobra.Command, _ []string) error { return runEnginesInstall(cmd.Context(), e, o) }
	install.Flags().StringVar(&o.Model, "model", "", e.t("engines.flag.model"))
	install.Flags().BoolVar(&o.Speakers, "speakers", false, e.t("engines.flag.speakers"))
	install.Flags().StringVar(&o.From, "from", "", e.t("engines.flag.from"))
	install.Flags().StringVar(&o.Bundle, "bundle", "", e.t("engines.flag.bundle"))
	install.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))

	start := e.enginesSub(cmd, "start", "guidang engines start", "guidang engines start --port 9100")
	start.RunE = func(cmd *cobra.Command, _ []string) error {
		e.interrupt.serving()
		return runEnginesStart(cmd.Context(), e, o)
	}
	start.Flags().IntVar(&o.Port, "port", 0, e.t("engines.flag.port"))
	return cmd
}

// enginesSub adds a command below `guidang engines`.
func (e *env) enginesSub(parent *cobra.Command, name string, examples ...string) *cobra.Command {
	sub := &cobra.Command{
		Use: name, Args: e.arguments(0, 0), Short: e.t("engines." + name + ".short"), Long: e.t("engines." + name + ".long"),
		Example: "  " + strings.Join(examples, "\n  "), Annotations: parent.Annotations, DisableFlagsInUseLine: true,
	}
	parent.AddCommand(sub)
	return sub
}

// engineOptions are the settings, with a log of warnings.
func (e *env) engineOptions() (engines.Options, error) {
	cfg, err := e.config()
	if err != nil {
		return engines.Options{}, err
	}
	return pipeline.EngineOptions(cfg, e.logger(cfg.Log.Level, false)), nil
}

// engineStatus is what `guidang engines status --json` prints.
type engineStatus struct {
	Installed bool                  `json:"installed"`
	Missing   string                `json:"missing,omitempty"` // what it lacks, when it is not
	Command   []string              `json:"command,omitempty"` // another server in its place
	Model     string                `json:"model,omitempty"`
	Disk      int64                 `json:"disk"` // bytes in the engines folder
	Details   *engines.Installation `json:"installation,omitempty"`
}

func runEnginesStatus(ctx context.Context, e *env, o enginesOptions) error {
	opts, err := e.engineOptions()
	if err != nil {
		return err
	}
	s := engineStatus{Command: opts.Command, Disk: bytesBelow(ctx, opts.Dir)}
	in, err := engines.Installed(opts.Dir)
	switch {
	case errors.Is(err, engines.ErrNotInstalled):
		s.Missing = err.Error()
	case err != nil:
		return err
	default:
		s.Installed, s.Details, s.Model = true, in, in.Model
		if opts.Model != "" {
			s.Model = opts.Model
		}
	}
	if o.JSON {
		return e.printJSON(s)
	}
	table := &columns{}
	switch {
	case len(opts.Command) > 0:
		table.add(e.t("engines.command"), strings.Join(opts.Command, " "))
	case !s.Installed:
		_, err := fmt.Fprintln(e.stdout, e.t("engines.none"))
		return err
	}
	if s.Installed {
		table.add(e.t("engines.model"), s.Model)
		table.add("Python", in.Python)
		table.add(e.t("engines.disk"), size(s.Disk))
		if c := in.Check; c != nil {
			table.add(e.t("engines.check"), e.checkText(c))
		}
		if in.Speakers {
			table.add(e.t("engines.speakers"), "CAM++")
		}
		for _, m := range in.Models {
			table.add(m.Name, e.t("engines.has", m.Kind, size(m.Bytes), m.From))
		}
		if advice := e.engineAdvice(in, s.Model); advice != "" {
			table.add("", "→ "+advice)
		}
	}
	_, err = fmt.Fprint(e.stdout, table.String())
	return err
}

func (e *env) checkText(c *engines.Check) string {
	text := e.t("engines.check.is", c.Of-c.Errors, c.Of, c.Sound, c.Seconds)
	if c.Memory > 0 {
		text += e.t("engines.check.memory", size(c.Memory))
	}
	return text
}

// engineAdvice says honestly what a Whisper model is worth on Chinese.
func (e *env) engineAdvice(in *engines.Installation, model string) string {
	if m, ok := in.Find(model); ok && m.Kind == engines.KindWhisper {
		return e.t("engines.advice")
	}
	return ""
}

func runEnginesInstall(ctx context.Context, e *env, o enginesOptions) error {
	opts, err := e.engineOptions()
	if err != nil {
		return err
	}
	in, err := e.installEngine(ctx, opts, o)
	if err != nil {
		return err
	}
	if o.JSON {
		return e.printJSON(in)
	}
	fmt.Fprintln(e.stdout, e.t("engines.installed", in.Model, in.Python, size(bytesBelow(ctx, opts.Dir))))
	if in.Check != nil {
		fmt.Fprintln(e.stdout, e.checkText(in.Check))
	}
	if advice := e.engineAdvice(in, in.Model); advice != "" {
		fmt.Fprintln(e.stdout, advice)
	}
	return nil
}

// engineRoom is what an installation of the default model takes on the way: pip
// keeps what it fetched until it is unpacked.
const engineRoom = 1500 << 20

// installEngine installs, and says what it does on standard error.
func (e *env) installEngine(ctx context.Context, opts engines.Options, o enginesOptions) (*engines.Installation, error) {
	if free, err := (store.Guard{Path: existing(opts.Dir)}).Free(); err == nil && free < engineRoom {
		return nil, e.fail("engines.room", size(engineRoom), size(free))
	}
	live := &liveLine{e: e}
	say := func(p engines.Progress) {
		if p.Step == engines.StepDetail {
			live.show(p.Detail)
			return
		}
		live.clear()
		fmt.Fprintln(e.stderr, e.t("engines.step."+p.Step, p.Detail))
	}
	wish := engines.Wish{Model: o.Model, From: o.From, Speakers: o.Speakers}
	if wish.From != "" {
		var err error
		if wish.From, err = filepath.Abs(wish.From); err != nil {
			return nil, err
		}
	}
	var in *engines.Installation
	var err error
	if o.Bundle != "" {
		if err = engines.Bundle(ctx, opts, wish, o.Bundle, say); err == nil {
			in, err = engines.Installed(opts.Dir)
		}
	} else {
		in, err = engines.Install(ctx, opts, wish, say)
	}
	live.clear()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, engines.ErrNoPython):
		return nil, &sentenceError{e.t("engines.python", reasonOf(err, engines.ErrNoPython)), err}
	case err != nil:
		return nil, e.fail("engines.failed", e.sentence(err))
	}
	return in, nil
}

// reasonOf is what an error says beyond its kind.
func reasonOf(err, kind error) string {
	return strings.TrimPrefix(strings.TrimPrefix(err.Error(), kind.Error()), ": ")
}

// liveLine is a line that is written over, on a terminal alone.
type liveLine struct {
	e     *env
	shown bool
}

func (l *liveLine) show(text string) {
	if !l.e.live {
		return
	}
	width := l.e.width
	if width <= 0 {
		width = 80
	}
	runes := []rune(text)
	fmt.Fprintf(l.e.stderr, "\r\x1b[K%s", string(runes[:min(len(runes), width-1)]))
	l.shown = true
}

func (l *liveLine) clear() {
	if l.shown {
		fmt.Fprint(l.e.stderr, "\r\x1b[K")
		l.shown = false
	}
}

func runEnginesStart(ctx context.Context, e *env, o enginesOptions) error {
	opts, err := e.engineOptions()
	if err != nil {
		return err
	}
	if o.Port < 0 || o.Port > 65535 {
		return e.usage("error.range", "port", 0, 65535, o.Port)
	}
	opts.Port, opts.Idle = o.Port, 365*24*time.Hour // whoever starts it by hand ends it by hand
	engine := engines.New(opts)
	defer engine.Close() //nolint:contextcheck // ending is not bound to what ended us
	url, key, err := engine.Start(ctx)
	if err != nil {
		if errors.Is(err, engines.ErrNotInstalled) {
			return &sentenceError{e.t("engines.none"), err}
		}
		return err
	}
	if _, err := fmt.Fprintln(e.stdout, e.t("engines.answers", url, key)); err != nil {
		return err
	}
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if running, _ := engine.Running(ctx); !running && ctx.Err() == nil {
				return e.fail("engines.died")
			}
		}
	}
}

// bytesBelow is what the files of a folder take together.
func bytesBelow(ctx context.Context, dir string) int64 {
	var sum int64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				sum += info.Size()
			}
		}
		return nil
	})
	return sum
}
