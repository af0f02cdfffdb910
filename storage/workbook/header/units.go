package header

import (
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/infer/words"
	"pushdesk/storage/written"
)

// UnitsBelow returns the last row below the names that holds units, types or descriptions of
// the columns: texts above columns that hold other kinds of values, one at least of them a
// unit. It returns 0 when the row below the names is data. Surveys have two such rows.
func UnitsBelow(grid []SampleRow, header int) int {
	row, _ := unitsBelow(grid, header)
	at := RowAt(grid, header) + 1
	if row > 0 || header == 0 || at < 1 {
		return row
	}
	for n := 2; n <= mostDescriptions && at+n+1 < len(grid); n++ {
		all := true
		for i := range n {
			all = all && describes(grid[at+i], grid[at+n:])
		}
		if all {
			return grid[at+n-1].Number
		}
	}
	return 0
}

// mostDescriptions is how many rows below the names may describe the columns.
const mostDescriptions = 3

// describes reports whether a row is all text, and stands above other kinds of values in
// most of its columns.
func describes(row SampleRow, below []SampleRow) bool {
	texts, against := 0, 0
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Kind == cell.Blank {
			continue
		}
		if c.Kind != cell.Text || !infer.FitsOnlyText(c.Text) || written.Nothing(c.Text) {
			return false
		}
		texts++
		if onlyOther(row.First+i, below) {
			against++
		}
	}
	return against >= 2 && against*3 >= texts*2
}

// unitsBelow also reports whether most of its texts are units.
func unitsBelow(grid []SampleRow, header int) (number int, like bool) {
	at := RowAt(grid, header) + 1
	if header == 0 || at < 1 || at >= len(grid) || len(grid) < at+2 {
		return 0, false
	}
	if infer.RuleRow(grid[at].Cells) { // the units may stand below a line of dashes
		at++
	}
	if at >= len(grid) || len(grid) < at+2 {
		return 0, false
	}
	row, below := grid[at], grid[at+1:]
	against, units, texts := 0, 0, 0
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Kind == cell.Blank || c.Kind == cell.Text && written.Nothing(c.Text) {
			continue
		}
		if c.Kind != cell.Text || !infer.FitsOnlyText(c.Text) && !words.Unit(c.Text) {
			return 0, false
		}
		if _, amount := written.ParseAmount(written.Trim(c.Text)); amount || infer.MayBeNumber(strings.TrimLeft(c.Text, " ([+-−$€£¥")) {
			return 0, false
		}
		texts++
		if onlyOther(row.First+i, below) {
			against++
			if words.Unit(c.Text) {
				units++
			}
		}
	}
	if like = against > 0 && units*2 >= against; like || against > 1 && against == texts {
		return row.Number, like
	}
	return 0, false
}
