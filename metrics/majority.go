package metrics

import "slices"

// NoClass stands in [Matching.Classes] for a cluster without a class: one
// without rows, or one that [Hungarian] left over. Where -1 is a true class too,
// Hits tells: it is 0 for a cluster without a class only.
const NoClass int32 = -1

// Matching names each of k clusters after a true class.
type Matching struct {
	Classes []int32 // k: the class of each cluster, NoClass for one without
	Rows    []int   // k: the rows of each cluster
	Hits    []int   // k: those of its rows that are of its class
}

// Majority gives each of the k clusters the true class that is most frequent
// among its rows, the smallest on a tie. Two clusters may get the same class,
// and a class may get no cluster. A cluster without rows gets [NoClass].
//
// truth has the class of each of N rows (any integer), clusters the cluster
// 0…k-1 of each. Errors wrap [ErrLength], [ErrEmpty], [ErrClusters] for k < 1
// or beyond int32, and [ErrLabel] for a cluster outside 0…k-1.
//
// It takes time O(N log N) and memory for N labels and k clusters, however many
// classes there are.
func Majority(truth, clusters []int32, k int) (Matching, error) {
	if err := checkClusters(truth, clusters, k); err != nil {
		return Matching{}, err
	}
	m := Matching{Classes: make([]int32, k), Rows: make([]int, k), Hits: make([]int, k)}
	for _, c := range clusters {
		m.Rows[c]++
	}
	// The classes of the rows, cluster after cluster.
	next, sum := make([]int, k), 0
	for c, rows := range m.Rows {
		next[c] = sum
		sum += rows
	}
	grouped := make([]int32, len(truth))
	for i, c := range clusters {
		grouped[next[c]] = truth[i]
		next[c]++
	}
	for c, end := range next {
		m.Classes[c], m.Hits[c] = mode(grouped[end-m.Rows[c] : end])
	}
	return m, nil
}

// mode sorts labels and returns the most frequent one, the smallest on a tie,
// with its count; NoClass and 0 for none.
func mode(labels []int32) (int32, int) {
	slices.Sort(labels)
	best, most := NoClass, 0
	for from := 0; from < len(labels); {
		to := from + 1
		for to < len(labels) && labels[to] == labels[from] {
			to++
		}
		if to-from > most {
			best, most = labels[from], to-from
		}
		from = to
	}
	return best, most
}

// Apply returns the class of each row's cluster: N clusters 0…k-1 in, N
// predicted classes out, as a new slice. A row of a cluster without a class,
// such as one that had no rows when the matching was made, gets [NoClass]. Clusters of new rows are welcome.
//
// Errors wrap [ErrLabel] for a cluster outside 0…k-1.
func (m Matching) Apply(clusters []int32) ([]int32, error) {
	if err := inRange(clusters, len(m.Classes)); err != nil {
		return nil, err
	}
	classes := make([]int32, len(clusters))
	for i, c := range clusters {
		classes[i] = m.Classes[c]
	}
	return classes, nil
}

// accuracy is the share of the rows that are of the class of their cluster.
func (m Matching) accuracy() float64 {
	hits, rows := 0, 0
	for c, h := range m.Hits {
		hits += h
		rows += m.Rows[c]
	}
	return float64(hits) / float64(rows)
}
