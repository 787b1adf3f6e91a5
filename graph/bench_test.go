package graph_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// BenchmarkPrimitives holds each operator against the same graph in Gorgonia's own
// operators, at 10 000×64 and K=100: runs of the value alone, and of the value and its
// gradients by rows and centers, in turns, and the ratio of their medians.
func BenchmarkPrimitives(b *testing.B) {
	for _, name := range []string{"Nearest", "Distances", "SoftAssign"} {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, gradients := range []bool{false, true} {
				what := "value"
				if gradients {
					what = "gradients"
				}
				b.Run(fmt.Sprintf("%s/%v/%s", name, dt, what), func(b *testing.B) {
					var machines [2]gorgonia.VM
					var times [2][]float64
					for i, build := range []build{builds[name], primitives[name]} {
						p := newProblem(dt, 10_000, 64, 100, 0, build)
						if gradients {
							if _, err := gorgonia.Grad(p.loss, p.x, p.c); err != nil {
								b.Fatal(err)
							}
						}
						machines[i] = gorgonia.NewTapeMachine(p.g)
						defer machines[i].Close()
						run(b, machines[i])
					}
					for b.Loop() {
						for i, m := range machines {
							m.Reset()
							start := time.Now()
							run(b, m)
							times[i] = append(times[i], time.Since(start).Seconds())
						}
					}
					var median [2]float64
					for i, t := range times {
						slices.Sort(t)
						median[i] = t[len(t)/2]
					}
					b.ReportMetric(1e3*median[0], "lloyd-ms")
					b.ReportMetric(1e3*median[1], "gorgonia-ms")
					b.ReportMetric(median[1]/median[0], "ratio")
				})
			}
		}
	}
}
