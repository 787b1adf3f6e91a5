//go:build linux

package cluster_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// TestPeakMemory: a fit of 1M×32 float32 stays below the data plus 16 bytes a
// row plus 64 MiB, in a process that does nothing else.
func TestPeakMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("a second of work that says nothing in a -short run")
	}
	const n, d = 1_000_000, 32
	if os.Getenv("LLOYD_TEST_PEAK_MEMORY") != "" {
		data := make([]float32, n*d)
		r := rand.New(rand.NewPCG(1, 2))
		for i := range data {
			data[i] = r.Float32()
		}
		x := tensor.New(tensor.WithShape(n, d), tensor.WithBacking(data))
		m, err := cluster.KMeans{K: 16, MaxIter: 10}.Fit(context.Background(), x)
		if err != nil || len(m.Labels) != n {
			t.Fatal(err)
		}
		fmt.Printf("\npeak %d\n", peakMemory(t))
		return
	}
	child := exec.Command(os.Args[0], "-test.run", "^TestPeakMemory$")
	child.Env = append(os.Environ(), "LLOYD_TEST_PEAK_MEMORY=1")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var peak int64
	if i := bytes.Index(out, []byte("\npeak ")); i < 0 {
		t.Fatalf("no peak in the output:\n%s", out)
	} else if _, err := fmt.Sscanf(string(out[i+1:]), "peak %d", &peak); err != nil {
		t.Fatal(err)
	}
	const most = n*d*4 + 16*n + 64<<20
	t.Logf("peak resident memory %.1f MiB: the data (%.1f MiB) + %.1f MiB; allowed %.1f MiB", float64(peak)/(1<<20), float64(n*d*4)/(1<<20), float64(peak-n*d*4)/(1<<20), float64(most)/(1<<20))
	if peak > most {
		t.Errorf("peak resident memory is %d bytes, more than %d", peak, most)
	}
}

// peakMemory returns this process's largest resident set so far, in bytes.
func peakMemory(t *testing.T) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	var kib int64
	if i := bytes.Index(status, []byte("VmHWM:")); i < 0 {
		t.Fatal("no VmHWM in /proc/self/status")
	} else if _, err := fmt.Sscanf(string(status[i:]), "VmHWM: %d kB", &kib); err != nil {
		t.Fatal(err)
	}
	return kib << 10
}
