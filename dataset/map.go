package dataset

import (
	"io"
	"os"
	"unsafe"

	"gorgonia.org/tensor"
)

// Mapped is a matrix whose elements may lie in a file.
type Mapped struct {
	Table
	memory []byte // the mapped file; nil if X is in ordinary memory
}

// Map opens the file at path, in any of [Formats], as one matrix. If the file
// has the elements just as memory has them, nothing is read: the system brings
// in the pages that are touched, and takes them back when memory is short, so
// that a matrix may be larger than the memory. That is so on Linux and macOS
// for row-major .npy of float32 or float64 and for .fbin, not compressed, with
// o.Dtype zero or the file's own; everything else is read as [ReadFile] does.
//
// Changes to X stay in memory and never reach the file. The file must not be
// cut short while it is mapped: touching what is gone ends the program.
//
// Errors are those of ReadFile.
func Map(path string, o FileOptions) (*Mapped, error) {
	dt, err := checkDtype(o.Dtype, tensor.Dtype{})
	if err != nil {
		return nil, err
	}
	var m *Mapped
	err = readFrom(path, func(r io.Reader, f Format) error {
		in, err := f.open(r, o)
		if err != nil {
			return err
		}
		if m, err = mapped(r, in, dt); m != nil || err != nil {
			return err
		}
		t, err := in.table(dt)
		if err != nil {
			return err
		}
		m = &Mapped{Table: *t}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// InFile says whether the elements lie in the file.
func (m *Mapped) InFile() bool { return m.memory != nil }

// Close gives the memory back. X, and everything that shares its elements, must
// not be used after it. Closing twice does no harm.
func (m *Mapped) Close() error {
	memory := m.memory
	m.X, m.memory = nil, nil
	if memory == nil {
		return nil
	}
	if err := unmapFile(memory); err != nil {
		return streamError("unmapping", err)
	}
	return nil
}

// mapped maps the elements of in, which stand next in r. It returns nil if they
// are not as memory would have them, or if the system does not map them.
func mapped(r io.Reader, in *input, dt tensor.Dtype) (*Mapped, error) {
	f, isFile := r.(*os.File)
	a, isArray := in.elements.(*arrayReader)
	stored := in.dtype
	if !isFile || !isArray || !in.sure || in.columnMajor || (dt.Type != nil && dt != stored) {
		return nil, nil
	}
	narrow := sameBits[float32](a.h.elem)
	if !narrow && !sameBits[float64](a.h.elem) {
		return nil, nil
	}
	begin, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, streamError("reading", err)
	}
	if begin%int64(a.h.elem.size) != 0 || begin+a.h.bytes() > int64(^uint(0)>>1) {
		return nil, nil
	}
	memory, err := mapFile(f, int(begin+a.h.bytes()))
	if err != nil {
		return nil, nil // reading may still do
	}
	m := &Mapped{memory: memory}
	first := unsafe.Pointer(&memory[begin])
	if narrow {
		m.X = denseOf(in.rows, in.cols, unsafe.Slice((*float32)(first), in.rows*in.cols))
	} else {
		m.X = denseOf(in.rows, in.cols, unsafe.Slice((*float64)(first), in.rows*in.cols))
	}
	return m, nil
}
