package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook"
)

// sourceFlags choose the table inside a file.
type sourceFlags struct {
	sheet, area         string
	delimiter, encoding string
	quote               string
	headerRow           int
	headerRows          int
	totals              bool
}

func (f *sourceFlags) register(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringVar(&f.sheet, "sheet", "", "sheet or table by `name` (default: the first table with data)")
	s.StringVar(&f.area, "range", "", "`range` of cells, for example Sheet1!A3:F200")
	s.IntVar(&f.headerRow, "header-row", 0, "`row` that holds the column names; -1 = there is none (default: found)")
	s.IntVar(&f.headerRows, "header-rows", 0, "how many `rows` the column names take, 1 or 2, of which --header-row is the last (default: found)")
	s.BoolVar(&f.totals, "keep-totals", false, "take a total below the rows for one of them")
	s.StringVar(&f.delimiter, "delimiter", "", "`character` between the values of a text file, or tab (default: found)")
	s.StringVar(&f.quote, "quote", "", "`mark` in which the values of a text file may stand: \", ' or none (default: found)")
	s.StringVar(&f.encoding, "encoding", "", "`encoding` of a text file: "+strings.Join(workbook.Encodings, ", ")+" (default: found)")
	_ = cmd.RegisterFlagCompletionFunc("encoding", cobra.FixedCompletions(workbook.Encodings, cobra.ShellCompDirectiveNoFileComp))
}

// passwordVariable names the environment variable for a workbook's password.
const passwordVariable = "PUSHDESK_WORKBOOK_PASSWORD"

// options are the flags that say how a file is read.
func (c *commander) options(f sourceFlags) (workbook.Options, error) {
	o := workbook.Options{Password: c.Getenv(passwordVariable), Encoding: strings.ToLower(f.encoding)}
	if f.headerRow < -1 {
		return o, usage("--header-row is the number of a row, or -1 when there is none, not %d", f.headerRow)
	}
	if f.headerRows < 0 || f.headerRows > 2 {
		return o, usage("--header-rows is 1 or 2, not %d", f.headerRows)
	}
	if f.encoding != "" && !slices.Contains(workbook.Encodings, strings.ToLower(f.encoding)) {
		return o, usage("--encoding is one of %s, not %q", strings.Join(workbook.Encodings, ", "), f.encoding)
	}
	switch f.quote {
	case "":
	case `"`, "'":
		o.Quote = rune(f.quote[0])
	case "none":
		o.Quote = workbook.NoQuote
	default:
		return o, usage("--quote is \", ' or none, not %q", f.quote)
	}
	if f.delimiter != "" {
		d, size := utf8.DecodeRuneInString(strings.NewReplacer(`\t`, "\t", "tab", "\t").Replace(f.delimiter))
		if size == 0 || len(f.delimiter) > size && d != '\t' {
			return o, usage("--delimiter is one character, or tab, not %q", f.delimiter)
		}
		o.Delimiter = d
	}
	return o, nil
}

// withPassword opens a file, and once more with a password when it wants one.
func withPassword[T any](c *commander, o workbook.Options, open func(workbook.Options) (T, error)) (T, error) {
	opened, err := open(o)
	if bad, ok := errors.AsType[*workbook.Error](err); ok && bad.Kind == workbook.KindPassword && o.Password == "" && c.AskSecret != nil {
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
func (c *commander) openBook(ctx context.Context, path string, f sourceFlags) (*workbook.Book, error) {
	o, err := c.options(f)
	if err != nil {
		return nil, err
	}
	return withPassword(c, o, func(o workbook.Options) (*workbook.Book, error) { return workbook.Open(ctx, path, o) })
}

// read opens a workbook at the table the flags choose, reading every row once.
func (c *commander) read(ctx context.Context, path string, f sourceFlags) (job.Reading, error) {
	o, err := c.options(f)
	if err != nil {
		return job.Reading{}, err
	}
	reading, err := withPassword(c, o, func(o workbook.Options) (job.Reading, error) {
		return job.OpenWorkbook(ctx, path, o, f.sheet, f.area, f.headerRow)
	})
	if err != nil {
		return job.Reading{}, err
	}
	if f.headerRows > 0 || f.totals {
		changed, err := f.choose(ctx, reading)
		if err != nil {
			return job.Reading{}, errors.Join(err, reading.Book.Close())
		}
		reading = changed
	}
	shown := c.newProgress()
	full, err := reading.Full(ctx, func(rows int64, fraction float64) {
		shown.line(false, "Reading: %s rows, %d %%", count(rows), int(100*fraction))
	})
	shown.end()
	if err != nil {
		return job.Reading{}, errors.Join(err, reading.Book.Close())
	}
	if full.Tail.FirstRow > 0 && !c.jsonErrors { // else the document says it
		fmt.Fprintln(c.Err, full.Tail.LeftOut()+" --keep-totals keeps it.")
	}
	return full, nil
}

// choose reads the table with the rows of names and of totals that the flags say.
func (f *sourceFlags) choose(ctx context.Context, r job.Reading) (job.Reading, error) {
	source := r.Layout.Source
	if f.headerRows > 0 && source.Kind != workbook.KindTable {
		source.HeaderRows = f.headerRows
	}
	r, err := r.At(ctx, source, f.headerRow)
	if err == nil && f.totals {
		r, err = r.KeepTail(ctx, true)
	}
	return r, err
}

func (c *commander) inspect() *cobra.Command {
	var f sourceFlags
	var cells bool
	var rows int
	cmd := &cobra.Command{
		Use:     "inspect FILE",
		Short:   "Show the sheets, tables, columns, types and problems of a workbook",
		Example: "  pushdesk inspect orders.xlsx\n  pushdesk inspect orders.xlsx --sheet Targets --json\n  pushdesk inspect orders.xlsx --cells --rows 100",
		Args:    oneArgument("the file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.jsonErrors = c.json || cells
			if cells {
				if rows < 0 {
					return usage("--rows is a number of rows, not %d", rows)
				}
				book, err := c.openBook(cmd.Context(), args[0], f)
				if err != nil {
					return err
				}
				defer book.Close()
				return c.printCells(cmd.Context(), book, f.sheet, rows)
			}
			reading, err := c.read(cmd.Context(), args[0], f)
			if err != nil {
				return err
			}
			defer reading.Book.Close()
			if c.json {
				c.printJSON(inspection(reading))
				return nil
			}
			c.printInspection(reading)
			return nil
		},
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&cells, "cells", false, "print every cell with a value, one JSON line each, of every sheet or of --sheet")
	cmd.Flags().IntVar(&rows, "rows", 0, "with --cells: end each sheet after this `row` (default: none)")
	return cmd
}

type inspectedSource struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Sheet  string `json:"sheet"`
	Hidden bool   `json:"hidden"`
	Range  string `json:"range,omitempty"`
}

// inspectedSheet is a worksheet; what is not shown in the program is hidden.
type inspectedSheet struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden"`
}

// inspectedTable is a table defined in a sheet, or a named range.
type inspectedTable struct {
	Name   string `json:"name"`
	Sheet  string `json:"sheet"`
	Range  string `json:"range"`
	Hidden bool   `json:"hidden"`
}

// inspectedHeader is where the column names stand: row is the last of rows, 0 when the
// table has none.
type inspectedHeader struct {
	Row   int      `json:"row"`
	Rows  int      `json:"rows"`
	Names []string `json:"names"`
	Why   string   `json:"why"`
}

type inspectedColumn struct {
	Letter     string           `json:"letter"`
	Name       string           `json:"name"`
	Type       powerbi.DataType `json:"type"` // what it is sent as
	TypeLabel  string           `json:"typeLabel"`
	Why        string           `json:"why,omitempty"`
	OfferType  powerbi.DataType `json:"offerType,omitempty"`
	Counts     map[string]int64 `json:"counts"`
	Blanks     int64            `json:"blanks"`
	Longest    int              `json:"longest"`
	LongestRow int              `json:"longestRow,omitempty"`
	// FirstProblem is the address of the first cell that is an error, has no result,
	// has lost digits or does not fit the type; "" when there is none.
	FirstProblem string   `json:"firstProblem"`
	Misfits      []misfit `json:"misfits,omitempty"` // the first values that do not fit the type, or the type offered
	Notes        []string `json:"notes,omitempty"`
	Samples      []string `json:"samples"`
}

// misfit is a value that does not fit, with the address of its cell.
type misfit struct {
	Address string `json:"address"`
	Value   string `json:"value"`
	Kind    string `json:"kind"`
}

type inspected struct {
	File      string            `json:"file"`
	Format    string            `json:"format"`
	Bytes     int64             `json:"bytes"`
	Sheets    []inspectedSheet  `json:"sheets"`
	Tables    []inspectedTable  `json:"tables"`
	Ranges    []inspectedTable  `json:"ranges"`
	Sources   []inspectedSource `json:"sources"`
	Source    inspectedSource   `json:"source"`
	Range     string            `json:"range"` // of the names and the rows found, as Excel writes it
	Header    inspectedHeader   `json:"header"`
	HeaderRow int               `json:"headerRow"`
	Why       string            `json:"why"`
	Rows      int64             `json:"rows"`
	BlankRows int64             `json:"blankRows"`
	Columns   []inspectedColumn `json:"columns"`
	Samples   []inspectedRow    `json:"samples"` // the first rows, as they are shown
	LeftOut   string            `json:"leftOut,omitempty"`
	Notes     []string          `json:"notes,omitempty"`
}

// inspectedRow is a row of the table, with its number in the sheet.
type inspectedRow struct {
	Row    int      `json:"row"`
	Values []string `json:"values"`
}

// sampleRows is how many of the first rows an inspection shows.
const sampleRows = 5

func source(s workbook.Source) inspectedSource {
	return inspectedSource{Name: s.Name, Kind: string(s.Kind), Sheet: s.Sheet, Hidden: s.Hidden, Range: s.Range.String()}
}

func inspection(r job.Reading) inspected {
	document := inspected{
		File: r.Book.Path(), Format: r.Book.Format(), Bytes: r.Book.Size(),
		Source: source(r.Layout.Source), HeaderRow: r.Layout.HeaderRow, Why: r.Layout.Why,
		Rows: r.Profile.Rows, BlankRows: r.Profile.BlankRows, Notes: r.Book.Notes(),
	}
	document.Sheets, document.Tables, document.Ranges = []inspectedSheet{}, []inspectedTable{}, []inspectedTable{}
	document.Range, document.LeftOut = r.Range().String(), r.Tail.Why
	document.Header = inspectedHeader{Row: r.Layout.HeaderRow, Rows: r.Layout.HeaderRows, Why: r.Layout.Why}
	for _, h := range r.Layout.Headers {
		document.Header.Names = append(document.Header.Names, h.Name)
	}
	for _, row := range r.Preview[:min(len(r.Preview), sampleRows)] {
		shown := inspectedRow{Row: row.Number}
		for _, c := range row.Cells {
			shown.Values = append(shown.Values, cell.Display(c))
		}
		document.Samples = append(document.Samples, shown)
	}
	for _, note := range r.Profile.Notes {
		document.Notes = append(document.Notes, note.Sentence)
	}
	for _, s := range r.Book.Sources() {
		document.Sources = append(document.Sources, source(s))
		switch s.Kind {
		case workbook.KindSheet:
			document.Sheets = append(document.Sheets, inspectedSheet{s.Name, s.Hidden})
		case workbook.KindTable:
			document.Tables = append(document.Tables, inspectedTable{s.Name, s.Sheet, s.Range.String(), s.Hidden})
		case workbook.KindRange:
			document.Ranges = append(document.Ranges, inspectedTable{s.Name, s.Sheet, s.Range.String(), s.Hidden})
		}
	}
	for _, p := range r.Profile.Columns {
		column := inspectedColumn{
			Letter: cell.Column(p.Header.Column), Name: p.Header.Name, Type: job.DataType(p.Type), TypeLabel: job.DataType(p.Type).Label(), Why: p.Why,
			Counts: map[string]int64{}, Blanks: p.Counts[cell.Blank], Longest: p.Longest, LongestRow: p.LongestRow, Samples: p.Samples,
		}
		if p.OfferType != "" {
			column.OfferType = job.DataType(p.OfferType)
		}
		if row, _ := p.Problems(); row > 0 {
			column.FirstProblem = cell.Address(row, p.Header.Column)
		}
		for kind, n := range p.Counts {
			if n > 0 && cell.Kind(kind) != cell.Blank {
				column.Counts[cell.Kind(kind).String()] = n
			}
		}
		for _, m := range p.Misfits {
			column.Misfits = append(column.Misfits, misfit{cell.Address(m.Row, p.Header.Column), m.Value, m.Kind.String()})
		}
		for _, note := range p.Notes {
			column.Notes = append(column.Notes, note.Sentence)
		}
		document.Columns = append(document.Columns, column)
	}
	return document
}

func (c *commander) printInspection(r job.Reading) {
	document := inspection(r)
	facts(c.Out, "File", document.File, "Format", document.Format)
	for _, note := range document.Notes {
		fmt.Fprintln(c.Out, note)
	}
	fmt.Fprintln(c.Out)
	var sources [][]string
	for _, s := range document.Sources {
		name := s.Name
		if s.Hidden {
			name += " (hidden)"
		}
		sources = append(sources, []string{s.Kind, name, s.Sheet, s.Range})
	}
	table(c.Out, []string{"KIND", "NAME", "SHEET", "RANGE"}, sources)

	fmt.Fprintf(c.Out, "\n%s %q: %s, %s.\n%s\n\n", document.Source.Kind, document.Source.Name,
		plural(document.Rows, "row", "rows"), plural(len(document.Columns), "column", "columns"), document.Why)
	var columns [][]string
	for _, column := range document.Columns {
		columns = append(columns, []string{column.Letter, column.Name, column.Type.Both(), count(column.Blanks), strings.Join(column.Samples[:min(3, len(column.Samples))], " | ")})
	}
	table(c.Out, []string{"", "COLUMN", "TYPE", "BLANK", "FOR EXAMPLE"}, columns)
	for _, column := range document.Columns {
		for _, note := range column.Notes {
			fmt.Fprintf(c.Out, "\n%s %q: %s", column.Letter, column.Name, note)
		}
		kind := column.Type
		if column.OfferType != "" {
			kind = column.OfferType
			fmt.Fprintf(c.Out, "\n%s %q: could be sent as %s.", column.Letter, column.Name, kind.Both())
		}
		for _, m := range column.Misfits {
			fmt.Fprintf(c.Out, "\n%s %q: %s in %s is not of the type %s.", column.Letter, column.Name, strconv.Quote(clip(m.Value, 40)), m.Address, kind.Both())
		}
	}
	fmt.Fprintln(c.Out)
}
