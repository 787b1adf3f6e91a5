package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the shells ask for, as the scripts of "lloyd completion" do.
func TestCompletion(t *testing.T) {
	table := textFile(t, "t.csv", "width,height,name\n1,2,x\n")
	const names, files, other, columns = ":4\n", ":8\n", ":0\n", ":6\n" // cobra's directives
	for line, want := range map[string]string{
		"fit --algorithm ,":          "auto\nlloyd\nhamerly\nelkan\ntiles\n" + names,
		"fit --dtype ,":              "float32\nfloat64\n" + names,
		"fit --init ,k":              "k-means++\nk-means||\n" + other,
		"fit ,":                      "csv\ncsv.gz\n",
		"fit TABLE ,":                names,
		"fit --labels ,":             "csv\ncsv.gz\ncsv.zst\ntsv\ntsv.gz\ntsv.zst\nnpy\nnpy.gz\nnpy.zst\n" + files,
		"fit TABLE --columns ,":      "width\nheight\nname\n" + columns,
		"fit TABLE --columns ,w":     "width\n" + columns,
		"predict --transform ,":      "parquet\n",
		"predict --columns ,":        columns,
		"convert TABLE ,":            "bvecs\n",
		"convert TABLE TABLE ,":      names,
		"convert --dtype ,":          "float32\n",
		"man ,":                      ":16\n",
		"bench ,":                    names,
		"con,":                       "convert\tWrite a file of rows in another format\n",
		"fit --stand,":               "--standardize\t",
		"fit TABLE --columns=,na":    "name\n",
		"fit TABLE --columns ,a,hei": "a,height\n" + columns,
	} {
		before, begun, _ := strings.Cut(line, ",")
		args := strings.Fields(strings.ReplaceAll(before, "TABLE", table))
		if !strings.HasSuffix(before, " ") { // the last word is begun
			begun = args[len(args)-1] + begun
			args = args[:len(args)-1]
		}
		out := lloyd(append(append([]string{"__complete"}, args...), begun)...).done(t)
		if !strings.Contains(out.stdout, want) {
			t.Errorf("lloyd %s offers\n%s, want\n%s", line, out.stdout, want)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out := lloyd("completion", shell).done(t); !strings.Contains(out.stdout, "__complete") || out.stderr != "" {
			t.Errorf("%s: no script, or %q", shell, out.stderr)
		}
	}
}

func TestManualPages(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	dir := filepath.Join(t.TempDir(), "new", "man1")
	if out := lloyd("man", dir).done(t); out.stdout != "" || out.stderr != "" {
		t.Errorf("it says %q and %q", out.stdout, out.stderr)
	}
	commands := 0
	for _, cmd := range newRoot().Commands() {
		if cmd.Name() == "help" {
			continue
		}
		commands++
		page := contents(t, filepath.Join(dir, fmt.Sprintf("lloyd-%s.1", cmd.Name())))
		for _, want := range []string{".TH", "Nov 2023", "NAME", "SYNOPSIS", "lloyd-" + cmd.Name(), "--quiet"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page of %s lacks %q", cmd.Name(), want)
			}
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) < commands+1 {
		t.Errorf("%d pages, %v", len(entries), err)
	}
	// The table of formats is set as it is.
	if page := contents(t, filepath.Join(dir, "lloyd.1")); !strings.Contains(page, "\n  .csv       comma\\-separated text\n") && !strings.Contains(page, "  .csv       comma-separated text\n") {
		t.Errorf("the table of formats is flowing text:\n%s", page)
	}
}
