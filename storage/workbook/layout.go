package workbook

import (
	"context"
	"fmt"

	"pushdesk/storage/cell"
)

// Layout says which rows and columns of a source are data, and what the columns
// are called. Rows are one-based, columns zero-based, both those of the sheet.
type Layout struct {
	Source    Source
	HeaderRow int // 0 = the rows have no header
	// HeaderRows is how many rows the names take, of which HeaderRow is the last one:
	// 2 when the upper one names groups of columns.
	HeaderRows int
	FirstRow   int // the first data row
	LastRow    int // the last one; 0 = to the end
	FirstCol   int
	LastCol    int
	Headers    []Header // one a column, from FirstCol to LastCol
	Why        string   // how it was found, in a sentence or two

	types *columnTypes // how the texts of columns are read, see WithTypes
}

// Header is the name of a column.
type Header struct {
	Column int    // in the sheet, zero-based
	Raw    string // as it stands in the file
	Name   string // trimmed, unique, never empty
}

// Above gives the source without what stands below its rows.
func (s Source) Above(t Tail) Source {
	if t.FirstRow > max(1, s.Range.FirstRow) {
		if s.Range == (Range{}) {
			s.Range = wholeSheet
		}
		s.Range.LastRow = t.FirstRow - 1
	}
	return s
}

// open tells whether the columns were found by looking at the first rows, so that
// values may stand beside them further down.
func (l Layout) open() bool { return l.Source.Range.LastCol < 0 }

// How many rows are looked at to find the header and the columns.
const (
	headerSearch = 30
	layoutSample = 200
	sampleCells  = 1 << 18 // fewer rows of very wide sheets
)

// gridRow is a row of the sample from which a layout is found.
type gridRow struct {
	number int
	first  int // sheet column of cells[0]
	cells  []cell.Cell
}

// Layout finds the header and the columns of a source. headerRow 0 finds the
// header, -1 says that there is none, any other number is the row it stands in; the
// names then take as many rows as the source says, with this one as the last.
func (b *Book) Layout(ctx context.Context, src Source, headerRow int) (Layout, error) {
	l := Layout{Source: src, FirstRow: max(1, src.Range.FirstRow), LastRow: src.Range.LastRow,
		FirstCol: src.Range.FirstCol, LastCol: src.Range.LastCol}
	if src.Kind == KindTable && src.TotalsRows > 0 && l.LastRow > 0 {
		l.LastRow = max(l.FirstRow, l.LastRow-src.TotalsRows)
	}
	from, lines := l.FirstRow, 1
	if headerRow > 0 {
		if src.Kind != KindTable {
			lines = min(max(src.HeaderRows, 1), 2, headerRow)
		}
		from = headerRow - lines + 1
	}
	grid, err := b.sample(ctx, l, from)
	if err != nil {
		return Layout{}, err
	}
	fixed := b.content.header(src)
	switch {
	case headerRow > 0:
		l.HeaderRow, l.Why = headerRow, fmt.Sprintf("You chose row %d as the row of column names.", headerRow)
		if lines > 1 {
			l.Why = fmt.Sprintf("You chose rows %d and %d as the rows of column names.", from, headerRow)
		}
	case headerRow < 0:
		l.Why = "You chose that there is no row of column names."
	case src.Kind == KindTable && src.HeaderRows > 0:
		l.HeaderRow = src.Range.FirstRow + src.HeaderRows - 1
		l.Why = fmt.Sprintf("The table %q is defined in the sheet, with its column names in row %d.", src.Name, l.HeaderRow)
		if src.TotalsRows > 0 {
			l.Why += " Its totals row is left out."
		}
	case src.Kind == KindTable:
		l.Why = fmt.Sprintf("The table %q is defined in the sheet, without a row of column names.", src.Name)
	case fixed.row > 0 && holds(grid, fixed.row):
		l.HeaderRow, l.Why = fixed.row, fixed.why
	default:
		l.HeaderRow, l.Why = findHeader(grid)
		if at := rowAt(grid, l.HeaderRow); at >= 0 && src.HeaderRows != 1 {
			if lower, ok := twoLines(grid, at, b.merged(ctx, src)); ok {
				l.HeaderRow, lines = grid[lower].number, 2
				l.Why = fmt.Sprintf("Rows %d and %d hold the column names: the upper one names groups of columns.", l.HeaderRow-1, l.HeaderRow)
			}
		}
	}
	if l.HeaderRow > 0 {
		l.HeaderRows = lines
	}
	l.columns(grid)
	if l.LastCol < l.FirstCol || l.HeaderRow == 0 && len(grid) == 0 {
		return Layout{}, b.noValues(src)
	}
	l.FirstRow = l.firstData(grid)
	l.Headers = headers(l, grid, fixed.names)
	return l, nil
}

// sample reads the first rows with values, from a row on.
func (b *Book) sample(ctx context.Context, l Layout, from int) ([]gridRow, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rows, err := b.open(ctx, l.Source.Sheet, l.FirstCol, l.LastCol)
	if err != nil {
		return nil, err
	}
	defer rows.close()
	var grid []gridRow
	cells := 0
	for blank := 0; len(grid) < layoutSample && (blank < emptyRun || len(grid) == 0) && (cells < sampleCells || len(grid) < 3); {
		if !rows.next() {
			return grid, b.explain(rows.failure(), l.Source.Sheet, rows.number())
		}
		number := rows.number()
		if number < from || l.LastRow > 0 && number > l.LastRow {
			continue
		}
		if rows.empty() {
			blank++
			continue
		}
		grid = append(grid, gridRow{number, l.FirstCol, append([]cell.Cell(nil), rows.content()...)})
		cells += len(rows.content())
	}
	return grid, nil
}

func holds(grid []gridRow, row int) bool {
	for _, r := range grid {
		if r.number == row {
			return true
		}
	}
	return false
}

// columns narrows open columns to those that have values from the header on.
func (l *Layout) columns(grid []gridRow) {
	if !l.open() {
		return
	}
	first, last := -1, -1
	for _, row := range grid {
		if row.number < l.HeaderRow-l.HeaderRows+1 {
			continue
		}
		for i := range row.cells {
			if !blankCell(&row.cells[i]) {
				if column := row.first + i; first < 0 || column < first {
					first = column
				}
				last = max(last, row.first+i)
			}
		}
	}
	if first >= 0 {
		l.FirstCol, l.LastCol = first, last
	}
}

// firstData gives the first row after the header, or, without one, the first row
// that has a value.
func (l *Layout) firstData(grid []gridRow) int {
	if l.HeaderRow > 0 {
		return l.HeaderRow + 1
	}
	if len(grid) > 0 && l.open() {
		return max(l.FirstRow, grid[0].number)
	}
	return l.FirstRow
}

func blankCell(c *cell.Cell) bool { return c.Kind == cell.Blank && c.Flags == 0 }

// cell gives the cell of a sheet column, blank when the row does not reach it.
func (r gridRow) cell(column int) cell.Cell {
	if i := column - r.first; i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return cell.Cell{}
}
