package main

import (
	"bufio"
	"context"

	"github.com/spf13/cobra"

	"guidang/pipeline"
)

type dumpOptions struct{}

func newDumpCommand(e *env) *cobra.Command {
	cmd := &cobra.Command{
		Use:  "dump",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDump(cmd.Context(), e, dumpOptions{})
		},
	}
	cmd.Flags().Bool("json", true, e.t("dump.flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130}, "guidang dump > before.jsonl", "guidang dump | sha256sum")
}

func runDump(ctx context.Context, e *env, o dumpOptions) error {
	return e.withArchive(ctx, access{command: "dump", options: o}, func(a *pipeline.Archive) error {
		out := bufio.NewWriterSize(e.stdout, chunk)
		if err := a.Dump(ctx, out); err != nil {
			return err
		}
		return out.Flush()
	})
}
