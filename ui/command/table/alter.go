package table

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job/tables"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// editFlag is a flag of which each use is an edit.
type editFlag struct {
	name   string
	kind   alter.Kind
	usage  string
	single bool // only a name, no value
}

var editFlags = []editFlag{
	{"add", alter.Add, "`COLUMN=TYPE`: add a column", false},
	{"rename", alter.Rename, "`NAME=NEW`: give a column or measure another name; measures of the table follow, the column's values are lost", false},
	{"type", alter.Type, "`COLUMN=TYPE`: give a column another type; its values are lost", false},
	{"remove", alter.Remove, "remove a column or measure by `NAME`", true},
	{"format", alter.Format, "`NAME=FORMAT`: format string of a column or measure, such as #,0.00; nothing after = takes it away", false},
	{"category", alter.Category, "`COLUMN=CATEGORY`: data category, such as City or WebUrl; nothing after = takes it away", false},
	{"summarize", alter.Summarize, "`COLUMN=SUMMARY`: default, none, sum, min, max, count, average or distinctCount", false},
	{"sort-by", alter.SortBy, "`COLUMN=OTHER`: sort a column by another one; nothing after = takes it away", false},
	{"hide", alter.Hide, "hide a column or measure by `NAME`", true},
	{"show", alter.Show, "show a hidden column or measure by `NAME`", true},
	{"measure", alter.Measure, "`NAME=DAX`: add a measure, or give it another expression", false},
	{"describe", alter.Describe, "`MEASURE=TEXT`: description of a measure; nothing after = takes it away", false},
}

// alterOptions are the flags of table alter.
type alterOptions struct {
	place
	edits           map[string]*[]string // by flag
	dryRun, rebuild bool
	yes             bool
	confirm         string
}

func alterCommand(c *cli.Env) *cobra.Command {
	o := alterOptions{edits: map[string]*[]string{}}
	cmd := &cobra.Command{
		Use:   "alter",
		Short: "Change the columns and measures of a table, after showing what that does",
		Long: `Shows what changes first: what is added, dropped, renamed, of another type or setting,
which measures and relationships are lost or break, and which reports use the dataset.
If something is lost, the dataset's name has to be typed, or given with --confirm.
Everything that is not named stays as it is.

Relationships cannot be changed. Power BI tells no definition of a table; where this
computer did not create it, name a file that says it with --definition.

What happens to the values of a column that is removed, renamed or gets another type is
not documented; count on losing them. With --rebuild the rows come back: once the table
is changed, its rows are deleted and the runs on this computer that filled it are sent
again, if their files are unchanged. If that is interrupted, --rebuild without a change
continues it: nothing is deleted or sent twice.`,
		Example: `  pushdesk table alter --connection Sales --dataset Orders --add Note=String --dry-run
  pushdesk table alter --connection Sales --dataset Orders --format "Amount=#,0.00" --hide Code --sort-by Month=Number
  pushdesk table alter --connection Sales --dataset Orders --rename "Amount=Net" --rebuild --confirm Orders
  pushdesk table alter --connection Sales --dataset Orders --rebuild    # continues one that was interrupted
  pushdesk table alter --connection Sales --dataset Orders --measure "Total=SUM(Orders[Net])"`,
		Args: cli.NoArguments,
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, _ []string) error { return o.run(ctx, c, a) })
	o.register(cmd, c)
	s := cmd.Flags()
	for _, f := range editFlags {
		o.edits[f.name] = s.StringArray(f.name, nil, f.usage+" (repeatable)")
	}
	s.BoolVar(&o.rebuild, "rebuild", false, "afterwards delete all rows and send the runs again that filled the table; without a change: continue a rebuild that was interrupted")
	s.BoolVar(&o.dryRun, "dry-run", false, "show what would change, change nothing")
	s.StringVar(&o.confirm, "confirm", "", "`NAME` of the dataset, if something is lost: changes the table without asking")
	s.BoolVar(&o.yes, "yes", false, "change a table with a production connection without asking")
	return cmd
}

// list returns the edits that the flags describe.
func (o *alterOptions) list() (edits []alter.Edit, err error) {
	for _, f := range editFlags {
		for _, given := range *o.edits[f.name] {
			e := alter.Edit{Kind: f.kind, Name: strings.TrimSpace(given)}
			if !f.single {
				name, value, ok := cut(f.kind, given)
				if !ok {
					return nil, cli.Usage("--%s is NAME=VALUE, not %q", f.name, given)
				}
				e.Name, e.Value = name, value
			}
			if e.Name == "" {
				return nil, cli.Usage("--%s: the name is missing in %q", f.name, given)
			}
			edits = append(edits, e)
		}
	}
	if len(edits) == 0 && !o.rebuild {
		return nil, cli.Usage("Say what to change, such as --add COLUMN=TYPE, --rename NAME=NEW or --remove NAME\nSee: pushdesk table alter --help")
	}
	return edits, nil
}

// cut cuts at the equals sign between a name and a value: the first where the value may
// hold some, else the last, since names may.
func cut(k alter.Kind, s string) (name, value string, ok bool) {
	i := strings.LastIndexByte(s, '=')
	if slices.Contains([]alter.Kind{alter.Measure, alter.Format, alter.Describe}, k) {
		i = strings.IndexByte(s, '=')
	}
	if i < 0 {
		return "", "", false
	}
	return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1:]), true
}

// altered is the document of table alter --json.
type altered struct {
	shown
	DryRun    bool              `json:"dryRun,omitempty"`
	Changed   bool              `json:"changed"` // the table is as it was to be
	Diff      alter.Diff        `json:"diff"`
	After     any               `json:"after"`              // the table as it will be, or is now
	Question  string            `json:"question,omitempty"` // what has to be agreed to
	Confirm   string            `json:"confirm,omitempty"`  // what has to be typed for it
	Rebuild   *rebuilt          `json:"rebuild,omitempty"`
	Receipts  []history.Receipt `json:"receipts,omitempty"` // of the runs that were sent again
	RowsAfter *int64            `json:"rowsAfter,omitempty"`
}

// rebuilt is what sending runs again means.
type rebuilt struct {
	Sentence     string   `json:"sentence"`
	Rows         int64    `json:"rows"`      // that are deleted
	RowsAgain    int64    `json:"rowsAgain"` // that are sent again
	Runs         []string `json:"runs"`      // their IDs, the oldest first
	Notes        []string `json:"notes,omitempty"`
	IncompleteMs int64    `json:"incompleteMs,omitempty"`
}

func (o *alterOptions) run(ctx context.Context, c *cli.Env, a *app.App) error {
	edits, err := o.list()
	if err != nil {
		return err
	}
	if o.dryRun && o.confirm != "" {
		return cli.NoEffect("--confirm", "with --dry-run nothing is changed")
	}
	t, err := o.look(ctx, c, a)
	if err != nil {
		return err
	}
	x, err := tables.Plan(ctx, a.Jobs, t, edits, o.rebuild)
	if err != nil {
		return err
	}
	q := x.Ask()
	if o.confirm != "" && q.Type == "" {
		return cli.NoEffect("--confirm", "nothing is lost")
	}
	d := altered{shown: documentOf(t), DryRun: o.dryRun, Diff: x.Diff, After: x.After(), Question: q.Sentence, Confirm: q.Type}
	d.Notes, d.Rebuild = x.Alteration.Notes, rebuildOf(x)
	say(c, x)
	if o.dryRun {
		if err := c.Answer(d, func(w io.Writer) { fmt.Fprintln(w, "Nothing was changed.") }); err != nil {
			return err
		}
		return cli.Ended(cli.ExitDone, cli.ReasonChecked)
	}
	if err := o.agreed(c, q); err != nil {
		c.PrintJSON(d)
		return err
	}
	on, ended := c.Sending(rowsAgain(x))
	done, err := tables.Carry(ctx, a.Jobs, x, c.Control(), on)
	ended()
	d.Rows, d.RowsAfter, d.Receipts = done.RowsBefore, done.RowsAfter, done.Receipts
	d.Notes = append(d.Notes, done.Notes...)
	d.Changed = err == nil || len(done.Receipts) > 0
	if err != nil {
		c.PrintJSON(d)
		return err
	}
	if err := c.Answer(d, func(w io.Writer) { printDone(w, x, done) }); err != nil {
		return err
	}
	return end(done)
}

func rowsAgain(x tables.Change) int64 {
	if x.Rebuild == nil {
		return 0
	}
	return x.Rebuild.RowsAgain
}

func rebuildOf(x tables.Change) *rebuilt {
	r := x.Rebuild
	if r == nil {
		return nil
	}
	b := &rebuilt{Sentence: r.Sentence(x.Place.Target.Table), Rows: r.Rows, RowsAgain: r.RowsAgain, Runs: []string{}, Notes: r.Notes, IncompleteMs: r.Incomplete.Milliseconds()}
	for _, run := range r.Runs {
		b.Runs = append(b.Runs, run.RunID)
	}
	return b
}

// say prints what changes, before it does.
func say(c *cli.Env, x tables.Change) {
	t := x.Place.Target
	c.Say("Table %q in %q, workspace %q. %s", t.Table, t.DatasetName, t.WorkspaceName, schema.RowsSentence(x.Place.Rows))
	for _, n := range x.Alteration.Notes {
		c.Say("  %s", n)
	}
	if x.Rebuild != nil {
		c.Say("  %s", x.Rebuild.Sentence(t.Table))
		for _, r := range x.Rebuild.Runs {
			c.Say("    %s  %s  %s", r.RunID, humanize.DateTime(r.Started), r.File)
		}
	}
}

// agreed asks what has to be agreed to.
func (o *alterOptions) agreed(c *cli.Env, q tables.Question) error {
	switch {
	case q.Type != "":
		if !c.Types(q.Type, q.Sentence, o.confirm) {
			return cli.Unanswered("%s Nothing was changed: type the dataset's name when asked, or give --confirm %q", q.Sentence, q.Type)
		}
	case q.Sentence != "" && !o.yes && !c.Agrees(q.Sentence+" Continue?"):
		return cli.Unanswered("%s Nothing was changed: say yes when asked, or give --yes", q.Sentence)
	}
	return nil
}

func printDone(w io.Writer, x tables.Change, done tables.Done) {
	fmt.Fprintf(w, "Changed: the table %q has %s and %s.", x.Place.Target.Table, humanize.Count(len(x.After().Columns), "column"), humanize.Count(len(x.After().Measures), "measure"))
	if done.RowsAfter != nil {
		fmt.Fprintf(w, " It holds %s.", humanize.Count(*done.RowsAfter, "row"))
	}
	fmt.Fprintln(w)
	for _, r := range done.Receipts {
		fmt.Fprintf(w, "Sent again: %s from %s, run %s: %s\n", humanize.Count(r.RowsSent, "row"), r.File, r.RunID, r.Status)
	}
	for _, n := range done.Notes {
		fmt.Fprintln(w, n)
	}
}

// end is how a change that was carried out ends: like the runs that were sent again, and
// as unproven where rows are gone that were to stay.
func end(done tables.Done) error {
	if done.Lost() {
		return cli.Ended(cli.ExitUnproven, cli.ReasonUnproven)
	}
	code, reason := cli.ExitDone, cli.ReasonDone
	for _, r := range done.Receipts {
		if at, why := cli.RunEnd(r); at >= code {
			code, reason = at, why
		}
	}
	return cli.Ended(code, reason)
}
