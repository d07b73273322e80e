package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

type retryOptions struct {
	Refs       []string
	State      string
	WaitingFor string
	Reason     string
	Source     string
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
	f.StringVar(&o.Reason, "reason", "", e.t("retry.flag.reason"))
	f.StringVar(&o.Source, "source", "", e.t("retry.flag.source"))
	f.BoolVar(&o.Outdated, "outdated", false, e.t("retry.flag.outdated"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 3, 10, 11, 130},
		"guidang retry --reason too-large", "guidang retry --waiting-for transcriber --source 会议录音")
}

func runRetry(ctx context.Context, e *env, o retryOptions) error {
	if len(o.Refs) == 0 && o.State == "" && o.WaitingFor == "" && o.Reason == "" && o.Source == "" && !o.Outdated {
		return e.usage("retry.nothing")
	}
	if s := ledger.State(o.State); s != "" && s != ledger.Quarantined && s != ledger.Waiting {
		return e.usage("retry.state", o.State)
	}
	if err := e.oneOf("reason", o.Reason, reasons()); err != nil {
		return err
	}
	if err := e.sourceGiven(&o.Source); err != nil {
		return err
	}
	want := access{command: "retry", options: o, changes: true}
	return e.withArchive(ctx, want, func(a *pipeline.Archive) error {
		count := 0
		account, err := e.followed(ctx, a, func() (account *pipeline.Account, err error) {
			account, count, err = a.Retry(ctx, pipeline.Retry{
				Refs: o.Refs, State: ledger.State(o.State), WaitingFor: o.WaitingFor, Reason: o.Reason, Source: o.Source, Outdated: o.Outdated,
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

// reasons are those that an item can be read again for.
func reasons() []string {
	var out []string
	for _, r := range document.Reasons() {
		out = append(out, string(r))
	}
	return append(out, pipeline.ForTranscriber, pipeline.ForPassword, pipeline.Growing)
}
