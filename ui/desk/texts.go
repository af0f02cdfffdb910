package desk

import (
	"context"
	"slices"

	"pushdesk/storage/workbook"
)

// ReadTexts reads the texts of one column in another way than its values suggest:
// with another decimal mark, or another order of day and month. It is for columns
// whose texts become numbers or dates while the file is read (their profile's Text
// has a type); others are told by the fields of a mapping. The preview is read again.
func (r Reading) ReadTexts(ctx context.Context, column int, text workbook.TextFormat) (Reading, error) {
	r.Profile.Columns = slices.Clone(r.Profile.Columns)
	if text.Type == workbook.TypeWhole { // with the other mark the same texts may have a fraction
		text.Type = workbook.TypeDecimal
	}
	p := &r.Profile.Columns[column]
	p.Text = text
	p.Why = "Read as chosen: " + wording(text) + "."
	p.Notes = slices.DeleteFunc(slices.Clone(p.Notes), func(n workbook.Note) bool { return n.Kind == workbook.NoteAmbiguous })
	r.Layout = r.Layout.WithTypes(r.Profile)
	var err error
	if r.Preview, err = r.Book.Preview(ctx, r.Layout, previewRows); err != nil {
		return Reading{}, err
	}
	return r, nil
}

// wording says how texts are read.
func wording(t workbook.TextFormat) string {
	switch {
	case t.Type == workbook.TypeDateTime && t.Order == workbook.MonthFirst:
		return "the month before the day"
	case t.Type == workbook.TypeDateTime && t.Order == workbook.DayFirst:
		return "the day before the month"
	case t.Type == workbook.TypeDateTime:
		return "the year first"
	case t.Decimal == ',':
		return "the comma marks decimals"
	}
	return "the dot marks decimals"
}
