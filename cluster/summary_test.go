package cluster

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"gorgonia.org/tensor"
)

// TestModelText: what the lines say, and that they fit.
func TestModelText(t *testing.T) {
	x := matrixOf(tensor.Float32, 2, 1, 1, 1, 2, 2, 1, 8, 8, 8, 9, 9, 8)
	m := mustFit(t, KMeans{K: 2, Init: Given{pick(x, 0, 3)}}, x, nil)
	many := fromCentersOf(t, matrix(1, each(900, func(i int) float64 { return float64(i / 2) })...))
	many.Counts, many.Iterations, many.Stopped, many.Inertia, many.Empty, many.Spherical = make([]int64, 900), 1<<40, MaxIterations, 1.0/3e100, 900, true
	for k := range many.Counts {
		many.Counts[k] = int64(100 + k%50)
	}
	for _, c := range []struct {
		m    *Model
		want string
	}{
		{m, `
model       2×2 centers, float32
inertia     2.666666627
iterations  2, converged
rows        6
of each     3 3`},
		{fromCentersOf(t, matrix(3, 1., 2, 3)), `
model       1×3 centers, float64`},
		{many, `
model       900×1 centers, float64, spherical
inertia     3.333333333e-101
iterations  1099511627776, maximum of iterations reached
rows        112050
of each     100 101 102 103 104 105 106 107 108 109 110 111 … from 100 to 149
empty       900 clusters
distinct    450 centers`},
		{nil, "\na model without centers"},
		{&Model{}, "\na model without centers"},
	} {
		got := c.m.String()
		if got != c.want[1:] {
			t.Errorf("got\n%s\nwant\n%s", got, c.want[1:])
		}
	}
}

// TestTreeText is the same for trees.
func TestTreeText(t *testing.T) {
	tree := mustBisect(t, Bisecting{K: 3}, matrix(1, 0., 1, 20, 21, 100, 101), nil)
	want := `
tree        3×1 centers of leaves, 5 nodes, float64
depth       1 to 2 splits above a leaf
inertia     1.5
rows        6
of each     2 2 2`
	if got := fmt.Sprint(tree); got != want[1:] {
		t.Errorf("got\n%s\nwant\n%s", got, want[1:])
	}
	for _, none := range []*Tree{nil, {}, {Nodes: make([]Node, 2), NodeCenters: matrix(1, 1., 2)}} {
		if got := none.String(); got != "a tree without nodes" {
			t.Errorf("%q", got)
		}
	}
}

// TestSizesFit: counts of every length fit in a line, and those that do are all there.
func TestSizesFit(t *testing.T) {
	for width := range 19 {
		count := int64(1)
		for range width {
			count *= 10
		}
		for k := 1; k < 60; k++ {
			var s summary
			counts := make([]int64, k)
			for i := range counts {
				counts[i] = count
			}
			s.sizes(counts)
			line := s.lines[1]
			if n := utf8.RuneCountInString(line); n > summaryWidth {
				t.Errorf("%d columns: %s", n, line)
			}
			if all := k*(width+2)-1 <= summaryWidth-summaryIndent; all == strings.Contains(line, "…") {
				t.Errorf("%d counts of %d digits: %s", k, width+1, line)
			}
		}
	}
}
