package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// count is a flag that holds a whole number of 1 or more; 0 until it is set.
type count int

func (c *count) String() string { return strconv.Itoa(int(*c)) }
func (c *count) Type() string   { return "N" }
func (c *count) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return errors.New("a whole number of 1 or more was expected")
	}
	*c = count(n)
	return nil
}

// tolerance is a flag that holds a number of 0 or more.
type tolerance float64

func (t *tolerance) String() string { return strconv.FormatFloat(float64(*t), 'g', -1, 64) }
func (t *tolerance) Type() string   { return "T" }
func (t *tolerance) Set(text string) error {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return errors.New("a number of 0 or more was expected, for example 1e-4")
	}
	*t = tolerance(v)
	return nil
}

// element is a flag that holds the type of the numbers to compute with; the
// zero value leaves it to the file.
type element struct{ dtype tensor.Dtype }

func (e *element) String() string {
	if e.dtype.Type == nil {
		return ""
	}
	return e.dtype.Name()
}
func (e *element) Type() string { return "TYPE" }
func (e *element) Set(text string) error {
	switch text {
	case "float32":
		e.dtype = tensor.Float32
	case "float64":
		e.dtype = tensor.Float64
	default:
		return errors.New("float32 or float64 was expected")
	}
	return nil
}

// algorithm is a flag that holds a cluster.Algorithm.
type algorithm cluster.Algorithm

func (a *algorithm) String() string { return cluster.Algorithm(*a).String() }
func (a *algorithm) Type() string   { return "WAY" }
func (a *algorithm) Set(text string) error {
	i := slices.Index(algorithmNames(), text)
	if i < 0 {
		return fmt.Errorf("one of %s was expected", strings.Join(algorithmNames(), ", "))
	}
	*a = algorithm(i)
	return nil
}

// algorithmNames lists the algorithms of package cluster in the order of their values:
// those that have a name.
func algorithmNames() []string {
	var names []string
	for a := cluster.Algorithm(0); !strings.Contains(a.String(), "("); a++ {
		names = append(names, a.String())
	}
	return names
}

// start is a flag that says where the initial centers come from: a method, or
// the name of a file.
type start string

// startMethod is a method to choose initial centers.
type startMethod struct {
	name start
	init cluster.Init
	runs int // how many runs there are unless --n-init says it
}

const (
	startPlusPlus start = "k-means++"
	startParallel start = "k-means||"
	startMarkov   start = "afkmc2"
	startRandom   start = "random"
)

var startMethods = []startMethod{
	{startPlusPlus, cluster.KMeansPlusPlus{}, 1},
	{startParallel, cluster.KMeansParallel{}, 1},
	{startMarkov, cluster.AFKMC2{}, 1},
	{startRandom, cluster.Random{}, 10},
}

// startNames lists the methods in words.
func startNames() string {
	var names []string
	for _, m := range startMethods {
		names = append(names, string(m.name))
	}
	return strings.Join(names, ", ")
}

func (s *start) String() string { return string(*s) }
func (s *start) Type() string   { return "HOW" }
func (s *start) Set(text string) error {
	v := start(text)
	if _, isFile := v.file(); isFile {
		if _, err := dataset.FormatOf(text); err != nil {
			return fmt.Errorf("%s, or a file with the centers (%s) was expected", startNames(), endings(anyFormat))
		}
	}
	*s = v
	return nil
}

// method returns the method; for a file, one of a single run whose centers are
// still to be read.
func (s start) method() startMethod {
	for _, m := range startMethods {
		if m.name == s {
			return m
		}
	}
	return startMethod{name: s, runs: 1}
}

// file returns the name of the file with the centers, if it is one.
func (s start) file() (string, bool) { return string(s), s.method().init == nil }

// fileName is a flag that names a file of any ending.
type fileName string

func (f *fileName) String() string { return string(*f) }
func (f *fileName) Type() string   { return "FILE" }
func (f *fileName) Set(text string) error {
	if text == "" || text == standardInput {
		return errors.New("the name of a file was expected")
	}
	*f = fileName(text)
	return nil
}

// table is a flag that names a file to write a matrix to, in the format of its
// ending.
type table string

func (t *table) String() string { return string(*t) }
func (t *table) Type() string   { return "FILE" }
func (t *table) Set(text string) error {
	if f, err := dataset.FormatOf(text); err != nil || !f.Writes {
		return fmt.Errorf("a name that ends in %s was expected", endings(writes))
	}
	*t = table(text)
	return nil
}

// labelsFile is a flag that names a file to write labels to, in the format of
// its ending.
type labelsFile string

func (l *labelsFile) String() string { return string(*l) }
func (l *labelsFile) Type() string   { return "FILE" }
func (l *labelsFile) Set(text string) error {
	if f, err := dataset.FormatOf(text); err != nil || !f.Labels {
		return fmt.Errorf("a name that ends in %s was expected", endings(holdsLabels))
	}
	*l = labelsFile(text)
	return nil
}

func anyFormat(dataset.Format) bool     { return true }
func writes(f dataset.Format) bool      { return f.Writes }
func holdsLabels(f dataset.Format) bool { return f.Labels }

// endings lists the endings of the formats that fit.
func endings(fits func(dataset.Format) bool) string {
	var all []string
	for _, f := range dataset.Formats() {
		if fits(f) {
			all = append(all, f.Ending)
		}
	}
	return strings.Join(all, ", ")
}
