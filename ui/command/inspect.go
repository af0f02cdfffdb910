package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/apply"
	"pushdesk/powerbi/push/mapping/mapfile"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/storage/workbook"
	"pushdesk/ui/command/cli"
)

// inspectOptions say what of a file is shown.
type inspectOptions struct {
	source sourceFlags
	cells  bool
	rows   int
}

func inspectCommand(c *cli.Env) *cobra.Command {
	var o inspectOptions
	cmd := &cobra.Command{
		Use:     "inspect FILE|-",
		Short:   "Show the sheets, tables, columns, types and problems of a workbook",
		Example: "  pushdesk inspect orders.xlsx\n  pushdesk inspect orders.xlsx --sheet Targets --json\n  pushdesk inspect orders.xlsx --cells --rows 100",
		Args:    cli.OneArgument("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, done, err := c.File(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer done()
			return runInspect(cmd.Context(), c, path, o)
		},
	}
	o.source.register(cmd)
	cmd.Flags().BoolVar(&o.cells, "cells", false, "print every cell with a value, one JSON line each, of every sheet or of --sheet")
	cmd.Flags().IntVar(&o.rows, "rows", 0, "with --cells: stop each sheet after this `row` (default: the last)")
	return cmd
}

func runInspect(ctx context.Context, c *cli.Env, path string, o inspectOptions) error {
	c.JSONErrors, c.Lines = c.JSON || o.cells, o.cells
	if o.rows != 0 && !o.cells {
		return cli.NoEffect("--rows", "it counts the rows of --cells")
	}
	if o.cells {
		for flag, given := range map[string]bool{"--range": o.source.area != "", "--header-row": o.source.headerRow != 0, "--header-rows": o.source.headerRows != 0, "--keep-totals": o.source.totals,
			"--leave-totals": o.source.leaveTotals, "--fill-down": len(o.source.fillDown) > 0, "--skip-hidden": o.source.skipHidden} {
			if given {
				return cli.NoEffect(flag, "--cells prints every cell as it stands")
			}
		}
		if o.rows < 0 {
			return cli.Usage("--rows is a number of rows, not %d", o.rows)
		}
		book, err := openBook(ctx, c, path, o.source)
		if err != nil {
			return err
		}
		defer book.Close()
		return printCells(ctx, c, book, o.source.sheet, o.rows)
	}
	reading, err := readTable(ctx, c, path, o.source)
	if err != nil {
		return err
	}
	defer reading.Book.Close()
	document := inspection(reading)
	return c.Answer(document, document.print)
}

// cut shortens values for display.
func cut(values []string) (short []string) {
	for _, v := range values {
		short = append(short, text.Shorten(v, 40))
	}
	return short
}

// print prints an inspection for a person.
func (document inspected) print(w io.Writer) {
	cli.Facts(w, "File", document.File, "Format", document.Format)
	fmt.Fprintln(w)
	var sources [][]string
	for _, s := range document.Sources {
		name := s.Name
		if s.Hidden {
			name += " (hidden)"
		}
		sources = append(sources, []string{s.Kind, name, s.Sheet, s.Range})
	}
	cli.Table(w, []string{"KIND", "NAME", "SHEET", "RANGE"}, sources[:min(mostShown, len(sources))])
	moreInJSON(w, len(sources)-mostShown, "sheet, table or range", "sheets, tables and ranges")

	fmt.Fprintf(w, "\n%s %q: %s, %s.\n%s\n\n", document.Source.Kind, document.Source.Name,
		humanize.Count(document.Rows, "row"), humanize.Count(len(document.Columns), "column"), strings.TrimSpace(document.Why+" "+document.Header.Rival))
	var columns [][]string
	for _, column := range document.shown() {
		columns = append(columns, []string{column.Letter, column.Name, column.Type.Both(), humanize.Number(column.Blanks), strings.Join(cut(column.Samples[:min(3, len(column.Samples))]), " | ")})
	}
	cli.Table(w, []string{"", "COLUMN", "TYPE", "BLANK", "FOR EXAMPLE"}, columns)
	cli.SayCut(w, columns, "--json has more of them")
	moreInJSON(w, len(document.Columns)-len(columns), "column", "columns")
	document.printRivals(w)
	cli.PrintRemarks(w, document.Remarks)
}

// printRivals prints the types for which another reading was close.
func (document inspected) printRivals(w io.Writer) {
	title := "\nTypes with a close second:\n"
	for _, column := range document.shown() {
		if column.Rival != "" {
			fmt.Fprintf(w, "%s  Column %q: %s %s\n", title, column.Name, column.Why, column.Rival)
			title = ""
		}
	}
}

// mostShown is how many lines of a list a person reads.
const mostShown = 100

// shown returns the columns that are printed: of many, the first that hold something.
func (document inspected) shown() []inspectedColumn {
	if len(document.Columns) <= mostShown {
		return document.Columns
	}
	var some []inspectedColumn
	for _, column := range document.Columns {
		if column.Blanks < document.Rows && len(some) < mostShown {
			some = append(some, column)
		}
	}
	if len(some) == 0 {
		return document.Columns[:mostShown]
	}
	return some
}

// moreInJSON says that a list is longer than what was printed of it.
func moreInJSON(w io.Writer, more int, one, several string) {
	if more > 0 {
		fmt.Fprintf(w, "Not shown: %s more %s. --json lists all of them.\n", humanize.Number(more), humanize.Plural(more, one, several))
	}
}

func mappingCommand(c *cli.Env) *cobra.Command {
	return cli.Group("mapping", "Write mapping files, which say what is sent into which column", `A mapping file says for each table which column of the file fills which column, as
what type, and what is changed on the way: constants, defaults, trimming, upper and
lower case, find and replace, words for true, false and blank, rounding. It is YAML
with comments, made to be kept beside the files and compared. It also holds the
columns of the table where Power BI does not tell them.

    pushdesk mapping init orders.xlsx > orders.yaml
    pushdesk send orders.xlsx --practice --mapping orders.yaml`, mappingInitCommand(c))
}

func mappingInitCommand(c *cli.Env) *cobra.Command {
	var source sourceFlags
	var all bool
	cmd := &cobra.Command{
		Use:     "init FILE|-",
		Short:   "Print a mapping file for a workbook or text file, as it would be sent",
		Example: "  pushdesk mapping init orders.xlsx > orders.yaml\n  pushdesk mapping init orders.xlsx --all > orders.yaml",
		Args:    cli.OneArgument("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, done, err := c.File(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer done()
			return runMappingInit(cmd.Context(), c, path, source, all)
		},
	}
	source.register(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "write a block for every sheet that is not hidden")
	return cmd
}

func runMappingInit(ctx context.Context, c *cli.Env, path string, source sourceFlags, all bool) error {
	if all && (source.sheet != "" || source.area != "") {
		return cli.Usage("--all writes a block for every sheet, and cannot be combined with --sheet or --range")
	}
	reading, err := readTable(ctx, c, path, source)
	if err != nil {
		return err
	}
	defer reading.Book.Close()
	if err := reading.Empty(); err != nil {
		return err
	}
	readings := []job.Reading{reading}
	if all {
		readings = nil
		for _, s := range reading.Book.Sources() {
			if s.Kind != workbook.SourceSheet || s.Hidden {
				continue
			}
			one, err := reading.At(ctx, s, source.headerRow)
			if err != nil {
				return err
			}
			if one, err = one.Full(ctx, nil); err != nil {
				return err
			}
			readings = append(readings, one)
		}
	}
	file, notes := mapfile.File{Version: mapfile.Version}, map[string]func(table, column string) string{}
	for _, r := range readings {
		name := powerbi.CleanTableName(r.Layout.Source.Name)
		m := job.Propose(r, job.Place{})
		m.Table = name
		from := r.Layout.Source.Name
		if r.Book.IsText() {
			from = "" // the name of the file, which is another one next week
		}
		file.Tables = append(file.Tables, mapfile.Of(m, from, ""))
		notes[name] = apply.Notes(r, m)
	}
	var text strings.Builder
	if err := mapfile.Write(&text, file, func(table, column string) string { return notes[table](table, column) }); err != nil {
		return err
	}
	return c.Answer(map[string]string{"mapping": text.String()}, func(w io.Writer) { fmt.Fprint(w, text.String()) })
}
