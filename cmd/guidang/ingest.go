package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"guidang/pipeline"
)

// ingestOptions is one pass over sources. The fields travel to the holder.
type ingestOptions struct {
	Paths  []string
	Verify bool
	JSON   bool
}

func newIngestCommand(e *env) *cobra.Command {
	var o ingestOptions
	cmd := &cobra.Command{
		Use: "ingest [PATH…]",
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.Paths, err = absolute(args); err != nil {
				return err
			}
			return runIngest(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.Bool("once", true, e.t("ingest.flag.once"))
	f.BoolVar(&o.Verify, "verify", false, e.t("ingest.flag.verify"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 3, 11, 130},
		"guidang ingest ~/客户资料 /mnt/mail-export", "guidang ingest --json > account.json")
}

func runIngest(ctx context.Context, e *env, o ingestOptions) error {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	if len(o.Paths) == 0 && len(cfg.Sources) == 0 {
		return e.usage("ingest.no-source")
	}
	for _, p := range o.Paths {
		if within(p, cfg.Data) {
			return e.usage("ingest.inside", p, cfg.Data)
		}
	}
	want := access{command: "ingest", options: o, create: true, changes: true}
	return e.withArchive(ctx, want, func(a *pipeline.Archive) error {
		if s, err := a.Status(ctx); err == nil && s.Running != nil {
			fmt.Fprintln(e.stderr, e.t("ingest.waits"))
		}
		account, err := e.followed(ctx, a, func() (*pipeline.Account, error) {
			return a.Ingest(ctx, pipeline.Run{Kind: "ingest", Paths: o.Paths, Verify: o.Verify})
		})
		if !o.JSON {
			return e.accounted(account, nil, err)
		}
		return e.accounted(account, account, err)
	})
}
