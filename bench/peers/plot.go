package main

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// palette is Okabe and Ito's, which colour-blind people can tell apart.
var palette = []color.RGBA{
	{0x00, 0x72, 0xB2, 255}, {0xD5, 0x5E, 0x00, 255}, {0x00, 0x9E, 0x73, 255},
	{0xCC, 0x79, 0xA7, 255}, {0xE6, 0x9F, 0x00, 255}, {0x56, 0xB4, 0xE9, 255}, {0x00, 0x00, 0x00, 255},
}

func ratioPlot(threads int) string      { return fmt.Sprintf("ratios-%d.png", threads) }
func seriesPlot(quantity string) string { return fmt.Sprintf("scaling-%s.png", quantity) }

// drawAll draws what there are records for.
func drawAll(folder string, records []Record) error {
	t := newTable(records)
	for _, n := range t.threads[partIteration] {
		if err := t.drawRatios(filepath.Join(folder, ratioPlot(n)), n); err != nil {
			return err
		}
	}
	for _, quantity := range []string{"N", "K", "D", "threads"} {
		if err := t.drawSeries(filepath.Join(folder, seriesPlot(quantity)), quantity); err != nil {
			return err
		}
	}
	return nil
}

// drawRatios draws bars from 1 to the ratio, for each shape and library.
func (t *table) drawRatios(path string, threads int) error {
	names := t.names(tableGroups[0].take)
	shapes := t.shapes[partIteration]
	if len(names) == 0 || len(shapes) == 0 {
		return nil
	}
	p := plot.New()
	p.Title.Text = fmt.Sprintf("Time of an iteration ÷ Lloyd's, %s (right of 1: Lloyd is faster; bars end at 64)", plural(threads))
	p.Legend.Top = false
	const most = 6              // log₂ of the longest bar
	const width, gap = 5.0, 8.0 // points
	step := width*float64(len(names)) + gap
	least, greatest := 0.0, 1.0
	for i, name := range names {
		values := make(plotter.Values, len(shapes))
		for j, s := range shapes {
			if ratios, paired := t.ratios(partIteration, s, threads, name); len(ratios) > 0 && paired {
				values[len(shapes)-1-j] = min(math.Log2(ratios.Median()), most)
			}
			least, greatest = min(least, values[len(shapes)-1-j]), max(greatest, values[len(shapes)-1-j])
		}
		bars, err := plotter.NewBarChart(values, vg.Points(width))
		if err != nil {
			return err
		}
		bars.Horizontal = true
		bars.Color, bars.LineStyle.Width = palette[i%len(palette)], 0
		bars.Offset = vg.Points(width * (float64(len(names)-1)/2 - float64(i)))
		p.Add(bars)
		p.Legend.Add(name, bars)
	}
	labels := make([]string, len(shapes))
	for j, s := range shapes {
		labels[len(shapes)-1-j] = s.String()
	}
	p.NominalY(labels...)
	p.X.Min, p.X.Max = math.Floor(least), math.Ceil(greatest)+1 // room for the legend
	p.X.Tick.Marker = powers{}
	zero, err := plotter.NewLine(plotter.XYs{{X: 0, Y: -0.5}, {X: 0, Y: float64(len(shapes)) - 0.5}})
	if err != nil {
		return err
	}
	p.Add(zero)
	return writePNG(p, path, 8*vg.Inch, vg.Points(step*float64(len(shapes))+70))
}

// powers are ticks at powers of two.
type powers struct{}

func (powers) Ticks(least, greatest float64) []plot.Tick {
	var ticks []plot.Tick
	for e := math.Ceil(least); e <= greatest; e++ {
		label := fmt.Sprintf("%g", math.Exp2(e))
		if e < 0 {
			label = fmt.Sprintf("1/%g", math.Exp2(-e))
		}
		ticks = append(ticks, plot.Tick{Value: e, Label: label})
	}
	return ticks
}

// drawSeries draws the time along one quantity.
func (t *table) drawSeries(path, quantity string) error {
	part := partSeries + quantity
	if len(t.shapes[part]) == 0 {
		return nil
	}
	p := plot.New()
	p.Title.Text = "Time of an iteration along " + quantity
	p.X.Label.Text, p.Y.Label.Text = quantity, "ms"
	var at []plot.Tick
	drawn := 0
	for _, of := range implementations {
		var points plotter.XYs
		for _, s := range t.shapes[part] {
			for _, n := range t.threads[part] {
				x := s.value(quantity)
				if quantity == "threads" {
					x = n
				}
				if ms := t.cells[key{part, s, n, of.Name}].sample().Median(); ms > 0 {
					points = append(points, plotter.XY{X: float64(x), Y: ms})
					at = append(at, plot.Tick{Value: float64(x), Label: fmt.Sprint(x)})
				}
			}
		}
		if len(points) == 0 {
			continue
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return err
		}
		line.Color, line.Width = palette[drawn%len(palette)], vg.Points(1.5)
		dots.Color, dots.Shape, dots.Radius = line.Color, glyphs[drawn%len(glyphs)], vg.Points(3)
		p.Add(line, dots)
		p.Legend.Add(of.Name, line, dots)
		drawn++
	}
	if drawn == 0 {
		return nil
	}
	p.X.Tick.Marker = plot.ConstantTicks(at)
	if quantity == "threads" {
		p.X.Min, p.X.Max, p.Y.Min = 0.5, p.X.Max+0.5, 0
	} else { // both axes logarithmic, whole decades of time
		p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
		p.Y.Tick.Marker = plot.LogTicks{Prec: -1}
		p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(p.Y.Min))), math.Pow(10, math.Ceil(math.Log10(p.Y.Max)))
	}
	p.Legend.Top, p.Legend.Left = quantity != "threads", true
	return writePNG(p, path, 4.5*vg.Inch, 3.2*vg.Inch)
}

var glyphs = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.TriangleGlyph{}, draw.PlusGlyph{}}

// writePNG writes the figure at 96 dots an inch.
func writePNG(p *plot.Plot, path string, width, height vg.Length) error {
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(96))
	p.Draw(draw.Crop(draw.New(canvas), 8, -16, 4, -6))
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(f); err != nil {
		return err
	}
	return f.Close()
}
