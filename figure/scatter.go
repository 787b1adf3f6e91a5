package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gorgonia.org/tensor"
)

// Scatter draws 2-D points in the colors of their labels, with the centers as
// large translucent discs on top. Its zero value is ready to use.
type Scatter struct {
	// Title stands above the plot, XLabel below and YLabel left of it. Empty
	// ones take no room.
	Title, XLabel, YLabel string

	// Names are the legend's words for label 0, 1, and so on; every label
	// must have one. Nil writes "cluster 0", "cluster 1", and so on.
	Names []string

	// Regions shades the plane by the nearest center, in pale shades of the colors
	// of labels 0 to K−1, and draws the borders: the Voronoi diagram of the
	// centers, which is how a fit labels rows. It is exact, not a raster.
	Regions bool

	// HideLegend leaves the legend out. It is also left out where there is
	// nothing to tell apart: without labels.
	HideLegend bool

	// PointSize is the diameter of a data point in points (1/72 inch). Zero
	// chooses 5 for up to 1000 of them, less for more and on small pages.
	PointSize float64

	// CenterSize is the diameter of a center in points (1/72 inch). Zero
	// chooses 15, less on small pages.
	CenterSize float64

	// Width and Height are the size of the figure in inches. Zeros mean
	// 6.4 × 4.8.
	Width, Height float64

	// DPI is the number of pixels per inch of a PNG. Zero means 150.
	DPI int

	// Theme is Light, unless set.
	Theme Theme
}

// dots is a checked scatter plot, ready to paint.
type dots struct {
	Scatter
	page            page
	points, centers matrix
	labels          []int32
	present         []int32 // the labels that occur, ascending
	xRange, yRange  span
	pointRadius     vg.Length
	centerRadius    vg.Length
}

// Draw draws the points x (N×2, float32 or float64, any memory order).
//
// labels holds one label per point, 0 or more; nil draws all points in one
// color. centers (K×2, float32 or float64) go on top; nil draws none. The
// axes reach over points and centers. Points are painted in the order of
// their rows, the centers after them. Nothing passed in is changed or kept.
//
// It returns ErrShape when x or centers are not 2-D with two columns or
// labels has another length than x, ErrDtype and ErrLayout for tensors that
// cannot be read, ErrValue for coordinates that are NaN, infinite or
// beyond ±1e300, ErrLabel for a negative label, ErrNames for a label without a
// name and ErrSize for an impossible page, marker size or resolution.
func (s Scatter) Draw(x *tensor.Dense, labels []int32, centers *tensor.Dense) (*Figure, error) {
	d, err := s.check(x, labels, centers)
	if err != nil {
		return nil, err
	}
	l := d.layout(draw.NewCanvas(nil, d.page.width, d.page.height))
	if err := d.page.roomy(l.area, l.data); err != nil {
		return nil, err
	}
	return &Figure{page: d.page, draw: d.paint}, nil
}

func (s Scatter) check(x *tensor.Dense, labels []int32, centers *tensor.Dense) (*dots, error) {
	s.Names = slices.Clone(s.Names)
	d := &dots{Scatter: s, labels: slices.Clone(labels)}
	var err error
	if d.page, err = asked(s.Width, s.Height, s.DPI, s.Theme); err != nil {
		return nil, err
	}
	if d.page.width == 0 {
		d.page.width = 6.4 * vg.Inch
	}
	if d.page.height == 0 {
		d.page.height = 4.8 * vg.Inch
	}
	if d.page, err = d.page.checked(); err != nil {
		return nil, err
	}
	if d.points, err = readPairs("x", x); err != nil {
		return nil, err
	}
	if centers != nil {
		if d.centers, err = readPairs("centers", centers); err != nil {
			return nil, err
		}
	}
	if d.present, err = checkLabels(labels, d.points.rows, s.Names); err != nil {
		return nil, err
	}
	if d.pointRadius, err = radius("PointSize", s.PointSize, usualPointSize(d.points.rows)*d.page.shrunk()); err != nil {
		return nil, err
	}
	if d.centerRadius, err = radius("CenterSize", s.CenterSize, 15*d.page.shrunk()); err != nil {
		return nil, err
	}
	if s.Regions && centers == nil {
		return nil, fmt.Errorf("%w: Regions without centers, expected the centers whose regions are to be drawn; pass them, or set Regions to false", ErrShape)
	}
	if d.xRange, err = d.reach("column 0", 0); err != nil {
		return nil, err
	}
	if d.yRange, err = d.reach("column 1", 1); err != nil {
		return nil, err
	}
	return d, nil
}

// readPairs reads a tensor that must have two columns.
func readPairs(name string, t *tensor.Dense) (matrix, error) {
	if t != nil {
		if shape := t.Shape(); len(shape) == 2 && shape[1] != 2 {
			return matrix{}, fmt.Errorf("%w: %s has shape %v, expected two columns; pick two features or project the rows to two dimensions first", ErrShape, name, shape)
		}
	}
	return readMatrix(name, t)
}

// checkLabels returns the distinct labels, ascending.
func checkLabels(labels []int32, rows int, names []string) ([]int32, error) {
	if labels == nil {
		return nil, nil
	}
	if len(labels) != rows {
		return nil, fmt.Errorf("%w: %d labels for %d points, expected one each; pass nil to draw without labels", ErrShape, len(labels), rows)
	}
	seen := map[int32]bool{}
	var present []int32
	for i, label := range labels {
		if label < 0 {
			return nil, fmt.Errorf("%w: row %d has label %d, expected 0 or more; leave such rows out or give them a label of their own", ErrLabel, i, label)
		}
		if names != nil && int(label) >= len(names) {
			return nil, fmt.Errorf("%w: row %d has label %d but there are %d names, expected a name for every label; pass more, or nil", ErrNames, i, label, len(names))
		}
		if !seen[label] {
			seen[label] = true
			present = append(present, label)
		}
	}
	slices.Sort(present)
	return present, nil
}

// reach returns the range of a column over points and centers.
func (d *dots) reach(name string, column int) (span, error) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, m := range []matrix{d.points, d.centers} {
		for i := range m.rows {
			low, high = min(low, m.at(i, column)), max(high, m.at(i, column))
		}
	}
	if max(-low, high) > 1e300 {
		return span{}, fmt.Errorf("%w: the points and centers reach from %g to %g in %s, expected values within ±1e300; scale them down", ErrValue, low, high, name)
	}
	return opened(low, high), nil
}

// shrunk is the share of their usual size that marks have on a small page.
func (p page) shrunk() float64 {
	return min(1, math.Sqrt(float64(p.width*p.height/(6.4*4.8*vg.Inch*vg.Inch))))
}

// radius checks the diameter of a mark and halves it.
func radius(name string, size, usual float64) (vg.Length, error) {
	if !(size >= 0 && size <= 1000) {
		return 0, fmt.Errorf("%w: %s is %v points, expected 0 (choose one) up to 1000", ErrSize, name, size)
	}
	if size == 0 {
		size = usual
	}
	return vg.Length(size / 2), nil
}

// usualPointSize shrinks the points as they grow many.
func usualPointSize(rows int) float64 {
	if rows <= 1000 {
		return 5
	}
	return max(1, 5*math.Pow(1000/float64(rows), 0.4))
}

// dotsLayout is the place of everything in a scatter plot.
type dotsLayout struct {
	axes   *plot.Plot
	area   draw.Canvas // axes and data
	data   draw.Canvas // the data alone
	legend legend
}

// layout builds the axes for a page and tells where the data goes.
func (d *dots) layout(c draw.Canvas) dotsLayout {
	area := draw.Crop(c, margin, -margin, margin, -margin)
	if d.Title != "" {
		area.Max.Y -= titleHeight
	}
	key := d.legend(area)
	if width := key.width(); width > 0 {
		area.Max.X -= width + margin
	}

	width, height := area.Size().X-60, area.Size().Y-50 // about what the axes leave
	p := d.page.axes(area, d.XLabel, d.YLabel)
	if d.Regions {
		p.Add(shading{d})
	} else {
		p.Add(paleGrid(d.page.inks))
	}
	p.Add(painter{d})

	// A rim of 5 % as usual, more where the discs at the edge need it.
	reach := d.pointRadius*1.5 + 2
	if d.centers.rows > 0 {
		reach = max(reach, d.centerRadius+2)
	}
	rim := func(length vg.Length) float64 {
		return min(1, max(0.05, float64(reach)/max(1, float64(length-2*reach))))
	}
	x, y := d.xRange.widened(rim(width)), d.yRange.widened(rim(height))
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.low, x.high, y.low, y.high
	p.Y.Tick.Marker = roundTicks{most: min(10, max(3, int(height/32)))}
	p.X.Tick.Marker = roundTicks{most: fittingTicks(x, width)}
	return dotsLayout{axes: p, area: area, data: p.DataCanvas(area), legend: key}
}

func (d *dots) paint(c draw.Canvas) {
	l := d.layout(c)
	l.axes.Draw(l.area)
	d.page.title(c, d.Title, l.data.Center().X)
	l.legend.draw(c, d.page.inks.ink, l.area.Max.X+margin, l.data.Max.Y)
}

// painter puts the marks into the axes.
type painter struct{ *dots }

// Plot implements plot.Plotter.
func (d painter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	place := func(m matrix, i int) vg.Point { return vg.Point{X: x(m.at(i, 0)), Y: y(m.at(i, 1))} }
	for i := range d.points.rows {
		var label int32
		if d.labels != nil {
			label = d.labels[i]
		}
		mark(c, d.page.inks.label(label), labelShape(label), place(d.points, i), d.pointRadius)
	}
	for i := range d.centers.rows {
		mark(c, d.page.inks.center, circle, place(d.centers, i), d.centerRadius)
	}
	d.page.frame(c)
}
