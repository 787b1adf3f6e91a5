package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

// by returns the clusters named in one of the two ways, nil if that was not done.
func (e evaluation) by(way matchingName) *named {
	switch {
	case e.agreement == nil:
		return nil
	case way == byHungarian:
		return e.Hungarian
	}
	return e.Majority
}

// text is the evaluation for the reader at a terminal, at most 80 columns wide.
func (e evaluation) text(way matchingName) string {
	var b strings.Builder
	say := func(name string, v number) { fmt.Fprintf(&b, "  %-36s%.6g\n", name, float64(v)) }
	fmt.Fprintf(&b, "%s in %s", counted(e.N, "row"), counted(e.Clusters, "cluster"))
	if a := e.agreement; a != nil {
		fmt.Fprintf(&b, ", of %s\n\nAgreement with the true classes (1 is best):\n", classesOf(a.Classes))
		say("adjusted Rand", a.AdjustedRand)
		say("adjusted mutual information", a.AdjustedMutualInformation)
		say("normalized mutual information", a.NormalizedMutualInformation)
		say("V-measure", a.VMeasure)
		say("homogeneity", a.Homogeneity)
		say("completeness", a.Completeness)
		say("Fowlkes-Mallows", a.FowlkesMallows)
		say("Rand", a.Rand)
		if a.Majority != nil {
			say("accuracy, named by majority", a.Majority.Accuracy)
		}
		if a.Hungarian != nil {
			say("accuracy, Hungarian", a.Hungarian.Accuracy)
		}
		fmt.Fprintf(&b, "  %-36s%.6g nats\n", "mutual information", float64(a.MutualInformation))
	} else {
		b.WriteString("\n")
	}
	if f := e.fitness; f != nil {
		b.WriteString("\nFit to the rows:\n")
		say("silhouette (1 is best)", *f.Silhouette)
		if f.SilhouetteError != nil {
			fmt.Fprintf(&b, "  %-36s±%.2g, of a sample of %s\n", "", float64(*f.SilhouetteError), counted(f.SilhouetteRows, "row"))
		}
		say("Calinski-Harabasz (more is better)", *f.CalinskiHarabasz)
		say("Davies-Bouldin (less is better)", *f.DaviesBouldin)
	}
	if n := e.by(way); n != nil {
		b.WriteString("\n" + n.table(way))
	}
	for _, note := range e.Notes {
		fmt.Fprintf(&b, "\nnote: %s\n", note)
	}
	return b.String()
}

func classesOf(n int) string {
	if n == 1 {
		return "1 class"
	}
	return strconv.Itoa(n) + " classes"
}

// table is the confusion matrix with its classes.
func (n *named) table(way matchingName) string {
	how := "each cluster named after its most frequent class"
	if way == byHungarian {
		how = "each cluster given a class of its own"
	}
	head := "Confusion, " + how + ";\ntrue classes down, predicted ones across:\n\n"
	if n.Matrix == nil {
		return "No confusion matrix: more than " + strconv.Itoa(metrics.MaxClasses) + " classes.\n"
	}
	names := n.classNames()
	wide := 0
	for i, name := range names {
		wide = max(wide, len(name))
		for _, c := range n.Counts[i] {
			wide = max(wide, len(strconv.Itoa(c)))
		}
	}
	if columns := (wide + 1) * (len(names) + 1); columns > 78 {
		return fmt.Sprintf("The confusion matrix of %d classes needs %d columns: see --figure or --json.\n", len(names), columns+2)
	}
	var b strings.Builder
	b.WriteString(head)
	fmt.Fprintf(&b, "  %*s", wide, "")
	for _, name := range names {
		fmt.Fprintf(&b, " %*s", wide, name)
	}
	b.WriteString("\n")
	for i, name := range names {
		if name == noClass {
			continue // rows are predicted to have none, but all have one
		}
		fmt.Fprintf(&b, "  %*s", wide, name)
		for _, c := range n.Counts[i] {
			fmt.Fprintf(&b, " %*d", wide, c)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// noClass stands for the class of rows whose cluster has none.
const noClass = "none"

// classNames are the classes of the confusion matrix.
func (n *named) classNames() []string {
	names := make([]string, len(n.Classes))
	for i, c := range n.Classes {
		names[i] = strconv.Itoa(int(c))
		if c == metrics.NoClass && allZero(n.Counts[i]) {
			names[i] = noClass
		}
	}
	return names
}

func allZero(counts []int) bool {
	return !slices.ContainsFunc(counts, func(c int) bool { return c != 0 })
}

// draw draws the confusion matrix.
func (e evaluation) draw(way matchingName, theme figure.Theme) (*figure.Figure, error) {
	n := e.by(way)
	if n == nil || n.Matrix == nil {
		return nil, fmt.Errorf("there is no confusion matrix of more than %d classes", metrics.MaxClasses)
	}
	return figure.ConfusionMatrix{XLabel: "true class", YLabel: "predicted class", Theme: theme}.Draw(n.Counts, n.classNames())
}
