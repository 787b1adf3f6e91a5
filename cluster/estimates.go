package cluster

import (
	"slices"

	"github.com/seed-fbf9ce71/lloyd"
)

// near finds those of listed pairs of rows and centers that may be nearer than the rows'
// best: lower bounds by integers rule most of the others out, where these are faster than
// distances.
type near[T element] struct {
	space lloyd.EstimateSpace[T]
	lower []float64
	dist  []T
}

// manyPairs is the number of pairs of a row from which it pays to make integers of it.
const manyPairs = 4

// distances keeps those of the pairs that are not ruled out, in order, and returns their
// distances. best is the least squared distance of each row of x so far. ruledOut, unless
// nil, is told of the others, with lower bounds of their squared distances. Without
// estimates, or if there are few pairs, none is ruled out.
func (s *near[T]) distances(e *lloyd.Estimates[T], best []T, x, centers lloyd.Matrix[T], rows, others *[]int32, ruledOut func(row, center int32, square float64)) []T {
	n := len(*rows)
	if e != nil && n >= manyPairs*x.N {
		s.lower = slices.Grow(s.lower[:0], n)[:n]
		must(e.LowerBounds(s.lower, x, *rows, *others, &s.space))
		n = 0
		for i, lower := range s.lower {
			row, k := (*rows)[i], (*others)[i]
			if lower > float64(best[row]) {
				if ruledOut != nil {
					ruledOut(row, k, lower)
				}
				continue
			}
			(*rows)[n], (*others)[n] = row, k
			n++
		}
		*rows, *others = (*rows)[:n], (*others)[:n]
	}
	s.dist = slices.Grow(s.dist[:0], n)[:n]
	must(lloyd.SquaredL2Listed(s.dist, x, *rows, centers, *others))
	return s.dist
}

// estimate gets estimates ready for the present centers, where they are of use.
func (r *run[T]) estimate() {
	r.estimator = nil
	if r.estimates != nil && (r.mode == contracted || r.mode == paired && r.elkan.many) {
		must(r.estimates.Set(r.centers, r.eachPack))
		r.estimator = r.estimates
	}
}
