package figure

import (
	"image/color"
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"gorgonia.org/tensor"
)

// hung arranges a gallery as Draw does, to tell where its cells are.
func hung(t *testing.T, s CenterImages, centers *tensor.Dense) *gallery {
	t.Helper()
	g := &gallery{CenterImages: s}
	var err error
	if g.centers, err = readMatrix("centers", centers); err != nil {
		t.Fatal(err)
	}
	for _, step := range []func() error{g.checkPixels, g.checkGrid, g.checkScale, g.arrange} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func TestPicturesShowTheirValues(t *testing.T) {
	// Ten pictures of 3×4 pixels, each value telling its place.
	const k, h, w = 10, 3, 4
	values := make([]float64, k*h*w)
	for i := range values {
		values[i] = float64((i * 7) % (k * h * w))
	}
	centers := dense(k, h*w, values...)
	for _, s := range []CenterImages{
		{PixelRows: h, PixelCols: w},
		{PixelRows: h, DPI: 97, Title: "title"},
		{PixelCols: w, DPI: 300, Captions: make([]string, k)},
		{PixelRows: h, PixelCols: w, Width: 7, Height: 4},
		{PixelRows: h, PixelCols: w, Rows: 4, Cols: 3},
	} {
		f, err := s.Draw(centers)
		img := painted(t, f, err)
		rimmed(t, img)
		g := hung(t, s, centers)
		for c := range k {
			cell := g.cell(c)
			for p := range h * w {
				x := cell.Min.X + (vg.Length(p%w)+0.5)*g.place.pixel
				y := cell.Max.Y - (vg.Length(p/w)+0.5)*g.place.pixel
				want := Light.inks().shade(values[c*h*w+p] / (k*h*w - 1))
				if got := pixel(img, g.page.dpi, x, y); got != want {
					t.Fatalf("%+v: picture %d, pixel %d is %v, want %v", s, c, p, got, want)
				}
			}
		}
	}
}

func TestPictureEdgesAreSharp(t *testing.T) {
	// A chessboard has only black and white inside, no blend at all.
	s := CenterImages{}
	centers := dense(1, 16, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1)
	f, err := s.Draw(centers)
	img := painted(t, f, err)
	cell := hung(t, s, centers).cell(0)
	left, right := int(cell.Min.X*150/72)+2, int(cell.Max.X*150/72)-2
	top := img.Bounds().Dy() - int(cell.Max.Y*150/72) + 2
	black := 0
	for y := top; y < top+right-left; y++ {
		for x := left; x < right; x++ {
			switch c := img.NRGBAAt(x, y); c {
			case white:
			case color.NRGBA{A: 0xff}:
				black++
			default:
				t.Fatalf("pixel (%d, %d) is %v, want black or white", x, y, c)
			}
		}
	}
	if share := float64(black) / float64((right-left)*(right-left)); math.Abs(share-0.5) > 0.05 {
		t.Errorf("%.2f of the chessboard is black", share)
	}
}

func TestGridOrderOnThePage(t *testing.T) {
	// Ink moves from cell to cell in reading order, 2×5 by default.
	for k := range 10 {
		values := make([]float64, 10*4)
		for p := range 4 {
			values[k*4+p] = 1
		}
		f, err := CenterImages{}.Draw(dense(10, 4, values...))
		img := painted(t, f, err)
		n, x, y := where(img, color.NRGBA{A: 0xff})
		if n < 100*100 {
			t.Fatalf("cell %d has %d black pixels", k, n)
		}
		col := int(x / float64(img.Bounds().Dx()) * 5)
		row := int(y / float64(img.Bounds().Dy()) * 2)
		if col != k%5 || row != k/5 {
			t.Errorf("picture %d lies in row %d, column %d, want %d, %d", k, row, col, k/5, k%5)
		}
	}
}

func TestScale(t *testing.T) {
	centers := dense(2, 4, 0, 1, 2, 3, 0, 10, 20, 30)
	shade := func(s CenterImages, k, p int) uint8 {
		t.Helper()
		f, err := s.Draw(centers)
		img := painted(t, f, err)
		g := hung(t, s, centers)
		cell := g.cell(k)
		return pixel(img, 150, cell.Min.X+(vg.Length(p%2)+0.5)*g.place.pixel, cell.Max.Y-(vg.Length(p/2)+0.5)*g.place.pixel).R
	}
	for _, tt := range []struct {
		s    CenterImages
		k, p int
		want uint8
	}{
		{CenterImages{}, 1, 3, 0},
		{CenterImages{}, 0, 3, 230}, // 3 of 30
		{CenterImages{OwnScale: true}, 0, 3, 0},
		{CenterImages{OwnScale: true}, 0, 0, 255},
		{CenterImages{Low: 1, High: 20}, 0, 0, 255},
		{CenterImages{Low: 1, High: 20}, 1, 3, 0},
		{CenterImages{Low: 0, High: 20}, 1, 1, 128},
	} {
		if got := shade(tt.s, tt.k, tt.p); got < tt.want-min(tt.want, 1) || int(got) > int(tt.want)+1 {
			t.Errorf("%+v: picture %d, pixel %d has shade %d, want %d", tt.s, tt.k, tt.p, got, tt.want)
		}
	}
	if got := share(math.MaxFloat64, -math.MaxFloat64, math.MaxFloat64); got != 1 {
		t.Errorf("the share of the largest number is %v", got)
	}
	for _, constant := range []float64{0, 7, math.MaxFloat64} {
		f, err := CenterImages{}.Draw(dense(1, 4, constant, constant, constant, constant))
		painted(t, f, err)
	}
}

func TestGridChoice(t *testing.T) {
	for _, tt := range []struct{ k, rows, cols, wantRows, wantCols int }{
		{1, 0, 0, 1, 1}, {5, 0, 0, 1, 5}, {6, 0, 0, 2, 3}, {10, 0, 0, 2, 5}, {20, 0, 0, 3, 7},
		{10, 1, 0, 1, 10}, {10, 0, 1, 10, 1}, {10, 3, 0, 3, 4}, {10, 0, 4, 3, 4}, {10, 3, 5, 3, 5},
	} {
		g := &gallery{CenterImages: CenterImages{Rows: tt.rows, Cols: tt.cols}, centers: matrix{rows: tt.k}}
		if err := g.checkGrid(); err != nil || g.Rows != tt.wantRows || g.Cols != tt.wantCols {
			t.Errorf("%d centers, asked %d×%d: %d×%d (%v), want %d×%d", tt.k, tt.rows, tt.cols, g.Rows, g.Cols, err, tt.wantRows, tt.wantCols)
		}
	}
}

func TestCenterImagesRefuses(t *testing.T) {
	four := dense(2, 4, 1, 2, 3, 4, 5, 6, 7, 8)
	for _, tt := range []struct {
		name     string
		s        CenterImages
		centers  *tensor.Dense
		sentinel error
		words    []string
	}{
		{"no square", CenterImages{}, dense(1, 6, 1, 2, 3, 4, 5, 6), ErrShape, []string{"6 columns", "PixelRows"}},
		{"D is not h·w", CenterImages{PixelRows: 3, PixelCols: 3}, four, ErrShape, []string{"4 columns", "3·3"}},
		{"rows do not divide D", CenterImages{PixelRows: 3}, four, ErrShape, []string{"4 columns"}},
		{"more rows than D", CenterImages{PixelRows: 5}, four, ErrShape, []string{"4 columns"}},
		{"more columns than D", CenterImages{PixelCols: 5}, four, ErrShape, []string{"4 columns"}},
		{"product overflows", CenterImages{PixelRows: math.MaxInt, PixelCols: math.MaxInt}, four, ErrShape, []string{"4 columns"}},
		{"negative pixels", CenterImages{PixelRows: -2, PixelCols: -2}, four, ErrSize, []string{"-2×-2"}},
		{"grid too small", CenterImages{Rows: 1, Cols: 1}, four, ErrSize, []string{"1×1 cells for 2 centers"}},
		{"negative grid", CenterImages{Rows: -1}, four, ErrSize, []string{"-1"}},
		{"grid far too large", CenterImages{Rows: math.MaxInt, Cols: math.MaxInt}, four, ErrSize, []string{"2 centers"}},
		{"captions", CenterImages{Captions: []string{"a"}}, four, ErrNames, []string{"1 captions for 2 centers"}},
		{"scale upside down", CenterImages{Low: 2, High: 1}, four, ErrValue, []string{"Low = 2", "High = 1"}},
		{"scale NaN", CenterImages{High: math.NaN()}, four, ErrValue, []string{"NaN"}},
		{"two scales", CenterImages{High: 1, OwnScale: true}, four, ErrValue, []string{"OwnScale"}},
		{"NaN", CenterImages{}, dense(1, 4, 1, 2, math.NaN(), 4), ErrValue, []string{"row 0, column 2"}},
		{"nil", CenterImages{}, nil, ErrShape, []string{"centers is nil"}},
		{"vector", CenterImages{}, tensor.New(tensor.WithShape(4), tensor.WithBacking([]float64{1, 2, 3, 4})), ErrShape, []string{"2 dimensions"}},
		{"no room", CenterImages{Width: 0.3}, four, ErrSize, []string{"Width"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.s.Draw(tt.centers)
			refused(t, err, tt.sentinel, tt.words...)
		})
	}
}
