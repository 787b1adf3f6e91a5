package cluster

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"testing"
	"testing/iotest"

	"gorgonia.org/tensor"
)

// saveOf returns the file of a model or a tree.
func saveOf(t testing.TB, s interface{ Save(io.Writer) error }) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// saved returns the file of a small fitted model.
func saved(t testing.TB, dt tensor.Dtype) (*Model, []byte) {
	t.Helper()
	x := matrixOf(dt, 3, blobs(random(50), 60, 3, 4, 5)...)
	m := mustFit(t, KMeans{K: 4, MaxIter: 2, Tol: -1}, x, nil)
	return m, saveOf(t, m)
}

// loaded returns the model of a file.
func loaded(t testing.TB, file []byte) *Model {
	t.Helper()
	m, err := Load(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sameFileContent fails unless got is what the file of want keeps of it.
func sameFileContent(t testing.TB, got, want *Model) {
	t.Helper()
	sameNumbers(t, "centers", got.Centers, want.Centers)
	if got.Inertia != want.Inertia || got.Iterations != want.Iterations || got.Stopped != want.Stopped ||
		got.Distinct != want.Distinct || got.Empty != want.Empty || got.Spherical != want.Spherical ||
		!slices.Equal(got.Counts, want.Counts) {
		t.Errorf("%+v, want %+v", *got, *want)
	}
	if got.Labels != nil {
		t.Errorf("labels %v", got.Labels)
	}
}

func TestSaveLoad(t *testing.T) {
	for _, dt := range dtypes {
		m, file := saved(t, dt)
		got := loaded(t, file)
		sameFileContent(t, got, m)
		x := matrixOf(dt, 3, noise(random(51), 50, 3)...)
		sameLabels(t, "predict", mustPredict(t, got, x), mustPredict(t, m, x))
		if !bytes.Equal(saveOf(t, got), file) {
			t.Errorf("%v: saved again, the file differs", dt)
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

// TestEveryNumberSurvives: the smallest, the largest and −0 come back, from the file and
// from JSON.
func TestEveryNumberSurvives(t *testing.T) {
	for _, c := range []*tensor.Dense{
		matrix(3, math.SmallestNonzeroFloat64, -math.MaxFloat64, math.Copysign(0, -1), math.Pi, 0, 1e-310),
		matrix(3, float32(math.SmallestNonzeroFloat32), -math.MaxFloat32, float32(math.Copysign(0, -1)), math.Pi, 0, 1e-40),
		matrix(1, 1.), matrix(70, noise(random(1), 90, 70)...),
	} {
		for s := Converged; s <= NoImprovement; s++ {
			m := fromCentersOf(t, c)
			m.Inertia, m.Iterations, m.Stopped = math.Pi*1e100, 1<<40, s
			sameFileContent(t, loaded(t, saveOf(t, m)), m)
			sameFileContent(t, throughJSON(t, m), m)
		}
	}
}

// TestMiniBatchGoesOn: a model of PartialFit or of MiniBatch that went through a file goes
// on to the bit as the one that did not, though most steps are too small for the centers'
// dtype.
func TestMiniBatchGoesOn(t *testing.T) {
	r := random(120)
	rows := blobs(r, 400, 4, 5, 2)
	weights := each(400, func(i int) float64 { return float64(i%4) / 3 })
	for _, dt := range dtypes {
		x := matrixOf(dt, 4, rows...)
		for i, mb := range []MiniBatch{{}, {Rate: Adaptive}, {Spherical: true}, {WithoutLabels: true, Reassign: -1}} {
			mb.K, mb.Init = 5, Random{}
			var w []float64
			if i%2 == 1 {
				w = weights
			}
			through := mustPartialFit(t, mb, nil, x, w)
			straight := through
			if i == 2 {
				straight = mustFitBatches(t, mb, x, w)
				through = straight
			}
			for step := range 6 {
				through = loaded(t, saveOf(t, through))
				from := step * 60
				batch := slice(t, x, tensor.S(from, from+60))
				through = mustPartialFit(t, mb, through, batch, part(w, from, from+60))
				straight = mustPartialFit(t, mb, straight, batch, part(w, from, from+60))
				sameModel(t, "through a file", through, straight)
			}
		}
		// A model of KMeans goes on with its counts.
		m := mustFit(t, KMeans{K: 5}, x, nil)
		mb := MiniBatch{K: 5}
		sameModel(t, "a model of KMeans", mustPartialFit(t, mb, loaded(t, saveOf(t, m)), x, nil), mustPartialFit(t, mb, m, x, nil))
	}
	// What no longer belongs to the centers is left out.
	m := mustPartialFit(t, MiniBatch{K: 2}, nil, matrix(1, 1., 2, 3), nil)
	m.Centers = matrix(1, 5., 6, 7)
	if got := loaded(t, saveOf(t, m)); got.stream != nil || got.Counts != nil {
		t.Errorf("stream %v, counts %v for other centers", got.stream, got.Counts)
	}
}

// TestSaveLoadTree: a tree comes back with all but the labels.
func TestSaveLoadTree(t *testing.T) {
	rows := blobs(random(121), 300, 3, 6, 3)
	for _, dt := range dtypes {
		x := matrixOf(dt, 3, rows...)
		for _, b := range []Bisecting{{K: 1}, {K: 6}, {K: 7, Spherical: true, Strategy: LargestCluster}} {
			tree := mustBisect(t, b, x, nil)
			file := saveOf(t, tree)
			got, err := LoadTree(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			if got.Labels != nil || got.Spherical != tree.Spherical {
				t.Errorf("labels %v, spherical %v", got.Labels, got.Spherical)
			}
			sameLabels(t, "predict", mustDescend(t, got, x), tree.Labels)
			again := saveOf(t, got)
			got.Labels = tree.Labels
			sameTree(t, "loaded", got, tree)
			coherentTree(t, got, x, nil)
			if !bytes.Equal(again, file) {
				t.Errorf("%v: saved again, the file differs", dt)
			}
		}
	}
	for _, tree := range []*Tree{nil, {}, {Nodes: make([]Node, 3), NodeCenters: matrix(1, 1., 2, 3)}} {
		refused(t, "Save", tree.Save(new(bytes.Buffer)), ErrInput, "nodes")
	}
	nan := &Tree{Nodes: make([]Node, 1), NodeCenters: matrix(1, math.NaN())}
	refused(t, "Save", nan.Save(new(bytes.Buffer)), ErrInput, "NaN")
}

// TestGoldenFiles: the files that testdata/cluster/models.py wrote by the description of the
// format are read, and those of the present version are written as they are.
func TestGoldenFiles(t *testing.T) {
	read := func(name string) []byte {
		t.Helper()
		file, err := os.ReadFile("../testdata/cluster/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	want := fromCentersOf(t, matrix(2, float32(.6), .8, -1, 0, 0, -1))
	want.Inertia, want.Iterations, want.Stopped, want.Spherical = .1, 7, WithinTol, true
	sameFileContent(t, loaded(t, read("version1_float32.lloyd")), want)

	want = fromCentersOf(t, matrix(3, 1e-310, math.Pi, 1e300, 5, -6, .1))
	want.Inertia, want.Iterations, want.Stopped = 1e21, 300, MaxIterations
	sameFileContent(t, loaded(t, read("version1_float64.lloyd")), want)

	file := read("version2_minibatch.lloyd")
	want = fromCentersOf(t, matrix(2, float32(1), 0, .6, .8))
	want.Inertia, want.Iterations, want.Stopped, want.Spherical = .25, 4, NoImprovement, true
	want.Counts, want.Empty = []int64{3, 0}, 1
	m := loaded(t, file)
	sameFileContent(t, m, want)
	if s := m.stream; !slices.Equal(s.centers, []float64{.5, 0, .3, .4}) || !slices.Equal(s.had, []float64{12.5, 0}) || s.unseen != 9 {
		t.Errorf("%+v", s)
	}
	if !bytes.Equal(saveOf(t, m), file) {
		t.Errorf("the model was saved as\n%q, want\n%q", saveOf(t, m), file)
	}

	file = read("version2_tree.lloyd")
	tree, err := LoadTree(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	x := matrix(1, 0., 1, 5, 14)
	tree.Labels = []int32{0, 0, 1, 2}
	coherentTree(t, tree, x, nil)
	sameTree(t, "golden", tree, mustBisect(t, Bisecting{K: 3, Init: ends, Restarts: 1}, x, nil))
	if !bytes.Equal(saveOf(t, tree), file) {
		t.Errorf("the tree was saved as\n%q, want\n%q", saveOf(t, tree), file)
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
	refused(t, "an inertia of NaN", m.Save(new(bytes.Buffer)), ErrInput, "NaN")
	refused(t, "no model", (*Model)(nil).Save(new(bytes.Buffer)), ErrInput, "no centers")
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
