package cluster

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"testing"

	"gorgonia.org/tensor"
)

// throughJSON returns the model that comes back.
func throughJSON(t testing.TB, m *Model) *Model {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var got Model
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	return &got
}

func TestModelJSON(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 3, blobs(random(130), 80, 3, 4, 5)...)
		for _, m := range []*Model{
			mustFit(t, KMeans{K: 4, Spherical: true}, x, nil),
			mustFitBatches(t, MiniBatch{K: 4}, x, nil),
			fromCentersOf(t, x),
		} {
			got := throughJSON(t, m)
			sameFileContent(t, got, m)
			sameLabels(t, "predict", mustPredict(t, got, x), mustPredict(t, m, x))
		}
	}
	m := fromCentersOf(t, matrix(3, float32(1), .1, 3, 4, 5, 6e20))
	m.Inertia, m.Iterations, m.Stopped, m.Counts = .5, 7, MaxIterations, []int64{4, 2}
	text, err := json.Marshal(*m) // of the value, too
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"k":2,"d":3,"dtype":"float32","inertia":0.5,"iterations":7,"stopped":"maximum of iterations reached","counts":[4,2],"centers":[[1,0.1,3],[4,5,600000000000000000000]]}`; string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
	if text, err = jsonRows[float32]("centers", matrix(2, float32(math.Copysign(0, -1)), 1e-7, 1e21, 123456789)); err != nil || string(text) != "[[-0.0,1e-07],[1e+21,123456790]]" {
		t.Errorf("%s, %v", text, err)
	}
	// As another program may write it.
	var least Model
	if err := json.Unmarshal([]byte(`{"centers": [[-0.0, 1e-400], [2.5, 3]], "d": 2, "k": 2, "dtype": "float64", "by": "hand"}`), &least); err != nil {
		t.Fatal(err)
	}
	sameNumbers(t, "centers", least.Centers, matrix(2, math.Copysign(0, -1), 0, 2.5, 3))
	// A view, and column-major centers.
	m.Centers = slice(t, matrixOf(tensor.Float64, 3, 1, 2, 3, 4, 5, 6), nil, tensor.S(1, 3))
	sameNumbers(t, "a view", throughJSON(t, &Model{Centers: m.Centers}).Centers, matrix(2, 2., 3, 5, 6))
	sameNumbers(t, "column-major", throughJSON(t, &Model{Centers: columnMajor(tensor.Float64, 2, 2, []float64{2, 3, 5, 6})}).Centers, matrix(2, 2., 3, 5, 6))
}

func TestModelJSONErrors(t *testing.T) {
	nan := fromCentersOf(t, matrix(1, 1.))
	nan.Inertia = math.NaN()
	for _, c := range []struct {
		m    Model
		part string
	}{
		{Model{}, "no centers"}, {*nan, "inertia is NaN"}, {Model{Centers: matrix(1, 1, math.Inf(1))}, "row 1, column 0"},
		{Model{Centers: tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2}))}, "two dimensions"},
	} {
		_, err := json.Marshal(c.m)
		refused(t, "Marshal", err, ErrInput, c.part)
	}
	const good = `"k":1,"d":2,"dtype":"float32"`
	before := fromCentersOf(t, matrix(1, 1., 2))
	for _, c := range []struct{ text, part string }{
		{`[1]`, "cannot unmarshal"},
		{`{"k":1,"d":2,"dtype":"int8","centers":[[1,2]]}`, `dtype is "int8"`},
		{`{` + good + `}`, "the centers"},
		{`{` + good + `,"centers":null}`, "there are 0 centers"},
		{`{` + good + `,"centers":[[1,2],[3,4]]}`, "there are 2 centers"},
		{`{` + good + `,"centers":[[1,2,3]]}`, "center 0 has 3 numbers"},
		{`{` + good + `,"centers":[[1,null]]}`, "element 1 of center 0"},
		{`{` + good + `,"centers":[[1,true]]}`, "the centers"},
		{`{` + good + `,"centers":[[1,1e39]]}`, "which is no float32"},
		{`{` + good + `,"centers":[[1,"NaN"]]}`, "the centers"},
		{`{"k":0,"d":2,"dtype":"float32","centers":[]}`, "at least one"},
		{`{"k":1,"d":0,"dtype":"float32","centers":[[]]}`, "at least one"},
		{`{` + good + `,"centers":[[1,2]],"stopped":"bored"}`, `"bored"`},
		{`{` + good + `,"centers":[[1,2]],"counts":[1,2]}`, "2 counts"},
		{`{` + good + `,"centers":[[1,2]],"counts":[-1]}`, "-1 rows"},
		{`{` + good + `,"centers":[[1,2]],"inertia":1e400}`, "inertia"},
	} {
		m := *before
		err := json.Unmarshal([]byte(c.text), &m)
		refused(t, c.text, err, ErrModel, c.part)
		if m.Centers != before.Centers {
			t.Errorf("%s: the model has changed", c.text)
		}
	}
	m := *before
	if err := json.Unmarshal([]byte("null"), &m); err != nil || m.Centers != before.Centers {
		t.Errorf("null: %v", err)
	}
}

// FuzzModelJSON: a model that comes back the same, or an error that wraps ErrModel, in
// memory that the text pays for.
func FuzzModelJSON(f *testing.F) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 3, blobs(random(131), 20, 3, 2, 5)...)
		text, err := json.Marshal(mustFit(f, KMeans{K: 2}, x, nil))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"k":2000000000,"d":2000000000,"dtype":"float64","counts":[1],"centers":[[-0.0,1e-400],[]]}`))
	f.Add([]byte(`{"k":1,"d":1,"dtype":"float32","stopped":"converged","inertia":-1,"iterations":-1,"centers":[[null]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var m Model
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := json.Unmarshal(text, &m)
		runtime.ReadMemStats(&after)
		if took, most := after.TotalAlloc-before.TotalAlloc, uint64(256*len(text)+1<<20); took > most {
			t.Errorf("%d bytes taken for a text of %d", took, len(text))
		}
		switch {
		case !json.Valid(text) || string(bytes.TrimSpace(text)) == "null":
		case err != nil:
			if !errors.Is(err, ErrModel) || m.Centers != nil {
				t.Errorf("%v, and %v", err, m.Centers)
			}
		default:
			sameFileContent(t, throughJSON(t, &m), &m)
		}
	})
}
