package figure

import (
	"image/color"
	"math"
	"testing"
)

// sight holds how normal and color-blind eyes see linear RGB (Machado,
// Oliveira and Fernandes 2009, severity 1).
var sight = map[string][3][3]float64{
	"normal":       {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// perceived returns a color's place in the Oklab space, in which distances
// follow perception: black to white is 1.
func perceived(c color.NRGBA, eye [3][3]float64) [3]float64 {
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var rgb [3]float64
	for i, row := range eye {
		rgb[i] = clamped(row[0]*in[0] + row[1]*in[1] + row[2]*in[2])
	}
	l := math.Cbrt(0.4122214708*rgb[0] + 0.5363325363*rgb[1] + 0.0514459929*rgb[2])
	m := math.Cbrt(0.2119034982*rgb[0] + 0.6806995451*rgb[1] + 0.1073969566*rgb[2])
	s := math.Cbrt(0.0883024619*rgb[0] + 0.2817188376*rgb[1] + 0.6299787005*rgb[2])
	return [3]float64{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

func apart(a, b color.NRGBA, eye [3][3]float64) float64 {
	p, q := perceived(a, eye), perceived(b, eye)
	return math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2]))
}

func TestTenColorsStayApart(t *testing.T) {
	for _, theme := range []Theme{Light, Dark} {
		paper := theme.inks().paper
		for name, eye := range sight {
			least := 0.095 // Oklab; a just noticeable difference is about 0.02
			for i := range int32(10) {
				if d := apart(theme.LabelColor(i), paper, eye); d < 0.15 {
					t.Errorf("%v, %s: label %d is only %.3f from the paper", theme, name, i, d)
				}
				for j := range i {
					if d := apart(theme.LabelColor(i), theme.LabelColor(j), eye); d < least {
						t.Errorf("%v, %s: labels %d and %d are only %.3f apart, want %.3f", theme, name, j, i, d, least)
					}
				}
			}
		}
	}
}

func TestLabelColorsBeyondTen(t *testing.T) {
	for _, theme := range []Theme{Light, Dark} {
		seen := map[color.NRGBA]int32{}
		for i := range int32(30) {
			c := theme.LabelColor(i)
			if c.A != 0xff {
				t.Errorf("%v: label %d has alpha %d", theme, i, c.A)
			}
			if j, ok := seen[c]; ok {
				t.Errorf("%v: labels %d and %d have the same color %v", theme, j, i, c)
			}
			seen[c] = i
		}
	}
	type look struct {
		color color.NRGBA
		shape int
	}
	looks := map[look]bool{}
	for i := range int32(150) {
		looks[look{LabelColor(i), int(i) / 10 % len(shapes)}] = true
	}
	if len(looks) != 150 {
		t.Errorf("150 labels have %d looks", len(looks))
	}
	if LabelColor(-3) != LabelColor(0) {
		t.Error("a negative label has a color of its own")
	}
	LabelColor(math.MaxInt32)
	labelShape(math.MaxInt32)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

func TestHeatLeavesThePaperAndStaysReadable(t *testing.T) {
	for _, theme := range []Theme{Light, Dark} {
		k := theme.inks()
		last := 0.0
		for i := range 1001 {
			c := k.hot(float64(i) / 1000)
			d := math.Abs(luminance(c) - luminance(k.paper))
			if d < last {
				t.Fatalf("%v: shade %d/1000 is closer to the paper than the step before", theme, i)
			}
			last = d
			if r := contrast(c, readable(c)); r < 4.5 {
				t.Fatalf("%v: the number on shade %d/1000 has contrast %.2f, want 4.5", theme, i, r)
			}
		}
		if k.hot(-1) != k.hot(0) || k.hot(2) != k.hot(1) || k.hot(0) == k.hot(1) {
			t.Errorf("%v: the scale does not clamp", theme)
		}
		if k.shade(0) != k.paper || k.shade(1) != readable(k.paper) {
			t.Errorf("%v: the scale of images does not go from paper to ink", theme)
		}
	}
	if Light.inks().shade(0) != white || Light.inks().shade(1) != black {
		t.Error("the scale of images does not go from white to black")
	}
}

// What is written and drawn in thin lines has the contrast that WCAG 2 asks for.
func TestInksStandOutFromThePaper(t *testing.T) {
	for _, theme := range []Theme{Light, Dark} {
		k := theme.inks()
		for name, c := range map[string]color.NRGBA{"ink": k.ink, "accent": k.accent} {
			if r := contrast(c, k.paper); r < 4.5 {
				t.Errorf("%v: %s has contrast %.2f, want 4.5", theme, name, r)
			}
		}
		if r := contrast(k.rule, k.paper); r < 3 {
			t.Errorf("%v: rules have contrast %.2f, want 3", theme, r)
		}
		for i := range int32(10) {
			if r := contrast(k.label(i), k.paper); theme == Dark && r < 3 {
				t.Errorf("label %d has contrast %.2f to dark paper, want 3", i, r)
			}
		}
	}
}

func TestUnknownThemeIsRefused(t *testing.T) {
	_, err := Scatter{Theme: 7}.Draw(dense(1, 2, 1, 1), nil, nil)
	refused(t, err, ErrTheme, "7", "Light", "Dark")
	if Theme(7).LabelColor(0).A != 0xff || Theme(7).String() != "Theme(7)" || Dark.String() != "dark" || Light.String() != "light" {
		t.Error("a theme has a wrong name, or no colors")
	}
}
