package cluster

import (
	"fmt"
	"io"
	"math"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Save writes the model: its centers, counts, inertia, iterations and reason of
// stopping, and what MiniBatch.PartialFit needs to go on where it was; not the labels.
// The format is little-endian, checksummed and described in docs/model-format.md. The error is
// w's, or wraps ErrInput when the model has no usable centers.
func (m *Model) Save(w io.Writer) error {
	if m == nil || m.Centers == nil {
		return fmt.Errorf("%w: the model has no centers to save", ErrInput)
	}
	centers, err := centersArray("the matrix of the model's centers", m.Centers)
	if err != nil {
		return err
	}
	h := fileHeader{
		Kind: modelKind, Inertia: m.Inertia, Iterations: m.Iterations, Stopped: m.Stopped.String(), Spherical: m.Spherical,
		Arrays: []fileArray{centers},
	}
	k, d := m.K(), m.D()
	if len(m.Counts) == k {
		h.Arrays = append(h.Arrays, arrayOf("counts", m.Counts, k))
	}
	if s := m.stream; s != nil && len(s.centers) == k*d && len(s.had) == k {
		h.Unseen = s.unseen
		h.Arrays = append(h.Arrays, arrayOf("means", s.centers, k, d), arrayOf("weights", s.had, k))
	}
	return writeFile(w, h)
}

// Load reads a model that Save wrote, from the first byte of r to its end. The
// model has no Labels. The error wraps ErrModel and says what is
// wrong when r holds something else, a damaged or incomplete model, or one of a
// newer version; or it is r's.
func Load(r io.Reader) (*Model, error) {
	h, err := readFile(r, modelKind)
	if err != nil {
		return nil, err
	}
	m, err := decodeModel(h)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrModel, err)
	}
	return m, nil
}

// decodeModel returns the model of a file.
func decodeModel(h fileHeader) (*Model, error) {
	t, err := storedCenters(h)
	if err != nil {
		return nil, err
	}
	m, err := FromCenters(t)
	if err != nil {
		return nil, err
	}
	m.Inertia, m.Iterations, m.Spherical = h.Inertia, h.Iterations, h.Spherical
	if m.Stopped, err = stopReason(h.Stopped); err != nil {
		return nil, err
	}
	k, d := m.K(), m.D()
	if a, ok := h.array("counts"); ok {
		counts, err := valuesOf[int64](a, k)
		if err != nil {
			return nil, err
		}
		if err := m.setCounts(counts); err != nil {
			return nil, err
		}
	}
	means, ok := h.array("means")
	if !ok {
		return m, nil
	}
	weights, _ := h.array("weights")
	s := &stream{unseen: h.Unseen}
	if s.centers, err = valuesOf[float64](means, k, d); err != nil {
		return nil, err
	}
	if s.had, err = valuesOf[float64](weights, k); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	m.stream = s
	return m, nil
}

// setCounts sets Counts, and Empty, to what came from outside.
func (m *Model) setCounts(counts []int64) error {
	for k, n := range counts {
		if n < 0 {
			return fmt.Errorf("cluster %d has %d rows", k, n)
		}
		if n == 0 {
			m.Empty++
		}
	}
	m.Counts = counts
	return nil
}

// check checks a stream that came from outside.
func (s *stream) check() error {
	for i, v := range s.centers {
		if v-v != 0 {
			return fmt.Errorf("the element %d of the means is %v", i, v)
		}
	}
	for k, w := range s.had {
		if !(w >= 0) || w-w != 0 {
			return fmt.Errorf("the weight of cluster %d is %v", k, w)
		}
	}
	if s.unseen < 0 {
		return fmt.Errorf("%d rows were not looked at", s.unseen)
	}
	return nil
}

// stopReason returns the reason that has the given words.
func stopReason(words string) (StopReason, error) {
	for s := Converged; s <= RowsEnded; s++ {
		if s.String() == words {
			return s, nil
		}
	}
	return 0, fmt.Errorf("the reason of stopping is %q, which this version does not know", words)
}

// centersArray returns the array of a matrix of centers.
func centersArray(name string, t *tensor.Dense) (fileArray, error) {
	if err := checkTensor(name, t); err != nil {
		return fileArray{}, err
	}
	if t.Dtype() == tensor.Float32 {
		return centersArrayAs[float32](name, t)
	}
	return centersArrayAs[float64](name, t)
}

func centersArrayAs[T element](name string, t *tensor.Dense) (fileArray, error) {
	c, err := rowsOf[T](name, t)
	if err != nil {
		return fileArray{}, err
	}
	if err := notFinite(name, c, 0); err != nil {
		return fileArray{}, err
	}
	return arrayOf("centers", compact(c).Data, c.N, c.D), nil
}

// storedCenters returns the matrix of centers of a file.
func storedCenters(h fileHeader) (*tensor.Dense, error) {
	a, _ := h.array("centers")
	if s := a.Shape; len(s) != 2 || s[0] < 1 || s[1] < 1 || s[0] > math.MaxInt32 {
		return nil, fmt.Errorf("the header says centers of shape %v; expected two dimensions of at least 1, the first below 2³¹", s)
	}
	if a.Dtype == "float32" {
		return storedCentersAs[float32](a)
	}
	return storedCentersAs[float64](a)
}

func storedCentersAs[T element](a fileArray) (*tensor.Dense, error) {
	v, err := valuesOf[T](a, a.Shape...)
	if err != nil {
		return nil, err
	}
	return tensorOf(lloyd.Dense(v, a.Shape[0], a.Shape[1])), nil
}
