package dataset

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"
)

// BlobsConfig says which Gaussian clusters [Blobs] draws. The zero value draws
// what scikit-learn's make_blobs(random_state=0) draws.
type BlobsConfig struct {
	N       int     // rows in all; 0 means 100
	Centers int     // clusters K; 0 means 3, or the rows of At
	D       int     // columns; 0 means 2, or the columns of At
	Std     float64 // standard deviation of every cluster; 0 means 1
	// Stds, when not empty, has the standard deviation of each cluster (K
	// entries, 0 allowed) and takes the place of Std.
	Stds []float64
	// Box has the bounds of the centers' coordinates, which are uniform in
	// [Box[0], Box[1]); the zero value means [-10, 10).
	Box [2]float64
	// At gives the centers (K×D) instead of drawing them; nil draws them.
	At *tensor.Dense
	// Ordered leaves the rows cluster by cluster instead of shuffling them.
	Ordered bool
	// Dtype of X and Centers, tensor.Float32 or tensor.Float64; the zero value
	// means Float64. The draws are float64 either way and rounded at the end.
	Dtype tensor.Dtype
	// Seed is the random_state of scikit-learn, the seed of NumPy's RandomState.
	Seed uint32
}

// BlobSet is what [Blobs] draws.
type BlobSet struct {
	X       *tensor.Dense // N×D, row-major
	Labels  []int32       // N, the cluster 0…K-1 of each row
	Centers *tensor.Dense // K×D, the true centers
}

// Blobs draws N rows around K centers, isotropic and normal. The rows split
// evenly; what remains goes to the first centers one by one, so with fewer rows
// than centers the last ones get none.
//
// For one seed it gives the rows of scikit-learn's make_blobs in the same
// order, equal up to the rounding of the logarithm (relative 1e-15): the draw
// order is centers (uniform, row by row), then the rows' normals cluster by
// cluster, then one shuffle, from the random stream of NumPy's legacy
// RandomState.
//
// The error wraps [ErrConfig] for sizes, deviations or a box that make no
// sense, and [ErrDtype] or [ErrShape] for Dtype and At.
func Blobs(c BlobsConfig) (*BlobSet, error) {
	c, centers, err := c.resolve()
	if err != nil {
		return nil, err
	}
	g := newMT19937(c.Seed)
	if centers == nil {
		centers = make([]float64, c.Centers*c.D)
		for i := range centers {
			centers[i] = c.Box[0] + float64((c.Box[1]-c.Box[0])*g.uniform())
		}
	}
	rows := make([]float64, c.N*c.D)
	labels := make([]int32, c.N)
	at := 0
	for k := range c.Centers {
		size := c.N / c.Centers
		if k < c.N%c.Centers {
			size++
		}
		for range size {
			labels[at] = int32(k)
			for j := range c.D {
				rows[at*c.D+j] = centers[k*c.D+j] + float64(c.Stds[k]*g.normal())
			}
			at++
		}
	}
	if !c.Ordered {
		rows, labels = shuffled(g, rows, labels)
	}
	return &BlobSet{
		X:       blobTensor(c.N, c.D, rows, c.Dtype),
		Labels:  labels,
		Centers: blobTensor(c.Centers, c.D, centers, c.Dtype),
	}, nil
}

// resolve puts the defaults in place and checks everything. The centers come
// back as a K×D slice when they are given, nil when they are to be drawn.
func (c BlobsConfig) resolve() (BlobsConfig, []float64, error) {
	var centers []float64
	if c.At != nil {
		m, err := matrixOf(c.At)
		if err != nil {
			return c, nil, fmt.Errorf("dataset: BlobsConfig.At: %w", err)
		}
		if (c.Centers != 0 && c.Centers != m.rows) || (c.D != 0 && c.D != m.cols) {
			return c, nil, failure(ErrConfig, "At has shape %d×%d but Centers is %d and D is %d; leave them 0 or make them agree", m.rows, m.cols, c.Centers, c.D)
		}
		c.Centers, c.D = m.rows, m.cols
		centers = widened(m)
	}
	c.N, c.Centers, c.D = orInt(c.N, 100), orInt(c.Centers, 3), orInt(c.D, 2)
	if c.N < 1 || c.Centers < 1 || c.D < 1 {
		return c, nil, failure(ErrConfig, "N is %d, Centers %d, D %d; each must be at least 1 (0 takes the default)", c.N, c.Centers, c.D)
	}
	if c.Centers > math.MaxInt32 {
		return c, nil, failure(ErrConfig, "Centers is %d; labels are int32, so at most %d", c.Centers, math.MaxInt32)
	}
	if c.N > mostElements/c.D || c.Centers > mostElements/c.D {
		return c, nil, failure(ErrConfig, "%d×%d rows or %d×%d centers are too many; at most %d elements each", c.N, c.D, c.Centers, c.D, mostElements)
	}
	if c.Box == [2]float64{} {
		c.Box = [2]float64{-10, 10}
	}
	if width := c.Box[1] - c.Box[0]; !(width >= 0) || math.IsInf(width, 0) {
		return c, nil, failure(ErrConfig, "Box is [%g, %g]; finite bounds, the lower one first, were expected", c.Box[0], c.Box[1])
	}
	if err := c.resolveStds(); err != nil {
		return c, nil, err
	}
	var err error
	c.Dtype, err = checkDtype(c.Dtype, tensor.Float64)
	return c, centers, err
}

// resolveStds leaves one checked standard deviation a cluster in Stds, in a
// slice of its own.
func (c *BlobsConfig) resolveStds() error {
	given := c.Stds
	if len(given) != 0 && len(given) != c.Centers {
		return failure(ErrConfig, "Stds has %d entries for %d centers; give one each, or use Std", len(given), c.Centers)
	}
	if c.Std == 0 {
		c.Std = 1
	}
	c.Stds = make([]float64, c.Centers)
	for k := range c.Stds {
		c.Stds[k] = c.Std
		if len(given) != 0 {
			c.Stds[k] = given[k]
		}
		if s := c.Stds[k]; !(s >= 0) || math.IsInf(s, 0) {
			return failure(ErrConfig, "the standard deviation of cluster %d is %g; a finite number ≥ 0 was expected", k, s)
		}
	}
	return nil
}

// shuffled takes rows and labels in the order of one shuffled index.
func shuffled(g *mt19937, rows []float64, labels []int32) ([]float64, []int32) {
	n := len(labels)
	d := len(rows) / n
	index := make([]int, n)
	for i := range index {
		index[i] = i
	}
	g.shuffle(index)
	mixed := make([]float64, 0, len(rows))
	mixedLabels := make([]int32, n)
	for i, from := range index {
		mixed = append(mixed, rows[from*d:(from+1)*d]...)
		mixedLabels[i] = labels[from]
	}
	return mixed, mixedLabels
}

// widened copies a matrix into a row-major float64 slice.
func widened(m matrix) []float64 {
	all := make([]float64, m.rows*m.cols)
	for i := range m.rows {
		row := all[i*m.cols : (i+1)*m.cols]
		if m.f64 != nil {
			gather(m, m.f64, row, i)
			continue
		}
		for j := range row {
			row[j] = float64(m.f32[i*m.rowStride+j*m.colStride])
		}
	}
	return all
}

func blobTensor(n, d int, data []float64, dt tensor.Dtype) *tensor.Dense {
	if dt == tensor.Float64 {
		return denseOf(n, d, data)
	}
	narrow := make([]float32, len(data))
	for i, v := range data {
		narrow[i] = float32(v)
	}
	return denseOf(n, d, narrow)
}

func orInt(v, fallback int) int {
	if v == 0 {
		return fallback
	}
	return v
}
