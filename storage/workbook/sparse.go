package workbook

import (
	"context"
	"slices"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
)

// sparse is from how many columns for each one with a value on the others are not looked at
// row by row: a value far to the right makes a sheet wide, but not large.
const sparse = 16

// used returns the columns of a layout that hold a value in any row, by their places in its
// headers; nil when they are not few, or cannot be told without looking at every cell.
func used(ctx context.Context, b *Book, l Layout) ([]int, error) {
	if l.pick != nil || len(l.Headers) != l.LastCol-l.FirstCol+1 {
		return nil, nil
	}
	rows, err := b.rows(ctx, l.Source.Sheet, l.request())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if _, ok := rows.Touched(); !ok {
		return nil, nil
	}
	seen, is := make([]bool, len(l.Headers)), 0
	for n := 0; rows.Next(); n++ {
		if n%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if number := rows.Number(); number < l.FirstRow || l.LastRow > 0 && number > l.LastRow {
			continue
		}
		places, _ := rows.Touched()
		cells := rows.Cells()
		for _, at := range places {
			if c := &cells[at]; !seen[at] && (c.Kind != cell.Blank || c.Flags != 0) {
				seen[at] = true
				is++
			}
		}
		if is*sparse > len(seen) {
			return nil, nil
		}
	}
	var list []int
	for at, some := range seen {
		if some {
			list = append(list, at)
		}
	}
	if rows.Err() != nil || ctx.Err() != nil {
		return nil, ctx.Err() // what is wrong is said where the rows are read
	}
	return list, nil
}

// spread returns the profile of some columns as that of all; the others are empty.
func spread(p infer.Profile, used []int, headers []infer.Header) infer.Profile {
	some := p.Columns
	p.Columns = make([]infer.ColumnProfile, len(headers))
	for at := range headers {
		if i, ok := slices.BinarySearch(used, at); ok {
			p.Columns[at] = some[i]
		} else {
			p.Columns[at] = infer.EmptyColumn(headers[at], p.Rows)
		}
	}
	return p
}
