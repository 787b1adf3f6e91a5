package cluster

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// ragged is a source of the rows of x in blocks of unequal size, each of which lies in
// the memory of the one before.
type ragged struct {
	x     *tensor.Dense
	most  int         // rows of a block
	known bool        // Rows says how many rows there are
	reads *int        // how often they were read
	spoil func(*read) // may change what is given
}

// read is a block that is read.
type read struct {
	number int // of the pass, from 1, if reads are counted
	row    int // the first of the block
	block  *tensor.Dense
	err    error
	end    bool // after this block
}

func (p ragged) Rows() int {
	if !p.known {
		return -1
	}
	return p.x.Shape()[0]
}
func (p ragged) Columns() int        { return p.x.Shape()[1] }
func (p ragged) Dtype() tensor.Dtype { return p.x.Dtype() }
func (p ragged) Blocks(int) iter.Seq2[*tensor.Dense, error] {
	if p.x.Dtype() == tensor.Float32 {
		return raggedOf[float32](p)
	}
	return raggedOf[float64](p)
}

func raggedOf[T element](p ragged) iter.Seq2[*tensor.Dense, error] {
	return func(yield func(*tensor.Dense, error) bool) {
		number := 1
		if p.reads != nil {
			*p.reads++
			number = *p.reads
		}
		r := rand.New(rand.NewPCG(uint64(p.most), 7))
		d, data := p.Columns(), p.x.Data().([]T)
		memory := make([]T, p.most*d)
		for row := 0; row*d < len(data); {
			n := min(1+r.IntN(p.most), len(data)/d-row)
			for i := range memory {
				memory[i] = T(math.NaN())
			}
			block := memory[:n*d]
			copy(block, data[row*d:])
			step := &read{number, row, tensor.New(tensor.WithShape(n, d), tensor.WithBacking(block)), nil, false}
			if p.spoil != nil {
				p.spoil(step)
			}
			if !yield(step.block, step.err) || step.err != nil || step.end {
				return
			}
			row += n
		}
	}
}

func mustStream(t testing.TB, s Streaming, src Source, weights []float64) *Model {
	t.Helper()
	m, err := s.FitWeighted(t.Context(), src, weights)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// withoutLabels is m as a fit that keeps no labels has it.
func withoutLabels(m *Model) *Model {
	w := *m
	w.Labels = nil
	return &w
}

// TestStreaming: whatever the blocks, the result is that of KMeans to the bit, with and
// without labels, over random fits of all kinds of rows: with every way to choose initial
// centers, weights of which some are 0, restarts, frozen centers, directions, every rule
// to stop, and clusters that lose their rows.
func TestStreaming(t *testing.T) {
	fits := 120
	if testing.Short() {
		fits = 40
	}
	empty, stops := 0, map[StopReason]int{}
	for i := range fits {
		r := random(uint64(3000 + i))
		d := []int{1, 2, 3, 5, 16, 33, 64, 300}[r.IntN(8)]
		n := 2 + r.IntN(1500)
		if d > 50 {
			n = 2 + r.IntN(600)
		}
		k := 1 + r.IntN(min(n, 40))
		rows := someRows(r, i/2, n, d)
		var weights []float64
		if i%3 == 0 {
			weights = each(n, func(int) float64 { return float64(1 + r.IntN(4)) })
			for range min(n-k, n/4) {
				weights[r.IntN(n)] = 0
			}
		}
		km := KMeans{K: k, Seed: uint64(i), MaxIter: 1 + r.IntN(15), Restarts: 1 + r.IntN(2), Threads: 1 + i%3}
		km.Tol = []float64{0, -1, 0.01, 10}[r.IntN(4)]
		km.Algorithm = Algorithm(r.IntN(2))
		if kind := i / 2 % 8; kind != 2 && kind != 3 && kind != 6 && r.IntN(4) == 0 { // these have rows of zeros
			km.Spherical = true
		}
		x := matrixOf(dtypes[i%2], d, rows...)
		switch r.IntN(4) {
		case 0:
			km.Init = Random{}
		case 1:
			far := pick(x, upTo(k)...)
			if r.IntN(2) == 0 && !km.Spherical { // where they lose their rows
				values := numbers(t, far)
				for j := range values[:k/2*d] {
					values[j] *= 1000
				}
				far = matrixOf(x.Dtype(), d, values...)
			}
			km.Init = Given{far}
			if r.IntN(3) == 0 {
				km.Frozen = []int{r.IntN(k)}
			}
		}
		km.Observer = func(i Iteration) { empty += i.Empty }
		want, err := km.FitWeighted(t.Context(), x, weights)
		if err != nil {
			t.Fatal(err)
		}
		stops[want.Stopped]++
		what := fmt.Sprintf("fit %d, %v, %d×%d, K=%d, weights %v, %T", i, x.Dtype(), n, d, k, weights != nil, km.Init)
		km.Observer = nil
		km.Threads = 1 + (i+1)%3
		src := ragged{x: x, most: 1 + r.IntN(900), known: i%2 == 0}
		s := Streaming{KMeans: km, Window: 1 + r.IntN(4*blockRows*d*4)}
		sameModel(t, what, mustStream(t, s, src, weights), want)
		s.WithoutLabels = true
		sameModel(t, what+", without labels", mustStream(t, s, src, weights), withoutLabels(want))
	}
	if empty == 0 || len(stops) != 3 {
		t.Errorf("%d empty clusters, stops %v", empty, stops)
	}
}

// TestStreamingObserved: the observer is told what that of KMeans is told; without
// labels, only not how many rows moved.
func TestStreamingObserved(t *testing.T) {
	x := matrixOf(tensor.Float32, 20, blobs(random(77), 3000, 20, 40, 1)...)
	var seen []Iteration
	km := KMeans{K: 40, Seed: 3, Tol: -1, Restarts: 2, Algorithm: Lloyd, Observer: func(i Iteration) {
		i.Assign, i.Update, i.Elapsed = 0, 0, 0
		seen = append(seen, i)
	}}
	mustFit(t, km, x, nil)
	want := seen
	for _, without := range []bool{false, true} {
		seen = nil
		s := Streaming{KMeans: km, Window: 1, WithoutLabels: without}
		mustStream(t, s, ragged{x: x, most: 500}, nil)
		if without {
			for i := range want {
				want[i].Moved = -1
			}
		}
		if !slices.Equal(seen, want) {
			t.Errorf("without labels %v: told %+v, KMeans tells %+v", without, seen, want)
		}
	}
	s := Streaming{KMeans: km, WithoutLabels: true}
	s.KMeans.WithoutInertia = true
	seen = nil
	mustStream(t, s, SourceOf(x), nil)
	if !math.IsNaN(seen[0].Inertia) {
		t.Errorf("an inertia of %v, which was not wanted", seen[0].Inertia)
	}
}

// TestStreamingPasses: the rows are read as often as the documentation says.
func TestStreamingPasses(t *testing.T) {
	x := matrix(3, blobs(random(3), 2000, 3, 4, 30)...)
	for _, c := range []struct {
		known bool
		s     Streaming
		seeds int // passes for the initial centers
	}{
		{true, Streaming{KMeans: KMeans{K: 4, Init: Given{pick(x, 0, 1, 2, 3)}}}, 0},
		{false, Streaming{KMeans: KMeans{K: 4, Init: Given{pick(x, 0, 1, 2, 3)}}}, 1},
		{true, Streaming{KMeans: KMeans{K: 4, Init: Random{}, Restarts: 1}}, 1},
		{true, Streaming{KMeans: KMeans{K: 4}}, 2 + 3*3},
		{true, Streaming{KMeans: KMeans{K: 4}, InitSize: 100}, 1},
	} {
		var reads int
		m := mustStream(t, c.s, ragged{x: x, most: 300, known: c.known, reads: &reads}, nil)
		last := 0
		if m.Stopped != Converged {
			last = 1
		}
		// A look at the first row, and the check of all rows, come first.
		if want := 2 + c.seeds + m.Iterations + last; reads != want {
			t.Errorf("%+v: %d passes, want %d: %d iterations, %v", c.s, reads, want, m.Iterations, m.Stopped)
		}
	}
}

// TestStreamingInitSize: initial centers of a sample are rows, and what InitFunc chooses
// of it is taken.
func TestStreamingInitSize(t *testing.T) {
	x := matrix(2, blobs(random(5), 3000, 2, 5, 60)...)
	want := mustFit(t, KMeans{K: 5, Restarts: 3}, x, nil)
	weights := each(3000, func(i int) float64 { return float64(i % 2) })
	for _, w := range [][]float64{nil, weights} {
		for _, size := range []int{5, 200, 3000, 10_000} {
			asked := 0
			custom := InitFunc(func(_ context.Context, x *tensor.Dense, k int, _ *rand.Rand) (*tensor.Dense, error) {
				asked++
				if got := x.Shape()[0]; got != min(size, 3000) {
					t.Errorf("%d rows to choose from, want %d", got, size)
				}
				return pick(x, upTo(k)...), nil
			})
			for _, init := range []Init{nil, Random{}, custom} {
				s := Streaming{KMeans: KMeans{K: 5, Init: init, Seed: 1, Restarts: 5}, InitSize: size, Window: 1}
				first := mustStream(t, s, ragged{x: x, most: 100}, w)
				s.KMeans.Threads = 3
				sameModel(t, "again", mustStream(t, s, ragged{x: x, most: 1000, known: true}, w), first)
				if w == nil && init == nil && first.Inertia > 1.2*want.Inertia && size > 5 {
					t.Errorf("InitSize %d: inertia %v, KMeans has %v", size, first.Inertia, want.Inertia)
				}
			}
			if asked != 10 {
				t.Errorf("InitFunc was asked %d times", asked)
			}
		}
	}
}

func TestStreamingRefuses(t *testing.T) {
	x := matrix(2, noise(random(1), 1000, 2)...)
	good := ragged{x: x, most: 100}
	bad := func(spoil func(*read)) Source {
		return ragged{x: x, most: 100, known: true, reads: new(int), spoil: spoil}
	}
	broken := errors.New("broken")
	for _, c := range []struct {
		what     string
		s        Streaming
		src      Source
		weights  []float64
		sentinel error
		parts    []string
	}{
		{"no source", Streaming{KMeans: KMeans{K: 2}}, nil, nil, ErrInput, []string{"nil"}},
		{"no matrix", Streaming{KMeans: KMeans{K: 2}}, SourceOf(nil), nil, ErrInput, []string{"nil"}},
		{"dtype", Streaming{KMeans: KMeans{K: 2}}, ragged{x: tensor.New(tensor.Of(tensor.Int), tensor.WithShape(2, 2))}, nil, ErrInput, []string{"int", "float32"}},
		{"K of 0", Streaming{}, good, nil, ErrParameter, []string{"K is 0"}},
		{"large K", Streaming{KMeans: KMeans{K: 1001}}, good, nil, ErrParameter, []string{"1001", "1000 rows"}},
		{"Threads", Streaming{KMeans: KMeans{K: 2, Threads: -1}}, good, nil, ErrParameter, []string{"Threads"}},
		{"Hamerly", Streaming{KMeans: KMeans{K: 2, Algorithm: Hamerly}}, good, nil, ErrParameter, []string{"hamerly"}},
		{"Refine", Streaming{KMeans: KMeans{K: 2, Refine: 2}}, good, nil, ErrParameter, []string{"Refine is 2"}},
		{"InitSize", Streaming{KMeans: KMeans{K: 2}, InitSize: 1}, good, nil, ErrParameter, []string{"InitSize is 1"}},
		{"InitSize", Streaming{KMeans: KMeans{K: 2}, InitSize: -1}, good, nil, ErrParameter, []string{"InitSize is -1"}},
		{"Window", Streaming{KMeans: KMeans{K: 2}, Window: -1}, good, nil, ErrParameter, []string{"Window is -1"}},
		{"InitFunc", Streaming{KMeans: KMeans{K: 2, Init: firstRows}}, good, nil, ErrParameter, []string{"InitSize"}},
		{"centers", Streaming{KMeans: KMeans{K: 2, Init: Given{matrix(3, 1., 2, 3, 4, 5, 6)}}}, good, nil, ErrInput, []string{"2×3", "2×2"}},
		{"weights", Streaming{KMeans: KMeans{K: 2}}, good, []float64{1, 2}, ErrInput, []string{"2"}},
		{"weights", Streaming{KMeans: KMeans{K: 2}}, bad(nil), []float64{1, 2}, ErrInput, []string{"2 weights", "1000"}},
		{"error", Streaming{KMeans: KMeans{K: 2}}, bad(func(r *read) {
			if r.row > 500 {
				r.err = broken
			}
		}), nil, broken, []string{"after 5"}},
		{"NaN", Streaming{KMeans: KMeans{K: 2}}, bad(func(r *read) {
			if n := r.block.Shape()[0]; r.row <= 700 && r.row+n > 700 {
				r.block.Data().([]float64)[(700-r.row)*2+1] = math.NaN()
			}
		}), nil, ErrInput, []string{"NaN", "row 700, column 1"}},
		{"NaN of a direction", Streaming{KMeans: KMeans{K: 2, Spherical: true}}, bad(func(r *read) {
			if n := r.block.Shape()[0]; r.row <= 700 && r.row+n > 700 {
				r.block.Data().([]float64)[(700-r.row)*2+1] = math.NaN()
			}
		}), nil, ErrInput, []string{"NaN", "row 700, column 1"}},
		{"no direction", Streaming{KMeans: KMeans{K: 2, Spherical: true}}, bad(func(r *read) {
			if n := r.block.Shape()[0]; r.row <= 700 && r.row+n > 700 {
				clear(r.block.Data().([]float64)[(700-r.row)*2:][:2])
			}
		}), nil, ErrInput, []string{"row 700", "direction"}},
		{"short", Streaming{KMeans: KMeans{K: 2}}, bad(func(r *read) { r.end = r.row > 400 }), nil, ErrInput, []string{"ended after", "1000"}},
		{"short later", Streaming{KMeans: KMeans{K: 2}}, ragged{x: x, most: 100, reads: new(int), spoil: func(r *read) { r.end = r.number == 3 && r.row > 400 }}, nil, ErrInput, []string{"ended after", "1000"}},
		{"long", Streaming{KMeans: KMeans{K: 2}}, bad(func(r *read) {
			if r.row+r.block.Shape()[0] == 1000 {
				r.block = x
			}
		}), nil, ErrInput, []string{"goes on after 1000"}},
		{"changed", Streaming{KMeans: KMeans{K: 2, Init: Given{pick(x, 0, 1)}}}, bad(func(r *read) {
			if r.number == 3 && r.row > 600 {
				r.block.Data().([]float64)[0]++
			}
		}), nil, ErrInput, []string{"other numbers", "rows 512 to 767"}},
		{"columns", Streaming{KMeans: KMeans{K: 2}}, bad(func(r *read) { r.block = matrix(1, 1., 2) }), nil, ErrInput, []string{"1 columns", "2"}},
		{"another dtype", Streaming{KMeans: KMeans{K: 2}}, bad(func(r *read) { r.block = matrix[float32](2, 1, 2) }), nil, ErrInput, []string{"float32"}},
		{"no block", Streaming{KMeans: KMeans{K: 2}}, bad(func(r *read) { r.block = nil }), nil, ErrInput, []string{"nil"}},
	} {
		if c.s.Window == 0 {
			c.s.Window = 1
		}
		m, err := c.s.FitWeighted(t.Context(), c.src, c.weights)
		refused(t, c.what, err, c.sentinel, c.parts...)
		if m != nil {
			t.Errorf("%s: a model", c.what)
		}
	}
}

// TestStreamingFails: when the source fails, the centers of the iterations before are
// not lost: they are those of a fit of that many iterations.
func TestStreamingFails(t *testing.T) {
	x := matrix(2, noise(random(1), 3000, 2)...)
	broken := errors.New("broken")
	for _, without := range []bool{false, true} {
		models := 0
		for pass := 1; ; pass++ {
			s := Streaming{KMeans: KMeans{K: 5, Init: Given{pick(x, upTo(5)...)}, Tol: -1, MaxIter: 9}, Window: 1, WithoutLabels: without}
			m, err := s.Fit(t.Context(), ragged{x: x, most: 500, known: true, reads: new(int), spoil: func(r *read) {
				if r.number >= pass && r.row > 1500 {
					r.err = broken
				}
			}})
			if err == nil {
				break
			}
			if !errors.Is(err, broken) {
				t.Fatal(err)
			}
			if m == nil {
				continue
			}
			models++
			s.KMeans.MaxIter = m.Iterations
			want := mustStream(t, s, SourceOf(x), nil)
			sameNumbers(t, "centers", m.Centers, want.Centers)
			if m.Labels != nil || m.Counts != nil || m.Inertia < want.Inertia || m.Inertia > 3*want.Inertia || m.Stopped != Canceled {
				t.Fatalf("a source that failed leaves %+v", m)
			}
		}
		if models < 8 {
			t.Errorf("%d models", models)
		}
	}
	// A run before it is whole.
	want := mustFit(t, KMeans{K: 5, Seed: 1, MaxIter: 3}, x, nil)
	reads, last := 0, 0
	s := Streaming{KMeans: KMeans{K: 5, Seed: 1, MaxIter: 3, Observer: func(i Iteration) {
		if i.Restart == 1 {
			last = reads
		}
	}, Restarts: 2}, Window: 1}
	m, err := s.Fit(t.Context(), ragged{x: x, most: 500, known: true, reads: &reads, spoil: func(r *read) {
		if last > 0 {
			r.err = broken
		}
	}})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	want.Stopped = Canceled
	sameModel(t, "the run before", m, want)
}

// TestStreamingCanceled cancels at every point at which the context is asked.
func TestStreamingCanceled(t *testing.T) {
	x := matrix(3, blobs(random(2), 1500, 3, 6, 2)...)
	for _, without := range []bool{false, true} {
		models, done := 0, false
		for left := int64(0); !done; left += 1 + left/50 {
			ctx := &countdown{Context: t.Context()}
			ctx.left.Store(left)
			s := Streaming{KMeans: KMeans{K: 6, Tol: -1, MaxIter: 6, Restarts: 2}, Window: 1, WithoutLabels: without}
			m, err := s.Fit(ctx, ragged{x: x, most: 500, known: true})
			if done = err == nil; !done {
				canceled(t, "Fit", err)
				if !strings.Contains(err.Error(), "fit stopped") && m != nil {
					t.Fatal(err)
				}
			}
			if m == nil {
				continue
			}
			models++
			if without {
				m.Labels = mustPredict(t, m, x)
			}
			coherent(t, m, x, nil)
		}
		if models < 20 {
			t.Errorf("%d models", models)
		}
	}
}

// TestAhead: a sequence that is read ahead gives all, ends with the loop, and passes a
// panic on.
func TestAhead(t *testing.T) {
	ended := false
	count := func(yield func(int, error) bool) {
		defer func() { ended = true }()
		for i := range 10 {
			if i == 7 {
				panic("seven")
			}
			if !yield(i, nil) {
				return
			}
		}
	}
	sum := 0
	for i := range ahead(count) {
		if sum += i; i == 3 {
			break
		}
	}
	if sum != 6 || !ended {
		t.Errorf("sum %d, ended %v", sum, ended)
	}
	defer func() {
		if fault := recover(); fault != "seven" {
			t.Errorf("panic of %v", fault)
		}
	}()
	for range ahead(count) {
		continue
	}
	t.Error("no panic")
}
