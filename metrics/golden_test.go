package metrics

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/testdata"
)

// golden reads a file of testdata/metrics, whose golden.py says how it came
// about.
func golden[T any](t *testing.T, name string) map[string]T {
	t.Helper()
	raw, err := os.ReadFile("../testdata/metrics/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]T
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatalf("%s is empty", name)
	}
	return cases
}

// near fails the test unless got is want within tolerance, relative to want
// where that is above 1.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// zeroed renames labels to 0…k−1.
func zeroed(labels []int32) (clusters []int32, k int) {
	p := partitionOf(labels)
	for _, c := range p.of {
		clusters = append(clusters, int32(c))
	}
	return clusters, len(p.labels)
}

func TestLabelsEqualScikitLearn(t *testing.T) {
	type labels struct {
		Truth, Clusters              []int32
		Contingency                  [][]int
		Pairs                        [2][2]int64
		Majority, Hungarian          float64
		Rand, ARI, MI                float64
		FowlkesMallows               float64 `json:"fowlkes_mallows"`
		NMI                          map[string]float64
		AMI                          map[string]*float64
		Homogeneity, Completeness, V float64
		VHalf                        float64 `json:"v_half"`
		VThree                       float64 `json:"v_three"`
	}
	for name, want := range golden[labels](t, "labels.json") {
		t.Run(name, func(t *testing.T) {
			is := func(what string, got float64, err error, want float64) {
				t.Helper()
				if err != nil {
					t.Errorf("%s: %v", what, err)
				}
				near(t, what, got, want, 1e-9)
			}
			if want.Contingency != nil {
				c, err := ContingencyMatrix(want.Truth, want.Clusters)
				if err != nil || !slices.EqualFunc(c.Counts, want.Contingency, slices.Equal[[]int]) {
					t.Errorf("contingency matrix %v, %v; want %v", c, err, want.Contingency)
				}
			}
			if pairs, err := PairConfusion(want.Truth, want.Clusters); err != nil || pairs != want.Pairs {
				t.Errorf("pair confusion %v, %v; want %v", pairs, err, want.Pairs)
			}
			clusters, k := zeroed(want.Clusters)
			v, err := MajorityAccuracy(want.Truth, clusters, k)
			is("majority accuracy", v, err, want.Majority)
			v, err = HungarianAccuracy(want.Truth, clusters, k)
			is("Hungarian accuracy", v, err, want.Hungarian)
			v, err = Rand(want.Truth, want.Clusters)
			is("Rand index", v, err, want.Rand)
			v, err = AdjustedRand(want.Truth, want.Clusters)
			is("ARI", v, err, want.ARI)
			v, err = FowlkesMallows(want.Truth, want.Clusters)
			is("Fowlkes-Mallows", v, err, want.FowlkesMallows)
			v, err = MutualInformation(want.Truth, want.Clusters)
			is("MI", v, err, want.MI)
			for mean := Arithmetic; mean <= Maximum; mean++ {
				nmi, ok := want.NMI[mean.String()]
				if !ok {
					t.Fatalf("no NMI with mean %v", mean)
				}
				v, err = NormalizedMutualInformation(want.Truth, want.Clusters, mean)
				is("NMI "+mean.String(), v, err, nmi)
				v, err = AdjustedMutualInformation(want.Truth, want.Clusters, mean)
				if ami := want.AMI[mean.String()]; ami != nil {
					is("AMI "+mean.String(), v, err, *ami)
				} else {
					is("AMI "+mean.String()+", of singletons", v, err, 0)
				}
			}
			v, err = Homogeneity(want.Truth, want.Clusters)
			is("homogeneity", v, err, want.Homogeneity)
			v, err = Completeness(want.Truth, want.Clusters)
			is("completeness", v, err, want.Completeness)
			v, err = VMeasure(want.Truth, want.Clusters, 1)
			is("V", v, err, want.V)
			v, err = VMeasure(want.Truth, want.Clusters, 0.5)
			is("V, beta 0.5", v, err, want.VHalf)
			v, err = VMeasure(want.Truth, want.Clusters, 3)
			is("V, beta 3", v, err, want.VThree)
		})
	}
}

type rowsOfGolden struct {
	Dtype            string
	D                int
	X                []float64
	Labels           []int32
	Silhouettes      []float64
	Silhouette       float64
	CalinskiHarabasz float64 `json:"calinski_harabasz"`
	DaviesBouldin    float64 `json:"davies_bouldin"`
}

// float32Tolerance is that of silhouettes of float32 rows: distances are sums
// of squares in float32, (D/16+8)·2⁻²⁴ beside the distance, and so are the two
// mean distances whose difference is divided by the greater one.
func float32Tolerance(d int) float64 { return 2 * (float64(d)/16 + 8) * 0x1p-24 }

func TestRowsEqualScikitLearn(t *testing.T) {
	for name, want := range golden[rowsOfGolden](t, "rows.json") {
		if want.X == nil {
			want.X = digits(t)
		}
		t.Run(name+"/float64", func(t *testing.T) { checkRowsGolden(t, want.X, want, 1e-9) })
		// Digits are whole numbers, and so exact in float32, too.
		if want.Dtype == "float32" || len(want.X) == 1797*64 {
			t.Run(name+"/float32", func(t *testing.T) {
				narrow := make([]float32, len(want.X))
				for i, v := range want.X {
					narrow[i] = float32(v)
				}
				checkRowsGolden(t, narrow, want, float32Tolerance(want.D))
			})
		}
	}
}

func checkRowsGolden[T lloyd.Float](t *testing.T, data []T, want rowsOfGolden, tolerance float64) {
	ctx := context.Background()
	x := lloyd.Dense(data, len(want.Labels), want.D)
	s, err := Silhouette(ctx, x, want.Labels, SilhouetteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Rows != nil || s.StandardError != 0 || len(s.Values) != x.N {
		t.Errorf("%d values of rows %v, standard error %v", len(s.Values), s.Rows, s.StandardError)
	}
	near(t, "silhouette", s.Mean, want.Silhouette, tolerance)
	for i, v := range want.Silhouettes {
		near(t, "silhouette of row "+strconv.Itoa(i), s.Values[i], v, tolerance)
	}
	// These are computed in float64 from any rows.
	v, err := CalinskiHarabasz(ctx, x, want.Labels)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Calinski-Harabasz", v, want.CalinskiHarabasz, 1e-9)
	if v, err = DaviesBouldin(ctx, x, want.Labels); err != nil {
		t.Fatal(err)
	}
	near(t, "Davies-Bouldin", v, want.DaviesBouldin, 1e-9)
}

// digits are the pixels of the 1797 digits, row by row.
func digits(t *testing.T) []float64 {
	t.Helper()
	unpacked, err := gzip.NewReader(bytes.NewReader(testdata.Digits))
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(unpacked).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var pixels []float64
	for _, record := range records {
		for _, cell := range record[:64] {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			pixels = append(pixels, v)
		}
	}
	return pixels
}
