package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// gradients is a small picture of smooth changes and noise, with many colors.
func gradients(width, height int) *image.NRGBA {
	r := rand.New(rand.NewPCG(4, 4))
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, color.NRGBA{
				R: uint8(200*x/width + r.IntN(9)), G: uint8(200*y/height + r.IntN(9)),
				B: uint8(100 + 80*math.Sin(float64(x+y)/20) + 8*r.Float64()), A: 255,
			})
		}
	}
	return img
}

// pngOf writes an image into a new folder and returns the path.
func pngOf(t *testing.T, img image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return textFile(t, "picture.png", b.String())
}

func decoded(t *testing.T, path string) image.Image {
	t.Helper()
	img, err := png.Decode(strings.NewReader(contents(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// The inertia told is that of the image written, up to the rounding of its colors;
// it is no worse than that of k-means of all pixels, and the same with any number
// of threads.
func TestQuantizeIsKMeansOfThePixels(t *testing.T) {
	img := gradients(160, 120) // more colors than are fitted at once
	from, to := pngOf(t, img), filepath.Join(t.TempDir(), "out.png")
	got := lloyd("quantize", from, "-k", "12", "-o", to, "--json", "--threads", "1").done(t).object(t)

	var rows []float32
	for i := 0; i < len(img.Pix); i += 4 {
		rows = append(rows, float32(img.Pix[i]), float32(img.Pix[i+1]), float32(img.Pix[i+2]))
	}
	x := tensor.New(tensor.WithShape(len(rows)/3, 3), tensor.WithBacking(rows))
	m, err := cluster.KMeans{K: 12, Restarts: 3, Seed: 5}.Fit(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	inertia := got["inertia"].(float64)
	if !(inertia <= 1.001*m.Inertia) {
		t.Errorf("inertia %v, k-means of all pixels has %v", inertia, m.Inertia)
	}

	out, ok := decoded(t, to).(*image.Paletted)
	if !ok || len(out.Palette) != 12 {
		t.Fatalf("the image written is a %T", decoded(t, to))
	}
	var direct, nearest float64
	counts := make([]float64, 12)
	for y := range 120 {
		for x := range 160 {
			a, b := img.NRGBAAt(x, y), color.NRGBAModel.Convert(out.At(x, y)).(color.NRGBA)
			direct += squared(a, b)
			least := math.Inf(1)
			for _, c := range out.Palette {
				least = min(least, squared(a, color.NRGBAModel.Convert(c).(color.NRGBA)))
			}
			nearest += least
			counts[out.ColorIndexAt(x, y)]++
		}
	}
	if math.Abs(direct-inertia) > 0.02*inertia || direct > 1.001*nearest {
		t.Errorf("the image written has an error of %v, told is %v; nearest colors give %v", direct, inertia, nearest)
	}
	for i, c := range out.Palette {
		if want := hex(color.NRGBAModel.Convert(c).(color.NRGBA)); got["palette"].([]any)[i] != want {
			t.Errorf("color %d is %v, told is %v", i, want, got["palette"].([]any)[i])
		}
		if n := got["counts"].([]any)[i].(float64); n != counts[i] || i > 0 && n > counts[i-1] {
			t.Errorf("color %d has %v pixels, told are %v", i, counts[i], n)
		}
	}
	if rms := math.Sqrt(inertia / (3 * 160 * 120)); math.Abs(got["error"].(float64)-rms) > 1e-9 {
		t.Errorf("the error told is %v, want %v", got["error"], rms)
	}

	first := contents(t, to)
	lloyd("quantize", from, "-k", "12", "-o", to, "--threads", "3").done(t)
	if contents(t, to) != first {
		t.Error("three threads paint another image")
	}
}

func squared(a, b color.NRGBA) float64 {
	r, g, bl := float64(a.R)-float64(b.R), float64(a.G)-float64(b.G), float64(a.B)-float64(b.B)
	return r*r + g*g + bl*bl
}

func TestQuantizeForAReader(t *testing.T) {
	from, to := pngOf(t, gradients(40, 30)), filepath.Join(t.TempDir(), "out.png")
	out := lloyd("quantize", from, "-k", "100", "-o", to).done(t)
	if out.stdout != "" || !strings.Contains(out.stderr, "40 × 30 pixels") || !strings.Contains(out.stderr, "more, see --json") {
		t.Errorf("it says %q and\n%s", out.stdout, out.stderr)
	}
	for line := range strings.Lines(out.stderr) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 && !strings.Contains(line, os.TempDir()) {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	// Through a pipe, without an image.
	piped := lloydWith(strings.NewReader(contents(t, from)), "quantize", "-", "-k", "100", "--json").done(t).object(t)
	if piped["width"] != 40.0 || len(piped["palette"].([]any)) != 100 {
		t.Errorf("through a pipe: %v", piped)
	}
}

// No more colors than there are, and then exactly these.
func TestQuantizeOfFewColors(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 4, 2))
	for i := range 8 {
		img.SetNRGBA(i%4, i/4, []color.NRGBA{{R: 255, A: 255}, {G: 255, A: 255}, {G: 255, A: 255}, {B: 9, A: 255}}[i%4])
	}
	from, to := pngOf(t, img), filepath.Join(t.TempDir(), "out.png")
	out := lloyd("quantize", from, "-k", "7", "-o", to).done(t)
	if !strings.Contains(out.stderr, "no more than 3 colors; -k 7") {
		t.Errorf("it says:\n%s", out.stderr)
	}
	got := lloyd("quantize", from, "-k", "7", "--json").done(t).object(t)
	if fmt.Sprint(got["palette"], got["counts"], got["inertia"]) != "[#00ff00 #ff0000 #000009] [4 2 2] 0" {
		t.Errorf("got %v", got)
	}
	samePixels(t, decoded(t, to), img)
	// One color for all: the mean.
	if got := lloyd("quantize", from, "-k", "1", "--json").done(t).object(t); fmt.Sprint(got["palette"]) != "[#408002]" {
		t.Errorf("the mean color is %v", got["palette"])
	}
}

// samePixels demands equal pixels.
func samePixels(t *testing.T, got, want image.Image) {
	t.Helper()
	if got.Bounds().Size() != want.Bounds().Size() {
		t.Fatalf("%v, want %v", got.Bounds(), want.Bounds())
	}
	a, b := got.Bounds().Min, want.Bounds().Min
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			g, w := color.NRGBAModel.Convert(got.At(a.X+x, a.Y+y)), color.NRGBAModel.Convert(want.At(b.X+x, b.Y+y))
			if g != w {
				t.Fatalf("pixel (%d, %d) is %v, want %v", x, y, g, w)
			}
		}
	}
}

// Transparent pixels stay so, with a color of the palette of their own, and what
// color they would have does not matter.
func TestQuantizeKeepsTransparency(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 30, 30))
	for i := range 900 {
		c := color.NRGBA{R: uint8(i % 50), G: uint8(i % 7), B: 200, A: 255}
		switch i % 3 {
		case 1:
			c = color.NRGBA{R: uint8(i), G: 255, B: uint8(i), A: 0}
		case 2:
			c = color.NRGBA{R: 250, G: uint8(i % 5), A: 128}
		}
		img.SetNRGBA(i%30, i/30, c)
	}
	to := filepath.Join(t.TempDir(), "out.png")
	got := lloyd("quantize", pngOf(t, img), "-k", "3", "-o", to, "--json").done(t).object(t)
	out := decoded(t, to)
	for i := range 900 {
		c := color.NRGBAModel.Convert(out.At(i%30, i/30)).(color.NRGBA)
		if want := []uint8{255, 0, 128}[i%3]; c.A != want || i%3 == 2 && (c.R < 245 || c.B > 5) {
			t.Fatalf("pixel %d is %v, want opacity %d", i, c, want)
		}
	}
	if palette := fmt.Sprint(got["palette"]); !strings.Contains(palette, "#00000000") || strings.Count(palette, "80 ")+strings.Count(palette, "80]") != 1 {
		t.Errorf("the palette is %v", palette)
	}
}

// Dithered, an image keeps its mean color where bands do not.
func TestQuantizeDithers(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 * 64 {
		v := uint8(i % 64 * 4)
		img.SetNRGBA(i%64, i/64, color.NRGBA{v, v, v, 255})
	}
	from, dir := pngOf(t, img), t.TempDir()
	columnError := func(name string, flags ...string) float64 {
		to := filepath.Join(dir, name)
		lloyd(append([]string{"quantize", from, "-k", "2", "-o", to}, flags...)...).done(t)
		out := decoded(t, to)
		var all float64
		for x := 20; x < 44; x++ {
			var sum float64
			for y := range 64 {
				sum += float64(color.GrayModel.Convert(out.At(x, y)).(color.Gray).Y)
			}
			all += math.Abs(sum/64-float64(x*4)) / 24
		}
		return all
	}
	if plain, dithered := columnError("plain.png"), columnError("dithered.png", "--dither"); dithered > 0.3*plain {
		t.Errorf("columns are off by %v dithered, %v plain", dithered, plain)
	}
}

// More colors than a palette holds.
func TestQuantizeWithoutAPalette(t *testing.T) {
	img := gradients(80, 60)
	to := filepath.Join(t.TempDir(), "out.png")
	got := lloyd("quantize", pngOf(t, img), "-k", "300", "-o", to, "--json").done(t).object(t)
	distinct := map[color.Color]bool{}
	out := decoded(t, to)
	for y := range 60 {
		for x := range 80 {
			distinct[out.At(x, y)] = true
		}
	}
	if _, paletted := out.(*image.Paletted); paletted || len(got["palette"].([]any)) != 300 || len(distinct) < 290 || len(distinct) > 300 {
		t.Errorf("a %T of %d colors", out, len(distinct))
	}
}

// JPEG, GIF, gray and 16-bit images are read as the standard library reads them.
func TestQuantizeReadsImages(t *testing.T) {
	img := gradients(24, 16)
	var asJPEG, asGIF bytes.Buffer
	if err := jpeg.Encode(&asJPEG, img, nil); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&asGIF, img, nil); err != nil {
		t.Fatal(err)
	}
	gray, wide := image.NewGray(image.Rect(0, 0, 9, 5)), image.NewNRGBA64(image.Rect(0, 0, 9, 5))
	for i := range 45 {
		gray.SetGray(i%9, i/9, color.Gray{uint8(i * 5)})
		wide.SetNRGBA64(i%9, i/9, color.NRGBA64{uint16(i * 1000), 0, 65535, 65535})
	}
	for name, file := range map[string]string{
		"jpeg": asJPEG.String(), "gif": asGIF.String(),
		"gray": contents(t, pngOf(t, gray)), "wide": contents(t, pngOf(t, wide)),
	} {
		to := filepath.Join(t.TempDir(), "out.png")
		lloydWith(strings.NewReader(file), "quantize", "-", "-k", "100000", "-o", to).done(t)
		want, _, err := image.Decode(strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { samePixels(t, decoded(t, to), want) })
	}
}

// exif puts an orientation into a JPEG.
func exif(file []byte, orientation uint16, order binary.AppendByteOrder, mark string) []byte {
	tiff := []byte(mark)
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(segment)+2))
	return slices.Concat(head, segment, file[2:])
}

// A picture with one white corner is turned such that the corner comes where the
// orientation says.
func TestQuantizeTurnsPhotographs(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 64, 32)) // its upper left is white
	for i := range 16 * 16 {
		img.SetGray(i%16, i/16, color.Gray{255})
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	for orientation, corner := range map[uint16]string{
		0: "upper left", 1: "upper left", 2: "upper right", 3: "lower right", 4: "lower left",
		5: "upper left", 6: "upper right", 7: "lower right", 8: "lower left", 9: "upper left",
	} {
		for mark, order := range map[string]binary.AppendByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
			if (mark == "II") != (orientation%2 == 0 || orientation == 5) {
				continue // each order with some
			}
			to := filepath.Join(t.TempDir(), "out.png")
			lloydWith(bytes.NewReader(exif(file.Bytes(), orientation, order, mark)), "quantize", "-", "-k", "2", "-o", to).done(t)
			out := decoded(t, to)
			size := out.Bounds().Size()
			if want := map[bool]image.Point{false: {X: 64, Y: 32}, true: {X: 32, Y: 64}}[orientation >= 5 && orientation <= 8]; size != want {
				t.Errorf("%s %d: the image is %v, want %v", mark, orientation, size, want)
			}
			for name, at := range map[string]image.Point{
				"upper left": {}, "upper right": {X: size.X - 1}, "lower left": {Y: size.Y - 1}, "lower right": {X: size.X - 1, Y: size.Y - 1},
			} {
				if white := color.GrayModel.Convert(out.At(at.X, at.Y)).(color.Gray).Y > 128; white != (name == corner) {
					t.Errorf("%s %d: the %s is white: %t; want the %s", mark, orientation, name, white, corner)
				}
			}
		}
	}
	// 5 and 7 are mirrored beside 8 and 6: the whole of the transform.
	p := pixels{width: 2, height: 3, packed: []uint32{1, 2, 3, 4, 5, 6}}
	for orientation, want := range map[int][]uint32{
		2: {2, 1, 4, 3, 6, 5}, 3: {6, 5, 4, 3, 2, 1}, 4: {5, 6, 3, 4, 1, 2},
		5: {1, 3, 5, 2, 4, 6}, 6: {5, 3, 1, 6, 4, 2}, 7: {6, 4, 2, 5, 3, 1}, 8: {2, 4, 6, 1, 3, 5},
	} {
		if got := p.turned(orientation).packed; !slices.Equal(got, want) {
			t.Errorf("orientation %d gives %v, want %v", orientation, got, want)
		}
	}
}

func FuzzOrientation(f *testing.F) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(exif(file.Bytes(), 6, binary.BigEndian, "MM"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x12Exif\x00\x00II"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if v := orientation(file); v < 1 || v > 8 {
			t.Errorf("orientation %d", v)
		}
	})
}

func TestQuantizeFailures(t *testing.T) {
	good := pngOf(t, gradients(8, 8))
	whole := contents(t, good)
	bomb := []byte(whole)
	binary.BigEndian.PutUint32(bomb[16:], 1<<30) // its width
	dir := t.TempDir()
	for _, c := range []struct {
		name, pattern string
		args          []string
	}{
		{"no such file", `nowhere\.png: it cannot be read: no such file`, []string{"nowhere.png", "-k", "2", "-o", dir + "/o.png"}},
		{"folder", `folder`, []string{dir, "-k", "2", "--json"}},
		{"no image", `x\.csv: that is no PNG, JPEG or GIF image`, []string{textFile(t, "x.csv", "1,2\n"), "-k", "2", "--json"}},
		{"empty", `no PNG, JPEG or GIF`, []string{textFile(t, "x.png", ""), "-k", "2", "--json"}},
		{"cut short", `broken.*write it anew`, []string{textFile(t, "x.png", whole[:len(whole)/2]), "-k", "2", "--json"}},
		{"too large", `broken|claims`, []string{textFile(t, "x.png", string(bomb)), "-k", "2", "--json"}},
		{"out without a folder", `--out.*nowhere`, []string{good, "-k", "2", "-o", "nowhere/o.png"}},
	} {
		t.Run(c.name, func(t *testing.T) { lloyd(append([]string{"quantize"}, c.args...)...).failed(t, exitFailed, c.pattern) })
	}
	for line, pattern := range map[string]string{
		"":                               `IMAGE is missing`,
		"IMAGE IMAGE -k 2":               `2 arguments came`,
		"IMAGE":                          `-k is missing`,
		"IMAGE -k 0":                     `-k "0": a whole number`,
		"IMAGE -k 2":                     `-o is missing`,
		"IMAGE -k 2 -o out.jpg":          `-o "out.jpg": a name that ends in .png`,
		"IMAGE -k 2 -o IMAGE":            `overwrite`,
		"IMAGE -k 300 -o o.png --dither": `--dither with -k 300: up to 256`,
		"IMAGE -k 2 --json --dither":     `--dither without -o`,
	} {
		args := strings.Fields(strings.ReplaceAll("quantize "+line, "IMAGE", good))
		lloyd(args...).failed(t, exitUsage, pattern)
	}
}
