package main

// A worker reads requests from its standard input and answers on its standard
// output, one JSON object a line. Its first answer comes unasked, when it has
// read its rows.

// request is what a worker is asked for.
type request struct {
	// Op is "turn", or, for Lloyd and scikit-learn only, "seed" (k-means++) and "batches"
	// (a mini-batch fit of Many epochs; 0 is by its own rules), or, for scikit-learn only,
	// "batches by hand" (the same by partial_fit), or, for Lloyd only, "share" (the time of
	// an iteration, and of its E-step alone), or "fit" (Many iterations and the labels
	// by their centers).
	Op string `json:"op"`
	// Few and Many are the numbers of iterations of a turn. Few is 0 for a whole
	// fit. Loops is how often it is repeated for the median (the mean, of an E-step
	// alone).
	Few   int `json:"few"`
	Many  int `json:"many"`
	Loops int `json:"loops"`
	// Warm asks for an untimed fit before, which takes what the first one after a
	// pause costs.
	Warm bool `json:"warm"`
	// Seed is for "seed" and "batches".
	Seed int `json:"seed"`
	// Late asks "share" for iterations in which less than 1 % of the rows move.
	Late bool `json:"late"`
	// Save, if not empty, is where to write the centers.
	Save string `json:"save"`
	// SaveLabels is where "fit" writes the labels, as float32.
	SaveLabels string `json:"save_labels"`
}

// reply is the answer.
type reply struct {
	Error   string  `json:"error"`
	Version string  `json:"version"` // first answer only
	Seconds float64 `json:"seconds"` // of one iteration, E-step, seeding or mini-batch fit
	// Assign is the time of the E-step alone, for "share".
	Assign float64 `json:"assign"`
	// Iterations is how many were done of Many, or the steps of a mini-batch fit.
	Iterations int `json:"iterations"`
	// Saved says that centers were written.
	Saved bool `json:"saved"`
	// Inertia is that of the labels, where an E-step alone is timed; 0 is none.
	Inertia float64 `json:"inertia"`
}
