package dataset

import (
	"errors"
	"testing"

	"gorgonia.org/tensor"
)

func TestDigits(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, {}} {
		set, err := Digits(dt)
		if err != nil {
			t.Fatal(err)
		}
		if s := set.X.Shape(); s[0] != 1797 || s[1] != 64 || len(set.Labels) != 1797 {
			t.Fatalf("shape %v, %d labels", s, len(set.Labels))
		}
		want := dt
		if want.Type == nil {
			want = tensor.Float64
		}
		if set.X.Dtype() != want {
			t.Errorf("dtype %v, want %v", set.X.Dtype(), want)
		}
		// Class sizes and the sum of all pixels (561718) as load_digits has them.
		var sizes [10]int
		for _, l := range set.Labels {
			sizes[l]++
		}
		if want := [10]int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}; sizes != want {
			t.Errorf("class sizes %v, want %v", sizes, want)
		}
		sum := 0.0
		for _, v := range elementsOf(t, set.X) {
			if v < 0 || v > 16 || v != float64(int(v)) {
				t.Fatalf("pixel %v", v)
			}
			sum += v
		}
		if sum != 561718 {
			t.Errorf("sum of pixels %v, want 561718", sum)
		}
	}
	if _, err := Digits(tensor.Int); !errors.Is(err, ErrDtype) {
		t.Errorf("Int: %v", err)
	}
}

func TestDigitsAreFresh(t *testing.T) {
	a, err := Digits(tensor.Float32)
	if err != nil {
		t.Fatal(err)
	}
	a.X.Data().([]float32)[2], a.Labels[0] = 99, 9
	b, err := Digits(tensor.Float32)
	if err != nil {
		t.Fatal(err)
	}
	if v := b.X.Data().([]float32)[2]; v != 5 || b.Labels[0] != 0 {
		t.Errorf("a change of one copy shows in the next: %v, %d", v, b.Labels[0])
	}
}

// elementsOf reads a tensor row by row through its own shape and strides.
func elementsOf(t testing.TB, x *tensor.Dense) []float64 {
	t.Helper()
	m, err := matrixOf(x)
	if err != nil {
		t.Fatal(err)
	}
	return widened(m)
}
