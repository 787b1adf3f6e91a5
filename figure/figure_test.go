package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// painted writes a figure as a PNG and reads it back.
func painted(t *testing.T, f *Figure, err error) *image.NRGBA {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := f.WritePNG(&file); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	if w, h := f.Pixels(); img.Bounds() != image.Rect(0, 0, w, h) {
		t.Fatalf("the PNG is %v, Pixels says %d×%d", img.Bounds(), w, h)
	}
	return opaque(t, img)
}

// opaque fails unless a decoded PNG has no transparency, and returns it in a
// form that is fast to look at.
func opaque(t *testing.T, img image.Image) *image.NRGBA {
	t.Helper()
	rgba, ok := img.(*image.RGBA)
	if !ok || !rgba.Opaque() {
		t.Fatalf("the PNG is a %T, want an opaque picture", img)
	}
	return &image.NRGBA{Pix: rgba.Pix, Stride: rgba.Stride, Rect: rgba.Rect}
}

// pixel returns the color at a point of the page, measured in points from the
// lower left.
func pixel(img *image.NRGBA, dpi int, x, y vg.Length) color.NRGBA {
	dots := func(l vg.Length) int { return int(math.Floor(float64(l) * float64(dpi) / 72)) }
	return img.NRGBAAt(dots(x), img.Bounds().Dy()-1-dots(y))
}

// where returns the number of pixels of a color and their mean position, in
// pixels from the upper left.
func where(img *image.NRGBA, c color.NRGBA) (count int, x, y float64) {
	b := img.Bounds()
	for j := b.Min.Y; j < b.Max.Y; j++ {
		for i := b.Min.X; i < b.Max.X; i++ {
			if img.NRGBAAt(i, j) == c {
				count, x, y = count+1, x+float64(i), y+float64(j)
			}
		}
	}
	return count, x / float64(count), y / float64(count)
}

// rimmed fails unless the outermost pixels are white paper: nothing is clipped.
func rimmed(t *testing.T, img *image.NRGBA) {
	t.Helper()
	rimmedBy(t, img, white)
}

func rimmedBy(t *testing.T, img *image.NRGBA, paper color.NRGBA) {
	t.Helper()
	b := img.Bounds()
	for j := range b.Dy() {
		for i := range b.Dx() {
			if i > 2 && j > 2 && i < b.Dx()-3 && j < b.Dy()-3 {
				continue
			}
			if c := img.NRGBAAt(i, j); c != paper {
				t.Fatalf("pixel (%d, %d) at the rim is %v, want %v", i, j, c, paper)
			}
		}
	}
}

// all makes one figure of each kind.
func all(t *testing.T) map[string]*Figure {
	t.Helper()
	figures := map[string]*Figure{}
	keep := func(name string) func(*Figure, error) {
		return func(f *Figure, err error) {
			if err != nil {
				t.Fatal(err)
			}
			figures[name] = f
		}
	}
	for _, theme := range []Theme{Light, Dark} {
		name := func(kind string) string {
			if theme == Dark {
				return "dark " + kind
			}
			return kind
		}
		x, labels, centers := dense(3, 2, 0, 0, 1, 2, 3, 1), []int32{0, 1, 11}, dense(2, 2, 1, 1, 3, 1)
		keep(name("scatter"))(Scatter{Title: "A & <B>\x00", DPI: 60, Theme: theme}.Draw(x, labels, centers))
		keep(name("regions"))(Scatter{Regions: true, DPI: 60, Theme: theme}.Draw(x, labels, centers))
		keep(name("images"))(CenterImages{Title: "t", Captions: []string{"ä\xff", "日本 🙂"}, DPI: 60, Theme: theme}.Draw(dense(2, 4, 1, 2, 3, 4, 5, 6, 7, 8)))
		keep(name("confusion"))(ConfusionMatrix{Title: "t", DPI: 60, Theme: theme}.Draw([][]int{{5, 1}, {0, 7}}, []string{"a longer name", "b\n"}))
		keep(name("elbow"))(Elbow{Title: "t", Suggested: 3, Scores: []float64{0.5, 0.7, -0.1}, DPI: 60, Theme: theme}.Draw([]int{2, 3, 7}, []float64{9, 3, 2}))
		keep(name("convergence"))(Convergence{Title: "t", DPI: 60, Theme: theme}.Draw([]float64{9, 3, 2}, []int64{1000, 3, 0}))
		keep(name("silhouette"))(Silhouette{Title: "t", DPI: 60, Theme: theme}.Draw([]float64{0.5, 0.7, -0.1}, []int32{2, 0, 2}))
	}
	return figures
}

func TestOutputIsDeterministicAndWellFormed(t *testing.T) {
	for name, f := range all(t) {
		t.Run(name, func(t *testing.T) {
			var pngs, svgs [4]bytes.Buffer
			var group sync.WaitGroup
			for i := range pngs {
				group.Go(func() {
					if err := errors.Join(f.WritePNG(&pngs[i]), f.WriteSVG(&svgs[i])); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			for i := range pngs {
				if !bytes.Equal(pngs[i].Bytes(), pngs[0].Bytes()) || !bytes.Equal(svgs[i].Bytes(), svgs[0].Bytes()) {
					t.Errorf("writing %d differs from writing 0", i)
				}
			}
			decoder := xml.NewDecoder(&svgs[0])
			elements := 0
			for {
				token, err := decoder.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("the SVG is not well-formed: %v", err)
				}
				if _, ok := token.(xml.StartElement); ok {
					elements++
				}
			}
			if elements < 10 {
				t.Errorf("the SVG has %d elements, want at least 10", elements)
			}
			img, err := png.Decode(&pngs[0])
			if err != nil {
				t.Fatal(err)
			}
			paper := white
			if strings.HasPrefix(name, "dark") {
				paper = Dark.inks().paper
			}
			rimmedBy(t, opaque(t, img), paper)
		})
	}
}

func TestDrawnAgainGivesTheSameBytes(t *testing.T) {
	first, second := all(t), all(t)
	for name := range first {
		var a, b bytes.Buffer
		if err := errors.Join(first[name].WritePNG(&a), second[name].WritePNG(&b)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: the same data gave another picture", name)
		}
	}
}

func TestEmptyFigure(t *testing.T) {
	for _, f := range []*Figure{nil, {}} {
		_, err := f.Image()
		refused(t, err, ErrFigure, "Draw")
		refused(t, f.WritePNG(io.Discard), ErrFigure)
		refused(t, f.WriteSVG(io.Discard), ErrFigure)
		refused(t, f.Save("x.png"), ErrFigure)
		if w, h := f.Pixels(); w != 0 || h != 0 {
			t.Errorf("Pixels = %d, %d, want 0, 0", w, h)
		}
		if w, h := f.Inches(); w != 0 || h != 0 {
			t.Errorf("Inches = %v, %v, want 0, 0", w, h)
		}
	}
	f := all(t)["scatter"]
	refused(t, f.WritePNG(nil), ErrFigure, "nil")
	refused(t, f.WriteSVG(nil), ErrFigure, "nil")
}

func TestPanicOfTheDrawingLibraryIsAnError(t *testing.T) {
	f := &Figure{page: page{width: 72, height: 72, dpi: 72}, draw: func(draw.Canvas) { panic("out of ink") }}
	refused(t, f.WritePNG(io.Discard), ErrRender, "out of ink")
	refused(t, f.WriteSVG(io.Discard), ErrRender, "out of ink")
}

// full is a writer without room.
type full struct{}

var errFull = errors.New("no room")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriterErrorIsPassedOn(t *testing.T) {
	f := all(t)["confusion"]
	refused(t, f.WritePNG(full{}), errFull)
	refused(t, f.WriteSVG(full{}), errFull)
}

func TestSave(t *testing.T) {
	f := all(t)["confusion"]
	folder := t.TempDir()
	for name, start := range map[string]string{"a.png": "\x89PNG", "b.SVG": "<?xml", "c.x.Png": "\x89PNG"} {
		path := filepath.Join(folder, name)
		for range 2 { // a new file, then an old one
			if err := f.Save(path); err != nil {
				t.Fatal(err)
			}
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(content, []byte(start)) {
			t.Errorf("%s starts with %q, want %q", name, content[:8], start)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 3 {
		t.Errorf("the folder holds %v, want the 3 pictures only", files)
	}
}

func TestSaveRefuses(t *testing.T) {
	f := all(t)["confusion"]
	folder := t.TempDir()
	for _, name := range []string{"a.gif", "png", "a.", "", "a.png.gz"} {
		refused(t, f.Save(filepath.Join(folder, name)), ErrFormat, ".png or .svg")
	}
	refused(t, f.Save(filepath.Join(folder, "no", "such", "a.png")), os.ErrNotExist)

	// A folder stands where the file should go: the rename fails and no
	// half-written file stays.
	if err := os.MkdirAll(filepath.Join(folder, "taken.png", "inside"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(filepath.Join(folder, "taken.png")); err == nil {
		t.Error("saving over a folder succeeded")
	}
	// A drawing that fails leaves the older file alone.
	path := filepath.Join(folder, "old.png")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	bad := &Figure{page: page{width: 72, height: 72, dpi: 72}, draw: func(draw.Canvas) { panic("out of ink") }}
	refused(t, bad.Save(path), ErrRender)
	if content, err := os.ReadFile(path); err != nil || string(content) != "old" {
		t.Errorf("the old file holds %q (%v)", content, err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 {
		t.Errorf("the folder holds %v, want old.png and the folder taken.png only", files)
	}
}

func TestSizes(t *testing.T) {
	counts := [][]int{{1, 2}, {3, 4}}
	f, err := ConfusionMatrix{Width: 4, Height: 3, DPI: 72}.Draw(counts, nil)
	img := painted(t, f, err)
	if img.Bounds().Dx() != 288 || img.Bounds().Dy() != 216 {
		t.Errorf("4×3 inches at 72 dpi are %v, want 288×216", img.Bounds())
	}
	if w, h := f.Inches(); w != 4 || h != 3 {
		t.Errorf("Inches = %v, %v, want 4, 3", w, h)
	}
	for _, s := range []ConfusionMatrix{
		{Width: -1}, {Height: -1}, {Width: math.NaN()}, {Height: math.Inf(1)}, {Width: 1e9},
		{DPI: -1}, {DPI: 1_000_000}, {Width: 0.1}, {Height: 0.25}, {Width: 200, Height: 200, DPI: 2400},
	} {
		_, err := s.Draw(counts, nil)
		refused(t, err, ErrSize, "expected")
		_, err = Scatter{Width: s.Width, Height: s.Height, DPI: s.DPI}.Draw(dense(1, 2, 1, 1), nil, nil)
		refused(t, err, ErrSize, "expected")
		_, err = CenterImages{Width: s.Width, Height: s.Height, DPI: s.DPI}.Draw(dense(1, 4, 1, 1, 2, 2))
		refused(t, err, ErrSize, "expected")
		_, err = Elbow{Width: s.Width, Height: s.Height, DPI: s.DPI}.Draw([]int{1, 2}, []float64{2, 1})
		refused(t, err, ErrSize, "expected")
		_, err = Convergence{Width: s.Width, Height: s.Height, DPI: s.DPI}.Draw([]float64{2, 1}, nil)
		refused(t, err, ErrSize, "expected")
		_, err = Silhouette{Width: s.Width, Height: s.Height, DPI: s.DPI}.Draw([]float64{1, 1}, []int32{0, 1})
		refused(t, err, ErrSize, "expected")
	}
}
