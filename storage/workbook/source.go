package workbook

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/format"
)

// SourceKind is what a source of rows is.
type SourceKind string

const (
	SourceSheet SourceKind = "sheet" // a whole worksheet, or a text file
	SourceTable SourceKind = "table" // a table defined in a worksheet
	SourceRange SourceKind = "range" // a named range, or one typed by hand
)

// Source is something inside a file that has rows.
type Source struct {
	Name   string
	Kind   SourceKind
	Sheet  string
	Range  cell.Range
	Hidden bool // its sheet is hidden
	// HeaderRows is, of a table, how many rows of names it has at its top; of other
	// sources how many a person chose, up to MostHeaderRows, and 0 to find it.
	HeaderRows int
	TotalsRows int // of a table: rows of totals at its end

	// Totals is what becomes of lines that look like none of the rows.
	Totals infer.Keep `json:",omitempty"`
	// FillDown names the columns whose blanks get the value above them.
	FillDown []string `json:",omitempty"`
	// SkipHidden leaves out the rows and columns that the sheet hides.
	SkipHidden bool `json:",omitempty"`
}

// Sources lists what the file offers: visible sheets first, in the order of the
// file, each followed by its tables and named ranges. Chart sheets are not listed.
func (b *Book) Sources() []Source {
	var all []Source
	for _, hidden := range []bool{false, true} {
		for _, sheet := range b.listing.Sheets {
			if sheet.Hidden != hidden {
				continue
			}
			all = append(all, Source{Name: sheet.Name, Kind: SourceSheet, Sheet: sheet.Name, Range: cell.WholeSheet, Hidden: hidden})
			for _, area := range b.listing.Areas {
				if area.Sheet != sheet.Name {
					continue
				}
				s := Source{Name: area.Name, Kind: SourceRange, Sheet: sheet.Name, Range: area.Range, Hidden: hidden}
				if area.Table != nil {
					s.Kind, s.HeaderRows, s.TotalsRows = SourceTable, area.Table.HeaderRows, area.Table.TotalsRows
				}
				all = append(all, s)
			}
		}
	}
	return all
}

// Find returns the source that a person names: a sheet, table or named range by name
// (whatever the case), or a range such as Sheet1!A3:F200 or A3:F200, which lies in
// the sheet, if one is named. With both empty it is the best there is: the first
// table of the first visible sheet that has data, else that sheet.
func (b *Book) Find(ctx context.Context, sheet, area string) (Source, error) {
	all := b.Sources()
	if sheet == "" && area == "" {
		return best(ctx, b, all)
	}
	if area == "" {
		if s, ok := named(all, sheet); ok {
			return s, nil
		}
		return Source{}, noSource(b, all, sheet)
	}
	inSheet, cells := cell.SplitSheet(area)
	if inSheet != "" {
		sheet = inSheet
	}
	r, ok := cell.ParseRange(cells)
	if !ok {
		if s, found := named(all, area); found {
			return s, nil
		}
		return Source{}, newError(ErrorNoSource, b.path, fmt.Sprintf("%q is not a range of cells.", area),
			"Type it as Excel writes it, for example A3:F200 or Sheet1!A3:F200.").at(sheet, 0)
	}
	var in Source
	if sheet == "" {
		best, err := best(ctx, b, all)
		if err != nil {
			return Source{}, err
		}
		sheet = best.Sheet
	}
	if in, ok = named(all, sheet); !ok {
		return Source{}, noSource(b, all, sheet)
	}
	return Source{Name: rangeName(in.Sheet, r), Kind: SourceRange, Sheet: in.Sheet, Range: r, Hidden: in.Hidden}, nil
}

func rangeName(sheet string, r cell.Range) string {
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
func best(ctx context.Context, b *Book, all []Source) (Source, error) {
	cover := Source{}
	for i, s := range all {
		if s.Kind != SourceSheet || s.Hidden {
			continue
		}
		some, err := hasData(ctx, b, s)
		if err != nil {
			return Source{}, err
		}
		if !some {
			continue
		}
		if more := slices.ContainsFunc(all[i+1:], func(o Source) bool { return o.Kind == SourceSheet && !o.Hidden }); more || cover.Name != "" {
			only, err := isCover(ctx, b, s)
			if err != nil {
				return Source{}, err
			}
			if only {
				if cover.Name == "" {
					cover = s
				}
				continue
			}
		}
		for _, t := range all[i+1:] {
			if t.Kind == SourceTable && t.Sheet == s.Sheet {
				return t, nil
			}
		}
		return s, nil
	}
	if cover.Name != "" {
		return cover, nil
	}
	for _, s := range all {
		if s.Kind == SourceSheet && !s.Hidden {
			return s, nil // Layout will say that it is empty
		}
	}
	if len(all) > 0 && len(b.listing.Unread) == 0 {
		return all[0], nil
	}
	return Source{}, noWorksheet(b) // no hidden sheet stands in for one that is seen
}

// emptyRun is how many rows without a value end a look at the first rows.
const emptyRun = 10_000

// mostCover is how many lines a sheet may have that only introduces the others.
const mostCover = 40

// isCover reports whether a sheet holds a few lines of text and no table.
func isCover(ctx context.Context, b *Book, s Source) (bool, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rows, err := b.rows(ctx, s.Sheet, format.Request{Last: -1})
	if err != nil {
		return false, err
	}
	defer rows.Close()
	lines, spaced := 0, 0
	for blank := 0; blank < emptyRun && rows.Next(); {
		if rows.Empty() {
			blank++
			continue
		}
		n := 0
		for i := range rows.Cells() {
			switch c := &rows.Cells()[i]; {
			case infer.IsBlank(c):
			case c.Kind != cell.Text:
				return false, nil
			default:
				if n++; strings.Contains(strings.TrimSpace(c.Text), " ") {
					spaced++
				}
			}
		}
		if lines++; n > 1 || lines > mostCover {
			return false, nil
		}
	}
	return lines > 0 && 2*spaced >= lines, b.explain(rows.Err(), s.Sheet, rows.Number())
}

// hasData reports whether a sheet holds a value. It reads on for as long as there is
// none, which takes a second or two for a sheet that is formatted to its last row.
func hasData(ctx context.Context, b *Book, s Source) (bool, error) {
	rows, err := b.rows(ctx, s.Sheet, format.Request{Last: -1})
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		if !rows.Empty() {
			return true, nil
		}
	}
	return false, b.explain(rows.Err(), s.Sheet, rows.Number())
}

// As returns the source read as another one was chosen to be read.
func (s Source) As(was Source) Source {
	if s.Kind != SourceTable {
		s.HeaderRows = was.HeaderRows
	}
	s.Totals, s.FillDown, s.SkipHidden = was.Totals, was.FillDown, was.SkipHidden
	return s
}

// knownHeader is what a file itself says about its header.
type knownHeader struct {
	row   int
	why   string
	names []string // of a table without a header row
}

// headerOf returns the header that a table, the only table of a sheet, or the filter of
// a sheet names.
func headerOf(listing *format.Listing, src Source) knownHeader {
	var inSheet []format.Area
	for _, area := range listing.Areas {
		if area.Sheet == src.Sheet && area.Table != nil {
			inSheet = append(inSheet, area)
			if src.Kind == SourceTable && area.Name == src.Name {
				return knownHeader{names: area.Table.Columns}
			}
		}
	}
	if src.Kind != SourceSheet {
		return knownHeader{}
	}
	if len(inSheet) == 1 && inSheet[0].Table.HeaderRows > 0 {
		t := inSheet[0]
		row := t.Range.FirstRow + t.Table.HeaderRows - 1
		return knownHeader{row: row, why: fmt.Sprintf("The sheet's table %q has its column names in row %d.", t.Name, row)}
	}
	if at := listing.Sheet(src.Sheet); at >= 0 && listing.Sheets[at].Filter != (cell.Range{}) {
		row := listing.Sheets[at].Filter.FirstRow
		return knownHeader{row: row, why: fmt.Sprintf("The sheet's filter starts in row %d, so that row holds the column names.", row)}
	}
	return knownHeader{}
}
