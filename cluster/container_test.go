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

	"gorgonia.org/tensor"
)

// sealed puts the right checksum behind a file without one.
func sealed(file []byte) []byte {
	return binary.LittleEndian.AppendUint32(bytes.Clone(file), crc32.Checksum(file, castagnoli))
}

// load reads a file of either kind.
func load(r io.Reader, kind string) (interface{ Save(io.Writer) error }, error) {
	if kind == treeKind {
		t, err := LoadTree(r)
		if t == nil {
			return nil, err
		}
		return t, err
	}
	m, err := Load(r)
	if m == nil {
		return nil, err
	}
	return m, err
}

// smallFiles are files of every kind and version.
func smallFiles(t testing.TB) map[string][]byte {
	x := matrixOf(tensor.Float32, 2, 1, 2, 3, 1, 9, 8, 8, 7)
	_, single := saved(t, tensor.Float32)
	return map[string][]byte{
		"model version 1": withHeader(1, `{"k":2,"d":2,"dtype":"float64","inertia":0.5,"iterations":7,"stopped":"converged"}`, 32),
		"model float32":   single,
		"model minibatch": saveOf(t, mustPartialFit(t, MiniBatch{K: 3, Spherical: true}, nil, x, nil)),
		"tree":            saveOf(t, mustBisect(t, Bisecting{K: 3}, x, nil)),
	}
}

// kindOf is the kind of one of smallFiles.
func kindOf(name string) string { kind, _, _ := strings.Cut(name, " "); return kind }

// withHeader returns a file with that header, filled up for version 2, and behind it a
// number of zeros.
func withHeader(version uint32, header string, payload int) []byte {
	if version == 2 {
		header += strings.Repeat(" ", int(padding(int64(16+len(header)))))
	}
	f := binary.LittleEndian.AppendUint32([]byte(fileMagic), version)
	f = binary.LittleEndian.AppendUint32(f, uint32(len(header)))
	return sealed(append(append(f, header...), make([]byte, payload)...))
}

// TestFileLayout reads a file by what the comment on the format says, not by
// Load.
func TestFileLayout(t *testing.T) {
	m := fromCentersOf(t, matrix(2, float32(1), 2, 3, 4, 5, 6))
	m.Inertia, m.Iterations, m.Stopped, m.Counts = .5, 7, WithinTol, []int64{8, 0, 1 << 40}
	file := saveOf(t, m)
	if string(file[:8]) != "\x89LLOYD\r\n" || binary.LittleEndian.Uint32(file[8:]) != 2 {
		t.Fatalf("begins with %q", file[:12])
	}
	h := int(binary.LittleEndian.Uint32(file[12:]))
	header := string(file[16 : 16+h])
	if want := `{"kind":"model","inertia":0.5,"iterations":7,"stopped":"within tolerance","arrays":[` +
		`{"name":"centers","dtype":"float32","shape":[3,2]},{"name":"counts","dtype":"int64","shape":[3]}]}`; strings.TrimRight(header, " ") != want {
		t.Errorf("header %s, want %s", header, want)
	}
	if (16+h)%64 != 0 || len(file) != 16+h+64+3*8+4 {
		t.Errorf("a header of %d bytes in a file of %d", h, len(file))
	}
	for i := range 6 {
		if v := math.Float32frombits(binary.LittleEndian.Uint32(file[16+h+4*i:])); v != float32(i+1) {
			t.Errorf("number %d is %v", i, v)
		}
	}
	for i, n := range m.Counts {
		if v := binary.LittleEndian.Uint64(file[16+h+64+8*i:]); v != uint64(n) {
			t.Errorf("count %d is %v", i, v)
		}
	}
	if !bytes.Equal(file[16+h+24:16+h+64], make([]byte, 40)) {
		t.Error("no zeros between the arrays")
	}
	if !bytes.Equal(sealed(file[:len(file)-4]), file) {
		t.Error("the last four bytes are not the CRC-32C of the others")
	}
}

// TestUnknownContent: keys and arrays that are not known make no difference.
func TestUnknownContent(t *testing.T) {
	m, err := Load(bytes.NewReader(withHeader(2, `{"kind":"model","stopped":"converged","color":"red","arrays":[`+
		`{"name":"medians","dtype":"int32","shape":[3,1,2]},{"name":"none","dtype":"int64","shape":[5,0]},{"name":"centers","dtype":"float64","shape":[2,1]}]}`, 64+16)))
	if err != nil {
		t.Fatal(err)
	}
	sameNumbers(t, "centers", m.Centers, matrix(1, 0., 0))
}

// TestDamagedFiles: shortened at every byte, each byte changed, prolonged.
func TestDamagedFiles(t *testing.T) {
	for name, file := range smallFiles(t) {
		if _, err := load(bytes.NewReader(file), kindOf(name)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		check := func(what string, damaged []byte, part string) {
			t.Helper()
			m, err := load(bytes.NewReader(damaged), kindOf(name))
			if m != nil {
				t.Fatalf("%s, %s: a model", name, what)
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
	newer := bytes.Clone(body)
	newer[8] = 3
	nan := bytes.Clone(body)
	binary.LittleEndian.PutUint64(nan[16+size+8:], math.Float64bits(math.NaN()))
	v1 := func(header string, payload int) []byte { return withHeader(1, header, payload) }
	v2 := func(kind, arrays string, payload int) []byte {
		return withHeader(2, `{"kind":"`+kind+`","stopped":"converged","arrays":[`+arrays+`]}`, payload)
	}
	const one = `{"name":"centers","dtype":"float32","shape":[1,1]}`
	const three = `{"name":"centers","dtype":"float32","shape":[3,1]},{"name":"parts","dtype":"int32","shape":[3,2]}`
	files := smallFiles(t)
	for _, c := range []struct {
		name string
		kind string
		file []byte
		part string
	}{
		{"empty", modelKind, nil, "incomplete"},
		{"text", modelKind, []byte("label,x,y\n1,2,3\n4,5,6\n"), "not a Lloyd model file"},
		{"PNG", modelKind, []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"), "not a Lloyd model file"},
		{"NPY", treeKind, []byte("\x93NUMPY\x01\x00v\x00{'descr': '<f8'}"), "not a Lloyd model file"},
		{"as text through Windows", modelKind, bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n")), "not a Lloyd model file"},
		{"version 3", modelKind, sealed(newer), "version 3; this program reads versions 1 and 2"},
		{"a header too long", modelKind, v1(strings.Repeat(" ", mostHeader+1), 0), "more than the 65536 allowed"},
		{"no JSON", modelKind, v1("k=3", 0), "not the JSON object"},
		{"no JSON", treeKind, withHeader(2, "kind=3", 0), "not the JSON object"},
		{"K = 0", modelKind, v1(`{"k":0,"d":2,"dtype":"float32","stopped":"converged"}`, 0), "shape [0 2]"},
		{"D < 0", modelKind, v1(`{"k":1,"d":-2,"dtype":"float32","stopped":"converged"}`, 0), "shape [1 -2]"},
		{"K × D too large", modelKind, v1(`{"k":2000000000,"d":9000000000,"dtype":"float64","stopped":"converged"}`, 8), "shape [2000000000 9000000000]"},
		{"K above int32", modelKind, v1(`{"k":3000000000,"d":1,"dtype":"float64","stopped":"converged"}`, 8), "shape [3000000000 1]"},
		{"much more claimed than there is", modelKind, v1(`{"k":1000000,"d":100000,"dtype":"float64","stopped":"converged"}`, 80), "incomplete"},
		{"dtype", modelKind, v1(`{"k":1,"d":2,"dtype":"int8","stopped":"converged"}`, 2), `dtype "int8"`},
		{"integer centers", modelKind, v1(`{"k":1,"d":1,"dtype":"int64","stopped":"converged"}`, 8), `dtype "int64"`},
		{"reason", modelKind, v1(`{"k":1,"d":1,"dtype":"float32","stopped":"bored"}`, 4), `"bored"`},
		{"NaN", modelKind, sealed(nan), "NaN at row 0, column 1"},
		{"a tree for a model", modelKind, files["tree"], `a "tree", not a "model"; read it with LoadTree`},
		{"a model for a tree", treeKind, files["model float32"], `a "model", not a "tree"; read it with Load`},
		{"a model of version 1 for a tree", treeKind, files["model version 1"], `a "model", not a "tree"; read it with Load`},
		{"another kind", modelKind, v2("forest", "", 0), `a "forest", not a "model"`},
		{"no centers", modelKind, v2("model", "", 0), "centers of shape []"},
		{"no centers", treeKind, v2("tree", "", 0), "centers of shape []"},
		{"centers of one dimension", modelKind, v2("model", `{"name":"centers","dtype":"float32","shape":[2]}`, 8), "centers of shape [2]"},
		{"counts of another K", modelKind, v2("model", one+`,{"name":"counts","dtype":"int64","shape":[2]}`, 64+16), `expected an array "counts" of dtype "int64" and shape [1]`},
		{"counts of another dtype", modelKind, v2("model", one+`,{"name":"counts","dtype":"int32","shape":[1]}`, 64+4), `"int32"`},
		{"means without weights", modelKind, v2("model", one+`,{"name":"means","dtype":"float64","shape":[1,1]}`, 64+8), "shape [1]"},
		{"no parts", treeKind, v2("tree", one, 4), "shape [1 2]"},
		{"no rows", treeKind, v2("tree", three, 64+24), "shape [3]"},
		{"no tree", treeKind, v2("tree", three+`,{"name":"rows","dtype":"int64","shape":[3]},{"name":"inertia","dtype":"float64","shape":[3]}`, 3*64+24), "only 1 of the 3 nodes"},
	} {
		m, err := load(bytes.NewReader(c.file), c.kind)
		if m != nil {
			t.Errorf("%s: a model", c.name)
		}
		refused(t, c.name, err, ErrModel, c.part)
	}
}

// TestFilesOfNonsense: numbers in a file, with the right checksum, that Save never writes.
func TestFilesOfNonsense(t *testing.T) {
	m := mustPartialFit(t, MiniBatch{K: 2}, nil, matrix(1, 1., 2, 3), nil)
	tree := mustBisect(t, Bisecting{K: 2}, matrix(1, 1., 2, 3), nil)
	save := func(h fileHeader) []byte {
		var b bytes.Buffer
		if err := writeFile(&b, h); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, c := range []struct {
		name  string
		array fileArray
		part  string
	}{
		{"counts", arrayOf("counts", []int64{1, -1}, 2), "cluster 1 has -1 rows"},
		{"means", arrayOf("means", []float64{1, math.Inf(1)}, 2, 1), "element 1 of the means is +Inf"},
		{"weights", arrayOf("weights", []float64{-1, 1}, 2), "weight of cluster 0 is -1"},
		{"weights", arrayOf("weights", []float64{1, math.NaN()}, 2), "weight of cluster 1 is NaN"},
		{"rows", arrayOf("rows", []int64{3, -1, 4}, 3), "node 1 has -1 rows"},
		{"inertia", arrayOf("inertia", []float64{0, 0, math.NaN()}, 3), "node 2 has"},
		{"parts", arrayOf("parts", []int32{1, 1, 0, 0, 0, 0}, 3, 2), "parts of node 0"},
		{"parts", arrayOf("parts", []int32{1, 3, 0, 0, 0, 0}, 3, 2), "parts of node 0"},
		{"parts", arrayOf("parts", []int32{1, 2, 0, 2, 0, 0}, 3, 2), "parts of node 1"},
		{"parts", arrayOf("parts", []int32{1, -2, 0, 0, 0, 0}, 3, 2), "parts of node 0"},
	} {
		kind, file := modelKind, saveOf(t, m)
		if c.array.Shape[0] == 3 {
			kind, file = treeKind, saveOf(t, tree)
		}
		h, err := readFile(bytes.NewReader(file), kind)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range h.Arrays {
			if a.Name == c.name {
				h.Arrays[i] = c.array
			}
		}
		_, err = load(bytes.NewReader(save(h)), kind)
		refused(t, c.name, err, ErrModel, c.part)
	}
	h, err := readFile(bytes.NewReader(saveOf(t, m)), modelKind)
	if err != nil {
		t.Fatal(err)
	}
	h.Unseen = -1
	_, err = Load(bytes.NewReader(save(h)))
	refused(t, "unseen", err, ErrModel, "-1 rows")
}

// FuzzLoad: whatever comes in, Load and LoadTree return what saves and loads again,
// or an error that wraps ErrModel; they neither panic nor take memory that the
// input does not pay for.
func FuzzLoad(f *testing.F) {
	for _, file := range smallFiles(f) {
		f.Add(file, false)
		f.Add(file[:len(file)-4], true)
		f.Add(file[:20], false)
	}
	f.Add(withHeader(1, `{"k":2000000000,"d":1,"dtype":"float64","stopped":"converged"}`, 0), false)
	f.Add(withHeader(2, `{"kind":"model","arrays":[`+strings.Repeat(`{"shape":[0],"dtype":"int32"},`, 2000)+`{"name":"centers","dtype":"float64","shape":[2000000000,1]}]}`, 0), false)
	f.Fuzz(func(t *testing.T, file []byte, seal bool) {
		if seal { // or hardly any input would get past the checksum
			file = sealed(file)
		}
		for _, kind := range []string{modelKind, treeKind} {
			m, err := load(bytes.NewReader(file), kind)
			took, most := uint64(math.MaxUint64), uint64(64*len(file)+1<<20)
			for try := 0; try < 3 && took > most; try++ { // other goroutines allocate, too
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				load(bytes.NewReader(file), kind)
				runtime.ReadMemStats(&after)
				took = min(took, after.TotalAlloc-before.TotalAlloc)
			}
			if took > most {
				t.Errorf("%d bytes taken for a file of %d", took, len(file))
			}
			if (m == nil) == (err == nil) {
				t.Fatalf("%v, %v", m, err)
			}
			if err != nil {
				if !errors.Is(err, ErrModel) {
					t.Errorf("%v", err)
				}
				continue
			}
			first := saveOf(t, m)
			again, err := load(bytes.NewReader(first), kind)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(saveOf(t, again), first) {
				t.Errorf("saved again, the file differs")
			}
		}
	})
}
