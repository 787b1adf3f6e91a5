package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// fitFlags is what "lloyd fit" is told.
type fitFlags struct {
	k, runs, maxIter  count
	threads           count
	minibatch, bisect bool
	spherical         bool
	standardize       bool
	batchSize, refine count
	init              start
	algorithm         algorithm
	tol               tolerance
	seed              uint64
	dtype             element
	data              dataFlags
	weights           fileName
	model             fileName
	labels            labelsFile
	centers           table
	json              bool
	given             func(flag string) bool // on the command line
}

// usualFit are the flags as they are until something is given.
func usualFit() fitFlags {
	return fitFlags{init: startPlusPlus, maxIter: 300, tol: 1e-4, given: func(string) bool { return false }}
}

// add puts the flags into the set of the command.
func (f *fitFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	f.given = flags.Changed
	flags.VarP(&f.k, "clusters", "k", "number of clusters `K`, from 1 to the number of rows; must be given")
	flags.Var(&f.init, "init", "`HOW` to choose the initial centers: "+startNames()+", or a file that holds K of them")
	flags.Var(&f.runs, "n-init", "`N` runs from different seeds, of which the best is kept (default 10 for random, 1 otherwise); with --minibatch, N choices of initial centers")
	flags.Var(&f.maxIter, "max-iter", "at most `N` iterations a run; with --minibatch, N passes over the rows, 100 unless given")
	flags.Var(&f.tol, "tol", "end a run when the squared shifts of all centers add up to no more than `T` times the mean variance of the columns; 0 goes on until no row changes its cluster, and is the default with --minibatch")
	flags.Var(&f.algorithm, "algorithm", "`WAY` to find nearest centers: "+strings.Join(algorithmNames(), ", ")+"; auto does what pays, and the result is the same with each")
	flags.BoolVar(&f.minibatch, "minibatch", false, "take random batches of the rows: faster for many rows, the inertia is a few percent higher")
	flags.Var(&f.batchSize, "batch-size", "`N` rows a batch of --minibatch (default 1024)")
	flags.BoolVar(&f.bisect, "bisect", false, "split one cluster after another in two until there are K: faster for large K, the inertia is higher")
	flags.BoolVar(&f.spherical, "spherical", false, "cluster by direction: bring rows to length 1, and go by the cosine")
	flags.BoolVar(&f.standardize, "standardize", false, "bring each column to mean 0 and variance 1 first; the model keeps how, and lloyd predict does the same; centers are written in the units of DATA")
	flags.Var(&f.refine, "refine", "go on from the best run by breathing `N` centers in and out: finds what hundreds of runs do not, in the time of about ten; 5 is a good N")
	flags.Var(&f.weights, "weights", "`FILE` with a weight of 0 or more for each row: one column, in any format")
	flags.Uint64Var(&f.seed, "seed", 0, "`S` determines every random choice")
	flags.Var(&f.threads, "threads", "`N` threads to compute with (default all CPUs)")
	flags.Var(&f.dtype, "dtype", "compute in `TYPE` float32 or float64 (default what holds the numbers of the file; float64 for text)")
	f.data.add(cmd)
	flags.Var(&f.model, "model", "write the model to `FILE`, for lloyd predict")
	flags.Var(&f.labels, "labels", "write the cluster of each row to `FILE` (.csv, .tsv, .npy)")
	flags.Var(&f.centers, "centers", "write the centers to `FILE` in the format of its ending")
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	completeNames(cmd, "algorithm", algorithmNames()...)
	completeNames(cmd, "dtype", "float32", "float64")
	completeStart(cmd, "init")
	completeFiles(cmd, "weights", anyFormat)
	completeFiles(cmd, "labels", holdsLabels)
	completeFiles(cmd, "centers", writes)
}

// method turns the flags into the method with its settings; initial centers of a
// file are still to be read. Whatever does not go together is refused.
func (f *fitFlags) method() (method, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	switch {
	case f.minibatch:
		return f.batches(), nil
	case f.bisect:
		return f.splits(), nil
	}
	return f.wholeData(), nil
}

// contradictions are the flags that do not go together, and why.
var contradictions = []struct{ one, other, why string }{
	{"minibatch", "bisect", "each is a method of its own"},
	{"minibatch", "spherical", "mini-batches go by distances only"},
	{"minibatch", "refine", "refining takes all rows"},
	{"minibatch", "algorithm", "a batch has no earlier labels to save work by"},
	{"bisect", "spherical", "splits go by distances only"},
	{"bisect", "refine", "a tree of splits would be lost"},
	{"spherical", "standardize", "directions go by the origin, which that moves"},
}

func (f *fitFlags) check() error {
	if f.k == 0 {
		return usagef("-k is missing: give the number of clusters, for example -k 10")
	}
	on := map[string]bool{
		"minibatch": f.minibatch, "bisect": f.bisect, "spherical": f.spherical, "standardize": f.standardize,
		"refine": f.refine > 0, "algorithm": f.given("algorithm"),
	}
	for _, c := range contradictions {
		if on[c.one] && on[c.other] {
			return usagef("--%s and --%s do not go together: %s; leave one of the two out", c.one, c.other, c.why)
		}
	}
	if f.batchSize > 0 && !f.minibatch {
		return usagef("--batch-size %d is for --minibatch; add that, or leave it out", f.batchSize)
	}
	if file, ok := f.init.file(); ok {
		switch {
		case f.bisect:
			return usagef("--init %s: each split chooses its own two centers; name a method instead: %s", file, startNames())
		case f.runs > 1:
			return usagef("--n-init %d: every run from the centers of %s would be the same; leave one of the two flags out", f.runs, file)
		}
	}
	return nil
}

func (f *fitFlags) wholeData() *wholeData {
	s := f.init.method()
	km := cluster.KMeans{
		K: int(f.k), Init: s.init, Restarts: int(f.runs), MaxIter: int(f.maxIter), Tol: f.strictTol(), Algorithm: cluster.Algorithm(f.algorithm),
		Spherical: f.spherical, Refine: int(f.refine), Seed: f.seed, Threads: int(f.threads),
	}
	if km.Restarts == 0 {
		km.Restarts = s.runs
	}
	return &wholeData{km}
}

func (f *fitFlags) batches() *batches {
	mb := cluster.MiniBatch{
		K: int(f.k), Init: f.init.method().init, Seedings: int(f.runs), BatchSize: int(f.batchSize), Seed: f.seed, Threads: int(f.threads),
	}
	if f.given("max-iter") {
		mb.Epochs = int(f.maxIter)
	}
	if f.given("tol") {
		mb.Tol = float64(f.tol)
	}
	return &batches{mb}
}

func (f *fitFlags) splits() *splits {
	s := f.init.method()
	b := cluster.Bisecting{
		K: int(f.k), Init: s.init, Restarts: int(f.runs), MaxIter: int(f.maxIter), Tol: f.strictTol(), Algorithm: cluster.Algorithm(f.algorithm),
		Seed: f.seed, Threads: int(f.threads),
	}
	if b.Restarts == 0 {
		b.Restarts = s.runs
	}
	return &splits{b}
}

// strictTol is the tolerance as cluster.KMeans takes it: a negative one switches the
// rule off, which 0 means on the command line.
func (f *fitFlags) strictTol() float64 {
	if f.tol == 0 {
		return -1
	}
	return float64(f.tol)
}
