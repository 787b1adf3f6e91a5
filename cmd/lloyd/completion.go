package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// completeData completes DATA, the only argument, by the names of files of a format.
func completeData(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return fileEndings(anyFormat), cobra.ShellCompDirectiveFilterFileExt
}

// fileEndings lists the endings of the formats that fit, without the dot, and those of
// packed files.
func fileEndings(fits func(dataset.Format) bool) []string {
	var all []string
	for _, f := range dataset.Formats() {
		if !fits(f) {
			continue
		}
		ending := strings.TrimPrefix(f.Ending, ".")
		all = append(all, ending)
		if f.Packs {
			all = append(all, ending+".gz", ending+".zst")
		}
	}
	return all
}

// complete says what the shell offers as the value of a flag.
func complete(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // there is no such flag: a slip in this program, which every test finds
	}
}

// completeNames offers names.
func completeNames(cmd *cobra.Command, flag string, names ...string) {
	complete(cmd, flag, cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// completeFiles offers files of the formats that fit.
func completeFiles(cmd *cobra.Command, flag string, fits func(dataset.Format) bool) {
	complete(cmd, flag, cobra.FixedCompletions(fileEndings(fits), cobra.ShellCompDirectiveFilterFileExt))
}

// completeStart offers the methods to choose initial centers, and files.
func completeStart(cmd *cobra.Command, flag string) {
	complete(cmd, flag, func(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var names []string
		for _, m := range startMethods {
			if strings.HasPrefix(string(m.name), begun) {
				names = append(names, string(m.name))
			}
		}
		return names, cobra.ShellCompDirectiveDefault
	})
}

// completeColumns offers the column names of DATA, after those that are there already.
func completeColumns(cmd *cobra.Command, flag string) {
	complete(cmd, flag, func(_ *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		if len(args) == 0 {
			return nil, directive
		}
		source, err := dataset.Open(args[0], dataset.FileOptions{})
		if err != nil {
			return nil, directive
		}
		before := begun[:strings.LastIndex(begun, ",")+1]
		var names []string
		for _, name := range source.Header() {
			if strings.HasPrefix(name, begun[len(before):]) {
				names = append(names, before+name)
			}
		}
		return names, directive
	})
}
