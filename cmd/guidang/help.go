package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// help writes a command's help: what it does, how it is called, two examples,
// its options and its exit codes.
func (e *env) help(cmd *cobra.Command) {
	var b strings.Builder
	long := cmd.Long
	if long == "" {
		long = cmd.Short
	}
	fmt.Fprintf(&b, "%s\n\n%s\n  %s\n", long, e.t("help.usage"), cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s\n", e.t("help.commands"))
		list := &columns{indent: "  "}
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				list.add(sub.Name(), sub.Short)
			}
		}
		b.WriteString(list.String())
	}
	section := func(title, text string) {
		if text = strings.TrimRight(text, " \n"); text != "" {
			fmt.Fprintf(&b, "\n%s\n%s\n", e.t(title), text)
		}
	}
	section("help.examples", cmd.Example)
	section("help.options", cmd.LocalNonPersistentFlags().FlagUsages())
	section("help.settings", cmd.Root().PersistentFlags().FlagUsages())
	section("help.exit-codes", cmd.Annotations[exitCodes])
	fmt.Fprint(e.stdout, b.String())
}

func newHelpCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: e.t("help.short"),
		RunE: func(cmd *cobra.Command, args []string) error {
			target, rest, err := cmd.Root().Find(args)
			if err != nil || target == nil || len(rest) > 0 {
				return e.usage("error.command", strings.Join(args, " "))
			}
			e.help(target)
			return nil
		},
	}
}
