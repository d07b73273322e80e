package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/dossier"
	"guidang/pipeline/ledger"
)

// customersOptions are those of all its sub-commands.
type customersOptions struct {
	File      string
	Overwrite bool
	DryRun    bool
	Name      string
	Aliases   []string
	Domains   []string
	JSON      bool
}

func newCustomersCommand(e *env) *cobra.Command {
	var o customersOptions
	cmd := &cobra.Command{
		Use:  "customers",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runCustomersList(cmd.Context(), e, o) },
	}
	e.describe(cmd, []int{0, 1, 2, 3, 10, 11, 130}, "guidang customers import 客户名册.xlsx", "guidang customers show 华信制造 --json")
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))

	load := e.under(cmd, "import FILE", e.arguments(1, 1), func(ctx context.Context, args []string) error {
		if err := e.regularFile(args[0]); err != nil {
			return err
		}
		var err error
		if o.File, err = filepath.Abs(args[0]); err != nil {
			return err
		}
		return runCustomersImport(ctx, e, o)
	})
	load.Flags().BoolVar(&o.Overwrite, "overwrite", false, e.t("customers.flag.overwrite"))
	load.Flags().BoolVar(&o.DryRun, "dry-run", false, e.t("customers.flag.dry-run"))
	list := e.under(cmd, "list", e.arguments(0, 0), func(ctx context.Context, _ []string) error { return runCustomersList(ctx, e, o) })
	show := e.under(cmd, "show NAME", e.arguments(1, 1), func(ctx context.Context, args []string) error {
		o.Name = args[0]
		return runCustomersShow(ctx, e, o)
	})
	add := e.under(cmd, "add NAME", e.arguments(1, 1), func(ctx context.Context, args []string) error {
		o.Name = args[0]
		return runCustomersAdd(ctx, e, o)
	})
	add.Flags().StringArrayVar(&o.Aliases, "alias", nil, e.t("customers.flag.alias"))
	add.Flags().StringArrayVar(&o.Domains, "domain", nil, e.t("customers.flag.domain"))
	propose := e.under(cmd, "propose", e.arguments(0, 0), func(ctx context.Context, _ []string) error { return runCustomersPropose(ctx, e, o) })
	for _, sub := range []*cobra.Command{load, list, show, add, propose} {
		sub.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	}
	return cmd
}

// under adds a sub-command, which has its parent's examples and exit codes. Its
// words stand under "parent.name".
func (e *env) under(cmd *cobra.Command, use string, args cobra.PositionalArgs, run func(ctx context.Context, args []string) error) *cobra.Command {
	name, _, _ := strings.Cut(use, " ")
	sub := &cobra.Command{
		Use: use, Args: args, Short: e.t(cmd.Name() + "." + name + ".short"), Long: e.t(cmd.Name() + "." + name + ".short"),
		Example: cmd.Example, Annotations: cmd.Annotations, DisableFlagsInUseLine: true,
		RunE: func(sub *cobra.Command, args []string) error { return run(sub.Context(), args) },
	}
	cmd.AddCommand(sub)
	return sub
}

func runCustomersImport(ctx context.Context, e *env, o customersOptions) error {
	return e.withArchive(ctx, access{command: "customers import", options: o, create: true, changes: true}, func(a *pipeline.Archive) error {
		in, err := a.ImportCustomers(ctx, o.File, o.Overwrite, o.DryRun)
		if errors.Is(err, pipeline.ErrNoList) {
			return e.fail("customers.no-list", o.File)
		}
		if err != nil {
			return err
		}
		return e.imported(in, o.JSON)
	})
}

// imported prints what an import came to. Conflicts are something left undone.
func (e *env) imported(in *pipeline.Import, asJSON bool) error {
	var left error
	if n := len(in.Conflicts); n > 0 {
		left = &incompleteError{e.t("customers.conflicts", grouped(int64(n)))}
	}
	if asJSON {
		return errors.Join(e.printJSON(in), left)
	}
	fmt.Fprintln(e.stdout, e.t("customers.imported", grouped(int64(in.Rows)), grouped(int64(in.CustomersAdded)), grouped(int64(in.CustomersChanged)), grouped(int64(in.ProjectsAdded)), grouped(int64(in.ProjectsChanged))))
	for _, c := range in.Columns {
		if c.Field == "" {
			fmt.Fprintln(e.stderr, e.t("customers.column", visible(c.Name)))
		}
	}
	for _, c := range in.Conflicts {
		what := e.t("conflict."+c.Code, visible(c.Listed), visible(c.Kept))
		if c.Code == dossier.ConflictValue {
			what = e.name("listfield", c.Field) + e.t("conflict."+c.Code, visible(c.Listed), visible(c.Kept))
		}
		fmt.Fprintf(e.stdout, "  %s\n", e.t("customers.conflict", c.Row, visible(c.Customer), what))
	}
	if in.Assigned != nil {
		e.printAssigning(in.Assigned)
	}
	return left
}

func runCustomersAdd(ctx context.Context, e *env, o customersOptions) error {
	return e.withArchive(ctx, access{command: "customers add", options: o, changes: true}, func(a *pipeline.Archive) error {
		in, err := a.AddCustomer(ctx, &ledger.Customer{Name: o.Name, Aliases: o.Aliases, Domains: o.Domains}, nil)
		if err != nil {
			return err
		}
		return e.imported(in, o.JSON)
	})
}

func runCustomersList(ctx context.Context, e *env, o customersOptions) error {
	return e.withArchive(ctx, access{command: "customers list", options: o}, func(a *pipeline.Archive) error {
		all, err := a.Customers(ctx, nil)
		if err != nil {
			return err
		}
		if o.JSON {
			if all == nil {
				all = []pipeline.CustomerView{}
			}
			return e.printJSON(struct {
				Customers []pipeline.CustomerView `json:"customers"`
			}{all})
		}
		table := &columns{right: []bool{false, true, true}}
		table.add(e.t("customers.head.name"), e.t("customers.head.projects"), e.t("customers.head.documents"), e.t("customers.head.domains"))
		for _, c := range all {
			table.add(visible(c.Name), grouped(int64(len(c.Projects))), grouped(c.Documents), visible(strings.Join(c.Domains, " ")))
		}
		if len(all) == 0 {
			fmt.Fprintln(e.stderr, e.t("customers.none"))
			return nil
		}
		_, err = fmt.Fprint(e.stdout, table.String())
		return err
	})
}

func runCustomersShow(ctx context.Context, e *env, o customersOptions) error {
	return e.withArchive(ctx, access{command: "customers show", options: o}, func(a *pipeline.Archive) error {
		c, err := a.Card(ctx, o.Name, nil)
		if err != nil {
			return err
		}
		if o.JSON {
			return e.printJSON(c)
		}
		fmt.Fprintln(e.stdout, e.bold(visible(c.Name)))
		facts := &columns{indent: "  "}
		for _, f := range [][2]string{{"aliases", strings.Join(c.Aliases, " · ")}, {"domains", strings.Join(c.Domains, " · ")}, {"industry", c.Industry}, {"size", c.Size}, {"maturity", c.Maturity},
			{"history", c.History}, {"responsible", c.Responsible}, {"paper", c.Paper}} {
			if f[1] != "" {
				facts.add(e.name("listfield", f[0]), visible(f[1]))
			}
		}
		facts.add(e.t("customers.head.documents"), grouped(c.Documents))
		fmt.Fprint(e.stdout, facts.String())
		e.printProjects(c.Projects)
		people := &columns{indent: "  "}
		for _, p := range c.People[:min(len(c.People), 30)] {
			people.add(visible(p.Name), visible(p.Title), visible(p.Phone), visible(strings.Join(p.Addresses, " ")))
		}
		_, err = fmt.Fprint(e.stdout, people.String())
		return err
	})
}

func runCustomersPropose(ctx context.Context, e *env, o customersOptions) error {
	return e.withArchive(ctx, access{command: "customers propose", options: o, changes: true}, func(a *pipeline.Archive) error {
		list, err := a.ProposeCustomers(ctx)
		if err != nil {
			return err
		}
		if o.JSON {
			if list == nil {
				list = []dossier.Proposal{}
			}
			return e.printJSON(struct {
				Proposals []dossier.Proposal `json:"proposals"`
			}{list})
		}
		if len(list) == 0 {
			fmt.Fprintln(e.stderr, e.t("customers.propose.none"))
			return nil
		}
		table := &columns{right: []bool{false, true}}
		table.add(e.t("customers.head.name"), e.t("customers.head.mails"), e.t("customers.head.domains"), e.t("customers.head.projects"))
		for _, p := range list {
			var numbers []string
			for _, n := range p.Projects {
				numbers = append(numbers, n.Number)
			}
			table.add(visible(p.Name), grouped(int64(p.Documents)), visible(strings.Join(p.Domains, " ")), visible(strings.Join(numbers, " ")))
		}
		_, err = fmt.Fprint(e.stdout, table.String())
		return err
	})
}
