package dataset

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"gorgonia.org/tensor"
)

// golden reads a file of ../testdata as columns of numbers.
func golden(t *testing.T, name string) [][]float64 {
	t.Helper()
	f, err := os.Open("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]float64, len(records))
	for i, record := range records {
		for _, cell := range record {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			rows[i] = append(rows[i], v)
		}
	}
	return rows
}

func closeTo(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(1, math.Abs(b)) }

func TestBlobsEqualScikitLearn(t *testing.T) {
	given := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{0, 0, 5, -5, 10, 2.5}))
	for name, config := range map[string]BlobsConfig{
		"blobs_300x2_k4_std0.60_seed0":    {N: 300, Centers: 4, Std: 0.60},
		"blobs_47x3_k5_seed20261123":      {N: 47, Centers: 5, D: 3, Box: [2]float64{-3, 8}, Stds: []float64{0.5, 1, 1.5, 2, 0.25}, Seed: 20261123},
		"blobs_20x2_given_seed4294967295": {N: 20, At: given, Std: 0.1, Seed: math.MaxUint32},
	} {
		for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			config.Dtype = dt
			set, err := Blobs(config)
			if err != nil {
				t.Fatal(name, err)
			}
			rows, centers := golden(t, name+".csv"), golden(t, name+"_centers.csv")
			d := len(centers[0])
			x, c := elementsOf(t, set.X), elementsOf(t, set.Centers)
			if len(x) != len(rows)*d || len(c) != len(centers)*d || len(set.Labels) != len(rows) {
				t.Fatalf("%s: %d and %d elements, %d labels", name, len(x), len(c), len(set.Labels))
			}
			same := func(got, want float64) bool {
				if dt == tensor.Float32 {
					return math.Abs(got-want) <= 1e-7*max(1, math.Abs(want))
				}
				return closeTo(got, want)
			}
			for i, row := range rows {
				for j := range d {
					if !same(x[i*d+j], row[j]) {
						t.Fatalf("%s %v: row %d, column %d is %v, want %v", name, dt, i, j, x[i*d+j], row[j])
					}
				}
				if set.Labels[i] != int32(row[d]) {
					t.Fatalf("%s: label %d is %d, want %v", name, i, set.Labels[i], row[d])
				}
			}
			for i, row := range centers {
				for j := range d {
					if !same(c[i*d+j], row[j]) {
						t.Fatalf("%s: center %d, %d is %v, want %v", name, i, j, c[i*d+j], row[j])
					}
				}
			}
		}
	}
}

func TestBlobsOrderedIsTheSameRowsUnshuffled(t *testing.T) {
	mixed, err := Blobs(BlobsConfig{N: 31, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	ordered, err := Blobs(BlobsConfig{N: 31, Seed: 5, Ordered: true})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(ordered.Labels) || slices.IsSorted(mixed.Labels) {
		t.Errorf("labels: ordered %v, shuffled %v", ordered.Labels, mixed.Labels)
	}
	sizes := make([]int, 3)
	for _, l := range ordered.Labels {
		sizes[l]++
	}
	if !slices.Equal(sizes, []int{11, 10, 10}) {
		t.Errorf("sizes %v; the remainder goes to the first centers", sizes)
	}
	a, b := elementsOf(t, mixed.X), elementsOf(t, ordered.X)
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		t.Error("shuffling changed the numbers")
	}
}

func TestBlobsFewRows(t *testing.T) {
	set, err := Blobs(BlobsConfig{N: 2, Centers: 5, Ordered: true})
	if err != nil || !slices.Equal(set.Labels, []int32{0, 1}) {
		t.Errorf("%v, %v", set, err)
	}
}

func TestBlobsLeaveTheConfigAlone(t *testing.T) {
	stds := []float64{0, 0, 0}
	at := tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]float32{1, 2, 3}))
	set, err := Blobs(BlobsConfig{N: 3, Stds: stds, At: at, Ordered: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := elementsOf(t, set.X); !slices.Equal(got, []float64{1, 2, 3}) {
		t.Errorf("zero deviation gives %v", got)
	}
	set.Centers.Data().([]float64)[0] = 9
	if !slices.Equal(stds, []float64{0, 0, 0}) || at.Data().([]float32)[0] != 1 {
		t.Error("an argument was changed")
	}
}

func TestBlobsRefuse(t *testing.T) {
	at := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking(make([]float64, 4)))
	for name, c := range map[string]struct {
		config BlobsConfig
		want   error
	}{
		"negative rows":    {BlobsConfig{N: -1}, ErrConfig},
		"negative centers": {BlobsConfig{Centers: -1}, ErrConfig},
		"negative columns": {BlobsConfig{D: -2}, ErrConfig},
		"too many":         {BlobsConfig{N: math.MaxInt, D: 3}, ErrConfig},
		"negative std":     {BlobsConfig{Std: -1}, ErrConfig},
		"NaN std":          {BlobsConfig{Std: math.NaN()}, ErrConfig},
		"stds length":      {BlobsConfig{Stds: []float64{1}}, ErrConfig},
		"infinite stds":    {BlobsConfig{Stds: []float64{1, 1, math.Inf(1)}}, ErrConfig},
		"box reversed":     {BlobsConfig{Box: [2]float64{1, -1}}, ErrConfig},
		"box NaN":          {BlobsConfig{Box: [2]float64{math.NaN(), 1}}, ErrConfig},
		"At disagrees":     {BlobsConfig{At: at, Centers: 3}, ErrConfig},
		"At of integers":   {BlobsConfig{At: tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]int{1}))}, ErrDtype},
		"At is a vector":   {BlobsConfig{At: tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2}))}, ErrShape},
		"dtype":            {BlobsConfig{Dtype: tensor.Int}, ErrDtype},
	} {
		if _, err := Blobs(c.config); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// The first words of MT19937 for init_genrand(5489), the published default
// seed, and the 10000th, which the C++ standard (rand.predef) prescribes.
func TestMersenneTwister(t *testing.T) {
	g := newMT19937(5489)
	for i, want := range []uint32{3499211612, 581869302, 3890346734, 3586334585} {
		if got := g.bits32(); got != want {
			t.Fatalf("word %d is %d, want %d", i, got, want)
		}
	}
	for range 9995 {
		g.bits32()
	}
	if got := g.bits32(); got != 4123659995 {
		t.Errorf("word 10000 is %d, want 4123659995", got)
	}
	for _, most := range []uint64{0, 1, 6, math.MaxUint32, 1 << 40} {
		for range 100 {
			if v := g.below(most); v > most {
				t.Fatalf("below(%d) gave %d", most, v)
			}
		}
	}
}
