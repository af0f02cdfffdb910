package workbook

import (
	"context"
	"strconv"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	printed "pushdesk/storage/text"
	"pushdesk/storage/workbook/infer"
)

// above says which rows with values stand above the names, when a person chose where these
// are: in another file they may be rows of the table.
func above(ctx context.Context, b *Book, l Layout, names int) ([]remark.Remark, error) {
	if names <= l.FirstRow || l.Source.Kind == SourceTable {
		return nil, nil
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rows, err := b.rows(ctx, l.Source.Sheet, l.request())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var places []string
	first, quote, n := 0, "", int64(0)
	for rows.Next() && rows.Number() < names {
		if rows.Number() < l.FirstRow || rows.Empty() {
			continue
		}
		if n++; n == 1 {
			cells := rows.Cells()
			first, quote = rows.Number(), cell.Display(cells[max(0, infer.FirstFilled(cells))])
		}
		if len(places) < remark.MostPlaces {
			places = append(places, strconv.Itoa(rows.Number()))
		}
	}
	if err := rows.Err(); err != nil || n == 0 {
		return nil, b.explain(err, l.Source.Sheet, rows.Number())
	}
	r := remark.New(remark.Omit, infer.NoteAbove, "").At(first, n).On(places...).With(remark.HeaderRow, strconv.Itoa(first), "take row "+humanize.Number(first)+" as the names")
	r.Sentence = humanize.Plural(n, "Row ", "Rows ") + r.Where() + humanize.Plural(n, " is", " are") + " above the chosen column names and left out (" + strconv.Quote(printed.Shorten(printed.Clean(quote), 40)) + ")."
	return []remark.Remark{r}, nil
}
