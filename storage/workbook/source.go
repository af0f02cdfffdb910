package workbook

import (
	"context"
	"fmt"
	"strings"

	"pushdesk/storage/cell"
)

// SourceKind is what a source of rows is.
type SourceKind string

const (
	KindSheet SourceKind = "sheet" // a whole worksheet, or a text file
	KindTable SourceKind = "table" // a table defined in a worksheet
	KindRange SourceKind = "range" // a named range, or one typed by hand
)

// Source is something inside a file that has rows.
type Source struct {
	Name   string
	Kind   SourceKind
	Sheet  string
	Range  Range
	Hidden bool // its sheet is hidden
	// HeaderRows is, of a table, how many rows of names it has at its top; of other
	// sources how many a person chose, 1 or 2, and 0 to find it.
	HeaderRows int
	TotalsRows int // of a table: rows of totals at its end
}

// Sources lists what the file offers: visible sheets first, in the order of the
// file, each followed by its tables and named ranges. Chart sheets are not listed.
func (b *Book) Sources() []Source { return b.content.sources() }

// Find gives the source that a person names: a sheet, table or named range by name
// (whatever the case), or a range such as Sheet1!A3:F200 or A3:F200, which lies in
// the sheet, if one is named. With both empty it is the best there is: the first
// table of the first visible sheet that has data, else that sheet.
func (b *Book) Find(sheet, area string) (Source, error) {
	all := b.Sources()
	if sheet == "" && area == "" {
		return b.best(all)
	}
	if area == "" {
		if s, ok := named(all, sheet); ok {
			return s, nil
		}
		return Source{}, b.noSource(all, sheet)
	}
	inSheet, cells := splitSheet(area)
	if inSheet != "" {
		sheet = inSheet
	}
	r, ok := parseRange(cells)
	if !ok {
		if s, found := named(all, area); found {
			return s, nil
		}
		return Source{}, &Error{Kind: KindNoSource, Path: b.path, Sheet: sheet,
			sentence: fmt.Sprintf("%q is not a range of cells.", area),
			remedy:   "Type it as Excel writes it, for example A3:F200 or Sheet1!A3:F200."}
	}
	var in Source
	if sheet == "" {
		best, err := b.best(all)
		if err != nil {
			return Source{}, err
		}
		sheet = best.Sheet
	}
	if in, ok = named(all, sheet); !ok {
		return Source{}, b.noSource(all, sheet)
	}
	return Source{Name: rangeName(in.Sheet, r), Kind: KindRange, Sheet: in.Sheet, Range: r, Hidden: in.Hidden}, nil
}

func rangeName(sheet string, r Range) string {
	area := r.String()
	if area == "" {
		area = cell.Address(1, 0) + ":"
	}
	return sheet + "!" + area
}

func named(all []Source, name string) (Source, bool) {
	for _, exact := range []bool{true, false} {
		for _, s := range all {
			if s.Name == name || !exact && strings.EqualFold(s.Name, strings.TrimSpace(name)) {
				return s, true
			}
		}
	}
	return Source{}, false
}

// best looks for the first visible sheet with a value in it.
func (b *Book) best(all []Source) (Source, error) {
	for i, s := range all {
		if s.Kind != KindSheet || s.Hidden {
			continue
		}
		some, err := b.hasData(context.Background(), s)
		if err != nil {
			return Source{}, err
		}
		if !some {
			continue
		}
		for _, t := range all[i+1:] {
			if t.Kind == KindTable && t.Sheet == s.Sheet {
				return t, nil
			}
		}
		return s, nil
	}
	for _, s := range all {
		if s.Kind == KindSheet && !s.Hidden {
			return s, nil // Layout will say that it is empty
		}
	}
	if len(all) > 0 {
		return all[0], nil
	}
	return Source{}, b.noRows()
}

// emptyRun is how many rows without a value end a look at the first rows.
const emptyRun = 10_000

// hasData tells whether a sheet holds a value. It reads on for as long as there is
// none, which takes a second or two for a sheet that is formatted to its last row.
func (b *Book) hasData(ctx context.Context, s Source) (bool, error) {
	rows, err := b.open(ctx, s.Sheet, 0, -1)
	if err != nil {
		return false, err
	}
	defer rows.close()
	for rows.next() {
		if !rows.empty() {
			return true, nil
		}
	}
	return false, b.explain(rows.failure(), s.Sheet, rows.number())
}

func (b *Book) noSource(all []Source, name string) error {
	e := &Error{Kind: KindNoSource, Path: b.path, Sheet: name,
		sentence: fmt.Sprintf("The file has no sheet, table or named range %q.", name)}
	var names []string
	for _, s := range all[:min(len(all), 12)] {
		names = append(names, fmt.Sprintf("%q", s.Name))
	}
	e.remedy = "It has " + strings.Join(names, ", ") + "."
	if len(all) > 12 {
		e.remedy = fmt.Sprintf("It has %s and %d more.", strings.Join(names, ", "), len(all)-12)
	}
	return e
}
