package workbook

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/header"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/format"
)

// Layout says which rows and columns of a source are data, and what the columns
// are called. Rows are one-based, columns zero-based, both those of the sheet.
type Layout struct {
	Source    Source
	HeaderRow int // 0 = the rows have no header
	// HeaderRows is how many rows the names take, of which HeaderRow is the last one:
	// more than 1 when the upper ones name groups of columns.
	HeaderRows int
	FirstRow   int // the first data row
	LastRow    int // the last one; 0 = to the end
	FirstCol   int
	LastCol    int
	Headers    []infer.Header // one a column, from FirstCol to LastCol
	Reason
	Remarks []remark.Remark

	apart bool   // what is beside the columns is another table, and was said
	pick  []int  // which of the columns are read, nil = all
	fill  []bool // columns whose blanks get the value above, nil = none
	units int    // a row below the names that holds units, 0 for none

	fewNames int // how many names there were for more columns, which have neutral ones instead

	lines  [][]string         // the lines of names as they are in the file
	titles [][]string         // the texts of the lines above them
	totals infer.Spans        // rows that look like totals, whose blanks are not filled
	left   infer.Spans        // rows that are none of the data, see WithTypes
	types  []infer.TextFormat // how the texts of columns are read, see WithTypes; nil = as text
}

// Reason is why the names are where they are.
type Reason struct {
	Why   string // how they were found, in a sentence or two
	Rival string // what stands against the next best place, in a sentence; "" = nothing else is possible
}

// open reports whether the columns were found from the first rows, so that there may
// be values beside them further down.
func (l Layout) open() bool { return l.Source.Range.LastCol < 0 }

// MostHeaderRows is how many rows the names of columns may take.
const MostHeaderRows = 3

// How many rows are read to find the header and the columns.
const (
	layoutSample = 200
	sampleCells  = 1 << 18 // fewer rows of very wide sheets
)

// Layout finds the header and the columns of a source. headerRow 0 finds the
// header, -1 says that there is none, any other number is the row they are in; the
// names then take as many rows as the source says, with this one as the last.
func (b *Book) Layout(ctx context.Context, src Source, headerRow int) (Layout, error) {
	l := Layout{Source: src, FirstRow: max(1, src.Range.FirstRow), LastRow: src.Range.LastRow,
		FirstCol: src.Range.FirstCol, LastCol: src.Range.LastCol}
	if src.Kind == SourceTable && src.TotalsRows > 0 && l.LastRow > 0 {
		l.LastRow = max(l.FirstRow, l.LastRow-src.TotalsRows)
	}
	from, lines := l.FirstRow, 1
	if headerRow > 0 {
		if src.Kind != SourceTable {
			lines = min(max(src.HeaderRows, 1), MostHeaderRows, headerRow)
		}
		from = headerRow - lines + 1
	}
	grid, merges, hidden, err := sample(ctx, b, l, from)
	if err != nil {
		return Layout{}, err
	}
	fixed := headerOf(b.listing, src)
	switch {
	case headerRow > 0:
		l.HeaderRow, l.Why = headerRow, fmt.Sprintf("You chose row %d as the row of column names.", headerRow)
		if lines > 1 {
			to := "and"
			if lines > 2 {
				to = "to"
			}
			l.Why = fmt.Sprintf("You chose rows %d %s %d as the rows of column names.", from, to, headerRow)
		}
		if l.Remarks, err = above(ctx, b, l, from); err != nil {
			return Layout{}, err
		}
	case headerRow < 0:
		l.Why = "You chose to read the rows without column names."
	case src.Kind == SourceTable && src.HeaderRows > 0:
		l.HeaderRow = src.Range.FirstRow + src.HeaderRows - 1
		l.Why = fmt.Sprintf("The table %q is defined in the sheet, with its column names in row %d.", src.Name, l.HeaderRow)
		if src.TotalsRows > 0 {
			l.Why += " Its totals row is left out."
		}
	case src.Kind == SourceTable:
		l.Why = fmt.Sprintf("The table %q is defined in the sheet, without a row of column names.", src.Name)
	case fixed.row > 0 && header.RowAt(grid, fixed.row) >= 0:
		l.HeaderRow, l.Why = fixed.row, fixed.why
	default:
		found := header.Find(grid, src.HeaderRows, merged(ctx, b, src.Sheet, merges))
		l.HeaderRow, lines, l.Why, l.Rival = found.Row, found.Rows, found.Why, header.Rival(grid, found)
		if found.Guess {
			l.Remarks = append(l.Remarks, remark.New(remark.Guess, infer.NoteHeaderGuess, "%s", found.Why).At(found.Row, 0).
				With(remark.HeaderRow, strconv.Itoa(max(1, found.Row+1)), "take another row"))
		}
	}
	if l.HeaderRow > 0 {
		l.HeaderRows = lines
	}
	if l.columns(grid, b.listing.Text.Width); l.open() && src.Totals != infer.KeepAll {
		l.columns(header.FirstTable(grid, l.HeaderRow, l.FirstCol, l.LastCol), b.listing.Text.Width)
	}
	if l.open() && src.Kind == SourceSheet && src.Totals != infer.KeepAll && (l.HeaderRow > 0 || !b.format.Lines) {
		l.besides(b, header.FirstTable(grid, l.HeaderRow, l.FirstCol, l.LastCol))
	}
	if len(grid) == 0 && b.format.Lines && src.Kind == SourceSheet && headerRow <= 0 {
		l.FirstCol, l.LastCol, l.Why = 0, 0, "The file holds no rows."
		return l, nil
	}
	if l.LastCol < l.FirstCol || l.HeaderRow == 0 && len(grid) == 0 {
		return Layout{}, noValues(b, src)
	}
	l.FirstRow = l.firstData(grid)
	l.Headers = header.NameColumns(grid, l.HeaderRow, l.HeaderRows, l.FirstCol, l.LastCol, fixed.names)
	if b.format.Lines && headerRow == 0 && l.HeaderRow > 0 {
		l.neutral(grid)
	}
	if !b.format.Lines && src.Kind == SourceSheet {
		if headerRow == 0 && l.HeaderRows == 1 && len(fixed.names) == 0 {
			l.shift(grid, merged(ctx, b, src.Sheet, merges))
		}
		if mark := header.WholeLines(grid, l.FirstCol); mark > 0 && l.FirstCol == l.LastCol {
			l.Remarks = append(l.Remarks, remark.New(remark.Guess, infer.NoteWholeLines, "The cells of column %s seem to hold whole lines of a text file, with %s between their values. They are sent as they are. Split them in Excel with Text to Columns, or send the text file.",
				cell.Column(l.FirstCol), map[byte]string{';': "semicolons", '\t': "tabs", '|': "bars", ',': "commas"}[mark]))
		}
	}
	if l.HeaderRow == 0 && headerRow == 0 && src.Kind == SourceSheet && len(fixed.names) == 0 {
		l.Remarks = append(l.Remarks, remark.New(remark.Change, infer.NoteNoNames, "No row looks like column names, so every row is read as data, and the columns are called %s.", humanize.ListSome(namesOf(l.Headers), 4)).
			With(remark.HeaderRow, strconv.Itoa(l.FirstRow), "take its first row as the names"))
	}
	l.lines, l.titles = l.nameLines(grid), l.linesAbove(grid)
	l.withoutHidden(hidden)
	if err := l.fillDown(); err != nil {
		return Layout{}, err
	}
	if src.Kind != SourceTable {
		l.units = header.UnitsBelow(grid, l.HeaderRow)
	}
	return l, nil
}

// besides looks for another table beside the first one, behind a blank column. When the
// two are told apart by their rows or by names that both have, it is left out.
func (l *Layout) besides(b *Book, grid []header.SampleRow) {
	at := header.Beside(grid, l.HeaderRow-l.HeaderRows+1, l.HeaderRow, l.FirstCol, l.LastCol)
	if at.Column == 0 {
		return
	}
	area := rangeName(l.Source.Sheet, cell.Range{FirstRow: at.Row, FirstCol: at.Column, LastCol: -1})
	if b.format.Lines {
		_, area = cell.SplitSheet(area)
	}
	where := fmt.Sprintf("in column %s (%s)", cell.Column(at.Column), at.Names)
	if !at.Sure {
		l.Remarks = append(l.Remarks, remark.New(remark.Guess, infer.NoteBeside, "Another table may begin %s, behind a blank column. It is read together with this one.", where).With(remark.Range, area, "read it alone"))
		return
	}
	l.LastCol, l.apart = at.Gap-1, true
	l.Remarks = append(l.Remarks, remark.New(remark.Omit, infer.NoteBeside, "Another table begins %s, behind a blank column. It is not read together with this one.", where).With(remark.Range, area, "read it"))
}

// withoutHidden leaves out the hidden columns, if that was chosen and others are left.
func (l *Layout) withoutHidden(hidden [][2]int) {
	if !l.Source.SkipHidden || len(hidden) == 0 {
		return
	}
	var pick []int
	for i, h := range l.Headers {
		if !slices.ContainsFunc(hidden, func(span [2]int) bool { return h.Column >= span[0] && h.Column <= span[1] }) {
			pick = append(pick, i)
		}
	}
	if n := len(l.Headers) - len(pick); n == 0 || len(pick) == 0 {
		return
	}
	var left []string
	for i, h := range l.Headers {
		if !slices.Contains(pick, i) {
			left = append(left, h.Name)
		}
	}
	l.Remarks = append(l.Remarks, remark.New(remark.Omit, infer.NoteHiddenLeft, "%s hidden in the sheet and left out: %s.",
		humanize.Count(len(left), "column is", "columns are"), humanize.ListSome(left, 6)).At(0, int64(len(left))).With(remark.ShowHidden, "", "include what is hidden"))
	*l = l.only(pick)
}

// only returns the layout with some of its columns.
func (l Layout) only(pick []int) Layout {
	all, lines := l.Headers, l.lines
	l.Headers, l.lines, l.pick = make([]infer.Header, 0, len(pick)), nil, pick
	for _, i := range pick {
		l.Headers = append(l.Headers, all[i])
	}
	for _, line := range lines {
		picked := make([]string, 0, len(pick))
		for _, i := range pick {
			picked = append(picked, line[i])
		}
		l.lines = append(l.lines, picked)
	}
	if fill := l.fill; fill != nil {
		l.fill = make([]bool, 0, len(pick))
		for _, i := range pick {
			l.fill = append(l.fill, fill[i])
		}
	}
	return l
}

// fillDown finds the columns whose blanks get the value above.
func (l *Layout) fillDown() error {
	for _, name := range l.Source.FillDown {
		at := slices.IndexFunc(l.Headers, func(h infer.Header) bool { return strings.EqualFold(h.Name, strings.TrimSpace(name)) })
		if at < 0 {
			at = slices.IndexFunc(l.Headers, func(h infer.Header) bool { return strings.EqualFold(cell.Column(h.Column), strings.TrimSpace(name)) })
		}
		if at < 0 {
			return failure.New(failure.Usage, "no-column", fmt.Sprintf("The table has no column %q to fill down.", name), "Choose one of its columns: "+humanize.ListSome(namesOf(l.Headers), 8)+".")
		}
		if l.fill == nil {
			l.fill = make([]bool, len(l.Headers))
		}
		l.fill[at] = true
	}
	return nil
}

// sample reads the first rows with values, from a row on, and the blocks of merged cells
// and of hidden columns that show meanwhile.
func sample(ctx context.Context, b *Book, l Layout, from int) (grid []header.SampleRow, merges []cell.Range, hidden [][2]int, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rows, err := b.rows(ctx, l.Source.Sheet, l.request())
	if err != nil {
		return nil, nil, nil, err
	}
	defer rows.Close()
	cells, gap := 0, false
	for blank := 0; len(grid) < layoutSample && (blank < emptyRun || len(grid) == 0) && (cells < sampleCells || len(grid) < 3); {
		if !rows.Next() {
			return grid, rows.Merges(), rows.HiddenColumns(), b.explain(rows.Err(), l.Source.Sheet, rows.Number())
		}
		number := rows.Number()
		if number < from || l.LastRow > 0 && number > l.LastRow {
			continue
		}
		if rows.Empty() {
			blank++
			gap = true
			continue
		}
		if n := len(grid); n > 0 && !b.format.Lines {
			gap = number > grid[n-1].Number+1
		}
		grid = append(grid, header.SampleRow{Number: number, First: l.FirstCol, Gap: gap, Cells: slices.Clone(rows.Cells())})
		gap = false
		cells += len(rows.Cells())
	}
	return grid, rows.Merges(), rows.HiddenColumns(), nil
}

// merged returns the blocks of merged cells that begin in a row of a sheet: known ones,
// or else the sheet is read for them, at most once.
func merged(ctx context.Context, b *Book, sheet string, known []cell.Range) header.Merged {
	var rows map[int][]cell.Range
	return func(row int) []cell.Range {
		if rows == nil {
			rows = map[int][]cell.Range{}
			if known == nil {
				known = b.content.Merges(ctx, b.listing.Sheet(sheet))
			}
			for _, r := range known {
				rows[r.FirstRow] = append(rows[r.FirstRow], r)
			}
		}
		return rows[row]
	}
}

// request asks for the columns of the layout.
func (l Layout) request() format.Request { return format.Request{First: l.FirstCol, Last: l.LastCol} }

// columns narrows open columns to those that have values from the header on. width is
// how many fields nearly all records of a text file have, else 0.
func (l *Layout) columns(grid []header.SampleRow, width int) {
	if !l.open() {
		return
	}
	first, last := -1, -1
	for _, row := range grid {
		if row.Number < l.HeaderRow-l.HeaderRows+1 {
			continue
		}
		for i := range row.Cells {
			if !infer.IsBlank(&row.Cells[i]) {
				if column := row.First + i; first < 0 || column < first {
					first = column
				}
				last = max(last, row.First+i)
			}
		}
	}
	if first >= 0 && l.HeaderRow == 0 && width > 0 { // nothing says which columns are meant
		first, last = 0, max(last, width-1)
	}
	if first >= 0 {
		l.FirstCol, l.LastCol = first, last
	}
}

// Wider returns the layout with columns up to last, which have no names.
func (l Layout) Wider(last int) Layout {
	names := header.NameColumns(nil, 0, 0, l.FirstCol, last, nil)
	all := append(slices.Clone(l.Headers), names[len(l.Headers):]...)
	header.Distinct(all)
	l.Headers, l.LastCol = all, last
	return l
}

// firstData returns the first row after the header, or, without one, the first row
// that has a value.
func (l *Layout) firstData(grid []header.SampleRow) int {
	if l.HeaderRow > 0 {
		return l.HeaderRow + 1
	}
	if len(grid) > 0 && l.open() {
		return max(l.FirstRow, grid[0].Number)
	}
	return l.FirstRow
}

// WithTypes returns the layout that reads the rows as they were found: without those of
// Profile.Left, and texts as the types their columns have.
//
// The cells of a text file are all Text or Blank. Profile finds for each column
// what its texts are and puts it into ColumnProfile.Text: for the columns of text
// files that hold numbers, dates or booleans throughout, and never by itself for
// the text columns of Excel. A caller may change Text before, for example to
// ColumnProfile.OfferText when a person accepts the offer, or to another date order.
//
// Rows and Preview of the layout returned have Number, Date, DateTime and Boolean
// cells for such columns. A text that does not fit stays Text, so that the check
// before sending reports it. Profile always reads the texts as they are.
func (l Layout) WithTypes(p infer.Profile) Layout {
	l.types, l.left, l.totals = nil, p.Left, p.Totals
	for i, column := range p.Columns {
		if column.Text.Type == "" || column.Text.Type == infer.TypeText || i >= len(l.Headers) {
			continue
		}
		if l.types == nil {
			l.types = make([]infer.TextFormat, len(l.Headers))
		}
		l.types[i] = column.Text
	}
	return l
}
