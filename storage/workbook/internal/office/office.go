// Package office is what the workbooks of Excel have in common, whether their parts hold
// XML or records.
package office

import (
	"context"

	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/archive"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/styles"
	"pushdesk/storage/workbook/internal/texts"
)

// Book is a workbook. It is read-only but for the text table, so readers may share it.
type Book struct {
	List     format.Listing
	Archive  *archive.Archive
	Parts    []string // of the sheets
	Date1904 bool
	Styles   *styles.Table
	Strings  *texts.Table
	stop     context.CancelFunc // ends reading the text table
}

// New begins a workbook. Without the part that describes cell formats dates cannot be told
// from numbers, which is said.
func New(a *archive.Archive, date1904 bool, formats string) Book {
	b := Book{Archive: a, Date1904: date1904, Styles: &styles.Table{}}
	if formats == "" {
		b.Note(remark.Guess, "no-formats", "The workbook has no cell formats, so dates in it look like numbers.")
	}
	if date1904 {
		b.Note(remark.Info, "dates-from-1904", "The workbook counts its dates from 1904; they are read that way.")
	}
	switch {
	case a.HasFolder("xl/model/"), a.HasFolder("xl/customdata/"):
		b.List.Elsewhere = format.InDataModel
	case a.HasFolder("xl/pivotcache/"):
		b.List.Elsewhere = format.InPivotCache
	}
	return b
}

// Texts says how the text table is read, once it is needed; part is "" where there is none.
func (b *Book) Texts(part string, open func(ctx context.Context, a *archive.Archive, part string) (texts.Source, error)) {
	life, stop := context.WithCancel(context.Background()) // ends with Close, not with opening
	b.stop = stop
	var source func(context.Context) (texts.Source, error)
	if part != "" {
		source = func(ctx context.Context) (texts.Source, error) { return open(ctx, b.Archive, part) }
	}
	b.Strings = texts.New(life, source)
}

// Note adds a remark about the workbook.
func (b *Book) Note(kind remark.Kind, code, format string, args ...any) {
	b.List.Remarks = append(b.List.Remarks, remark.New(kind, code, format, args...))
}

// Listing is what the workbook offers.
func (b *Book) Listing() *format.Listing { return &b.List }

// Close ends what reads in the background.
func (b *Book) Close() { b.stop() }

// Parts are the parts that lead from the part of the workbook: all by their ID, the text
// table and the cell formats, "" where there is none. Those two are also found by their
// usual names, which end with ending.
func Parts(a *archive.Archive, book, folder, ending string) (byID map[string]archive.Relationship, strings, formats string, err error) {
	rels, err := a.Relationships(book)
	if err != nil {
		return nil, "", "", err
	}
	byID = make(map[string]archive.Relationship, len(rels))
	for _, r := range rels {
		byID[r.ID] = r
		switch {
		case r.Kind == "sharedStrings" && a.Has(r.Target):
			strings = r.Target
		case r.Kind == "styles" && a.Has(r.Target):
			formats = r.Target
		}
	}
	if strings == "" {
		strings = a.Find(folder + "sharedStrings" + ending)
	}
	if formats == "" {
		formats = a.Find(folder + "styles" + ending)
	}
	return byID, strings, formats, nil
}
