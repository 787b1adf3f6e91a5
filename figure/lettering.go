package figure

import (
	"image/color"
	"math"
	"strings"
	"unicode"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// capital is the height of digits and capital letters over the letter size in
// Liberation Sans.
const capital = 0.716

// smallestLetter is the letter size, in points, below which text is cut
// rather than shrunk.
const smallestLetter = 5 * vg.Length(1)

// lettering is one line of text: what it says and how large.
type lettering struct {
	text string
	size vg.Length
}

// letters makes a line of text of which every character can be drawn.
func letters(s string, size vg.Length) lettering {
	return lettering{text: printable(s), size: size}
}

// sans is the font of all figures.
func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// sansStyle is the same font for the axes that gonum/plot draws by itself.
func sansStyle(ink color.Color, size vg.Length, x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{Color: ink, Font: sans(size), XAlign: x, YAlign: y, Handler: outlined{text.Plain{Fonts: font.DefaultCache}}}
}

func (l lettering) face() font.Face { return font.DefaultCache.Lookup(sans(l.size), l.size) }

// width of the line in points.
func (l lettering) width() vg.Length {
	face := l.face()
	return face.Width(l.text)
}

// within returns the line made to fit a width: first smaller, then cut short.
func (l lettering) within(room vg.Length) lettering {
	if w := l.width(); w > room && w > 0 {
		least := min(l.size, smallestLetter)
		l.size = max(least, l.size*room/w)
	}
	for kept := []rune(l.text); len(kept) > 0 && l.width() > room*(1+1e-9); {
		// Guess the number of characters from the width, then go one by one.
		n := min(len(kept)-1, int(float64(len(kept))*float64(room/l.width()))+1)
		kept = kept[:max(0, n)]
		l.text = strings.TrimRight(string(kept), " ") + "…"
		if len(kept) == 0 {
			l.text = ""
		}
	}
	return l
}

// draw puts the line at a point: align −1, −0.5, 0 makes it end at, center on
// or start at x, and the middle of its capitals lies at y.
func (l lettering) draw(c draw.Canvas, ink color.Color, x, y, align vg.Length) {
	l.fill(c, ink, vg.Point{X: x + align*l.width(), Y: y - capital/2*l.size})
}

// drawUp puts the line at a point as draw does, turned a quarter
// counterclockwise: it reads upwards, and align works along y.
func (l lettering) drawUp(c draw.Canvas, ink color.Color, x, y, align vg.Length) {
	c.Push()
	c.Translate(vg.Point{X: x, Y: y})
	c.Rotate(math.Pi / 2)
	l.draw(c, ink, 0, 0, align)
	c.Pop()
}

// printable makes a string fit for one line of text in any format: valid
// UTF-8 without control characters, which XML does not allow.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r == '\ufffe', r == '\uffff':
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}
