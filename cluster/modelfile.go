package cluster

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// The model file, version 1. All numbers are little-endian.
//
//	bytes       content
//	8           89 4C 4C 4F 59 44 0D 0A: 0x89 "LLOYD" CR LF
//	4           version, 1
//	4           H, the length of the header
//	H           header: a JSON object in UTF-8 with the keys k, d, dtype
//	            ("float32" or "float64"), inertia, iterations, stopped, and
//	            spherical if that is true; padded with spaces so that 16+H is
//	            a multiple of 64
//	K·D·(4|8)   centers, row by row, IEEE 754
//	4           CRC-32C (Castagnoli) of everything before it
const (
	modelMagic   = "\x89LLOYD\r\n"
	modelVersion = 1
	modelAlign   = 64
	mostHeader   = 1 << 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type modelHeader struct {
	K          int     `json:"k"`
	D          int     `json:"d"`
	Dtype      string  `json:"dtype"`
	Inertia    float64 `json:"inertia"`
	Iterations int     `json:"iterations"`
	Stopped    string  `json:"stopped"`
	Spherical  bool    `json:"spherical,omitempty"`
}

// Save writes the model: its centers, inertia, iterations and reason of
// stopping, not the labels. The format is little-endian, checksummed and
// described in the README. The error is w's, or wraps ErrInput when the model
// has no usable centers.
func (m *Model) Save(w io.Writer) error {
	if m == nil || m.Centers == nil {
		return fmt.Errorf("%w: the model has no centers to save", ErrInput)
	}
	if err := checkTensor("the matrix of the model's centers", m.Centers); err != nil {
		return err
	}
	var payload []byte
	var err error
	if m.Centers.Dtype() == tensor.Float32 {
		payload, err = encodeCenters[float32](m.Centers)
	} else {
		payload, err = encodeCenters[float64](m.Centers)
	}
	if err != nil {
		return err
	}
	header, err := json.Marshal(modelHeader{
		K: m.K(), D: m.D(), Dtype: m.Centers.Dtype().String(),
		Inertia: m.Inertia, Iterations: m.Iterations, Stopped: m.Stopped.String(), Spherical: m.Spherical,
	})
	if err != nil {
		return fmt.Errorf("%w: the model's inertia is %v, which cannot be saved", ErrInput, m.Inertia)
	}
	for (16+len(header))%modelAlign != 0 {
		header = append(header, ' ')
	}
	file := make([]byte, 0, 16+len(header)+len(payload)+4)
	file = append(file, modelMagic...)
	file = binary.LittleEndian.AppendUint32(file, modelVersion)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(header)))
	file = append(file, header...)
	file = append(file, payload...)
	file = binary.LittleEndian.AppendUint32(file, crc32.Checksum(file, castagnoli))
	_, err = w.Write(file)
	return err
}

func encodeCenters[T element](t *tensor.Dense) ([]byte, error) {
	c, err := rowsOf[T]("the matrix of the model's centers", t)
	if err != nil {
		return nil, err
	}
	return binary.Append(nil, binary.LittleEndian, compact(c).Data)
}

// Load reads a model that Save wrote, from the first byte of r to its end. The
// model has no Labels and no Counts. The error wraps ErrModel and says what is
// wrong when r holds something else, a damaged or incomplete model, or one of a
// newer version; or it is r's.
func Load(r io.Reader) (*Model, error) {
	sum := crc32.New(castagnoli)
	in := io.TeeReader(r, sum)
	var start [16]byte
	if n, err := io.ReadFull(in, start[:]); err != nil {
		if string(start[:min(n, len(modelMagic))]) == modelMagic[:min(n, len(modelMagic))] {
			return nil, shortModel(err, "the first 16 bytes", n)
		}
		return nil, foreignModel(start[:n])
	}
	if string(start[:8]) != modelMagic {
		return nil, foreignModel(start[:])
	}
	version, size := binary.LittleEndian.Uint32(start[8:]), binary.LittleEndian.Uint32(start[12:])
	if version != modelVersion {
		return nil, fmt.Errorf("%w: the file has format version %d; this program reads version %d", ErrModel, version, modelVersion)
	}
	if size > mostHeader {
		return nil, fmt.Errorf("%w: the header claims %d bytes, more than the %d allowed; the file is damaged", ErrModel, size, mostHeader)
	}
	raw := make([]byte, size)
	if n, err := io.ReadFull(in, raw); err != nil {
		return nil, shortModel(err, "the header", n)
	}
	var h modelHeader
	if err := json.Unmarshal(raw, &h); err != nil {
		return nil, fmt.Errorf("%w: the header is not the JSON object it should be (%v); the file is damaged", ErrModel, err)
	}
	width := map[string]int{"float32": 4, "float64": 8}[h.Dtype]
	if h.K < 1 || h.D < 1 || width == 0 || h.K > math.MaxInt32 || h.D > math.MaxInt/width/h.K {
		return nil, fmt.Errorf("%w: the header says %d×%d centers of dtype %q; expected at least 1×1 of float32 or float64", ErrModel, h.K, h.D, h.Dtype)
	}
	// The memory grows with what is there, not with what the header claims.
	var payload bytes.Buffer
	want := int64(h.K * h.D * width)
	if n, err := io.CopyN(&payload, in, want); err != nil {
		return nil, shortModel(err, fmt.Sprintf("the centers (%d bytes expected)", want), int(n))
	}
	computed := sum.Sum32()
	var end [5]byte
	switch n, err := io.ReadFull(r, end[:]); {
	case err == nil:
		return nil, fmt.Errorf("%w: there is more behind the end of the model; the file is damaged or not one model", ErrModel)
	case n < 4:
		return nil, shortModel(err, "the checksum", n)
	case !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, err
	}
	if stored := binary.LittleEndian.Uint32(end[:]); stored != computed {
		return nil, fmt.Errorf("%w: the checksum is %08x, the content has %08x; the file is damaged", ErrModel, stored, computed)
	}
	m, err := decodeModel(h, payload.Bytes())
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrModel, err)
	}
	return m, nil
}

func decodeModel(h modelHeader, payload []byte) (*Model, error) {
	var t *tensor.Dense
	if h.Dtype == "float32" {
		t = decodeCenters[float32](h, payload)
	} else {
		t = decodeCenters[float64](h, payload)
	}
	m, err := FromCenters(t)
	if err != nil {
		return nil, err
	}
	m.Inertia, m.Iterations, m.Spherical = h.Inertia, h.Iterations, h.Spherical
	for s := Converged; s <= RowsEnded; s++ {
		if s.String() == h.Stopped {
			m.Stopped = s
			return m, nil
		}
	}
	return nil, fmt.Errorf("the reason of stopping is %q, which this version does not know", h.Stopped)
}

func decodeCenters[T element](h modelHeader, payload []byte) *tensor.Dense {
	c := lloyd.Dense(make([]T, h.K*h.D), h.K, h.D)
	_, err := binary.Decode(payload, binary.LittleEndian, c.Data)
	must(err)
	return tensorOf(c)
}

// shortModel is the error for a model that ends too early; an error of the
// reader that is not about the end is passed on.
func shortModel(err error, what string, got int) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends after %d bytes of %s; the file is incomplete", ErrModel, got, what)
	}
	return err
}

func foreignModel(start []byte) error {
	return fmt.Errorf("%w: it begins with %q, not with %q: this is not a Lloyd model file, give one that Model.Save wrote", ErrModel, start[:min(8, len(start))], modelMagic)
}
