package metrics

import (
	"math"
	"slices"
)

// assign solves the assignment problem: it returns a column for each of n rows,
// no column twice, such that the sum of gain[row][column] is the greatest. gain
// is n×m with n ≤ m.
//
// The rows are placed one after another along shortest augmenting paths
// (R. Jonker, A. Volgenant, A shortest augmenting path algorithm for dense and
// sparse linear assignment problems, Computing 38, 1987, in the form that
// D. F. Crouse, On implementing 2D rectangular assignment algorithms, IEEE
// Transactions on Aerospace and Electronic Systems 52, 2016, gives it). All
// numbers are integers, so the result is exact. It takes time O(n²m) at most.
func assign(gain [][]int) []int {
	n := len(gain)
	if n == 0 {
		return nil
	}
	m := len(gain[0])
	columnOf, rowOf := make([]int, n), make([]int, m)
	for j := range rowOf {
		rowOf[j] = -1
	}
	// Prices of rows and columns: the reduced cost price(i,j) below is never
	// negative, and 0 for the pairs that are assigned.
	rowPrice, columnPrice := make([]int, n), make([]int, m)
	cost := func(i, j int) int { return -gain[i][j] - rowPrice[i] - columnPrice[j] }
	for i := range rowPrice {
		rowPrice[i] = -slices.Max(gain[i])
	}
	length := make([]int, m)  // of the shortest path to a column so far
	from := make([]int, m)    // the row before a column on that path
	open := make([]int, 0, m) // columns whose path may still get shorter
	var settled []int         // the others, in order
	for start := range n {
		open, settled = open[:0], settled[:0]
		for j := range m {
			length[j] = math.MaxInt
			open = append(open, j)
		}
		row, least, end := start, 0, -1
		for end < 0 {
			best := -1
			for at, j := range open {
				if l := least + cost(row, j); l < length[j] {
					length[j], from[j] = l, row
				}
				// On a tie a free column, which ends the path.
				if best < 0 || length[j] < length[open[best]] || length[j] == length[open[best]] && rowOf[j] < 0 && rowOf[open[best]] >= 0 {
					best = at
				}
			}
			j := open[best]
			least = length[j]
			if rowOf[j] < 0 {
				end = j
				break
			}
			row = rowOf[j]
			settled = append(settled, j)
			open[best] = open[len(open)-1]
			open = open[:len(open)-1]
		}
		rowPrice[start] += least
		for _, j := range settled {
			rowPrice[rowOf[j]] += least - length[j]
			columnPrice[j] -= least - length[j]
		}
		for j := end; ; {
			i := from[j]
			rowOf[j] = i
			j, columnOf[i] = columnOf[i], j
			if i == start {
				break
			}
		}
	}
	return columnOf
}
