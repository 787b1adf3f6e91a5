// Update writes the tables of a run of go test -bench into bench/RESULTS.md:
//
//	go run ./bench/results/update bench/out/bench.txt bench/RESULTS.md
package main

import (
	"fmt"
	"os"

	"github.com/seed-fbf9ce71/lloyd/bench/results"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: update BENCH.txt RESULTS.md")
		os.Exit(2)
	}
	if err := update(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "update:", err)
		os.Exit(1)
	}
}

func update(in, out string) error {
	f, err := os.Open(in)
	if err != nil {
		return err
	}
	defer f.Close()
	all, err := results.Read(f)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fmt.Errorf("%s has no benchmark", in)
	}
	return results.ReplaceFile(out, "bench", results.Tables(all))
}
