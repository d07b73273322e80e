package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"guidang/config"
)

// newRootCommand puts the program together: every command in one list.
func newRootCommand(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:           "guidang COMMAND",
		Short:         e.t("root.short"),
		Long:          e.t("root.long"),
		SilenceErrors: true, // report says them, once, in the person's language
		SilenceUsage:  true,

		DisableFlagsInUseLine: true,

		Args: e.noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(newHelpCommand(e))
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { e.help(cmd) })
	root.SetFlagErrorFunc(e.flagError)
	e.addSettings(root)
	root.AddCommand(
		newInitCommand(e),
		newPlanCommand(e),
		newIngestCommand(e),
		newServeCommand(e),
		newExtractCommand(e),
		newTranscribeCommand(e),
		newMinutesCommand(e),
		newTermsCommand(e),
		newSearchCommand(e),
		newShowCommand(e),
		newOriginalCommand(e),
		newItemsCommand(e),
		newNamesCommand(e),
		newRetryCommand(e),
		newStatusCommand(e),
		newReconcileCommand(e),
		newReindexCommand(e),
		newDumpCommand(e),
		newCustomersCommand(e),
		newProjectsCommand(e),
		newAssignCommand(e),
		newExportCommand(e),
		newPackageCommand(e),
		newReviewCommand(e),
		newVerifyCommand(e),
		newDoctorCommand(e),
		newEnginesCommand(e),
		newConfigCommand(e),
		newVersionCommand(e),
		newCompletionCommand(e),
	)
	for _, cmd := range root.Commands() {
		translateHelpFlag(e, cmd)
		for _, sub := range cmd.Commands() {
			translateHelpFlag(e, sub)
		}
	}
	translateHelpFlag(e, root)
	return root
}

// addSettings gives every command the flags of the settings and the way to
// load them.
func (e *env) addSettings(root *cobra.Command) {
	flags := root.PersistentFlags()
	file := flags.String("config", "", e.t("flag.config"))
	settings := pflag.NewFlagSet("settings", pflag.ContinueOnError)
	config.Flags(settings)
	settings.VisitAll(func(f *pflag.Flag) {
		if text, ok := lookup("flag."+f.Name, e.lang); ok {
			f.Usage = text
		}
		if f.Name == "data" {
			f.DefValue = "" // its words say more
		}
	})
	flags.AddFlagSet(settings)
	e.load = func() (*config.Config, error) {
		return config.Load(config.LoadOptions{File: *file, Flags: settings, Getenv: e.getenv, Environ: e.environ})
	}
}

// noCommand answers a word that is no command.
func (e *env) noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return e.usage("error.command-near", args[0], strings.Join(near, ", "))
	}
	return e.usage("error.command", args[0])
}

// arguments checks the number of arguments; most -1 is any number.
func (e *env) arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return e.usage("error.too-few", cmd.UseLine(), cmd.CommandPath())
		case most >= 0 && len(args) > most:
			return e.usage("error.too-many", args[most], cmd.UseLine(), cmd.CommandPath())
		}
		return nil
	}
}

// describe gives a command its words, its examples and its exit codes. The
// words stand in the message table under the command's name.
func (e *env) describe(cmd *cobra.Command, codes []int, examples ...string) *cobra.Command {
	name := cmd.Name()
	cmd.Short, cmd.Long = e.t(name+".short"), e.t(name+".long")
	cmd.Example = "  " + strings.Join(examples, "\n  ")
	cmd.DisableFlagsInUseLine = true
	var b strings.Builder
	for _, code := range codes {
		text, ok := lookup(fmt.Sprintf("%s.exit.%d", name, code), e.lang)
		if !ok {
			text = e.t(fmt.Sprintf("exit.%d", code))
		}
		fmt.Fprintf(&b, "  %-4d %s\n", code, text)
	}
	cmd.Annotations = map[string]string{exitCodes: b.String()}
	return cmd
}

// exitCodes is the annotation under which a command keeps its exit codes' table.
const exitCodes = "exit-codes"

func translateHelpFlag(e *env, cmd *cobra.Command) {
	cmd.InitDefaultHelpFlag()
	if f := cmd.Flags().Lookup("help"); f != nil {
		f.Usage = e.t("flag.help")
	}
}
