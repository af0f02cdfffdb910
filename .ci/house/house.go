// Package house checks what the compiler does not: which package may import which,
// how large packages and types may grow, and which words are retired. Its tests run
// the checks on this repository; make check and make lint run the tests.
package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const module = "pushdesk"

// Package is the product code of one folder: no tests, and nothing that only they are
// built with.
type Package struct {
	Path  string // below the module: "powerbi/push", "." for main
	Files []File
}

// File is one Go file.
type File struct {
	Path  string // below the root
	Lines int
	Tree  *ast.File
	set   *token.FileSet
}

func (f File) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.Path, f.set.Position(n.Pos()).Line)
}

// Load reads the product code below a root, in the order of paths.
func Load(root string) ([]Package, error) {
	var all []Package
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != root && (strings.HasPrefix(base, ".") || base == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if strings.HasPrefix(string(text), "//go:build display\n") {
			return nil // only the tests of the real window are built with it
		}
		tree, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		below = filepath.ToSlash(below)
		at := path.Dir(below)
		i := slices.IndexFunc(all, func(p Package) bool { return p.Path == at })
		if i < 0 {
			i, all = len(all), append(all, Package{Path: at})
		}
		all[i].Files = append(all[i].Files, File{below, strings.Count(string(text), "\n"), tree, set})
		return nil
	})
	return all, err
}

// imports lists what a file imports: packages of the module by their path below it.
func (f File) imports() (list []string) {
	for _, spec := range f.Tree.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has seen to that
		}
		list = append(list, strings.TrimPrefix(name, module+"/"))
	}
	return list
}

// within reports whether a path is one of patterns: "a/b" is that package, "a/b/..."
// also everything below it.
func within(name string, patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		tree, below := strings.CutSuffix(p, "/...")
		return name == tree || below && strings.HasPrefix(name, tree+"/")
	})
}
