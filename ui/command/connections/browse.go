package connections

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// browseOptions say what is looked at.
type browseOptions struct {
	workspace, dataset, table string
	rows                      int
	rowsGiven                 bool
}

func connectionBrowse(c *cli.Env) *cobra.Command {
	var o browseOptions
	cmd := &cobra.Command{
		Use:   "browse NAME",
		Short: "List what a connection sees: workspaces, datasets, tables, columns and first rows",
		Long: `Lists the workspaces of a connection; with --workspace its datasets, and of those that
rows cannot be sent to, why; with --dataset its tables with their rows and columns; with
--table the columns and the first rows. Nothing is changed.`,
		Example: `  pushdesk connection browse Sales
  pushdesk connection browse Sales --workspace Finance
  pushdesk connection browse Sales --workspace Finance --dataset Orders --table Orders --rows 20`,
		Args:              cli.OneArgument("connection"),
		ValidArgsFunction: CompleteConnections(c),
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, args []string) error {
		o.rowsGiven = cmd.Flags().Changed("rows")
		return runBrowse(ctx, c, a, args[0], o)
	})
	s := cmd.Flags()
	s.StringVar(&o.workspace, "workspace", "", "list the datasets of this workspace, `name or ID`")
	s.StringVar(&o.dataset, "dataset", "", "list the tables of this dataset, `name or ID`")
	s.StringVar(&o.table, "table", "", "show the columns and first rows of this table, by its `name`")
	s.IntVar(&o.rows, "rows", 5, "with --table: show at most this many `rows`")
	return cmd
}

// browsed is the document of browse: the list of what was asked for.
type browsed struct {
	Workspaces []powerbi.Workspace `json:"workspaces,omitempty"`
	Datasets   []seenDataset       `json:"datasets,omitempty"`
	Tables     []seenTable         `json:"tables,omitempty"`
	Rows       []map[string]any    `json:"rows,omitempty"` // of the only table
	Workspace  string              `json:"workspace,omitempty"`
	Dataset    string              `json:"dataset,omitempty"`
	Cut        string              `json:"cut,omitempty"`     // why the list is not whole
	CutCode    string              `json:"cutCode,omitempty"` // the same for scripts
}

// cutAs notes that a list is only a part of what there is.
func (b *browsed) cutAs(c *cli.Env, err error) {
	_, p := cli.Describe(err)
	b.Cut, b.CutCode = p.Sentence, p.Code
	c.Say("%s %s", p.Sentence, p.Remedy)
}

type seenDataset struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	TakesRows bool              `json:"takesRows"`
	WhyNot    string            `json:"whyNot,omitempty"`
	Retention powerbi.Retention `json:"retention,omitempty"`
}

type seenTable struct {
	Name    string       `json:"name"`
	Rows    *int64       `json:"rows,omitempty"` // absent where they cannot be counted
	Columns []seenColumn `json:"columns"`
	Source  string       `json:"source,omitempty"` // where the columns are known from
	Unknown string       `json:"unknown,omitempty"`
}

type seenColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func runBrowse(ctx context.Context, c *cli.Env, a *app.App, name string, o browseOptions) error {
	switch {
	case o.dataset == "" && o.table != "":
		return cli.NoEffect("--table", "without --dataset it is not known whose table it is")
	case o.table == "" && o.rowsGiven:
		return cli.NoEffect("--rows", "it counts the rows of --table")
	case o.rows < 0:
		return cli.Usage("--rows is a number of rows, not %d", o.rows)
	}
	conn, err := found(ctx, a, name)
	if err != nil {
		return err
	}
	c.Unlock(ctx, a)
	to := app.For(conn)
	if o.workspace == "" && o.dataset == "" {
		list, err := a.Workspaces(ctx, to.ID)
		var document browsed
		if powerbi.Partial(err) {
			document.cutAs(c, err)
		} else if err != nil {
			return err
		}
		slices.SortStableFunc(list, func(a, b powerbi.Workspace) int {
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		})
		document.Workspaces = list
		return c.Answer(document, func(w io.Writer) {
			var rows [][]string
			for _, x := range list {
				rows = append(rows, []string{x.Name, x.ID})
			}
			cli.Table(w, []string{"WORKSPACE", "ID"}, rows)
		})
	}
	workspace, err := a.FindWorkspace(ctx, job.Destination{Connection: to, Workspace: o.workspace})
	if err != nil {
		return err
	}
	document := browsed{Workspace: workspace.Name}
	list, err := a.Datasets(ctx, to.ID, workspace.ID)
	if errors.Is(err, powerbi.ErrCut) && o.dataset == "" {
		document.cutAs(c, err)
	} else if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b powerbi.Dataset) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	if o.dataset == "" {
		for _, d := range list {
			document.Datasets = append(document.Datasets, seen(d))
		}
		return c.Answer(document, func(w io.Writer) {
			var rows [][]string
			for _, d := range document.Datasets {
				rows = append(rows, []string{d.Name, d.ID, string(d.Retention), d.WhyNot})
			}
			cli.Table(w, []string{"DATASET", "ID", "RETENTION", "WHY ROWS CANNOT BE SENT"}, rows)
		})
	}
	dataset, err := powerbi.FindDataset(list, o.dataset)
	if err != nil {
		return err
	}
	document.Dataset = dataset.Name
	if why := seen(dataset).WhyNot; why != "" {
		document.Datasets = []seenDataset{seen(dataset)}
		return c.Answer(document, func(w io.Writer) { fmt.Fprintf(w, "%s: %s\n", dataset.Name, why) })
	}
	tables, err := a.Tables(ctx, to.ID, workspace.ID, dataset.ID)
	if err != nil {
		return err
	}
	if o.table != "" {
		t, err := powerbi.FindTable(tables, o.table)
		if err != nil {
			return err
		}
		tables = []powerbi.Table{t}
	}
	for _, t := range tables {
		p, err := a.Locate(ctx, job.Destination{Connection: to, Workspace: workspace.ID, Dataset: dataset.ID, Table: t.Name})
		if err != nil {
			return err
		}
		document.Tables = append(document.Tables, looked(p))
	}
	if o.table != "" && o.rows > 0 {
		api, err := a.Connector.API(ctx, to.ID)
		if err != nil {
			return err
		}
		if document.Rows, err = api.SampleRows(ctx, workspace.ID, dataset.ID, tables[0].Name, o.rows); err != nil {
			c.Say("The rows cannot be shown: %s", cli.SentenceOf(err))
		}
	}
	return c.Answer(document, document.print)
}

// seen is a dataset, with why it takes no rows.
func seen(d powerbi.Dataset) seenDataset {
	x := seenDataset{ID: d.ID, Name: d.Name, TakesRows: d.AddRowsAPIEnabled, Retention: d.DefaultRetentionPolicy}
	if !x.TakesRows {
		x.WhyNot, x.Retention = powerbi.WhyNoRows, ""
	}
	return x
}

// looked is a table with what is known of it.
func looked(p job.Place) seenTable {
	t := seenTable{Name: p.Target.Table, Columns: []seenColumn{}}
	if p.Rows >= 0 {
		t.Rows = &p.Rows
	}
	for _, x := range p.Learned.Columns {
		t.Columns = append(t.Columns, seenColumn{x.Name, string(x.DataType)})
	}
	if f, ok := failure.From(p.Unlearned); ok {
		t.Unknown = f.Sentence
	} else {
		t.Source = sources[p.Known()]
	}
	return t
}

// sources say where the columns of a table are known from.
var sources = map[mapping.Known]string{mapping.KnownService: "Power BI tells its columns", mapping.KnownHere: "Its columns are known from this computer, which created it",
	mapping.KnownRows: "Its columns are a guess from its rows: Power BI does not tell them"}

// print prints tables and first rows for a person.
func (b browsed) print(w io.Writer) {
	for _, t := range b.Tables {
		rows := "rows that cannot be counted"
		if t.Rows != nil {
			rows = humanize.Count(*t.Rows, "row")
		}
		fmt.Fprintf(w, "%s: %s. %s\n", t.Name, rows, text.UpperFirst(strings.TrimSuffix(t.Source+t.Unknown, ".")+"."))
		var list [][]string
		for _, x := range t.Columns {
			list = append(list, []string{"", x.Name, x.Type})
		}
		cli.Table(w, []string{"", "COLUMN", "TYPE"}, list)
		fmt.Fprintln(w)
	}
	if len(b.Rows) == 0 {
		return
	}
	var names []string
	for _, x := range b.Tables[0].Columns {
		names = append(names, x.Name)
	}
	if len(names) == 0 {
		for name := range b.Rows[0] {
			names = append(names, name)
		}
		slices.Sort(names)
	}
	var rows [][]string
	for _, r := range b.Rows {
		var line []string
		for _, name := range names {
			value := ""
			if r[name] != nil {
				value = text.Shorten(fmt.Sprint(r[name]), 24)
			}
			line = append(line, value)
		}
		rows = append(rows, line)
	}
	cli.Table(w, names, rows)
	cli.SayCut(w, rows, "--json has them whole")
}
