package metrics

import (
	"context"
	"math"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// SilhouetteOptions says how [Silhouette] goes about it. The zero value will do.
type SilhouetteOptions struct {
	// Threads is the number of goroutines that share the work; 0 is GOMAXPROCS.
	// Results do not depend on it.
	Threads int
	// Limit is the largest number of rows of which every one is measured; 0 is
	// 100 000. Of more rows, a random sample is measured.
	Limit int
	// Sample is how many rows are measured when there are more than Limit; 0 is
	// 10 000. With as many as there are rows, or more, every row is measured.
	Sample int
	// Seed chooses the sample.
	Seed uint64
}

// Silhouettes are the silhouette values of rows.
type Silhouettes struct {
	// Mean is the mean of Values: the silhouette score.
	Mean float64
	// StandardError is that of Mean as an estimate from a sample: it lies within
	// two of them of the score of all rows about 19 times in 20. 0 when every row
	// was measured, +Inf for a sample of one.
	StandardError float64
	// Values are −1 to 1: row i's is Values[i], or that of row Rows[i].
	Values []float64
	// Rows are the numbers of the rows that were measured, ascending; nil when
	// every row was.
	Rows []int
}

// Silhouette says of each row how much closer it is to the rows of its own
// cluster than to those of the nearest other one:
//
//	s = (b − a) / max(a, b),
//
// a being the mean Euclidean distance to the other rows of its cluster, and b
// the least, over the other clusters, of the mean distance to their rows
// (P. J. Rousseeuw, Silhouettes, Journal of Computational and Applied
// Mathematics 20, 1987). It is 1 at best, about 0 between two clusters, and
// negative for a row that is closer to another cluster. It is 0 for a cluster of
// one row, and where a and b are both 0. The mean over the rows is the score: use
// it to compare numbers of clusters.
//
// x has N rows, labels the cluster of each, by any integers: model.Labels of
// package cluster will do. There must be 2 to N−1 clusters. The result equals
// scikit-learn's silhouette_samples and silhouette_score. Distances are computed
// in x's element type and added up in float64; so the values of float32 rows are
// good to about (D/16 + 8)·10⁻⁷, beside 10⁻¹² for float64. Distances below
// 10⁻²² in float32 (10⁻¹⁶¹ in float64) vanish: scale such data.
//
// It takes time O(N²·D) and memory for N values, whatever N and the number of
// clusters are; there is no matrix of distances. Above o.Limit rows it measures
// o.Sample of them, drawn by o.Seed without replacement, against all N rows.
// Their values are exact, and their mean is an estimate without bias of the
// score; small clusters count as they should. (scikit-learn's sample_size leaves
// the other rows out altogether.) Results are the same for any number of
// threads, and on any CPU.
//
// When ctx is done it returns soon, with an error that wraps ctx.Err(). Errors
// also wrap [ErrLength], [ErrEmpty], [ErrClusters], [ErrNotFinite] for a NaN or
// an infinity in x and for distances that overflow, [ErrOption] for a negative
// option, and lloyd.ErrShape for a matrix that does not fit its slice.
func Silhouette[T lloyd.Float](ctx context.Context, x lloyd.Matrix[T], labels []int32, o SilhouetteOptions) (*Silhouettes, error) {
	if o.Threads < 0 || o.Limit < 0 || o.Sample < 0 {
		return nil, failure(ErrOption, "Threads is %d, Limit %d, Sample %d; 0, for the default, or more was expected", o.Threads, o.Limit, o.Sample)
	}
	if o.Limit == 0 {
		o.Limit = 100_000
	}
	if o.Sample == 0 {
		o.Sample = 10_000
	}
	p, err := clustered(ctx, x, labels)
	if err != nil {
		return nil, err
	}
	s := &silhouettes[T]{x: x, p: p}
	measured := x.N
	var result Silhouettes
	if x.N > o.Limit && o.Sample < x.N {
		result.Rows = sample(x.N, o.Sample, o.Seed)
		measured = o.Sample
	}
	s.rows, s.values = result.Rows, make([]float64, measured)
	s.arrange()
	if err := share(ctx, o.Threads, (measured+queryRows-1)/queryRows, s.begin); err != nil {
		return nil, err
	}
	result.Values = s.values
	result.Mean, result.StandardError = estimate(s.values, x.N)
	return &result, nil
}

// queryRows is the number of rows that are measured together, so that a panel of
// the rows they are measured against is gathered once for all.
const queryRows = 64

// panelBytes is about the size of a panel: it is to stay in the cache while it
// is used.
const panelBytes = 32 << 10

// silhouettes measures rows of x against all rows of x, cluster after cluster,
// so that one sum is enough for each row that is measured.
type silhouettes[T lloyd.Float] struct {
	x      lloyd.Matrix[T]
	p      partition
	rows   []int // the rows to be measured; nil for all
	values []float64

	order []int // the rows of x, cluster after cluster
	start []int // the place in order of each cluster's first row, and the end
	panel int   // the places of a panel
}

func (s *silhouettes[T]) arrange() {
	s.start, s.order = s.p.grouped()
	var zero T
	s.panel = min(max(16, panelBytes/int(unsafe.Sizeof(zero))/max(1, s.x.D)), 1024)
}

// begin returns the function that measures a block of rows, with its memory.
func (s *silhouettes[T]) begin() func(context.Context, int) error {
	var (
		panel    = lloyd.Dense(make([]T, s.panel*s.x.D), s.panel, s.x.D)
		distance = make([]T, s.panel)
		sum      [queryRows]float64 // of the distances to the present cluster
		own      [queryRows]float64 // their mean for the row's own cluster
		other    [queryRows]float64 // the least mean for another one
	)
	return func(ctx context.Context, block int) error {
		first := block * queryRows
		queries := min(queryRows, len(s.values)-first)
		for q := range queries {
			sum[q], own[q], other[q] = 0, 0, math.Inf(1)
		}
		cluster := 0 // of the next place
		for from := 0; from < len(s.order); from += s.panel {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			to := min(from+s.panel, len(s.order))
			for i, row := range s.order[from:to] {
				copy(panel.Row(i), s.x.Row(row))
			}
			last := cluster
			for q := range queries {
				row := s.row(first + q)
				if err := lloyd.SquaredL2Rows(distance, panel.Rows(0, to-from), s.x.Row(row)); err != nil {
					return wrapped(err)
				}
				last = cluster
				for at := from; at < to; {
					end := min(to, s.start[last+1])
					sum[q] += sumOfRoots(distance[at-from : end-from])
					at = end
					if end < s.start[last+1] {
						break // the cluster goes on in the next panel
					}
					size := s.p.sizes[last]
					if last == s.p.of[row] {
						own[q] = sum[q] / float64(max(1, size-1))
					} else {
						other[q] = min(other[q], sum[q]/float64(size))
					}
					sum[q] = 0
					last++
				}
			}
			cluster = last
		}
		for q := range queries {
			if math.IsInf(own[q], 0) || math.IsInf(other[q], 0) {
				return overflow[T]()
			}
			if s.p.sizes[s.p.of[s.row(first+q)]] > 1 {
				s.values[first+q] = silhouette(own[q], other[q])
			}
		}
		return nil
	}
}

// row is the row of x that value i is of.
func (s *silhouettes[T]) row(i int) int {
	if s.rows == nil {
		return i
	}
	return s.rows[i]
}

// sumOfRoots is Σ√d, of roots in the element type (half the time for float32).
// The four sums wait for each other less than one would.
func sumOfRoots[T lloyd.Float](d []T) float64 {
	var a, b, c, e float64
	for ; len(d) >= 4; d = d[4:] {
		a += float64(T(math.Sqrt(float64(d[0]))))
		b += float64(T(math.Sqrt(float64(d[1]))))
		c += float64(T(math.Sqrt(float64(d[2]))))
		e += float64(T(math.Sqrt(float64(d[3]))))
	}
	for _, v := range d {
		a += float64(T(math.Sqrt(float64(v))))
	}
	return (a + b) + (c + e)
}

// silhouette is the value of a row from its distances to its own cluster and to
// the nearest other one.
func silhouette(own, other float64) float64 {
	if most := max(own, other); most > 0 {
		return (other - own) / most
	}
	return 0
}
