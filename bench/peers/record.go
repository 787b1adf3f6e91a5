package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
)

// Parts of the measurements.
const (
	partIteration = "iteration" // of the shapes in the table; E-steps alone, too
	partSeries    = "series "   // followed by N, K, D or threads
	partSeeding   = "seeding"
	partBatches   = "batches " // followed by whole, own or epoch; Window is the number of steps
	partFits      = "fits"     // Value is the number of wrong labels
	partShare     = "share "   // followed by start or late; Value is the share
	partVersion   = "version"  // Note is what was measured
	partMachine   = "machine"  // Note describes it
)

// Record is one measurement, or says why there is none.
type Record struct {
	Part    string
	Shape   Shape
	Threads int
	Name    string // of the implementation
	Repeat  int    // counts from 1; 0 where there is only a note
	// Milliseconds of an iteration, an E-step alone or a seeding.
	Milliseconds float64
	// Window is the iterations whose time was taken: "1-3".
	Window string
	// Value is the inertia relative to Lloyd's, less 1, or the share in per cent;
	// NaN is none.
	Value float64
	// Loaded and Peak are resident MiB, 0 is unknown.
	Loaded, Peak float64
	Note         string
}

var heading = []string{"part", "n", "d", "k", "data", "threads", "implementation", "repeat", "ms", "iterations", "value", "loaded_mib", "peak_mib", "note"}

// writeCSV writes records.
func writeCSV(w io.Writer, all []Record) error {
	out := csv.NewWriter(w)
	rows := [][]string{heading}
	for _, r := range all {
		rows = append(rows, []string{
			r.Part, strconv.Itoa(r.Shape.N), strconv.Itoa(r.Shape.D), strconv.Itoa(r.Shape.K), r.Shape.Data,
			strconv.Itoa(r.Threads), r.Name, strconv.Itoa(r.Repeat), number(r.Milliseconds), r.Window,
			number(r.Value), number(math.Round(10*r.Loaded) / 10), number(math.Round(10*r.Peak) / 10), r.Note,
		})
	}
	return out.WriteAll(rows)
}

// number is empty for 0 and NaN.
func number(v float64) string {
	if v == 0 || v != v {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 5, 64)
}

// readCSV reads what writeCSV wrote. A value that is not there is NaN.
func readCSV(r io.Reader) ([]Record, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || fmt.Sprint(rows[0]) != fmt.Sprint(heading) {
		return nil, fmt.Errorf("the first line is not %v", heading)
	}
	all := make([]Record, 0, len(rows)-1)
	for i, row := range rows[1:] {
		rec := Record{Part: row[0], Shape: Shape{Data: row[4]}, Name: row[6], Window: row[9], Note: row[13]}
		for field, to := range map[int]*int{1: &rec.Shape.N, 2: &rec.Shape.D, 3: &rec.Shape.K, 5: &rec.Threads, 7: &rec.Repeat} {
			if *to, err = strconv.Atoi(row[field]); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+2, err)
			}
		}
		for field, to := range map[int]*float64{8: &rec.Milliseconds, 10: &rec.Value, 11: &rec.Loaded, 12: &rec.Peak} {
			if row[field] == "" {
				if to == &rec.Value {
					*to = math.NaN()
				}
				continue
			}
			if *to, err = strconv.ParseFloat(row[field], 64); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+2, err)
			}
		}
		all = append(all, rec)
	}
	return all, nil
}
