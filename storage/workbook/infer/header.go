package infer

import (
	"fmt"
	"strings"

	"pushdesk/storage/cell"
)

// FindHeader looks for the column names in the first rows of a sheet: row is the row
// they are in, 0 when there are none, and rows is how many they take. It takes two rows
// for names only when twoRows allows it; merged reports whether cells of a row are
// merged side by side. why is a sentence.
func FindHeader(grid []SampleRow, twoRows bool, merged func(row int) bool) (row, rows int, why string) {
	row, why = findHeaderRow(grid)
	at := RowAt(grid, row)
	if at < 0 {
		return row, 1, why
	}
	if lower, ok := twoLines(grid, at, merged); ok && twoRows {
		row = grid[lower].Number
		return row, 2, fmt.Sprintf("Rows %d and %d hold the column names: the upper one names groups of columns.", row-1, row)
	}
	return row, 1, why
}

// findHeaderRow looks for the row of column names: the first row that fills most
// columns, is all text and has mostly different values, with rows of data below.
func findHeaderRow(grid []SampleRow) (row int, why string) {
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
		place := fmt.Sprintf("Row %d holds the column names: ", candidate.Number)
		switch {
		case len(below) == 0:
			return candidate.Number, place + "it is the only row."
		case otherKind(candidate, below):
			return candidate.Number, place + "it is all text, and the rows below hold other kinds of values."
		case describe(below[0]).filled >= shape.filled || shape.filled == columns:
			if dataSeen {
				continue
			}
			return candidate.Number, fmt.Sprintf("Row %d was read as the column names. This is a guess, because the rows below are text as well.", candidate.Number)
		}
	}
	return 0, "No row looks like column names, so every row is read as data."
}

// NameColumns names the columns first to last. Their names are in so many rows, of
// which the last one is row; without one they are the known ones, as far as there are.
func NameColumns(grid []SampleRow, row, rows, first, last int, known []string) []Header {
	all := make([]Header, 0, last-first+1)
	var names SampleRow
	if at := RowAt(grid, row); row > 0 && at >= 0 {
		names = grid[at]
	}
	var grouped []string
	if at := RowAt(grid, row-1); rows > 1 && at >= 0 {
		grouped = groupedNames(grid[at], names, first, last)
	}
	for column := first; column <= last; column++ {
		raw := cell.Display(names.At(column))
		if grouped != nil {
			raw = grouped[column-first]
		}
		if i := column - first; row == 0 && i < len(known) {
			raw = known[i]
		}
		all = append(all, Header{Column: column, Raw: raw, Name: strings.Join(strings.Fields(raw), " ")})
	}
	Distinct(all)
	return all
}

// Distinct names the blank columns by their letters and numbers the repeated ones:
// Amount, Amount (2). The service does not tell capital from small letters.
func Distinct(all []Header) {
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
