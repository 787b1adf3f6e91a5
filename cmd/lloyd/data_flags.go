package main

import (
	"errors"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// dataFlags say what of a file is read, and how.
type dataFlags struct {
	array     string
	columns   []string
	delimiter delimiter
	header    header
}

// add puts the flags into the set of a command whose first argument is the file.
func (d *dataFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&d.columns, "columns", nil, "read the columns `A,B,C` of a .parquet file or a text with a header; the others need not be numbers")
	flags.Var(&d.delimiter, "delimiter", "`CHAR` between the cells of a text, or the word tab (default a comma; in .tsv a tab)")
	flags.Var(&d.header, "header", "`yes|no` says whether a text begins with column names (default: it does if they are not numbers)")
	flags.StringVar(&d.array, "array", "", "read the array `NAME` of an .npz file")
	completeColumns(cmd, "columns")
	completeNames(cmd, "delimiter", "tab", ";", "|")
	completeNames(cmd, "header", "yes", "no")
}

// options are those of package dataset, for numbers as dtype; the zero dtype keeps
// what the file holds.
func (d dataFlags) options(dtype tensor.Dtype) dataset.FileOptions {
	return dataset.FileOptions{
		Dtype: dtype, Array: d.array, Columns: d.columns,
		Comma: rune(d.delimiter), Header: dataset.HeaderMode(d.header),
	}
}

// delimiter is a flag that holds a character; 0 until it is set.
type delimiter rune

func (d *delimiter) String() string {
	if *d == 0 {
		return ""
	}
	return string(*d)
}
func (d *delimiter) Type() string { return "CHAR" }
func (d *delimiter) Set(text string) error {
	if text == "tab" || text == "\\t" {
		text = "\t"
	}
	r, size := utf8.DecodeRuneInString(text)
	if size != len(text) || r == utf8.RuneError || r == '"' || r == '\n' || r == '\r' {
		return errors.New("one character was expected, not a quote, or tab")
	}
	*d = delimiter(r)
	return nil
}

// header is a flag that says whether a text has column names; the zero value leaves it
// to the text.
type header dataset.HeaderMode

func (h *header) String() string {
	return map[header]string{header(dataset.HeaderPresent): "yes", header(dataset.HeaderAbsent): "no"}[*h]
}
func (h *header) Type() string { return "yes" }
func (h *header) Set(text string) error {
	switch text {
	case "yes":
		*h = header(dataset.HeaderPresent)
	case "no":
		*h = header(dataset.HeaderAbsent)
	default:
		return errors.New("yes or no was expected")
	}
	return nil
}
