package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// demonstration is one data set clustered end to end: it writes its figures
// into the folder and tells the numbers.
type demonstration func(ctx context.Context, tell io.Writer, into folder) error

func newDemo() *cobra.Command {
	out := "lloyd-demo"
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "The classic k-means tutorial on two data sets brought along",
		Long: `Demo clusters two data sets that need no download, shows the numbers and draws
the figures, as PNG files in the folder --out:

  blobs    300 points around 4 centers in the plane
  digits   1797 handwritten digits, 8×8 pixels, sorted into 10 clusters without
           a look at their labels; the labels then tell how well it went

Without the name of one it does both.`,
		Example: `  lloyd demo
  lloyd demo digits --out figures`,
		Args: noSuchCommand,
		RunE: demonstrate(&out, demoBlobs, demoDigits),

		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.PersistentFlags().StringVarP(&out, "out", "o", out, "`FOLDER` for the figures; it is made if it is missing")
	if err := cmd.MarkPersistentFlagDirname("out"); err != nil {
		panic(err)
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "blobs",
			Short: "300 points around 4 centers in the plane",
			Long: `Blobs draws 300 points around 4 centers (standard deviation 0.60, seed 0: the
points of scikit-learn's make_blobs), finds 4 clusters by k-means and counts the
points that came back into their group. Figures: the points, and the points in
the colors of their clusters with the centers found.`,
			Args: noArguments,
			RunE: demonstrate(&out, demoBlobs),
		},
		&cobra.Command{
			Use:   "digits",
			Short: "1797 handwritten digits in 10 clusters",
			Long: `Digits finds 10 clusters among 1797 handwritten digits of 8×8 pixels by k-means,
the best of 10 runs, without their labels. Then each cluster is named after the
digit most frequent in it, which tells how many digits are recognised. Figures:
the centers as images, and the confusion matrix.

The digits: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten
Digits, UCI Machine Learning Repository, 1998, CC BY 4.0,
https://doi.org/10.24432/C50P49.`,
			Args: noArguments,
			RunE: demonstrate(&out, demoDigits),
		},
	)
	return cmd
}

// demonstrate makes the body of a command of demonstrations.
func demonstrate(out *string, shows ...demonstration) func(*cobra.Command, []string) error {
	return action(func(cmd *cobra.Command, _ []string) error {
		if _, err := kernel.Active(); err != nil {
			return err
		}
		into, err := openFolder(*out)
		if err != nil {
			return err
		}
		for i, show := range shows {
			var text strings.Builder
			if i > 0 {
				text.WriteString("\n")
			}
			if err := show(cmd.Context(), &text, into); err != nil {
				return err
			}
			if err := writeText(cmd.OutOrStdout(), text.String()); err != nil {
				return err
			}
		}
		return nil
	})
}

// folder is where figures are written.
type folder string

func openFolder(path string) (folder, error) {
	if path == "" {
		return "", usagef("--out \"\": the name of a folder was expected")
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return "", fmt.Errorf("--out: the folder cannot be made: %w", err)
	}
	return folder(path), writable(filepath.Join(path, "figure.png"))
}

// save writes a figure, just drawn, as a PNG file and tells its name.
func (f folder) save(tell io.Writer, name string, draw func() (*figure.Figure, error)) error {
	drawn, err := draw()
	if err != nil {
		return err
	}
	path := filepath.Join(string(f), name)
	if err := dataset.WriteAtomic(path, drawn.WritePNG); err != nil {
		return err
	}
	_, err = fmt.Fprintf(tell, "  wrote %s\n", path)
	return err
}

// tellFit tells how a fit went.
func tellFit(tell io.Writer, km cluster.KMeans, m *cluster.Model) {
	runs := ""
	if km.Restarts > 1 {
		runs = fmt.Sprintf(", best of %d runs", km.Restarts)
	}
	fmt.Fprintf(tell, "  k-means++, K = %d%s: %s in %s\n", km.K, runs, m.Stopped, counted(m.Iterations, "iteration"))
	fmt.Fprintf(tell, "  inertia %.10g; %s for seeds, %s for iterations\n", m.Inertia, brief(m.SeedTime), brief(m.IterateTime))
}
