package docs_test

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/seed-fbf9ce71/lloyd"

// TestExamples: an Example function uses each exported function, type and method of the
// packages that are to be imported, and one of each group of constants and variables, by
// itself or in a function of its package's tests that it calls. The functions and methods
// are those that the type checker finds, so that Tree.Predict is not taken for
// Model.Predict. What package fmt calls by itself, String and Error, is used when a value
// is given to a function of fmt, and likewise that of encoding/json.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds for what a full run says")
	}
	var packages []*examined
	var imports []string
	for _, folder := range []string{"", "kernel", "cluster", "metrics", "dataset", "figure", "graph"} {
		p, err := parsePackage(folder)
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
		imports = append(imports, p.imports...)
	}
	exports, err := exportData(imports)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		p.look(exports)
		for _, missing := range p.withoutExample() {
			t.Errorf("%s is in no example of package %s", missing, p.doc.Name)
		}
		if p.doc.Name != "cluster" || t.Failed() {
			continue
		}
		// What is not used is found.
		for _, name := range []string{"KMeans", "Tree.Predict", "StopReason.String", "Load"} {
			delete(p.used, name)
			if missing := p.withoutExample(); !slices.Equal(missing, []string{name}) {
				t.Errorf("without %s: %v would be missing", name, missing)
			}
			p.used[name] = true
		}
	}
}

// examined is a package and what its examples use.
type examined struct {
	doc     *doc.Package
	fset    *token.FileSet
	tests   []*ast.File // of the package that ends in _test
	imports []string    // of these
	info    types.Info
	used    map[string]bool // names as Function, Type, Type.Method, Constant
	seen    map[*ast.FuncDecl]bool
}

// parsePackage reads the package in a folder of the module.
func parsePackage(folder string) (*examined, error) {
	dir := filepath.Join("..", folder)
	files, err := build.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	p := &examined{fset: token.NewFileSet(), imports: files.XTestImports, used: map[string]bool{}, seen: map[*ast.FuncDecl]bool{}}
	parse := func(names []string) (parsed []*ast.File, err error) {
		for _, name := range names {
			f, err := parser.ParseFile(p.fset, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			parsed = append(parsed, f)
		}
		return parsed, nil
	}
	source, err := parse(files.GoFiles)
	if err != nil {
		return nil, err
	}
	if p.tests, err = parse(files.XTestGoFiles); err != nil {
		return nil, err
	}
	p.doc, err = doc.NewFromFiles(p.fset, source, path.Join(module, folder))
	return p, err
}

// exportData returns the files with what the compiler knows of the packages, by import
// path, and of those that they import.
func exportData(packages []string) (map[string]string, error) {
	list := exec.Command("go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "--"}, packages...)...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		files[name] = file
	}
	return files, nil
}

// look finds what the examples use.
func (p *examined) look(exports map[string]string) {
	p.info = types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	checker := types.Config{
		Importer: importer.ForCompiler(p.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }),
		Error:    func(error) {}, // tests may use names of test files that are not read here
	}
	checker.Check(p.doc.ImportPath+"_test", p.fset, p.tests, &p.info)
	declared := map[types.Object]*ast.FuncDecl{}
	var examples []*ast.FuncDecl
	for _, f := range p.tests {
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				declared[p.info.Defs[f.Name]] = f
				if f.Recv == nil && strings.HasPrefix(f.Name.Name, "Example") {
					examples = append(examples, f)
				}
			}
		}
	}
	for _, f := range examples {
		p.lookAt(f, declared)
	}
}

// lookAt adds what a function uses.
func (p *examined) lookAt(f *ast.FuncDecl, declared map[types.Object]*ast.FuncDecl) {
	if p.seen[f] {
		return
	}
	p.seen[f] = true
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			o := p.info.Uses[n]
			p.use(o)
			if called := declared[o]; o != nil && called != nil {
				p.lookAt(called, declared)
			}
		case *ast.CallExpr:
			p.called(n)
		}
		if e, ok := n.(ast.Expr); ok {
			if named := named(p.info.Types[e].Type); named != nil {
				p.use(named.Obj())
			}
		}
		return true
	})
}

// use adds an object of the package.
func (p *examined) use(o types.Object) {
	if o == nil || o.Pkg() == nil || o.Pkg().Path() != p.doc.ImportPath {
		return
	}
	name := o.Name()
	if f, ok := o.(*types.Func); ok {
		if receiver := f.Signature().Recv(); receiver != nil {
			named := named(receiver.Type())
			if named == nil {
				return
			}
			name = named.Obj().Name() + "." + name
		}
	} else if o.Parent() != o.Pkg().Scope() {
		return // a field
	}
	p.used[name] = true
}

// called adds the methods that a function calls of its arguments without naming them.
func (p *examined) called(call *ast.CallExpr) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	function := p.info.Uses[selector.Sel]
	if function == nil || function.Pkg() == nil {
		return
	}
	methods := map[string][]string{
		"fmt": {"String", "Error"}, "encoding/json": {"MarshalJSON", "UnmarshalJSON"},
	}[function.Pkg().Path()]
	for _, argument := range call.Args {
		if named := named(p.info.Types[argument].Type); named != nil {
			for _, method := range methods {
				if o, _, _ := types.LookupFieldOrMethod(types.NewPointer(named), true, nil, method); o != nil {
					p.use(o)
				}
			}
		}
	}
}

// named returns the named type that t is or points to, nil if there is none.
func named(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if pointer, ok := t.(*types.Pointer); ok {
		t = types.Unalias(pointer.Elem())
	}
	named, _ := t.(*types.Named)
	if named == nil {
		return nil
	}
	return named.Origin()
}

// withoutExample returns the exported names that no example uses.
func (p *examined) withoutExample() (missing []string) {
	group := func(values []*doc.Value) {
		for _, v := range values {
			if !slices.ContainsFunc(v.Names, func(name string) bool { return p.used[name] }) {
				missing = append(missing, strings.Join(v.Names, ", "))
			}
		}
	}
	functions := func(receiver string, list []*doc.Func) {
		for _, f := range list {
			if !p.used[receiver+f.Name] {
				missing = append(missing, receiver+f.Name)
			}
		}
	}
	group(p.doc.Consts)
	group(p.doc.Vars)
	functions("", p.doc.Funcs)
	for _, t := range p.doc.Types {
		if !p.used[t.Name] {
			missing = append(missing, t.Name)
		}
		group(t.Consts)
		group(t.Vars)
		functions("", t.Funcs)
		functions(t.Name+".", t.Methods)
	}
	return missing
}
