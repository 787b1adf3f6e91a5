package metrics

// Accuracy is the share, 0 to 1, of rows whose predicted label equals the true
// one. Both lists have N entries, one a row; labels are any integers.
//
// Errors wrap [ErrLength] or [ErrEmpty].
func Accuracy(truth, predicted []int32) (float64, error) {
	if err := samePairs(truth, predicted); err != nil {
		return 0, err
	}
	equal := 0
	for i, t := range truth {
		if t == predicted[i] {
			equal++
		}
	}
	return float64(equal) / float64(len(truth)), nil
}

// MajorityAccuracy is the accuracy, 0 to 1, after each of the k clusters is
// named after its most frequent true class: Σ over clusters of the largest
// class count, divided by N. It is known as purity (C. D. Manning,
// P. Raghavan, H. Schütze, Introduction to Information Retrieval, 2008, §16.3).
// See [Majority] for the arguments and errors.
func MajorityAccuracy(truth, clusters []int32, k int) (float64, error) {
	m, err := Majority(truth, clusters, k)
	if err != nil {
		return 0, err
	}
	return m.accuracy(), nil
}
