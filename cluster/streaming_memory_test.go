//go:build linux

package cluster_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// TestStreamingMemory: a process that never has more than 64 MiB fits a file of 256 MiB,
// with the labels, centers, inertia and iterations of KMeans, to the bit.
func TestStreamingMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("seconds of work; TestStreaming is about the same on small data")
	}
	const n, d, most = 1 << 20, 64, 64 << 20
	km := cluster.KMeans{K: 6, MaxIter: 3, Seed: 7, Tol: -1}
	if path := os.Getenv("LLOYD_TEST_STREAM"); path != "" {
		src, err := dataset.Open(path, dataset.FileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := cluster.Streaming{KMeans: km}.Fit(context.Background(), src)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("\nresult %s\npeak %d\n", digest(m), peakMemory(t))
		return
	}
	path := filepath.Join(t.TempDir(), "rows.fbin")
	writeRows(t, path, n, d)
	child := exec.Command(os.Args[0], "-test.run", "^TestStreamingMemory$")
	child.Env = append(os.Environ(), "LLOYD_TEST_STREAM="+path, "GOMEMLIMIT=48MiB")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got string
	var peak int64
	i := strings.Index(string(out), "\nresult ")
	if i < 0 {
		t.Fatalf("no result in the output:\n%s", out)
	}
	if _, err := fmt.Sscanf(string(out[i+1:]), "result %s\npeak %d", &got, &peak); err != nil {
		t.Fatalf("%v in the output:\n%s", err, out)
	}
	table, err := dataset.ReadFile(path, dataset.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := km.Fit(t.Context(), table.X)
	if err != nil {
		t.Fatal(err)
	}
	if want := digest(m); got != want {
		t.Errorf("streamed: %s, in memory: %s", got, want)
	}
	t.Logf("peak resident memory %.1f MiB, the file has %d MiB", float64(peak)/(1<<20), n*d*4>>20)
	if peak > most {
		t.Errorf("peak resident memory is %d bytes, more than %d", peak, most)
	}
}

// digest is a fit in one word: its iterations, its inertia, and checksums of its labels
// and centers.
func digest(m *cluster.Model) string {
	labels, centers := crc32.NewIEEE(), crc32.NewIEEE()
	_ = binary.Write(labels, binary.LittleEndian, m.Labels) // a hash takes everything
	_ = binary.Write(centers, binary.LittleEndian, m.Centers.Data())
	return fmt.Sprintf("%d:%x:%d:%08x:%08x", m.Iterations, math.Float64bits(m.Inertia), len(m.Labels), labels.Sum32(), centers.Sum32())
}

// writeRows writes n×d numbers around 6 centers as .fbin.
func writeRows(t *testing.T, path string, n, d int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	number := binary.LittleEndian.AppendUint32(nil, uint32(n))
	number = binary.LittleEndian.AppendUint32(number, uint32(d))
	_, _ = w.Write(number) // Flush says whether something failed
	r := rand.New(rand.NewPCG(1, 2))
	row := make([]byte, 0, 4*d)
	for i := range n {
		row = row[:0]
		bits := r.Uint64()
		for j := range d {
			if j%8 == 0 {
				bits = r.Uint64()
			}
			v := float32(i%6*(j%3)) + float32(uint8(bits>>(j%8*8)))/64
			row = binary.LittleEndian.AppendUint32(row, math.Float32bits(v))
		}
		_, _ = w.Write(row)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
