package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is set by the build of a release: -ldflags "-X main.release=v1.2.3".
var release string

// version is the release, or what the Go tool knows of the source.
func version() string {
	b := build()
	if b.Commit == "" {
		return b.Version
	}
	return b.Version + "+" + b.Commit[:min(12, len(b.Commit))]
}

// buildInfo says what this program was made of.
type buildInfo struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Time     string `json:"time,omitempty"` // of the commit
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func build() buildInfo {
	b := buildInfo{Version: release, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if b.Version == "" {
		b.Version = "devel"
		if ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
			b.Version = info.Main.Version
			return b // it names the commit itself
		}
	}
	if !ok {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

type versionOptions struct{ JSON bool }

func newVersionCommand(e *env) *cobra.Command {
	var o versionOptions
	cmd := &cobra.Command{
		Use:  "version",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runVersion(cmd.Context(), e, o) },
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 2}, "guidang version", "guidang version --json")
}

func runVersion(_ context.Context, e *env, o versionOptions) error {
	b := build()
	if o.JSON {
		return e.printJSON(b)
	}
	_, err := fmt.Fprintf(e.stdout, "guidang %s (%s, %s)\n", version(), b.Go, b.Platform)
	return err
}
