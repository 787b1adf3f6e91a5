package main

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gorgonia.org/tensor"
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

// start is a flag that says where the initial centers come from: a method, or
// the name of a file.
type start string

const (
	startPlusPlus start = "k-means++"
	startRandom   start = "random"
)

func (s *start) String() string { return string(*s) }
func (s *start) Type() string   { return "HOW" }
func (s *start) Set(text string) error {
	if v := start(text); v != startPlusPlus && v != startRandom && !isTable(text) {
		return fmt.Errorf("%s, %s, or a %s file with the centers was expected", startPlusPlus, startRandom, tableEndings)
	}
	*s = start(text)
	return nil
}

// file returns the name of the file with the centers, if it is one.
func (s start) file() (string, bool) {
	return string(s), s != startPlusPlus && s != startRandom
}

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

// table is a flag that names a file to write numbers to, in the format of its
// ending.
type table string

func (t *table) String() string { return string(*t) }
func (t *table) Type() string   { return "FILE" }
func (t *table) Set(text string) error {
	if !isTable(text) {
		return fmt.Errorf("a name that ends in %s was expected", tableEndings)
	}
	*t = table(text)
	return nil
}

// tableEndings are the endings that package dataset reads and writes.
const tableEndings = ".csv, .tsv or .npy"

func isTable(path string) bool {
	return slices.Contains([]string{".csv", ".tsv", ".npy"}, strings.ToLower(filepath.Ext(path)))
}
