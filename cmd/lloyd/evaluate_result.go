package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	kernels "github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

// evaluation is the result of evaluate. What was not asked for, or is not
// defined, is nil.
type evaluation struct {
	N        int `json:"n"`
	Clusters int `json:"clusters"`

	*agreement
	*fitness
	Notes []string `json:"notes,omitempty"`
}

// agreement is how far clusters agree with true classes.
type agreement struct {
	Classes                     int    `json:"classes"`
	AdjustedRand                number `json:"adjusted_rand"`
	AdjustedMutualInformation   number `json:"adjusted_mutual_information"`
	NormalizedMutualInformation number `json:"normalized_mutual_information"`
	MutualInformation           number `json:"mutual_information"`
	Homogeneity                 number `json:"homogeneity"`
	Completeness                number `json:"completeness"`
	VMeasure                    number `json:"v_measure"`
	FowlkesMallows              number `json:"fowlkes_mallows"`
	Rand                        number `json:"rand"`

	Majority  *named `json:"majority,omitempty"`
	Hungarian *named `json:"hungarian,omitempty"`
}

// named is clusters named after classes, and how right that is.
type named struct {
	Accuracy number             `json:"accuracy"`
	Names    []clusterName      `json:"names"`
	Matrix   *metrics.Confusion `json:"-"`
	Classes  []int32            `json:"confusion_classes,omitempty"`
	Counts   [][]int            `json:"confusion,omitempty"` // [true][predicted]
}

// clusterName is the class of a cluster, nil for none.
type clusterName struct {
	Cluster int32  `json:"cluster"`
	Class   *int32 `json:"class"`
	Rows    int    `json:"rows"`
	Hits    int    `json:"hits"`
}

// fitness is how well clusters suit the rows.
type fitness struct {
	Silhouette       *number `json:"silhouette,omitempty"`
	SilhouetteError  *number `json:"silhouette_error,omitempty"` // standard error, of a sample
	SilhouetteRows   int     `json:"silhouette_rows,omitempty"`
	CalinskiHarabasz *number `json:"calinski_harabasz,omitempty"`
	DaviesBouldin    *number `json:"davies_bouldin,omitempty"`
}

// evaluate computes all that in allows.
func evaluate(ctx context.Context, in evaluated, threads int) (evaluation, error) {
	dense, names := numbered(in.clusters)
	e := evaluation{N: len(in.clusters), Clusters: len(names)}
	if in.truth != nil {
		if err := e.compare(in.truth, dense, names); err != nil {
			return e, err
		}
	}
	if in.rows.X == nil {
		return e, nil
	}
	shape, strides := in.rows.X.Shape(), in.rows.X.Strides()
	var err error
	switch data := in.rows.X.Data().(type) {
	case []float32:
		err = measureFit(ctx, &e, kernels.Matrix[float32]{Data: data, N: shape[0], D: shape[1], LD: strides[0]}, in.clusters, threads)
	case []float64:
		err = measureFit(ctx, &e, kernels.Matrix[float64]{Data: data, N: shape[0], D: shape[1], LD: strides[0]}, in.clusters, threads)
	}
	if errors.Is(err, metrics.ErrNotFinite) {
		err = fmt.Errorf("%s: %w", in.rows.name, err)
	}
	return e, err
}

// numbered returns labels counted from 0, and what each was.
func numbered(labels []int32) (dense, names []int32) {
	names = slices.Clone(labels)
	slices.Sort(names)
	names = slices.Compact(names)
	dense = make([]int32, len(labels))
	for i, l := range labels {
		at, _ := slices.BinarySearch(names, l)
		dense[i] = int32(at)
	}
	return dense, names
}

// compare fills in the agreement of clusters 0…k−1, called names, with classes.
func (e *evaluation) compare(truth, clusters, names []int32) error {
	_, classes := numbered(truth)
	a := &agreement{Classes: len(classes)}
	for _, s := range []struct {
		score *number
		of    func(truth, clusters []int32) (float64, error)
	}{
		{&a.AdjustedRand, metrics.AdjustedRand},
		{&a.AdjustedMutualInformation, func(t, c []int32) (float64, error) {
			return metrics.AdjustedMutualInformation(t, c, metrics.Arithmetic)
		}},
		{&a.NormalizedMutualInformation, func(t, c []int32) (float64, error) {
			return metrics.NormalizedMutualInformation(t, c, metrics.Arithmetic)
		}},
		{&a.MutualInformation, metrics.MutualInformation},
		{&a.Homogeneity, metrics.Homogeneity},
		{&a.Completeness, metrics.Completeness},
		{&a.VMeasure, func(t, c []int32) (float64, error) { return metrics.VMeasure(t, c, 1) }},
		{&a.FowlkesMallows, metrics.FowlkesMallows},
		{&a.Rand, metrics.Rand},
	} {
		v, err := s.of(truth, clusters)
		if err != nil {
			return err
		}
		*s.score = number(v)
	}
	for _, way := range []struct {
		name  matchingName
		match func(truth, clusters []int32, k int) (metrics.Matching, error)
		into  **named
	}{{byMajority, metrics.Majority, &a.Majority}, {byHungarian, metrics.Hungarian, &a.Hungarian}} {
		m, err := way.match(truth, clusters, len(names))
		if errors.Is(err, metrics.ErrTooManyClasses) {
			e.Notes = append(e.Notes, fmt.Sprintf("no %s matching: more than %d classes or clusters", way.name, metrics.MaxClasses))
			continue
		}
		if err != nil {
			return err
		}
		if *way.into, err = nameClusters(m, truth, clusters, names); err != nil {
			return err
		}
	}
	e.agreement = a
	return nil
}

// nameClusters is a matching with what follows from it.
func nameClusters(m metrics.Matching, truth, clusters, names []int32) (*named, error) {
	n := &named{}
	hits := 0
	for i, class := range m.Classes {
		c := clusterName{Cluster: names[i], Rows: m.Rows[i], Hits: m.Hits[i]}
		if m.Hits[i] > 0 {
			c.Class = &class
		}
		hits += m.Hits[i]
		n.Names = append(n.Names, c)
	}
	n.Accuracy = number(float64(hits) / float64(len(truth)))
	predicted, err := m.Apply(clusters)
	if err != nil {
		return nil, err
	}
	n.Matrix, err = metrics.ConfusionMatrix(truth, predicted)
	if errors.Is(err, metrics.ErrTooManyClasses) {
		return n, nil
	}
	if err != nil {
		return nil, err
	}
	n.Classes, n.Counts = n.Matrix.Classes, n.Matrix.Counts
	return n, nil
}

// measureFit fills in how well clusters suit the rows.
func measureFit[T kernels.Float](ctx context.Context, e *evaluation, x kernels.Matrix[T], clusters []int32, threads int) error {
	f := &fitness{}
	ch, err := metrics.CalinskiHarabasz(ctx, x, clusters)
	if errors.Is(err, metrics.ErrClusters) {
		e.Notes = append(e.Notes, fmt.Sprintf("no scores of the rows: these need 2 clusters up to one less than rows, and %s came", counted(e.Clusters, "cluster")))
		return nil
	}
	if err != nil {
		return err
	}
	db, err := metrics.DaviesBouldin(ctx, x, clusters)
	if err != nil {
		return err
	}
	s, err := metrics.Silhouette(ctx, x, clusters, metrics.SilhouetteOptions{Threads: threads})
	if err != nil {
		return err
	}
	value := func(v float64) *number { n := number(v); return &n }
	f.CalinskiHarabasz, f.DaviesBouldin, f.Silhouette = value(ch), value(db), value(s.Mean)
	f.SilhouetteRows = len(s.Values)
	if s.Rows != nil {
		f.SilhouetteError = value(s.StandardError)
	}
	e.fitness = f
	return nil
}

// by returns the clusters named in one of the two ways, nil if that was not done.
func (e evaluation) by(way matchingName) *named {
	switch {
	case e.agreement == nil:
		return nil
	case way == byHungarian:
		return e.Hungarian
	}
	return e.Majority
}

// text is the evaluation for the reader at a terminal, at most 80 columns wide.
func (e evaluation) text(way matchingName) string {
	var b strings.Builder
	say := func(name string, v number) { fmt.Fprintf(&b, "  %-36s%.6g\n", name, float64(v)) }
	fmt.Fprintf(&b, "%s in %s", counted(e.N, "row"), counted(e.Clusters, "cluster"))
	if a := e.agreement; a != nil {
		fmt.Fprintf(&b, ", of %s\n\nAgreement with the true classes (1 is best):\n", classesOf(a.Classes))
		say("adjusted Rand", a.AdjustedRand)
		say("adjusted mutual information", a.AdjustedMutualInformation)
		say("normalized mutual information", a.NormalizedMutualInformation)
		say("V-measure", a.VMeasure)
		say("homogeneity", a.Homogeneity)
		say("completeness", a.Completeness)
		say("Fowlkes-Mallows", a.FowlkesMallows)
		say("Rand", a.Rand)
		if a.Majority != nil {
			say("accuracy, named by majority", a.Majority.Accuracy)
		}
		if a.Hungarian != nil {
			say("accuracy, Hungarian", a.Hungarian.Accuracy)
		}
		fmt.Fprintf(&b, "  %-36s%.6g nats\n", "mutual information", float64(a.MutualInformation))
	} else {
		b.WriteString("\n")
	}
	if f := e.fitness; f != nil {
		b.WriteString("\nFit to the rows:\n")
		say("silhouette (1 is best)", *f.Silhouette)
		if f.SilhouetteError != nil {
			fmt.Fprintf(&b, "  %-36s±%.2g, of a sample of %s\n", "", float64(*f.SilhouetteError), counted(f.SilhouetteRows, "row"))
		}
		say("Calinski-Harabasz (more is better)", *f.CalinskiHarabasz)
		say("Davies-Bouldin (less is better)", *f.DaviesBouldin)
	}
	if n := e.by(way); n != nil {
		b.WriteString("\n" + n.table(way))
	}
	for _, note := range e.Notes {
		fmt.Fprintf(&b, "\nnote: %s\n", note)
	}
	return b.String()
}

func classesOf(n int) string {
	if n == 1 {
		return "1 class"
	}
	return strconv.Itoa(n) + " classes"
}

// table is the confusion matrix with its classes.
func (n *named) table(way matchingName) string {
	how := "each cluster named after its most frequent class"
	if way == byHungarian {
		how = "each cluster given a class of its own"
	}
	head := "Confusion, " + how + ";\ntrue classes down, predicted ones across:\n\n"
	if n.Matrix == nil {
		return "No confusion matrix: more than " + strconv.Itoa(metrics.MaxClasses) + " classes.\n"
	}
	names := n.classNames()
	wide := 0
	for i, name := range names {
		wide = max(wide, len(name))
		for _, c := range n.Counts[i] {
			wide = max(wide, len(strconv.Itoa(c)))
		}
	}
	if columns := (wide + 1) * (len(names) + 1); columns > 78 {
		return fmt.Sprintf("The confusion matrix of %d classes needs %d columns: see --figure or --json.\n", len(names), columns+2)
	}
	var b strings.Builder
	b.WriteString(head)
	fmt.Fprintf(&b, "  %*s", wide, "")
	for _, name := range names {
		fmt.Fprintf(&b, " %*s", wide, name)
	}
	b.WriteString("\n")
	for i, name := range names {
		if name == noClass {
			continue // rows are predicted to have none, but all have one
		}
		fmt.Fprintf(&b, "  %*s", wide, name)
		for _, c := range n.Counts[i] {
			fmt.Fprintf(&b, " %*d", wide, c)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// noClass stands for the class of rows whose cluster has none.
const noClass = "none"

// classNames are the classes of the confusion matrix.
func (n *named) classNames() []string {
	names := make([]string, len(n.Classes))
	for i, c := range n.Classes {
		names[i] = strconv.Itoa(int(c))
		if c == metrics.NoClass && allZero(n.Counts[i]) {
			names[i] = noClass
		}
	}
	return names
}

func allZero(counts []int) bool {
	return !slices.ContainsFunc(counts, func(c int) bool { return c != 0 })
}

// draw draws the confusion matrix.
func (e evaluation) draw(way matchingName, theme figure.Theme) (*figure.Figure, error) {
	n := e.by(way)
	if n == nil || n.Matrix == nil {
		return nil, fmt.Errorf("there is no confusion matrix of more than %d classes", metrics.MaxClasses)
	}
	return figure.ConfusionMatrix{XLabel: "true class", YLabel: "predicted class", Theme: theme}.Draw(n.Counts, n.classNames())
}
