package cluster

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"gorgonia.org/tensor"
)

// saved returns the file of a small fitted model.
func saved(t testing.TB, dt tensor.Dtype) (*Model, []byte) {
	t.Helper()
	x := matrixOf(dt, 3, blobs(random(50), 60, 3, 4, 5)...)
	m := mustFit(t, KMeans{K: 4, MaxIter: 2, Tol: -1}, x, nil)
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	return m, b.Bytes()
}

// sealed puts the right checksum behind a file without one.
func sealed(file []byte) []byte {
	return binary.LittleEndian.AppendUint32(bytes.Clone(file), crc32.Checksum(file, castagnoli))
}

func TestSaveLoad(t *testing.T) {
	for _, dt := range dtypes {
		m, file := saved(t, dt)
		got, err := Load(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		sameNumbers(t, "centers", got.Centers, m.Centers)
		if got.Inertia != m.Inertia || got.Iterations != m.Iterations || got.Stopped != m.Stopped || got.Distinct != m.Distinct {
			t.Errorf("%v: %v %d %v %d, want %v %d %v %d", dt, got.Inertia, got.Iterations, got.Stopped, got.Distinct, m.Inertia, m.Iterations, m.Stopped, m.Distinct)
		}
		if got.Labels != nil || got.Counts != nil {
			t.Errorf("%v: labels %v, counts %v", dt, got.Labels, got.Counts)
		}
		x := matrixOf(dt, 3, noise(random(51), 50, 3)...)
		sameLabels(t, "predict", mustPredict(t, got, x), mustPredict(t, m, x))
		var again bytes.Buffer
		if err := got.Save(&again); err != nil || !bytes.Equal(again.Bytes(), file) {
			t.Errorf("%v: saved again, the file differs (%v)", dt, err)
		}
		// In pieces, and without a hurry.
		if _, err := Load(iotest.OneByteReader(bytes.NewReader(file))); err != nil {
			t.Error(err)
		}
		if _, err := Load(iotest.DataErrReader(bytes.NewReader(file))); err != nil {
			t.Error(err)
		}
	}
}

// TestEveryNumberSurvives: the smallest, the largest and −0 come back.
func TestEveryNumberSurvives(t *testing.T) {
	for _, c := range []*tensor.Dense{
		matrix(3, math.SmallestNonzeroFloat64, -math.MaxFloat64, math.Copysign(0, -1), math.Pi, 0, 1e-310),
		matrix(3, float32(math.SmallestNonzeroFloat32), -math.MaxFloat32, float32(math.Copysign(0, -1)), math.Pi, 0, 1e-40),
		matrix(1, 1.), matrix(70, noise(random(1), 90, 70)...),
	} {
		for s := Converged; s <= NoImprovement; s++ {
			m := fromCentersOf(t, c)
			m.Inertia, m.Iterations, m.Stopped = math.Pi*1e100, 1<<40, s
			var b bytes.Buffer
			if err := m.Save(&b); err != nil {
				t.Fatal(err)
			}
			got, err := Load(&b)
			if err != nil {
				t.Fatal(err)
			}
			sameNumbers(t, "centers", got.Centers, c)
			if got.Inertia != m.Inertia || got.Iterations != m.Iterations || got.Stopped != s {
				t.Errorf("%v %d %v", got.Inertia, got.Iterations, got.Stopped)
			}
		}
	}
}

// TestFileLayout reads a file by what the comment on the format says, not by
// Load.
func TestFileLayout(t *testing.T) {
	m := fromCentersOf(t, matrix(2, float32(1), 2, 3, 4, 5, 6))
	m.Inertia, m.Iterations, m.Stopped = .5, 7, WithinTol
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	if string(file[:8]) != "\x89LLOYD\r\n" || binary.LittleEndian.Uint32(file[8:]) != 1 {
		t.Fatalf("begins with %q", file[:12])
	}
	h := int(binary.LittleEndian.Uint32(file[12:]))
	header := string(file[16 : 16+h])
	if want := `{"k":3,"d":2,"dtype":"float32","inertia":0.5,"iterations":7,"stopped":"within tolerance"}`; strings.TrimRight(header, " ") != want {
		t.Errorf("header %s, want %s", header, want)
	}
	if (16+h)%64 != 0 || len(file) != 16+h+6*4+4 {
		t.Errorf("a header of %d bytes in a file of %d", h, len(file))
	}
	for i := range 6 {
		if v := math.Float32frombits(binary.LittleEndian.Uint32(file[16+h+4*i:])); v != float32(i+1) {
			t.Errorf("number %d is %v", i, v)
		}
	}
	if !bytes.Equal(sealed(file[:len(file)-4]), file) {
		t.Error("the last four bytes are not the CRC-32C of the others")
	}
}

// TestDamagedModels: shortened at every byte, each byte changed, prolonged.
func TestDamagedModels(t *testing.T) {
	for _, dt := range dtypes {
		_, file := saved(t, dt)
		check := func(what string, damaged []byte, part string) {
			t.Helper()
			m, err := Load(bytes.NewReader(damaged))
			if m != nil {
				t.Fatalf("%v %s: a model", dt, what)
			}
			refused(t, what, err, ErrModel, part)
		}
		for n := range file {
			check(fmt.Sprintf("%d bytes of %d", n, len(file)), file[:n], "incomplete")
		}
		for i := range file {
			for _, bits := range []byte{1, 0x80, 0xff, 0x20} {
				damaged := bytes.Clone(file)
				damaged[i] ^= bits
				check(fmt.Sprintf("byte %d ^ %#x", i, bits), damaged, "")
			}
		}
		check("one byte more", append(bytes.Clone(file), 0), "more behind the end")
		check("twice", append(bytes.Clone(file), file...), "more behind the end")
		check("two bytes exchanged", func() []byte {
			f := bytes.Clone(file)
			i := len(f) - 20
			f[i], f[i+1] = f[i+1]^1, f[i]
			return f
		}(), "checksum")
	}
}

// TestOtherFiles: foreign ones, newer ones, and ones whose checksum is right but
// whose content makes no sense.
func TestOtherFiles(t *testing.T) {
	_, file := saved(t, tensor.Float64)
	body := file[:len(file)-4]
	size := int(binary.LittleEndian.Uint32(file[12:]))
	withHeader := func(header string, payload int) []byte {
		f := binary.LittleEndian.AppendUint32([]byte(modelMagic+"\x01\x00\x00\x00"), uint32(len(header)))
		return sealed(append(append(f, header...), make([]byte, payload)...))
	}
	newer := bytes.Clone(body)
	newer[8] = 2
	nan := bytes.Clone(body)
	binary.LittleEndian.PutUint64(nan[16+size+8:], math.Float64bits(math.NaN()))
	for _, c := range []struct {
		name string
		file []byte
		part string
	}{
		{"empty", nil, "incomplete"},
		{"text", []byte("label,x,y\n1,2,3\n4,5,6\n"), "not a Lloyd model file"},
		{"PNG", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"), "not a Lloyd model file"},
		{"NPY", []byte("\x93NUMPY\x01\x00v\x00{'descr': '<f8'}"), "not a Lloyd model file"},
		{"as text through Windows", bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n")), "not a Lloyd model file"},
		{"version 2", sealed(newer), "version 2; this program reads version 1"},
		{"a header too long", withHeader(strings.Repeat(" ", mostHeader+1), 0), "more than the 65536 allowed"},
		{"no JSON", withHeader("k=3", 0), "not the JSON object"},
		{"K = 0", withHeader(`{"k":0,"d":2,"dtype":"float32","stopped":"converged"}`, 0), "0×2 centers"},
		{"D < 0", withHeader(`{"k":1,"d":-2,"dtype":"float32","stopped":"converged"}`, 0), "1×-2 centers"},
		{"K × D too large", withHeader(`{"k":2000000000,"d":9000000000,"dtype":"float64","stopped":"converged"}`, 8), "2000000000×9000000000"},
		{"K above int32", withHeader(`{"k":3000000000,"d":1,"dtype":"float64","stopped":"converged"}`, 8), "3000000000×1"},
		{"much more claimed than there is", withHeader(`{"k":1000000,"d":100000,"dtype":"float64","stopped":"converged"}`, 80), "incomplete"},
		{"dtype", withHeader(`{"k":1,"d":2,"dtype":"int8","stopped":"converged"}`, 2), `dtype "int8"`},
		{"reason", withHeader(`{"k":1,"d":1,"dtype":"float32","stopped":"bored"}`, 4), `"bored"`},
		{"NaN", sealed(nan), "NaN at row 0, column 1"},
	} {
		m, err := Load(bytes.NewReader(c.file))
		if m != nil {
			t.Errorf("%s: a model", c.name)
		}
		refused(t, c.name, err, ErrModel, c.part)
	}
}

// TestReaderAndWriterErrors: what is not the file's fault is passed on.
func TestReaderAndWriterErrors(t *testing.T) {
	m, file := saved(t, tensor.Float32)
	mine := errors.New("the line is dead")
	for n := range file {
		_, err := Load(io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(mine)))
		if !errors.Is(err, mine) || errors.Is(err, ErrModel) {
			t.Fatalf("a reader that fails after %d bytes: %v", n, err)
		}
	}
	if err := m.Save(failing{mine}); !errors.Is(err, mine) {
		t.Errorf("a writer that fails: %v", err)
	}
	m.Inertia = math.NaN()
	refused(t, "an inertia of NaN", m.Save(io.Discard), ErrInput, "NaN")
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// FuzzLoad: whatever comes in, Load returns a model that saves and loads again,
// or an error that wraps ErrModel; it neither panics nor takes memory that the
// input does not pay for.
func FuzzLoad(f *testing.F) {
	for _, dt := range dtypes {
		_, file := saved(f, dt)
		f.Add(file, false)
		f.Add(file[:len(file)-4], true)
		f.Add(file[:20], false)
	}
	f.Add([]byte(modelMagic+"\x01\x00\x00\x00\x3d\x00\x00\x00"+`{"k":2000000000,"d":1,"dtype":"float64","stopped":"converged"}`), true)
	f.Fuzz(func(t *testing.T, file []byte, seal bool) {
		if seal { // or hardly any input would get past the checksum
			file = sealed(file)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := Load(bytes.NewReader(file))
		runtime.ReadMemStats(&after)
		if took, most := after.TotalAlloc-before.TotalAlloc, uint64(64*len(file)+1<<20); took > most {
			t.Errorf("%d bytes taken for a file of %d", took, len(file))
		}
		if (m == nil) == (err == nil) {
			t.Fatalf("%v, %v", m, err)
		}
		if err != nil {
			if !errors.Is(err, ErrModel) {
				t.Errorf("%v", err)
			}
			return
		}
		var b bytes.Buffer
		if err := m.Save(&b); err != nil {
			t.Fatal(err)
		}
		again, err := Load(&b)
		if err != nil {
			t.Fatal(err)
		}
		sameNumbers(t, "centers", again.Centers, m.Centers)
	})
}
