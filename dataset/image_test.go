package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"gorgonia.org/tensor"
)

// goldenPixels is the picture of the golden files.
func goldenPixels(gray bool) []float64 {
	var all []float64
	for y := range 3 {
		for x := range 4 {
			if r := 60 * float64(x); gray {
				all = append(all, r, r, r)
			} else {
				all = append(all, r, 80*float64(y), 7)
			}
		}
	}
	return all
}

func TestReadImagesOfPillow(t *testing.T) {
	for name, want := range map[string][]float64{
		"rgb.png": goldenPixels(false), "rgba.png": goldenPixels(false), "palette.png": goldenPixels(false),
		"gray.png": goldenPixels(true), "gray16.png": goldenPixels(true),
	} {
		for _, dt := range []tensor.Dtype{{}, tensor.Float32, tensor.Float64} {
			got, err := ReadImage(bytes.NewReader(goldenFile(t, name)), dt)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if dt.Type == nil {
				dt = tensor.Float32
			}
			if got.Width != 4 || got.Height != 3 || got.X.Dtype() != dt || !slices.Equal(elementsOf(t, got.X), want) {
				t.Errorf("%s: %d×%d, %v", name, got.Width, got.Height, got.X.Data())
			}
		}
		path := "../testdata/formats/" + name
		got, err := ReadFile(path, FileOptions{})
		if err != nil || got.Width != 4 || !slices.Equal(elementsOf(t, got.X), want) {
			t.Errorf("ReadFile %s: %v", name, err)
		}
		s, err := Open(path, FileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if pixels := pasted(t, s, 5); !slices.Equal(pixels, want) || s.Rows() != 12 {
			t.Errorf("blocks of %s: %v", name, pixels)
		}
		if got, err := Read(unsized(goldenFile(t, name)), FileOptions{}); err != nil || !slices.Equal(elementsOf(t, got.X), want) {
			t.Errorf("%s as a stream: %v", name, err)
		}
	}
}

// JPEG is near the truth, within squares of 16×16.
func TestReadJPEG(t *testing.T) {
	got, err := ReadImage(bytes.NewReader(goldenFile(t, "rgb.jpg")), tensor.Dtype{})
	if err != nil || got.Width != 64 || got.Height != 48 {
		t.Fatalf("%v, %v", got, err)
	}
	want := goldenPixels(false)
	pixels := elementsOf(t, got.X)
	for y := range 48 {
		for x := range 64 {
			for c := range 3 {
				have, near := pixels[3*(64*y+x)+c], want[3*(4*(y/16)+x/16)+c]
				if math.Abs(have-near) > 12 {
					t.Errorf("pixel %d, %d has %v, want about %v", x, y, have, near)
				}
			}
		}
	}
}

// Every kind of image that the decoders give, also one that does not begin at
// 0, 0.
func TestPixelsOfEveryKind(t *testing.T) {
	whole := image.Rect(2, 1, 5, 3)
	at := func(x, y int) color.Color { return color.NRGBA{uint8(40 * x), uint8(50 * y), 9, 255} }
	type canvas interface {
		image.Image
		Set(x, y int, c color.Color)
	}
	for name, img := range map[string]canvas{
		"NRGBA": image.NewNRGBA(whole), "RGBA": image.NewRGBA(whole), "NRGBA64": image.NewNRGBA64(whole), "RGBA64": image.NewRGBA64(whole),
		"paletted": image.NewPaletted(whole, color.Palette{at(2, 1), at(3, 1), at(4, 1), at(2, 2), at(3, 2), at(4, 2)}),
	} {
		for y := 1; y < 3; y++ {
			for x := 2; x < 5; x++ {
				img.Set(x, y, at(x, y))
			}
		}
		pixel := pixelsOf(img)
		for y := range 2 {
			for x := range 3 {
				if got, want := pixel(x, y), [3]float32{float32(40 * (x + 2)), float32(50 * (y + 1)), 9}; got != want {
					t.Errorf("%s: pixel %d, %d is %v, want %v", name, x, y, got, want)
				}
			}
		}
	}
	half := image.NewRGBA(whole) // half transparent, premultiplied
	half.Set(2, 1, color.NRGBA{200, 100, 50, 128})
	if got := pixelsOf(half)(0, 0); math.Abs(float64(got[0]-200)) > 2 {
		t.Errorf("half transparent: %v", got)
	}
	hidden := image.NewNRGBA(whole) // color under full transparency
	hidden.SetNRGBA(2, 1, color.NRGBA{200, 100, 50, 0})
	if got := pixelsOf(hidden)(0, 0); got != [3]float32{200, 100, 50} {
		t.Errorf("hidden: %v", got)
	}
}

func TestPNGRoundTrip(t *testing.T) {
	want := goldenPixels(false)
	narrow := make([]float32, len(want))
	for i, v := range want {
		narrow[i] = float32(v) + 0.25
	}
	for _, x := range []*tensor.Dense{asTensor(12, 3, want), asTensor(12, 3, narrow)} {
		var out bytes.Buffer
		if err := WritePNG(&out, x, 6); err != nil {
			t.Fatal(err)
		}
		got, err := ReadImage(&out, tensor.Float64)
		if err != nil || got.Width != 6 || got.Height != 2 || !slices.Equal(elementsOf(t, got.X), want) {
			t.Errorf("%v, %v", got, err)
		}
	}
}

// hugePNG claims 2^14 × 2^14 pixels and has none.
func hugePNG(t *testing.T, width, height uint32) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	content := out.Bytes()
	binary.BigEndian.PutUint32(content[16:], width)
	binary.BigEndian.PutUint32(content[20:], height)
	binary.BigEndian.PutUint32(content[29:], crc32.ChecksumIEEE(content[12:29]))
	return content
}

func TestReadImageRefuses(t *testing.T) {
	whole := goldenFile(t, "rgb.png")
	photo := slices.Clone(goldenFile(t, "rgb.jpg"))
	frame := bytes.Index(photo, []byte("\xff\xc0"))
	copy(photo[frame+5:], "\x3f\xff\x3f\xff")
	for name, c := range map[string]struct {
		in   []byte
		want error
		says string
	}{
		"empty":      {nil, ErrFormat, "PNG or JPEG"},
		"text":       {[]byte("GIF89a"), ErrFormat, "GIF89a"},
		"mark only":  {[]byte(pngMagic), ErrFormat, "PNG image is broken"},
		"cut":        {whole[:len(whole)-20], ErrFormat, "PNG image is broken"},
		"cut JPEG":   {goldenFile(t, "rgb.jpg")[:650], ErrFormat, "JPEG image is broken"},
		"false":      {hugePNG(t, 1<<14, 1<<14), ErrFormat, "16384×16384"},
		"false JPEG": {photo, ErrFormat, "16383×16383"},
		"huge":       {hugePNG(t, 1<<20, 1<<20), ErrShape, "at most|1 to"},
	} {
		var got *Table
		var err error
		n := allocated(func() { got, err = ReadImage(bytes.NewReader(c.in), tensor.Dtype{}) })
		if !errors.Is(err, c.want) || got != nil || !strings.Contains(err.Error(), c.says[strings.IndexByte(c.says, '|')+1:]) {
			t.Errorf("%s: %v; want %v saying %q", name, err, c.want, c.says)
		}
		if n > 8<<20 {
			t.Errorf("%s allocates %d bytes", name, n)
		}
	}
	if _, err := ReadImage(nil, tensor.Dtype{}); !errors.Is(err, ErrConfig) {
		t.Errorf("nil reader: %v", err)
	}
	if _, err := ReadImage(bytes.NewReader(whole), tensor.Int); !errors.Is(err, ErrDtype) {
		t.Errorf("dtype int: %v", err)
	}
	if _, err := ReadImage(iotest.ErrReader(io.ErrClosedPipe), tensor.Dtype{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("broken stream: %v", err)
	}
}

func TestWritePNGRefuses(t *testing.T) {
	x := asTensor(2, 3, []float64{1, 2, 3, 4, 5, 255})
	for name, c := range map[string]struct {
		w     io.Writer
		x     *tensor.Dense
		width int
		want  error
	}{
		"nil writer":  {nil, x, 1, ErrConfig},
		"nil tensor":  {io.Discard, nil, 1, ErrShape},
		"two columns": {io.Discard, asTensor(3, 2, make([]float32, 6)), 1, ErrShape},
		"no width":    {io.Discard, x, 0, ErrShape},
		"half a line": {io.Discard, x, 3, ErrShape},
		"negative":    {io.Discard, asTensor(1, 3, []float32{0, 0, -1}), 1, ErrDtype},
		"too bright":  {io.Discard, asTensor(1, 3, []float64{0, 255.6, 0}), 1, ErrDtype},
		"NaN":         {io.Discard, asTensor(1, 3, []float64{math.NaN(), 0, 0}), 1, ErrDtype},
		"full":        {&fullDisk{}, x, 1, errFull},
	} {
		if err := WritePNG(c.w, c.x, c.width); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	path := filepath.Join(t.TempDir(), "x.png")
	if err := WriteFile(path, x); !errors.Is(err, ErrUnknownFormat) || !strings.Contains(err.Error(), "WritePNG") {
		t.Errorf("WriteFile: %v", err)
	}
}
