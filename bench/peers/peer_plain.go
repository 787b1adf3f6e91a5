package main

import "slices"

// plain is Lloyd's algorithm without any care for speed but goroutines.
type plain struct {
	task
	labels []int32
}

func newPlain(t task) (subject, error) {
	p := &plain{t, make([]int32, t.x.N)}
	return subject{fit: p.fit}, nil
}

func (p *plain) fit(iterations int) (outcome, error) {
	d, k := p.x.D, p.k()
	c := slices.Clone(p.centers.Data)
	for range iterations {
		sums, counts := make([][]float64, p.threads), make([][]int, p.threads)
		for w := range sums {
			sums[w], counts[w] = make([]float64, k*d), make([]int, k)
		}
		inBlocks(p.x.N, 1024, p.threads, func(w, from, to int) {
			for i := from; i < to; i++ {
				x := p.x.Row(i)
				l := nearest(x, c, d)
				p.labels[i] = int32(l)
				counts[w][l]++
				sum := sums[w][l*d:]
				for j, v := range x {
					sum[j] += float64(v)
				}
			}
		})
		for w := 1; w < p.threads; w++ {
			for i, v := range sums[w] {
				sums[0][i] += v
			}
			for i, n := range counts[w] {
				counts[0][i] += n
			}
		}
		for l, n := range counts[0] {
			if n == 0 {
				continue // an empty cluster keeps its center
			}
			for j := range d {
				c[l*d+j] = float32(sums[0][l*d+j] / float64(n))
			}
		}
	}
	return outcome{iterations, c}, nil
}

// nearest returns the index of the row of d elements in c nearest to x.
func nearest(x, c []float32, d int) int {
	best, label := float32(0), -1
	for l := 0; l*d < len(c); l++ {
		row := c[l*d : l*d+len(x)]
		var sum float32
		for j, v := range x {
			e := v - row[j]
			sum += e * e
		}
		if label < 0 || sum < best {
			best, label = sum, l
		}
	}
	return label
}
