package metrics

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"testing"
)

func TestConfusionMatrix(t *testing.T) {
	truth := []int32{3, 3, -1, 10, 3}
	predicted := []int32{3, -1, -1, 7, 3}
	c, err := ConfusionMatrix(truth, predicted)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Classes, []int32{-1, 3, 7, 10}) {
		t.Errorf("classes %v", c.Classes)
	}
	want := [][]int{{1, 0, 0, 0}, {1, 2, 0, 0}, {0, 0, 0, 0}, {0, 0, 1, 0}}
	if !slices.EqualFunc(c.Counts, want, slices.Equal[[]int]) {
		t.Errorf("counts %v, want %v", c.Counts, want)
	}
	const table = "" +
		"true \\ predicted  -1  3  7  10\n" +
		"              -1   1  0  0   0\n" +
		"               3   1  2  0   0\n" +
		"               7   0  0  0   0\n" +
		"              10   0  0  1   0\n"
	if got := c.String(); got != table {
		t.Errorf("table\n%swant\n%s", got, table)
	}
}

// 400 labels of six and six classes, counted by scikit-learn.
func TestConfusionMatrixEqualsScikitLearn(t *testing.T) {
	pairs, counts := numbers(t, "confusion_labels.csv"), numbers(t, "confusion_sklearn.csv")
	var truth, predicted []int32
	for _, p := range pairs {
		truth, predicted = append(truth, int32(p[0])), append(predicted, int32(p[1]))
	}
	c, err := ConfusionMatrix(truth, predicted)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Classes, []int32{-4, 0, 1, 2, 3, 9, 1000}) {
		t.Errorf("classes %v", c.Classes)
	}
	if len(counts) != 7 || !slices.EqualFunc(c.Counts, counts, slices.Equal[[]int]) {
		t.Errorf("counts\n%vwant %v", c, counts)
	}
}

func numbers(t *testing.T, name string) [][]int {
	t.Helper()
	f, err := os.Open("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]int, len(records))
	for i, record := range records {
		for _, cell := range record {
			v, err := strconv.Atoi(cell)
			if err != nil {
				t.Fatal(err)
			}
			rows[i] = append(rows[i], v)
		}
	}
	return rows
}

// A table made by hand may be crooked; printing it must not panic.
func TestStringOfAnyConfusion(t *testing.T) {
	var none *Confusion
	if none.String() != "" || (&Confusion{}).String() != "true \\ predicted\n" {
		t.Errorf("%q, %q", none.String(), (&Confusion{}).String())
	}
	crooked := Confusion{Classes: []int32{1}, Counts: [][]int{{1, 22}, {}, {3}}}
	if got, want := crooked.String(), "true \\ predicted  1\n               1  1  22\n                \n                  3\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
