package main

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOrder: each has its turn once, and over as many turns as there are, each
// goes first.
func TestOrder(t *testing.T) {
	const n = 5
	first := make(map[int]bool)
	follows := make(map[[2]int]int)
	for turn := range 2 * n {
		o := order(n, turn)
		if sorted := slices.Sorted(slices.Values(o)); !slices.Equal(sorted, []int{0, 1, 2, 3, 4}) {
			t.Errorf("turn %d: %v", turn, o)
		}
		first[o[0]] = true
		for i := 1; i < n; i++ {
			follows[[2]int{o[i-1], o[i]}]++
		}
	}
	if len(first) != n {
		t.Errorf("only %v went first", first)
	}
	for pair, times := range follows {
		if times > n {
			t.Errorf("%v in %d of %d turns", pair, times, 2*n)
		}
	}
	if len(order(0, 3)) != 0 {
		t.Error("an order of none")
	}
}

func TestParseShape(t *testing.T) {
	for text, want := range map[string]Shape{
		"100000,64,100": {100_000, 64, 100, "normal"},
		"1797, 64, 10":  {1797, 64, 10, "digits"},
		"7,3,2":         {7, 3, 2, "normal"},
	} {
		if got, err := parseShape(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "1,2", "1,2,3", "0,1,1", "a,b,c", "1,1,1,1"} {
		if got, err := parseShape(text); err == nil {
			t.Errorf("%q was taken: %v", text, got)
		}
	}
}

// TestWindow: there is something to time, and not more of it the larger the shape.
func TestWindow(t *testing.T) {
	for _, s := range shapes {
		if few, many := s.window(); few < 0 || many < few+2 || s.tiny() != (few == 0) {
			t.Errorf("%v: %d to %d", s, few, many)
		}
	}
}

// TestDifference: the time of a fit that sleeps for each iteration, and of one
// that stops early.
func TestDifference(t *testing.T) {
	const unit = 5 * time.Millisecond
	for _, most := range []int{100, 3} {
		seconds, o, err := difference(func(n int) (outcome, error) {
			n = min(n, most)
			time.Sleep(10*unit + time.Duration(n)*unit)
			return outcome{iterations: n}, nil
		}, 1, 5)
		if err != nil || o.iterations != min(5, most) || seconds < unit.Seconds()/2 || seconds > 4*unit.Seconds() {
			t.Errorf("at most %d: %v s, %d iterations, %v", most, seconds, o.iterations, err)
		}
	}
	if _, _, err := difference(func(int) (outcome, error) { return outcome{iterations: 1}, nil }, 1, 5); err == nil {
		t.Error("one iteration was enough")
	}
}

var sample = []Record{
	{Part: partMachine, Note: "Measured on a machine."},
	{Part: partVersion, Name: "FAISS", Note: "faiss-cpu 1"},
	{Part: partVersion, Note: "not installed: other: no wheel"},
	{Part: partIteration, Shape: shapes[6], Threads: 1, Name: lloydName, Repeat: 1, Milliseconds: 10, Window: "1-5", Value: 0, Loaded: 40, Peak: 50},
	{Part: partIteration, Shape: shapes[6], Threads: 1, Name: lloydName, Repeat: 2, Milliseconds: 20, Window: "1-5", Value: math.NaN()},
	{Part: partIteration, Shape: shapes[6], Threads: 2, Name: lloydName, Repeat: 1, Milliseconds: 5, Window: "1-5", Value: math.NaN()},
	{Part: partIteration, Shape: shapes[6], Threads: 1, Name: "FAISS", Repeat: 1, Milliseconds: 30, Window: "1-5", Value: 2e-6},
	{Part: partIteration, Shape: shapes[6], Threads: 1, Name: "FAISS", Repeat: 2, Milliseconds: 40, Window: "1-5", Value: math.NaN()},
	{Part: partIteration, Shape: shapes[6], Threads: 2, Name: "FAISS", Repeat: 1, Milliseconds: -1, Window: "1-5", Value: math.NaN()},
	{Part: partIteration, Shape: shapes[6], Threads: 1, Name: "goml", Repeat: 1, Milliseconds: 1000, Window: "1-5", Value: math.NaN()},
	{Part: partIteration, Shape: shapes[6], Threads: 1, Name: "muesli/kmeans", Window: "1-5", Value: math.NaN(), Note: "> 2 s"},
	{Part: partSeries + "threads", Shape: shapes[6], Threads: 1, Name: lloydName, Repeat: 1, Milliseconds: 10, Window: "1-5", Value: math.NaN()},
	{Part: partSeries + "threads", Shape: shapes[6], Threads: 2, Name: lloydName, Repeat: 1, Milliseconds: 6, Window: "1-5", Value: math.NaN()},
	{Part: partSeeding, Shape: seedings[0], Threads: 1, Name: lloydName, Repeat: 1, Milliseconds: 100, Value: 1000},
	{Part: partSeeding, Shape: seedings[0], Threads: 1, Name: "scikit-learn", Repeat: 1, Milliseconds: 250, Value: 1010},
	{Part: partBatches + "whole", Shape: batchShapes[0], Threads: 2, Name: lloydName, Repeat: 1, Milliseconds: 5000, Window: "30", Value: -.01},
	{Part: partBatches + "own", Shape: batchShapes[0], Threads: 2, Name: lloydName, Repeat: 1, Milliseconds: 500, Window: "1021", Value: .01},
	{Part: partBatches + "own", Shape: batchShapes[0], Threads: 2, Name: "scikit-learn", Repeat: 1, Milliseconds: 9000, Window: "1040", Value: .02},
	{Part: partShare + "start", Shape: shapes[6], Threads: 2, Name: lloydName, Repeat: 1, Milliseconds: 8, Value: 7.5},
	{Part: partShare + "late", Shape: shapes[6], Threads: 2, Name: lloydName, Repeat: 1, Milliseconds: 7, Value: 1.5},
}

// TestTables: what is in the records is in the tables.
func TestTables(t *testing.T) {
	got := tables(sample)
	for _, want := range []string{
		"Measured on a machine.",
		"Versions: faiss-cpu 1.",
		"Not installed: other: no wheel.",
		"| 100000×64, 100 | 1–5 | 15.0 (10.0–20.0) | 2.5 (2.0–3.0) |", // FAISS ÷ Lloyd: 3 and 2
		"| 100000×64, 100 | 1–5 | 15.0 (10.0–20.0) | > 2 s | 100 |",
		"| 100000×64, 100 | 1–5 | 5.0 |  |",             // a negative time is no ratio
		"| 100000×64, 100 | 1–5 | 5.0 | > 2 s | 200¹ |", // one thread against two
		"| 100000×64, 100 | +2e-06 |",
		"| 100000×64, 100 | 24 | 50 |", // memory: rows, Lloyd
		"| 100000×64, 100 | 1 | 100 | 250 | 2.5 | +1 % |",
		"| 100000×64, 100 | 2 | 8.0 | 7.5 | 7.0 | 1.5 |",
		"| 1000000×64, 100 | 2 | own rules | 500 | 1021 | +1 % | scikit-learn | 9000 | 1040 | +2 % | 18.0 |",
		"Whole fits, 1000000×64, 100, 2 threads: 5000 ms, inertia -1 % to -1 %.",
		"plots/ratios-1.png", "plots/ratios-2.png", "plots/scaling-threads.png",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not there", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

// TestCSV: what is written can be read.
func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := writeCSV(&b, sample); err != nil {
		t.Fatal(err)
	}
	got, err := readCSV(&b)
	if err != nil || len(got) != len(sample) {
		t.Fatalf("%d records, %v", len(got), err)
	}
	for i, want := range sample {
		if want.Value == 0 {
			want.Value = math.NaN()
		}
		a, b := got[i], want
		if a.Value != a.Value && b.Value != b.Value {
			a.Value, b.Value = 0, 0
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%+v; want %+v", a, b)
		}
	}
	if _, err := readCSV(strings.NewReader("a,b\n")); err == nil {
		t.Error("another CSV was taken")
	}
}

func TestTidy(t *testing.T) {
	for text, want := range map[string]string{
		"open /home/someone/x.npy: no such file": "open … no such file",
		"a/b is fine":                            "a/b is fine",
		"two\nlines":                             "two lines",
	} {
		if got := tidy(errorString(text)); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

type errorString string

func (e errorString) Error() string { return string(e) }
