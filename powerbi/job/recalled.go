package job

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pushdesk/powerbi/job/recent"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook"
)

// OpenChosen opens a file as it was chosen before, as far as the file still has what
// was chosen; else it is OpenWorkbook. The password is that of o.
func OpenChosen(ctx context.Context, path string, o workbook.Options, c recent.Choice) (Reading, error) {
	o.Delimiter, o.Quote, o.Encoding, o.Comment = c.Delimiter, c.Quote, c.Encoding, c.Comment
	book, err := workbook.Open(ctx, path, o)
	if err != nil {
		return Reading{}, err
	}
	if source, ok := again(book, c.Source); ok {
		if r, err := ReadSource(ctx, book, source, c.HeaderRow); err == nil {
			r.options = o
			best, err := book.Find(ctx, "", "")
			if words := c.Words(); len(words) > 0 {
				r.Recalled = recent.Pattern(path) + ": " + humanize.List(words)
			} else if c.Source.Kind == workbook.SourceRange || err != nil || best.Name != source.Name || best.Sheet != source.Sheet {
				r.Recalled = recent.Pattern(path) + ": " + source.Name
			}
			return r, nil
		}
	}
	if err := book.Close(); err != nil {
		return Reading{}, err
	}
	o.Delimiter, o.Quote, o.Encoding, o.Comment = "", 0, "", ""
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
		return s.As(was), was.Name != ""
	}
	for _, s := range all {
		if s.Name == was.Name && s.Kind == was.Kind && s.Sheet == was.Sheet {
			return s.As(was), true
		}
	}
	for _, s := range all {
		if was.Kind == workbook.SourceRange && s.Kind == workbook.SourceSheet && s.Name == was.Sheet { // typed by hand
			return was, true
		}
	}
	return workbook.Source{}, false
}

// OpenAs opens a file at a table, see Read, as it is chosen; what that leaves open is read as
// it was chosen the last time. Which table is read is never taken from there: who sends a
// file says what of it. A file that cannot be read as the last time is read without that, and
// a remark says so. was is how its tables were read, the latest first.
func OpenAs(ctx context.Context, path string, o workbook.Options, sheet, area string, chosen recent.Choice, was []recent.Choice) (Reading, error) {
	if !slices.ContainsFunc(was, recent.Choice.Differs) {
		return openAs(ctx, path, o, sheet, area, chosen, was)
	}
	r, err := openAs(ctx, path, o, sheet, area, chosen, was)
	if err == nil || ctx.Err() != nil {
		return r, err
	}
	plain, failed := openAs(ctx, path, o, sheet, area, chosen, nil)
	if failed != nil {
		return r, failed
	}
	plain.unfit = remark.New(remark.Guess, "recall-failed", "The file cannot be read as the last time for %s: %s It is read as it was found.", recent.Pattern(path), sentence(err))
	return plain, nil
}

func openAs(ctx context.Context, path string, o workbook.Options, sheet, area string, chosen recent.Choice, tables []recent.Choice) (Reading, error) {
	var was recent.Choice
	if len(tables) > 0 {
		was = tables[0]
	}
	all, taken := chosen.Or(was, false)
	o.Delimiter, o.Quote, o.Encoding, o.Comment = all.Delimiter, all.Quote, all.Encoding, all.Comment
	if taken.Encoding != "" && isUTF8(ctx, path, o) {
		o.Encoding, taken.Encoding = "", "" // what one file was says little of the next, and its bytes say all
	}
	book, err := workbook.Open(ctx, path, o)
	if err != nil {
		return Reading{}, err
	}
	source, err := book.Find(ctx, sheet, area)
	if err != nil {
		return Reading{}, errors.Join(err, book.Close())
	}
	if !book.IsText() {
		taken = recent.Choice{} // there is nothing of a text file
	}
	if source.Kind == workbook.SourceTable {
		chosen.Source.HeaderRows = source.HeaderRows
	}
	chosen.Source = source.As(chosen.Source)
	was, same := recent.For(tables, source, book.IsText())
	all, of := chosen.Or(was, same)
	r, err := ReadSource(ctx, book, all.Source, all.HeaderRow)
	if err != nil {
		return Reading{}, errors.Join(err, book.Close())
	}
	r.options = o
	of.Delimiter, of.Quote, of.Encoding, of.Comment = taken.Delimiter, taken.Quote, taken.Encoding, taken.Comment
	if words := of.Words(); len(words) > 0 {
		r.Recalled = recent.Pattern(path) + ": " + humanize.List(words)
	}
	return r, nil
}

// isUTF8 reports whether a text file is found to be UTF-8, as no text in another encoding is
// by chance.
func isUTF8(ctx context.Context, path string, o workbook.Options) bool {
	o.Encoding = ""
	book, err := workbook.Open(ctx, path, o)
	if err != nil {
		return false
	}
	defer book.Close()
	return book.IsText() && book.TextForm().Encoding == "utf-8"
}

// recalled says that the file is read as it was chosen before, or that it cannot be.
func (r Reading) recalled() (all []remark.Remark) {
	if r.unfit.Code != "" {
		all = append(all, r.unfit)
	}
	if r.Recalled != "" {
		all = append(all, remark.New(remark.Guess, "recalled", "Read as you chose the last time for %s.", r.Recalled).With(remark.Detect, "", "find it again"))
	}
	return all
}

// Blame returns the error with the news that the file is read as it was chosen before, where
// that may be its cause.
func (r Reading) Blame(err error) error {
	f, ok := failure.From(err)
	if !ok || r.Recalled == "" || f.Kind != failure.Usage && f.Kind != failure.Data && f.Kind != failure.Contract {
		return err
	}
	return &RecalledError{Err: err, Recalled: r.Recalled}
}

// RecalledError is an error about a file that is read as it was chosen before.
type RecalledError struct {
	Err      error
	Recalled string // see Reading
}

func (e *RecalledError) Error() string { return e.Err.Error() }
func (e *RecalledError) Unwrap() error { return e.Err }

// Failure implements failure.Explainer.
func (e *RecalledError) Failure() *failure.Error {
	f, ok := failure.From(e.Err)
	if !ok {
		f = failure.New(failure.Unexpected, "", e.Err.Error(), "")
	}
	f = f.Because(e.Err)
	f.Remedy = strings.TrimSpace(f.Remedy + " " + e.Sentence())
	return f
}

// Sentence says what may be the cause.
func (e *RecalledError) Sentence() string {
	return "The file is read as you chose the last time for " + e.Recalled + "."
}
