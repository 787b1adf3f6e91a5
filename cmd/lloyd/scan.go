package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// scanFlags is what "lloyd scan" is told.
type scanFlags struct {
	ks      counts
	runs    count
	maxIter count
	tol     tolerance
	seed    uint64
	data    dataFlags
	sample  count
	threads count
	dtype   element
	figure  pictureFile
	dark    bool
	json    bool
}

func newScan() *cobra.Command {
	f := scanFlags{maxIter: 300, tol: 1e-4}
	cmd := &cobra.Command{
		Use:   "scan DATA -k FROM:TO [flags]",
		Short: "Compare numbers of clusters",
		Long: `Scan clusters the rows of DATA with one number of clusters K after another and
tells, for each, the inertia and the scores that help to choose:

  silhouette   how much closer rows are to their own cluster than to the next
               one, -1 to 1: the more the better. Of more than 5000 rows, 1000
               are measured, see --sample
  simplified   the same by the distances to centers, of all rows
  Cal.-Har.    Calinski and Harabasz, the variance ratio: the more the better
  Dav.-Bou.    Davies and Bouldin, the overlap: the less the better

The inertia falls with every K; the elbow is the K from which on it falls much
more slowly, by the rule of Kneedle. DATA is a file in any format that
"lloyd --help" lists, or "-" for standard input. After Ctrl-C, what was done is
drawn and the exit status is 130.`,
		Example: `  lloyd scan data.csv -k 2:20 --n-init 5 --figure elbow.png
  lloyd scan data.npy -k 10:100:10
  lloyd scan data.npy -k 2,4,8,16 --json | jq .elbow`,
		Args: oneArgument("DATA"),
		RunE: action(func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		}),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.VarP(&f.ks, "clusters", "k", "numbers of clusters: `FROM:TO`, FROM:TO:STEP, or some with commas between; must be given")
	flags.Var(&f.runs, "n-init", "`N` runs from different seeds for each K, of which the best is kept (default 1)")
	flags.Var(&f.maxIter, "max-iter", "at most `N` iterations a run")
	flags.Var(&f.tol, "tol", "end a run when the squared shifts of all centers add up to no more than `T` times the mean variance of the columns")
	flags.Uint64Var(&f.seed, "seed", 0, "`S` determines every random choice")
	flags.Var(&f.sample, "sample", "measure the silhouette of `N` rows, drawn at random (default all of up to 5000, and 1000 of more)")
	flags.Var(&f.threads, "threads", "`N` threads to compute with (default all CPUs)")
	flags.Var(&f.dtype, "dtype", "compute in `TYPE` float32 or float64 (default what holds the numbers of the file; float64 for text)")
	f.data.add(cmd)
	flags.Var(&f.figure, "figure", "draw inertia and silhouette over K into `FILE` (.png, .svg)")
	flags.BoolVar(&f.dark, "dark", false, darkUsage)
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	completeNames(cmd, "dtype", "float32", "float64")
	completeEndings(cmd, "figure", "png", "svg")
	cmd.ValidArgsFunction = completeData
	return cmd
}

func (f *scanFlags) run(ctx context.Context, data string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(f.ks) == 0 {
		return usagef("-k is missing: give the numbers of clusters, for example -k 2:20")
	}
	if _, err := kernel.Active(); err != nil {
		return err
	}
	var result *cluster.KScanResult
	var files outputs
	if f.figure != "" {
		files = outputs{f.figure.output("--figure", func() (*figure.Figure, error) { return elbow(result, themeOf(f.dark)) })}
	}
	if err := files.check(data); err != nil {
		return err
	}
	line := newProgress(stderr, 1, "reading "+nameOf(data))
	rows, err := readRows(ctx, data, stdin, f.data.options(f.dtype.dtype))
	line.done()
	if err != nil {
		return err
	}

	table := scanTable{w: stdout}
	line = newProgress(stderr, 1, fmt.Sprintf("K = %d", f.ks[0]))
	scan := f.configure(line)
	scan.Observer = func(s cluster.KScore) {
		if !f.json {
			line.done()
			table.row(s)
		}
	}
	result, err = scan.Fit(ctx, rows.X)
	line.done()
	if err != nil && (result == nil || !errors.Is(err, context.Canceled)) {
		return rows.blame(err)
	}
	if f.json {
		table.failed = writeJSON(stdout, struct {
			N int `json:"n"`
			D int `json:"d"`
			*cluster.KScanResult
		}{rows.n(), rows.d(), result})
	} else {
		table.end(result, rows.n())
	}
	_, failed := files.write()
	if failed = errors.Join(table.failed, failed); failed != nil {
		return failed
	}
	if err != nil {
		return &interrupted{fmt.Sprintf("%d of %d numbers of clusters were done", len(result.Scores), len(f.ks))}
	}
	return nil
}

// configure turns the flags into the configuration of the scan.
func (f *scanFlags) configure(line *progress) cluster.KScan {
	s := cluster.KScan{
		Ks:     f.ks,
		Sample: int(f.sample),
		KMeans: cluster.KMeans{
			Restarts: int(f.runs), MaxIter: int(f.maxIter), Tol: float64(f.tol),
			Seed: f.seed, Threads: int(f.threads), Observer: line.observer(),
		},
	}
	if s.KMeans.Tol == 0 {
		s.KMeans.Tol = -1 // no tolerance: the rule is off
	}
	return s
}

// scanTable is the scores as lines, each written as soon as it is there.
type scanTable struct {
	w      io.Writer
	begun  bool
	failed error
}

func (t *scanTable) write(text string) {
	if t.failed == nil {
		t.failed = writeText(t.w, text)
	}
}

func (t *scanTable) row(s cluster.KScore) {
	if !t.begun {
		t.write(fmt.Sprintf("%6s %14s %6s %11s %11s %11s %10s\n", "K", "inertia", "iter.", "silhouette", "simplified", "Cal.-Har.", "Dav.-Bou."))
		t.begun = true
	}
	t.write(fmt.Sprintf("%6d %14.8g %6d %11s %11s %11s %10s\n", s.K, s.Inertia, s.Iterations,
		score(s.Silhouette, "%.4f"), score(s.SimplifiedSilhouette, "%.4f"), score(s.CalinskiHarabasz, "%.6g"), score(s.DaviesBouldin, "%.4f")))
}

// score is a score in a format, or a dash if there is none.
func score(v float64, format string) string {
	if math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf(format, v)
}

// end says what the scores suggest.
func (t *scanTable) end(r *cluster.KScanResult, n int) {
	var b strings.Builder
	say := func(name string, k int) {
		word := "none"
		if k > 0 {
			word = fmt.Sprintf("K = %d", k)
		}
		fmt.Fprintf(&b, "%-28s%s\n", name, word)
	}
	b.WriteString("\n")
	say("elbow of the inertia", r.Elbow)
	say("best silhouette", r.BestSilhouette)
	say("best simplified silhouette", r.BestSimplifiedSilhouette)
	say("best Calinski-Harabasz", r.BestCalinskiHarabasz)
	say("best Davies-Bouldin", r.BestDaviesBouldin)
	if r.Measured < n {
		var most float64
		for _, s := range r.Scores {
			if s.StandardError > most { // it may be NaN
				most = s.StandardError
			}
		}
		fmt.Fprintf(&b, "silhouettes are those of %d of %d rows, to ±%.1g\n", r.Measured, n, 2*most)
	}
	t.write(b.String())
}

// elbow draws a scan: the elbow is marked, or the best silhouette if there is none.
func elbow(r *cluster.KScanResult, theme figure.Theme) (*figure.Figure, error) {
	f := figure.Elbow{Suggested: r.Elbow, ScoreLabel: "silhouette", Theme: theme}
	if f.Suggested == 0 {
		f.Suggested = r.BestSilhouette
	}
	var ks []int
	var inertia []float64
	for _, s := range r.Scores {
		ks, inertia = append(ks, s.K), append(inertia, s.Inertia)
		f.Scores = append(f.Scores, s.Silhouette)
	}
	if r.BestSilhouette == 0 {
		f.Scores = nil
	}
	return f.Draw(ks, inertia)
}

// counts is a flag that holds whole numbers of 1 or more, ascending.
type counts []int

func (c *counts) Type() string { return "FROM:TO" }
func (c *counts) String() string {
	var words []string
	for _, k := range *c {
		words = append(words, strconv.Itoa(k))
	}
	return strings.Join(words, ",")
}

func (c *counts) Set(text string) error {
	bad := errors.New("FROM:TO, FROM:TO:STEP, or ascending numbers with commas between were expected, for example 2:20")
	number := func(word string) int {
		if k, err := strconv.Atoi(word); err == nil && k >= 1 {
			return k
		}
		return 0
	}
	*c = nil
	if from, rest, ranged := strings.Cut(text, ":"); ranged {
		to, step, stepped := strings.Cut(rest, ":")
		by := 1
		if stepped {
			by = number(step)
		}
		first, last := number(from), number(to)
		if first == 0 || last < first || by == 0 || (last-first)/by > 1e6 {
			return bad
		}
		*c = cluster.KRange(first, last, by)
		return nil
	}
	for word := range strings.SplitSeq(text, ",") {
		k := number(word)
		if k == 0 || len(*c) > 0 && k <= (*c)[len(*c)-1] {
			return bad
		}
		*c = append(*c, k)
	}
	return nil
}
