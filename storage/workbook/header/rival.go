package header

import (
	"fmt"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/infer"
)

// Rival says in a sentence what stands against the next best place of the names: the fullest
// row above them, or none at all. It is "" where nothing else is possible.
func Rival(grid []SampleRow, n Names) string {
	if len(grid) < 2 {
		return ""
	}
	if n.Row == 0 {
		for i := range grid[0].Cells {
			if c := &grid[0].Cells[i]; !infer.IsBlank(c) && !infer.PlainText(c) {
				return fmt.Sprintf("Row %d as the column names would make a name of %q.", grid[0].Number, cell.Display(*c))
			}
		}
		return ""
	}
	at := RowAt(grid, n.Row)
	if at < 0 {
		return ""
	}
	top := max(0, at-n.Rows+1)
	columns := filledColumns(grid[top:])
	next, most := -1, 0
	for i, row := range grid[:top] {
		if filled := describe(row).filled; filled > most && !infer.RuleRow(row.Cells) {
			next, most = i, filled
		}
	}
	switch {
	case next >= 0 && most < columns:
		return fmt.Sprintf("Row %d as the column names would leave %s blank.", grid[next].Number, humanize.Count(int64(columns-most), "name"))
	case next >= 0:
		return fmt.Sprintf("Row %d fills as many columns, and could hold the names as well.", grid[next].Number)
	case n.Rows > 1:
		return fmt.Sprintf("Row %d alone as the column names would make a row of data of the other.", n.Row)
	}
	against, texts := 0, 0
	for i := range grid[at].Cells {
		if c := &grid[at].Cells[i]; c.Kind == cell.Text && !infer.IsBlank(c) {
			if texts++; onlyOther(grid[at].First+i, grid[at+1:]) {
				against++
			}
		}
	}
	switch {
	case against > 0:
		return fmt.Sprintf("As data, row %d would be the only text in %s.", n.Row, humanize.Count(int64(against), "column"))
	case texts > 0:
		return fmt.Sprintf("As data, row %d would be one more row of text.", n.Row)
	}
	return ""
}
