package dataset

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
)

// ReadLabelsCSV reads one integer a line, N lines, in the range of int32.
// Blanks and tabs around it, a UTF-8 byte order mark, and blank lines at the
// end are allowed; a header, several columns or fractions are not.
//
// Errors wrap [ErrFormat] and name the line, counted from 1 (also for empty
// input), [ErrDtype] for a number that int32 cannot hold, and the error of r.
func ReadLabelsCSV(r io.Reader) ([]int32, error) {
	if r == nil {
		return nil, failure(ErrConfig, "the reader is nil")
	}
	in, err := skipBOM(r)
	if err != nil {
		return nil, streamError("reading", err)
	}
	lines := bufio.NewScanner(in) // refuses lines beyond 64 KiB
	var labels []int32
	line, blank := 0, 0
	for lines.Scan() {
		line++
		text := lines.Text()
		v, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			text = strings.Trim(text, " \t")
			if text == "" {
				if blank == 0 {
					blank = line
				}
				continue
			}
			v, err = strconv.ParseInt(text, 10, 32)
		}
		switch {
		case errors.Is(err, strconv.ErrRange):
			return nil, failure(ErrDtype, "label on line %d: %s is beyond the range of int32; number the classes anew", line, shorten(text))
		case err != nil:
			return nil, failure(ErrFormat, "label on line %d: %s is not an integer; one integer a line was expected, no header", line, shorten(text))
		case blank != 0:
			return nil, failure(ErrFormat, "label on line %d is blank but labels follow it; one integer a line was expected", blank)
		}
		labels = append(labels, int32(v))
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, failure(ErrFormat, "label on line %d is longer than 64 KiB; one integer a line was expected", line+1)
	} else if err != nil {
		return nil, streamError("reading", err)
	}
	if len(labels) == 0 {
		return nil, failure(ErrFormat, "the labels input is empty; one integer a line was expected")
	}
	return labels, nil
}

// WriteLabelsCSV writes one integer a line.
//
// Errors wrap [ErrShape] when there are no labels, and the error of w.
func WriteLabelsCSV(w io.Writer, labels []int32) error {
	if err := checkLabels(w, labels); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for _, v := range labels {
		line = append(strconv.AppendInt(line[:0], int64(v), 10), '\n')
		if _, err := out.Write(line); err != nil {
			return streamError("writing", err)
		}
	}
	if err := out.Flush(); err != nil {
		return streamError("writing", err)
	}
	return nil
}

// checkLabels refuses what no labels file can be made of.
func checkLabels(w io.Writer, labels []int32) error {
	if w == nil {
		return failure(ErrConfig, "the writer is nil")
	}
	if len(labels) == 0 {
		return failure(ErrShape, "there are no labels; at least one was expected")
	}
	return nil
}
