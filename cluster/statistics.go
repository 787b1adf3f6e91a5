package cluster

import (
	"context"
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Statistics is what an M-step needs to know about the rows of each cluster:
// their weighted sum, their weight and their number. Sums and weights are exact
// integers (lloyd.Sums), so that Merge is associative and commutative to the
// bit: blocks, threads and machines may be combined in any order.
type Statistics struct {
	sums    *lloyd.Sums
	weights *lloyd.Sums // K×1; nil when every weight is 1
	rows    []int64     // rows with a weight above 0
	bounds  Bounds      // of NewStatistics
}

// Bounds are what the number format of Statistics depends on. Statistics merge
// when they were made with the same bounds.
type Bounds struct {
	// MaxAbs is the largest magnitude of an element of a row with a weight.
	MaxAbs float64
	// MaxWeight is the largest weight; 0 if there are no weights.
	MaxWeight float64
	// Rows is the most rows that are in the statistics at a time, over all parts
	// that will be merged.
	Rows int
}

// NewStatistics returns empty statistics of k clusters with d columns, to be
// filled by Add: for rows that come in parts, or on several machines, whose
// statistics are merged. The error wraps ErrParameter (k, d or Rows below 1, a
// bound that is negative or not finite).
func NewStatistics(k, d int, b Bounds) (*Statistics, error) {
	if k < 1 || d < 1 || b.Rows < 1 || int64(b.Rows) > 1<<32 {
		return nil, fmt.Errorf("%w: statistics of %d clusters with %d columns for up to %d rows; each must be at least 1, and rows at most 2³²", ErrParameter, k, d, b.Rows)
	}
	if !(b.MaxAbs >= 0) || !(b.MaxWeight >= 0) || math.IsInf(b.MaxAbs*max(1, b.MaxWeight), 0) {
		return nil, fmt.Errorf("%w: MaxAbs is %v and MaxWeight %v; both, and their product, must be finite and at least 0", ErrParameter, b.MaxAbs, b.MaxWeight)
	}
	weighted, top := b.MaxWeight > 0, b.MaxWeight
	if !weighted {
		top = 1
	}
	s, err := newStatistics(k, d, b.Rows, b.MaxAbs, weighted, top)
	if err != nil {
		return nil, err
	}
	s.bounds = b
	return s, nil
}

// Add puts the rows of x (N×D, float32 or float64) into the clusters that labels
// gives them; a negative label leaves a row out. weights is nil, or has one for
// each row; it must be nil exactly if Bounds.MaxWeight is 0. threads is the
// number of threads, 0 for GOMAXPROCS. After an error s is as before, unless it
// is ctx's: then some of the rows are in s, which is of no more use.
//
// Errors are those of MStep; ErrInput also covers elements, weights and rows
// beyond the Bounds, and statistics that were not made by NewStatistics.
func (s *Statistics) Add(ctx context.Context, x *tensor.Dense, labels []int32, weights []float64, threads int) error {
	if err := checkTensor("x", x); err != nil {
		return err
	}
	if x.Dtype() == tensor.Float32 {
		return addPart[float32](ctx, s, x, labels, weights, threads)
	}
	return addPart[float64](ctx, s, x, labels, weights, threads)
}

func addPart[T element](ctx context.Context, s *Statistics, x *tensor.Dense, labels []int32, weights []float64, threads int) error {
	if err := checkThreads(threads); err != nil {
		return err
	}
	crew := newCrew(threads)
	defer crew.close()
	p, err := newPortion[T](ctx, crew, x, labels, weights, s.K())
	if err != nil {
		return err
	}
	before := s.total()
	switch b := s.bounds; {
	case b.Rows == 0:
		return fmt.Errorf("%w: these statistics were not made by NewStatistics, and have no bounds to add to", ErrInput)
	case p.x.D != s.D():
		return fmt.Errorf("%w: x has %d columns, the statistics have %d", ErrInput, p.x.D, s.D())
	case (weights != nil) != (b.MaxWeight > 0):
		return fmt.Errorf("%w: weights must be given exactly if Bounds.MaxWeight, here %v, is above 0", ErrInput, b.MaxWeight)
	case p.top > b.MaxAbs:
		return fmt.Errorf("%w: x has an element of magnitude %v, Bounds.MaxAbs is %v", ErrInput, p.top, b.MaxAbs)
	case weights != nil && p.topWeight > b.MaxWeight:
		return fmt.Errorf("%w: there is a weight of %v, Bounds.MaxWeight is %v", ErrInput, p.topWeight, b.MaxWeight)
	case before+int64(p.x.N) > int64(b.Rows):
		return fmt.Errorf("%w: %d more rows than the %d that are in the statistics exceed Bounds.Rows, %d", ErrInput, p.x.N, before, b.Rows)
	}
	return addAll(ctx, crew, s, p.x, labels, weights)
}

// newStatistics returns empty statistics of k clusters with d columns, for up to
// n rows with elements up to top and weights up to topWeight.
func newStatistics(k, d, n int, top float64, weighted bool, topWeight float64) (*Statistics, error) {
	if err := checkVanishing(top, weighted, topWeight); err != nil {
		return nil, err
	}
	sums, err := lloyd.NewSums(k, d, top*topWeight, n)
	if err != nil {
		return nil, err
	}
	s := &Statistics{sums: sums, rows: make([]int64, k)}
	if weighted {
		if s.weights, err = lloyd.NewSums(k, 1, topWeight, n); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// checkVanishing checks that sums of elements up to top with weights up to
// topWeight are within the number format of Statistics. The error wraps ErrInput.
func checkVanishing(top float64, weighted bool, topWeight float64) error {
	const least = 0x1p-900 // the number format ends below
	if product := top * topWeight; top > 0 && topWeight > 0 && (product < least || weighted && topWeight < least) {
		return fmt.Errorf("%w: the largest weight is %g, and %g times the largest element; sums of that size vanish, scale the weights up", ErrInput, topWeight, product)
	}
	return nil
}

// K returns the number of clusters.
func (s *Statistics) K() int { return s.sums.K() }

// D returns the number of columns.
func (s *Statistics) D() int { return s.sums.D() }

// Rows returns the number of rows of cluster k whose weight is above 0.
func (s *Statistics) Rows(k int) int64 { return s.rows[k] }

// Weight returns the weight of cluster k, the sum of the weights of its rows.
func (s *Statistics) Weight(k int) float64 {
	if s.weights == nil {
		return float64(s.rows[k])
	}
	return s.weights.At(k, 0)
}

// total returns the number of rows in s.
func (s *Statistics) total() int64 {
	var n int64
	for _, rows := range s.rows {
		n += rows
	}
	return n
}

// Sum returns element j of the weighted sum of the rows of cluster k.
func (s *Statistics) Sum(k, j int) float64 { return s.sums.At(k, j) }

// Merge adds the statistics o to s. The order of merging changes nothing. The
// error wraps lloyd.ErrSumsMismatch when the two were not made alike: with
// NewStatistics, and the same K, D and Bounds, or hold more rows than that.
// (Those of MStep are for its rows alone and do not merge.)
func (s *Statistics) Merge(o *Statistics) error {
	if (s.weights == nil) != (o.weights == nil) {
		return fmt.Errorf("%w: one has weights, the other has not", lloyd.ErrSumsMismatch)
	}
	if s.bounds != o.bounds {
		return fmt.Errorf("%w: one was made with bounds %+v, the other with %+v", lloyd.ErrSumsMismatch, s.bounds, o.bounds)
	}
	if total := s.total() + o.total(); total > int64(s.sums.Capacity()) {
		return fmt.Errorf("%w: together they hold %d rows, more than the %d that they were made for; see NewStatistics", lloyd.ErrSumsMismatch, total, s.sums.Capacity())
	}
	if err := s.sums.Merge(o.sums); err != nil {
		return err
	}
	if s.weights != nil {
		if err := s.weights.Merge(o.weights); err != nil {
			return err
		}
	}
	for k, n := range o.rows {
		s.rows[k] += n
	}
	return nil
}

// mergeCluster adds cluster k of o, which was made by s.like(), to s.
func (s *Statistics) mergeCluster(o *Statistics, k int) {
	must(s.sums.MergeCluster(o.sums, k))
	if s.weights != nil {
		must(s.weights.MergeCluster(o.weights, k))
	}
	s.rows[k] += o.rows[k]
}

func (s *Statistics) resetCluster(k int) {
	s.sums.ResetCluster(k)
	if s.weights != nil {
		s.weights.ResetCluster(k)
	}
	s.rows[k] = 0
}

// like returns empty statistics of the same shape and number format.
func (s *Statistics) like() *Statistics {
	o := &Statistics{sums: s.sums.Like(), rows: make([]int64, len(s.rows)), bounds: s.bounds}
	if s.weights != nil {
		o.weights = s.weights.Like()
	}
	return o
}

// add puts the rows of x into the clusters that labels gives them; negative
// labels are left out.
func add[T element](s *Statistics, x lloyd.Matrix[T], labels []int32, weights []float64) error {
	if err := lloyd.Accumulate(s.sums, x, labels, weights); err != nil {
		return err
	}
	return s.count(labels, weights, 1)
}

// remove takes away rows that add put in.
func remove[T element](s *Statistics, x lloyd.Matrix[T], labels []int32, weights []float64) error {
	if err := lloyd.Retract(s.sums, x, labels, weights); err != nil {
		return err
	}
	return s.count(labels, weights, -1)
}

// addListed is add for the listed rows of x only: labels[i] and weights[i] are
// those of row rows[i].
func addListed[T element](s *Statistics, x lloyd.Matrix[T], rows, labels []int32, weights []float64) error {
	if err := lloyd.AccumulateRows(s.sums, x, rows, labels, weights); err != nil {
		return err
	}
	return s.count(labels, weights, 1)
}

// removeListed takes away rows that addListed put in.
func removeListed[T element](s *Statistics, x lloyd.Matrix[T], rows, labels []int32, weights []float64) error {
	if err := lloyd.RetractRows(s.sums, x, rows, labels, weights); err != nil {
		return err
	}
	return s.count(labels, weights, -1)
}

// transferListed moves the listed rows of x between clusters.
func transferListed[T element](s *Statistics, x lloyd.Matrix[T], rows, from, to []int32, weights []float64) error {
	if err := lloyd.TransferRows(s.sums, x, rows, from, to, weights); err != nil {
		return err
	}
	if err := s.count(from, weights, -1); err != nil {
		return err
	}
	return s.count(to, weights, 1)
}

// count adds sign times the weight and the number of rows to their clusters;
// rows of weight 0 do not count.
func (s *Statistics) count(labels []int32, weights []float64, sign int64) error {
	if s.weights != nil {
		sum := lloyd.Accumulate[float64]
		if sign < 0 {
			sum = lloyd.Retract[float64]
		}
		if err := sum(s.weights, lloyd.Dense(weights, len(labels), 1), labels, nil); err != nil {
			return err
		}
	}
	for i, l := range labels {
		if l >= 0 && (weights == nil || weights[i] > 0) {
			s.rows[l] += sign
		}
	}
	return nil
}

// meanInto sets dst to the mean of cluster k; false, and dst untouched, when the
// cluster has no weight.
func meanInto[T element](dst []T, s *Statistics, k int) bool {
	if s.rows[k] == 0 {
		return false
	}
	w := s.Weight(k)
	if w == 0 { // too small for the number format beside the largest weight
		return false
	}
	must(lloyd.Mean(dst, s.sums, k, w))
	return true
}

// Centers returns the weighted means of the clusters, K×D in the dtype of
// previous (K×D), which gives the center of each cluster that has no rows. The
// error wraps ErrInput when previous has another shape or is not a float matrix.
func (s *Statistics) Centers(previous *tensor.Dense) (*tensor.Dense, error) {
	if err := checkTensor("the matrix of the previous centers", previous); err != nil {
		return nil, err
	}
	if previous.Dtype() == tensor.Float32 {
		return centersOf[float32](s, previous)
	}
	return centersOf[float64](s, previous)
}

func centersOf[T element](s *Statistics, previous *tensor.Dense) (*tensor.Dense, error) {
	m, err := rowsOf[T]("the matrix of the previous centers", previous)
	if err != nil {
		return nil, err
	}
	if m.N != s.K() || m.D != s.D() {
		return nil, fmt.Errorf("%w: the previous centers are %d×%d, the statistics are of %d clusters with %d columns", ErrInput, m.N, m.D, s.K(), s.D())
	}
	c := compact(m)
	for k := range c.N {
		meanInto(c.Row(k), s, k)
	}
	return tensorOf(c), nil
}

// must is for errors that can only come from a mistake in this package.
func must(err error) {
	if err != nil {
		panic("cluster: " + err.Error())
	}
}
