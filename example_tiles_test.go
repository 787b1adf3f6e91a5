package lloyd_test

import (
	"fmt"
	"log"
	"math"

	"github.com/seed-fbf9ce71/lloyd"
)

// Rows that lie near each other have few centers to be compared with: here two tiles of rows
// on a line, and a center for each of them and one between.
func ExampleTiles() {
	w := lloyd.TileRows[float32]() // 16
	x := make([]float32, 2*w)
	for i := range x {
		x[i] = float32(i%w)/64 + float32(i/w)*10 // from 0 to 15/64, and from 10 on
	}
	centers := lloyd.Dense([]float32{0, 5, 10}, 3, 1)
	var tiles lloyd.Tiles[float32]
	tiles.Resize(len(x), 1)
	if err := tiles.Set(0, lloyd.Dense(x, len(x), 1)); err != nil {
		log.Fatal(err)
	}

	// The distances of each tile to the center that its rows had before.
	best, labels, ref := make([]float32, len(x)), make([]int32, len(x)), make([]float32, len(x))
	for i := range best {
		best[i] = float32(math.Inf(1))
	}
	own := lloyd.TilePairs[float32]{Tiles: []int32{0, 1}, Centers: []int32{0, 1}}
	if err := tiles.Nearest(best, labels, ref, 1, &own, 0, centers); err != nil {
		log.Fatal(err)
	}
	// They become the references of bounds.
	reach, far := make([]float32, 2), make([]float32, 2)
	if err := lloyd.Rebase(reach, far, best, ref, []int32{0, 1}, 1, 1); err != nil {
		log.Fatal(err)
	}
	fmt.Println("farthest:", far[0], far[1])

	// Those to other centers, as bounds in bytes: by how much they are farther.
	others := lloyd.TilePairs[float32]{
		Tiles: []int32{0, 1}, Centers: []int32{1, 2},
		Bounds: make([]uint8, lloyd.PairRows*centers.N), Base: make([]float32, 2), Drifts: make([]float32, centers.N),
	}
	if err := tiles.Nearest(best, labels, ref, 1, &others, 0, centers); err != nil {
		log.Fatal(err)
	}
	fmt.Println("row 0 has center", labels[0], "and row", w, "of", tiles.N(), "center", labels[w])
	fmt.Println("center 1 is farther from tile 0 by", others.Bounds[lloyd.PairRows*1+0], "at least")
	// Output:
	// farthest: 0.234375 5.234375
	// row 0 has center 0 and row 16 of 32 center 2
	// center 1 is farther from tile 0 by 4 at least
}

// Lower bounds of rows give those of tiles, and last longer when drifts are taken off them.
func ExampleTileBounds() {
	w := lloyd.TileRows[float64]() // 8
	lower := make([]uint8, lloyd.PairBytes(lloyd.PairRows, 1))
	for i := range lower {
		lower[i] = uint8(100 + i) // of 32 rows, and one center
	}
	tiles := make([]uint8, lloyd.PairBytes(lloyd.PairRows/w, 1))
	if err := lloyd.TileBounds[float64](tiles, 0, lower, 1); err != nil {
		log.Fatal(err)
	}
	fmt.Println(tiles[:4])
	drift, by := []uint8{50}, make([]uint8, lloyd.PairRows)
	if err := lloyd.ShiftBounds(tiles, drift, by); err != nil {
		log.Fatal(err)
	}
	fmt.Println(tiles[:4])
	// Output:
	// [100 108 116 124]
	// [50 58 66 74]
}
