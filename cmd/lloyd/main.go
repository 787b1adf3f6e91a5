// Lloyd clusters the rows of a table by k-means: it fits a model to rows, gives
// new rows the cluster of their nearest center, and shows the classic tutorial
// on two data sets that it brings along. "lloyd --help" tells the rest.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	// The first Ctrl-C asks for an orderly end, the second one ends at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
