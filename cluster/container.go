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
)

// The file of a model or a tree, version 2. All numbers are little-endian.
//
//	bytes       content
//	8           89 4C 4C 4F 59 44 0D 0A: 0x89 "LLOYD" CR LF
//	4           version, 2
//	4           H, the length of the header
//	H           header: a JSON object in UTF-8, padded with spaces so that 16+H is
//	            a multiple of 64
//	…           the arrays that the header lists, in this order, row by row; each
//	            begins at a multiple of 64, with zeros before it
//	4           CRC-32C (Castagnoli) of everything before it
//
// The keys of the header are those of fileHeader and fileArray. Keys and arrays that a
// reader does not know are to be left out of account.
//
// Version 1 is a model whose header has the keys k, d, dtype, inertia, iterations,
// stopped and spherical, and whose one array is that of the centers.
const (
	fileMagic   = "\x89LLOYD\r\n"
	fileVersion = 2
	fileAlign   = 64
	mostHeader  = 1 << 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// fileHeader is the header of a file.
type fileHeader struct {
	Kind       string      `json:"kind"`    // modelKind or treeKind
	Inertia    float64     `json:"inertia"` // Σ w·‖x−c‖² of the rows of the fit
	Iterations int         `json:"iterations,omitempty"`
	Stopped    string      `json:"stopped,omitempty"` // of a model: a StopReason in words
	Spherical  bool        `json:"spherical,omitempty"`
	Unseen     int         `json:"unseen,omitempty"` // rows since a MiniBatch last looked for centers to give up
	Arrays     []fileArray `json:"arrays"`
}

const (
	modelKind = "model"
	treeKind  = "tree"
)

// fileArray is one array of a file.
type fileArray struct {
	Name  string `json:"name"`
	Dtype string `json:"dtype"` // one of dtypeSizes
	Shape []int  `json:"shape"`

	data []byte
}

var dtypeSizes = map[string]int{"float32": 4, "float64": 8, "int32": 4, "int64": 8}

// number is what an array holds.
type number interface {
	float32 | float64 | int32 | int64
}

// arrayOf returns an array that holds v.
func arrayOf[T number](name string, v []T, shape ...int) fileArray {
	data, err := binary.Append(nil, binary.LittleEndian, v)
	must(err)
	return fileArray{Name: name, Dtype: fmt.Sprintf("%T", T(0)), Shape: shape, data: data}
}

// valuesOf returns what an array holds, which must have the given dtype and shape.
func valuesOf[T number](a fileArray, shape ...int) ([]T, error) {
	if want := (fileArray{Name: a.Name, Dtype: fmt.Sprintf("%T", T(0)), Shape: shape}); !a.like(want) {
		return nil, fmt.Errorf("the file has %v; expected %v", a, want)
	}
	v := make([]T, len(a.data)/dtypeSizes[a.Dtype])
	_, err := binary.Decode(a.data, binary.LittleEndian, v)
	must(err)
	return v, nil
}

func (a fileArray) like(b fileArray) bool { return a.String() == b.String() }

// String returns the array's name, dtype and shape.
func (a fileArray) String() string {
	return fmt.Sprintf("an array %q of dtype %q and shape %v", a.Name, a.Dtype, a.Shape)
}

// size returns the number of bytes of an array, or an error if there is none.
func (a fileArray) size() (int64, error) {
	width := dtypeSizes[a.Dtype]
	if width == 0 {
		return 0, fmt.Errorf("%v: expected one of float32, float64, int32 or int64", a)
	}
	size := int64(width)
	for _, n := range a.Shape {
		if n < 0 || n > 0 && size > math.MaxInt64/2/int64(n) {
			return 0, fmt.Errorf("%v is none that can be", a)
		}
		size *= int64(n)
	}
	return size, nil
}

// array returns the array of that name.
func (h fileHeader) array(name string) (a fileArray, ok bool) {
	for _, a := range h.Arrays {
		if a.Name == name {
			return a, true
		}
	}
	return a, false
}

// writeFile writes a file. The error is w's, or wraps ErrInput when the inertia is not
// finite.
func writeFile(w io.Writer, h fileHeader) error {
	header, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("%w: the inertia is %v, which cannot be saved", ErrInput, h.Inertia)
	}
	for (16+len(header))%fileAlign != 0 {
		header = append(header, ' ')
	}
	size := 16 + len(header) + 4
	for _, a := range h.Arrays {
		size += len(a.data) + fileAlign
	}
	file := make([]byte, 0, size)
	file = append(file, fileMagic...)
	file = binary.LittleEndian.AppendUint32(file, fileVersion)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(header)))
	file = append(file, header...)
	for _, a := range h.Arrays {
		file = append(file, make([]byte, padding(int64(len(file))))...)
		file = append(file, a.data...)
	}
	file = binary.LittleEndian.AppendUint32(file, crc32.Checksum(file, castagnoli))
	_, err = w.Write(file)
	return err
}

// padding is the number of zeros after n bytes of a file, before the next array.
func padding(n int64) int64 { return (fileAlign - n%fileAlign) % fileAlign }

// readFile reads a file of the given kind, from the first byte of r to its end. The
// memory that it takes grows with what is there, not with what the header claims. The
// error wraps ErrModel, or is r's.
func readFile(r io.Reader, kind string) (fileHeader, error) {
	sum := crc32.New(castagnoli)
	in := io.TeeReader(r, sum)
	h, at, err := readHeader(in)
	if err != nil {
		return h, err
	}
	if h.Kind != kind {
		return h, otherKind(h.Kind, kind)
	}
	for i := range h.Arrays {
		a := &h.Arrays[i]
		size, err := a.size()
		if err != nil {
			return h, fmt.Errorf("%w: %w", ErrModel, err)
		}
		if n, err := io.CopyN(io.Discard, in, padding(at)); err != nil {
			return h, shortFile(err, "the zeros before "+a.String(), n)
		}
		at += padding(at)
		var data bytes.Buffer
		if n, err := io.CopyN(&data, in, size); err != nil {
			return h, shortFile(err, fmt.Sprintf("%v (%d bytes expected)", a, size), n)
		}
		a.data = data.Bytes()
		at += size
	}
	computed := sum.Sum32()
	var end [5]byte
	switch n, err := io.ReadFull(r, end[:]); {
	case err == nil:
		return h, fmt.Errorf("%w: there is more behind the end of the %s; the file is damaged or not one %[2]s", ErrModel, kind)
	case n < 4:
		return h, shortFile(err, "the checksum", int64(n))
	case !errors.Is(err, io.ErrUnexpectedEOF):
		return h, err
	}
	if stored := binary.LittleEndian.Uint32(end[:]); stored != computed {
		return h, fmt.Errorf("%w: the checksum is %08x, the content has %08x; the file is damaged", ErrModel, stored, computed)
	}
	return h, nil
}

// readHeader reads all before the arrays, and returns how many bytes that is, or 0 for
// version 1, where no zeros come before the array.
func readHeader(in io.Reader) (h fileHeader, at int64, err error) {
	var start [16]byte
	if n, err := io.ReadFull(in, start[:]); err != nil {
		if string(start[:min(n, len(fileMagic))]) == fileMagic[:min(n, len(fileMagic))] {
			return h, 0, shortFile(err, "the first 16 bytes", int64(n))
		}
		return h, 0, foreignFile(start[:n])
	}
	if string(start[:8]) != fileMagic {
		return h, 0, foreignFile(start[:])
	}
	version, size := binary.LittleEndian.Uint32(start[8:]), binary.LittleEndian.Uint32(start[12:])
	if version != 1 && version != fileVersion {
		return h, 0, fmt.Errorf("%w: the file has format version %d; this program reads versions 1 and %d", ErrModel, version, fileVersion)
	}
	if size > mostHeader {
		return h, 0, fmt.Errorf("%w: the header claims %d bytes, more than the %d allowed; the file is damaged", ErrModel, size, mostHeader)
	}
	raw := make([]byte, size)
	if n, err := io.ReadFull(in, raw); err != nil {
		return h, 0, shortFile(err, "the header", int64(n))
	}
	if version == 1 {
		h, err = headerOfVersion1(raw)
	} else {
		at, err = 16+int64(size), json.Unmarshal(raw, &h)
	}
	if err != nil {
		return h, 0, fmt.Errorf("%w: the header is not the JSON object it should be (%v); the file is damaged", ErrModel, err)
	}
	return h, at, nil
}

// headerOfVersion1 returns what the header of version 1 says in that of version 2.
func headerOfVersion1(raw []byte) (h fileHeader, err error) {
	var old struct {
		fileHeader
		K     int    `json:"k"`
		D     int    `json:"d"`
		Dtype string `json:"dtype"`
	}
	err = json.Unmarshal(raw, &old)
	h = old.fileHeader
	h.Kind, h.Unseen, h.Arrays = modelKind, 0, []fileArray{{Name: "centers", Dtype: old.Dtype, Shape: []int{old.K, old.D}}}
	return h, err
}

// otherKind is the error for a file of another kind than the one asked for.
func otherKind(got, want string) error {
	instead := map[string]string{modelKind: "; read it with Load", treeKind: "; read it with LoadTree"}[got]
	return fmt.Errorf("%w: the file holds a %q, not a %q%s", ErrModel, got, want, instead)
}

// shortFile is the error for a file that ends too early; an error of the reader that is
// not about the end is passed on.
func shortFile(err error, what string, got int64) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends after %d bytes of %s; the file is incomplete", ErrModel, got, what)
	}
	return err
}

func foreignFile(start []byte) error {
	return fmt.Errorf("%w: it begins with %q, not with %q: this is not a Lloyd model file, give one that Save wrote", ErrModel, start[:min(8, len(start))], fileMagic)
}
