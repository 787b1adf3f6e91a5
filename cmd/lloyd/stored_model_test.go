package main

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// stored is a model with a scaling, and its file.
func stored(t *testing.T) (storedModel, []byte) {
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

// A program that knows models only is told that this is none.
func TestScalingIsNotOverlooked(t *testing.T) {
	_, file := stored(t)
	if _, err := cluster.Load(bytes.NewReader(file)); !errors.Is(err, cluster.ErrModel) {
		t.Errorf("%v", err)
	}
}
