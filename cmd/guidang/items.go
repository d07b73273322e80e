package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
	"guidang/web"
)

type itemsOptions struct {
	State  string
	Source string
	Reason string
	JSON   bool
}

func newItemsCommand(e *env) *cobra.Command {
	var o itemsOptions
	cmd := &cobra.Command{
		Use:  "items",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runItems(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.State, "state", "", e.t("items.flag.state", e.or(states())))
	f.StringVar(&o.Source, "source", "", e.t("items.flag.source"))
	f.StringVar(&o.Reason, "reason", "", e.t("items.flag.reason"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json-lines"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130},
		"guidang items --state quarantined", "guidang items --state waiting --json | jq -r .locator")
}

func states() []string {
	var out []string
	for _, s := range ledger.States() {
		out = append(out, string(s))
	}
	return out
}

func runItems(ctx context.Context, e *env, o itemsOptions) error {
	if err := e.oneOf("state", o.State, states()); err != nil {
		return err
	}
	if err := e.sourceGiven(&o.Source); err != nil {
		return err
	}
	return e.withArchive(ctx, access{command: "items", options: o}, func(a *pipeline.Archive) error {
		out := bufio.NewWriterSize(e.stdout, chunk)
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		count := int64(0)
		met := map[string]int64{} // reasons of what a person can do something about
		filter := ledger.Filter{State: ledger.State(o.State), Source: o.Source, Reason: o.Reason}
		err := a.Items(ctx, filter, func(v *pipeline.ItemView) error {
			count++
			if v.State == ledger.Quarantined || v.State == ledger.Waiting {
				met[v.Reason]++
			}
			if o.JSON {
				return enc.Encode(v)
			}
			return e.printItem(out, v)
		})
		if err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
		if !o.JSON {
			for _, r := range slices.Sorted(maps.Keys(met)) {
				if advice := web.Advice(string(e.lang), r); advice != "" {
					fmt.Fprintln(e.stderr, e.t("items.advice", e.name("reason", r), grouped(met[r]), advice))
				}
			}
			fmt.Fprintln(e.stderr, e.t("items.more", grouped(count)))
		}
		return nil
	})
}

// sourceGiven takes a source as people name it. One given by hand is named by its
// absolute path.
func (e *env) sourceGiven(name *string) error {
	if e.archive != nil || *name == "" {
		return nil // the holder gets what its caller made of it
	}
	cfg, err := e.config()
	if err != nil {
		return err
	}
	for _, s := range cfg.Sources {
		if s.Name == *name {
			return nil
		}
	}
	if _, err := os.Stat(*name); err != nil {
		return nil //nolint:nilerr // a source that is no path, or no longer
	}
	*name, err = filepath.Abs(*name)
	return err
}

// printItem is a line for people. Items come by the hundred thousand, so the
// columns' widths are fixed rather than found.
func (e *env) printItem(out *bufio.Writer, v *pipeline.ItemView) error {
	state := e.name("state", string(v.State))
	pad := max(0, 18-cells(state))
	_, err := fmt.Fprintf(out, "%s%*s  %10s  %s · %s", state, pad, "", size(v.Size), visible(v.Source), visible(v.Locator))
	if err == nil && v.Reason != "" {
		_, err = fmt.Fprintf(out, "  (%s)", e.name("reason", v.Reason))
	}
	if err == nil && v.Detail != "" {
		_, err = fmt.Fprintf(out, "  %s", visible(v.Detail))
	}
	if err == nil {
		err = out.WriteByte('\n')
	}
	return err
}
