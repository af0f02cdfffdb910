package house

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// The sizes beyond which a package or a type is most likely two.
const (
	mostFiles   = 25
	mostLines   = 4000
	mostFields  = 20
	mostMethods = 25
)

// largeMark begins a comment that gives the reason for a larger size: above the
// package clause of one of its files, or above the type.
const largeMark = "Large: "

// Sizes finds the packages and types that are too large without a reason.
func Sizes(all []Package) (found []string) {
	for _, p := range all {
		lines, excused := 0, false
		for _, f := range p.Files {
			lines += f.Lines
			excused = excused || large(f.Tree.Doc)
		}
		if len(p.Files) > mostFiles && !excused {
			found = append(found, fmt.Sprintf("%s: %d files, at most %d", p.Path, len(p.Files), mostFiles))
		}
		if lines > mostLines && !excused {
			found = append(found, fmt.Sprintf("%s: %d lines, at most %d", p.Path, lines, mostLines))
		}
		found = append(found, p.types()...)
	}
	return found
}

// kind is a type while it is measured.
type kind struct {
	at              string
	fields, methods int
	excused         bool
}

func (p Package) types() (found []string) {
	types := map[string]*kind{}
	get := func(name string) *kind {
		if types[name] == nil {
			types[name] = &kind{}
		}
		return types[name]
	}
	for _, f := range p.Files {
		for _, d := range f.Tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if name := receiver(d); name != "" {
					get(name).methods++
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if t, ok := s.(*ast.TypeSpec); ok {
						k := get(t.Name.Name)
						k.at, k.excused = f.at(t), large(d.Doc) || large(t.Doc)
						if s, ok := t.Type.(*ast.StructType); ok {
							k.fields = fields(s)
						}
					}
				}
			}
		}
	}
	for name, k := range types {
		if k.excused {
			continue
		}
		if k.fields > mostFields {
			found = append(found, fmt.Sprintf("%s: %s has %d fields, at most %d", k.at, name, k.fields, mostFields))
		}
		if k.methods > mostMethods {
			found = append(found, fmt.Sprintf("%s: %s has %d methods, at most %d", k.at, name, k.methods, mostMethods))
		}
	}
	slices.Sort(found)
	return found
}

func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

func fields(s *ast.StructType) (n int) {
	for _, f := range s.Fields.List {
		n += max(1, len(f.Names)) // an embedded one has no name
	}
	return n
}

func large(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	return slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(c.Text, "//")), largeMark)
	})
}
