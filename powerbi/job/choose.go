package job

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"pushdesk/storage/failure"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
)

// Chooses reports whether an option of a remark is about how the table is read, so that
// Choose can carry it out.
func Chooses(o remark.Option) bool {
	switch o.Setting {
	case remark.KeepTotals, remark.LeaveTotal, remark.Hidden, remark.ShowHidden:
		return true
	case remark.FillDown, remark.KeepBlank, remark.Range, remark.Sheet, remark.HeaderRows, remark.HeaderRow, remark.Encoding:
		return o.Value != ""
	case remark.Delimiter, remark.Quote:
		return len([]rune(o.Value)) == 1
	}
	return false
}

// Choose reads the file as an option of a remark says. Of another encoding, delimiter or
// quotation mark the file is opened once more, and the reading has a book of its own.
func (r Reading) Choose(ctx context.Context, o remark.Option) (Reading, error) {
	source, headerRow := r.Layout.Source, r.headerRow
	switch o.Setting {
	case remark.KeepTotals:
		source.Totals = infer.KeepAll
	case remark.LeaveTotal:
		if source.Totals != infer.KeepAll {
			source.Totals = infer.KeepNone
		} else {
			source.Totals = infer.KeepProven
		}
	case remark.Hidden, remark.ShowHidden:
		source.SkipHidden = o.Setting == remark.Hidden
	case remark.FillDown:
		source.FillDown = append(slices.Clip(source.FillDown), o.Value)
	case remark.KeepBlank:
		source.FillDown = slices.DeleteFunc(slices.Clone(source.FillDown), func(name string) bool { return name == o.Value })
	case remark.HeaderRows, remark.HeaderRow:
		n, err := strconv.Atoi(o.Value)
		if err != nil {
			return r, noChoice(o)
		}
		if o.Setting == remark.HeaderRow {
			source.HeaderRows, headerRow = 0, n
		} else {
			source.HeaderRows = n
		}
	case remark.Range, remark.Sheet:
		var err error
		if o.Setting == remark.Sheet {
			source, err = r.Book.Find(ctx, o.Value, "")
		} else {
			source, err = r.Book.Find(ctx, r.Layout.Source.Sheet, o.Value)
		}
		if err != nil {
			return r, err
		}
		headerRow = 0
	case remark.Encoding, remark.Delimiter, remark.Quote:
		return r.reopenedAs(ctx, o)
	default:
		return r, noChoice(o)
	}
	return r.At(ctx, source, headerRow)
}

// reopenedAs opens the file in another way.
func (r Reading) reopenedAs(ctx context.Context, o remark.Option) (Reading, error) {
	options := r.options
	switch o.Setting {
	case remark.Encoding:
		options.Encoding = o.Value
	case remark.Delimiter:
		options.Delimiter = []rune(o.Value)[0]
	default:
		options.Quote = []rune(o.Value)[0]
	}
	return OpenWorkbook(ctx, r.Book.Path(), options, "", "", 0)
}

func noChoice(o remark.Option) error {
	return failure.New(failure.Usage, "no-choice", fmt.Sprintf("The table cannot be read with %q.", string(o.Setting)+" "+o.Value), "Choose another way to read it.")
}
