package metrics

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/seed-fbf9ce71/lloyd"
)

func TestRefusals(t *testing.T) {
	one, two := []int32{0}, []int32{0, 1}
	check := func(name string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	_, err := Accuracy(one, two)
	check("Accuracy, lengths", err, ErrLength)
	_, err = Accuracy(nil, nil)
	check("Accuracy, empty", err, ErrEmpty)
	_, err = ConfusionMatrix(two, one)
	check("ConfusionMatrix, lengths", err, ErrLength)
	_, err = ConfusionMatrix([]int32{}, nil)
	check("ConfusionMatrix, empty", err, ErrEmpty)
	many := make([]int32, MaxClasses+1)
	for i := range many {
		many[i] = int32(i)
	}
	_, err = ConfusionMatrix(many, many)
	check("ConfusionMatrix, classes", err, ErrTooManyClasses)
	for _, a := range agreement {
		_, err = a.of(one, two)
		check(a.name+", lengths", err, ErrLength)
		_, err = a.of(nil, []int32{})
		check(a.name+", empty", err, ErrEmpty)
	}
	_, err = PairConfusion(one, two)
	check("PairConfusion, lengths", err, ErrLength)
	_, err = ContingencyMatrix(nil, nil)
	check("ContingencyMatrix, empty", err, ErrEmpty)
	_, err = ContingencyMatrix(many, many)
	check("ContingencyMatrix, classes", err, ErrTooManyClasses)
	_, err = Hungarian(many, many, MaxClasses+1)
	check("Hungarian, classes", err, ErrTooManyClasses)
	for _, mean := range []Average{-1, 4} {
		_, err = NormalizedMutualInformation(two, two, mean)
		check("NMI, mean", err, ErrOption)
		_, err = AdjustedMutualInformation(two, two, mean)
		check("AMI, mean", err, ErrOption)
	}
	for _, beta := range []float64{-1e-9, math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err = VMeasure(two, two, beta)
		check("VMeasure, beta", err, ErrOption)
	}
	for name, c := range map[string]struct {
		truth, clusters []int32
		k               int
		want            error
	}{
		"lengths":   {one, two, 2, ErrLength},
		"empty":     {nil, nil, 2, ErrEmpty},
		"no k":      {one, one, 0, ErrClusters},
		"wide k":    {one, one, math.MaxInt, ErrClusters},
		"too large": {two, two, 1, ErrLabel},
		"negative":  {two, []int32{0, -1}, 2, ErrLabel},
	} {
		_, err := Majority(c.truth, c.clusters, c.k)
		check("Majority, "+name, err, c.want)
		_, err = MajorityAccuracy(c.truth, c.clusters, c.k)
		check("MajorityAccuracy, "+name, err, c.want)
		_, err = Hungarian(c.truth, c.clusters, c.k)
		check("Hungarian, "+name, err, c.want)
		_, err = HungarianAccuracy(c.truth, c.clusters, c.k)
		check("HungarianAccuracy, "+name, err, c.want)
	}
	for _, m := range []Matching{{}, {Classes: []int32{4}}} {
		_, err = m.Apply([]int32{1})
		check("Apply", err, ErrLabel)
	}
}

func TestRefusalsOfRows(t *testing.T) {
	background := context.Background()
	done, cancel := context.WithCancel(background)
	cancel()
	data := []float64{0, 1, 2, 3, 4, 5, 6, 7}
	rows := lloyd.Dense(data, 4, 2)
	with := func(v float64) lloyd.Matrix[float64] {
		return lloyd.Dense([]float64{0, 1, 2, v, 4, 5, 6, -v}, 4, 2)
	}
	for name, c := range map[string]struct {
		ctx    context.Context
		x      lloyd.Matrix[float64]
		labels []int32
		want   error
	}{
		"lengths":       {background, rows, []int32{0, 1, 1}, ErrLength},
		"empty":         {background, lloyd.Matrix[float64]{}, nil, ErrEmpty},
		"negative":      {background, lloyd.Matrix[float64]{N: -1}, nil, ErrLength},
		"short":         {background, lloyd.Dense(data, 4, 3), []int32{0, 0, 1, 1}, lloyd.ErrShape},
		"no data":       {background, lloyd.Matrix[float64]{N: 4, D: 2, LD: 2}, []int32{0, 0, 1, 1}, lloyd.ErrShape},
		"narrow":        {background, lloyd.Matrix[float64]{Data: data, N: 4, D: 2, LD: 1}, []int32{0, 0, 1, 1}, lloyd.ErrShape},
		"one cluster":   {background, rows, []int32{3, 3, 3, 3}, ErrClusters},
		"singletons":    {background, rows, []int32{0, 1, 2, 3}, ErrClusters},
		"NaN":           {background, with(math.NaN()), []int32{0, 0, 1, 1}, ErrNotFinite},
		"infinity":      {background, with(math.Inf(1)), []int32{0, 0, 1, 1}, ErrNotFinite},
		"overflow":      {background, with(1e200), []int32{0, 0, 1, 1}, ErrNotFinite},
		"more overflow": {background, with(math.MaxFloat64), []int32{0, 0, 1, 1}, ErrNotFinite},
		"cancelled":     {done, rows, []int32{0, 0, 1, 1}, context.Canceled},
	} {
		check := func(what string, err error) {
			t.Helper()
			if !errors.Is(err, c.want) || strings.Count(err.Error(), "metrics: ") != 1 {
				t.Errorf("%s, %s: %v, want %v", what, name, err, c.want)
			}
		}
		s, err := Silhouette(c.ctx, c.x, c.labels, SilhouetteOptions{})
		check("Silhouette", err)
		if s != nil {
			t.Errorf("Silhouette, %s: %v", name, s)
		}
		_, err = CalinskiHarabasz(c.ctx, c.x, c.labels)
		check("CalinskiHarabasz", err)
		_, err = DaviesBouldin(c.ctx, c.x, c.labels)
		check("DaviesBouldin", err)
		if name != "one cluster" && name != "singletons" {
			_, err = SimplifiedSilhouette(c.ctx, c.x, c.labels, lloyd.Dense(data, 4, c.x.D), 1)
			check("SimplifiedSilhouette", err)
		}
	}
	for _, o := range []SilhouetteOptions{{Threads: -1}, {Limit: -1}, {Sample: -1}} {
		if _, err := Silhouette(background, rows, []int32{0, 0, 1, 1}, o); !errors.Is(err, ErrOption) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	labels := []int32{0, 0, 1, 1}
	for name, c := range map[string]struct {
		labels  []int32
		centers lloyd.Matrix[float64]
		threads int
		want    error
	}{
		"columns":  {labels, lloyd.Dense(data, 2, 3), 0, lloyd.ErrShape},
		"short":    {labels, lloyd.Dense(data, 5, 2), 0, lloyd.ErrShape},
		"one":      {labels, lloyd.Dense(data, 1, 2), 0, ErrClusters},
		"NaN":      {labels, with(math.NaN()), 0, ErrNotFinite},
		"label":    {[]int32{0, 1, 2, 0}, lloyd.Dense(data, 2, 2), 0, ErrLabel},
		"negative": {[]int32{0, 1, -1, 0}, lloyd.Dense(data, 2, 2), 0, ErrLabel},
		"threads":  {labels, lloyd.Dense(data, 2, 2), -1, ErrOption},
	} {
		if _, err := SimplifiedSilhouette(background, rows, c.labels, c.centers, c.threads); !errors.Is(err, c.want) {
			t.Errorf("SimplifiedSilhouette, %s: %v, want %v", name, err, c.want)
		}
	}
	// float32 overflows sooner.
	wide := lloyd.Dense([]float32{0, 1, 2, 1e20, 4, 5, 6, -1e20}, 4, 2)
	if _, err := Silhouette(background, wide, labels, SilhouetteOptions{}); !errors.Is(err, ErrNotFinite) {
		t.Errorf("float32: %v", err)
	}
	if v, err := CalinskiHarabasz(background, wide, labels); err != nil {
		t.Errorf("Calinski-Harabasz in float64: %v, %v", v, err)
	}
}
