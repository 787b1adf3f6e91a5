package figure

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	keyRow    = 15 * vg.Length(1) // height of a legend row, points
	keyMark   = 16 * vg.Length(1) // room of the mark before the words
	keyGap    = 10 * vg.Length(1) // between two columns
	keyWidest = 120 * vg.Length(1)
)

// legend explains the marks: rows of marks and words, in columns.
type legend struct {
	rows    []legendRow
	perCol  int
	columns []vg.Length // the width of each
}

// legendRow is one row. Without a mark only its words are written.
type legendRow struct {
	words lettering
	mark  func(c draw.Canvas, at vg.Point)
}

// legend makes the legend for an area that it shares with the plot. It takes up
// to three columns and two fifths of the width; what does not fit is counted
// in the last row.
func (d *dots) legend(area draw.Canvas) legend {
	if d.HideLegend || d.labels == nil {
		return legend{}
	}
	var k legend
	for _, label := range d.present {
		k.rows = append(k.rows, d.legendRow(label))
	}
	if d.centers.rows > 0 {
		radius := min(d.centerRadius, keyRow/2-1)
		k.rows = append(k.rows, legendRow{letters("center", tickSize), func(c draw.Canvas, at vg.Point) {
			mark(c, d.page.inks.center, circle, at, radius)
		}})
	}
	k.perCol = max(1, int(area.Size().Y/keyRow))
	for columns := 3; columns >= 1; columns-- {
		fitted := k.cut(columns * k.perCol)
		if fitted.width() <= 0.4*area.Size().X || columns == 1 {
			return fitted
		}
	}
	return k
}

// legendRow is the legend's row for a label.
func (d *dots) legendRow(label int32) legendRow {
	name := fmt.Sprintf("cluster %d", label)
	if d.Names != nil {
		name = d.Names[label]
	}
	size := min(max(d.pointRadius, 3), 5)
	return legendRow{letters(name, tickSize).within(keyWidest), func(c draw.Canvas, at vg.Point) {
		mark(c, d.page.inks.label(label), labelShape(label), at, size)
	}}
}

// cut keeps so many rows, the last of which says how many are missing, and
// measures the columns.
func (k legend) cut(most int) legend {
	if len(k.rows) > most {
		missing := len(k.rows) - most + 1
		k.rows = append(k.rows[:most-1:most-1], legendRow{words: letters(fmt.Sprintf("… and %d more", missing), tickSize)})
	}
	k.columns = nil
	for i, row := range k.rows {
		if i%k.perCol == 0 {
			k.columns = append(k.columns, 0)
		}
		last := len(k.columns) - 1
		k.columns[last] = max(k.columns[last], keyMark+row.words.width())
	}
	return k
}

// width of the legend in points, 0 if there is none.
func (k legend) width() vg.Length {
	var all vg.Length
	for i, w := range k.columns {
		if i > 0 {
			all += keyGap
		}
		all += w
	}
	return all
}

// draw paints the legend with its upper left corner at a point.
func (k legend) draw(c draw.Canvas, ink color.Color, left, top vg.Length) {
	for i, row := range k.rows {
		column := i / k.perCol
		x := left
		for _, w := range k.columns[:column] {
			x += w + keyGap
		}
		y := top - keyRow*(vg.Length(i%k.perCol)+0.5)
		if row.mark != nil {
			row.mark(c, vg.Point{X: x + keyMark/2 - 2, Y: y})
		}
		row.words.draw(c, ink, x+keyMark, y, 0)
	}
}
