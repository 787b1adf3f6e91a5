package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// stack is a column of plots above one x axis of whole numbers.
type stack struct {
	page   page
	title  string
	xLabel string
	xs     []float64 // ascending
	panels []panel
	marked int // index of the x to mark, -1 for none
	mark   string
}

// panel is one plot of a stack: a line through a value for each x.
type panel struct {
	label string
	ys    []float64
	scale panelScale
	gaps  bool // NaN stands for no value
}

type panelScale uint8

const (
	fromZero panelScale = iota // 0 up to the greatest value
	fitted                     // the least value up to the greatest
	decades                    // log₁₀(1+9y), for counts that fall to 0: it stands as far below 1 as that below 10
)

// panelGap is the room between two plots of a stack.
const panelGap = 14 * vg.Length(1)

// stacked finishes a stack: it checks and copies the values, and settles the
// page.
func stacked(p page, s stack) (*Figure, error) {
	if p.width == 0 {
		p.width = 6.4 * vg.Inch
	}
	if p.height == 0 {
		p.height = 4.8 * vg.Inch
		if len(s.panels) > 1 {
			p.height = 5.6 * vg.Inch
		}
	}
	var err error
	if s.page, err = p.checked(); err != nil {
		return nil, err
	}
	for i := range s.panels {
		if err := s.panels[i].check(); err != nil {
			return nil, err
		}
	}
	l := s.layout(draw.NewCanvas(nil, s.page.width, s.page.height))
	for i, data := range l.data {
		if err := s.page.roomy(l.areas[i], data); err != nil {
			return nil, err
		}
	}
	return &Figure{page: s.page, draw: s.paint}, nil
}

func (p *panel) check() error {
	for i, v := range p.ys {
		if p.gaps && math.IsNaN(v) {
			continue
		}
		if math.IsNaN(v) || math.Abs(v) > 1e300 {
			return fmt.Errorf("%w: %s %d (from 0) is %v, expected a number within ±1e300", ErrValue, p.label, i, v)
		}
	}
	return nil
}

// stackLayout is the place of everything in a stack.
type stackLayout struct {
	plots []*plot.Plot
	areas []draw.Canvas // axes and data
	data  []draw.Canvas // the data alone
}

func (s stack) layout(c draw.Canvas) stackLayout {
	area := draw.Crop(c, margin, -margin, margin, -margin)
	if s.title != "" {
		area.Max.Y -= titleHeight
	}
	if s.marked >= 0 {
		area.Max.Y -= tickSize + 4
	}
	var l stackLayout
	height := area.Size().Y/vg.Length(len(s.panels)) - 30
	x := opened(s.xs[0], s.xs[len(s.xs)-1]).widened(0.03)
	for i, panel := range s.panels {
		xLabel := s.xLabel
		if i+1 < len(s.panels) {
			xLabel = ""
		}
		p := s.page.axes(area, xLabel, "")
		label := letters(panel.label, labelSize).within(max(0, height))
		p.Y.Label.Text, p.Y.Label.TextStyle.Font.Size = label.text, label.size
		p.X.Min, p.X.Max = x.low, x.high
		p.X.Tick.Marker = wholeTicks{fittingTicks(x, area.Size().X-60), s.xs[0]}
		if i+1 < len(s.panels) {
			p.X.Tick.Marker = unlabelled{p.X.Tick.Marker}
		}
		y := panel.span()
		p.Y.Min, p.Y.Max = y.low, y.high
		most := min(8, max(2, int(height/26)))
		p.Y.Tick.Marker = roundTicks{most}
		if panel.scale == decades {
			p.Y.Tick.Marker = decadeTicks{most}
		}
		p.Add(paleGrid(s.page.inks), line{&s, i})
		l.plots = append(l.plots, p)
	}
	l.place(area)
	return l
}

// place puts the plots below each other, with data of the same size. What axes
// take beside the data does not depend on the size of the area.
func (l *stackLayout) place(area draw.Canvas) {
	gaps := panelGap * vg.Length(len(l.plots)-1)
	var left, right, around vg.Length
	for _, p := range l.plots {
		data := p.DataCanvas(area)
		left, right = max(left, data.Min.X-area.Min.X), max(right, area.Max.X-data.Max.X)
		around += area.Size().Y - data.Size().Y
	}
	each := (area.Size().Y - gaps - around) / vg.Length(len(l.plots))
	top := area.Max.Y
	for _, p := range l.plots {
		own, data := area, p.DataCanvas(area)
		p.Y.Label.Padding += left - (data.Min.X - area.Min.X)
		own.Max.X -= right - (area.Max.X - data.Max.X)
		own.Max.Y = top
		own.Min.Y = top - each - (area.Size().Y - data.Size().Y)
		top = own.Min.Y - panelGap
		l.areas = append(l.areas, own)
		l.data = append(l.data, p.DataCanvas(own))
	}
}

// span is the range of a panel's axis.
func (p panel) span() span {
	low, high := p.bounds()
	switch {
	case p.scale == decades:
		return span{0, p.scale.height(max(high, 1)) * 1.05}
	case p.scale == fromZero && low >= 0:
		return span{0, opened(0, high).high * 1.05}
	}
	return opened(low, high).widened(0.07)
}

// bounds are the least and the greatest value, 0 if there is none.
func (p panel) bounds() (low, high float64) {
	there := slices.DeleteFunc(slices.Clone(p.ys), math.IsNaN)
	if len(there) == 0 {
		return 0, 0
	}
	return bounds(there)
}

func (s stack) paint(c draw.Canvas) {
	l := s.layout(c)
	for i, p := range l.plots {
		p.Draw(l.areas[i])
	}
	top := l.data[0]
	s.page.title(c, s.title, top.Center().X)
	if s.marked < 0 {
		return
	}
	x, _ := l.plots[0].Transforms(&top)
	words := letters(s.mark, tickSize)
	half := words.width() / 2
	at := min(max(x(s.xs[s.marked]), c.Min.X+margin+half), c.Max.X-margin-half)
	words.draw(c, s.page.inks.accent, at, top.Max.Y+4+tickSize/2, -0.5)
}

// line draws one panel of a stack.
type line struct {
	*stack
	panel int
}

// Plot implements plot.Plotter.
func (l line) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	ink := l.page.inks.label(0)
	ys := l.panels[l.panel].ys
	height := l.panels[l.panel].scale.height
	at := func(i int) vg.Point { return vg.Point{X: x(l.xs[i]), Y: y(height(ys[i]))} }
	if l.marked >= 0 {
		dashes := draw.LineStyle{Color: l.page.inks.accent, Width: 1, Dashes: []vg.Length{4, 3}}
		c.StrokeLine2(dashes, x(l.xs[l.marked]), c.Min.Y, x(l.xs[l.marked]), c.Max.Y)
	}
	var points []vg.Point // up to a gap
	step := c.Size().X / vg.Length(len(ys))
	stroke := func() {
		c.StrokeLines(draw.LineStyle{Color: ink, Width: 1.5}, points)
		for _, v := range points {
			if step > 5 {
				mark(c, ink, circle, v, min(2.5, step/3))
			}
		}
		points = nil
	}
	for i, v := range ys {
		if math.IsNaN(v) {
			stroke()
		} else {
			points = append(points, at(i))
		}
	}
	stroke()
	if l.marked >= 0 && !math.IsNaN(ys[l.marked]) {
		mark(c, l.page.inks.accent, circle, at(l.marked), 4.5)
	}
	l.page.frame(c)
}

// wholeTicks are roundTicks at whole numbers from the first on.
type wholeTicks struct {
	most  int
	first float64
}

// Ticks implements plot.Ticker.
func (w wholeTicks) Ticks(low, high float64) []plot.Tick {
	var whole []plot.Tick
	for _, t := range (roundTicks{w.most}).Ticks(low, high) {
		if t.Value == math.Round(t.Value) && t.Value >= w.first {
			whole = append(whole, plot.Tick{Value: t.Value, Label: strconv.FormatFloat(t.Value, 'f', 0, 64)})
		}
	}
	return whole
}

// unlabelled are the ticks of another ticker without words.
type unlabelled struct{ plot.Ticker }

// Ticks implements plot.Ticker. A blank is a label that takes no room along the
// axis, where an empty one would be a minor tick without a grid line.
func (u unlabelled) Ticks(low, high float64) []plot.Tick {
	ticks := u.Ticker.Ticks(low, high)
	for i := range ticks {
		ticks[i].Label = " "
	}
	return ticks
}

// height is where a value stands on the axis.
func (s panelScale) height(v float64) float64 {
	if s == decades {
		return math.Log1p(9*v) / math.Ln10
	}
	return v
}

// decadeTicks marks 0 and powers of ten on the scale of decades, at most so many.
type decadeTicks struct{ most int }

// Ticks implements plot.Ticker.
func (d decadeTicks) Ticks(_, high float64) []plot.Tick {
	ticks := []plot.Tick{{Value: 0, Label: "0"}}
	last := 0
	for decades.height(math.Pow10(last+1)) <= high {
		last++
	}
	step := last/max(d.most-1, 1) + 1
	for power := 0; power <= last; power += step {
		v := math.Pow10(power)
		label := strconv.FormatFloat(v, 'f', 0, 64)
		if power > 4 {
			label = fmt.Sprintf("1e%d", power)
		}
		ticks = append(ticks, plot.Tick{Value: decades.height(v), Label: label})
	}
	return ticks
}
