package cluster

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// splitMix is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
type splitMix uint64

func (s *splitMix) uniform() float64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) * 0x1p-53
}

// normal is nearly normal, with the same bits wherever it is computed.
func (s *splitMix) normal() float64 {
	var sum float64
	for range 12 {
		sum += s.uniform()
	}
	return sum - 6
}

// groupRows are n rows of d columns, row i around center i mod k, with a deviation of the
// center's own; the centers lie in a cube of the given side.
func groupRows(seed splitMix, n, d, k int, side float64, deviations ...float64) []float64 {
	centers := each(k*d, func(int) float64 { return seed.uniform() * side })
	return each(n*d, func(i int) float64 {
		c := i / d % k
		return centers[c*d+i%d] + float64(seed.normal()*deviations[c%len(deviations)])
	})
}

// arcRows are n points of a half circle with noise; every other one is moved by second.
func arcRows(seed splitMix, n int, noise float64, second func(x, y float64) (float64, float64)) []float64 {
	ts := each(n, func(int) float64 { return float64(seed.uniform()*2) - 1 })
	var rows []float64
	for i, t := range ts {
		square := float64(t * t)
		x, y := 2*t/(1+square), (1-square)/(1+square)
		if i%2 == 1 {
			x, y = second(x, y)
		}
		rows = append(rows, x+float64(seed.normal()*noise))
		rows = append(rows, y+float64(seed.normal()*noise))
	}
	return rows
}

// generatedSets are the sets that testdata/cluster/sets.py generates, too.
var generatedSets = map[string]func() []float64{
	"blobs": func() []float64 { return groupRows(1, 600, 5, 7, 10, 1) },
	"anisotropic": func() []float64 {
		v := groupRows(2, 600, 2, 3, 20, 1)
		for i := 0; i < len(v); i += 2 {
			x, y := v[i], v[i+1]
			v[i], v[i+1] = float64(x*.6)-float64(y*.6), float64(y*.8)-float64(x*.4)
		}
		return v
	},
	"variances": func() []float64 { return groupRows(3, 600, 2, 4, 30, 1, 3, .5, 2) },
	"moons": func() []float64 {
		return arcRows(4, 500, .05, func(x, y float64) (float64, float64) { return 1 - x, .5 - y })
	},
	"circles": func() []float64 {
		v := arcRows(5, 500, .04, func(x, y float64) (float64, float64) { return x * .5, y * .5 })
		for i := range v {
			if i/4%2 == 1 { // two rows of four
				v[i] = -v[i]
			}
		}
		return v
	},
	"uniform": func() []float64 {
		s := splitMix(6)
		return each(700*8, func(int) float64 { return s.uniform() })
	},
	"spectrum 768": func() []float64 {
		v := groupRows(7, 300, 768, 8, 3, 1)
		for i := range v {
			v[i] /= math.Sqrt(float64(i%768 + 1))
		}
		return v
	},
	"pixels 600": func() []float64 {
		s := splitMix(8)
		return each(400*600, func(int) float64 { return math.Floor(s.uniform() * 256) })
	},
}

// storedSets are the files of the other sets.
var storedSets = map[string]string{"iris": "iris", "wine": "wine", "breast cancer": "breast_cancer"}

// setOf returns the rows of a set and checks that they are those that scikit-learn had.
func setOf(t *testing.T, name string, n, d int, crc uint32) *tensor.Dense {
	t.Helper()
	var x *tensor.Dense
	if file := storedSets[name]; file != "" {
		table, err := dataset.ReadFile("../testdata/cluster/"+file+".csv.gz", dataset.FileOptions{Dtype: tensor.Float64})
		if err != nil {
			t.Fatal(err)
		}
		x = table.X
	} else if generate := generatedSets[name]; generate != nil {
		x = matrix(d, generate()...)
	} else {
		digits, err := dataset.Digits(tensor.Float64)
		if err != nil {
			t.Fatal(err)
		}
		x = digits.X
	}
	raw, err := binary.Append(nil, binary.LittleEndian, x.Data())
	if err != nil {
		t.Fatal(err)
	}
	if !x.Shape().Eq(tensor.Shape{n, d}) || crc32.ChecksumIEEE(raw) != crc {
		t.Fatalf("%s: %v rows with the checksum %d; scikit-learn had %d×%d with %d", name, x.Shape(), crc32.ChecksumIEEE(raw), n, d, crc)
	}
	return x
}
