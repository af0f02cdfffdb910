// Package header finds the rows in which the names of the columns are, and names the
// columns: one to three rows, below titles and above units. It is pure on cells.
package header

import (
	"fmt"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/infer/words"
	"pushdesk/storage/written"
)

// Names is where the names of the columns are.
type Names struct {
	Row   int    // the last row of them, 0 when there are none
	Rows  int    // how many rows they take
	Units int    // a row below them that holds units or the like, 0 when there is none
	Why   string // a sentence
	Guess bool   // another reading is as likely
}

// Merged returns the blocks of merged cells that begin in a row.
type Merged func(row int) []cell.Range

// mostLines of names that a table has.
const mostNameLines = 3

// Find looks for the column names in the first rows of a sheet. lines is how many
// rows they take, 0 to find it.
func Find(grid []SampleRow, lines int, merged Merged) Names {
	n := findHeaderRow(grid, merged)
	at := RowAt(grid, n.Row)
	n.Rows = 1
	if at < 0 {
		return n
	}
	top, bottom := at, at
	if lines != 1 {
		var sure bool
		if top, bottom, sure = nameLines(grid, at, merged); bottom > top {
			n.Guess = !sure
			if lines == 0 && namesLeft(grid, top, bottom) {
				bottom++
			}
		}
	}
	for lines > 0 && bottom-top+1 < lines { // chosen, and not found
		if below := bottom+1 < len(grid); top > 0 && (!below || !onlyTexts(grid[bottom+1]) && onlyTexts(grid[top-1])) {
			top--
		} else if below {
			bottom++
		} else {
			break
		}
	}
	if lines > 0 {
		top = max(top, bottom-lines+1)
	}
	if n.Row, n.Rows = grid[bottom].Number, bottom-top+1; n.Rows > 1 {
		n.Why = rowsOfNames(grid[top:bottom+1]) + " hold the column names: the upper " + humanize.Plural(n.Rows-1, "one names", "ones name") + " groups of columns."
		if row, like := unitsBelow(grid, grid[bottom-1].Number); like && row == n.Row {
			n.Why = rowsOfNames(grid[top:bottom+1]) + " hold the column names and their units."
		}
		if n.Guess {
			n.Why += " This is a guess."
		}
	}
	n.Units = UnitsBelow(grid, n.Row)
	return n
}

// onlyTexts reports whether a row holds nothing but texts.
func onlyTexts(row SampleRow) bool {
	for i := range row.Cells {
		if c := &row.Cells[i]; !infer.IsBlank(c) && !infer.PlainText(c) {
			return false
		}
	}
	return true
}

// rowsOfNames says which rows they are.
func rowsOfNames(rows []SampleRow) string {
	var numbers []string
	for _, row := range rows {
		numbers = append(numbers, strconv.Itoa(row.Number))
	}
	return "Rows " + humanize.List(numbers)
}

// findHeaderRow looks for a row of column names: the first row that fills most columns,
// is all text and has mostly different values, with rows of data below.
func findHeaderRow(grid []SampleRow, merged Merged) Names {
	dataSeen, above := false, 0
	for i, candidate := range grid[:min(len(grid), headerSearch)] {
		below := grid[i+1:]
		if infer.RuleRow(candidate.Cells) {
			continue // a line above the names
		}
		if len(below) == 0 && len(grid) > 1 {
			break
		}
		columns := filledColumns(grid[i:])
		shape := describe(candidate)
		shape.periods += datesAbove(candidate, below)
		if own, ok := ownTable(grid[i:]); ok {
			columns = own
		}
		if above = max(above, i+keyValues(grid[i:], columns)); above > i {
			continue
		}
		if grouped := i > 0 && groupedBy(grid, i-1, merged); !grouped && columns > 1 && (shape.filled < 2 || shape.filled*10 < columns*6) && !fewNames(grid[i:]) {
			continue // a title or a note
		} else if grouped {
			return Names{Row: candidate.Number, Why: fmt.Sprintf("Row %d holds the column names: the row above names groups of them.", candidate.Number), Guess: dataSeen}
		}
		same := shape.different == 1 && shape.filled > 1 && equalNames(candidate, below)
		if shape.texts == 0 && shape.periods < shape.filled || shape.texts+shape.periods < shape.filled || shape.texts == 0 && !otherPeriods(candidate, below) {
			dataSeen = true
			continue
		}
		if shape.different*2 < shape.filled && !same {
			continue
		}
		if tells(candidate, below) {
			dataSeen = true
			continue
		}
		if dataSeen && shape.filled < columns || wideTitle(grid[i:]) {
			continue // texts among the data
		}
		if n := titlesAbove(grid[i:], merged); n > 0 {
			above = i + n
			continue
		}
		place := fmt.Sprintf("Row %d holds the column names: ", candidate.Number)
		switch {
		case len(below) == 0:
			return Names{Row: candidate.Number, Why: place + "it is the only row."}
		case otherKind(candidate, below):
			return Names{Row: candidate.Number, Why: place + "it is all text, and the rows below hold other kinds of values.", Guess: dataSeen}
		case shape.texts == 0:
			return Names{Row: candidate.Number, Why: place + "it holds years or dates, and the rows below other numbers.", Guess: true}
		case describe(below[0]).filled >= shape.filled || shape.filled == columns:
			if dataSeen {
				continue
			}
			return Names{Row: candidate.Number, Why: fmt.Sprintf("Row %d was read as the column names. This is a guess, because the rows below are text as well.", candidate.Number), Guess: true}
		}
	}
	return Names{Why: "No row looks like column names, so every row is read as data."}
}

// namesLeft reports whether the row below two lines of names holds the last of them: it is
// all text above other kinds of values, and names columns that the lines above do not.
func namesLeft(grid []SampleRow, top, bottom int) bool {
	if bottom-top+2 > mostNameLines || bottom+2 >= len(grid) || grid[bottom+1].Gap {
		return false
	}
	row := grid[bottom+1]
	if !describes(row, grid[bottom+2:]) {
		return false
	}
next:
	for i := range row.Cells {
		if infer.IsBlank(&row.Cells[i]) {
			continue
		}
		for _, line := range grid[top : bottom+1] {
			if c := line.At(row.First + i); !infer.IsBlank(&c) {
				continue next
			}
		}
		return true
	}
	return false
}

// tells reports whether a row has a value that is no name: an e-mail address or a link, as
// all rows below have it.
func tells(candidate SampleRow, below []SampleRow) bool {
	for i := range candidate.Cells {
		c := &candidate.Cells[i]
		for _, mark := range []string{"@", "://"} {
			if c.Kind != cell.Text || !strings.Contains(c.Text, mark) {
				continue
			}
			n := 0
			for _, row := range below[:min(len(below), headerSearch)] {
				switch v := row.At(candidate.First + i); {
				case infer.IsBlank(&v):
				case v.Kind == cell.Text && strings.Contains(v.Text, mark):
					n++
				default:
					n = -headerSearch
				}
			}
			if n > 1 {
				return true
			}
		}
	}
	return false
}

// datesAbove counts the texts of a row that are dates above columns of numbers: names of
// pivoted tables, such as 30 Nov 2025.
func datesAbove(row SampleRow, below []SampleRow) (n int) {
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Kind != cell.Text || infer.FitsOnlyText(c.Text) {
			continue
		}
		if _, ok := written.ParseDate(written.Trim(c.Text)); !ok {
			continue
		}
		numbers, others := 0, 0
		for _, other := range below[:min(len(below), headerSearch)] {
			switch v := other.At(row.First + i); {
			case infer.IsBlank(&v) || v.Kind == cell.Text && written.Nothing(v.Text):
			case v.Kind == cell.Number || v.Kind == cell.Text && infer.IsAmount(v.Text):
				numbers++
			default:
				others++
			}
		}
		if numbers > 1 && others == 0 {
			n++
		}
	}
	return n
}

// fewNames reports whether the first row holds names for some of the columns only, from the
// first on without a gap: texts, above rows that fill the columns and hold other kinds of
// values below all names but the first.
func fewNames(grid []SampleRow) bool {
	names := describe(grid[0])
	if names.filled < 2 || names.texts < names.filled || names.different < names.filled || len(grid) < 3 || infer.FirstFilled(grid[0].Cells) != 0 {
		return false
	}
	for i := range names.filled {
		if i >= len(grid[0].Cells) || infer.IsBlank(&grid[0].Cells[i]) || i > 0 && !onlyOther(grid[0].First+i, grid[1:]) {
			return false
		}
	}
	full := describe(grid[1]).filled
	for _, row := range grid[1:min(len(grid), headerSearch)] {
		if row.Gap || describe(row).filled != full {
			return false
		}
	}
	return full > names.filled
}

// groupedBy reports whether a row names groups of the columns that the next one names.
func groupedBy(grid []SampleRow, upper int, merged Merged) bool {
	if s := describe(grid[upper+1]); s.texts == 0 && s.periods == 0 {
		return false
	}
	ok, _ := pairs(grid, upper, false, merged)
	return ok
}

// keyValues counts the first rows that say something about the table below, such as a
// period: two values, of which the first one ends with a colon or which stand apart.
func keyValues(grid []SampleRow, columns int) int {
	s := describe(grid[0])
	if s.filled != 2 || len(grid) < 3 {
		return 0
	}
	first := grid[0].Cells[infer.FirstFilled(grid[0].Cells)]
	if first.Kind == cell.Text && strings.HasSuffix(strings.TrimSpace(first.Text), ":") {
		return 1
	}
	end := 1
	for end < len(grid) && !grid[end].Gap {
		end++
	}
	if end > 3 || len(grid)-end < 2 || columns < 2 {
		return 0
	}
	names := describe(grid[end])
	if len(grid)-end < 4 && (names.filled <= s.filled || othersBelow(grid[:end], 0)) {
		return 0 // a table with another one below
	}
	if names.filled >= 2 && names.texts == names.filled && names.different == names.filled && otherKind(grid[end], grid[end+1:]) {
		return end
	}
	return 0
}

// ownTable reports whether the first row begins a table that ends at a blank row, and how
// many columns it has: a wider table further down is another one.
func ownTable(grid []SampleRow) (columns int, ok bool) {
	end := 1
	for end < len(grid) && !grid[end].Gap {
		end++
	}
	columns = filledColumns(grid[:end])
	all := filledColumns(grid)
	if all > columns && apart(grid[:end]) {
		return 0, false
	}
	if end == len(grid) || end < 3 || columns < 2 || columns == 2 && all > 3 && end < 5 || describe(grid[0]).filled < columns {
		return 0, false
	}
	for i := range grid[0].Cells { // keys and values above a table are none
		if c := &grid[0].Cells[i]; c.Kind == cell.Text && strings.HasSuffix(strings.TrimSpace(c.Text), ":") {
			return 0, false
		}
	}
	return columns, othersBelow(grid[:end], 1)
}

// othersBelow reports whether below a text of the first row stand other kinds of values only,
// more than so many.
func othersBelow(rows []SampleRow, many int) bool {
	for i := range rows[0].Cells {
		if rows[0].Cells[i].Kind != cell.Text {
			continue
		}
		others, texts := 0, 0
		for _, row := range rows[1:] {
			switch c := row.At(rows[0].First + i); {
			case c.Kind == cell.Blank:
			case c.Kind == cell.Text && infer.FitsOnlyText(c.Text):
				texts++
			default:
				others++
			}
		}
		if others > many && texts == 0 {
			return true
		}
	}
	return false
}

// apart reports whether the rows leave a column between two others blank: names and values
// above a table, and none themselves.
func apart(rows []SampleRow) bool {
	first, last := -1, -1
	for _, row := range rows {
		for i := range row.Cells {
			if !infer.IsBlank(&row.Cells[i]) {
				if at := row.First + i; first < 0 || at < first {
					first = at
				}
				last = max(last, row.First+i)
			}
		}
	}
	return filledColumns(rows) < last-first+1
}

// wideTitle reports whether the first row is a title in several cells: wider than any row
// below, of which one of the next looks like names.
func wideTitle(grid []SampleRow) bool {
	wide, most := describe(grid[0]).filled, 0
	for _, row := range grid[1:] {
		if row.Gap && most > 1 {
			break
		}
		most = max(most, describe(row).filled)
	}
	if most < 2 || wide <= most {
		return false
	}
	for i := 1; i < min(len(grid), 4); i++ {
		if s := describe(grid[i]); s.filled == most && s.texts == s.filled && s.different == s.filled && otherKind(grid[i], grid[i+1:]) {
			return true
		}
	}
	return false
}

// mostTitles is how many lines of titles in several cells may stand above the names.
const mostTitles = 4

// titlesAbove counts the first rows that are titles in several cells above the names: these
// are more, fill the columns that hold other kinds of values, and are not grouped by them.
func titlesAbove(grid []SampleRow, merged Merged) int {
	title := describe(grid[0])
	for at := 1; at <= mostTitles && at+3 <= len(grid) && (at == 1 || !grid[at].Gap); at++ {
		names := describe(grid[at])
		if names.filled <= title.filled && names.filled < 3 && !grid[at].Gap {
			continue // another title
		}
		if title.filled >= names.filled || names.filled < 3 || names.texts < names.filled || names.different < names.filled || !otherKind(grid[at], grid[at+1:]) || othersBelow(grid[:at], 0) {
			return 0
		}
		for _, row := range grid[at+1 : min(len(grid), headerSearch)] {
			if describe(row).filled > names.filled {
				return 0
			}
		}
		if groupedBy(grid, at-1, merged) {
			return 0
		}
		return at
	}
	return 0
}

// equalNames reports whether a row that says the same in each column may be names: below
// one of them stand other kinds of values only.
func equalNames(header SampleRow, below []SampleRow) bool {
	for i := range header.Cells {
		if header.Cells[i].Kind == cell.Text && onlyOther(header.First+i, below) {
			return true
		}
	}
	return false
}

// onlyOther reports whether a column holds values, of which none is nothing but text.
func onlyOther(column int, rows []SampleRow) bool {
	n := 0
	for _, row := range rows[:min(len(rows), headerSearch)] {
		switch c := row.At(column); {
		case c.Kind == cell.Blank || c.Kind == cell.Error || c.Kind == cell.Text && (written.Nothing(c.Text) || words.Unit(c.Text)):
		case c.Kind == cell.Text && infer.FitsOnlyText(c.Text):
			return false
		default:
			n++
		}
	}
	return n > 0
}

// otherPeriods reports whether a row of years and dates stands above values that are none.
func otherPeriods(row SampleRow, below []SampleRow) bool {
	s := describe(row)
	if s.periods < 3 || s.different < s.filled || len(below) < 2 {
		return false
	}
	for _, other := range below[:min(len(below), 5)] {
		if o := describe(other); o.periods > 0 {
			return false
		}
	}
	return true
}

// NameColumns names the columns first to last. Their names are in so many rows, of
// which the last one is row; without one they are the known ones, as far as there are.
func NameColumns(grid []SampleRow, row, rows, first, last int, known []string) []infer.Header {
	all := make([]infer.Header, 0, last-first+1)
	lines := nameRows(grid, row, rows)
	var grouped []string
	if len(lines) > 1 {
		grouped = joinedNames(lines, first, last)
	}
	for column := first; column <= last; column++ {
		raw := ""
		if len(lines) == 1 {
			raw = cell.Display(lines[0].At(column))
		} else if grouped != nil {
			raw = grouped[column-first]
		}
		if i := column - first; row == 0 && i < len(known) {
			raw = known[i]
		}
		all = append(all, infer.Header{Column: column, Raw: raw, Name: strings.Join(strings.Fields(raw), " ")})
	}
	Distinct(all)
	return all
}

// nameRows are the rows of names, of which the last one is row.
func nameRows(grid []SampleRow, row, rows int) []SampleRow {
	at := RowAt(grid, row)
	if row == 0 || at < 0 {
		return nil
	}
	return grid[max(0, at-max(rows, 1)+1) : at+1]
}

// Distinct names the blank columns by their letters and numbers the repeated ones:
// Amount, Amount (2). The service does not tell capital from small letters.
func Distinct(all []infer.Header) {
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
