package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// convertFlags is what "lloyd convert" is told.
type convertFlags struct {
	dtype element
	data  dataFlags
	json  bool
}

func newConvert() *cobra.Command {
	var f convertFlags
	cmd := &cobra.Command{
		Use:   "convert IN OUT [flags]",
		Short: "Write a file of rows in another format",
		Long: `Convert reads the rows of IN and writes them to OUT, each in the format of its
ending; "lloyd --help" lists them. IN may be "-", standard input. Column names
go along from text and Parquet to text and Parquet.

Rows pass through block by block: a file may be larger than the memory. What
cannot be read so is held as a whole: standard input, images, and column-major
.npy that is compressed. From text into a format that begins with the number of
rows (.npy, .npz, .fbin, .u8bin, .i8bin), the text is read twice.

Numbers stay as they are where OUT can hold them. Float64 is rounded to the
float32 of .fvecs and .fbin; what does not fit whole numbers is an error, and
OUT is then not there, or as it was.`,
		Example: `  lloyd convert base.fvecs base.npy
  lloyd convert table.csv table.parquet --dtype float32
  lloyd convert table.csv xy.npy --columns x,y
  lloyd convert many.npz one.csv.gz --array train`,
		Args: twoArguments("IN", "OUT"),
		RunE: action(func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], args[1], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		}),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			switch len(args) {
			case 0:
				return fileEndings(anyFormat), cobra.ShellCompDirectiveFilterFileExt
			case 1:
				return fileEndings(writes), cobra.ShellCompDirectiveFilterFileExt
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.Var(&f.dtype, "dtype", "write numbers of `TYPE` float32 or float64 where OUT has both (default what holds the numbers of IN; float64 for text)")
	f.data.add(cmd)
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	completeNames(cmd, "dtype", "float32", "float64")
	return cmd
}

// convertObject is the result of convert in JSON.
type convertObject struct {
	N       int     `json:"n"`
	D       int     `json:"d"`
	Dtype   string  `json:"dtype"`
	Written string  `json:"written"`
	Seconds float64 `json:"seconds"`
}

func (f *convertFlags) run(ctx context.Context, in, out string, stdin io.Reader, stdout, stderr io.Writer) error {
	var to table
	if err := to.Set(out); err != nil {
		return usagef("OUT %q: %s", out, err)
	}
	if err := (outputs{{flag: "OUT", path: out}}).check(in); err != nil {
		return err
	}
	begin := time.Now()
	result := convertObject{Written: out}
	var err error
	if in == standardInput {
		err = f.stream(ctx, &result, stdin, stderr)
	} else {
		err = f.file(ctx, &result, in, stderr)
	}
	if errors.Is(err, context.Canceled) {
		return &interrupted{"nothing was written"}
	}
	if err != nil {
		return err
	}
	took := time.Since(begin)
	result.Seconds = took.Seconds()
	if f.json {
		return writeJSON(stdout, result)
	}
	_, _ = fmt.Fprintf(stderr, "%s: %s of %s, %s, from %s in %s\n", out, counted(result.N, "row"), counted(result.D, "column"), result.Dtype, nameOf(in), brief(took))
	return nil
}

// stream converts standard input.
func (f *convertFlags) stream(ctx context.Context, result *convertObject, stdin io.Reader, stderr io.Writer) error {
	line := newProgress(stderr, 1, "reading "+nameOf(standardInput))
	defer line.done()
	r, err := readRows(ctx, standardInput, stdin, f.data.options(f.dtype.dtype))
	if err != nil {
		return err
	}
	line.say("writing " + result.Written)
	result.N, result.D, result.Dtype = r.n(), r.d(), r.dtype()
	return r.WriteFile(result.Written)
}

// file converts a file block by block.
func (f *convertFlags) file(ctx context.Context, result *convertObject, in string, stderr io.Writer) error {
	options := f.data.options(f.dtype.dtype)
	source, err := dataset.Open(in, options)
	if err != nil {
		return advise(err, options)
	}
	line := newProgress(stderr, source.Rows(), "converting "+in)
	defer line.done()
	written := 0
	result.N, err = source.WriteFile(result.Written, func(rows int) error {
		if rows != written {
			written = rows
			line.reach(rows)
			line.say(counted(rows, "row") + " of " + in)
		}
		return ctx.Err()
	})
	result.D, result.Dtype = source.Columns(), source.Dtype().Name()
	return advise(err, options)
}
