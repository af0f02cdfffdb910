package workbook

import (
	"context"
	"strings"
)

// mergedLook is how long a sheet's part may be to be read for its merged cells, which
// stand behind the rows. Longer sheets show their groups by repeated names only.
const mergedLook = 4 << 20

// twoLines tells whether the names of the columns take two rows: one that names groups
// of columns, and below it one that names the columns of each group. at is the place
// in grid of the row that looks like names, which may be either; merged tells whether
// cells of a row are merged side by side.
func twoLines(grid []gridRow, at int, merged func(row int) bool) (lower int, ok bool) {
	try := func(upper int) bool {
		if upper < 0 || upper+1 >= len(grid) || grid[upper+1].number != grid[upper].number+1 {
			return false
		}
		g := groupsOf(grid[upper], grid[upper+1])
		switch {
		case g.wide == 0:
			return false
		case merged(grid[upper].number):
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

// groupsOf looks at two rows as at names of groups and of columns. A group goes on for
// as long as the row below has names and the upper one has none. wide is 0 when the
// rows cannot be such.
func groupsOf(upper, lower gridRow) (g groups) {
	for _, row := range []gridRow{upper, lower} {
		if s := describe(row); s.filled < 2 || s.texts == 0 && s.periods < s.filled || s.texts+s.periods < s.filled {
			return groups{}
		}
	}
	last := max(upper.first+len(upper.cells), lower.first+len(lower.cells))
	in, width, group := false, 0, 0 // the group that goes on, its columns so far, its number
	seen := map[string]int{}
	end := func() {
		if in && width > 1 {
			g.wide++
		}
		in, width = false, 0
	}
	for column := min(upper.first, lower.first); column < last; column++ {
		above, below := upper.cell(column), lower.cell(column)
		named, filled := !blankCell(&above), !blankCell(&below)
		switch {
		case named:
			end()
			in, group = true, group+1
			if width = 1; !filled {
				in = false // one name for one column, in the upper row
				continue
			}
			if next := upper.cell(column + 1); !blankCell(&next) || column+1 >= last {
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
		name := strings.ToLower(strings.TrimSpace(Display(below)))
		if of, known := seen[name]; known && of != group {
			g.repeated = true
		}
		seen[name] = group
	}
	end()
	return g
}

// grouped names: the name of a column is that of its group and its own.
func groupedNames(upper, lower gridRow, first, last int) []string {
	names := make([]string, 0, last-first+1)
	group := ""
	for column := first; column <= last; column++ {
		above, below := upper.cell(column), lower.cell(column)
		switch {
		case !blankCell(&above):
			group = strings.TrimSpace(Display(above))
		case blankCell(&below):
			group = ""
		}
		name := strings.TrimSpace(Display(below))
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

// mergedRows finds the rows in which cells are merged side by side, in sheets that are
// not long.
func (x *spreadsheet) mergedRows(ctx context.Context, sheet string) map[int]bool {
	rows := map[int]bool{}
	entry := x.sheet(sheet)
	if entry == nil {
		return rows
	}
	stream, size, err := x.stream(ctx, entry.part)
	if err != nil {
		return rows
	}
	defer stream.close()
	if size > mergedLook {
		return rows
	}
	t := newTokenizer(stream)
	for {
		switch t.next() {
		case tokenStop:
			return rows // damage is reported where the rows are read
		case tokenStart:
			switch string(t.name) {
			case "sheetData":
				t.skip()
			case "mergeCell":
				if r, ok := parseRange(t.attrText("ref")); ok && r.FirstRow == r.LastRow && r.LastCol > r.FirstCol {
					rows[r.FirstRow] = true
				}
			}
		}
	}
}

// merged tells whether cells of a row of a source are merged side by side. The sheet is
// read for it at most once, and only when its rows suggest it.
func (b *Book) merged(ctx context.Context, src Source) func(row int) bool {
	var rows map[int]bool
	return func(row int) bool {
		x, ok := b.content.(*spreadsheet)
		if !ok {
			return false
		}
		if rows == nil {
			rows = x.mergedRows(ctx, src.Sheet)
		}
		return rows[row]
	}
}

// rowAt gives the place of a row in a sample, or -1.
func rowAt(grid []gridRow, row int) int {
	for i := range grid {
		if grid[i].number == row {
			return i
		}
	}
	return -1
}
