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
	for name, eye := range sight {
		least := 0.095 // Oklab; a just noticeable difference is about 0.02
		for i := range int32(10) {
			if d := apart(LabelColor(i), white, eye); d < 0.15 {
				t.Errorf("%s: label %d is only %.3f from white paper", name, i, d)
			}
			for j := range i {
				if d := apart(LabelColor(i), LabelColor(j), eye); d < least {
					t.Errorf("%s: labels %d and %d are only %.3f apart, want %.3f", name, j, i, d, least)
				}
			}
		}
	}
}

func TestLabelColorsBeyondTen(t *testing.T) {
	seen := map[color.NRGBA]int32{}
	for i := range int32(30) {
		c := LabelColor(i)
		if c.A != 0xff {
			t.Errorf("label %d has alpha %d", i, c.A)
		}
		if j, ok := seen[c]; ok {
			t.Errorf("labels %d and %d have the same color %v", j, i, c)
		}
		seen[c] = i
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

func TestHeatDarkensAndStaysReadable(t *testing.T) {
	contrast := func(a, b color.NRGBA) float64 {
		x, y := luminance(a)+0.05, luminance(b)+0.05
		return max(x, y) / min(x, y)
	}
	last := 2.0
	for i := range 1001 {
		c := heat(float64(i) / 1000)
		if l := luminance(c); l > last {
			t.Fatalf("heat(%d/1000) is brighter than the step before", i)
		} else {
			last = l
		}
		if r := contrast(c, readable(c)); r < 4.5 {
			t.Fatalf("the number on heat(%d/1000) has contrast %.2f, want 4.5", i, r)
		}
	}
	if heat(-1) != heat(0) || heat(2) != heat(1) || heat(0) == heat(1) {
		t.Error("heat does not clamp")
	}
	if binary(0) != white || binary(1) != (color.NRGBA{A: 0xff}) {
		t.Error("the binary scale does not go from white to black")
	}
}
