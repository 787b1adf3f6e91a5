package kernel_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"slices"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

func ExampleUse() {
	previous, err := kernel.Use(kernel.Generic)
	if err != nil {
		log.Fatal(err)
	}
	defer kernel.Use(previous)
	level, err := kernel.Active()
	fmt.Println(level, err)
	// Output: generic <nil>
}

func ExampleParse() {
	level, err := kernel.Parse("Generic")
	fmt.Println(level, err)
	// Output: generic <nil>
}

// Ten centers go into two groups of five rather than six and four.
func ExamplePlanFor() {
	p := kernel.PlanFor(kernel.AVX2, 4, 10, 64)
	fmt.Println(p.Method, p.RowTile, p.Groups, p.CenterTile)
	// Output: filter 16 2 5
}

// What this CPU has, and what of the levels of its architecture it runs.
func ExampleSupported() {
	supported := kernel.Supported()
	fmt.Println("always there:", supported[0])
	for _, level := range kernel.All() {
		if !slices.Contains(supported, level) {
			log.Println(level, "is not supported; the CPU has", kernel.Features())
		}
	}
	best := supported[len(supported)-1]
	active, err := kernel.Active() // the best one, unless LLOYD_KERNEL says otherwise
	fmt.Println(active == best || os.Getenv(kernel.EnvVar) != "", err)
	// Output:
	// always there: generic
	// true <nil>
}

// A level that does not exist is an error that lists those that do.
func ExampleErrLevel() {
	_, err := kernel.Parse("sse2")
	fmt.Println(errors.Is(err, kernel.ErrLevel))
	// Output: true
}

// Where 16-bit integers rank the centers first, and from where on they do if those of the rows
// are kept; their columns are pairs of the data's.
func ExampleQuantizedPlanFor() {
	for _, k := range []int{4, 10, 100} {
		p, faster := kernel.QuantizedPlanFor(kernel.AVX2, 4, k, 64)
		fmt.Println(k, "centers:", faster, kernel.KeptRowsFaster(kernel.AVX2, 4, k, 64), p.Depth)
	}
	// Output:
	// 4 centers: false false 0
	// 10 centers: false true 32
	// 100 centers: true true 32
}

// Few columns are cheaper to compare as they are.
func ExampleMethod() {
	for _, d := range []int{2, 64} {
		fmt.Println(d, "columns:", kernel.PlanFor(kernel.AVX2, 4, 100, d).Method == kernel.Filter)
	}
	// Output:
	// 2 columns: false
	// 64 columns: true
}

// How many centers' distances to a panel of rows are one call of a routine, so that the
// garbage collector does not wait for long; columns are rounded up.
func ExampleMaxMultiplyAdds() {
	p := kernel.PlanFor(kernel.AVX2, 4, 1000, 63)
	fmt.Println(p.Depth == 63+63%kernel.DepthUnit, kernel.MaxMultiplyAdds/(p.Depth*p.RowTile))
	// Output: true 4096
}

// The checks of the slice functions of package lloyd.
func ExampleCheckMatrix() {
	table := make([]float32, 10)
	err := kernel.CheckMatrix("x", len(table), 3, 2, 4) // 2·4 + 2 elements
	fmt.Println(err)
	err = kernel.CheckMatrix("x", len(table), 4, 2, 4)
	fmt.Println(errors.Is(err, kernel.ErrShape))
	err = kernel.CheckLength("labels", 3, 4)
	fmt.Println(err)
	// Output:
	// <nil>
	// true
	// lloyd: shape mismatch: labels has 3 elements, need 4
}

// For which numbers of centers it is faster to list candidates by 8-bit integers.
func ExampleCoarseListsFaster() {
	for _, k := range []int{16, 64, 256} {
		fmt.Println(k, kernel.CoarseListsFaster(kernel.AVX2, k, 128))
	}
	// Output:
	// 16 false
	// 64 true
	// 256 true
}

// For which numbers of centers 8-bit integers come first, of rows of 128 columns.
func ExampleCoarsePlanFor() {
	for _, k := range []int{16, 64, 256} {
		p, faster := kernel.CoarsePlanFor(kernel.AVX2, 4, k, 128)
		fmt.Println(k, p.Groups, faster)
	}
	// Output:
	// 16 0 false
	// 64 11 false
	// 256 43 true
}
