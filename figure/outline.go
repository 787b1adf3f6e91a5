package figure

import (
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// em is the letter size at which glyphs are asked for: the number of units
// that Liberation's own outlines have, so nothing is rounded.
const em = 2048

// fill paints the line with its baseline starting at a point. It paints the
// outlines of the glyphs rather than passing text to the canvas: then an SVG
// looks the same on machines that lack the font, whose substitute would be
// wider or narrower, and turned text is as sharp as the rest in a PNG.
func (l lettering) fill(c vg.Canvas, ink color.Color, at vg.Point) {
	if l.text == "" || l.size <= 0 {
		return
	}
	c.Push()
	defer c.Pop()
	c.Translate(at) // small coordinates keep more digits in an SVG
	c.SetColor(ink)
	c.Fill(l.outline())
}

// outline is the line as a path that starts at the origin.
func (l lettering) outline() vg.Path {
	var path vg.Path
	face := l.face()
	scale := l.size / em
	open := false
	for i, r := range l.text {
		index, err := face.Face.GlyphIndex(nil, r)
		if err != nil {
			continue
		}
		glyph, err := face.Face.LoadGlyph(nil, index, em, nil)
		if err != nil {
			continue
		}
		pen := face.Width(l.text[:i+len(string(r))]) - face.Width(string(r))
		at := func(x, y float64) vg.Point { // the font's y axis points down
			return vg.Point{X: pen + vg.Length(x)*scale, Y: -vg.Length(y) * scale}
		}
		for _, segment := range glyph {
			a := segment.Args
			p0 := at(float64(a[0].X), float64(a[0].Y))
			p1 := at(float64(a[1].X), float64(a[1].Y))
			p2 := at(float64(a[2].X), float64(a[2].Y))
			switch segment.Op {
			case 0: // sfnt.SegmentOpMoveTo
				if open {
					path.Close()
				}
				path.Move(p0)
				open = true
			case 1: // sfnt.SegmentOpLineTo
				path.Line(p0)
			case 2: // sfnt.SegmentOpQuadTo
				path.QuadTo(p0, p1)
			case 3: // sfnt.SegmentOpCubeTo
				path.CubeTo(p0, p1, p2)
			}
		}
	}
	if open {
		path.Close()
	}
	return path
}

// outlined is gonum/plot's plain text handler for one line, with the glyphs
// painted as outlines.
type outlined struct{ text.Plain }

// Draw implements text.Handler. It puts the line where text.Plain would.
func (h outlined) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	l := lettering{text: txt, size: sty.Font.Size}
	ascent := h.Extents(sty.Font).Ascent
	c.Push()
	c.Translate(pt)
	c.Rotate(sty.Rotation)
	l.fill(c, sty.Color, vg.Point{
		X: vg.Length(sty.XAlign) * l.width(),
		Y: vg.Length(sty.YAlign)*sty.Height(txt) - ascent + l.size,
	})
	c.Pop()
}
