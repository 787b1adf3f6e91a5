package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Silhouette draws the silhouette values of rows as bars, sorted within each
// cluster, the clusters from top to bottom in the colors of their labels, and
// their mean as a line (P. J. Rousseeuw, "Silhouettes", 1987). Clusters of bars
// that all end before the line, or reach below 0, are no good ones. Its zero
// value is ready to use.
type Silhouette struct {
	// Title stands above the plot, XLabel below and YLabel left of it. An empty
	// Title takes no room; empty labels mean "silhouette" and "cluster".
	Title, XLabel, YLabel string

	// Names are the words at the axis for label 0, 1, and so on; every label must
	// have one. Nil writes the labels.
	Names []string

	// Width and Height are the size of the figure in inches. Zeros mean
	// 6.4 × 4.8.
	Width, Height float64

	// DPI is the number of pixels per inch of a PNG. Zero means 150.
	DPI int

	// Theme is Light, unless set.
	Theme Theme
}

// bars is a checked silhouette plot, ready to paint.
type bars struct {
	Silhouette
	page     page
	clusters []bundle
	rows     int
	mean     float64
	low      float64 // where the axis begins
}

// bundle is the bars of one cluster.
type bundle struct {
	label  int32
	name   lettering
	values []float64 // descending
}

// Draw draws one value, from −1 to 1, and one label, 0 or more, for each row.
// Of rows that were sampled, pass the labels of the sample. Nothing passed in is
// changed or kept.
//
// It returns ErrShape when there are no values, or not as many labels,
// ErrValue for a value outside of −1…1, ErrLabel for a negative label, ErrNames
// for a label without a name, ErrTheme, and ErrSize for an impossible page or
// resolution.
func (s Silhouette) Draw(values []float64, labels []int32) (*Figure, error) {
	s.XLabel, s.YLabel = named(s.XLabel, "silhouette"), named(s.YLabel, "cluster")
	b := &bars{Silhouette: s, rows: len(values)}
	p, err := asked(s.Width, s.Height, s.DPI, s.Theme)
	if err != nil {
		return nil, err
	}
	if p.width == 0 {
		p.width = 6.4 * vg.Inch
	}
	if p.height == 0 {
		p.height = 4.8 * vg.Inch
	}
	if b.page, err = p.checked(); err != nil {
		return nil, err
	}
	if err := b.collect(values, labels); err != nil {
		return nil, err
	}
	_, area, data := b.layout(draw.NewCanvas(nil, b.page.width, b.page.height))
	if err := b.page.roomy(area, data); err != nil {
		return nil, err
	}
	return &Figure{page: b.page, draw: b.paint}, nil
}

// collect checks the values and sorts them into clusters.
func (b *bars) collect(values []float64, labels []int32) error {
	if len(values) == 0 {
		return fmt.Errorf("%w: there are no silhouettes, expected one for each row", ErrShape)
	}
	if labels == nil {
		labels = []int32{}
	}
	present, err := checkLabels(labels, len(values), b.Names)
	if err != nil {
		return err
	}
	byLabel := map[int32][]float64{}
	for i, v := range values {
		if !(math.Abs(v) <= 1) {
			return fmt.Errorf("%w: the silhouette of row %d is %v, expected −1 to 1", ErrValue, i, v)
		}
		b.mean += v / float64(len(values))
		b.low = min(b.low, v)
		byLabel[labels[i]] = append(byLabel[labels[i]], v)
	}
	for _, label := range present {
		name := strconv.Itoa(int(label))
		if b.Names != nil {
			name = b.Names[label]
		}
		own := byLabel[label]
		slices.Sort(own)
		slices.Reverse(own)
		b.clusters = append(b.clusters, bundle{label, letters(name, tickSize).within(keyWidest), own})
	}
	return nil
}

// layout builds the axes for a page and tells where they and the bars go.
func (b *bars) layout(c draw.Canvas) (axes *plot.Plot, area, data draw.Canvas) {
	area = draw.Crop(c, margin, -margin, margin, -margin)
	if b.Title != "" {
		area.Max.Y -= titleHeight
	}
	area.Max.Y -= tickSize + 4 // the mean in words
	p := b.page.axes(area, b.XLabel, b.YLabel)
	x := span{b.low, 1}.widened(0.02)
	if b.low == 0 {
		x.low = 0
	}
	p.X.Min, p.X.Max = x.low, x.high
	p.X.Tick.Marker = roundTicks{most: fittingTicks(x, area.Size().X-60)}
	p.X.Tick.Label.XAlign = text.XCenter
	p.Y.Min, p.Y.Max = -b.height(), 0
	p.Y.Tick.Marker = b.names(area.Size().Y - 50)
	p.Y.Tick.Length = 0
	grid := paleGrid(b.page.inks)
	grid.Horizontal.Color = nil
	p.Add(grid, bundles{b})
	return p, area, p.DataCanvas(area)
}

// gap is the room before, between and behind clusters, in rows.
func (b *bars) gap() float64 {
	return float64(b.rows) * min(0.02, 0.2/float64(len(b.clusters)+1))
}

// height of all bars with the gaps, in rows.
func (b *bars) height() float64 { return float64(b.rows) + b.gap()*float64(len(b.clusters)+1) }

// names are the words at the middle of the clusters, as many as do not touch on
// an axis of a length.
func (b *bars) names(length vg.Length) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	free := math.Inf(1)
	room := float64(tickSize+1) / float64(max(length, 1)) * b.height()
	b.each(func(k bundle, top float64) {
		if middle := top - float64(len(k.values))/2; middle <= free-room || ticks == nil {
			ticks = append(ticks, plot.Tick{Value: middle, Label: k.name.text})
			free = middle
		}
	})
	return ticks
}

// each calls f with every cluster and the height at which its bars begin.
func (b *bars) each(f func(k bundle, top float64)) {
	top := -b.gap()
	for _, k := range b.clusters {
		f(k, top)
		top -= float64(len(k.values)) + b.gap()
	}
}

func (b *bars) paint(c draw.Canvas) {
	axes, area, data := b.layout(c)
	axes.Draw(area)
	b.page.title(c, b.Title, data.Center().X)
	x, _ := axes.Transforms(&data)
	words := letters("mean "+strconv.FormatFloat(b.mean, 'f', 3, 64), tickSize)
	half := words.width() / 2
	at := min(max(x(b.mean), c.Min.X+margin+half), c.Max.X-margin-half)
	words.draw(c, b.page.inks.accent, at, data.Max.Y+4+tickSize/2, -0.5)
}

// bundles draws the bars.
type bundles struct{ *bars }

// Plot implements plot.Plotter.
func (b bundles) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	b.each(func(k bundle, top float64) {
		// One step for each bar, or for some where they are thinner than a dot.
		steps := min(len(k.values), 1000)
		each := float64(len(k.values)) / float64(steps)
		var path vg.Path
		path.Move(vg.Point{X: x(0), Y: y(top)})
		for i := range steps {
			at := x(k.values[int((float64(i)+0.5)*each)])
			path.Line(vg.Point{X: at, Y: y(top - float64(i)*each)})
			path.Line(vg.Point{X: at, Y: y(top - float64(i+1)*each)})
		}
		path.Line(vg.Point{X: x(0), Y: y(top - float64(len(k.values)))})
		path.Close()
		c.SetColor(b.page.inks.label(k.label))
		c.Fill(path)
	})
	c.StrokeLine2(draw.LineStyle{Color: b.page.inks.ink, Width: 0.75}, x(0), c.Min.Y, x(0), c.Max.Y)
	dashes := draw.LineStyle{Color: b.page.inks.accent, Width: 1.25, Dashes: []vg.Length{4, 3}}
	c.StrokeLine2(dashes, x(b.mean), c.Min.Y, x(b.mean), c.Max.Y)
	b.page.frame(c)
}
