package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// plotFlags is what "lloyd plot" is told.
type plotFlags struct {
	model   fileName
	labels  labelsFile
	out     pictureFile
	voronoi bool
	title   string
	most    count
	seed    uint64
	data    dataFlags
	dark    bool
}

func newPlot() *cobra.Command {
	f := plotFlags{most: 10_000}
	cmd := &cobra.Command{
		Use:   "plot DATA -o FILE [flags]",
		Short: "Draw rows, clusters and centers in the plane",
		Long: `Plot draws the rows of DATA as dots, in the colors of their clusters in --model,
with its centers, or of their labels in --labels. DATA is a file in any format
that "lloyd --help" lists, or "-" for standard input.

Two columns are drawn as they are. Of more, the two principal components are:
the plane in which the rows spread most, found from a sample of them if they are
many. The axes tell the share of the variance that each has. More rows than
--rows are drawn by a random sample of as many. What was sampled is told.`,
		Example: `  lloyd plot data.csv -o rows.svg
  lloyd plot data.csv --model model.lloyd --voronoi -o clusters.png
  lloyd plot embeddings.npy --labels labels.npy --dark -o plane.png`,
		Args: oneArgument("DATA"),
		RunE: action(func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.ErrOrStderr())
		}),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.VarP(&f.out, "out", "o", "draw into `FILE` (.png, .svg); must be given")
	flags.Var(&f.model, "model", "color rows by their cluster in the model in `FILE`, written by lloyd fit, and draw its centers")
	flags.Var(&f.labels, "labels", "color rows by the labels in `FILE`, 0 or more, one a row (.csv, .tsv, .npy)")
	flags.BoolVar(&f.voronoi, "voronoi", false, "shade the region of each center of --model; for two columns")
	flags.StringVar(&f.title, "title", "", "write `TEXT` above the plot")
	flags.Var(&f.most, "rows", "draw a sample of `N` rows if there are more")
	flags.Uint64Var(&f.seed, "seed", 0, "`S` determines the sample")
	flags.BoolVar(&f.dark, "dark", false, darkUsage)
	f.data.add(cmd)
	completeFiles(cmd, "labels", holdsLabels)
	completeEndings(cmd, "out", "png", "svg")
	cmd.ValidArgsFunction = completeData
	return cmd
}

func (f *plotFlags) run(ctx context.Context, data string, stdin io.Reader, stderr io.Writer) error {
	if err := f.check(); err != nil {
		return err
	}
	if _, err := kernel.Active(); err != nil {
		return err
	}
	scene := &scene{flags: f}
	files := outputs{f.out.output("--out", scene.draw)}
	if err := files.check(data, string(f.model), string(f.labels)); err != nil {
		return err
	}
	line := newProgress(stderr, 1, "reading "+nameOf(data))
	defer line.done()
	if err := scene.read(ctx, data, stdin); err != nil {
		return err
	}
	line.say("drawing")
	if err := scene.project(ctx); err != nil {
		return err
	}
	written, err := files.write()
	if err != nil {
		return err
	}
	line.done()
	_, _ = io.WriteString(stderr, scene.summary(written))
	return nil
}

// check refuses flags that do not go together.
func (f *plotFlags) check() error {
	switch {
	case f.out == "":
		return usagef("-o is missing: name the file to draw into, for example -o plot.svg")
	case f.voronoi && f.model == "":
		return usagef("--voronoi shades the regions of centers: give them by --model")
	}
	return nil
}

// scene is what is drawn.
type scene struct {
	flags   *plotFlags
	rows    rows
	sampled bool          // x is a sample of rows
	x       *tensor.Dense // of the plane
	labels  []int32       // nil without
	centers *tensor.Dense // nil without
	plane   *plane        // nil for two columns
}

// read brings in what the flags name, and draws the sample.
func (s *scene) read(ctx context.Context, data string, stdin io.Reader) error {
	var err error
	if s.rows, err = readRows(ctx, data, stdin, s.flags.data.options(tensor.Dtype{})); err != nil {
		return err
	}
	n, d := s.rows.n(), s.rows.d()
	if d < 2 {
		return fmt.Errorf("%s has %s; at least 2 were expected to draw in the plane", s.rows.name, counted(d, "column"))
	}
	if s.flags.labels != "" {
		if s.labels, err = dataset.ReadLabelsFile(string(s.flags.labels)); err != nil {
			return err
		}
		if len(s.labels) != n {
			return fmt.Errorf("%s has %s, %s has %s; one label a row was expected, in the same order",
				s.flags.labels, counted(len(s.labels), "label"), s.rows.name, counted(n, "row"))
		}
	}
	chosen := sample(n, int(s.flags.most), s.flags.seed)
	s.sampled = len(chosen) < n
	s.x = rowsAt(s.rows.X, chosen)
	if s.labels != nil {
		all := s.labels
		s.labels = make([]int32, len(chosen))
		for i, row := range chosen {
			s.labels[i] = all[row]
		}
	}
	if s.flags.model == "" {
		return nil
	}
	m, err := readModel(string(s.flags.model))
	if err != nil {
		return err
	}
	what := "" // there are no regions of
	switch model := m.model.(type) {
	case *cluster.Model:
		s.centers = model.Centers
		if model.Spherical {
			what = "a spherical model"
		}
	case *cluster.Tree:
		s.centers, what = model.Centers, "a tree of --bisect"
	}
	switch {
	case d > 2:
		what = counted(d, "column")
	case what == "" && m.scaling != nil:
		what = "a model of standardized columns"
	}
	if s.flags.voronoi && what != "" {
		return fmt.Errorf("--voronoi with %s: regions are drawn for two columns and plain distances; leave it out", what)
	}
	scaled := s.x
	if m.scaling != nil {
		scaled = s.x.Clone().(*tensor.Dense)
		m.scaling.apply(scaled)
	}
	found, err := m.model.Predict(ctx, scaled)
	if err != nil {
		return s.rows.blame(err)
	}
	if m.scaling != nil {
		s.centers = m.scaling.undo(s.centers)
	}
	if s.labels == nil {
		s.labels = found
	}
	return nil
}

// project brings rows and centers into the plane.
func (s *scene) project(ctx context.Context) error {
	if s.rows.d() == 2 {
		return nil
	}
	var found *plane
	err := orDone(ctx, func() (err error) {
		found, err = planeOf(s.x, s.flags.seed)
		return err
	})
	if err != nil {
		return s.rows.blame(err)
	}
	s.plane = found
	s.x = s.plane.project(s.x)
	if s.centers != nil {
		s.centers = s.plane.project(s.centers)
	}
	return nil
}

func (s *scene) draw() (*figure.Figure, error) {
	f := figure.Scatter{Title: s.flags.title, Regions: s.flags.voronoi, Theme: themeOf(s.flags.dark)}
	if s.plane != nil {
		f.XLabel = fmt.Sprintf("principal component 1 (%.3g %%)", 100*s.plane.share[0])
		f.YLabel = fmt.Sprintf("principal component 2 (%.3g %%)", 100*s.plane.share[1])
	} else if h := s.rows.Header; len(h) == 2 {
		f.XLabel, f.YLabel = h[0], h[1]
	}
	if s.flags.labels != "" {
		f.Names = labelNames(s.labels)
	}
	return f.Draw(s.x, s.labels, s.centers)
}

// labelNames are the words of the legend for given labels, which need not be
// clusters.
func labelNames(labels []int32) []string {
	var most int32
	for _, l := range labels {
		most = max(most, l)
	}
	if most > 1<<20 {
		return nil
	}
	names := make([]string, most+1)
	for i := range names {
		names[i] = fmt.Sprintf("label %d", i)
	}
	return names
}

// summary says what was drawn.
func (s *scene) summary(written []string) string {
	var b strings.Builder
	say := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s%s\n", name, fmt.Sprintf(format, args...))
	}
	say("data", "%s: %s of %s", s.rows.name, counted(s.rows.n(), "row"), counted(s.rows.d(), "column"))
	if s.sampled {
		say("rows", "a random sample of %d; --rows draws more", s.x.Shape()[0])
	}
	if p := s.plane; p != nil {
		from := "these rows"
		if p.rows < s.x.Shape()[0] {
			from = fmt.Sprintf("a sample of %d", p.rows)
		}
		say("plane", "2 principal components of %s, %.3g %% of the variance", from, 100*(p.share[0]+p.share[1]))
	}
	say("written", "%s", strings.Join(written, ", "))
	return b.String()
}
