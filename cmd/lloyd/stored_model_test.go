package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"runtime"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// stored is a model with a scaling, and its file.
func stored(t testing.TB) (storedModel, []byte) {
	t.Helper()
	model, err := cluster.FromCenters(blobs(t, 3, tensor.Float64))
	if err != nil {
		t.Fatal(err)
	}
	m := storedModel{model, &scaling{[]float64{1, 2, 3, 4}, []float64{5, 6, 7, 8}}}
	var b bytes.Buffer
	if err := m.save(&b); err != nil {
		t.Fatal(err)
	}
	return m, b.Bytes()
}

func load(b []byte) (storedModel, error) { return loadModel(bufio.NewReader(bytes.NewReader(b))) }

func TestDamagedModelsAreRefused(t *testing.T) {
	_, file := stored(t)
	if m, err := load(file); err != nil || m.scaling.mean[3] != 4 || m.scaling.deviation[0] != 5 || m.model.K() != 3 {
		t.Fatalf("%v, %v", m, err)
	}
	for n := range file {
		if _, err := load(file[:n]); !errors.Is(err, cluster.ErrModel) {
			t.Fatalf("the first %d bytes: %v", n, err)
		}
	}
	for i := range file {
		damaged := bytes.Clone(file)
		damaged[i] ^= 0x10
		if _, err := load(damaged); !errors.Is(err, cluster.ErrModel) {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
	m, _ := stored(t)
	m.scaling.mean, m.scaling.deviation = m.scaling.mean[:3], m.scaling.deviation[:3]
	var b bytes.Buffer
	if err := m.save(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := load(b.Bytes()); !errors.Is(err, cluster.ErrModel) || !strings.Contains(err.Error(), "scales 3 columns") {
		t.Errorf("a scaling of another width: %v", err)
	}
}

// Of a damaged tree, the error is about a tree.
func TestDamagedTreeIsRefused(t *testing.T) {
	tree, err := cluster.Bisecting{K: 3}.Fit(t.Context(), blobs(t, 30, tensor.Float64))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := (storedModel{tree, nil}).save(&b); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	if m, err := load(file); err != nil || m.model.K() != 3 {
		t.Fatalf("%v, %v", m, err)
	}
	file[len(file)-9] ^= 1
	if _, err := load(file); !errors.Is(err, cluster.ErrModel) || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("%v", err)
	}
}

// A program that knows models only is told that this is none.
func TestScalingIsNotOverlooked(t *testing.T) {
	_, file := stored(t)
	if _, err := cluster.Load(bytes.NewReader(file)); !errors.Is(err, cluster.ErrModel) {
		t.Errorf("%v", err)
	}
}

// FuzzStoredModel: a model that saves to the same file again, or an error, in memory that
// the file pays for. (The model inside is cluster.FuzzLoad's.)
func FuzzStoredModel(f *testing.F) {
	_, file := stored(f)
	f.Add(file, false)
	f.Add(file[:len(file)-4], true)
	f.Add([]byte(scalingMagic+"\x01\x00\x00\x00\xff\xff\xff\xff"), true)
	f.Fuzz(func(t *testing.T, file []byte, seal bool) {
		if size := 16 + 16*4 + 4; seal && len(file) >= size { // a checksum that is right, for four columns
			binary.LittleEndian.PutUint32(file[size-4:], crc32.Checksum(file[:size-4], castagnoli))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := load(file)
		runtime.ReadMemStats(&after)
		if took, most := after.TotalAlloc-before.TotalAlloc, uint64(64*len(file)+1<<20); took > most {
			t.Errorf("%d bytes taken for a file of %d", took, len(file))
		}
		if err != nil {
			if !errors.Is(err, cluster.ErrModel) {
				t.Error(err)
			}
			return
		}
		var first, second bytes.Buffer
		if err := m.save(&first); err != nil {
			t.Fatal(err)
		}
		again, err := load(first.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := again.save(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("saved again, the file differs (%v)", err)
		}
	})
}
