package header

import (
	"slices"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/infer/words"
)

// nameLines finds the rows of names around one that looks like them: above it, and below,
// rows that name groups of columns and the columns in them. sure is false when rows of
// data may look like that as well.
func nameLines(grid []SampleRow, at int, merged Merged) (top, bottom int, sure bool) {
	top, bottom, sure = at, at, true
	for bottom+1 < len(grid) && bottom-top+1 < mostNameLines {
		ok, certain := pairs(grid, bottom, true, merged)
		if !ok {
			break
		}
		bottom++
		sure = sure && certain
	}
	for top > 0 && bottom-top+1 < mostNameLines {
		names := grid[top]
		if bottom > top {
			names = spread(grid[top], grid[top+1])
		}
		ok, certain := pairsWith(grid, top-1, names, false, merged)
		if !ok {
			break
		}
		top--
		sure = sure && certain
	}
	return top, bottom, sure
}

// pairs reports whether a row names groups of columns and the next one the columns of
// each; down says that the upper one looks like names by itself.
func pairs(grid []SampleRow, upper int, down bool, merged Merged) (ok, sure bool) {
	return pairsWith(grid, upper, grid[upper+1], down, merged)
}

// spread writes the names of groups above each column of theirs.
func spread(upper, lower SampleRow) SampleRow {
	row := SampleRow{Number: upper.Number, First: min(upper.First, lower.First), Gap: upper.Gap}
	var group cell.Cell
	for column := row.First; column < max(upper.First+len(upper.Cells), lower.First+len(lower.Cells)); column++ {
		above, below := upper.At(column), lower.At(column)
		if !infer.IsBlank(&above) || infer.IsBlank(&below) {
			group = above
		}
		row.Cells = append(row.Cells, group)
	}
	return row
}

// pairsWith is pairs for a lower row that was spread.
func pairsWith(grid []SampleRow, upper int, below SampleRow, down bool, merged Merged) (ok, sure bool) {
	above, rest := grid[upper], grid[upper+2:]
	if below.Number > above.Number+2 || len(rest) == 0 {
		return false, false
	}
	if lower := describe(below); lower.filled < 2 || lower.texts+lower.periods < lower.filled {
		return false, false
	}
	if row, like := unitsBelow(grid, above.Number); like && row == below.Number {
		return false, false
	}
	apart := below.Number > above.Number+1
	within := 0 // merged blocks that are not as wide as the table
	width := filledColumns(grid[upper+1:])
	if blocks := merged(above.Number); len(blocks) > 0 {
		for _, r := range blocks {
			if r.LastCol > r.FirstCol && r.LastCol-r.FirstCol+1 < width {
				within++
			}
		}
	}
	g := groupsOf(above, below, within > 0 || describe(above).filled == 1 && startsLater(above, grid[upper+1:]) && !apart)
	if g.wide == 0 {
		return false, false
	}
	if within > 0 {
		return true, true
	}
	evidence := otherKind(below, rest)
	switch {
	case g.alike:
		return true, evidence
	case !evidence:
		return false, false // the row below the names may be a row of data as well
	case g.repeated:
		return true, true
	case apart || titled(above):
		return false, false
	case down:
		return g.doubled < g.wide, g.wide > 1 && g.doubled == 0
	}
	return g.doubled == 0, false
}

// startsLater reports whether a row begins to the right of one of those below it.
func startsLater(upper SampleRow, below []SampleRow) bool {
	return slices.ContainsFunc(below[:min(len(below), mostNameLines)], func(row SampleRow) bool {
		return upper.First+infer.FirstFilled(upper.Cells) > row.First+infer.FirstFilled(row.Cells)
	})
}

// titled reports whether a row looks like a title in several cells.
func titled(row SampleRow) bool {
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Kind != cell.Text {
			continue
		}
		text := strings.ToLower(strings.TrimSpace(c.Text))
		if len(text) > 40 || words.Pivot(text) || strings.HasSuffix(text, ":") || strings.HasPrefix(text, "page ") || strings.HasPrefix(text, "seite ") || strings.Contains(text, "report") || strings.Contains(text, "printed") {
			return true
		}
	}
	return false
}

// groups are what a row of names makes of the row below it.
type groups struct {
	wide     int  // names that stand above several columns
	doubled  int  // columns with a name of their own in both rows
	repeated bool // columns of different groups have the same name
	alike    bool // the groups have the same columns, and there are several
}

// groupsOf reads two rows as names of groups and of columns. A group continues for as
// long as the row below has names and the upper one has none, or the same name again.
// wide is 0 when the rows cannot be such.
func groupsOf(upper, lower SampleRow, single bool) (g groups) {
	for i, row := range []SampleRow{upper, lower} {
		s := describe(row)
		if least := 2; s.filled < least && (i > 0 || !single) || s.filled == 0 || s.texts == 0 && s.periods < s.filled || s.texts+s.periods < s.filled {
			return groups{}
		}
	}
	last := max(upper.First+len(upper.Cells), lower.First+len(lower.Cells))
	in, width, group := false, 0, 0 // the current group, its columns so far, its number
	before := ""                    // the name of the current group
	seen := map[string]int{}
	var lists [][]string
	var list []string
	end := func() {
		if in && width > 1 {
			g.wide++
			lists = append(lists, list)
		}
		in, width, list = false, 0, nil
	}
	for column := min(upper.First, lower.First); column < last; column++ {
		above, below := upper.At(column), lower.At(column)
		named, filled := !infer.IsBlank(&above), !infer.IsBlank(&below)
		word := strings.ToLower(strings.TrimSpace(cell.Display(above)))
		switch {
		case named && filled && in && word == before:
			width++
		case named:
			end()
			in, group, before = true, group+1, word
			if width = 1; !filled {
				in = false // one name for one column, in the upper row
				continue
			}
			if next := upper.At(column + 1); (!infer.IsBlank(&next) || column+1 >= last) && !strings.EqualFold(strings.TrimSpace(cell.Display(next)), word) && !strings.EqualFold(strings.TrimSpace(cell.Display(below)), word) {
				g.doubled++
			}
		case filled && in:
			width++
		case filled:
			continue // named in the lower row only
		default:
			end()
			continue
		}
		name := strings.ToLower(strings.TrimSpace(cell.Display(below)))
		list = append(list, name)
		if of, known := seen[name]; known && of != group {
			g.repeated = true
		}
		seen[name] = group
	}
	end()
	g.alike = len(lists) > 1 && len(lists[0]) > 1
	for _, other := range lists {
		g.alike = g.alike && slices.Equal(other, lists[0])
	}
	return g
}

// joinedNames: the name of a column is made of those of its groups and its own, where
// they differ. A unit below them stands in parentheses.
func joinedNames(lines []SampleRow, first, last int) []string {
	var names []string
	groups := make([]string, len(lines))
	for column := first; column <= last; column++ {
		var parts []string
		for i, line := range lines {
			c := line.At(column)
			name := strings.TrimSpace(cell.Display(c))
			if i == len(lines)-1 {
				groups[i] = name
			} else if name != "" {
				groups[i] = name
				for k := i + 1; k < len(lines)-1; k++ {
					groups[k] = "" // of another group
				}
			} else if under := lines[i+1:]; !slices.ContainsFunc(under, func(l SampleRow) bool { c := l.At(column); return !infer.IsBlank(&c) }) {
				groups[i] = ""
			}
			if name = groups[i]; name == "" || len(parts) > 0 && strings.EqualFold(parts[len(parts)-1], name) {
				continue
			}
			if i > 0 && i == len(lines)-1 && len(parts) > 0 && words.Unit(name) {
				parts[len(parts)-1] += " (" + strings.Trim(name, "()[]") + ")"
				continue
			}
			parts = append(parts, name)
		}
		names = append(names, strings.Join(parts, " – "))
	}
	return names
}
