// Package docs holds the pages of this folder to what they name.
package docs

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// folders are those of the packages that pages name identifiers of.
var folders = map[string]string{
	"lloyd": "..", "kernel": "../kernel", "cluster": "../cluster", "metrics": "../metrics", "dataset": "../dataset", "figure": "../figure", "graph": "../graph",
}

// namesOf returns what a package declares: "cluster.KMeans", "cluster.KMeans.Fit" (a method
// or a field), "cluster.TestDigits".
func namesOf(t *testing.T, pkg, folder string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", folder, len(files), err)
	}
	names := make(map[string]bool)
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					names[pkg+"."+d.Name.Name] = true
				} else {
					names[pkg+"."+receiver(d.Recv.List[0].Type)+"."+d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					declared(names, pkg, s)
				}
			}
		}
	}
	return names
}

// declared adds the names of a declaration.
func declared(names map[string]bool, pkg string, s ast.Spec) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			names[pkg+"."+n.Name] = true
		}
	case *ast.TypeSpec:
		names[pkg+"."+s.Name.Name] = true
		if st, ok := s.Type.(*ast.StructType); ok {
			for _, f := range st.Fields.List {
				for _, n := range f.Names {
					names[pkg+"."+s.Name.Name+"."+n.Name] = true
				}
			}
		}
	}
}

// receiver is the name of a receiver's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

var (
	span       = regexp.MustCompile("`([^`]+)`")
	identifier = regexp.MustCompile(`^(lloyd|kernel|cluster|metrics|dataset|figure|graph)\.[A-Z]\w*(\.[A-Z]\w*)?$`)
	test       = regexp.MustCompile(`^\w+\.(Test|Fuzz|Example)\w*$`)
)

// spans are the code spans of a text.
func spans(text string) (all []string) {
	for _, m := range span.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// TestNames: every identifier and every test that a page names exists.
func TestNames(t *testing.T) {
	names := make(map[string]bool)
	for pkg, folder := range folders {
		for name := range namesOf(t, pkg, folder) {
			names[name] = true
		}
	}
	pages, err := filepath.Glob("*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	seen := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range spans(string(text)) {
			if !identifier.MatchString(s) {
				continue
			}
			seen++
			if !names[s] {
				t.Errorf("%s names %s, which does not exist", page, s)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d names were found: the test shows nothing", seen)
	}
}

// sections returns the rows of the tables of a page, by heading; a row is its cells.
func sections(t *testing.T, page string) map[string][][]string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string][][]string)
	heading := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if h, ok := strings.CutPrefix(line, "## "); ok {
			heading = h
		}
		if strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "|---") {
			rows[heading] = append(rows[heading], strings.Split(strings.Trim(line, "|"), "|"))
		}
	}
	return rows
}

// TestScikitLearn: every row of the comparison with scikit-learn names a test, or says why
// there is nothing; and every name of scikit-learn, and each of its tests, has a row.
func TestScikitLearn(t *testing.T) {
	raw, err := os.ReadFile("scikit-learn.json")
	if err != nil {
		t.Fatal(err)
	}
	var theirs map[string][]string
	if err := json.Unmarshal(raw, &theirs); err != nil {
		t.Fatal(err)
	}
	page := sections(t, "scikit-learn.md")
	var first []string // the first cells of the tests
	for heading, rows := range page {
		for _, row := range rows[1:] {
			if len(row) != 3 {
				t.Errorf("%s: %q has %d cells", heading, row, len(row))
				continue
			}
			ours, by := strings.TrimSpace(row[1]), strings.TrimSpace(row[2])
			held := slices.ContainsFunc(spans(by), test.MatchString)
			if reason, none := strings.CutPrefix(ours, "none: "); ours == "" || none && len(reason) < 10 || !held && !(by == "—" && none) {
				t.Errorf("%s: %q has neither a test nor a reason", heading, row)
			}
			if heading == "What its tests assert" {
				first = append(first, row[0])
			}
		}
	}
	for heading, names := range theirs {
		if len(names) == 0 || len(page[heading]) == 0 {
			t.Errorf("%s: %d names, %d rows", heading, len(names), len(page[heading]))
		}
		var shown []string
		for _, row := range page[heading] {
			for _, s := range spans(row[0]) {
				name, _, _ := strings.Cut(s, "=")
				shown = append(shown, name)
			}
		}
		for _, name := range names {
			if !slices.Contains(shown, name) {
				t.Errorf("%s: %s has no row", heading, name)
			}
		}
	}
	for name, n := range map[string]int{"KMeans": 42, "Bisecting": 9} {
		for i := 1; i <= n; i++ {
			start := fmt.Sprintf(" %s %d: ", name, i)
			if !slices.ContainsFunc(first, func(s string) bool { return strings.HasPrefix(s, start) }) {
				t.Errorf("test%s has no row", start)
			}
		}
	}
}
