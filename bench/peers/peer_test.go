package main

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seed-fbf9ce71/lloyd"
)

// small is a task that all Go implementations do in no time.
func small(t *testing.T) task {
	x, err := generate(Shape{600, 5, 7, "normal"})
	if err != nil {
		t.Fatal(err)
	}
	rows := lloyd.Dense(x, 600, 5)
	return task{x: rows, centers: lloyd.Dense(x[:7*5], 7, 5), threads: 2}
}

// TestImplementations: each implementation in Go does what its note says. Those
// that take the initial centers and the number of iterations agree with Lloyd.
func TestImplementations(t *testing.T) {
	tk := small(t)
	before := slices.Clone(tk.x.Data)
	var ours []float32
	for _, of := range implementations {
		if of.New == nil {
			continue
		}
		t.Run(of.Name, func(t *testing.T) {
			s, err := of.New(tk)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "c.npy")
			a, err := s.answer(tk, request{Op: "turn", Few: 1, Many: 4, Loops: 2, Warm: true, Save: path})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(tk.x.Data, before) {
				t.Error("the rows were changed")
			}
			switch {
			case of.Assign:
				if want := firstInertia(t, tk); a.Inertia < want*(1-1e-5) || a.Inertia > want*(1+1e-5) {
					t.Errorf("inertia %v; want %v", a.Inertia, want)
				}
				return
			case of.Name == "biogo/cluster":
				if a.Saved {
					t.Error("it has no centers to show")
				}
				return
			}
			if a.Iterations != 4 || !a.Saved {
				t.Fatalf("%+v", a)
			}
			c, err := load(path)
			if err != nil {
				t.Fatal(err)
			}
			switch of.Name {
			case lloydName:
				ours = c.Data
			case "plain Go", "muesli/kmeans":
				for i, v := range c.Data {
					if d := v - ours[i]; d > 1e-5 || d < -1e-5 {
						t.Fatalf("center element %d is %v, Lloyd's %v", i, v, ours[i])
					}
				}
			}
		})
	}
}

// TestSeedAndShare: what only Lloyd answers.
func TestSeedAndShare(t *testing.T) {
	tk := small(t)
	s, err := newLloyd(tk)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := s.answer(tk, request{Op: "seed", Seed: 3}); err != nil || a.Seconds <= 0 || a.Inertia <= 0 {
		t.Errorf("seeding: %+v, %v", a, err)
	}
	if a, err := s.answer(tk, request{Op: "share"}); err != nil || a.Seconds == 0 || a.Assign <= 0 {
		t.Errorf("share: %+v, %v", a, err)
	}
	path := filepath.Join(t.TempDir(), "c.npy")
	if a, err := s.answer(tk, request{Op: "batches", Many: 2, Save: path}); err != nil || a.Seconds <= 0 || a.Iterations != 2 {
		t.Errorf("two epochs of one batch: %+v, %v", a, err)
	}
	if c, err := load(path); err != nil || c.N != tk.k() || c.D != tk.x.D {
		t.Errorf("centers of a mini-batch fit: %d×%d, %v", c.N, c.D, err)
	}
	if _, err := s.answer(tk, request{Op: "sing"}); err == nil {
		t.Error("an unknown request was answered")
	}
}

func firstInertia(t *testing.T, tk task) float64 {
	v, err := inertia32(tk.x, tk.centers)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestBiogoStands: with its weights the centers stay, so that it ends after two
// E-steps and one M-step.
func TestBiogoStands(t *testing.T) {
	b := &biogo{small(t), nil}
	b.rows = doubles(b.task)
	km, err := b.cluster()
	if err != nil {
		t.Fatal(err)
	}
	if err := km.Cluster(); err != nil {
		t.Fatal(err)
	}
	for k, c := range km.Centers() {
		if !slices.Equal(c.V(), b.rows[k]) {
			t.Errorf("center %d moved: %v, was %v", k, c.V(), b.rows[k])
		}
	}
}

// TestMpraskiStart: the centers but the first are those that were asked for, which
// is seen after one iteration on rows in far apart groups.
func TestMpraskiStart(t *testing.T) {
	const n, d, k = 90, 2, 3
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, n*d)
	for i := range n {
		for j := range d {
			x[i*d+j] = float32(1000*(i%k)) + r.Float32()
		}
	}
	rows := lloyd.Dense(x, n, d)
	// Rows 0, 1, 2 are in different groups. The first center may be any row; when it
	// is in group 0, the centers find the groups.
	tk := task{x: rows, centers: lloyd.Dense(x[:k*d], k, d), threads: 1}
	m := &mpraski{tk, doubles(tk)}
	for range 100 {
		_, o, err := m.turn(0, 1)
		if err != nil {
			t.Fatal(err)
		}
		found := true
		for c := range k {
			v := float64(o.centers[c*d]) / 1000
			found = found && v > float64(c)-0.01 && v < float64(c)+0.01
		}
		if found {
			return
		}
	}
	t.Error("in 100 attempts the groups were not found")
}
