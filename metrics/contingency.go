package metrics

import "slices"

// Contingency counts rows by true class and cluster.
type Contingency struct {
	// Classes has the R distinct true labels, ascending.
	Classes []int32
	// Clusters has the C distinct cluster labels, ascending.
	Clusters []int32
	// Counts is R×C: Counts[i][j] rows are of class Classes[i] and in cluster
	// Clusters[j].
	Counts [][]int
}

// ContingencyMatrix counts the rows of each true class in each cluster: n_ij of
// the formulas of this package. Unlike [ConfusionMatrix] it does not take both
// lists for labels of the same kind, so it need not be square. It equals
// scikit-learn's contingency_matrix. Both lists have N entries, one a row;
// labels are any integers. It takes time O(N + R·C).
//
// Errors wrap [ErrLength], [ErrEmpty], or [ErrTooManyClasses] for a matrix of
// more than MaxClasses² cells.
func ContingencyMatrix(truth, clusters []int32) (*Contingency, error) {
	t, err := newTable(truth, clusters)
	if err != nil {
		return nil, err
	}
	r, c := len(t.classes.labels), len(t.clusters.labels)
	if r > MaxClasses*MaxClasses/c {
		return nil, failure(ErrTooManyClasses, "there are %d classes and %d clusters; at most %d cells make a matrix: check that these are labels, or join rare ones", r, c, MaxClasses*MaxClasses)
	}
	m := &Contingency{Classes: t.classes.labels, Clusters: t.clusters.labels, Counts: make([][]int, r)}
	for i := range m.Counts {
		m.Counts[i] = make([]int, c)
	}
	for _, cell := range t.cells {
		m.Counts[cell.class][cell.cluster] = cell.rows
	}
	return m, nil
}

// String is the matrix as a text table: one line for each true class, one
// right-aligned column for each cluster, a line end after each line.
func (c *Contingency) String() string {
	if c == nil {
		return ""
	}
	return counted(`true \ cluster`, c.Classes, c.Clusters, c.Counts)
}

// table is the contingency table of two partitions of the same rows, without
// its empty cells.
type table struct {
	rows              int
	classes, clusters partition
	cells             []cell // ordered by class, then cluster
}

// cell says that so many rows are of a class and a cluster, which are numbers
// of the two partitions.
type cell struct{ class, cluster, rows int }

// newTable counts. It takes time O(N + K log K) for K labels. Errors wrap
// ErrLength or ErrEmpty.
func newTable(truth, clusters []int32) (*table, error) {
	if err := samePairs(truth, clusters); err != nil {
		return nil, err
	}
	t := &table{rows: len(truth), classes: partitionOf(truth), clusters: partitionOf(clusters)}
	counts := make([]int, len(t.clusters.labels))
	var met []int
	start, order := t.classes.grouped()
	for class, from := range start[:len(start)-1] {
		met = met[:0]
		for _, i := range order[from:start[class+1]] {
			c := t.clusters.of[i]
			if counts[c] == 0 {
				met = append(met, c)
			}
			counts[c]++
		}
		slices.Sort(met)
		for _, c := range met {
			t.cells = append(t.cells, cell{class, c, counts[c]})
			counts[c] = 0
		}
	}
	return t, nil
}

// same reports that both partitions are one, whatever the names.
func (t *table) same() bool {
	return len(t.cells) == len(t.classes.labels) && len(t.cells) == len(t.clusters.labels)
}
