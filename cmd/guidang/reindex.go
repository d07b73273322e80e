package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"guidang/pipeline"
)

type reindexOptions struct{ JSON bool }

func newReindexCommand(e *env) *cobra.Command {
	var o reindexOptions
	cmd := &cobra.Command{
		Use:  "reindex",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runReindex(cmd.Context(), e, o)
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130}, "guidang reindex", "guidang reindex --json")
}

func runReindex(ctx context.Context, e *env, o reindexOptions) error {
	want := access{command: "reindex", options: o, changes: true}
	return e.withArchive(ctx, want, func(a *pipeline.Archive) error {
		began := time.Now()
		n, err := a.Reindex(ctx)
		if err != nil {
			return err
		}
		spent := time.Since(began)
		if o.JSON {
			return e.printJSON(struct {
				Documents int64   `json:"documents"`
				Seconds   float64 `json:"seconds"`
			}{n, float64(spent.Milliseconds()) / 1000})
		}
		_, err = fmt.Fprintln(e.stdout, e.t("reindex.done", grouped(n), took(spent)))
		return err
	})
}
