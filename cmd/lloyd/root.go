package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// run is the whole command: it carries out args, and returns the exit status.
// Canceling ctx is what Ctrl-C does.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	addCompletion(root)
	cmd, err := root.ExecuteContextC(ctx)
	return report(stderr, cmd, err)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "lloyd",
		Short: "K-means clustering of tables of numbers",
		Long: `Lloyd clusters the rows of a table by k-means.

DATA is a file with one row an observation and one column a feature. Everything
is a number; a line of column names at the top of a text is found and left out.
The ending of the name tells the format:

` + formatsHelp() + `
Text, .npy and vectors may be compressed (.gz or .zst after the ending). "-" is
standard input, where the first bytes tell the format: all but vectors. Files
are written by their ending, and each appears whole or not at all.

Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted by Ctrl-C.

Environment: LLOYD_KERNEL=NAME takes a slower compute kernel than the best one
for this CPU; "lloyd info" lists the names. Results are the same with each.`,
		Example: `  lloyd demo
  lloyd fit data.csv -k 10 --model model.lloyd --labels labels.csv
  lloyd predict --model model.lloyd new.npy > labels.txt`,
		Version:       version(),
		Args:          noSuchCommand,
		RunE:          showHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	quiet := false
	root.PersistentFlags().BoolVarP(&quiet, "quiet", "q", false, "say nothing but errors, and what was asked for on standard output")
	root.PersistentPreRun = func(*cobra.Command, []string) {
		if quiet { // progress and summaries; run reports errors itself
			root.SetErr(io.Discard)
		}
	}
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetUsageTemplate(usageTemplate)
	root.SetFlagErrorFunc(flagError)
	root.SetGlobalNormalizationFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "k" { // --k is --clusters, too
			name = "clusters"
		}
		return pflag.NormalizedName(name)
	})
	root.SetHelpCommand(newHelp(root))
	root.AddCommand(
		newFit(),
		newPredict(),
		newEvaluate(),
		newScan(),
		newQuantize(),
		newPlot(),
		newConvert(),
		newDemo(),
		newInfo(),
		newBench(),
		newMan(),
	)
	return root
}

// addCompletion adds cobra's command that writes scripts for shells, to the output that
// root has now.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" { // cobra's own answers a wrong name with help
			cmd.Args, cmd.RunE = noSuchCommand, showHelp
			cmd.Short = "Write a script that completes lloyd's commands in a shell"
			cmd.Long = `Completion writes a script to standard output that completes lloyd's commands,
flags and files in a shell. "lloyd completion SHELL --help" tells where it goes.`
			cmd.Example = `  source <(lloyd completion bash)
  lloyd completion zsh > "${fpath[1]}/_lloyd"
  lloyd completion fish > ~/.config/fish/completions/lloyd.fish`
			for _, shell := range cmd.Commands() {
				shell.RunE = action(shell.RunE)
				shell.Long = strings.Replace(shell.Long, "you can install it via your", "you can install it via\nyour", 1)
			}
		}
	}
}

// formatsHelp lists the formats of DATA.
func formatsHelp() string {
	var text strings.Builder
	for _, f := range dataset.Formats() {
		fmt.Fprintf(&text, "  %-10s %s\n", f.Ending, f.Name)
	}
	return text.String()
}

// newHelp is "lloyd help COMMAND", which fails for a command that is none.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return noSuchCommand(cmd, rest)
			}
			return action(showHelp)(cmd, nil)
		},
	}
}

func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// version is the module's version as the build recorded it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// usageTemplate is cobra's, in the order of a manual page and wrapped to 80
// columns.
const usageTemplate = `Usage:{{if .HasAvailableSubCommands}}
  {{.CommandPath}} [COMMAND]{{else}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsagesWrapped 80 | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

More flags:
{{.InheritedFlags.FlagUsagesWrapped 80 | trimTrailingWhitespaces}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

"{{.CommandPath}} COMMAND --help" tells more about a command.{{end}}
`
