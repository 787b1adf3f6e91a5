package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// BenchmarkStreaming is an iteration (E-step, M-step and the pass over the file) on rows
// that stay in a file of float32, D=128, K=16, beside the same in memory, and
// the most anonymous memory that the process had on the way. LLOYD_STREAM_GB is
// the size of the file in 10⁹ bytes, 0.5 if it is not set; above 4 nothing is read into memory.
func BenchmarkStreaming(b *testing.B) {
	const d, k, few, many = 128, 16, 1, 3
	size := 0.5
	if text := os.Getenv("LLOYD_STREAM_GB"); text != "" {
		var err error
		if size, err = strconv.ParseFloat(text, 64); err != nil {
			b.Fatal(err)
		}
	}
	n := int(size * 1e9 / 4 / d)
	path := filepath.Join(b.TempDir(), "rows.fbin")
	centers := writeMixture(b, path, n, d, k)
	source, err := dataset.Open(path, dataset.FileOptions{})
	if err != nil {
		b.Fatal(err)
	}
	km := cluster.KMeans{K: k, Init: cluster.Given{Centers: centers}, Tol: -1, MaxIter: many, WithoutInertia: true}
	bench := func(name string, fit func(cluster.KMeans) error) {
		b.Run(fmt.Sprintf("%d×%d_K=%d/%s", n, d, k, name), func(b *testing.B) {
			done, peak := watchMemory()
			var spent time.Duration
			for b.Loop() {
				km := km
				var first time.Duration
				km.Observer = func(i cluster.Iteration) {
					switch i.Iteration {
					case few:
						first = i.Elapsed
					case many:
						spent += i.Elapsed - first
					}
				}
				if err := fit(km); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(spent.Seconds()/float64(b.N)/(many-few)*1e3, "ms/iteration")
			b.ReportMetric(size*float64(b.N)*(many-few)/spent.Seconds(), "GB/s")
			close(done)
			if p := peak.Load(); p > 0 {
				b.ReportMetric(float64(p)/(1<<20), "MiB-anonymous")
			}
		})
	}
	for _, without := range []bool{true, false} {
		name := "labels"
		if without {
			name = "no_labels"
		}
		bench(name, func(km cluster.KMeans) error {
			_, err := cluster.Streaming{KMeans: km, WithoutLabels: without}.Fit(context.Background(), source)
			return err
		})
	}
	if size > 4 {
		return
	}
	table, err := dataset.ReadFile(path, dataset.FileOptions{})
	if err != nil {
		b.Fatal(err)
	}
	bench("memory", func(km cluster.KMeans) error {
		km.Algorithm = cluster.Lloyd
		_, err := km.Fit(context.Background(), table.X)
		return err
	})
}

// writeMixture writes n rows around k centers as .fbin, and returns the first k rows.
func writeMixture(b *testing.B, path string, n, d, k int) *tensor.Dense {
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	number := binary.LittleEndian.AppendUint32(nil, uint32(n))
	_, _ = w.Write(binary.LittleEndian.AppendUint32(number, uint32(d))) // Flush says whether it failed
	const different = 1 << 14
	x := mixture(different, d, k, 1)(b).Data().([]float32)
	r := rand.New(rand.NewPCG(5, 6))
	row := make([]byte, 0, 4*d)
	for range n {
		row = row[:0]
		at, off := r.IntN(different), 0.1*r.Float32()
		for _, v := range x[at*d : (at+1)*d] {
			row = binary.LittleEndian.AppendUint32(row, math.Float32bits(v+off))
		}
		_, _ = w.Write(row)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return tensor.New(tensor.WithShape(k, d), tensor.WithBacking(append([]float32(nil), x[:k*d]...)))
}

// watchMemory looks how much anonymous memory the process has, until done is closed; the
// peak stays 0 where the system does not tell.
func watchMemory() (done chan struct{}, peak *atomic.Int64) {
	done, peak = make(chan struct{}), new(atomic.Int64)
	look := func() {
		status, _ := os.ReadFile("/proc/self/status")
		if i := bytes.Index(status, []byte("RssAnon:")); i >= 0 {
			var kib int64
			if _, err := fmt.Sscanf(string(status[i:]), "RssAnon: %d kB", &kib); err == nil {
				peak.Store(max(peak.Load(), kib<<10))
			}
		}
	}
	go func() {
		for {
			look()
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return done, peak
}
