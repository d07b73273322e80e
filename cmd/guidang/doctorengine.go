package main

import (
	"context"
	"errors"
	"os/exec"
	"strings"

	"guidang/config"
	"guidang/engines"
	"guidang/pipeline"
)

// engineCheck says whether recordings can be transcribed on this machine, and
// what would do it better. Nothing is started.
func (e *env) engineCheck(ctx context.Context, cfg *config.Config) check {
	c := check{Name: "engine", Status: checkOK}
	o := pipeline.EngineOptions(cfg, nil)
	if len(o.Command) > 0 {
		c.Found = e.t("doctor.engine.command", strings.Join(o.Command, " "))
		if _, err := exec.LookPath(o.Command[0]); err != nil {
			c.Status, c.Advice = checkBad, e.t("doctor.engine.notfound")
		}
		return c
	}
	in, err := engines.Installed(o.Dir)
	switch {
	case errors.Is(err, engines.ErrNotInstalled):
		c.Status = checkNote
		python, err := engines.FindPython(ctx, o.Python)
		if err != nil {
			c.Found, c.Advice = e.t("doctor.engine.python"), e.t("doctor.engine.apt")
		} else {
			c.Found, c.Advice = e.t("doctor.engine.none", python.Version), e.t("doctor.engine.install")
		}
		return c
	case err != nil:
		c.Status, c.Found = checkBad, e.sentence(err)
		return c
	}
	model := o.Model
	if model == "" {
		model = in.Model
	}
	c.Found = e.t("doctor.engine.is", model, in.Python, size(bytesBelow(ctx, o.Dir)))
	if _, ok := in.Find(model); !ok {
		c.Status, c.Advice = checkBad, e.t("doctor.engine.model", model)
	} else if advice := e.engineAdvice(in, model); advice != "" {
		c.Advice = advice
	}
	return c
}
