package kernel_test

import (
	"fmt"
	"log"

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
