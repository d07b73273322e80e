package main

import (
	"context"

	"github.com/spf13/cobra"
)

type completionOptions struct{ Shell string }

func newCompletionCommand(e *env) *cobra.Command {
	cmd := &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Args:      e.arguments(1, 1),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return runCompletion(cmd.Context(), e, cmd.Root(), completionOptions{args[0]})
	}
	return e.describe(cmd, []int{0, 2}, "source <(guidang completion bash)", "guidang completion zsh > ~/.zfunc/_guidang")
}

func runCompletion(_ context.Context, e *env, root *cobra.Command, o completionOptions) error {
	switch o.Shell {
	case "bash":
		return root.GenBashCompletionV2(e.stdout, true)
	case "zsh":
		return root.GenZshCompletion(e.stdout)
	case "fish":
		return root.GenFishCompletion(e.stdout, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(e.stdout)
	}
	return e.usage("completion.one", o.Shell)
}
