package job

import (
	"context"
	"errors"
	"strings"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/cell"
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

	// Tail is what stands below the rows, totals for example, and was left out: its
	// FirstRow is 0 when there is nothing, or when the choice is to keep it.
	Tail infer.Tail
	// Recalled reports that the file is read as it was chosen before.
	Recalled bool

	options   workbook.Options // how the file was opened
	headerRow int              // as it was asked for
	keepTail  bool
	leaveTail bool // also where it is not certain that it is none of the rows
	lastRow   int  // of the source, before its tail was left out
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
func (r Reading) Choice() Choice {
	source := r.Layout.Source
	if r.Tail.FirstRow > 0 && source.Kind == workbook.SourceSheet {
		source.Range.LastRow = 0 // found, not chosen
	}
	return Choice{Delimiter: r.options.Delimiter, Quote: r.options.Quote, Encoding: r.options.Encoding, Comment: r.options.Comment, Source: source, HeaderRow: r.headerRow, KeepTail: r.keepTail, LeaveTail: r.leaveTail}
}

// OpenChosen opens a file as it was chosen before, as far as the file still has what
// was chosen; else it is OpenWorkbook. The password is that of o.
func OpenChosen(ctx context.Context, path string, o workbook.Options, c Choice) (Reading, error) {
	o.Delimiter, o.Quote, o.Encoding, o.Comment = c.Delimiter, c.Quote, c.Encoding, c.Comment
	book, err := workbook.Open(ctx, path, o)
	if err != nil {
		return Reading{}, err
	}
	if source, ok := again(book, c.Source); ok {
		if r, err := ReadSource(ctx, book, source, c.HeaderRow); err == nil {
			r.options, r.keepTail, r.leaveTail = o, c.KeepTail, c.LeaveTail
			best, err := book.Find(ctx, "", "")
			r.Recalled = c.differs() || err != nil || best.Name != source.Name || best.Sheet != source.Sheet
			return r, nil
		}
	}
	if err := book.Close(); err != nil {
		return Reading{}, err
	}
	o.Delimiter, o.Quote, o.Encoding, o.Comment = 0, 0, "", ""
	return OpenWorkbook(ctx, path, o, "", "", 0)
}

// again finds a source in a file: the same sheet, table or range, whatever the table's
// size is by now. The only sheet of a text file has the file's name.
func again(book *workbook.Book, was workbook.Source) (workbook.Source, bool) {
	all := book.Sources()
	if book.IsText() && len(all) == 1 {
		s := all[0]
		if was.Kind == workbook.SourceRange {
			s.Range = was.Range
		}
		s.HeaderRows = was.HeaderRows
		return s, was.Name != ""
	}
	for _, s := range all {
		if s.Name == was.Name && s.Kind == was.Kind && s.Sheet == was.Sheet {
			if s.Kind != workbook.SourceTable {
				s.HeaderRows = was.HeaderRows
			}
			return s, true
		}
	}
	for _, s := range all {
		if was.Kind == workbook.SourceRange && s.Kind == workbook.SourceSheet && s.Name == was.Sheet { // typed by hand
			return was, true
		}
	}
	return workbook.Source{}, false
}

// KeepTail reads the same table with what stands below its rows, or without it, be it
// certain or not that it is none of them.
func (r Reading) KeepTail(ctx context.Context, keep bool) (Reading, error) {
	source := r.Layout.Source
	if r.Tail.FirstRow > 0 {
		source.Range.LastRow = r.lastRow
	}
	other, err := r.At(ctx, source, r.headerRow)
	other.keepTail, other.leaveTail = keep, !keep
	return other, err
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
	other.options, other.keepTail, other.leaveTail = r.options, r.keepTail, r.leaveTail
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
// unless the choice is to keep it; see Tail.
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

// leaves reports whether something below the rows is to be left out.
func (r Reading) leaves(t infer.Tail) bool { return t.Certain || r.leaveTail && t.FirstRow > 0 }

// mostTails is how often something is left out below the rows: notes, a total above
// them, a gap between.
const mostTails = 3

// mostBeyond is how many columns a text file may have beyond those of its first rows. A
// line with more is none of the table's, and a remark tells what is left out.
const mostBeyond = 40

// full reads every row, and once more for each thing that is left out below them.
func (r Reading) full(ctx context.Context, read func(workbook.Layout) (infer.Profile, *workbook.Pages, error)) (Reading, error) {
	profile, pages, err := read(r.Layout)
	for n := 0; err == nil && n < mostTails && !r.keepTail && r.leaves(profile.Tail); n++ {
		if r.Tail.FirstRow == 0 {
			r.lastRow = r.Layout.Source.Range.LastRow
		}
		source := r.Layout.Source.Above(profile.Tail)
		if r.Layout, err = r.Book.Layout(ctx, source, r.headerRow); err != nil {
			break
		}
		r.Tail = infer.Tail{FirstRow: profile.Tail.FirstRow, Why: strings.TrimSpace(profile.Tail.Why + " " + r.Tail.Why), Certain: true}
		profile, pages, err = read(r.Layout)
	}
	if last := profile.Beyond; err == nil && last > r.Layout.LastCol && last-r.Layout.LastCol <= mostBeyond {
		r.Layout = r.Layout.Wider(last)
		profile, pages, err = read(r.Layout)
	}
	if err != nil {
		return Reading{}, err
	}
	if r.Tail.FirstRow > 0 {
		r.Layout.Why += " " + r.Tail.LeftOut()
	}
	r.Pages, r.Profile = pages, profile
	r.Layout = r.Layout.WithTypes(profile)
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
