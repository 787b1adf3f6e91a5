package figure_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-fbf9ce71/lloyd/figure"
	"gorgonia.org/tensor"
)

func ExampleScatter_Draw() {
	x := tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float64{
		0, 0,
		1, 1,
		8, 8,
		9, 9,
	}))
	labels := []int32{0, 0, 1, 1}
	centers := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{0.5, 0.5, 8.5, 8.5}))

	f, err := figure.Scatter{Title: "Two clusters", XLabel: "width", YLabel: "height"}.Draw(x, labels, centers)
	if err != nil {
		fmt.Println(err)
		return
	}
	var picture bytes.Buffer // or f.Save("clusters.png")
	if err := f.WritePNG(&picture); err != nil {
		fmt.Println(err)
		return
	}
	width, height := f.Pixels()
	fmt.Println(width, "by", height, "pixels")
	// Output: 960 by 720 pixels
}

func ExampleCenterImages_Draw() {
	// Two centers of 2×3 pixels.
	centers := tensor.New(tensor.WithShape(2, 6), tensor.WithBacking([]float32{
		0, 1, 0,
		1, 1, 1,

		1, 0, 1,
		0, 0, 0,
	}))
	f, err := figure.CenterImages{PixelRows: 2, PixelCols: 3, Captions: []string{"tee", "ears"}}.Draw(centers)
	if err != nil {
		fmt.Println(err)
		return
	}
	img, err := f.Image()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(img.Bounds().Dx() > img.Bounds().Dy())

	// Six columns are no square, so the size of the pictures must be said.
	_, err = figure.CenterImages{}.Draw(centers)
	fmt.Println(errors.Is(err, figure.ErrShape))
	fmt.Println(err)
	// Output:
	// true
	// true
	// figure: wrong shape: centers have 6 columns, which is no square number; set PixelRows and PixelCols
}

func ExampleConfusionMatrix_Draw() {
	counts := [][]int{ // rows: true, columns: predicted
		{50, 0, 0},
		{0, 47, 3},
		{0, 14, 36},
	}
	f, err := figure.ConfusionMatrix{Title: "Iris"}.Draw(counts, []string{"setosa", "versicolor", "virginica"})
	if err != nil {
		fmt.Println(err)
		return
	}
	var document strings.Builder // or f.Save("confusion.svg")
	if err := f.WriteSVG(&document); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.HasPrefix(document.String(), "<?xml"))
	// Output: true
}

func ExampleFigure_Save() {
	f, err := figure.ConfusionMatrix{}.Draw([][]int{{1}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = f.Save("confusion.gif")
	fmt.Println(errors.Is(err, figure.ErrFormat))
	fmt.Println(err)
	// Output:
	// true
	// figure: unknown picture format: "confusion.gif" ends in ".gif", expected .png or .svg; rename it
}

func ExampleLabelColor() {
	c := figure.LabelColor(0)
	fmt.Printf("#%02x%02x%02x\n", c.R, c.G, c.B)
	// Output: #1e8ffe
}

// The size in print and on the screen.
func ExampleFigure_Inches() {
	f, err := figure.ConfusionMatrix{}.Draw([][]int{{3, 1}, {0, 4}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	width, _ := f.Inches()
	pixels, _ := f.Pixels()
	fmt.Printf("%.0f dots per inch\n", float64(pixels)/width)
	// Output: 150 dots per inch
}

func ExampleElbow_Draw() {
	ks, inertia := []int{1, 2, 3, 4, 5, 6}, []float64{2812, 1190, 546, 212, 189, 171}
	f, err := figure.Elbow{Title: "How many clusters?", Suggested: 4}.Draw(ks, inertia)
	if err != nil {
		fmt.Println(err)
		return
	}
	width, height := f.Inches() // f.Save("elbow.svg") writes it
	fmt.Println(width, "×", height, "inches")
	// Output: 6.4 × 4.8 inches
}

func ExampleSilhouette_Draw() {
	values := []float64{0.7, 0.4, 0.6, 0.5, -0.1} // as metrics.Silhouette returns them
	f, err := figure.Silhouette{Theme: figure.Dark}.Draw(values, []int32{0, 0, 1, 1, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	img, err := f.Image()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, g, b, _ := img.At(0, 0).RGBA()
	fmt.Printf("paper #%02x%02x%02x\n", r>>8, g>>8, b>>8)
	// Output: paper #0d1117
}

func ExampleConvergence_Draw() {
	inertia, moved := []float64{310, 225, 212}, []int64{300, 24, 0} // as an observer is told
	f, err := figure.Convergence{}.Draw(inertia, moved)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Pixels())
	// Output: 960 840
}

// A label has another color on dark paper.
func ExampleTheme_LabelColor() {
	for _, theme := range []figure.Theme{figure.Light, figure.Dark} {
		c := theme.LabelColor(0)
		fmt.Printf("%v: #%02x%02x%02x\n", theme, c.R, c.G, c.B)
	}
	// Output:
	// light: #1e8ffe
	// dark: #2df7ff
}
