// Package table holds the commands that show and change a table of a push dataset.
package table

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/tables"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/schema"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
	"pushdesk/ui/command/connections"
)

// Command is the command with everything about tables.
func Command(c *cli.Env) *cobra.Command {
	return cli.Group("table", "Show a table of a push dataset, and change its columns and measures",
		`Of a push dataset the columns and measures of a table can be changed. Relationships are
set when the dataset is created and never again, and tables cannot be added, removed or
renamed. Power BI tells no definition of a table: what is shown is what this computer
created or last changed, or what a file says (--definition).`,
		showCommand(c), alterCommand(c))
}

// place says which table.
type place struct {
	practice                              bool
	connection, workspace, dataset, table string
	definition                            string
}

func (p *place) register(cmd *cobra.Command, c *cli.Env) {
	s := cmd.Flags()
	s.BoolVar(&p.practice, "practice", false, "a table of the practice service on this computer")
	s.StringVar(&p.connection, "connection", "", "connection by `name`")
	s.StringVar(&p.workspace, "workspace", "", "workspace, `name or ID` (default: the connection's)")
	s.StringVar(&p.dataset, "dataset", "", "dataset, `name or ID`")
	s.StringVar(&p.table, "table", "", "table by `name` (default: the dataset's only one)")
	s.StringVar(&p.definition, "definition", "", "`FILE` with the definition that the table has now, where Power BI does not tell it: the JSON the dataset was created with, or what table show --json printed")
	_ = cmd.RegisterFlagCompletionFunc("connection", connections.CompleteConnections(c))
}

// look looks the table up.
func (p *place) look(ctx context.Context, c *cli.Env, a *app.App) (t tables.Table, err error) {
	if p.dataset == "" {
		return t, cli.Usage("Name the dataset: --dataset, its name or ID")
	}
	dest := job.Destination{Workspace: p.workspace, Dataset: p.dataset, Table: p.table}
	switch {
	case p.practice && p.connection != "":
		return t, cli.Usage("--practice and --connection exclude one another")
	case p.practice:
		conn, err := a.PracticeConnection(ctx, false)
		if err != nil {
			return t, err
		}
		dest.Connection = app.For(conn)
		dest.Workspace = cmp.Or(p.workspace, dest.Connection.Workspace, practice.Workspace)
	default:
		conn, err := a.Connections.Find(p.connection)
		if err != nil {
			return t, err
		}
		dest.Connection = app.For(conn)
	}
	c.Unlock(ctx, a)
	return tables.Look(ctx, a.Jobs, dest, p.definition)
}

// shown is the document of table show --json; its table and relationships are what
// --definition reads.
type shown struct {
	Workspace          string                 `json:"workspace"`
	WorkspaceID        string                 `json:"workspaceId"`
	Dataset            string                 `json:"dataset"`
	DatasetID          string                 `json:"datasetId"`
	Rows               *int64                 `json:"rows,omitempty"` // where they could be counted
	Table              powerbi.Table          `json:"table"`
	Relationships      []powerbi.Relationship `json:"relationships"`
	Source             alter.Source           `json:"source"`
	MeasuresKnown      bool                   `json:"measuresKnown"`
	RelationshipsKnown bool                   `json:"relationshipsKnown"`
	Reports            []powerbi.Report       `json:"reports"`
	Notes              []string               `json:"notes"`
}

func documentOf(t tables.Table) shown {
	at, d := t.Place.Target, t.Definition
	s := shown{Workspace: at.WorkspaceName, WorkspaceID: at.WorkspaceID, Dataset: at.DatasetName, DatasetID: at.DatasetID, Table: d.Table, Relationships: d.Relationships,
		Source: d.Source, MeasuresKnown: d.MeasuresKnown, RelationshipsKnown: d.RelationshipsKnown, Reports: t.Reports, Notes: t.Notes}
	if t.Place.Rows >= 0 {
		s.Rows = &t.Place.Rows
	}
	if s.Relationships == nil {
		s.Relationships = []powerbi.Relationship{}
	}
	if s.Reports == nil {
		s.Reports = []powerbi.Report{}
	}
	if s.Notes == nil {
		s.Notes = []string{}
	}
	return s
}

func showCommand(c *cli.Env) *cobra.Command {
	var p place
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show the columns, measures, relationships and reports of a table",
		Example: `  pushdesk table show --connection Sales --dataset Orders
  pushdesk table show --connection Sales --dataset Orders --json > orders.json`,
		Args: cli.NoArguments,
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, _ []string) error {
		t, err := p.look(ctx, c, a)
		if err != nil {
			return err
		}
		return c.Answer(documentOf(t), func(w io.Writer) { printTable(w, t) })
	})
	p.register(cmd, c)
	return cmd
}

func printTable(w io.Writer, t tables.Table) {
	at, d := t.Place.Target, t.Definition
	fmt.Fprintf(w, "Table %q in %q, workspace %q. %s\n", at.Table, at.DatasetName, at.WorkspaceName, schema.RowsSentence(t.Place.Rows))
	rows := make([][]string, 0, len(d.Table.Columns))
	for _, x := range d.Table.Columns {
		rows = append(rows, []string{x.Name, string(x.DataType), x.FormatString, x.DataCategory, x.SummarizeBy, x.SortByColumn, yes(x.IsHidden)})
	}
	fmt.Fprintln(w)
	cli.Table(w, []string{"COLUMN", "TYPE", "FORMAT", "CATEGORY", "SUMMARY", "SORTED BY", "HIDDEN"}, rows)
	if len(d.Table.Measures) > 0 {
		rows = nil
		for _, m := range d.Table.Measures {
			rows = append(rows, []string{m.Name, m.Expression, m.FormatString, m.Description, yes(m.IsHidden)})
		}
		fmt.Fprintln(w)
		cli.Table(w, []string{"MEASURE", "DAX", "FORMAT", "DESCRIPTION", "HIDDEN"}, rows)
	}
	if len(d.Relationships) > 0 {
		rows = nil
		for _, r := range d.Relationships {
			rows = append(rows, []string{r.Name, r.FromTable + "[" + r.FromColumn + "]", r.ToTable + "[" + r.ToColumn + "]", r.CrossFilteringBehavior})
		}
		fmt.Fprintln(w)
		cli.Table(w, []string{"RELATIONSHIP", "FROM", "TO", "FILTERS"}, rows)
	}
	if len(t.Reports) > 0 {
		var names []string
		for _, r := range t.Reports {
			names = append(names, r.Name)
		}
		fmt.Fprintf(w, "\nReports of the workspace that use the dataset: %s\n", strings.Join(names, ", "))
	}
	if len(t.Notes) > 0 {
		fmt.Fprintln(w)
	}
	for _, n := range t.Notes {
		fmt.Fprintln(w, n)
	}
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}
