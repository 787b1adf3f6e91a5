package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// The exit statuses.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130 // what a shell reports for a command ended by SIGINT
)

// usageError says that the command line itself is wrong: nothing was tried.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// runError is an error of a command that was understood and tried.
type runError struct{ err error }

func (e *runError) Error() string { return e.err.Error() }
func (e *runError) Unwrap() error { return e.err }

// action makes the body of a command of f, and marks the errors of f: whatever
// else cobra returns is about the command line.
func action(f func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if err := f(cmd, args); err != nil {
			return &runError{err}
		}
		return nil
	}
}

// report writes err, if any, to w and returns the exit status. cmd is the
// command that it came from.
func report(w io.Writer, cmd *cobra.Command, err error) int {
	var (
		usage *usageError
		ran   *runError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage) || !errors.As(err, &ran):
		fmt.Fprintf(w, "%s: %s\nTry \"%s --help\".\n", cmd.CommandPath(), plain(err.Error()), cmd.CommandPath())
		return exitUsage
	case errors.Is(err, context.Canceled):
		text := "interrupted"
		if stopped := (*interrupted)(nil); errors.As(err, &stopped) {
			text = stopped.Error()
		}
		fmt.Fprintf(w, "lloyd: %s\n", text)
		return exitInterrupted
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(w, "lloyd: %s\n", plain(line))
	}
	return exitFailed
}

// interrupted is the end by Ctrl-C of a command that has more to say about it.
type interrupted struct{ text string }

func (e *interrupted) Error() string { return "interrupted; " + e.text }
func (e *interrupted) Unwrap() error { return context.Canceled }

// packageNames are the beginnings by which the packages of this module sign their
// errors; they mean nothing to somebody who typed a command. (What follows a dash is a
// flag.)
var packageNames = regexp.MustCompile(`(^|[^-\w])(?:(?:cluster|dataset|metrics|figure|kernel): )+`)

// functionNames are what else means nothing to them.
var functionNames = strings.NewReplacer("Model.Save wrote", "lloyd fit --model wrote", "Save wrote", "lloyd fit --model wrote")

func plain(text string) string {
	for _, kind := range kinds {
		text = strings.TrimSuffix(text, ": "+kind.Error())
	}
	text = packageNames.ReplaceAllString(functionNames.Replace(text), "$1")
	return strings.TrimPrefix(text, "lloyd: ")
}

// kinds are what errors of package dataset end in, for programs to tell them apart.
var kinds = []error{dataset.ErrFormat, dataset.ErrDtype, dataset.ErrShape, dataset.ErrConfig, dataset.ErrUnknownFormat, dataset.ErrNotFile}

// noSuchCommand refuses arguments where a command was expected.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("%q is not a command", args[0])
	cmd.SuggestionsMinimumDistance = nearNames
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += fmt.Sprintf("; %q is", near[0])
	}
	return usagef("%s", text)
}

// oneArgument demands exactly one argument, called name in the help text.
func oneArgument(name string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return usagef("%s is missing: name a file with one row an observation, or - for standard input", name)
		case len(args) > 1:
			return usagef("%d arguments came (%s); one %s was expected", len(args), strings.Join(args, " "), name)
		}
		return nil
	}
}

// twoArguments demands exactly two, called so in the help text.
func twoArguments(first, second string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return usagef("%s and %s are missing: name a file to read and one to write", first, second)
		case 1:
			return usagef("%s is missing: name the file to write", second)
		case 2:
			return nil
		}
		return usagef("%d arguments came (%s); %s and %s were expected", len(args), strings.Join(args, " "), first, second)
	}
}

// noArguments allows none.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%q is too much: no arguments were expected", args[0])
	}
	return nil
}

// flagError puts an error of the flag parser in the words of this command.
func flagError(cmd *cobra.Command, err error) error {
	if bad := (*pflag.InvalidValueError)(nil); errors.As(err, &bad) {
		expected := bad.Unwrap().Error()
		switch bad.GetFlag().Value.Type() { // the flags that are not of this package
		case "bool":
			expected = "true or false was expected"
		case "uint64":
			expected = "a whole number from 0 to 18446744073709551615 was expected"
		}
		return usagef("%s %q: %s", flagName(bad.GetFlag()), bad.GetValue(), expected)
	}
	if lone := (*pflag.ValueRequiredError)(nil); errors.As(err, &lone) {
		return usagef("%s needs a value", flagName(lone.GetFlag()))
	}
	if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) {
		if near := nearFlags(cmd, unknown); len(near) > 0 {
			return usagef("%v; did you mean %s?", err, strings.Join(near, " or "))
		}
	}
	return err
}

// nearNames is how many letters may differ between a name and one meant instead.
const nearNames = 2

// otherNames are what other programs call the flags of these names.
var otherNames = map[string][]string{
	"clusters": {"k", "n-clusters", "n_clusters", "nclusters"},
	"colors":   {"k", "n-colors"},
	"figure":   {"out", "output", "plot"},
	"json":     {"format", "output-format"},
	"max-iter": {"iterations", "n-iter", "niter"},
	"n-init":   {"restarts", "runs", "nredo"},
	"out":      {"output", "figure", "outfile"},
	"seed":     {"random-state", "random_state", "random-seed"},
	"threads":  {"n-jobs", "jobs", "workers"},
}

// nearFlags are the flags of cmd whose names are near an unknown one.
func nearFlags(cmd *cobra.Command, unknown *pflag.NotExistError) []string {
	name := unknown.GetSpecifiedName()
	if unknown.GetSpecifiedShortnames() != "" { // one letter, perhaps in the wrong case
		for _, letter := range []string{strings.ToLower(name), strings.ToUpper(name)} {
			if f := cmd.Flags().ShorthandLookup(letter); f != nil {
				return []string{flagName(f)}
			}
		}
		return nil
	}
	flags := cobra.Command{SuggestionsMinimumDistance: min(nearNames, len(name)-1)} // as if they were commands
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		flags.AddCommand(&cobra.Command{Use: f.Name, SuggestFor: otherNames[f.Name], Run: func(*cobra.Command, []string) {}})
	})
	near := slices.Compact(flags.SuggestionsFor(name)) // those near in both ways come twice
	for i := range near {
		near[i] = "--" + near[i]
	}
	return near
}

func flagName(f *pflag.Flag) string {
	if f.Shorthand != "" {
		return "-" + f.Shorthand
	}
	return "--" + f.Name
}
