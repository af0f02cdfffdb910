package header

import (
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/text"
	"pushdesk/storage/workbook/infer"
)

// SecondTable is a table beside another one.
type SecondTable struct {
	Row    int // its first row
	Column int // its first column, 0 when there is none
	Gap    int // the blank column before it
	Names  string
	Sure   bool // its rows are others, or its names are the same
}

// Beside looks for a table behind a blank column: the first one without a name and
// without a value in any row from a row on.
func Beside(grid []SampleRow, from, header, first, last int) (t SecondTable) {
	for len(grid) > 0 && grid[0].Number < from {
		grid = grid[1:]
	}
	blank := func(column int) bool {
		for _, row := range grid {
			if c := row.At(column); !infer.IsBlank(&c) {
				return false
			}
		}
		return true
	}
	gap := first + 1
	for gap < last && !blank(gap) {
		gap++
	}
	if gap >= last || len(grid) < 2 {
		return t
	}
	begin := gap + 1
	for begin <= last && blank(begin) {
		begin++
	}
	if begin > last {
		return t
	}
	filled := func(row SampleRow, from, to int) (n int) {
		for column := from; column <= to; column++ {
			if c := row.At(column); !infer.IsBlank(&c) {
				n++
			}
		}
		return n
	}
	t = SecondTable{Column: begin, Gap: gap}
	onlyLeft, onlyRight, both := 0, 0, 0
	names := map[string]bool{}
	for _, row := range grid {
		left, right := filled(row, first, gap-1), filled(row, begin, last)
		switch {
		case left > 0 && right > 0:
			both++
		case left > 0:
			onlyLeft++
		case right > 0:
			onlyRight++
		}
		if right > 0 && t.Row == 0 {
			t.Row = row.Number
			var all []string
			for column := begin; column <= last; column++ {
				if c := row.At(column); !infer.IsBlank(&c) {
					all = append(all, cell.Display(c))
				}
			}
			t.Names = text.Shorten(text.Clean(strings.Join(all, ", ")), 60)
		}
		if row.Number == header {
			for column := first; column <= last; column++ {
				name := strings.ToLower(strings.TrimSpace(cell.Display(row.At(column))))
				t.Sure = t.Sure || column >= begin && name != "" && names[name]
				if column < gap {
					names[name] = true
				}
			}
		}
	}
	t.Sure = t.Sure || both > 0 && (onlyLeft > 0 || onlyRight > 0) && last > begin
	return t
}
