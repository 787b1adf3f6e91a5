package metrics

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestHungarian(t *testing.T) {
	// Both clusters 0 and 1 have more of class 5 than of any other, but 0 gives
	// least up. Cluster 2 has no rows, and 3 only rows of a class that is taken.
	truth := []int32{5, 5, 5, 9, 9, 5, 5, 5, 5, 5}
	clusters := []int32{0, 0, 0, 0, 0, 1, 1, 1, 1, 3}
	m, err := Hungarian(truth, clusters, 4)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Classes, []int32{9, 5, NoClass, NoClass}) || !slices.Equal(m.Rows, []int{5, 4, 0, 1}) || !slices.Equal(m.Hits, []int{2, 4, 0, 0}) {
		t.Errorf("%+v", m)
	}
	if got, err := HungarianAccuracy(truth, clusters, 4); err != nil || got != 0.6 {
		t.Errorf("accuracy %v, %v; want 0.6", got, err)
	}
	predicted, err := m.Apply(clusters)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Accuracy(truth, predicted); err != nil || got != 0.6 {
		t.Errorf("accuracy after Apply %v, %v; want 0.6", got, err)
	}
}

func TestHungarianOfAnyLabels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		truth, names := pairOf(r, 1+r.IntN(100), 1+r.IntN(30))
		clusters, k := zeroed(names)
		k += r.IntN(3)
		m, err := Hungarian(truth, clusters, k)
		if err != nil {
			t.Fatal(err)
		}
		taken := map[int32]bool{}
		for c, class := range m.Classes {
			rows, hits := 0, 0
			for i, of := range clusters {
				if int(of) == c {
					rows++
					if truth[i] == class {
						hits++
					}
				}
			}
			if m.Rows[c] != rows || m.Hits[c] != hits && m.Hits[c] != 0 {
				t.Fatalf("cluster %d: %d rows and %d hits, counted %d and %d", c, m.Rows[c], m.Hits[c], rows, hits)
			}
			if m.Hits[c] == 0 && class != NoClass {
				t.Fatalf("cluster %d of class %d without a hit", c, class)
			}
			if m.Hits[c] > 0 && taken[class] {
				t.Fatalf("class %d twice: %+v", class, m)
			}
			taken[class] = taken[class] || m.Hits[c] > 0
		}
		accuracy, err := HungarianAccuracy(truth, clusters, k)
		if err != nil {
			t.Fatal(err)
		}
		purity, err := MajorityAccuracy(truth, clusters, k)
		if err != nil || accuracy > purity || accuracy <= 0 {
			t.Fatalf("accuracy %v, purity %v, %v", accuracy, purity, err)
		}
		// Renamed clusters are matched as well.
		renamed := make([]int32, len(clusters))
		for i, c := range clusters {
			renamed[i] = int32(k) - 1 - c
		}
		if other, err := HungarianAccuracy(truth, renamed, k); err != nil || other != accuracy {
			t.Fatalf("accuracy %v, and %v, %v with other names", accuracy, other, err)
		}
	}
}

// The best of all assignments, one by one.
func TestAssignIsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 400 {
		n := 1 + r.IntN(6)
		m := n + r.IntN(8-n)
		gain := make([][]int, n)
		for i := range gain {
			gain[i] = make([]int, m)
			for j := range gain[i] {
				gain[i][j] = max(0, r.IntN(20)-r.IntN(15))
			}
		}
		columns := make([]int, m)
		for j := range columns {
			columns[j] = j
		}
		total := func(columns []int) int {
			sum := 0
			for i := range gain {
				sum += gain[i][columns[i]]
			}
			return sum
		}
		best := 0
		permute(columns, func(columns []int) { best = max(best, total(columns)) })
		got := assign(gain)
		if distinct := slices.Compact(slices.Sorted(slices.Values(got))); len(distinct) != n {
			t.Fatalf("%v: columns %v", gain, got)
		}
		if total(got) != best {
			t.Fatalf("%v: columns %v make %d, the best %d", gain, got, total(got), best)
		}
	}
	if got := assign(nil); len(got) != 0 {
		t.Error(got)
	}
}
