package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

// assignOptions are those of all its sub-commands.
type assignOptions struct {
	Refs     []string
	Folder   string
	Source   string
	Customer string
	Project  string
	Nobody   bool
	Not      bool
	Who      string
	Limit    int
	After    string
	JSON     bool
}

// maxQueue is how many documents one answer of the queue holds at most.
const maxQueue = 1000

func newAssignCommand(e *env) *cobra.Command {
	var o assignOptions
	cmd := &cobra.Command{
		Use:  "assign",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runAssign(cmd.Context(), e, o) },
	}
	e.describe(cmd, []int{0, 1, 2, 10, 11, 130}, "guidang assign to mzxw6ytboi --project PROJ-20250801", "guidang assign to --folder 存档/2024 --customer 华信制造")
	queue := e.under(cmd, "queue", e.arguments(0, 0), func(ctx context.Context, _ []string) error { return runAssignQueue(ctx, e, o) })
	queue.Flags().IntVar(&o.Limit, "limit", 50, e.t("assign.flag.limit"))
	queue.Flags().StringVar(&o.After, "after", "", e.t("assign.flag.after"))
	to := e.under(cmd, "to [ID…]", e.arguments(0, -1), func(ctx context.Context, args []string) error {
		o.Refs = args
		return runAssignSay(ctx, e, o)
	})
	not := e.under(cmd, "not [ID…]", e.arguments(0, -1), func(ctx context.Context, args []string) error {
		o.Refs, o.Not = args, true
		return runAssignSay(ctx, e, o)
	})
	for _, c := range []*cobra.Command{to, not} {
		c.Flags().StringVar(&o.Customer, "customer", "", e.t("assign.flag.customer"))
		c.Flags().StringVar(&o.Project, "project", "", e.t("assign.flag.project"))
		c.Flags().StringVar(&o.Folder, "folder", "", e.t("assign.flag.folder"))
		c.Flags().StringVar(&o.Source, "source", "", e.t("assign.flag.source"))
		c.Flags().StringVar(&o.Who, "who", "", e.t("assign.flag.who"))
	}
	to.Flags().BoolVar(&o.Nobody, "nobody", false, e.t("assign.flag.nobody"))
	for _, c := range []*cobra.Command{cmd, queue, to, not} {
		c.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	}
	return cmd
}

func runAssign(ctx context.Context, e *env, o assignOptions) error {
	return e.withArchive(ctx, access{command: "assign", options: o, changes: true}, func(a *pipeline.Archive) error {
		account, err := a.Assign(ctx)
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(account)
		}
		e.printAssigning(account)
		return nil
	})
}

// printAssigning is the account of a pass for people.
func (e *env) printAssigning(s *pipeline.Assigning) {
	fmt.Fprintln(e.stdout, e.t("assign.account", grouped(int64(s.Documents)), grouped(int64(s.Sure)), grouped(int64(s.Confirmed)), grouped(int64(s.Doubtful)), grouped(int64(s.Without)), grouped(int64(s.Changed))))
}

func runAssignQueue(ctx context.Context, e *env, o assignOptions) error {
	if o.Limit < 1 || o.Limit > maxQueue {
		return e.usage("error.range", "limit", 1, maxQueue, o.Limit)
	}
	return e.withArchive(ctx, access{command: "assign queue", options: o}, func(a *pipeline.Archive) error {
		doubts, next, err := a.Queue(ctx, o.After, o.Limit)
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(struct {
				Doubts []pipeline.Doubt `json:"doubts"`
				Next   string           `json:"next,omitempty"`
			}{doubts, next})
		}
		if len(doubts) == 0 {
			fmt.Fprintln(e.stderr, e.t("assign.queue.none"))
		}
		for _, d := range doubts {
			fmt.Fprintf(e.stdout, "%s  %s  %s\n", d.Document, visible(d.Title), visible(d.Locator))
			for _, b := range d.Belongs {
				fmt.Fprintf(e.stdout, "    %3.0f %%  %s  %s\n", 100*b.Confidence, visible(strings.TrimSpace(b.Customer+" "+b.Project)), e.evidence(b))
			}
		}
		if next != "" {
			fmt.Fprintln(e.stderr, e.t("assign.queue.next", next))
		}
		return nil
	})
}

// evidence is why a document may be somebody's, in a few words.
func (e *env) evidence(b pipeline.Belongs) string {
	var parts []string
	for _, x := range b.Evidence {
		parts = append(parts, strings.TrimSpace(e.name("rule", x.Rule)+" "+e.seen(x)))
	}
	return strings.Join(parts, " · ")
}

// seen is what a piece of evidence is, in words.
func (e *env) seen(x ledger.Evidence) string {
	switch {
	case x.Days > 0 && x.Detail != "":
		return e.t("evidence.period.who", visible(x.Detail), x.Days, x.Count, x.Of)
	case x.Days > 0:
		return e.t("evidence.period", x.Days, x.Count, x.Of)
	case x.Of > 0:
		return e.t("evidence.thread", x.Count, x.Of)
	case x.Count > 0:
		return e.t("evidence.hint", x.Count)
	}
	return visible(x.Detail)
}

func runAssignSay(ctx context.Context, e *env, o assignOptions) error {
	switch {
	case (len(o.Refs) == 0) == (o.Folder == ""):
		return e.usage("assign.what")
	case o.Customer == "" && o.Project == "" && !o.Nobody:
		return e.usage("assign.whose")
	case o.Nobody && o.Customer+o.Project != "":
		return e.usage("assign.nobody")
	}
	if o.Who == "" {
		for _, name := range []string{"USER", "LOGNAME", "USERNAME"} {
			if o.Who == "" {
				o.Who = e.getenv(name)
			}
		}
	}
	command := "assign to"
	if o.Not {
		command = "assign not"
	}
	return e.withArchive(ctx, access{command: command, options: o, changes: true}, func(a *pipeline.Archive) error {
		said, err := a.Say(ctx, pipeline.Saying{Documents: o.Refs, Folder: o.Folder, Source: o.Source, Customer: o.Customer, Project: o.Project, Belongs: !o.Not, Who: o.Who})
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(said)
		}
		_, err = fmt.Fprintln(e.stdout, e.t("assign.said", grouped(int64(said.Documents))))
		return err
	})
}
