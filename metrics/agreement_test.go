package metrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// agreement has every score of two labelings that needs no number of clusters.
// Those before asymmetric are symmetric.
var agreement = []struct {
	name        string
	least, most float64
	of          func(truth, clusters []int32) (float64, error)
}{
	{"Rand", 0, 1, Rand},
	{"AdjustedRand", -0.5, 1, AdjustedRand},
	{"FowlkesMallows", 0, 1, FowlkesMallows},
	{"MutualInformation", 0, math.Inf(1), MutualInformation},
	{"NMI arithmetic", 0, 1, normalized(Arithmetic)},
	{"NMI geometric", 0, 1, normalized(Geometric)},
	{"NMI min", 0, 1, normalized(Minimum)},
	{"NMI max", 0, 1, normalized(Maximum)},
	{"AMI arithmetic", math.Inf(-1), 1, adjusted(Arithmetic)},
	{"AMI geometric", math.Inf(-1), 1, adjusted(Geometric)},
	{"AMI min", math.Inf(-1), 1, adjusted(Minimum)},
	{"AMI max", math.Inf(-1), 1, adjusted(Maximum)},
	{"V, beta 1", 0, 1, vmeasure(1)},
	{"Homogeneity", 0, 1, Homogeneity},
	{"Completeness", 0, 1, Completeness},
	{"V, beta 0", 0, 1, vmeasure(0)},
	{"V, beta 2", 0, 1, vmeasure(2)},
	{"V, beta MaxFloat64", 0, 1, vmeasure(math.MaxFloat64)},
}

// symmetric is the number of scores in agreement that are.
const symmetric = 13

func normalized(mean Average) func(truth, clusters []int32) (float64, error) {
	return func(truth, clusters []int32) (float64, error) {
		return NormalizedMutualInformation(truth, clusters, mean)
	}
}

func adjusted(mean Average) func(truth, clusters []int32) (float64, error) {
	return func(truth, clusters []int32) (float64, error) {
		return AdjustedMutualInformation(truth, clusters, mean)
	}
}

func vmeasure(beta float64) func(truth, clusters []int32) (float64, error) {
	return func(truth, clusters []int32) (float64, error) { return VMeasure(truth, clusters, beta) }
}

// checkAgreement holds every score of a pair of labelings to what is true of any.
func checkAgreement(t *testing.T, truth, clusters []int32) {
	t.Helper()
	renamed := make([]int32, len(clusters)) // descending
	for i, c := range clusters {
		renamed[i] = math.MaxInt32 - c
	}
	table, err := newTable(truth, clusters)
	if err != nil {
		t.Fatal(err)
	}
	scores := map[string]float64{}
	for at, a := range agreement {
		score, err := a.of(truth, clusters)
		if err != nil {
			t.Fatalf("%s: %v", a.name, err)
		}
		scores[a.name] = score
		if !(score >= a.least && score <= a.most) {
			t.Errorf("%s is %v, outside %v to %v", a.name, score, a.least, a.most)
		}
		if other, err := a.of(truth, renamed); err != nil || math.Abs(other-score) > 1e-12 {
			t.Errorf("%s is %v, and %v, %v when clusters have other names", a.name, score, other, err)
		}
		swapped, err := a.of(clusters, truth)
		if at < symmetric && (err != nil || math.Abs(swapped-score) > 1e-12) {
			t.Errorf("%s is %v, and %v, %v when swapped", a.name, score, swapped, err)
		}
		if table.same() && score != 1 && a.name != "MutualInformation" && (a.name != "FowlkesMallows" || len(table.cells) < table.rows) {
			t.Errorf("%s is %v for equal partitions", a.name, score)
		}
	}
	if c, err := Completeness(clusters, truth); err != nil || math.Abs(c-scores["Homogeneity"]) > 1e-12 {
		t.Errorf("homogeneity is %v, and completeness when swapped %v, %v", scores["Homogeneity"], c, err)
	}
	if v, nmi := scores["V, beta 1"], scores["NMI arithmetic"]; math.Abs(v-nmi) > 1e-12 {
		t.Errorf("V is %v, arithmetic NMI %v", v, nmi)
	}
	if v, h := scores["V, beta 0"], scores["Homogeneity"]; math.Abs(v-h) > 1e-12 && scores["Completeness"] > 0 {
		t.Errorf("V with beta 0 is %v, homogeneity %v", v, h)
	}
}

// pairOf returns two labelings of n rows with up to k labels that have something
// in common.
func pairOf(r *rand.Rand, n, k int) (truth, clusters []int32) {
	truth, clusters = make([]int32, n), make([]int32, n)
	own := r.Float64()
	for i := range truth {
		truth[i] = int32(r.IntN(k)) - 2
		clusters[i] = truth[i]
		if r.Float64() < own {
			clusters[i] = int32(float64(k) * r.Float64() * r.Float64())
		}
	}
	return truth, clusters
}

func TestAgreementOfAnyLabels(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		n := 1 + r.IntN(60)
		truth, clusters := pairOf(r, n, 1+r.IntN(n+2))
		a, b := slices.Clone(truth), slices.Clone(clusters)
		checkAgreement(t, truth, clusters)
		if !slices.Equal(a, truth) || !slices.Equal(b, clusters) {
			t.Fatal("an argument was changed")
		}
		if t.Failed() {
			t.Fatalf("labels %v and %v", truth, clusters)
		}
	}
}

// The pairs are counted one by one, and the information by its definition.
func TestAgreementByCounting(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		n := 1 + r.IntN(40)
		truth, clusters := pairOf(r, n, 1+r.IntN(6))
		var want [2][2]int64
		for i := range truth {
			for j := range truth {
				class, cluster := 0, 0
				if truth[i] == truth[j] {
					class = 1
				}
				if clusters[i] == clusters[j] {
					cluster = 1
				}
				if i != j {
					want[class][cluster]++
				}
			}
		}
		if got, err := PairConfusion(truth, clusters); err != nil || got != want {
			t.Fatalf("%v and %v: %v, %v; want %v", truth, clusters, got, err, want)
		}
		// Each row adds ln(P(both)/P(class)P(cluster))/N.
		var mi float64
		for i := range truth {
			var both, class, cluster float64
			for j := range truth {
				if truth[i] == truth[j] {
					class++
				}
				if clusters[i] == clusters[j] {
					cluster++
				}
				if truth[i] == truth[j] && clusters[i] == clusters[j] {
					both++
				}
			}
			mi += math.Log(float64(n)*both/(class*cluster)) / float64(n)
		}
		got, err := MutualInformation(truth, clusters)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mutual information", got, mi, 1e-12)
	}
}

// The expected mutual information is the mean over all orders of the rows.
func TestExpectedInformationIsTheMean(t *testing.T) {
	for _, c := range []struct{ truth, clusters []int32 }{
		{[]int32{0, 0, 0, 1, 1, 2, 2}, []int32{0, 1, 1, 1, 1, 2, 2}},
		{[]int32{0, 0, 0, 0, 0, 0, 1}, []int32{0, 0, 0, 0, 1, 1, 1}},
		{[]int32{0, 0, 1, 2, 3, 4, 5}, []int32{0, 0, 0, 0, 0, 1, 2}},
		{[]int32{0, 1, 2, 3, 4, 5, 6}, []int32{0, 0, 0, 1, 1, 2, 2}},
		{[]int32{0, 0, 0, 0, 0, 0, 0}, []int32{0, 0, 0, 1, 1, 2, 2}},
	} {
		var sum float64
		orders := 0
		permute(slices.Clone(c.clusters), func(clusters []int32) {
			mi, err := MutualInformation(c.truth, clusters)
			if err != nil {
				t.Fatal(err)
			}
			sum += mi
			orders++
		})
		got := expectedInformation(len(c.truth), partitionOf(c.truth).sizes, partitionOf(c.clusters).sizes)
		near(t, fmt.Sprint("expected information of ", c), got, sum/float64(orders), 1e-13)
	}
}

// permute calls do with every order of list.
func permute[T any](list []T, do func([]T)) {
	var from func(i int)
	from = func(i int) {
		if i == len(list) {
			do(list)
			return
		}
		for j := i; j < len(list); j++ {
			list[i], list[j] = list[j], list[i]
			from(i + 1)
			list[i], list[j] = list[j], list[i]
		}
	}
	from(0)
}

// The weights that are cut off do not count: with them, by logarithms of
// factorials, the mean is the same.
func TestExpectedShareByFactorials(t *testing.T) {
	factorial := func(k int) float64 { l, _ := math.Lgamma(float64(k) + 1); return l }
	for _, c := range [][3]int{{1000, 300, 300}, {1000, 700, 800}, {1000, 1, 999}, {5000, 2500, 2500}, {3000, 10, 2000}} {
		n, a, b := c[0], c[1], c[2]
		var want float64
		for k := max(1, a+b-n); k <= min(a, b); k++ {
			weight := factorial(a) + factorial(b) + factorial(n-a) + factorial(n-b) - factorial(n) -
				factorial(k) - factorial(a-k) - factorial(b-k) - factorial(n-a-b+k)
			want += math.Exp(weight) * shared(n, a, b, k)
		}
		near(t, fmt.Sprint(c), expectedShare(n, a, b), want, 1e-11)
	}
}

// With many rows and labels AMI is about 0 for random labels, where NMI is not,
// and nothing overflows or takes long.
func TestAgreementOfManyLabels(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	n := 200_000
	if testing.Short() {
		n = 20_000
	}
	truth, clusters := make([]int32, n), make([]int32, n)
	for i := range truth {
		truth[i], clusters[i] = int32(r.IntN(n/4)), int32(float64(n)*r.Float64()*r.Float64())
	}
	nmi, err := NormalizedMutualInformation(truth, clusters, Arithmetic)
	if err != nil || nmi < 0.8 {
		t.Errorf("NMI is %v, %v", nmi, err)
	}
	ami, err := AdjustedMutualInformation(truth, clusters, Arithmetic)
	if err != nil || math.Abs(ami) > 0.01 {
		t.Errorf("AMI is %v, %v", ami, err)
	}
	ari, err := AdjustedRand(truth, clusters)
	if err != nil || math.Abs(ari) > 0.01 {
		t.Errorf("ARI is %v, %v", ari, err)
	}
}

func TestAverage(t *testing.T) {
	for a, want := range map[Average]float64{Arithmetic: 5, Geometric: 4, Minimum: 2, Maximum: 8} {
		near(t, a.String(), a.of(2, 8), want, 1e-15)
		near(t, a.String(), a.of(8, 2), want, 1e-15)
	}
	if got := Average(7).String(); got != "Average(7)" {
		t.Error(got)
	}
}

func TestContingencyMatrix(t *testing.T) {
	c, err := ContingencyMatrix([]int32{3, 3, -1, 10, 3}, []int32{0, 1, 1, 2, 0})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Classes, []int32{-1, 3, 10}) || !slices.Equal(c.Clusters, []int32{0, 1, 2}) {
		t.Errorf("classes %v, clusters %v", c.Classes, c.Clusters)
	}
	const table = "" +
		"true \\ cluster  0  1  2\n" +
		"            -1  0  1  0\n" +
		"             3  2  1  0\n" +
		"            10  0  0  1\n"
	if got := c.String(); got != table {
		t.Errorf("table\n%swant\n%s", got, table)
	}
	var none *Contingency
	if none.String() != "" || (&Contingency{}).String() != "true \\ cluster\n" {
		t.Errorf("%q, %q", none.String(), (&Contingency{}).String())
	}
}
