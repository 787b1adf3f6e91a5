package figure

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// axes makes a plot that fills an area of the page, with labelled axes and
// nothing on it; ranges and ticks are still to be set.
func (p page) axes(area draw.Canvas, xLabel, yLabel string) *plot.Plot {
	a := plot.New()
	a.BackgroundColor = nil
	style := func(a *plot.Axis, label string, room vg.Length, x text.XAlignment, y text.YAlignment) {
		words := letters(label, labelSize).within(max(0, room))
		a.Label.Text = words.text
		a.Label.TextStyle = sansStyle(p.inks.ink, words.size, text.XCenter, text.YBottom)
		a.Label.Padding = 4
		a.Tick.Label = sansStyle(p.inks.ink, tickSize, x, y)
		a.Tick.Length = 4
		a.Tick.Width, a.Tick.Color = 0.75, p.inks.ink
		a.Width = 0 // the lines of the two axes would not meet; frame draws them
		a.Padding = 0
	}
	style(&a.X, xLabel, area.Size().X-60, text.XCenter, text.YTop)
	style(&a.Y, yLabel, area.Size().Y-50, text.XRight, text.YCenter)
	return a
}

// roomy refuses a page on which letters leave no room for the data.
func (p page) roomy(area, data draw.Canvas) error {
	room := data.Size()
	if area.Size().X < room.X || area.Size().Y < room.Y { // the wrong way round
		room = vg.Point{}
	}
	if room.X >= 36 && room.Y >= 36 {
		return nil
	}
	return fmt.Errorf("%w: axes, titles and the legend leave %.0f×%.0f points of the %.4g×%.4g inch page for the data, expected at least 36×36; make Width and Height larger or hide the legend",
		ErrSize, max(0, room.X), max(0, room.Y), p.width/vg.Inch, p.height/vg.Inch)
}

// frame draws the two axes' lines.
func (p page) frame(c draw.Canvas) {
	c.StrokeLines(draw.LineStyle{Color: p.inks.ink, Width: 0.75}, []vg.Point{
		{X: c.Min.X, Y: c.Max.Y}, c.Min, {X: c.Max.X, Y: c.Min.Y},
	})
}

// title writes the title at the top of the page, centered over x as far as the
// page allows.
func (p page) title(c draw.Canvas, words string, x vg.Length) {
	title := letters(words, titleSize).within(c.Size().X - 2*margin)
	if title.text == "" {
		return
	}
	half := title.width() / 2
	x = min(max(x, c.Min.X+margin+half), c.Max.X-margin-half)
	title.draw(c, p.inks.ink, x, c.Max.Y-margin-titleSize/2, -0.5)
}

// paleGrid draws pale lines at the ticks.
func paleGrid(k inks) *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical.Color, g.Horizontal.Color = k.grid, k.grid
	g.Vertical.Width, g.Horizontal.Width = 0.6, 0.6
	return g
}

// span is the range of one axis.
type span struct{ low, high float64 }

// opened is the range from low to high, wide enough to have ticks even if the
// two are (almost) the same. They lie within ±1e300.
func opened(low, high float64) span {
	greatest := max(math.Abs(low), math.Abs(high))
	if least := max(greatest*1e-9, 1e-300); high-low < least {
		half := greatest / 4
		if half < 1e-300 {
			half = 1
		}
		if high > low {
			half = least
		}
		return span{low - half, high + half}
	}
	return span{low, high}
}

// widened leaves room at both ends, as a share of the range.
func (s span) widened(share float64) span {
	extra := (s.high - s.low) * share
	return span{s.low - extra, s.high + extra}
}

// fittingTicks returns how many labelled ticks stand side by side on an axis
// of a length.
func fittingTicks(s span, length vg.Length) int {
	for most := min(10, max(2, int(length/40))); most > 2; most-- {
		var all vg.Length
		for _, t := range (roundTicks{most}).Ticks(s.low, s.high) {
			all += letters(t.Label, tickSize).width() + tickSize
		}
		if all <= length {
			return most
		}
	}
	return 2
}
