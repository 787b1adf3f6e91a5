package figure

import (
	"fmt"
	"slices"
)

// Elbow draws the inertia of fits with different numbers of clusters K, with
// the K to take marked, and a score of each below if there is one. Its zero
// value is ready to use.
type Elbow struct {
	// Title stands above the plot. Empty takes no room.
	Title string

	// XLabel and YLabel name the axes. Empty means "clusters K" and "inertia".
	XLabel, YLabel string

	// Suggested is the K to mark, one of those drawn. Zero marks none.
	Suggested int

	// Scores are drawn in a plot of their own below, one for each K, under the name
	// ScoreLabel (empty means "score"): silhouettes, for example. Where one is NaN
	// there is a gap, such as at K = 1. Nil draws none.
	Scores     []float64
	ScoreLabel string

	// Width and Height are the size of the figure in inches. Zeros mean
	// 6.4 × 4.8, or 6.4 × 5.6 with scores.
	Width, Height float64

	// DPI is the number of pixels per inch of a PNG. Zero means 150.
	DPI int

	// Theme is Light, unless set.
	Theme Theme
}

// Draw draws an inertia (or another value that falls as K grows) for each of
// the numbers of clusters ks, which ascend. Nothing passed in is changed or kept.
//
// It returns ErrShape when there is no K, when they do not ascend, when there
// is not one inertia for each, or one score, ErrValue for a value that is not
// finite (scores may be NaN), beyond ±1e300 or, being a K, below 1, and for a
// Suggested that is not among them, ErrTheme, and ErrSize for an impossible page or resolution.
func (s Elbow) Draw(ks []int, inertia []float64) (*Figure, error) {
	p, err := asked(s.Width, s.Height, s.DPI, s.Theme)
	if err != nil {
		return nil, err
	}
	if len(ks) == 0 {
		return nil, fmt.Errorf("%w: there is no K, expected at least one number of clusters", ErrShape)
	}
	if len(inertia) != len(ks) || s.Scores != nil && len(s.Scores) != len(ks) {
		return nil, fmt.Errorf("%w: %d inertias and %d scores for %d numbers of clusters, expected one each (scores may be nil)", ErrShape, len(inertia), len(s.Scores), len(ks))
	}
	drawn := stack{title: s.Title, xLabel: named(s.XLabel, "clusters K"), marked: -1}
	for i, k := range ks {
		if k < 1 {
			return nil, fmt.Errorf("%w: K %d (from 0) is %d, expected 1 or more", ErrValue, i, k)
		}
		if i > 0 && k <= ks[i-1] {
			return nil, fmt.Errorf("%w: K = %d comes after K = %d, expected ascending numbers; sort them", ErrShape, k, ks[i-1])
		}
		if k == s.Suggested {
			drawn.marked, drawn.mark = i, fmt.Sprintf("K = %d", k)
		}
		drawn.xs = append(drawn.xs, float64(k))
	}
	if s.Suggested != 0 && drawn.marked < 0 {
		return nil, fmt.Errorf("%w: Suggested is %d, expected one of the numbers of clusters, or 0", ErrValue, s.Suggested)
	}
	drawn.panels = []panel{{label: named(s.YLabel, "inertia"), ys: slices.Clone(inertia)}}
	if s.Scores != nil {
		drawn.panels = append(drawn.panels, panel{label: named(s.ScoreLabel, "score"), ys: slices.Clone(s.Scores), scale: fitted, gaps: true})
	}
	return stacked(p, drawn)
}

// named is words, or what they mean when there are none.
func named(words, usual string) string {
	if words == "" {
		return usual
	}
	return words
}
