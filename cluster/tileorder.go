package cluster

import (
	"context"
	"math"
	"math/bits"
	"sort"

	"github.com/seed-fbf9ce71/lloyd"
)

// arrange orders the rows by their labels, and those of a label by cells: by where they lie
// from its center, in the columns in which such rows vary most. It says nothing about the
// labels; a bad order leaves more distances to compute.
func (t *tiles[T]) arrange(ctx context.Context, c *crew, labels []int32) error {
	cells := newCells(t.x.N, t.x, t.centers, labels)
	keys := make([]int32, t.x.N)
	err := c.each(ctx, t.x.N, 2*len(cells.columns)+4, func(_, from, to int) {
		for i := from; i < to; i++ {
			keys[i] = labels[i]<<cells.bits | cellOf(cells, t.x.Row(i), t.centers.Row(int(labels[i])))
		}
	})
	if err != nil {
		return err
	}
	at := make([]int32, t.centers.N<<cells.bits+1)
	for _, key := range keys {
		at[key+1]++
	}
	for i := 1; i < len(at); i++ {
		at[i] += at[i-1]
	}
	for i, key := range keys {
		t.order[at[key]] = int32(i)
		at[key]++
	}
	return nil
}

// cells cuts the space about a center into boxes, in some columns.
type cells struct {
	bits    int // of the number of a cell
	columns []int
	each    []int     // bits for each of them
	scale   []float64 // cells in a unit of the column
}

// newCells returns cells of which a cluster fills one with about as many of n rows as a tile
// has, by the variances of some rows of x about their centers.
func newCells[T element](n int, x, centers lloyd.Matrix[T], labels []int32) *cells {
	const some, most = 1024, 12
	c := &cells{bits: min(most, max(0, bits.Len(uint(n/centers.N/lloyd.TileRows[T]()))-1))}
	if c.bits == 0 {
		return c
	}
	d := x.D
	n = min(some, x.N)
	variances, columns := make([]float64, d), make([]int, d)
	for i := range n {
		row := i * x.N / n
		center := centers.Row(int(labels[row]))
		for j, v := range x.Row(row) {
			e := float64(v) - float64(center[j])
			variances[j] += e * e / float64(n)
		}
	}
	for j := range columns {
		columns[j] = j
	}
	sort.SliceStable(columns, func(a, b int) bool { return variances[columns[a]] > variances[columns[b]] })
	used := min(d, c.bits)
	c.columns, c.each, c.scale = columns[:used], make([]int, used), make([]float64, used)
	for i, j := range c.columns {
		c.each[i] = (c.bits + used - 1 - i) / used
		if deviation := math.Sqrt(variances[j]); deviation > 0 { // most rows are within two of these
			c.scale[i] = float64(int(1)<<c.each[i]) / 4 / deviation
		}
	}
	return c
}

// cellOf returns the number of the cell of a row about its center.
func cellOf[T element](c *cells, row, center []T) (cell int32) {
	for i, j := range c.columns {
		n := int32(1) << c.each[i]
		v := (float64(row[j])-float64(center[j]))*c.scale[i] + float64(n/2)
		cell = cell<<c.each[i] | int32(min(max(v, 0), float64(n-1)))
	}
	return cell
}
