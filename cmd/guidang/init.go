package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"guidang/config"
	"guidang/pipeline"
)

type initOptions struct {
	Dir  string
	Data string // what --data says; empty: beside the settings file
}

func newInitCommand(e *env) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:  "init [DIR]",
		Args: e.arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = "."
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if f := cmd.Flags().Lookup("data"); f != nil && f.Changed {
				o.Data = f.Value.String()
			}
			return runInit(cmd.Context(), e, o)
		},
	}
	return e.describe(cmd, []int{0, 1, 2, 11, 130}, "guidang init", "guidang init /srv/guidang")
}

func runInit(ctx context.Context, e *env, o initOptions) error {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // what is secret in it has its own bits
		return err
	}
	file := filepath.Join(dir, config.FileName)
	said := "init.wrote"
	// 0o600: passwords and keys may come to stand in it.
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		said = "init.kept"
	case err != nil:
		return err
	default:
		_, err = f.WriteString(config.Example())
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	if e.settings, err = config.Load(config.LoadOptions{File: file, Getenv: e.getenv, Environ: e.environ}); err != nil {
		return err
	}
	if o.Data != "" {
		if e.settings.Data, err = filepath.Abs(o.Data); err != nil {
			return err
		}
	}
	if err := e.withArchive(ctx, access{create: true}, func(*pipeline.Archive) error { return nil }); err != nil {
		return err
	}
	for _, line := range []string{e.t(said, file), e.t("init.data", e.settings.Data), e.t("init.next")} {
		if _, err := fmt.Fprintln(e.stdout, line); err != nil {
			return err
		}
	}
	return nil
}
