package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"guidang/pipeline"
)

type projectsOptions struct {
	Customer string
	Key      string
	JSON     bool
}

func newProjectsCommand(e *env) *cobra.Command {
	var o projectsOptions
	cmd := &cobra.Command{
		Use:  "projects",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runProjectsList(cmd.Context(), e, o) },
	}
	e.describe(cmd, []int{0, 1, 2, 10, 11, 130}, "guidang projects list --customer 华信制造", "guidang projects show PROJ-20250801 --json")
	list := e.under(cmd, "list", e.arguments(0, 0), func(ctx context.Context, _ []string) error { return runProjectsList(ctx, e, o) })
	show := e.under(cmd, "show KEY", e.arguments(1, 1), func(ctx context.Context, args []string) error {
		o.Key = args[0]
		return runProjectsShow(ctx, e, o)
	})
	for _, c := range []*cobra.Command{cmd, list, show} {
		c.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
		if c != show {
			c.Flags().StringVar(&o.Customer, "customer", "", e.t("projects.flag.customer"))
		}
	}
	return cmd
}

func runProjectsList(ctx context.Context, e *env, o projectsOptions) error {
	return e.withArchive(ctx, access{command: "projects list", options: o}, func(a *pipeline.Archive) error {
		all, err := a.Projects(ctx, o.Customer, nil)
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(struct {
				Projects []pipeline.ProjectView `json:"projects"`
			}{all})
		}
		if len(all) == 0 {
			fmt.Fprintln(e.stderr, e.t("projects.none"))
			return nil
		}
		e.printProjects(all)
		return nil
	})
}

// printProjects is the table of projects.
func (e *env) printProjects(all []pipeline.ProjectView) {
	table := &columns{indent: "  ", right: []bool{false, false, false, false, true}}
	for _, p := range all {
		state := p.Phase
		if p.State != "" {
			state = e.name("projectstate", string(p.State))
		}
		table.add(visible(p.Key), visible(p.Name), visible(p.Customer), visible(state), grouped(p.Documents), visible(strings.Join(p.Contracts, " ")))
	}
	fmt.Fprint(e.stdout, table.String())
}

func runProjectsShow(ctx context.Context, e *env, o projectsOptions) error {
	return e.withArchive(ctx, access{command: "projects show", options: o}, func(a *pipeline.Archive) error {
		p, err := a.ProjectCard(ctx, o.Key, nil)
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(p)
		}
		fmt.Fprintln(e.stdout, e.bold(visible(strings.TrimSpace(p.Key+" "+p.Name))))
		facts := &columns{indent: "  "}
		for _, f := range [][2]string{{"customer", p.Customer}, {"contracts", strings.Join(p.Contracts, " · ")}, {"kind", p.Kind}, {"phase", p.Phase}, {"start", p.Start}, {"end", p.End},
			{"manager", p.Manager}, {"responsible", p.Responsible}, {"paper", p.Paper}} {
			if f[1] != "" {
				facts.add(e.name("listfield", f[0]), visible(f[1]))
			}
		}
		if p.State != "" {
			facts.add(e.name("listfield", "state"), e.name("projectstate", string(p.State)))
		}
		facts.add(e.t("customers.head.documents"), grouped(p.Documents))
		_, err = fmt.Fprint(e.stdout, facts.String())
		return err
	})
}
