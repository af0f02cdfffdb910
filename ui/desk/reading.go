package desk

import (
	"context"
	"errors"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook"
)

// previewRows is how many rows a person sees before the whole file is read.
const previewRows = 200

// Reading is a workbook opened at one of its tables, and what its rows show. It
// is the answer of the upload's first step.
type Reading struct {
	Book    *workbook.Book
	Layout  workbook.Layout
	Preview []workbook.Row
	Profile workbook.Profile // Provisional until Full has read every row
	Pages   *workbook.Pages  // every row, after Paged; nil when there are none

	options   workbook.Options // how the file was opened
	headerRow int              // as it was asked for
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
	source, err := book.Find(sheet, area)
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
func (r Reading) Full(ctx context.Context, progress func(rows int64, fraction float64)) (Reading, error) {
	profile, err := r.Book.Profile(ctx, r.Layout, progress)
	if err != nil {
		return Reading{}, err
	}
	return r.known(ctx, profile)
}

// Paged is Full that also keeps every row at hand, for a window that shows them.
func (r Reading) Paged(ctx context.Context, progress func(rows int64, fraction float64)) (Reading, error) {
	profile, pages, err := r.Book.ProfilePages(ctx, r.Layout, progress)
	if err != nil {
		return Reading{}, err
	}
	r.Pages = pages
	return r.known(ctx, profile)
}

// known takes over what every row has shown.
func (r Reading) known(ctx context.Context, profile workbook.Profile) (Reading, error) {
	r.Profile = profile
	r.Layout = r.Layout.WithTypes(profile)
	var err error
	if r.Preview, err = r.Book.Preview(ctx, r.Layout, previewRows); err != nil {
		return Reading{}, err
	}
	return r, nil
}

// rowSource gives the rows of a workbook to powerbi/push, which knows no files.
type rowSource struct{ *workbook.Reader }

func (s rowSource) Row() (int, []cell.Cell) {
	row := s.Reader.Row()
	return row.Number, row.Cells
}
