package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-fbf9ce71/lloyd/bench/results"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "peers:", err)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	c := config{log: os.Stderr}
	flags.StringVar(&c.folder, "out", "bench/out", "folder for data, and for the results without -write")
	flags.StringVar(&c.source, "source", "bench/peers", "folder of peers.py")
	flags.StringVar(&c.python, "python", ".tools/peers/bin/python", "the Python that has the peers")
	flags.StringVar(&c.failed, "failed", ".tools/peers/failed.txt", "what install.sh could not install")
	flags.IntVar(&c.repeats, "repeats", 5, "turns of each implementation")
	flags.Float64Var(&c.limit, "limit", 2, "seconds an iteration, beyond which an implementation is left out")
	flags.Float64Var(&c.share, "share", 6, "seconds of a shape, beyond which a slow implementation has 3 turns only")
	flags.DurationVar(&c.pause, "pause", 10*time.Millisecond, "pause before each turn")
	shapeText := flags.String("only", "", "one shape, as N,D,K: no other measurements")
	threadText := flags.String("threads", "1,all", "numbers of threads, with commas")
	names := flags.String("implementations", "", "names, with commas; Lloyd is the one that the others are held against")
	quick := flags.Bool("quick", false, "small shapes and 2 repeats, to try it out")
	batches := flags.Bool("batches", false, "mini-batch fits, and nothing else")
	fits := flags.Bool("fits", false, "fits of embeddings with their labels, and nothing else")
	write := flags.Bool("write", false, "write bench/peers.csv, bench/RESULTS.md and bench/plots")
	report := flags.Bool("report", false, "measure nothing: make tables and figures from the CSV again")
	worker := flags.String("worker", "", "be the worker of this implementation (the program does this by itself)")
	rows := flags.String("rows", "", "with -worker: the rows")
	centers := flags.String("centers", "", "with -worker: the initial centers")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is not expected", flags.Arg(0))
	}
	if *worker != "" {
		return work(*worker, *rows, *centers, *threadText)
	}
	if *names != "" {
		c.only = strings.Split(*names, ",")
		for _, name := range c.only {
			if _, err := find(name); err != nil {
				return err
			}
		}
	}
	threads, err := parseThreads(*threadText)
	if err != nil {
		return err
	}
	if *write && (*quick || *batches || !*fits && *shapeText != "" || *names != "") {
		return errors.New("-write is for whole runs: not with -quick, -batches, -only or -implementations")
	}
	if *quick {
		c.repeats = min(c.repeats, 2)
	}
	o := outputs{csv: filepath.Join(c.folder, "peers.csv"), plots: filepath.Join(c.folder, "plots")}
	if *write {
		o = outputs{csv: "bench/peers.csv", plots: "bench/plots", results: "bench/RESULTS.md"}
	}
	if *report {
		f, err := os.Open(o.csv)
		if err != nil {
			return err
		}
		defer f.Close()
		records, err := readCSV(f)
		if err != nil {
			return fmt.Errorf("%s: %w", o.csv, err)
		}
		return o.publish(records)
	}
	s := &session{config: c, versions: make(map[string]bool)}
	plan := shapes
	if *shapeText != "" {
		only, err := parseShape(*shapeText)
		if err != nil {
			return err
		}
		plan = []Shape{only}
	}
	begin := time.Now()
	if *fits {
		for _, sh := range fitShapes {
			if *shapeText != "" && (sh.N != plan[0].N || sh.D != plan[0].D || sh.K != plan[0].K) {
				continue
			}
			if *quick {
				sh = sh.quick()
			}
			if err := s.fits(sh, threads[len(threads)-1]); err != nil {
				return err
			}
		}
		return o.exchange(s.records)
	}
	if *batches {
		plan = nil
	}
	err = s.everything(plan, threads, *quick, *shapeText == "" && !*batches, *shapeText == "", o)
	fmt.Fprintf(c.log, "%v\n", time.Since(begin).Round(time.Second))
	return err
}

// everything measures the shapes; along series and seedings, if rest is true; and
// mini-batch fits, if batches is.
func (s *session) everything(plan []Shape, threads []int, quick, rest, batches bool, o outputs) error {
	s.records = append(s.records, Record{Part: partMachine, Note: results.Machine()})
	s.records = append(s.records, s.notInstalled()...)
	size := func(sh Shape) Shape {
		if quick {
			return sh.quick()
		}
		return sh
	}
	for _, sh := range plan {
		for _, n := range threads {
			take := func(of implementation) bool { return n == threads[0] || !of.Serial }
			if err := s.shape(partIteration, size(sh), n, take); err != nil {
				return err
			}
		}
		if err := o.save(s.records); err != nil { // so that an interruption loses little
			return err
		}
	}
	last := threads[len(threads)-1]
	for _, sh := range plan {
		if sh.D >= 64 && sh.K >= 64 && (len(s.only) == 0 || slices.Contains(s.only, lloydName)) {
			if err := s.shares(size(sh), last); err != nil {
				return err
			}
		}
	}
	if rest {
		if err := s.series(size, last); err != nil {
			return err
		}
		for _, sh := range seedings {
			for _, n := range threads {
				if err := s.seeding(size(sh), n); err != nil {
					return err
				}
			}
		}
	}
	if batches {
		for _, sh := range batchShapes {
			if err := s.batches(size(sh), last); err != nil {
				return err
			}
		}
	}
	if err := o.save(s.records); err != nil {
		return err
	}
	return o.publish(s.records)
}

// series measures along N, K, D and the number of threads.
func (s *session) series(size func(Shape) Shape, threads int) error {
	inSeries := func(of implementation) bool { return of.Series }
	for _, along := range series {
		for _, sh := range along.shapes {
			if err := s.shape(partSeries+along.quantity, size(sh), threads, inSeries); err != nil {
				return err
			}
		}
	}
	for _, n := range threadCounts() {
		if err := s.shape(partSeries+"threads", size(Shape{100_000, 64, 100, "normal"}), n, inSeries); err != nil {
			return err
		}
	}
	return nil
}

// notInstalled notes what install.sh could not install.
func (s *session) notInstalled() []Record {
	var notes []Record
	text, err := os.ReadFile(s.failed)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(text)) {
		notes = append(notes, Record{Part: partVersion, Note: "not installed: " + tidy(errors.New(line))})
	}
	return notes
}

// parseThreads reads "1,all".
func parseThreads(text string) ([]int, error) {
	var threads []int
	for _, word := range strings.Split(text, ",") {
		n := runtime.NumCPU()
		if word != "all" {
			var err error
			if n, err = strconv.Atoi(word); err != nil || n < 1 {
				return nil, fmt.Errorf("%q is not a number of threads", word)
			}
		}
		if len(threads) == 0 || threads[len(threads)-1] != n {
			threads = append(threads, n)
		}
	}
	return threads, nil
}

// work is a worker's life.
func work(name, rows, centers, threadText string) error {
	of, err := find(name)
	if err != nil || of.New == nil {
		return fmt.Errorf("%q is not an implementation in Go", name)
	}
	threads, err := strconv.Atoi(threadText)
	if err != nil {
		return err
	}
	t := task{threads: threads}
	if t.x, err = load(rows); err != nil {
		return err
	}
	if t.centers, err = load(centers); err != nil {
		return err
	}
	s, err := of.New(t)
	if err != nil {
		return err
	}
	return serve(os.Stdin, os.Stdout, t, s, moduleVersion(of.Module))
}

// moduleVersion returns "module version" as this program was built with, or
// nothing.
func moduleVersion(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == path {
				return path + " " + m.Version
			}
		}
	}
	return ""
}

// outputs are the files that a run writes; the tables go to standard output
// when results is empty.
type outputs struct{ csv, plots, results string }

func (o outputs) save(records []Record) error {
	return dataset.WriteAtomic(o.csv, func(w io.Writer) error { return writeCSV(w, records) })
}

// publish makes the tables and the figures.
func (o outputs) publish(records []Record) error {
	if err := os.MkdirAll(o.plots, 0o755); err != nil {
		return err
	}
	if err := drawAll(o.plots, records); err != nil {
		return err
	}
	text := tables(records)
	if o.results == "" {
		_, err := fmt.Println(text)
		return err
	}
	return results.ReplaceFile(o.results, "peers", text)
}
