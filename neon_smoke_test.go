//go:build arm64

package lloyd

import (
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

func nsmoke[T Float](t *testing.T, n, d, k int) {
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]T, n*d)
	for i := range x { x[i] = T(r.NormFloat64()) }
	c := make([]T, k*d)
	for i := range c { c[i] = T(r.NormFloat64()) }
	kernel.Use(kernel.Generic)
	pg, _ := PackCenters(Dense(c, k, d))
	lg, dg := make([]int32, n), make([]T, n)
	pg.Nearest(lg, dg, Dense(x, n, d), nil)
	kernel.Use(kernel.NEON)
	pa, _ := PackCenters(Dense(c, k, d))
	la, da := make([]int32, n), make([]T, n)
	var ws Workspace[T]
	pa.Nearest(la, da, Dense(x, n, d), &ws)
	bad := 0
	for i := range lg {
		if lg[i] != la[i] || dg[i] != da[i] { bad++; if bad < 4 { t.Errorf("row %d: %d %v, want %d %v", i, la[i], da[i], lg[i], dg[i]) } }
	}
	t.Logf("%T %dx%d k%d bad %d direct %.4f", x[0], n, d, k, bad, float64(ws.Direct)/float64(ws.Rows))
}

func TestNSmoke(t *testing.T) {
	for _, s := range [][3]int{{1797,64,10},{997,2,8},{1001,3,16},{1000,7,13},{1001,9,13},{500,300,20},{300,700,40},{100,1536,100},{100,16,1},{100,17,2},{100,18,3},{100,19,4},{100,33,5},{100,512,6}} {
		nsmoke[float32](t, s[0], s[1], s[2])
		nsmoke[float64](t, s[0], s[1], s[2])
	}
}
