package header

import (
	"slices"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/written"
)

// headerSearch is how many rows from the start are candidates for the column names.
const headerSearch = 30

// SampleRow is a row of the sample from which a layout is found.
type SampleRow struct {
	Number int
	First  int  // sheet column of cells[0]
	Gap    bool // a blank row is above it
	Cells  []cell.Cell
}

// At returns the cell of a sheet column, blank when the row does not reach it.
func (r SampleRow) At(column int) cell.Cell {
	if i := column - r.First; i >= 0 && i < len(r.Cells) {
		return r.Cells[i]
	}
	return cell.Cell{}
}

// shape is what a row looks like.
type shape struct {
	filled, texts, different int
	periods                  int // dates and years, which head pivoted tables
}

func describe(row SampleRow) shape {
	var s shape
	seen := map[string]bool{}
	for i := range row.Cells {
		c := &row.Cells[i]
		if infer.IsBlank(c) {
			continue
		}
		s.filled++
		switch c.Kind {
		case cell.Text:
			if infer.FitsOnlyText(c.Text) {
				s.texts++
			} else if year, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(c.Text), ".0")); err == nil && year >= 1900 && year <= 2100 {
				s.periods++
			}
		case cell.Date, cell.DateTime:
			s.periods++
		case cell.Number:
			if c.Float >= 1900 && c.Float <= 2100 && c.Float == float64(int(c.Float)) {
				s.periods++
			}
		}
		seen[strings.ToLower(strings.TrimSpace(cell.Display(*c)))] = true
	}
	s.different = len(seen)
	return s
}

// FirstTable returns the rows of the sample without those of another table that begins
// below the one whose names end at a row; 0 when it has none.
func FirstTable(grid []SampleRow, header, first, last int) []SampleRow {
	p := infer.NewProfiler(make([]infer.Header, max(0, last-first+1)), infer.Origin{AllText: true})
	number := 0
	for _, row := range grid {
		if row.Number <= header {
			continue
		}
		cells := make([]cell.Cell, last-first+1)
		for i := range cells {
			cells[i] = row.At(first + i)
		}
		if !p.Add(cell.Row{Number: row.Number, Cells: cells}, infer.About{Gap: row.Gap && number > 0}) {
			return grid[:slices.IndexFunc(grid, func(r SampleRow) bool { return r.Number >= p.End() })]
		}
		number = row.Number
	}
	return grid
}

// filledColumns counts the columns in which any of the rows has a value.
func filledColumns(rows []SampleRow) int {
	var filled []bool
	n := 0
	for _, row := range rows {
		for i := range row.Cells {
			if column := row.First + i; !infer.IsBlank(&row.Cells[i]) {
				for len(filled) <= column {
					filled = append(filled, false)
				}
				if !filled[column] {
					filled[column] = true
					n++
				}
			}
		}
	}
	return n
}

// otherKind reports whether a column that has a text in the header row has another
// kind of value in the next rows. In text files numbers and dates are texts, too.
func otherKind(header SampleRow, below []SampleRow) bool {
	for i := range header.Cells {
		if header.Cells[i].Kind != cell.Text {
			continue
		}
		for _, row := range below[:min(len(below), headerSearch)] {
			c := row.At(header.First + i)
			if c.Kind != cell.Blank && (c.Kind != cell.Text || !infer.FitsOnlyText(c.Text) || isClock(c.Text)) {
				return true
			}
		}
	}
	return false
}

// isClock reports whether a text is a time of day or a duration.
func isClock(text string) bool {
	_, ok := written.Span(written.Trim(text))
	return ok
}

// RowAt returns the place of a row in a sample, or -1.
func RowAt(grid []SampleRow, row int) int {
	for i := range grid {
		if grid[i].Number == row {
			return i
		}
	}
	return -1
}
