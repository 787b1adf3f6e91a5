package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	kernels "github.com/seed-fbf9ce71/lloyd"
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
