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
// packages that are to be imported, and one of each group of constants and variables.
// The functions and methods are those that the type checker finds, so that Tree.Predict
// is not taken for Model.Predict. What package fmt calls by itself, String and Error, is
// used when a value is given to a function of fmt, and likewise that of encoding/json.
func TestExamples(t *testing.T) {
	for _, folder := range []string{"", "kernel", "cluster", "metrics", "dataset", "figure"} {
		p, err := examinedPackage(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, missing := range p.withoutExample() {
			t.Errorf("%s is in no example of package %s", missing, p.doc.Name)
		}
	}
}

// TestExamplesAreSeen: the search finds what is used, and only that.
func TestExamplesAreSeen(t *testing.T) {
	p, err := examinedPackage("cluster")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"KMeans", "KMeans.Fit", "Model", "Model.Predict", "StopReason.String", "Load", "ErrModel"} {
		if !p.used[name] {
			t.Errorf("%s is not seen in the examples", name)
		}
	}
	if len(p.withoutExample()) != 0 {
		return
	}
	for name := range p.used {
		p.used = map[string]bool{name: true}
		if missing := p.withoutExample(); slices.Contains(missing, name) || len(missing) < 20 {
			t.Errorf("if only %s were used, %d would be missing: %v", name, len(missing), missing)
		}
	}
}

// examined is a package and what its examples use.
type examined struct {
	doc  *doc.Package
	used map[string]bool // names as Function, Type, Type.Method, Constant
}

// examinedPackage reads the package in a folder of the module.
func examinedPackage(folder string) (*examined, error) {
	dir := filepath.Join("..", folder)
	files, err := build.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	parse := func(names []string) (parsed []*ast.File, err error) {
		for _, name := range names {
			f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
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
	tests, err := parse(files.XTestGoFiles)
	if err != nil {
		return nil, err
	}
	p := &examined{used: map[string]bool{}}
	if p.doc, err = doc.NewFromFiles(fset, source, path.Join(module, folder)); err != nil {
		return nil, err
	}
	exports, err := exportData(files.XTestImports)
	if err != nil {
		return nil, err
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	checker := types.Config{
		Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }),
		Error:    func(error) {}, // tests may use names of test files that are not read here
	}
	checker.Check(p.doc.ImportPath+"_test", fset, tests, info)
	for _, f := range tests {
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Example") {
				p.look(f, info)
			}
		}
	}
	return p, nil
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

// look adds what an example uses.
func (p *examined) look(example *ast.FuncDecl, info *types.Info) {
	ast.Inspect(example.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			p.use(info.Uses[n])
		case *ast.CallExpr:
			p.called(n, info)
		}
		if e, ok := n.(ast.Expr); ok {
			p.useType(info.Types[e].Type)
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

// useType adds the type of an expression.
func (p *examined) useType(t types.Type) {
	if t == nil {
		return
	}
	if named := named(t); named != nil {
		p.use(named.Obj())
	}
}

// called adds the methods that a function calls of its arguments without naming them.
func (p *examined) called(call *ast.CallExpr, info *types.Info) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || info.Uses[selector.Sel] == nil || info.Uses[selector.Sel].Pkg() == nil {
		return
	}
	methods := map[string][]string{
		"fmt": {"String", "Error"}, "encoding/json": {"MarshalJSON", "UnmarshalJSON"},
	}[info.Uses[selector.Sel].Pkg().Path()]
	for _, argument := range call.Args {
		if named := named(info.Types[argument].Type); named != nil {
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
