package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages into the folder DIR",
		Long: `Man writes the manual pages of lloyd and its commands, lloyd.1, lloyd-fit.1 and
so on, into the folder DIR, which is made if it is missing. The date in them is
today's, or that of SOURCE_DATE_EPOCH.`,
		Example: `  lloyd man ~/.local/share/man/man1
  man lloyd-fit`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("%s came; one DIR was expected, the folder to write the pages into", counted(len(args), "argument"))
			}
			return nil
		},
		RunE: action(func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o777); err != nil {
				return fmt.Errorf("the folder cannot be made: %w", err)
			}
			pages := newRoot()
			addCompletion(pages)
			forManual(pages)
			header := &doc.GenManHeader{Title: "LLOYD", Section: "1", Source: "lloyd " + version(), Manual: "Lloyd"}
			if err := doc.GenManTree(pages, header, args[0]); err != nil {
				return fmt.Errorf("the manual pages cannot be written: %w", err)
			}
			return nil
		}),
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
	}
}

// forManual marks, in the texts of a command and those below it, what is set in columns,
// which begins with two blanks, as that for the Markdown that package doc reads.
func forManual(cmd *cobra.Command) {
	cmd.DisableAutoGenTag = true
	var text strings.Builder
	columns := false
	for line := range strings.Lines(cmd.Long) {
		if now := strings.HasPrefix(line, "  "); now != columns {
			columns = now
			text.WriteString("\n")
		}
		if columns {
			text.WriteString("    ")
		}
		text.WriteString(line)
	}
	cmd.Long = text.String()
	for _, below := range cmd.Commands() {
		forManual(below)
	}
}
