package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// Hints finds hints of a front end, by the code of a failure, whose code no failure has.
// A code is a text of the product code; or its beginning is, as the code of a failure
// that is put together, and its end. A space in a text may be a hyphen in the code.
func Hints(all []Package) (found []string) {
	texts, beginnings := map[string]bool{}, map[string]bool{}
	type hint struct{ at, code string }
	var hints []hint
	for _, p := range all {
		for _, file := range p.Files {
			ast.Inspect(file.Tree, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ValueSpec:
					if len(n.Names) == 1 && n.Names[0].Name == "hints" && len(n.Values) == 1 && within(p.Path, "ui/...") {
						if list, ok := n.Values[0].(*ast.CompositeLit); ok {
							for _, e := range list.Elts {
								if pair, ok := e.(*ast.KeyValueExpr); ok {
									if code := literal(pair.Key); code != "" { // the compiler knows of others
										hints = append(hints, hint{file.at(pair), code})
									}
								}
							}
							return false
						}
					}
				case *ast.CallExpr: // failure.New(kind, "beginning-"+…, …)
					if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "New" && len(n.Args) == 4 {
						if sum, ok := n.Args[1].(*ast.BinaryExpr); ok && strings.HasSuffix(literal(sum.X), "-") {
							beginnings[literal(sum.X)] = true
						}
					}
				case *ast.BasicLit:
					texts[strings.ReplaceAll(literal(n), " ", "-")] = true
				}
				return true
			})
		}
	}
	for _, h := range hints {
		known := texts[h.code]
		for b := range beginnings {
			end, ok := strings.CutPrefix(h.code, b)
			known = known || ok && texts[end]
		}
		if !known {
			found = append(found, fmt.Sprintf("%s: no failure has the code %q", h.at, h.code))
		}
	}
	return found
}

// literal returns the text of a string literal, else "".
func literal(e ast.Expr) string {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(l.Value)
	if err != nil {
		return ""
	}
	return text
}
