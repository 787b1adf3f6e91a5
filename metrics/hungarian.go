package metrics

// Hungarian gives each of the k clusters a true class of its own, so that as
// many rows as possible are of their cluster's class: the assignment problem,
// first solved so by the Hungarian method (H. W. Kuhn, Naval Research Logistics
// Quarterly 2, 1955). Unlike after [Majority], two clusters never have the same
// class. A cluster that is left without a class, because there are more clusters
// than classes or none of its rows is of a class that is left, gets [NoClass].
// Where several assignments are best, one of them is returned, always the same
// for the same counts.
//
// truth has the class of each of N rows (any integer), clusters the cluster
// 0…k-1 of each. Errors wrap [ErrLength], [ErrEmpty], [ErrClusters] for k < 1
// or beyond int32, [ErrLabel] for a cluster outside 0…k-1, and
// [ErrTooManyClasses] for more than MaxClasses classes or clusters with rows.
//
// It takes time O(N) and, for m the lesser and M the greater of the numbers of
// classes and clusters, at most O(m²M), usually far less.
func Hungarian(truth, clusters []int32, k int) (Matching, error) {
	if err := checkClusters(truth, clusters, k); err != nil {
		return Matching{}, err
	}
	t, err := newTable(truth, clusters)
	if err != nil {
		return Matching{}, err
	}
	r, c := len(t.classes.labels), len(t.clusters.labels)
	if max(r, c) > MaxClasses {
		return Matching{}, failure(ErrTooManyClasses, "there are %d classes and %d clusters with rows; at most %d of each can be matched: check that these are labels, or join rare ones", r, c, MaxClasses)
	}
	m := Matching{Classes: make([]int32, k), Rows: make([]int, k), Hits: make([]int, k)}
	for i := range m.Classes {
		m.Classes[i] = NoClass
	}
	for j, cluster := range t.clusters.labels {
		m.Rows[cluster] = t.clusters.sizes[j]
	}
	// The fewer of the two choose.
	gain := make([][]int, min(r, c))
	for i := range gain {
		gain[i] = make([]int, max(r, c))
	}
	for _, cell := range t.cells {
		if r <= c {
			gain[cell.class][cell.cluster] = cell.rows
		} else {
			gain[cell.cluster][cell.class] = cell.rows
		}
	}
	for i, j := range assign(gain) {
		class, cluster := i, j
		if r > c {
			class, cluster = j, i
		}
		if gain[i][j] > 0 {
			at := t.clusters.labels[cluster]
			m.Classes[at], m.Hits[at] = t.classes.labels[class], gain[i][j]
		}
	}
	return m, nil
}

// HungarianAccuracy is the accuracy, 0 to 1, after each cluster is given a true
// class of its own in the best way: Σ over clusters of the rows of its class,
// divided by N. It is what papers on clustering call accuracy (ACC), and never
// above [MajorityAccuracy]. See [Hungarian] for the arguments and errors.
func HungarianAccuracy(truth, clusters []int32, k int) (float64, error) {
	m, err := Hungarian(truth, clusters, k)
	if err != nil {
		return 0, err
	}
	return m.accuracy(), nil
}
