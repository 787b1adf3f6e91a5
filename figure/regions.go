package figure

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shading paints the regions of the centers under everything else.
type shading struct{ *dots }

// Plot implements plot.Plotter.
func (d shading) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	cells := regions(d.centers, span{p.X.Min, p.X.Max}, span{p.Y.Min, p.Y.Max})
	borders := draw.LineStyle{Color: d.page.inks.rule, Width: 0.75}
	outline := func(cell []point) vg.Path {
		var path vg.Path
		for i, v := range cell {
			at := vg.Point{X: x(v.x), Y: y(v.y)}
			if i == 0 {
				path.Move(at)
			} else {
				path.Line(at)
			}
		}
		path.Close()
		return path
	}
	for k, cell := range cells {
		if len(cell) > 0 {
			c.SetColor(mixed(d.page.inks.label(int32(k)), d.page.inks.paper, 0.72))
			c.Fill(outline(cell))
		}
	}
	c.SetLineStyle(borders)
	for _, cell := range cells {
		if len(cell) > 0 {
			c.Stroke(outline(cell))
		}
	}
}

// point is a place in the plane of the data.
type point struct{ x, y float64 }

// regions returns the polygon in which each center (K×2) is the nearest, within
// the rectangle of two ranges: the rectangle, cut by the line halfway to each
// other center in turn. Of centers at the same place the first has it, as in a
// fit; a center whose region lies outside has none.
func regions(centers matrix, x, y span) [][]point {
	// In units of the rectangle, which neither overflow nor vanish.
	unit := max(x.high-x.low, y.high-y.low)
	scaled := make([]point, centers.rows)
	for k := range scaled {
		scaled[k] = point{(centers.at(k, 0) - x.low) / unit, (centers.at(k, 1) - y.low) / unit}
	}
	width, height := (x.high-x.low)/unit, (y.high-y.low)/unit
	cells := make([][]point, len(scaled))
	var spare []point
	for k, own := range scaled {
		cell := []point{{0, 0}, {width, 0}, {width, height}, {0, height}}
		reach := farthest(own, cell)
		for j, other := range scaled {
			if j == k || len(cell) == 0 {
				continue
			}
			toX, toY := other.x-own.x, other.y-own.y
			if toX == 0 && toY == 0 {
				if j < k {
					cell = cell[:0]
				}
				continue
			}
			if math.Hypot(toX, toY) > 2*reach*(1+1e-9) {
				continue // the line halfway misses the cell
			}
			spare = halved(spare[:0], cell, point{(own.x + other.x) / 2, (own.y + other.y) / 2}, point{toX, toY})
			cell, spare = spare, cell
			reach = farthest(own, cell)
		}
		for _, v := range cell {
			cells[k] = append(cells[k], point{x.low + v.x*unit, y.low + v.y*unit})
		}
	}
	return cells
}

// farthest returns the greatest distance of a corner.
func farthest(from point, corners []point) float64 {
	var most float64
	for _, v := range corners {
		most = max(most, math.Hypot(v.x-from.x, v.y-from.y))
	}
	return most
}

// halved appends to dst the part of a convex polygon that lies before the line
// through a point, seen in the direction across it (Sutherland and Hodgman,
// "Reentrant Polygon Clipping", 1974).
func halved(dst, polygon []point, through, across point) []point {
	beyond := func(v point) float64 { return (v.x-through.x)*across.x + (v.y-through.y)*across.y }
	for i, v := range polygon {
		last := polygon[(i+len(polygon)-1)%len(polygon)]
		a, b := beyond(last), beyond(v)
		if (a < 0 && b > 0) || (a > 0 && b < 0) {
			share := a / (a - b)
			dst = append(dst, point{last.x + share*(v.x-last.x), last.y + share*(v.y-last.y)})
		}
		if b <= 0 {
			dst = append(dst, v)
		}
	}
	if len(dst) < 3 {
		return dst[:0]
	}
	return dst
}
