package command

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/recent"
	"pushdesk/storage"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/app"
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
	detect              bool
	together            []string // other tables of the file that are sent with this one

	// unused has, where several tables or files are sent, the flags that were given, with
	// why they had no effect in any of them so far. It is nil where one table is sent.
	unused map[string]error
}

// effect returns an error for a flag without one. Where several tables are sent, one table
// that it changes is enough.
func (f *sourceFlags) effect(flag string, has bool, why string) error {
	switch {
	case f.unused == nil && !has:
		return cli.NoEffect(flag, why)
	case f.unused == nil:
	case has:
		f.unused[flag] = nil
	default:
		if _, seen := f.unused[flag]; !seen {
			f.unused[flag] = cli.NoEffect(flag, why)
		}
	}
	return nil
}

// ineffective returns an error for a flag that changed none of several tables.
func (f *sourceFlags) ineffective() error {
	for _, flag := range slices.Sorted(maps.Keys(f.unused)) {
		if err := f.unused[flag]; err != nil {
			return err
		}
	}
	return nil
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
	s.BoolVar(&f.detect, "detect", false, "detect how the file is read, whatever the flags of the last file of its name were, which is forgotten once this one is sent; other flags still hold")
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
	path = storage.TypedPath(path)
	_, was := f.lastTime(c, path)
	open := func() (job.Reading, error) {
		return withPassword(c, o, func(o workbook.Options) (job.Reading, error) {
			return job.OpenAs(ctx, path, o, f.sheet, f.area, f.choice(o), was)
		})
	}
	if f.unused != nil && len(f.fillDown) > 0 {
		if f.fillDown, err = f.filled(open); err != nil {
			return job.Reading{}, err
		}
	}
	reading, err := open()
	if err == nil && f.unused != nil && f.headerRows > 1 {
		reading, err = f.linesOfNames(reading, open)
	}
	if err != nil {
		return job.Reading{}, err
	}
	if err := f.fits(reading); err != nil {
		return job.Reading{}, errors.Join(err, reading.Book.Close())
	}
	shown := c.NewProgress()
	full, err := reading.Full(ctx, func(rows int64, fraction float64) {
		shown.Line(false, "Reading: %s rows, %d %%", humanize.Number(rows), int(100*fraction))
	})
	shown.End()
	if err == nil {
		err = f.changes(full)
	}
	if err != nil {
		return job.Reading{}, errors.Join(reading.Blame(err), reading.Book.Close())
	}
	return full.Together(f.together...), nil
}

// linesOfNames reads a table without --header-rows where that flag, which is for several
// tables, would take a row of data for names.
func (f *sourceFlags) linesOfNames(chosen job.Reading, open func() (job.Reading, error)) (job.Reading, error) {
	lines := f.headerRows
	f.headerRows = 0
	found, err := open()
	if err != nil {
		return chosen, errors.Join(err, chosen.Book.Close())
	}
	for _, row := range found.Preview {
		if row.Number <= chosen.Layout.HeaderRow && found.Layout.HeaderRow > 0 && slices.ContainsFunc(row.Cells, func(c cell.Cell) bool { return c.Kind != cell.Blank && !infer.PlainText(&c) }) {
			return found, errors.Join(f.effect("--header-rows", false, "the tables have one row of column names"), chosen.Book.Close())
		}
	}
	f.headerRows = lines
	return chosen, found.Book.Close()
}

// filled returns the columns to fill down that the table has. Where several tables are sent,
// one that lacks a column is passed over.
func (f *sourceFlags) filled(open func() (job.Reading, error)) (there []string, err error) {
	all := f.fillDown
	defer func() { f.fillDown = all }()
	for _, name := range all {
		f.fillDown = []string{name}
		r, err := open()
		if err == nil {
			there, err = append(there, name), r.Book.Close()
		} else if failure.HasCode(err, "no-column") {
			err = nil
		}
		if err != nil {
			return nil, err
		}
		if err := f.effect("--fill-down "+name, slices.Contains(there, name), "none of the tables has that column"); err != nil {
			return nil, err
		}
	}
	return there, nil
}

// lastTime returns how the file, or the last one of its name, was read, and where that is
// remembered: nowhere for standard input, and for what the flags say to detect.
func (f *sourceFlags) lastTime(c *cli.Env, path string) (files *recent.Files, was []recent.Choice) {
	home, err := c.HomeFolder()
	if err != nil || filepath.Dir(filepath.Dir(path)) == cli.InputFolder(home) {
		return nil, nil
	}
	files = recent.New(filepath.Join(home, app.FilesName))
	was = files.ChoicesFor(path)
	if f.detect && !slices.ContainsFunc(was, recent.Choice.Differs) {
		return nil, nil // there is nothing to forget
	}
	if f.detect {
		was = nil
	}
	return files, was
}

// choice is what the flags choose.
func (f *sourceFlags) choice(o workbook.Options) recent.Choice {
	c := recent.Choice{Delimiter: o.Delimiter, Quote: o.Quote, Encoding: o.Encoding, Comment: o.Comment, HeaderRow: f.headerRow}
	c.Source.HeaderRows, c.Source.FillDown, c.Source.SkipHidden = f.headerRows, f.fillDown, f.skipHidden
	switch {
	case f.totals:
		c.Source.Totals = infer.KeepAll
	case f.leaveTotals:
		c.Source.Totals = infer.KeepNone
	}
	return c
}

// given reports whether a flag was given that may have no effect on a file.
func (f *sourceFlags) given() bool {
	return f.delimiter+f.encoding+f.quote+f.comment != "" || f.headerRows > 0 || f.totals || f.leaveTotals || len(f.fillDown) > 0 || f.skipHidden
}

// remember keeps how a file was read that was sent, if flags said that: looking at it decides
// nothing for the next one. That it cannot be kept is no reason to stop. An encoding that
// does not know the bytes of the file was a try.
func (f *sourceFlags) remember(c *cli.Env, r job.Reading) {
	files, tables := f.lastTime(c, r.Book.Path())
	was, _ := recent.For(tables, r.Layout.Source, r.Book.IsText())
	if files == nil || !f.given() && f.headerRow == 0 && !f.detect || was.Same(r.Choice()) || remark.Has(r.Remarks(), "unknown-bytes") {
		return
	}
	if err := files.Opened(r.Book.Path(), r.Choice(), time.Now()); err != nil {
		c.Say("How the file is read could not be remembered for the next time: %s", cli.SentenceOf(err))
	}
}

// fits refuses flags that are about another kind of file or table.
func (f *sourceFlags) fits(r job.Reading) error {
	if source := r.Layout.Source; f.headerRows > 0 && source.Kind == workbook.SourceTable {
		if err := f.effect("--header-rows", false, fmt.Sprintf("the table %q has one row of column names", source.Name)); err != nil {
			return err
		}
	}
	return f.textOnly(r.Book)
}

// textOnly refuses flags about text files for another file.
func (f *sourceFlags) textOnly(b *workbook.Book) error {
	if f.skipHidden && b.IsText() {
		if err := f.effect("--skip-hidden", false, fmt.Sprintf("%q is a text file, which has no hidden rows", filepath.Base(b.Path()))); err != nil {
			return err
		}
	}
	for _, flag := range [][2]string{{"--delimiter", f.delimiter}, {"--quote", f.quote}, {"--encoding", f.encoding}, {"--comment", f.comment}} {
		if flag[1] == "" {
			continue
		}
		if err := f.effect(flag[0], b.IsText(), fmt.Sprintf("%q is no text file with values between marks, but %s", filepath.Base(b.Path()), b.Format())); err != nil {
			return err
		}
	}
	return nil
}

// changes returns an error for a flag that changes nothing in this file.
func (f *sourceFlags) changes(r job.Reading) error {
	totals := "--keep-totals"
	if f.leaveTotals {
		totals = "--leave-totals"
	}
	for _, x := range []struct {
		flag       string
		given, has bool
		why        string
	}{
		{totals, f.totals || f.leaveTotals, r.Profile.Suspects > 0, "no row looks like a total, a note or the column names"},
		{"--fill-down", len(f.fillDown) > 0, remark.Has(r.Remarks(), infer.NoteFilled), "the column has a value in every row"},
		{"--skip-hidden", f.skipHidden, remark.Has(r.Remarks(), infer.NoteHiddenLeft), "no row or column is hidden"},
		{"--header-rows", f.headerRows > 0 && r.Layout.Source.Kind != workbook.SourceTable, r.Layout.HeaderRows == f.headerRows,
			fmt.Sprintf("the column names end in row %d, so they cannot take %d rows; --header-row is the last of them", r.Layout.HeaderRow, f.headerRows)},
	} {
		if !x.given {
			continue
		}
		if err := f.effect(x.flag, x.has, x.why); err != nil {
			return err
		}
	}
	return nil
}
