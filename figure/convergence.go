package figure

import (
	"fmt"
	"slices"
)

// Convergence draws how a fit went: the inertia of each iteration and, below,
// the rows that changed their cluster in it, on a logarithmic axis that has a
// 0. Its zero value is ready to use.
type Convergence struct {
	// Title stands above the plot. Empty takes no room.
	Title string

	// Width and Height are the size of the figure in inches. Zeros mean
	// 6.4 × 5.6, or 6.4 × 4.8 without moved rows.
	Width, Height float64

	// DPI is the number of pixels per inch of a PNG. Zero means 150.
	DPI int

	// Theme is Light, unless set.
	Theme Theme
}

// Draw draws the inertia and the number of moved rows of iterations 1, 2, and so
// on, as an observer of package cluster is told them. moved may be nil. Nothing
// passed in is changed or kept.
//
// It returns ErrShape when there is no iteration or moved is neither nil nor as
// long as inertia, ErrValue for an inertia that is not finite or beyond ±1e300
// and for a negative number of rows, ErrTheme, and ErrSize for an impossible page
// or resolution.
func (s Convergence) Draw(inertia []float64, moved []int64) (*Figure, error) {
	p, err := asked(s.Width, s.Height, s.DPI, s.Theme)
	if err != nil {
		return nil, err
	}
	if len(inertia) == 0 {
		return nil, fmt.Errorf("%w: there is no inertia, expected one for each iteration", ErrShape)
	}
	if moved != nil && len(moved) != len(inertia) {
		return nil, fmt.Errorf("%w: %d numbers of moved rows for %d inertias, expected one each; pass nil to draw none", ErrShape, len(moved), len(inertia))
	}
	drawn := stack{title: s.Title, xLabel: "iteration", marked: -1}
	for i := range inertia {
		drawn.xs = append(drawn.xs, float64(i+1))
	}
	drawn.panels = []panel{{label: "inertia", ys: slices.Clone(inertia), scale: fitted}}
	if moved != nil {
		counts := panel{label: "rows moved", scale: decades}
		for i, n := range moved {
			if n < 0 {
				return nil, fmt.Errorf("%w: iteration %d moved %d rows, expected 0 or more", ErrValue, i+1, n)
			}
			counts.ys = append(counts.ys, float64(n))
		}
		drawn.panels = append(drawn.panels, counts)
	}
	return stacked(p, drawn)
}
