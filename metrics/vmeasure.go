package metrics

import "math"

// Homogeneity says, from 0 to 1, how far each cluster holds rows of one class
// only: the mutual information divided by the entropy of the classes, and 1 if
// there is a single class (A. Rosenberg, J. Hirschberg, V-measure: a conditional
// entropy-based external cluster evaluation measure, EMNLP-CoNLL 2007). It never
// falls when clusters are split. Swapped arguments give [Completeness]. It
// equals scikit-learn's homogeneity_score, which also gives 1 where there are no
// rows.
//
// Errors wrap [ErrLength] or [ErrEmpty].
func Homogeneity(truth, clusters []int32) (float64, error) {
	t, err := newTable(truth, clusters)
	if err != nil {
		return 0, err
	}
	h, _ := t.homogeneity()
	return h, nil
}

// Completeness says, from 0 to 1, how far the rows of each class are in one
// cluster: the mutual information divided by the entropy of the clusters, and 1
// if there is a single cluster (Rosenberg and Hirschberg, see [Homogeneity]). It
// equals scikit-learn's completeness_score, which also gives 1 where there are
// no rows.
//
// Errors wrap [ErrLength] or [ErrEmpty].
func Completeness(truth, clusters []int32) (float64, error) {
	t, err := newTable(truth, clusters)
	if err != nil {
		return 0, err
	}
	_, c := t.homogeneity()
	return c, nil
}

// VMeasure is the weighted harmonic mean, 0 to 1, of [Homogeneity] h and
// [Completeness] c, (1+β)hc/(βh+c), and 0 when either is 0. Give 1 for beta
// unless completeness is to weigh more (beta above 1) or less. At 1 it is
// symmetric, and [NormalizedMutualInformation] with the arithmetic mean. It
// equals scikit-learn's v_measure_score, which also gives 1 where there are no
// rows.
//
// Errors wrap [ErrLength], [ErrEmpty], or [ErrOption] for a beta that is
// negative or not finite.
func VMeasure(truth, clusters []int32, beta float64) (float64, error) {
	t, err := newTable(truth, clusters)
	if err != nil {
		return 0, err
	}
	if !(beta >= 0) || math.IsInf(beta, 1) {
		return 0, failure(ErrOption, "beta is %v; a number from 0 up was expected, 1 for equal weights", beta)
	}
	h, c := t.homogeneity()
	if h == 0 || c == 0 {
		return 0, nil
	}
	// (1+β)hc/(βh+c), so written that a large β does not overflow.
	weight := beta / (1 + beta)
	return min(1, h*c/(weight*h+(1-weight)*c)), nil
}

// homogeneity returns homogeneity and completeness.
func (t *table) homogeneity() (h, c float64) {
	in := t.information()
	h, c = 1, 1
	if in.classes > 0 {
		h = min(1, in.mutual/in.classes)
	}
	if in.clusters > 0 {
		c = min(1, in.mutual/in.clusters)
	}
	return h, c
}
