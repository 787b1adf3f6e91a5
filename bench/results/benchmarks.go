package results

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Benchmark is the lines of one benchmark in the output of go test -bench: its
// name, taken apart, and the samples by unit.
type Benchmark struct {
	Name   string            // of the function, without "Benchmark"
	Keys   map[string]string // of the sub-benchmarks: level, dtype, n, …
	Sample map[string]Sample // by unit: ns/op, GFLOP/s, %peak, …
}

// Read reads the output of go test -bench. Benchmarks are in the order of their
// first lines.
func Read(r io.Reader) ([]*Benchmark, error) {
	var all []*Benchmark
	known := make(map[string]*Benchmark)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		if _, err := strconv.Atoi(fields[1]); err != nil {
			continue
		}
		b := known[fields[0]]
		if b == nil {
			b = named(fields[0])
			known[fields[0]] = b
			all = append(all, b)
		}
		for i := 2; i+1 < len(fields); i += 2 {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("results: %q: %w", lines.Text(), err)
			}
			b.Sample[fields[i+1]] = append(b.Sample[fields[i+1]], v)
		}
	}
	return all, lines.Err()
}

// named takes a name apart: BenchmarkName/key=value/…-threads.
func named(s string) *Benchmark {
	if i := strings.LastIndexByte(s, '-'); i > 0 {
		if _, err := strconv.Atoi(s[i+1:]); err == nil {
			s = s[:i]
		}
	}
	parts := strings.Split(strings.TrimPrefix(s, "Benchmark"), "/")
	b := &Benchmark{Name: parts[0], Keys: make(map[string]string), Sample: make(map[string]Sample)}
	for _, part := range parts[1:] {
		if key, value, ok := strings.Cut(part, "="); ok {
			b.Keys[key] = value
		}
	}
	return b
}

// shape returns the N×D, K of a benchmark, or the N×D of one without centers.
func (b *Benchmark) shape() string {
	if b.Keys["k"] == "" {
		return b.Keys["n"] + "×" + b.Keys["d"]
	}
	return fmt.Sprintf("%s×%s, %s", b.Keys["n"], b.Keys["d"], b.Keys["k"])
}
