package metrics

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/seed-fbf9ce71/lloyd"
)

// FuzzLabels: any labels have scores, in their ranges.
func FuzzLabels(f *testing.F) {
	f.Add([]byte{0, 0})
	f.Add([]byte{0, 0, 0, 0, 0, 1, 1, 0, 1, 1})
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = raw[:min(len(raw), 512)]
		truth, clusters := make([]int32, len(raw)/2), make([]int32, len(raw)/2)
		for i := range truth {
			truth[i], clusters[i] = int32(raw[2*i])<<24, int32(raw[2*i+1])
		}
		if len(truth) == 0 {
			for _, a := range agreement {
				if _, err := a.of(truth, clusters); !errors.Is(err, ErrEmpty) {
					t.Errorf("%s: %v", a.name, err)
				}
			}
			return
		}
		checkAgreement(t, truth, clusters)
		purity, err := MajorityAccuracy(truth, clusters, 256)
		if err != nil {
			t.Fatal(err)
		}
		matched, err := HungarianAccuracy(truth, clusters, 256)
		if err != nil || matched > purity || matched <= 0 || purity > 1 {
			t.Errorf("accuracy %v, purity %v, %v", matched, purity, err)
		}
	})
}

// FuzzRows: any rows have scores in their ranges, or an error says why not.
func FuzzRows(f *testing.F) {
	row := func(label byte, x, y float64) []byte {
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64([]byte{label}, math.Float64bits(x)), math.Float64bits(y))
	}
	add := func(rows ...[]byte) {
		var all []byte
		for _, r := range rows {
			all = append(all, r...)
		}
		f.Add(all)
	}
	add(row(0, 1, 2), row(0, 2, 2), row(1, -5, 1))
	add(row(0, 1e200, 2), row(0, -1e200, 2), row(1, -5, 1e-200), row(1, math.MaxFloat64, -math.MaxFloat64))
	add(row(0, math.NaN(), 2), row(1, math.Inf(1), 2))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n := min(len(raw)/17, 100)
		x, labels := lloyd.Dense(make([]float64, 2*n), n, 2), make([]int32, n)
		for i := range n {
			labels[i] = int32(raw[17*i] % 8)
			x.Data[2*i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[17*i+1:]))
			x.Data[2*i+1] = math.Float64frombits(binary.LittleEndian.Uint64(raw[17*i+9:]))
		}
		ctx := context.Background()
		known := func(err error) bool {
			return errors.Is(err, ErrEmpty) || errors.Is(err, ErrClusters) || errors.Is(err, ErrNotFinite)
		}
		if s, err := Silhouette(ctx, x, labels, SilhouetteOptions{Threads: 1}); err == nil {
			for _, v := range append(s.Values, s.Mean) {
				if !(v >= -1 && v <= 1) {
					t.Errorf("a silhouette is %v", v)
				}
			}
		} else if !known(err) {
			t.Error(err)
		}
		if v, err := CalinskiHarabasz(ctx, x, labels); err == nil && !(v >= 0 && !math.IsInf(v, 1)) || err != nil && !known(err) {
			t.Errorf("Calinski-Harabasz: %v, %v", v, err)
		}
		if v, err := DaviesBouldin(ctx, x, labels); err == nil && !(v >= 0 && !math.IsInf(v, 1)) || err != nil && !known(err) {
			t.Errorf("Davies-Bouldin: %v, %v", v, err)
		}
	})
}
