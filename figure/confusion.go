package figure

import (
	"fmt"
	"image/color"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ConfusionMatrix draws a table of counts as a heat map of square cells with
// the counts written in: true labels along x, predicted labels along y from
// top to bottom, so that right predictions lie on the falling diagonal. Its
// zero value is ready to use.
type ConfusionMatrix struct {
	// Title stands above the map. Empty takes no room.
	Title string

	// XLabel and YLabel name the axes. Empty means "true label" and
	// "predicted label".
	XLabel, YLabel string

	// HideCounts leaves the numbers out of the cells. They are also left out
	// of cells too small to read them (letters below 4 points).
	HideCounts bool

	// Width and Height are the size of the figure in inches; the map is as
	// large as both allow, with cells that stay square. Zeros follow from the
	// number of classes.
	Width, Height float64

	// DPI is the number of pixels per inch of a PNG. Zero means 150.
	DPI int

	// Theme is Light, unless set.
	Theme Theme
}

// heatMap is a checked confusion matrix, ready to paint.
type heatMap struct {
	ConfusionMatrix
	counts [][]int
	names  []lettering
	most   int // the largest count
	heatLayout
}

// Draw draws counts, a K×K table whose entry [t][p] is the number of rows of
// true class t that were predicted to be class p, 0 or more. names are the K
// classes, written at both axes; nil writes 0, 1, and so on. Nothing passed
// in is changed or kept.
//
// It returns ErrShape for an empty, ragged or non-square table, ErrValue for
// a negative count, ErrNames when names is neither nil nor K long, and
// ErrSize for an impossible page or resolution.
func (s ConfusionMatrix) Draw(counts [][]int, names []string) (*Figure, error) {
	m := &heatMap{ConfusionMatrix: s}
	if m.XLabel == "" {
		m.XLabel = "true label"
	}
	if m.YLabel == "" {
		m.YLabel = "predicted label"
	}
	if err := m.checkCounts(counts); err != nil {
		return nil, err
	}
	if names != nil && len(names) != len(counts) {
		return nil, fmt.Errorf("%w: %d names for %d classes, expected one each; pass nil to number them", ErrNames, len(names), len(counts))
	}
	for i := range counts {
		name := strconv.Itoa(i)
		if names != nil {
			name = names[i]
		}
		m.names = append(m.names, letters(name, tickSize))
	}
	page, err := asked(s.Width, s.Height, s.DPI, s.Theme)
	if err != nil {
		return nil, err
	}
	if m.heatLayout, err = arrangeHeat(page, m.names, m.most, s.Title != ""); err != nil {
		return nil, err
	}
	if s.HideCounts {
		m.countSize = 0
	}
	return &Figure{page: m.page, draw: m.paint}, nil
}

// checkCounts checks the table and keeps a copy.
func (m *heatMap) checkCounts(counts [][]int) error {
	if len(counts) == 0 {
		return fmt.Errorf("%w: the count table is empty, expected K rows of K counts", ErrShape)
	}
	for t, row := range counts {
		if len(row) != len(counts) {
			return fmt.Errorf("%w: row %d of the count table has %d entries but there are %d rows, expected a square table; give every class a row and a column", ErrShape, t, len(row), len(counts))
		}
		for p, n := range row {
			if n < 0 {
				return fmt.Errorf("%w: true class %d, predicted %d has count %d, expected 0 or more", ErrValue, t, p, n)
			}
			m.most = max(m.most, n)
		}
		m.counts = append(m.counts, slices.Clone(row))
	}
	return nil
}

func (m *heatMap) paint(c draw.Canvas) {
	k := len(m.counts)
	rim := box(m.left, m.upper-m.cell*vg.Length(k), m.cell*vg.Length(k), m.cell*vg.Length(k))

	for p := range k {
		for t := range k {
			tile := m.at(t, p)
			if t+1 < k {
				tile.Max.X += lap(m.cell)
			}
			if p+1 < k {
				tile.Min.Y -= lap(m.cell)
			}
			c.SetColor(m.shade(t, p))
			c.Fill(tile.Path())
		}
	}
	c.SetLineStyle(draw.LineStyle{Color: m.page.inks.rule, Width: 0.75})
	c.Stroke(rim.Path())

	if m.countSize > 0 {
		for t := range k {
			for p := range k {
				number := letters(strconv.Itoa(m.counts[t][p]), m.countSize)
				tile := m.at(t, p)
				number.draw(c, readable(m.shade(t, p)), (tile.Min.X+tile.Max.X)/2, (tile.Min.Y+tile.Max.Y)/2, -0.5)
			}
		}
	}
	m.paintAxes(c, rim)
}

// paintAxes draws title, ticks, names and axis labels around the map.
func (m *heatMap) paintAxes(c draw.Canvas, rim vg.Rectangle) {
	middleX, middleY := (rim.Min.X+rim.Max.X)/2, (rim.Min.Y+rim.Max.Y)/2
	ink := m.page.inks.ink
	ticks := draw.LineStyle{Color: m.page.inks.rule, Width: 0.75}
	for i, name := range m.names {
		name.size = m.nameSize
		name = name.within(m.nameRoom)
		tile := m.at(i, i)
		x, y := (tile.Min.X+tile.Max.X)/2, (tile.Min.Y+tile.Max.Y)/2
		c.StrokeLine2(ticks, x, rim.Min.Y, x, rim.Min.Y-tickLength)
		c.StrokeLine2(ticks, rim.Min.X, y, rim.Min.X-tickLength, y)
		name.draw(c, ink, rim.Min.X-tickLength-tickGap, y, -1)
		under := rim.Min.Y - tickLength - tickGap
		if m.upright {
			name.drawUp(c, ink, x, under, -1)
		} else {
			name.draw(c, ink, x, under-m.nameSize/2, -0.5)
		}
	}
	width, height := c.Size().X-2*margin, c.Size().Y-2*margin
	if title := letters(m.Title, titleSize).within(width); title.text != "" {
		half := title.width() / 2
		x := min(max(middleX, c.Min.X+margin+half), c.Max.X-margin-half)
		title.draw(c, ink, x, rim.Max.Y+titleHeight-titleSize/2, -0.5)
	}
	below := rim.Min.Y - tickLength - tickGap - m.underRoom - labelGap
	xLabel := letters(m.XLabel, labelSize).within(width)
	half := xLabel.width() / 2
	xLabel.draw(c, ink, min(max(middleX, c.Min.X+margin+half), c.Max.X-margin-half), below-labelSize/2, -0.5)
	yLabel := letters(m.YLabel, labelSize).within(height)
	half = yLabel.width() / 2
	left := rim.Min.X - tickLength - tickGap - m.nameRoom - labelGap
	yLabel.drawUp(c, ink, left-labelSize/2, min(max(middleY, c.Min.Y+margin+half), c.Max.Y-margin-half), -0.5)
}

// shade is the color of a cell, in proportion to the largest count.
func (m *heatMap) shade(t, p int) color.NRGBA {
	if m.most == 0 {
		return m.page.inks.hot(0)
	}
	return m.page.inks.hot(float64(m.counts[t][p]) / float64(m.most))
}
