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
	"pushdesk/storage/workbook"
	"pushdesk/ui/command/cli"
)

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
		Use:     "init FILE",
		Short:   "Print a mapping file for a workbook or text file, as it would be sent",
		Example: "  pushdesk mapping init orders.xlsx > orders.yaml\n  pushdesk mapping init orders.xlsx --all > orders.yaml",
		Args:    cli.OneArgument("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runMappingInit(cmd.Context(), c, args[0], source, all)
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
