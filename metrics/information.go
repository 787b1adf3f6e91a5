package metrics

import "math"

// MutualInformation is what the clusters say about the classes, in nats:
//
//	MI = Σ_ij n_ij/N · ln(N·n_ij / (a_i·b_j)),
//
// where a_i, b_j and n_ij count the rows of class i, of cluster j, and of both.
// It lies between 0, when either has a single label or they are independent, and
// the entropies −Σ a_i/N·ln(a_i/N) of both. It is symmetric and does not depend
// on what labels are called. It equals scikit-learn's mutual_info_score; with
// many clusters it is large by itself, see [AdjustedMutualInformation].
//
// Both lists have N entries, one a row; labels are any integers. It takes time
// O(N), as do [NormalizedMutualInformation], [Homogeneity], [Completeness] and
// [VMeasure].
//
// Errors wrap [ErrLength] or [ErrEmpty].
func MutualInformation(truth, clusters []int32) (float64, error) {
	t, err := newTable(truth, clusters)
	if err != nil {
		return 0, err
	}
	return t.information().mutual, nil
}

// NormalizedMutualInformation is the mutual information divided by a mean of
// the entropies of classes and clusters, 0 to 1 (A. Strehl, J. Ghosh, Cluster
// ensembles, Journal of Machine Learning Research 3, 2002, with the geometric
// mean). With [Arithmetic] it is [VMeasure] at beta 1. It is 1 for equal
// partitions, also when both have a single label; otherwise it is 0 when either
// has one. With [Minimum] it is 1 as soon as one partition refines the other.
// It is symmetric and does not depend on what labels are called. It equals
// scikit-learn's normalized_mutual_info_score, which also gives 1 where there
// are no rows.
//
// Errors wrap [ErrLength], [ErrEmpty], or [ErrOption] for an unknown mean.
func NormalizedMutualInformation(truth, clusters []int32, mean Average) (float64, error) {
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
	in := t.information()
	if in.mutual == 0 {
		return 0, nil
	}
	return min(1, in.mutual/mean.of(in.classes, in.clusters)), nil
}

// information is of a table, in nats.
type information struct {
	mutual            float64
	classes, clusters float64 // entropies
}

func (t *table) information() information {
	in := information{classes: entropy(t.rows, t.classes.sizes), clusters: entropy(t.rows, t.clusters.sizes)}
	switch len(t.cells) {
	case len(t.clusters.labels): // each cluster is in one class
		in.mutual = in.classes
		if t.same() {
			in.clusters = in.classes // but for the order of the sum
		}
	case len(t.classes.labels):
		in.mutual = in.clusters
	default:
		for _, c := range t.cells {
			in.mutual += shared(t.rows, t.classes.sizes[c.class], t.clusters.sizes[c.cluster], c.rows)
		}
		in.mutual = max(0, in.mutual)
	}
	return in
}

// shared is the part that a cell of both rows, of a class of a rows and a
// cluster of b, has in the mutual information of n rows: exactly 0 when they are
// independent.
func shared(n, a, b, both int) float64 {
	return float64(both) / float64(n) * math.Log(float64(n)*float64(both)/(float64(a)*float64(b)))
}

// entropy is Σ s/n·ln(n/s) over the sizes s.
func entropy(n int, sizes []int) float64 {
	var h float64
	for _, s := range sizes {
		h += float64(s) / float64(n) * math.Log(float64(n)/float64(s))
	}
	return h
}
