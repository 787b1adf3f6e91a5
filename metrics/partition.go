package metrics

import "slices"

// partition numbers the distinct labels of rows.
type partition struct {
	labels []int32 // the distinct ones, ascending
	sizes  []int   // the rows of each
	of     []int   // the number, in labels, of each row's label
}

func partitionOf(labels []int32) partition {
	at := map[int32]int{}
	var p partition
	for _, label := range labels {
		if _, ok := at[label]; !ok {
			at[label] = 0
			p.labels = append(p.labels, label)
		}
	}
	slices.Sort(p.labels)
	for i, label := range p.labels {
		at[label] = i
	}
	p.sizes, p.of = make([]int, len(p.labels)), make([]int, len(labels))
	for i, label := range labels {
		p.of[i] = at[label]
		p.sizes[p.of[i]]++
	}
	return p
}

// grouped returns the rows, ordered by label: those of label k are
// order[start[k]:start[k+1]], ascending.
func (p partition) grouped() (start, order []int) {
	start, order = make([]int, len(p.sizes)+1), make([]int, len(p.of))
	for k, size := range p.sizes {
		start[k+1] = start[k] + size
	}
	next := slices.Clone(start)
	for i, k := range p.of {
		order[next[k]] = i
		next[k]++
	}
	return start, order
}
