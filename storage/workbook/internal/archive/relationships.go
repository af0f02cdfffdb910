package archive

import (
	"net/url"
	"path"
	"strings"

	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// Relationship points from one part of an Excel workbook to another.
type Relationship struct {
	ID, Kind, Target string // Kind is the last word of the type: worksheet, table, ...
}

// HasNoRows reports whether the relationship leads to a chart, dialog or macro sheet.
// Whatever else a workbook lists as a sheet is read as a worksheet, so that no odd
// writer's rows are skipped.
func (r *Relationship) HasNoRows() bool {
	switch strings.ToLower(r.Kind) {
	case "chartsheet", "dialogsheet", "macrosheet", "xlmacrosheet", "xlintlmacrosheet":
		return true
	}
	return false
}

// maxRelationships is how many of a part are read: Excel has as many links in a sheet.
const maxRelationships = 65_530

// Relationships reads the relationships of a part; a part without any has none. The
// part "" is the package itself.
func (a *Archive) Relationships(part string) ([]Relationship, error) {
	dir, file := path.Split(strings.ReplaceAll(part, `\`, "/"))
	name := dir + "_rels/" + file + ".rels"
	if !a.Has(name) {
		return nil, nil
	}
	t, err := a.Tokens(name)
	if err != nil {
		return nil, err
	}
	var all []Relationship
	for {
		switch t.Next() {
		case xmlscan.Stop:
			return all, t.Err
		case xmlscan.Start:
			if string(t.Name) != "Relationship" || string(t.Attr("TargetMode")) == "External" {
				continue
			}
			if len(all) == maxRelationships {
				return nil, fault.TooLarge("its part %s has more than %s entries", name, humanize.Number(maxRelationships))
			}
			kind := t.AttrText("Type")
			target := a.resolve(dir, strings.ReplaceAll(t.AttrText("Target"), `\`, "/"))
			all = append(all, Relationship{t.AttrText("Id"), kind[strings.LastIndexByte(kind, '/')+1:], target})
		}
	}
}

// resolve returns the part that a relationship of a part in dir points to. Some writers
// escape the blanks of a name, and some leave out the slash of a target that starts
// at the root of the package.
func (a *Archive) resolve(dir, target string) string {
	first := target
	if !strings.HasPrefix(target, "/") {
		first = dir + target
	}
	for _, name := range []string{first, "/" + target} {
		if a.Has(name) {
			return name
		}
		if plain, err := url.PathUnescape(name); err == nil && a.Has(plain) {
			return plain
		}
	}
	return first
}
