package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shapes gives the mark of a label: every ten labels another one.
var shapes = [...]func(at vg.Point, radius vg.Length) vg.Path{circle, square, triangle, diamond, upsideDown}

// labelShape returns the mark of a label, which is not negative.
func labelShape(label int32) func(vg.Point, vg.Length) vg.Path {
	return shapes[int(label)/len(wheel)%len(shapes)]
}

// mark fills a shape around a point.
func mark(c draw.Canvas, ink color.Color, shape func(vg.Point, vg.Length) vg.Path, at vg.Point, radius vg.Length) {
	c.SetColor(ink)
	c.Fill(shape(at, radius))
}

func circle(at vg.Point, radius vg.Length) vg.Path {
	var p vg.Path
	p.Move(vg.Point{X: at.X + radius, Y: at.Y})
	p.Arc(at, radius, 0, 2*math.Pi)
	p.Close()
	return p
}

// square has about the area of the circle, like the shapes below.
func square(at vg.Point, radius vg.Length) vg.Path {
	r := 0.89 * radius
	return polygon(at, vg.Point{X: -r, Y: -r}, vg.Point{X: r, Y: -r}, vg.Point{X: r, Y: r}, vg.Point{X: -r, Y: r})
}

func diamond(at vg.Point, radius vg.Length) vg.Path {
	r := 1.25 * radius
	return polygon(at, vg.Point{X: -r}, vg.Point{Y: -r}, vg.Point{X: r}, vg.Point{Y: r})
}

func triangle(at vg.Point, radius vg.Length) vg.Path {
	return polygon(at, vg.Point{X: -1.3 * radius, Y: -0.8 * radius}, vg.Point{X: 1.3 * radius, Y: -0.8 * radius}, vg.Point{Y: 1.45 * radius})
}

func upsideDown(at vg.Point, radius vg.Length) vg.Path {
	return polygon(at, vg.Point{X: -1.3 * radius, Y: 0.8 * radius}, vg.Point{X: 1.3 * radius, Y: 0.8 * radius}, vg.Point{Y: -1.45 * radius})
}

// polygon closes the corners, given relative to a point.
func polygon(at vg.Point, corners ...vg.Point) vg.Path {
	var p vg.Path
	for i, corner := range corners {
		if i == 0 {
			p.Move(at.Add(corner))
		} else {
			p.Line(at.Add(corner))
		}
	}
	p.Close()
	return p
}
