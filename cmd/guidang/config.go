package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/naming"
	"guidang/pipeline/review"
)

type configOptions struct{}

func newConfigCommand(e *env) *cobra.Command {
	cmd := &cobra.Command{
		Use:  "config",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runConfigShow(cmd.Context(), e, configOptions{}) },
	}
	check := &cobra.Command{
		Use:   "check",
		Short: e.t("config.check.short"),
		Long:  e.t("config.check.short"),
		Args:  e.arguments(0, 0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return runConfigCheck(cmd.Context(), e, configOptions{}) },
	}
	show := &cobra.Command{
		Use:   "show",
		Short: e.t("config.show.short"),
		Long:  e.t("config.show.short"),
		Args:  e.arguments(0, 0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return runConfigShow(cmd.Context(), e, configOptions{}) },
	}
	cmd.AddCommand(check, show)
	e.describe(cmd, []int{0, 2}, "guidang config check", "guidang config show --config /srv/guidang/guidang.yaml")
	for _, sub := range []*cobra.Command{check, show} {
		sub.Example, sub.Annotations, sub.DisableFlagsInUseLine = cmd.Example, cmd.Annotations, true
	}
	return cmd
}

func runConfigCheck(_ context.Context, e *env, _ configOptions) error {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	for _, w := range cfg.Warnings() {
		fmt.Fprintln(e.stderr, w)
	}
	rules, err := pipeline.NewRules(cfg)
	if err != nil {
		return &usageError{err.Error()}
	}
	if _, err := review.LoadTemplate(cfg.Review.Template); err != nil {
		return &usageError{fmt.Sprintf("review.template: %v", err)}
	}
	if _, err := naming.Read(cfg.Names.Pattern); err != nil {
		return &usageError{fmt.Sprintf("names.pattern: %v", err)}
	}
	wrong := 0
	for i := range rules {
		for _, text := range rules[i].Try() {
			fmt.Fprintln(e.stderr, e.t("config.rule", rules[i].Tag, text))
			wrong++
		}
	}
	if wrong > 0 {
		return e.usage("config.rules", wrong, cfg.Terms.Tags)
	}
	file := cfg.File()
	if file == "" {
		file = e.t("config.no-file")
	}
	_, err = fmt.Fprintln(e.stdout, e.t("config.ok", file))
	return err
}

func runConfigShow(_ context.Context, e *env, _ configOptions) error {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	return cfg.Show(e.stdout)
}
