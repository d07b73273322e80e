package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"guidang/pipeline"
)

type reconcileOptions struct {
	Repair bool
	JSON   bool
}

func newReconcileCommand(e *env) *cobra.Command {
	var o reconcileOptions
	cmd := &cobra.Command{
		Use:  "reconcile",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runReconcile(cmd.Context(), e, o)
		},
	}
	cmd.Flags().BoolVar(&o.Repair, "repair", false, e.t("reconcile.flag.repair"))
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 3, 10, 11, 130}, "guidang reconcile", "guidang reconcile --repair --json")
}

func runReconcile(ctx context.Context, e *env, o reconcileOptions) error {
	want := access{command: "reconcile", options: o, changes: true}
	return e.withArchive(ctx, want, func(a *pipeline.Archive) error {
		r, err := a.Reconcile(ctx, o.Repair)
		if err != nil {
			return err
		}
		if o.JSON {
			err = e.printJSON(r)
		} else {
			_, err = fmt.Fprint(e.stdout, e.reconciliationText(r))
		}
		if err != nil {
			return err
		}
		switch found := differences(r); {
		case found > r.Repaired:
			return &incompleteError{e.t("reconcile.differs", found, r.Repaired)}
		case !r.Closed:
			return &incompleteError{e.t("reconcile.open")}
		}
		return nil
	})
}

// differences counts what a reconciliation found.
func differences(r *pipeline.Reconciliation) int {
	return r.Sources.MissingInLedger + r.Sources.GoneFromSource + len(r.Sources.Unreachable) +
		r.Store.Corrupt + r.Store.Missing + r.Store.Derived + r.Index.Missing + r.Index.Surplus + r.Index.Stale
}

func (e *env) reconciliationText(r *pipeline.Reconciliation) string {
	var b strings.Builder
	if r.Closed {
		fmt.Fprintln(&b, e.t("reconcile.closed"))
	} else {
		fmt.Fprintln(&b, e.t("reconcile.not-closed"))
	}
	fmt.Fprintf(&b, "  %s\n", e.t("reconcile.sources", r.Sources.MissingInLedger, r.Sources.GoneFromSource))
	fmt.Fprintf(&b, "  %s\n", e.t("reconcile.store", r.Store.Checked, r.Store.Corrupt, r.Store.Missing, r.Store.Derived))
	fmt.Fprintf(&b, "  %s\n", e.t("reconcile.index", r.Index.Missing, r.Index.Surplus, r.Index.Stale))
	fmt.Fprintf(&b, "  %s\n", e.t("reconcile.repaired", r.Repaired))
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "- %s\n", visible(p))
	}
	return b.String()
}
