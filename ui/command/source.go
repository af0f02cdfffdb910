package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/storage"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/command/cli"
)

// sourceFlags choose the table inside a file.
type sourceFlags struct {
	sheet, area         string
	delimiter, encoding string
	quote, comment      string
	headerRow           int
	headerRows          int
	totals, leaveTotals bool
	fillDown            []string
	skipHidden          bool
}

func (f *sourceFlags) register(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringVar(&f.sheet, "sheet", "", "sheet or table by `name` (default: the first table with data)")
	s.StringVar(&f.area, "range", "", "`range` of cells, for example Sheet1!A3:F200")
	s.IntVar(&f.headerRow, "header-row", 0, "`row` that holds the column names; -1 if there is none (default: detected)")
	s.IntVar(&f.headerRows, "header-rows", 0, "how many `rows` the column names take, 1 to 3; --header-row is the last of them (default: detected)")
	s.BoolVar(&f.totals, "keep-totals", false, "send rows that look like totals, notes or repeated column names as ordinary rows")
	s.BoolVar(&f.leaveTotals, "leave-totals", false, "leave out such rows also where they cannot be proven")
	s.StringArrayVar(&f.fillDown, "fill-down", nil, "`column` whose blank cells get the value above them, as below merged cells (repeatable)")
	s.BoolVar(&f.skipHidden, "skip-hidden", false, "leave out the rows and columns that the sheet hides")
	s.StringVar(&f.delimiter, "delimiter", "", "`character` or characters between the values of a text file, or tab, none, fixed (columns of a fixed width), table (drawn with bars and lines) (default: detected)")
	s.StringVar(&f.quote, "quote", "", "quote `character` of a text file: \", ' or none (default: detected)")
	s.StringVar(&f.comment, "comment", "", "what comment lines of a text file begin with: #, //, %, or none (default: detected)")
	s.StringVar(&f.encoding, "encoding", "", "`encoding` of a text file: "+strings.Join(workbook.Encodings, ", ")+" (default: detected)")
	_ = cmd.RegisterFlagCompletionFunc("encoding", cobra.FixedCompletions(workbook.Encodings, cobra.ShellCompDirectiveNoFileComp))
}

// fileOptions are the flags that say how a file is read.
func fileOptions(c *cli.Env, f sourceFlags) (workbook.Options, error) {
	o := workbook.Options{Password: c.Getenv(cli.WorkbookVariable), Encoding: strings.ToLower(f.encoding)}
	if f.headerRow < -1 {
		return o, cli.Usage("--header-row is the number of a row, or -1 if there is none, not %d", f.headerRow)
	}
	if f.totals && f.leaveTotals {
		return o, cli.Usage("Give --keep-totals or --leave-totals, not both")
	}
	if f.headerRows > 0 && f.headerRow == -1 {
		return o, cli.NoEffect("--header-rows", "--header-row -1 says that there are no column names")
	}
	if f.headerRows < 0 || f.headerRows > workbook.MostHeaderRows {
		return o, cli.Usage("--header-rows is a number from 1 to %d, not %d", workbook.MostHeaderRows, f.headerRows)
	}
	if f.encoding != "" && !slices.Contains(workbook.Encodings, strings.ToLower(f.encoding)) {
		return o, cli.Usage("--encoding is one of %s, not %q", strings.Join(workbook.Encodings, ", "), f.encoding)
	}
	if len(f.comment) > 8 || strings.TrimSpace(f.comment) != f.comment {
		return o, cli.Usage("--comment is what comment lines begin with, for example #, or none, not %q", f.comment)
	}
	o.Comment = f.comment
	var ok bool
	if o.Quote, ok = workbook.QuoteOf(f.quote); f.quote != "" && (!ok || !slices.Contains([]string{`"`, "'", "none"}, f.quote)) {
		return o, cli.Usage("--quote is \", ' or none, not %q", f.quote)
	}
	if o.Delimiter, ok = workbook.DelimiterOf(f.delimiter); f.delimiter != "" && !ok {
		return o, cli.Usage("--delimiter is one character or several, tab, none, fixed or table, not %q", f.delimiter)
	}
	return o, nil
}

// withPassword opens a file, and once more with a password when it wants one.
func withPassword[T any](c *cli.Env, o workbook.Options, open func(workbook.Options) (T, error)) (T, error) {
	opened, err := open(o)
	if bad, ok := errors.AsType[*workbook.Error](err); ok && bad.Kind == workbook.ErrorPassword && o.Password == "" && c.AskSecret != nil {
		password, asked := c.AskSecret("Password of the workbook: ")
		if asked != nil || password == "" {
			return opened, err
		}
		o.Password = password
		return open(o)
	}
	return opened, err
}

// openBook opens a workbook without choosing a table in it.
func openBook(ctx context.Context, c *cli.Env, path string, f sourceFlags) (*workbook.Book, error) {
	o, err := fileOptions(c, f)
	if err != nil {
		return nil, err
	}
	book, err := withPassword(c, o, func(o workbook.Options) (*workbook.Book, error) {
		return workbook.Open(ctx, storage.TypedPath(path), o)
	})
	if err != nil {
		return nil, err
	}
	if err := f.textOnly(book); err != nil {
		return nil, errors.Join(err, book.Close())
	}
	return book, nil
}

// readTable opens a workbook at the table the flags choose, reading every row once.
func readTable(ctx context.Context, c *cli.Env, path string, f sourceFlags) (job.Reading, error) {
	o, err := fileOptions(c, f)
	if err != nil {
		return job.Reading{}, err
	}
	reading, err := withPassword(c, o, func(o workbook.Options) (job.Reading, error) {
		return job.OpenWorkbook(ctx, storage.TypedPath(path), o, f.sheet, f.area, f.headerRow)
	})
	if err != nil {
		return job.Reading{}, err
	}
	if err := f.textOnly(reading.Book); err != nil {
		return job.Reading{}, errors.Join(err, reading.Book.Close())
	}
	if f.headerRows > 0 || f.totals || f.leaveTotals || len(f.fillDown) > 0 || f.skipHidden {
		changed, err := f.choose(ctx, reading)
		if err != nil {
			return job.Reading{}, errors.Join(err, reading.Book.Close())
		}
		reading = changed
	}
	shown := c.NewProgress()
	full, err := reading.Full(ctx, func(rows int64, fraction float64) {
		shown.Line(false, "Reading: %s rows, %d %%", humanize.Number(rows), int(100*fraction))
	})
	shown.End()
	if err == nil {
		err = f.changes(full)
	}
	if err == nil && f.headerRows > 0 && full.Layout.HeaderRows != f.headerRows {
		err = cli.NoEffect("--header-rows", fmt.Sprintf("the column names end in row %d, so they cannot take %d rows; --header-row is the last of them", full.Layout.HeaderRow, f.headerRows))
	}
	if err != nil {
		return job.Reading{}, errors.Join(err, reading.Book.Close())
	}
	return full, nil
}

// textOnly refuses flags about text files for another file.
func (f *sourceFlags) textOnly(b *workbook.Book) error {
	if f.skipHidden && b.IsText() {
		return cli.NoEffect("--skip-hidden", fmt.Sprintf("%q is a text file, which has no hidden rows", filepath.Base(b.Path())))
	}
	for _, flag := range [][2]string{{"--delimiter", f.delimiter}, {"--quote", f.quote}, {"--encoding", f.encoding}, {"--comment", f.comment}} {
		if flag[1] != "" && !b.IsText() {
			return cli.NoEffect(flag[0], fmt.Sprintf("%q is no text file with values between marks, but %s", filepath.Base(b.Path()), b.Format()))
		}
	}
	return nil
}

// choose reads the table with the rows of names and of totals that the flags say.
func (f *sourceFlags) choose(ctx context.Context, r job.Reading) (job.Reading, error) {
	source := r.Layout.Source
	if f.headerRows > 0 && source.Kind == workbook.SourceTable {
		return r, cli.NoEffect("--header-rows", fmt.Sprintf("the table %q has one row of column names", source.Name))
	}
	if f.headerRows > 0 {
		source.HeaderRows = f.headerRows
	}
	switch {
	case f.totals:
		source.Totals = infer.KeepAll
	case f.leaveTotals:
		source.Totals = infer.KeepNone
	}
	source.FillDown, source.SkipHidden = f.fillDown, f.skipHidden
	return r.At(ctx, source, f.headerRow)
}

// changes returns an error for a flag that changes nothing in this file.
func (f *sourceFlags) changes(r job.Reading) error {
	if (f.totals || f.leaveTotals) && r.Profile.Suspects == 0 {
		flag := "--keep-totals"
		if f.leaveTotals {
			flag = "--leave-totals"
		}
		return cli.NoEffect(flag, "no row looks like a total, a note or the column names")
	}
	if len(f.fillDown) > 0 && !remark.Has(r.Remarks(), infer.NoteFilled) {
		return cli.NoEffect("--fill-down", "the column has a value in every row")
	}
	if f.skipHidden && !remark.Has(r.Remarks(), infer.NoteHiddenLeft) {
		return cli.NoEffect("--skip-hidden", "no row or column is hidden")
	}
	return nil
}
