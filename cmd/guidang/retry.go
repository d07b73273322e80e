package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

type retryOptions struct {
	Refs       []string
	State      string
	WaitingFor string
	Outdated   bool
	JSON       bool
}

func newRetryCommand(e *env) *cobra.Command {
	var o retryOptions
	cmd := &cobra.Command{
		Use: "retry [ID…]",
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Refs = args
			return runRetry(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.State, "state", "", e.t("retry.flag.state"))
	f.StringVar(&o.WaitingFor, "waiting-for", "", e.t("retry.flag.waiting-for"))
	f.BoolVar(&o.Outdated, "outdated", false, e.t("retry.flag.outdated"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 3, 10, 11, 130},
		"guidang retry --state quarantined", "guidang retry --waiting-for password")
}

func runRetry(ctx context.Context, e *env, o retryOptions) error {
	if len(o.Refs) == 0 && o.State == "" && o.WaitingFor == "" && !o.Outdated {
		return e.usage("retry.nothing")
	}
	if s := ledger.State(o.State); s != "" && s != ledger.Quarantined && s != ledger.Waiting {
		return e.usage("retry.state", o.State)
	}
	want := access{command: "retry", options: o, changes: true}
	return e.withArchive(ctx, want, func(a *pipeline.Archive) error {
		count := 0
		account, err := e.followed(ctx, a, func() (account *pipeline.Account, err error) {
			account, count, err = a.Retry(ctx, pipeline.Retry{
				Refs: o.Refs, State: ledger.State(o.State), WaitingFor: o.WaitingFor, Outdated: o.Outdated,
			})
			return account, err
		})
		if o.JSON {
			return e.accounted(account, struct {
				*pipeline.Account
				Retried int `json:"retried"`
			}{account, count}, err)
		}
		if account != nil {
			fmt.Fprintln(e.stdout, e.t("retry.done", grouped(int64(count))))
		}
		return e.accounted(account, nil, err)
	})
}
