package metrics

import "slices"

// AdjustedMutualInformation is the mutual information adjusted for chance,
//
//	AMI = (MI − E[MI]) / (mean(H(truth), H(clusters)) − E[MI]),
//
// where E[MI] is the mean over all ways to deal the rows out to clusters of the
// same sizes, the hypergeometric model (N. X. Vinh, J. Epps, J. Bailey,
// Information theoretic measures for clusterings comparison, Journal of Machine
// Learning Research 11, 2010). It is computed exactly, not sampled. AMI is 1 for
// equal partitions, about 0 for random ones, and may be negative. It is
// symmetric and does not depend on what labels are called.
//
// With a single class or cluster, or as many of either as rows, MI is E[MI]
// whatever the other partition is: AMI is 0, or 1 when both are equal. It equals
// scikit-learn's adjusted_mutual_info_score, except for as many of one as rows
// and average_method "min": there scikit-learn divides rounding errors by each
// other. That also gives 1 where there are no rows.
//
// It takes time O(N), with about 27√(ab/N) steps for each pair of different
// sizes a, b of a class and a cluster.
//
// Errors wrap [ErrLength], [ErrEmpty], or [ErrOption] for an unknown mean.
func AdjustedMutualInformation(truth, clusters []int32, mean Average) (float64, error) {
	t, err := newTable(truth, clusters)
	if err != nil {
		return 0, err
	}
	if err := mean.check(); err != nil {
		return 0, err
	}
	if t.same() {
		return 1, nil
	}
	for _, k := range []int{len(t.classes.labels), len(t.clusters.labels)} {
		if k == 1 || k == t.rows {
			return 0, nil
		}
	}
	in := t.information()
	chance := expectedInformation(t.rows, t.classes.sizes, t.clusters.sizes)
	room := mean.of(in.classes, in.clusters) - chance
	if room <= 0 { // by rounding only
		return 0, nil
	}
	return min(1, (in.mutual-chance)/room), nil
}

// expectedInformation is the mean mutual information of partitions of n rows
// into classes of sizes a and clusters of sizes b.
func expectedInformation(n int, a, b []int) float64 {
	var sum float64
	ofB := multiples(b)
	for _, i := range multiples(a) {
		for _, j := range ofB {
			sum += float64(i.times) * float64(j.times) * expectedShare(n, i.size, j.size)
		}
	}
	return sum
}

// multiple is a size that occurs so many times.
type multiple struct{ size, times int }

// multiples are the different sizes, ascending: at most √(2n) of them for n rows.
func multiples(sizes []int) []multiple {
	var m []multiple
	for _, size := range slices.Sorted(slices.Values(sizes)) {
		if len(m) == 0 || m[len(m)-1].size != size {
			m = append(m, multiple{size: size})
		}
		m[len(m)-1].times++
	}
	return m
}

// negligible is a weight, beside the greatest of 1, at which the tails of the
// hypergeometric distribution are cut off: 14 standard deviations out.
const negligible = 1e-40

// expectedShare is the mean part, in the mutual information of n rows, of the
// cell of a class of a rows and a cluster of b rows. The number of rows in it
// has the hypergeometric distribution, whose weights are had from each other,
// from the greatest outward, and divided by their sum: neither factorials nor
// their logarithms, which lose digits for large n, are needed.
func expectedShare(n, a, b int) float64 {
	least, most := max(0, a+b-n), min(a, b)
	// The mode, in floats because the product may not fit an int.
	mode := min(max(int(float64(a+1)*float64(b+1)/float64(n+2)), least), most)
	var weights, sum float64
	add := func(both int, weight float64) {
		weights += weight
		if both > 0 {
			sum += weight * shared(n, a, b, both)
		}
	}
	add(mode, 1)
	weight := 1.0
	for k := mode; k < most && weight > negligible; k++ {
		weight *= float64(a-k) / float64(k+1) * (float64(b-k) / float64(n-a-b+k+1))
		add(k+1, weight)
	}
	weight = 1
	for k := mode; k > least && weight > negligible; k-- {
		weight *= float64(k) / float64(a-k+1) * (float64(n-a-b+k) / float64(b-k+1))
		add(k-1, weight)
	}
	return sum / weights
}
