package dataset

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadLabelsCSV(t *testing.T) {
	for in, want := range map[string][]int32{
		"1\n2\n":                  {1, 2},
		"-1":                      {-1},
		"\xef\xbb\xbf 7\t\r\n+8":  {7, 8},
		"3\n\n \n":                {3},
		"2147483647\n-2147483648": {math.MaxInt32, math.MinInt32},
	} {
		if got, err := ReadLabelsCSV(strings.NewReader(in)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", in, got, err, want)
		}
	}
	for in, c := range map[string]struct {
		want error
		says string
	}{
		"":                                 {ErrFormat, "empty"},
		"\n\n":                             {ErrFormat, "empty"},
		"label\n1\n":                       {ErrFormat, "line 1"},
		"1\n2.0\n":                         {ErrFormat, "line 2"},
		"1\n2,3\n":                         {ErrFormat, "line 2"},
		"1\n\n2\n":                         {ErrFormat, "line 2 is blank"},
		"1\n2147483648\n":                  {ErrDtype, "line 2"},
		"1\n" + strings.Repeat("9", 1<<17): {ErrFormat, "line 2"},
	} {
		got, err := ReadLabelsCSV(strings.NewReader(in))
		if !errors.Is(err, c.want) || got != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.20q: %v; want %v saying %q", in, err, c.want, c.says)
		}
	}
	broken := io.MultiReader(strings.NewReader("1\n2\n"), iotest.ErrReader(io.ErrClosedPipe))
	if _, err := ReadLabelsCSV(broken); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("broken stream: %v", err)
	}
	if _, err := ReadLabelsCSV(nil); !errors.Is(err, ErrConfig) {
		t.Errorf("nil reader: %v", err)
	}
}

func TestLabelsRoundTrip(t *testing.T) {
	want := []int32{0, 1, -1, math.MaxInt32, math.MinInt32}
	var text, binary bytes.Buffer
	if err := WriteLabelsCSV(&text, want); err != nil {
		t.Fatal(err)
	}
	if err := WriteLabelsNPY(&binary, want); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadLabelsCSV(&text); err != nil || !slices.Equal(got, want) {
		t.Errorf("CSV: %v, %v", got, err)
	}
	if got, err := ReadLabelsNPY(&binary); err != nil || !slices.Equal(got, want) {
		t.Errorf("NPY: %v, %v", got, err)
	}
	for _, none := range [][]int32{nil, {}} {
		if err := WriteLabelsCSV(io.Discard, none); !errors.Is(err, ErrShape) {
			t.Errorf("no labels, CSV: %v", err)
		}
		if err := WriteLabelsNPY(io.Discard, none); !errors.Is(err, ErrShape) {
			t.Errorf("no labels, NPY: %v", err)
		}
	}
}
