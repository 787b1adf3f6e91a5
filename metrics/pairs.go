package metrics

import (
	"math"
	"math/big"
)

// PairConfusion counts the N(N−1) ordered pairs of different rows by whether
// they are together in a class (first index 1) and together in a cluster
// (second index 1):
//
//	[1][1]  together in both          Σn_ij² − N
//	[0][1]  in a cluster only         Σb_j² − Σn_ij²
//	[1][0]  in a class only           Σa_i² − Σn_ij²
//	[0][0]  in neither                N² − Σa_i² − Σb_j² + Σn_ij²
//
// where a_i, b_j and n_ij count the rows of class i, of cluster j, and of both.
// It equals scikit-learn's pair_confusion_matrix. Both lists have N entries, one
// a row; labels are any integers. Swapping the lists transposes the counts. It
// takes time O(N), as do the scores made of it.
//
// Errors wrap [ErrLength] or [ErrEmpty].
func PairConfusion(truth, clusters []int32) ([2][2]int64, error) {
	t, err := newTable(truth, clusters)
	if err != nil {
		return [2][2]int64{}, err
	}
	var both, inClass, inCluster, n int64
	for _, c := range t.cells {
		both += int64(c.rows) * int64(c.rows)
	}
	for _, a := range t.classes.sizes {
		inClass += int64(a) * int64(a)
	}
	for _, b := range t.clusters.sizes {
		inCluster += int64(b) * int64(b)
	}
	n = int64(t.rows)
	return [2][2]int64{
		{n*n - inClass - inCluster + both, inCluster - both},
		{inClass - both, both - n},
	}, nil
}

// Rand is the Rand index, 0 to 1: the share of the pairs of rows on which
// classes and clusters agree, together in both or apart in both (W. M. Rand,
// Objective criteria for the evaluation of clustering methods, Journal of the
// American Statistical Association 66, 1971). It is symmetric, does not depend
// on what labels are called, and is 1 for equal partitions; a single row, which
// has no pairs, gives 1. It is near 1 for most partitions of many clusters:
// prefer [AdjustedRand]. It equals scikit-learn's rand_score, which also gives
// 1 where there are no rows.
//
// Errors wrap [ErrLength] or [ErrEmpty].
func Rand(truth, clusters []int32) (float64, error) {
	c, err := PairConfusion(truth, clusters)
	if err != nil {
		return 0, err
	}
	agree, differ := c[0][0]+c[1][1], c[0][1]+c[1][0]
	if differ == 0 {
		return 1, nil
	}
	return float64(agree) / (float64(agree) + float64(differ)), nil
}

// AdjustedRand is the Rand index adjusted for chance, (RI − E)/(max RI − E),
// where E is what random clusters of the same sizes have on average (L. Hubert,
// P. Arabie, Comparing partitions, Journal of Classification 2, 1985). With C
// the counts of [PairConfusion] it is
//
//	2(C₁₁C₀₀ − C₁₀C₀₁) / ((C₁₁+C₁₀)(C₁₀+C₀₀) + (C₁₁+C₀₁)(C₀₁+C₀₀)),
//
// computed in integers and rounded once. The range is −0.5 to 1: 1 for equal
// partitions (a single row, one cluster in both, singletons in both), about 0
// for random ones, 0 when just one of the two has a single cluster or only
// singletons. It is symmetric and does not depend on what labels are called. It
// equals scikit-learn's adjusted_rand_score, which also gives 1 where there are
// no rows.
//
// Errors wrap [ErrLength] or [ErrEmpty].
func AdjustedRand(truth, clusters []int32) (float64, error) {
	c, err := PairConfusion(truth, clusters)
	if err != nil {
		return 0, err
	}
	if c[0][1] == 0 && c[1][0] == 0 {
		return 1, nil
	}
	product := func(a, b int64) *big.Int { return new(big.Int).Mul(big.NewInt(a), big.NewInt(b)) }
	over := product(c[1][1], c[0][0])
	over.Sub(over, product(c[1][0], c[0][1]))
	over.Lsh(over, 1)
	under := product(c[1][1]+c[1][0], c[1][0]+c[0][0])
	under.Add(under, product(c[1][1]+c[0][1], c[0][1]+c[0][0]))
	score, _ := new(big.Rat).SetFrac(over, under).Float64()
	return score, nil
}

// FowlkesMallows is the geometric mean, 0 to 1, of the precision and the recall
// of pairs, C₁₁/√((C₁₁+C₀₁)(C₁₁+C₁₀)) with C the counts of [PairConfusion]
// (E. B. Fowlkes, C. L. Mallows, A method for comparing two hierarchical
// clusterings, Journal of the American Statistical Association 78, 1983). It is
// 1 for equal partitions, except that it is 0 where no two rows are together in
// both: also for equal partitions of singletons. It is symmetric and does not
// depend on what labels are called. It equals scikit-learn's
// fowlkes_mallows_score.
//
// Errors wrap [ErrLength] or [ErrEmpty].
func FowlkesMallows(truth, clusters []int32) (float64, error) {
	c, err := PairConfusion(truth, clusters)
	if err != nil || c[1][1] == 0 {
		return 0, err
	}
	both := float64(c[1][1])
	return math.Sqrt(both/float64(c[1][1]+c[0][1])) * math.Sqrt(both/float64(c[1][1]+c[1][0])), nil
}
