package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/storage/humanize"
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
		Use:     "inspect FILE",
		Short:   "Show the sheets, tables, columns, types and problems of a workbook",
		Example: "  pushdesk inspect orders.xlsx\n  pushdesk inspect orders.xlsx --sheet Targets --json\n  pushdesk inspect orders.xlsx --cells --rows 100",
		Args:    cli.OneArgument("file"),
		RunE:    func(cmd *cobra.Command, args []string) error { return runInspect(cmd.Context(), c, args[0], o) },
	}
	o.source.register(cmd)
	cmd.Flags().BoolVar(&o.cells, "cells", false, "print every cell with a value, one JSON line each, of every sheet or of --sheet")
	cmd.Flags().IntVar(&o.rows, "rows", 0, "with --cells: stop each sheet after this `row` (default: the last)")
	return cmd
}

func runInspect(ctx context.Context, c *cli.Env, path string, o inspectOptions) error {
	c.JSONErrors, c.Lines = c.JSON || o.cells, o.cells
	if o.cells {
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
	cli.Table(w, []string{"KIND", "NAME", "SHEET", "RANGE"}, sources)

	fmt.Fprintf(w, "\n%s %q: %s, %s.\n%s\n\n", document.Source.Kind, document.Source.Name,
		humanize.Count(document.Rows, "row"), humanize.Count(len(document.Columns), "column"), document.Why)
	var columns [][]string
	for _, column := range document.Columns {
		columns = append(columns, []string{column.Letter, column.Name, column.Type.Both(), humanize.Number(column.Blanks), strings.Join(column.Samples[:min(3, len(column.Samples))], " | ")})
	}
	cli.Table(w, []string{"", "COLUMN", "TYPE", "BLANK", "FOR EXAMPLE"}, columns)
	cli.PrintRemarks(w, document.Remarks)
}
