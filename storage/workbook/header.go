package workbook

import (
	"fmt"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
)

// knownHeader is what a file itself says about its header.
type knownHeader struct {
	row   int
	why   string
	names []string // of a table without a header row
}

// findHeader looks for the row of column names: the first row that fills most
// columns, is all text and has mostly different values, with rows of data below.
func findHeader(grid []gridRow) (row int, why string) {
	dataSeen := false
	for i, candidate := range grid[:min(len(grid), headerSearch)] {
		below := grid[i+1:]
		if len(below) == 0 && len(grid) > 1 {
			break
		}
		columns := filledColumns(grid[i:])
		shape := describe(candidate)
		if columns > 1 && (shape.filled < 2 || shape.filled*10 < columns*6) {
			continue // a title or a note
		}
		if shape.texts == 0 || shape.texts+shape.periods < shape.filled || shape.different*2 < shape.filled {
			dataSeen = true
			continue
		}
		if dataSeen && shape.filled < columns {
			continue // texts among the data
		}
		place := fmt.Sprintf("Row %d holds the column names: ", candidate.number)
		switch {
		case len(below) == 0:
			return candidate.number, place + "it is the only row."
		case otherKind(candidate, below):
			return candidate.number, place + "it is all text, and the rows below hold other kinds of values."
		case describe(below[0]).filled >= shape.filled || shape.filled == columns:
			if dataSeen {
				continue
			}
			return candidate.number, fmt.Sprintf("Row %d is taken as the column names. This is a guess, because the rows below are text as well.", candidate.number)
		}
	}
	return 0, "No row looks like column names, so every row is read as data."
}

// shape is what a row looks like.
type shape struct {
	filled, texts, different int
	periods                  int // dates and years, which head pivoted tables
}

func describe(row gridRow) shape {
	var s shape
	seen := map[string]bool{}
	for i := range row.cells {
		c := &row.cells[i]
		if blankCell(c) {
			continue
		}
		s.filled++
		switch c.Kind {
		case cell.Text:
			if fitsOnlyText(c.Text) {
				s.texts++
			} else if year, err := strconv.Atoi(c.Text); err == nil && year >= 1900 && year <= 2100 {
				s.periods++
			}
		case cell.Date, cell.DateTime:
			s.periods++
		case cell.Number:
			if c.Float >= 1900 && c.Float <= 2100 && c.Float == float64(int(c.Float)) {
				s.periods++
			}
		}
		seen[strings.ToLower(strings.TrimSpace(Display(*c)))] = true
	}
	s.different = len(seen)
	return s
}

// filledColumns counts the columns in which any of the rows has a value.
func filledColumns(rows []gridRow) int {
	var filled []bool
	n := 0
	for _, row := range rows {
		for i := range row.cells {
			if column := row.first + i; !blankCell(&row.cells[i]) {
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

// otherKind tells whether a column that has a text in the header row has another
// kind of value in the next rows. In text files numbers and dates are texts, too.
func otherKind(header gridRow, below []gridRow) bool {
	for i := range header.cells {
		if header.cells[i].Kind != cell.Text {
			continue
		}
		for _, row := range below[:min(len(below), headerSearch)] {
			c := row.cell(header.first + i)
			if c.Kind != cell.Blank && (c.Kind != cell.Text || !fitsOnlyText(c.Text)) {
				return true
			}
		}
	}
	return false
}

// headers names the columns of a layout.
func headers(l Layout, grid []gridRow, known []string) []Header {
	all := make([]Header, 0, l.LastCol-l.FirstCol+1)
	var row gridRow
	for _, r := range grid {
		if r.number == l.HeaderRow && l.HeaderRow > 0 {
			row = r
		}
	}
	var grouped []string
	if at := rowAt(grid, l.HeaderRow-1); l.HeaderRows > 1 && at >= 0 {
		grouped = groupedNames(grid[at], row, l.FirstCol, l.LastCol)
	}
	for column := l.FirstCol; column <= l.LastCol; column++ {
		raw := Display(row.cell(column))
		if grouped != nil {
			raw = grouped[column-l.FirstCol]
		}
		if i := column - l.FirstCol; l.HeaderRow == 0 && i < len(known) {
			raw = known[i]
		}
		all = append(all, Header{Column: column, Raw: raw, Name: strings.Join(strings.Fields(raw), " ")})
	}
	unique(all)
	return all
}

// unique names the blank columns by their letters and numbers the repeated ones:
// Amount, Amount (2). The service does not tell capital from small letters.
func unique(all []Header) {
	taken := make(map[string]bool, len(all))
	for i := range all {
		if all[i].Name == "" {
			all[i].Name = "Column " + cell.Column(all[i].Column)
		} else {
			taken[strings.ToLower(all[i].Name)] = true
		}
	}
	used := make(map[string]bool, len(all))
	last := map[string]int{}
	for i := range all {
		name, key := all[i].Name, strings.ToLower(all[i].Name)
		if used[key] {
			n := max(last[key], 1)
			for {
				n++
				name = fmt.Sprintf("%s (%d)", all[i].Name, n)
				if lower := strings.ToLower(name); !used[lower] && !taken[lower] {
					break
				}
			}
			last[key] = n
		}
		all[i].Name = name
		used[strings.ToLower(name)] = true
	}
}
