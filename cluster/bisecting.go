package cluster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Bisecting is the configuration of a bisecting k-means fit (Steinbach, Karypis and
// Kumar, "A Comparison of Document Clustering Techniques", KDD workshop on text mining,
// 2000): all rows are one cluster at first, and one cluster after another is split in
// two by KMeans, until there are K. The result is a Tree. For large K that takes a
// fraction of the time of KMeans, and clusters are of more even size; the inertia is
// higher. The zero value of every field but K is a sensible choice. A Bisecting is never
// changed by a fit, and any number of fits may run at the same time.
type Bisecting struct {
	// K is the number of clusters, from 1 to the number of rows.
	K int
	// Strategy chooses the cluster that is split next.
	Strategy Strategy
	// Init chooses the two initial centers of a split, from the rows of the cluster;
	// nil is KMeansPlusPlus{}. Given is not possible.
	Init Init
	// Algorithm, Restarts, MaxIter and Tol are those of the KMeans of a split: Tol is
	// relative to the variance of the cluster's rows.
	Algorithm Algorithm
	Restarts  int
	MaxIter   int
	Tol       float64
	// Seed determines every random choice. The same data, configuration and Seed give
	// the same result, to the bit, whatever Threads is and on every kernel level.
	Seed uint64
	// Threads is the number of threads used; 0 is GOMAXPROCS.
	Threads int
	// Observer, when not nil, is called after every split, in order, on the calling
	// goroutine.
	Observer func(Split)
}

// Strategy is how Bisecting chooses the cluster that is split next. The first one in the
// order of the labels is taken on ties; one whose rows are all the same is never split.
type Strategy uint8

const (
	// BiggestInertia splits the cluster with the largest Σ w·‖x−c‖².
	BiggestInertia Strategy = iota
	// LargestCluster splits the cluster with the largest weight, that is, without
	// weights, with the most rows.
	LargestCluster
)

// String returns the strategy in words.
func (s Strategy) String() string {
	switch s {
	case BiggestInertia:
		return "biggest inertia"
	case LargestCluster:
		return "largest cluster"
	}
	return fmt.Sprintf("Strategy(%d)", uint8(s))
}

// Split is what an Observer of Bisecting is told about one split.
type Split struct {
	Split      int        // counts from 1
	Node       int        // in Tree.Nodes, of the cluster that was split; the last two nodes are its parts
	Rows       int        // of that cluster
	Inertia    float64    // of all clusters after the split
	Iterations int        // of the run of KMeans that was kept
	Stopped    StopReason // of that run
	Elapsed    time.Duration
}

// Fit clusters the rows of x (N×D, float32 or float64). Besides the data it takes a copy
// of the rows of the cluster that is split, but not for the first split. The Tree has
// fewer than K leaves if no cluster is left that has different rows.
//
// The errors wrap ErrParameter (a field of b is out of its range, or N < K), ErrInput
// (x is not a float matrix, is empty, or has a NaN or an infinity: the first is named),
// kernel.ErrLevel, or what Init returns. When ctx is done, Fit returns the tree after
// the last whole split together with an error that wraps ctx.Err(); the tree is nil if
// there was none.
func (b Bisecting) Fit(ctx context.Context, x *tensor.Dense) (*Tree, error) {
	return b.FitWeighted(ctx, x, nil)
}

// FitWeighted is Fit with a weight for each row, as in KMeans.FitWeighted.
func (b Bisecting) FitWeighted(ctx context.Context, x *tensor.Dense, weights []float64) (*Tree, error) {
	if err := checkTensor("x", x); err != nil {
		return nil, err
	}
	if x.Dtype() == tensor.Float32 {
		return bisect[float32](ctx, b, x, weights)
	}
	return bisect[float64](ctx, b, x, weights)
}

// bisection is the state of a fit of Bisecting.
type bisection[T element] struct {
	*fit[T]
	Bisecting
	nodes   []Node
	centers []T     // of the nodes
	rows    [][]int // of each node, in order; nil for the root
	weight  []float64
	splits  int
}

func bisect[T element](ctx context.Context, b Bisecting, x *tensor.Dense, weights []float64) (*Tree, error) {
	crew := newCrew(b.Threads)
	defer crew.close()
	if _, given := b.Init.(Given); given {
		return nil, fmt.Errorf("%w: Init is a Given; each split has centers of its own: expected another Init", ErrParameter)
	}
	if b.Strategy > LargestCluster {
		return nil, fmt.Errorf("%w: Strategy is %d; expected BiggestInertia or LargestCluster", ErrParameter, b.Strategy)
	}
	f, err := newFit[T](ctx, crew, KMeans{
		K: b.K, Init: b.Init, Algorithm: b.Algorithm, Restarts: b.Restarts, MaxIter: b.MaxIter, Tol: b.Tol, Seed: b.Seed, Threads: b.Threads,
	}, x, weights)
	if err != nil {
		return nil, err
	}
	s := &bisection[T]{fit: f, Bisecting: b}
	if err := s.root(ctx); err != nil {
		return nil, err
	}
	begun := time.Now()
	for s.splits < b.K-1 {
		node := s.next()
		if node < 0 {
			break
		}
		m, err := s.split(ctx, node)
		if err != nil {
			if e := ctx.Err(); e == nil || !errors.Is(err, e) || s.splits == 0 {
				return nil, err
			}
			t, e := s.tree(context.WithoutCancel(ctx))
			must(e)
			return t, err
		}
		if m != nil && b.Observer != nil {
			note := Split{Split: s.splits, Node: node, Rows: len(m.Labels), Iterations: m.Iterations, Stopped: m.Stopped, Elapsed: time.Since(begun)}
			for _, n := range s.nodes {
				if n.Leaf() {
					note.Inertia += n.Inertia
				}
			}
			b.Observer(note)
		}
	}
	return s.tree(ctx)
}

// root makes the node of all rows.
func (s *bisection[T]) root(ctx context.Context) error {
	labels := make([]int32, s.x.N)
	stats, err := newStatistics(1, s.x.D, s.x.N, s.top, s.fit.weights != nil, s.topWeight)
	if err != nil {
		return err
	}
	if err := addAll(ctx, s.crew, stats, s.x, labels, s.fit.weights); err != nil {
		return err
	}
	s.centers = make([]T, s.x.D)
	meanInto(s.centers, stats, 0)
	inertia, err := s.fit.inertia(ctx, lloyd.Dense(s.centers, 1, s.x.D), labels)
	s.nodes = []Node{{Rows: s.x.N, Inertia: inertia}}
	s.rows, s.weight = [][]int{nil}, []float64{s.total}
	return err
}

// next returns the leaf to split, the first one in the order of labels on ties, or −1.
func (s *bisection[T]) next() int {
	best, most := -1, math.Inf(-1)
	for _, i := range leaves(s.nodes) {
		n := &s.nodes[i]
		score := n.Inertia
		if s.Strategy == LargestCluster {
			score = s.weight[i]
		}
		if n.Inertia > 0 && !n.whole && score > most {
			best, most = i, score
		}
	}
	return best
}

// split splits the rows of a leaf by KMeans, whose model it returns; nil if they stay
// together.
func (s *bisection[T]) split(ctx context.Context, node int) (*Model, error) {
	f, err := s.part(ctx, node)
	if err != nil {
		return nil, err
	}
	m, err := f.best(ctx)
	if err != nil {
		return nil, err
	}
	centers, err := rowsOf[T]("the centers of a split", m.Centers)
	must(err)
	dist := make([]T, f.x.N)
	must(s.crew.each(context.WithoutCancel(ctx), f.x.N, f.x.D, func(_, from, to int) {
		must(lloyd.SquaredL2Pairs(dist[from:to], f.x.Rows(from, to), centers, m.Labels[from:to]))
	}))
	var rows [2][]int
	var weight, inertia [2]float64
	for side := range rows {
		rows[side] = make([]int, 0, m.Counts[side])
	}
	for i, l := range m.Labels {
		row, w := i, 1.
		if s.rows[node] != nil {
			row = s.rows[node][i]
		}
		if f.weights != nil {
			w = f.weights[i]
		}
		rows[l] = append(rows[l], row)
		weight[l] += w
		inertia[l] += float64(w * float64(dist[i]))
	}
	if weight[0] == 0 || weight[1] == 0 {
		s.nodes[node].whole = true
		return nil, nil
	}
	s.splits++
	s.nodes[node].Left, s.nodes[node].Right = len(s.nodes), len(s.nodes)+1
	for side := range rows {
		s.nodes = append(s.nodes, Node{Rows: len(rows[side]), Inertia: inertia[side]})
		s.centers = append(s.centers, centers.Row(side)...)
		s.rows, s.weight = append(s.rows, rows[side]), append(s.weight, weight[side])
	}
	s.rows[node] = nil
	return m, nil
}

// part returns the fit of two clusters to the rows of a node.
func (s *bisection[T]) part(ctx context.Context, node int) (*fit[T], error) {
	seed := seedOfPart(s.seed, node)
	if rows := s.rows[node]; rows != nil {
		return s.subset(ctx, rows, 2, seed, s.Tol)
	}
	f := *s.fit
	f.k, f.seed = 2, seed
	return &f, nil
}

// tree makes the result.
func (s *bisection[T]) tree(ctx context.Context) (*Tree, error) {
	order := leaves(s.nodes)
	labels := make([]int32, s.x.N)
	centers := lloyd.Dense(make([]T, len(order)*s.x.D), len(order), s.x.D)
	all := lloyd.Dense(s.centers, len(s.nodes), s.x.D)
	for label, i := range order {
		s.nodes[i].Label = int32(label)
		copy(centers.Row(label), all.Row(i))
		for _, row := range s.rows[i] {
			labels[row] = int32(label)
		}
	}
	inertia, err := s.fit.inertia(ctx, centers, labels)
	if err != nil {
		return nil, err
	}
	m := newModel(centers, labels, inertia)
	return &Tree{Centers: m.Centers, Labels: labels, Counts: m.Counts, Inertia: inertia, Nodes: s.nodes, NodeCenters: tensorOf(all)}, nil
}
