package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

type statusOptions struct{ JSON bool }

func newStatusCommand(e *env) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:  "status",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runStatus(cmd.Context(), e, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130}, "guidang status", "guidang status --json | jq .states")
}

func runStatus(ctx context.Context, e *env, o statusOptions) error {
	return e.withArchive(ctx, access{command: "status", options: o}, func(a *pipeline.Archive) error {
		s, err := a.Status(ctx)
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(s)
		}
		_, err = fmt.Fprint(e.stdout, e.statusText(s))
		return err
	})
}

// speechText is what this night's transcription has cost, and why it waits.
func (e *env) speechText(s *pipeline.Status) string {
	if s.Spend["transcribe_minutes"] == 0 && s.Speech.Why == "" {
		return ""
	}
	text := e.t("status.speech.spent", s.Spend["transcribe_minutes"])
	if most := s.Spend["transcribe_budget_minutes"]; most > 0 {
		text += e.t("status.speech.of", most)
	}
	if money := s.Spend["transcribe_money"]; money > 0 {
		text += e.t("status.speech.money", money)
		if most := s.Spend["transcribe_budget_money"]; most > 0 {
			text += e.t("status.speech.of", most)
		}
	}
	if s.Speech.Why != "" {
		text += " · " + s.Speech.Why
	}
	return text
}

func (e *env) statusText(s *pipeline.Status) string {
	states := &columns{indent: "  ", right: []bool{false, true}}
	for _, state := range ledger.States() {
		states.add(e.name("state", string(state)), grouped(s.States[state]))
	}
	facts := &columns{}
	add := func(key, value string) {
		if value != "" {
			facts.add(e.t(key), value)
		}
	}
	if s.Gone > 0 {
		add("status.gone", grouped(s.Gone))
	}
	closed := "status.closed.no"
	if s.Closed {
		closed = "status.closed.yes"
	}
	add("status.closed", e.t(closed))
	add("status.kinds", e.counts("kind", s.ByKind))
	add("status.waiting", e.counts("reason", s.WaitingFor))
	add("status.open", e.counts("work", s.OpenWork))
	if t := s.Speech; t != nil {
		add("status.speech", e.speechText(s))
	}
	if r := s.Running; r != nil {
		add("status.running", e.t("status.running.is", took(time.Duration(r.Seconds*float64(time.Second))), grouped(r.Found), grouped(r.Done), grouped(r.Indexed)))
	}
	if r := s.LastRun; r != nil {
		add("status.last", fmt.Sprintf("%d · %s · %s %s", r.ID, r.Kind, r.Started, e.name("outcome", r.Outcome)))
	} else {
		add("status.last", e.t("status.never"))
	}
	add("status.next", s.NextRun)
	add("status.index", e.t("status.index.is", s.Index.Engine, grouped(s.Index.Documents), grouped(s.Index.Passages), grouped(s.Index.Lag)))
	add("status.index", s.Index.Error)
	add("status.disk", e.t("status.disk.is", size(s.Disk.Originals), size(s.Disk.Free)))
	if s.Outdated > 0 {
		add("status.outdated", e.t("status.outdated.n", grouped(s.Outdated)))
	}
	return e.t("status.items") + " " + grouped(s.Found) + "\n" + states.String() + facts.String()
}
