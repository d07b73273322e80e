package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"guidang/config"
	"guidang/engines"
	"guidang/pipeline"
)

// engineBehind installs the local engine while the pages are up, if there is
// none. Whatever comes of it is one line: pages need no engine. It runs within
// serve, so Ctrl-C ends it too; what was interrupted is begun anew next time.
func (e *env) engineBehind(ctx context.Context, a *pipeline.Archive, cfg *config.Config) {
	opts := pipeline.EngineOptions(cfg, e.log)
	if len(opts.Command) > 0 {
		return
	}
	if _, err := engines.Installed(opts.Dir); !errors.Is(err, engines.ErrNotInstalled) {
		return
	}
	// Asked before anything is promised: without Python there is one line, not two.
	if _, err := engines.FindPython(ctx, opts.Python); err != nil {
		if ctx.Err() == nil {
			fmt.Fprintln(e.stderr, e.t("engines.python", reasonOf(err, engines.ErrNoPython)))
		}
		return
	}
	fmt.Fprintln(e.stderr, e.t("engines.later"))
	quiet := *e
	quiet.stderr, quiet.live = io.Discard, false
	in, err := quiet.installEngine(ctx, opts, enginesOptions{})
	switch {
	case ctx.Err() != nil:
	case err != nil:
		fmt.Fprintln(e.stderr, e.t("engines.unavailable", e.sentence(err)))
	default:
		fmt.Fprintln(e.stderr, e.t("engines.ready", in.Model))
		a.EngineArrived()
	}
}
