package infer

import (
	"strings"

	"pushdesk/storage/cell"
)

// twoLines reports whether the names of the columns take two rows: one that names groups
// of columns, and below it one that names the columns of each group. at is the place
// in grid of the row that looks like names, which may be either; merged reports whether
// cells of a row are merged side by side.
func twoLines(grid []SampleRow, at int, merged func(row int) bool) (lower int, ok bool) {
	try := func(upper int) bool {
		if upper < 0 || upper+1 >= len(grid) || grid[upper+1].Number != grid[upper].Number+1 {
			return false
		}
		g := groupsOf(grid[upper], grid[upper+1])
		switch {
		case g.wide == 0:
			return false
		case merged(grid[upper].Number):
			return true
		case !otherKind(grid[upper+1], grid[upper+2:]):
			return false // the row below the names may be a row of data as well
		}
		return g.repeated || upper == at && g.wide > 1 && g.doubled == 0
	}
	switch {
	case try(at):
		return at + 1, true
	case try(at - 1):
		return at, true
	}
	return at, false
}

// groups are what a row of names makes of the row below it.
type groups struct {
	wide     int  // names that stand above several columns
	doubled  int  // columns with a name of their own in both rows
	repeated bool // columns of different groups have the same name
}

// groupsOf reads two rows as names of groups and of columns. A group continues for
// as long as the row below has names and the upper one has none. wide is 0 when the
// rows cannot be such.
func groupsOf(upper, lower SampleRow) (g groups) {
	for _, row := range []SampleRow{upper, lower} {
		if s := describe(row); s.filled < 2 || s.texts == 0 && s.periods < s.filled || s.texts+s.periods < s.filled {
			return groups{}
		}
	}
	last := max(upper.First+len(upper.Cells), lower.First+len(lower.Cells))
	in, width, group := false, 0, 0 // the current group, its columns so far, its number
	seen := map[string]int{}
	end := func() {
		if in && width > 1 {
			g.wide++
		}
		in, width = false, 0
	}
	for column := min(upper.First, lower.First); column < last; column++ {
		above, below := upper.At(column), lower.At(column)
		named, filled := !IsBlank(&above), !IsBlank(&below)
		switch {
		case named:
			end()
			in, group = true, group+1
			if width = 1; !filled {
				in = false // one name for one column, in the upper row
				continue
			}
			if next := upper.At(column + 1); !IsBlank(&next) || column+1 >= last {
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
		if of, known := seen[name]; known && of != group {
			g.repeated = true
		}
		seen[name] = group
	}
	end()
	return g
}

// grouped names: the name of a column is that of its group and its own.
func groupedNames(upper, lower SampleRow, first, last int) []string {
	names := make([]string, 0, last-first+1)
	group := ""
	for column := first; column <= last; column++ {
		above, below := upper.At(column), lower.At(column)
		switch {
		case !IsBlank(&above):
			group = strings.TrimSpace(cell.Display(above))
		case IsBlank(&below):
			group = ""
		}
		name := strings.TrimSpace(cell.Display(below))
		switch {
		case name == "":
			name = group
		case group != "" && !strings.EqualFold(group, name):
			name = group + " – " + name
		}
		names = append(names, name)
	}
	return names
}
