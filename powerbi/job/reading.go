package job

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"pushdesk/powerbi/job/recent"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

// previewRows is how many rows a person sees before the whole file is read.
const previewRows = 200

// Reading is a workbook opened at one of its tables, and what its rows show. It
// is the answer of the upload's first step.
type Reading struct {
	Book    *workbook.Book
	Layout  workbook.Layout
	Preview []cell.Row
	Profile infer.Profile   // Provisional until Full has read every row
	Pages   *workbook.Pages // every row, after Paged; nil when there are none

	// Recalled says for which files, and how, it was chosen before to read the file as it is
	// read; "" when nothing was.
	Recalled string

	together  []string         // sheets and tables of the file that are sent at the same time
	options   workbook.Options // how the file was opened
	unfit     remark.Remark    // why it is not read as it was chosen before
	headerRow int              // as it was asked for
}

// Together returns the reading of a table that is sent together with others of its file, given
// by the names of their sheets or of the tables themselves.
func (r Reading) Together(names ...string) Reading {
	r.together = append(slices.Clip(r.together), names...)
	return r
}

// Options are how the file was opened.
func (r Reading) Options() workbook.Options { return r.options }

// Range is where the names and the rows stand in the sheet. Its end is that of the
// last row only after every row was read; before, it may be open.
func (r Reading) Range() cell.Range {
	l := r.Layout
	area := cell.Range{FirstRow: l.FirstRow, FirstCol: l.FirstCol, LastRow: l.LastRow, LastCol: l.LastCol}
	if l.HeaderRow > 0 {
		area.FirstRow = l.HeaderRow - l.HeaderRows + 1
	}
	if last := max(r.Profile.LastRow, l.HeaderRow); area.LastRow == 0 && !r.Profile.Provisional {
		area.LastRow = last
	}
	return area
}

// Choice is how the file is read as far as a person chose it.
func (r Reading) Choice() recent.Choice {
	return recent.Choice{Delimiter: r.options.Delimiter, Quote: r.options.Quote, Encoding: r.options.Encoding, Comment: r.options.Comment, Source: r.Layout.Source, HeaderRow: r.headerRow}
}

// Keeping reads the same table again, with another choice for lines that look like none
// of its rows.
func (r Reading) Keeping(ctx context.Context, keep infer.Keep) (Reading, error) {
	source := r.Layout.Source
	source.Totals = keep
	return r.At(ctx, source, r.headerRow)
}

// Reopened is the same reading of a file that is opened once more, for its own use. The
// file must not have changed since. It keeps no rows at hand.
func (r Reading) Reopened(ctx context.Context) (Reading, error) {
	was, err := r.Book.Hash(ctx)
	if err != nil {
		return r, err
	}
	book, err := workbook.Open(ctx, r.Book.Path(), r.options)
	if err != nil {
		return r, err
	}
	is, err := book.Hash(ctx)
	if err == nil && is != was {
		err = &history.ChangedError{File: r.Book.Path()}
	}
	if err != nil {
		return r, errors.Join(err, book.Close())
	}
	r.Book, r.Pages, r.Preview = book, nil, nil
	return r, nil
}

// OpenWorkbook opens a file at one of its tables, see Read.
func OpenWorkbook(ctx context.Context, path string, o workbook.Options, sheet, area string, headerRow int) (Reading, error) {
	book, err := workbook.Open(ctx, path, o)
	if err != nil {
		return Reading{}, err
	}
	r, err := Read(ctx, book, sheet, area, headerRow)
	if err != nil {
		return Reading{}, errors.Join(err, book.Close())
	}
	r.options = o
	return r, nil
}

// Read finds a table in a workbook and reads its first rows. Sheet is the name
// of a sheet or a table, area a range; both empty means the best there is. See
// workbook.Book.Layout for headerRow.
func Read(ctx context.Context, book *workbook.Book, sheet, area string, headerRow int) (Reading, error) {
	source, err := book.Find(ctx, sheet, area)
	if err != nil {
		return Reading{}, err
	}
	return ReadSource(ctx, book, source, headerRow)
}

// At reads another source of the same workbook, or the same one with another
// header row.
func (r Reading) At(ctx context.Context, source workbook.Source, headerRow int) (Reading, error) {
	other, err := ReadSource(ctx, r.Book, source, headerRow)
	other.options = r.options
	return other, err
}

// ReadSource is Read for a source that was already chosen.
func ReadSource(ctx context.Context, book *workbook.Book, source workbook.Source, headerRow int) (Reading, error) {
	layout, err := book.Layout(ctx, source, headerRow)
	if err != nil {
		return Reading{}, err
	}
	rows, err := book.Preview(ctx, layout, previewRows)
	if err != nil {
		return Reading{}, err
	}
	return Reading{Book: book, Layout: layout, Preview: rows, Profile: workbook.ProfileRows(layout, rows), headerRow: headerRow}, nil
}

// Full reads every row, so that the types are no longer a guess. Columns of text
// that turn out to hold numbers or dates throughout are read as such from then on.
// What certainly is no row, such as a total of the rows above it, is left out then,
// unless the choice is to keep it; see Profile.Left.
func (r Reading) Full(ctx context.Context, progress func(rows int64, fraction float64)) (Reading, error) {
	return r.full(ctx, func(l workbook.Layout) (infer.Profile, *workbook.Pages, error) {
		profile, err := r.Book.Profile(ctx, l, progress)
		return profile, nil, err
	})
}

// Paged is Full that also keeps every row at hand, for a window that shows them, in a
// folder of the program; see workbook.SweepPages.
func (r Reading) Paged(ctx context.Context, folder string, progress func(rows int64, fraction float64)) (Reading, error) {
	return r.full(ctx, func(l workbook.Layout) (infer.Profile, *workbook.Pages, error) {
		return r.Book.ProfilePages(ctx, l, folder, progress)
	})
}

// mostBeyond is how many columns a text file may have beyond those of its first rows. A
// line with more is none of the table's, and a remark tells what is left out.
const mostBeyond = 40

// full takes what every row shows.
func (r Reading) full(ctx context.Context, read func(workbook.Layout) (infer.Profile, *workbook.Pages, error)) (Reading, error) {
	profile, pages, err := read(r.Layout)
	if last := profile.Beyond; err == nil && last > r.Layout.LastCol && last-r.Layout.LastCol <= mostBeyond {
		r.Layout = r.Layout.Wider(last)
		profile, pages, err = read(r.Layout)
	}
	if err != nil {
		return Reading{}, err
	}
	r.Pages, r.Profile = pages, profile
	r.Layout = r.Layout.WithTypes(profile)
	if r.Preview, err = r.Book.Preview(ctx, r.Layout, previewRows); err != nil {
		return Reading{}, err
	}
	return r, nil
}

// Chooses reports whether an option of a remark is about how the table is read, so that
// Choose can carry it out.
func Chooses(o remark.Option) bool {
	switch o.Setting {
	case remark.KeepTotals, remark.LeaveTotal, remark.Hidden, remark.ShowHidden:
		return true
	case remark.FillDown, remark.KeepBlank, remark.Range, remark.Sheet, remark.HeaderRows, remark.HeaderRow, remark.Encoding:
		return o.Value != ""
	case remark.Delimiter:
		_, ok := workbook.DelimiterOf(o.Value)
		return ok
	case remark.Quote:
		_, ok := workbook.QuoteOf(o.Value)
		return ok
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
		options.Delimiter, _ = workbook.DelimiterOf(o.Value)
	default:
		options.Quote, _ = workbook.QuoteOf(o.Value)
	}
	return OpenWorkbook(ctx, r.Book.Path(), options, "", "", 0)
}

// Empty returns an error when the file has no columns, so that there is nothing to send.
func (r Reading) Empty() error {
	if len(r.Layout.Headers) > 0 {
		return nil
	}
	return failure.New(failure.Data, "file-"+string(workbook.ErrorEmpty), fmt.Sprintf("There is nothing to send: the file %q is empty.", filepath.Base(r.Book.Path())),
		"If it should hold rows, export or copy it again.")
}

func noChoice(o remark.Option) error {
	return failure.New(failure.Usage, "no-choice", fmt.Sprintf("The table cannot be read with %q.", string(o.Setting)+" "+o.Value), "Choose another way to read it.")
}

// rowSource gives the rows of a workbook to powerbi/push, which knows no files.
type rowSource struct{ *workbook.Reader }

func (s rowSource) Row() (int, []cell.Cell) {
	row := s.Reader.Row()
	return row.Number, row.Cells
}
