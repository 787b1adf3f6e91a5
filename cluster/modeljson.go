package cluster

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unsafe"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// modelJSON is a Model as JSON.
type modelJSON struct {
	K          int             `json:"k"`
	D          int             `json:"d"`
	Dtype      string          `json:"dtype"`
	Spherical  bool            `json:"spherical,omitempty"`
	Inertia    float64         `json:"inertia"`
	Iterations int             `json:"iterations"`
	Stopped    string          `json:"stopped"`
	Counts     []int64         `json:"counts,omitempty"`
	Centers    json.RawMessage `json:"centers"` // K lists of D numbers
}

// MarshalJSON returns the model as a JSON object, for programs in other languages and for
// people:
//
//	{"k":2,"d":3,"dtype":"float32","inertia":0.5,"iterations":7,"stopped":"converged",
//	 "counts":[4,2],"centers":[[1,2,3],[4,5,6]]}
//
// and "spherical":true before the inertia if it is that. The numbers have as many digits
// as it takes to get the same bits back. Save keeps more, in less space: what
// MiniBatch.PartialFit goes on with. The error wraps ErrInput when the model has no usable
// centers or its inertia is not finite.
func (m Model) MarshalJSON() ([]byte, error) {
	if m.Centers == nil {
		return nil, fmt.Errorf("%w: the model has no centers", ErrInput)
	}
	const name = "the matrix of the model's centers"
	if err := checkTensor(name, m.Centers); err != nil {
		return nil, err
	}
	if m.Inertia-m.Inertia != 0 {
		return nil, fmt.Errorf("%w: the model's inertia is %v, which JSON has no number for", ErrInput, m.Inertia)
	}
	j := modelJSON{
		K: m.K(), D: m.D(), Dtype: m.Centers.Dtype().String(), Spherical: m.Spherical,
		Inertia: m.Inertia, Iterations: m.Iterations, Stopped: m.Stopped.String(), Counts: m.Counts,
	}
	var err error
	if m.Centers.Dtype() == tensor.Float32 {
		j.Centers, err = jsonRows[float32](name, m.Centers)
	} else {
		j.Centers, err = jsonRows[float64](name, m.Centers)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(j)
}

// jsonRows returns the rows of t as lists of numbers.
func jsonRows[T element](name string, t *tensor.Dense) ([]byte, error) {
	c, err := rowsOf[T](name, t)
	if err != nil {
		return nil, err
	}
	if err := notFinite(name, c, 0); err != nil {
		return nil, err
	}
	text := []byte{'['}
	for i := range c.N {
		for j, v := range c.Row(i) {
			text = append(text, "[,"[min(j, 1)])
			text = appendNumber(text, float64(v), 8*int(unsafe.Sizeof(v)))
		}
		text = append(text, ']', ',')
	}
	text[len(text)-1] = ']'
	return text, nil
}

// appendNumber appends v, a float of so many bits, as encoding/json writes it, but −0 as
// -0.0, because -0 is the integer 0 to many a program.
func appendNumber(text []byte, v float64, bits int) []byte {
	format := byte('f')
	switch size := math.Abs(v); {
	case v == 0 && math.Signbit(v):
		return append(text, "-0.0"...)
	case size != 0 && size < 1e-6 || size >= 1e21:
		format = 'e'
	}
	return strconv.AppendFloat(text, v, format, -1, bits)
}

// UnmarshalJSON replaces the model by the one that MarshalJSON wrote, or another program
// in the same form; of the keys, k, d, dtype and centers must be there, and those that are
// not known are left out of account. The error wraps ErrModel, and leaves the model as it was: the JSON
// is not of that form, a list of the centers has another number of elements than the
// others, or there is a number out of the range of the dtype.
func (m *Model) UnmarshalJSON(text []byte) error {
	if string(text) == "null" { // as is the custom
		return nil
	}
	var j modelJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return fmt.Errorf("%w: %w", ErrModel, err)
	}
	next, err := j.model()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrModel, err)
	}
	*m = *next
	return nil
}

func (j modelJSON) model() (*Model, error) {
	var t *tensor.Dense
	var err error
	switch j.Dtype {
	case "float32":
		t, err = rowsOfJSON[float32](j)
	case "float64":
		t, err = rowsOfJSON[float64](j)
	default:
		err = fmt.Errorf("the dtype is %q; expected float32 or float64", j.Dtype)
	}
	if err != nil {
		return nil, err
	}
	m, err := FromCenters(t)
	if err != nil {
		return nil, err
	}
	m.Inertia, m.Iterations, m.Spherical = j.Inertia, j.Iterations, j.Spherical
	if j.Stopped != "" {
		if m.Stopped, err = stopReason(j.Stopped); err != nil {
			return nil, err
		}
	}
	if j.Counts == nil {
		return m, nil
	}
	if len(j.Counts) != j.K {
		return nil, fmt.Errorf("there are %d counts for %d centers", len(j.Counts), j.K)
	}
	return m, m.setCounts(j.Counts)
}

// rowsOfJSON returns the centers of j.
func rowsOfJSON[T element](j modelJSON) (*tensor.Dense, error) {
	var rows [][]json.Number // in which a null shows, that is 0 in a list of floats
	if err := json.Unmarshal(j.Centers, &rows); err != nil {
		return nil, fmt.Errorf("the centers: %w", err)
	}
	if len(rows) != j.K || j.K < 1 || j.K > math.MaxInt32 || j.D < 1 {
		return nil, fmt.Errorf("there are %d centers, k is %d and d is %d; expected as many as k says, at least one, of at least one column", len(rows), j.K, j.D)
	}
	var v []T
	for i, row := range rows {
		if len(row) != j.D {
			return nil, fmt.Errorf("center %d has %d numbers; expected d = %d", i, len(row), j.D)
		}
		for k, number := range row {
			f, err := strconv.ParseFloat(number.String(), 8*int(unsafe.Sizeof(T(0))))
			if err != nil {
				return nil, fmt.Errorf("element %d of center %d is %q, which is no %T", k, i, number, T(0))
			}
			v = append(v, T(f))
		}
	}
	return tensorOf(lloyd.Dense(v, j.K, j.D)), nil
}
