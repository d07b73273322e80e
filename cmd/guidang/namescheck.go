package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/naming"
)

type namesOptions struct {
	All  bool
	CSV  bool
	JSON bool
}

func newNamesCommand(e *env) *cobra.Command {
	var o namesOptions
	cmd := &cobra.Command{Use: "names", Args: e.arguments(0, 0), RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	check := &cobra.Command{
		Use:   "check",
		Short: e.t("names.check.short"),
		Long:  e.t("names.check.long"),
		Args:  e.arguments(0, 0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return runNamesCheck(cmd.Context(), e, o) },
	}
	f := check.Flags()
	f.BoolVar(&o.All, "all", false, e.t("names.flag.all"))
	f.BoolVar(&o.CSV, "csv", false, e.t("names.flag.csv"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json-lines"))
	cmd.AddCommand(check)
	e.describe(cmd, []int{0, 1, 2, 10, 11, 130}, "guidang names check", "guidang names check --csv > names.csv")
	check.Example, check.Annotations, check.DisableFlagsInUseLine = cmd.Example, cmd.Annotations, true
	return cmd
}

func runNamesCheck(ctx context.Context, e *env, o namesOptions) error {
	return e.withArchive(ctx, access{command: "names", options: o}, func(a *pipeline.Archive) error {
		cfg, err := e.config()
		if err != nil {
			return err
		}
		rule, err := naming.Read(cfg.Names.Pattern)
		if err != nil {
			return fmt.Errorf("names.pattern: %w", err)
		}
		out := bufio.NewWriterSize(e.stdout, chunk)
		write, done := e.nameWriter(out, o)
		all, kept, proposed := int64(0), int64(0), int64(0)
		err = a.Names(ctx, rule, func(v *pipeline.NameView) error {
			all++
			if v.OK {
				kept++
				if !o.All {
					return nil
				}
			}
			if v.Proposal != "" {
				proposed++
			}
			return write(v)
		})
		if err == nil {
			err = done()
		}
		if err == nil {
			err = out.Flush()
		}
		if err == nil && !o.JSON && !o.CSV {
			fmt.Fprintln(e.stderr, e.t("names.sum", grouped(all), grouped(kept), grouped(proposed)))
		}
		return err
	})
}

// nameWriter writes verdicts as somebody wants them.
func (e *env) nameWriter(out io.Writer, o namesOptions) (write func(*pipeline.NameView) error, done func() error) {
	nothing := func() error { return nil }
	switch {
	case o.JSON:
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		return func(v *pipeline.NameView) error { return enc.Encode(v) }, nothing
	case o.CSV:
		table := csv.NewWriter(out)
		first := true
		return func(v *pipeline.NameView) error {
				if first {
					first = false
					// The mark at the beginning lets Excel read the table as UTF-8.
					if _, err := io.WriteString(out, "\ufeff"); err != nil {
						return err
					}
					var head []string
					for _, name := range []string{"source", "locator", "name", "type", "problems", "proposal"} {
						head = append(head, e.t("names.column."+name))
					}
					if err := table.Write(head); err != nil {
						return err
					}
				}
				row := []string{v.Source, v.Locator, v.Name, e.name("doctype", string(v.Type)), e.problems(v), v.Proposal}
				for i := range row {
					row[i] = harmless(row[i])
				}
				return table.Write(row)
			}, func() error {
				table.Flush()
				return table.Error()
			}
	}
	return func(v *pipeline.NameView) error {
		_, err := fmt.Fprintf(out, "%s · %s\n", visible(v.Source), visible(v.Locator))
		if err == nil && !v.OK {
			_, err = fmt.Fprintf(out, "    %s\n", e.problems(v))
		}
		if err == nil && v.Proposal != "" {
			_, err = fmt.Fprintf(out, "    → %s\n", visible(v.Proposal))
		}
		return err
	}, nothing
}

func (e *env) problems(v *pipeline.NameView) string {
	var out []string
	for _, p := range v.Problems {
		out = append(out, e.name("naming", p))
	}
	return strings.Join(out, " · ")
}

// harmless keeps a cell from being a formula in a program for tables.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
