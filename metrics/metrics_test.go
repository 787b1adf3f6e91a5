package metrics

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestAccuracy(t *testing.T) {
	for _, c := range []struct {
		truth, predicted []int32
		want             float64
	}{
		{[]int32{1}, []int32{1}, 1},
		{[]int32{1}, []int32{2}, 0},
		{[]int32{0, -1, 7, 7}, []int32{0, 1, 7, 7}, 0.75},
	} {
		if got, err := Accuracy(c.truth, c.predicted); err != nil || got != c.want {
			t.Errorf("%v, %v: %v, %v; want %v", c.truth, c.predicted, got, err, c.want)
		}
	}
}

func TestMajority(t *testing.T) {
	// Cluster 0: classes 5 5 2 → 5. Cluster 1: none. Cluster 2: a tie of 9 and
	// -3 → -3. Cluster 3: class 5 once → 5, the class of cluster 0 too.
	truth := []int32{5, 9, 5, -3, 2, 5}
	clusters := []int32{0, 2, 0, 2, 0, 3}
	m, err := Majority(truth, clusters, 4)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Classes, []int32{5, NoClass, -3, 5}) || !slices.Equal(m.Rows, []int{3, 0, 2, 1}) || !slices.Equal(m.Hits, []int{2, 0, 1, 1}) {
		t.Errorf("%+v", m)
	}
	predicted, err := m.Apply(clusters)
	if err != nil || !slices.Equal(predicted, []int32{5, -3, 5, -3, 5, 5}) {
		t.Errorf("Apply: %v, %v", predicted, err)
	}
	if got, err := m.Apply([]int32{1}); err != nil || !slices.Equal(got, []int32{NoClass}) {
		t.Errorf("Apply to the empty cluster: %v, %v", got, err)
	}
	if got, err := m.Apply(nil); err != nil || len(got) != 0 {
		t.Errorf("Apply to nothing: %v, %v", got, err)
	}
	if got, err := MajorityAccuracy(truth, clusters, 4); err != nil || got != 4.0/6 {
		t.Errorf("MajorityAccuracy: %v, %v; want 4/6", got, err)
	}
	if !slices.Equal(truth, []int32{5, 9, 5, -3, 2, 5}) || !slices.Equal(clusters, []int32{0, 2, 0, 2, 0, 3}) {
		t.Error("an argument was changed")
	}
}

// The worked example of Manning, Raghavan and Schütze, figure 16.4: 17 rows,
// majorities 5, 4 and 3, purity 12/17 ≈ 0.71.
func TestPurityOfTheTextbook(t *testing.T) {
	const x, o, d = 0, 1, 2
	truth := []int32{x, x, x, x, x, o, x, o, o, o, o, d, x, x, d, d, d}
	clusters := []int32{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2}
	if got, err := MajorityAccuracy(truth, clusters, 3); err != nil || got != 12.0/17 {
		t.Errorf("%v, %v; want 12/17", got, err)
	}
}

// MajorityAccuracy is the accuracy of the applied matching, and both agree with
// a count by maps.
func TestMajorityAgreesWithCounting(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n, k := 1+g.IntN(300), 1+g.IntN(20)
		truth, clusters := make([]int32, n), make([]int32, n)
		counts := make([]map[int32]int, k)
		for c := range counts {
			counts[c] = map[int32]int{}
		}
		for i := range truth {
			truth[i], clusters[i] = int32(g.IntN(7)-3), int32(g.IntN(k))
			counts[clusters[i]][truth[i]]++
		}
		m, err := Majority(truth, clusters, k)
		if err != nil {
			t.Fatal(err)
		}
		hits := 0
		for c, of := range counts {
			best, most := NoClass, 0
			for class, count := range of {
				if count > most || (count == most && class < best) {
					best, most = class, count
				}
			}
			if m.Classes[c] != best || m.Hits[c] != most {
				t.Fatalf("cluster %d: %d with %d rows, want %d with %d", c, m.Classes[c], m.Hits[c], best, most)
			}
			hits += most
		}
		predicted, err := m.Apply(clusters)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Accuracy(truth, predicted)
		if err != nil {
			t.Fatal(err)
		}
		purity, err := MajorityAccuracy(truth, clusters, k)
		if err != nil || a != purity || a != float64(hits)/float64(n) {
			t.Fatalf("accuracy %v, purity %v, counted %d of %d, %v", a, purity, hits, n, err)
		}
	}
}
