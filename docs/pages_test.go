package docs_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// pages returns the text of each page: those of this folder, and the README.
func pages(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("*.md")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d pages, %v", len(paths), err)
	}
	all := make(map[string]string)
	for _, path := range append(paths, "../README.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[path] = string(text)
	}
	return all
}

// block is a fenced block of a page, with the line before it.
type block struct{ before, language, code string }

var fenced = regexp.MustCompile("(?m)^(.*)\n```(\\w+)\n((?s:.*?)\n)```$")

// blocks returns the fenced blocks of a page that name their language.
func blocks(text string) (all []block) {
	for _, m := range fenced.FindAllStringSubmatch(text, -1) {
		all = append(all, block{m[1], m[2], m[3]})
	}
	return all
}

// dedented takes the tabs that all lines begin with off a text, and blanks off line ends.
func dedented(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	least := -1
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
		if n := len(lines[i]) - len(strings.TrimLeft(lines[i], "\t")); lines[i] != "" && (least < 0 || n < least) {
			least = n
		}
	}
	for i, line := range lines {
		if line != "" {
			lines[i] = line[least:]
		}
	}
	return strings.Join(lines, "\n")
}

// bodies returns the source between the braces of each Example function of this folder.
func bodies(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("example_*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	all := make(map[string]string)
	for _, path := range files {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Example") {
				continue
			}
			body := string(source[set.Position(f.Body.Lbrace).Offset+1 : set.Position(f.Body.Rbrace).Offset])
			if !strings.Contains(body, "// Output:") {
				t.Errorf("%s has no output, so that it is not run", f.Name.Name)
			}
			all[f.Name.Name] = body
		}
	}
	return all
}

var marker = regexp.MustCompile(`^<!-- example: (\w+) -->$`)

// isExcerpt reports whether code is a run of whole lines of a function's body, whatever
// the depth that it stands at.
func isExcerpt(code, body string) bool {
	lines := strings.Split(strings.Trim(body, "\n"), "\n")
	want := dedented(code)
	n := strings.Count(want, "\n") + 1
	for i := 0; i+n <= len(lines); i++ {
		if dedented(strings.Join(lines[i:i+n], "\n")) == want {
			return true
		}
	}
	return false
}

// TestCode: every block of Go on a page is an excerpt of the Example function that the
// line before it names, which is compiled, run and held to its output.
func TestCode(t *testing.T) {
	functions := bodies(t)
	seen := 0
	for page, text := range pages(t) {
		for _, b := range blocks(text) {
			if b.language != "go" {
				continue
			}
			seen++
			m := marker.FindStringSubmatch(b.before)
			if m == nil {
				t.Errorf("%s: no line <!-- example: Example_… --> before a block:\n%s", page, b.code)
				continue
			}
			if body, ok := functions[m[1]]; !ok {
				t.Errorf("%s: there is no %s", page, m[1])
			} else if !isExcerpt(b.code, body) {
				t.Errorf("%s: not a run of lines of %s:\n%s", page, m[1], b.code)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d blocks were found: the test shows nothing", seen)
	}
	if isExcerpt("x := 1\n", "\n\tx := 2\n\ty := 1\n") || !isExcerpt("y := 1\n", "\n\tx := 2\n\ty := 1\n") {
		t.Error("excerpts are not told from other code")
	}
}

// words splits a command line of a page at blanks, as a shell does: quotes keep blanks,
// and # begins a comment.
func words(line string) (all []string) {
	for {
		line = strings.TrimLeft(line, " ")
		if line == "" || line[0] == '#' {
			return all
		}
		end, quote := 0, byte(0)
		for ; end < len(line) && (quote != 0 || line[end] != ' '); end++ {
			switch c := line[end]; {
			case quote == 0 && (c == '"' || c == '\''):
				quote = c
			case c == quote:
				quote = 0
			}
		}
		all = append(all, strings.NewReplacer(`"`, "", `'`, "").Replace(line[:end]))
		line = line[end:]
	}
}

// commands returns the lines of a page's blocks of shell that begin with the given word.
func commands(text, program string) (all [][]string) {
	for _, b := range blocks(text) {
		if b.language != "sh" {
			continue
		}
		for line := range strings.Lines(b.code) {
			if w := words(strings.TrimSpace(line)); len(w) > 0 && w[0] == program {
				all = append(all, w[1:])
			}
		}
	}
	return all
}

// writeData makes the files that the commands of the pages read.
func writeData(t *testing.T, folder string) {
	t.Helper()
	blobs, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		t.Fatal(err)
	}
	wide, err := dataset.Blobs(dataset.BlobsConfig{N: 500, Centers: 50, D: 8, Dtype: tensor.Float32})
	if err != nil {
		t.Fatal(err)
	}
	weights := tensor.New(tensor.WithShape(500, 1), tensor.WithBacking(make([]float64, 500)))
	if err := weights.Memset(2.0); err != nil {
		t.Fatal(err)
	}
	drawn, err := os.ReadFile(filepath.Join("gallery", "voronoi.png"))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	var photo bytes.Buffer
	for _, err := range []error{
		dataset.WriteFile(filepath.Join(folder, "data.csv"), blobs.X),
		(&dataset.Table{X: blobs.X, Header: []string{"age", "income"}}).WriteFile(filepath.Join(folder, "t.csv")),
		dataset.WriteFile(filepath.Join(folder, "more.npy"), blobs.X),
		dataset.WriteFile(filepath.Join(folder, "big.npy"), wide.X),
		dataset.WriteFile(filepath.Join(folder, "large.fbin"), wide.X),
		dataset.WriteFile(filepath.Join(folder, "base.fvecs"), wide.X),
		dataset.WriteFile(filepath.Join(folder, "w.npy"), weights),
		dataset.WriteLabelsFile(filepath.Join(folder, "classes.csv"), blobs.Labels),
		jpeg.Encode(&photo, picture, nil),
		os.WriteFile(filepath.Join(folder, "photo.jpg"), photo.Bytes(), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestCommands: every lloyd command on a page is run, in the order of the page, on small
// files of the names that it gives; and there is every command and flag that its text names.
func TestCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds for what a full run says")
	}
	program := filepath.Join(t.TempDir(), "lloyd")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", program, module+"/cmd/lloyd").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	help := make(map[string]string)
	for _, command := range []string{"fit", "predict", "evaluate", "scan", "plot", "quantize", "convert", "bench", "info", "demo", "completion", "man"} {
		out, err := exec.Command(program, command, "--help").Output()
		if err != nil {
			t.Fatalf("lloyd %s --help: %v", command, err)
		}
		help[command] = string(out)
		help[""] += help[command] // of any command
	}
	seen := 0
	for page, text := range pages(t) {
		mentioned(t, page, text, help)
		folder := t.TempDir()
		writeData(t, folder)
		for _, arguments := range commands(text, "lloyd") {
			seen++
			if arguments[0] == "bench" {
				arguments = append(arguments, "--help") // it takes seconds
			}
			run := exec.Command(program, arguments...)
			run.Dir = folder
			var out bytes.Buffer
			run.Stdout, run.Stderr = &out, &out
			if err := run.Run(); err != nil {
				t.Errorf("%s: lloyd %s: %v\n%s", page, strings.Join(arguments, " "), err, &out)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d commands were found: the test shows nothing", seen)
	}
}

// mentioned holds the code spans of a page's text that name a command or a flag to the help
// of the commands.
func mentioned(t *testing.T, page, text string, help map[string]string) {
	for _, m := range regexp.MustCompile("`(lloyd (\\w+)[^`]*|--[^`]*)`").FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		if help[m[2]] == "" {
			t.Errorf("%s: %q: no such command", page, m[1])
		}
		for _, word := range words(m[1]) {
			if strings.HasPrefix(word, "--") && !strings.Contains(help[m[2]], word) {
				t.Errorf("%s: %q: no flag %s", page, m[1], word)
			}
		}
	}
}

// TestPrograms: what the pages run besides lloyd is there.
func TestPrograms(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for page, text := range pages(t) {
		for _, arguments := range commands(text, "make") {
			if !bytes.Contains(makefile, []byte("\n"+arguments[0]+":")) {
				t.Errorf("%s: make %s: the Makefile has no such target", page, arguments[0])
			}
		}
		for _, arguments := range commands(text, "go") {
			if arguments[0] != "run" {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", arguments[1], "main.go")); err != nil {
				t.Errorf("%s: go run %s: %v", page, arguments[1], err)
			}
		}
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors returns what links to the headings of a page are called.
func anchors(text string) map[string]bool {
	all := make(map[string]bool)
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		all[strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return all
}

// TestLinks: every file, picture and heading that a page links to is there.
func TestLinks(t *testing.T) {
	seen := 0
	for page, text := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			target := m[1] + m[2]
			if strings.Contains(target, "://") {
				continue
			}
			seen++
			if err := linked(page, text, target); err != nil {
				t.Errorf("%s: %s: %v", page, target, err)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d links were found: the test shows nothing", seen)
	}
}

// linked returns an error if a page's link leads nowhere.
func linked(page, text, target string) error {
	path, anchor, _ := strings.Cut(target, "#")
	if path != "" {
		path = filepath.Join(filepath.Dir(page), path)
		if _, err := os.Stat(path); err != nil {
			return err
		}
	}
	if anchor == "" {
		return nil
	}
	if path != "" {
		other, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text = string(other)
	}
	if !anchors(text)[anchor] {
		return fmt.Errorf("no heading %q", anchor)
	}
	return nil
}
