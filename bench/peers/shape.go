package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Shape is a data set with a number of clusters.
type Shape struct {
	N, D, K int
	Data    string // how the rows are made, see generate
}

// shapes are what the tables show.
var shapes = []Shape{
	{300, 2, 4, "blobs"},
	{1797, 64, 10, "digits"},
	{1_000_000, 2, 8, "normal"},
	{1_000_000, 3, 16, "normal"},
	{500_000, 16, 64, "normal"},
	{100_000, 32, 1000, "normal"},
	{100_000, 64, 100, "normal"},
	{100_000, 128, 1024, "normal"},
	{50_000, 768, 256, "normal"},
	{20_000, 768, 256, "groups"},
	{20_000, 1536, 1000, "normal"},
	{100_000, 256, 1024, "uniform"},
}

// seedings are the shapes whose seeding is compared.
var seedings = []Shape{{100_000, 64, 100, "normal"}, {20_000, 1536, 1000, "normal"}}

// series are the shapes along which one quantity grows.
var series = []struct {
	quantity string
	shapes   []Shape
}{
	{"N", []Shape{{1000, 64, 100, "normal"}, {10_000, 64, 100, "normal"}, {100_000, 64, 100, "normal"}, {1_000_000, 64, 100, "normal"}}},
	{"K", []Shape{{100_000, 64, 4, "normal"}, {100_000, 64, 16, "normal"}, {100_000, 64, 64, "normal"}, {100_000, 64, 256, "normal"}, {100_000, 64, 1024, "normal"}}},
	{"D", []Shape{{100_000, 2, 100, "normal"}, {100_000, 8, 100, "normal"}, {100_000, 32, 100, "normal"}, {100_000, 128, 100, "normal"}, {100_000, 512, 100, "normal"}}},
}

// value returns N, D or K.
func (s Shape) value(quantity string) int {
	switch quantity {
	case "N":
		return s.N
	case "D":
		return s.D
	}
	return s.K
}

// String returns "100000×64, 100", with the kind of data if it is not normal.
func (s Shape) String() string {
	if s.Data == "normal" {
		return fmt.Sprintf("%d×%d, %d", s.N, s.D, s.K)
	}
	return fmt.Sprintf("%d×%d, %d (%s)", s.N, s.D, s.K, s.Data)
}

// work is the number of multiply-adds of an E-step.
func (s Shape) work() float64 { return float64(s.N) * float64(s.D) * float64(s.K) }

// tiny is true for a shape whose iterations cannot be timed one by one.
func (s Shape) tiny() bool { return s.work() < 1e5 }

// bytes is the size of the rows in float32.
func (s Shape) bytes() float64 { return 4 * float64(s.N) * float64(s.D) }

// window returns the numbers of iterations whose times are subtracted.
func (s Shape) window() (few, many int) {
	switch w := s.work(); {
	case s.tiny():
		return 0, 4
	case w < 2e8:
		return 2, 12
	case w < 5e9:
		return 1, 5
	}
	return 1, 3
}

// quick returns a small shape in the manner of s, for trying out.
func (s Shape) quick() Shape {
	if s.Data != "digits" && s.Data != "blobs" {
		s.K = min(s.K, 100)
		s.N = max(20*s.K, min(s.N/50, int(math.Ceil(2e7/float64(s.D*s.K)))))
	}
	return s
}

// parseShape reads "N,D,K" and finds the data of the shape in the table, if it is
// there.
func parseShape(text string) (Shape, error) {
	s := Shape{Data: "normal"}
	fields := strings.Split(text, ",")
	if len(fields) != 3 {
		return s, fmt.Errorf("the shape %q is not N,D,K", text)
	}
	for i, to := range []*int{&s.N, &s.D, &s.K} {
		v, err := strconv.Atoi(strings.TrimSpace(fields[i]))
		if err != nil || v < 1 {
			return s, fmt.Errorf("the shape %q is not N,D,K", text)
		}
		*to = v
	}
	if s.K > s.N {
		return s, fmt.Errorf("the shape %q has more clusters than rows", text)
	}
	for _, known := range shapes {
		if known.N == s.N && known.D == s.D && known.K == s.K {
			return known, nil
		}
	}
	return s, nil
}
