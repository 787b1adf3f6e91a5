package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// output is one file to be written in the end.
type output struct {
	flag  string // that named it
	path  string
	write func() error
}

// outputs are the files that a command writes.
type outputs []output

// check finds out before the work what would keep the files from being written
// after it. reads are the files that the command reads: none may be overwritten.
func (o outputs) check(reads ...string) error {
	for i, out := range o {
		for _, other := range o[:i] {
			if same(out.path, other.path) {
				return usagef("%s and %s name the same file %s", other.flag, out.flag, out.path)
			}
		}
		for _, in := range reads {
			if in != standardInput && same(out.path, in) {
				return usagef("%s %s would overwrite what is read from there; name another file", out.flag, out.path)
			}
		}
		if err := writable(out.path); err != nil {
			return fmt.Errorf("%s: %w", out.flag, err)
		}
	}
	return nil
}

// write writes all files, also those after one that fails, and returns the
// names of the written ones.
func (o outputs) write() (written []string, err error) {
	var failed []error
	for _, out := range o {
		if err := out.write(); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", out.flag, err))
			continue
		}
		written = append(written, out.path)
	}
	return written, errors.Join(failed...)
}

// writable says whether a file can be written at path, by doing all of it but
// the end: a file that is there stays as it is.
func writable(path string) error {
	onlyTrying := errors.New("only trying")
	err := dataset.WriteAtomic(path, func(io.Writer) error { return onlyTrying })
	if errors.Is(err, onlyTrying) {
		return nil
	}
	return err
}

// same reports whether two names are of one file, whether it exists or not.
func same(a, b string) bool {
	if x, err := os.Stat(a); err == nil {
		y, err := os.Stat(b)
		return err == nil && os.SameFile(x, y)
	}
	x, errA := filepath.Abs(a)
	y, errB := filepath.Abs(b)
	return errA == nil && errB == nil && x == y
}

// writeJSON writes v as one object on one line.
func writeJSON(w io.Writer, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeText(w, string(text)+"\n")
}

// orDone returns what f returns, or the error of ctx as soon as that is done: a read or
// write that waits for others cannot be broken off. What f does after that must not
// matter.
func orDone(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil { // select would choose either
		return err
	}
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-done:
		return err
	}
}

func writeText(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("the result cannot be written: %w", err)
	}
	return nil
}

// number is a float64 that JSON can hold: null stands for what is not finite.
type number float64

// known says whether it is a finite number.
func (n number) known() bool { return n-n == 0 }

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) {
	if !n.known() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// counted is "1 row", "2 rows": n things, with an s for all but one.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// spread says how many rows the clusters have, in one short line.
func spread(counts []int64) string {
	const most = 12
	var b strings.Builder
	if len(counts) <= most {
		for i, c := range counts {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.FormatInt(c, 10))
		}
		return b.String()
	}
	least, greatest := counts[0], counts[0]
	for _, c := range counts {
		least, greatest = min(least, c), max(greatest, c)
	}
	return fmt.Sprintf("%d to %d", least, greatest)
}

// brief is d with about three digits that count.
func brief(d time.Duration) string {
	unit := time.Duration(1)
	for limit := time.Duration(1000); d >= limit; limit *= 10 {
		unit *= 10
	}
	return d.Round(unit).String()
}
