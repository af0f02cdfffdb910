package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/words"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/app"
)

// sendFlags say what to send, where to and how.
type sendFlags struct {
	source sourceFlags
	column columnFlags

	practice                              bool
	connection, workspace, dataset, table string
	create, dryRun, sure                  bool
	retention, mode, badRows, replaces    string
	skip, limit                           int64
	oneHour, inParts, again, reshape      bool
	into, where                           []string
	keepGoing                             bool
}

func (f *sendFlags) register(cmd *cobra.Command, c *commander) {
	f.source.register(cmd)
	f.column.register(cmd)
	s := cmd.Flags()
	s.BoolVar(&f.practice, "practice", false, "send to the practice service on this computer; nothing to set up")
	s.StringVar(&f.connection, "connection", "", "connection by `name`")
	s.StringVar(&f.workspace, "workspace", "", "workspace, `name or ID` (default: the connection's)")
	s.StringVar(&f.dataset, "dataset", "", "dataset, `name or ID`")
	s.StringVar(&f.table, "table", "", "table by `name` (default: the dataset's only one)")
	s.BoolVar(&f.create, "create", false, "make the dataset and the table when there is no such dataset")
	s.StringVar(&f.retention, "retention", "none", "`policy` of a dataset that is made: none keeps 5,000,000 rows, basicFIFO about the newest 200,000")
	s.StringVar(&f.mode, "mode", "append", "`mode`: append, or replace, which deletes all rows of the table first")
	s.StringVar(&f.badRows, "bad-rows", "stop", "`what` to do when values cannot be sent: stop (nothing is sent), skip (such rows are left out), blank (such values are sent as blank)")
	s.BoolVar(&f.dryRun, "dry-run", false, "read and check everything, say the plan, send nothing")
	s.BoolVar(&f.sure, "yes", false, "send with a production connection without asking")
	s.StringVar(&f.replaces, "yes-replace", "", "`NAME` of the dataset whose rows a production connection may delete first, or whose columns may be dropped, without asking")
	s.StringArrayVar(&f.into, "into", nil, "`SHEET=TABLE`: send this sheet or table of the file into this table; once for each of several tables of one dataset")
	s.BoolVar(&f.keepGoing, "keep-going", false, "with --into: go on with the next table when one does not come to its end")
	s.Int64Var(&f.skip, "skip", 0, "leave out so many `rows` at the beginning of the table")
	s.Int64Var(&f.limit, "limit", 0, "send at most so many `rows`")
	s.StringArrayVar(&f.where, "where", nil, "`CONDITION`: send only rows that meet it: a column of the file, by its header or letters, and = != < <= > >= with a value, contains with a text, is blank, or is not blank; may be repeated, then all must be met")
	s.BoolVar(&f.oneHour, "one-hour", false, "stop where the run would have to wait for the hour's limits; runs resume sends the rest")
	s.BoolVar(&f.inParts, "in-parts", false, "with --mode replace: go on although the limits leave the table partly filled for a while")
	s.BoolVar(&f.reshape, "overwrite-schema", false, "give a table that exists the columns and types of the file; what is dropped or changed is shown, and the dataset's name asked for")
	s.BoolVar(&f.again, "again", false, "send the same rows to the same table once more without asking")
	_ = cmd.RegisterFlagCompletionFunc("connection", c.completeConnections)
	for flag, values := range map[string][]string{"retention": {"none", "basicFIFO"}, "mode": {"append", "replace"}, "bad-rows": {"stop", "skip", "blank"}} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}

// choices are the flags with a fixed set of values, read.
type choices struct {
	retention powerbi.Retention
	mode      plan.Mode
	policy    mapping.Policy
}

func (f *sendFlags) choices() (choices, error) {
	var c choices
	switch {
	case f.practice && f.connection != "":
		return c, usage("--practice and --connection exclude each other")
	case !f.practice && f.connection == "":
		return c, usage("where to is missing: --connection NAME, or --practice for the practice service on this computer")
	}
	switch strings.ToLower(f.retention) {
	case "none":
		c.retention = powerbi.RetentionNone
	case "basicfifo":
		c.retention = powerbi.RetentionFIFO
	default:
		return c, usage("--retention is none or basicFIFO, not %q", f.retention)
	}
	switch c.mode = plan.Mode(strings.ToLower(f.mode)); c.mode {
	case plan.ModeAppend, plan.ModeReplace:
	default:
		return c, usage("--mode is append or replace, not %q", f.mode)
	}
	switch c.policy = mapping.Policy(strings.ToLower(f.badRows)); c.policy {
	case mapping.PolicyStop, mapping.PolicySkip, mapping.PolicyBlank:
	default:
		return c, usage("--bad-rows is stop, skip or blank, not %q", f.badRows)
	}
	if f.skip < 0 || f.limit < 0 {
		return c, usage("--skip and --limit are numbers of rows")
	}
	return c, nil
}

func (c *commander) send() *cobra.Command {
	var f sendFlags
	cmd := &cobra.Command{
		Use:   "send FILE",
		Short: "Send the rows of a workbook into a push dataset",
		Long: `Reads a table of an Excel workbook or CSV file, checks every value, says what the
service's limits will cost, and sends the rows. What happened is in the receipt,
whose sums always add up. A run that stops part-way can be resumed:
pushdesk runs resume ID.

With --where only the rows that meet conditions are sent. A cell is compared as what
it is sent as: texts without regard to capitals and outer blanks, numbers as numbers
(--where 'Amount>=99.5'), dates as dates (--where 'Day<=2026-01-31', all of that day).
A blank cell meets "is blank" and != only. A cell that cannot be compared, such as a
text among numbers, leaves its row out, and the check says so.

With --practice the dataset and the table are named after the file and its sheet
and made in the practice workspace on this computer.`,
		Example: `  pushdesk send orders.xlsx --practice
  pushdesk send orders.xlsx --connection Sales --workspace Finance --dataset Orders --table Orders --create
  pushdesk send orders.xlsx --connection Sales --dataset Orders --mode replace --dry-run
  pushdesk send orders.xlsx --practice --where 'Region=West' --where 'Amount>=100' --where 'Note is not blank'
  pushdesk send orders.xlsx --connection Sales --dataset Orders --create --into "Sheet1=Orders" --into "Sheet2=Customers"`,
		Args: oneArgument("the file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(f.into) > 0 {
				return c.answeredSet(c.runSendSet(cmd.Context(), args[0], f))
			}
			return c.answered(c.runSend(cmd.Context(), args[0], f))
		},
	}
	f.register(cmd, c)
	return cmd
}

// sent is the document of send --json: the receipt, what was planned, and what
// went wrong. It has the same shape when nothing could be begun.
type sent struct {
	history.Receipt
	DryRun  bool         `json:"dryRun,omitempty"`
	Plan    *plan.Plan   `json:"plan,omitempty"`
	Columns []sentColumn `json:"columns,omitempty"`
	Error   *problem     `json:"error,omitempty"`

	Schema  *job.Reshaping    `json:"schema,omitempty"`     // what --overwrite-schema changes
	Earlier []history.Receipt `json:"sentBefore,omitempty"` // runs that have sent the same rows in the same way
}

// sentColumn is a column of the target and where its values come from.
type sentColumn struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	From   string `json:"from,omitempty"`   // the header in the file; "" = nothing, blank is sent
	Letter string `json:"letter,omitempty"` // of the sheet
}

// outcome is how far a send came.
type outcome struct {
	document sent
	err      error
}

// answered prints the one document of a send and gives its exit code.
func (c *commander) answered(o outcome) error {
	r := &o.document.Receipt
	if r.Problems == nil {
		r.Problems = []mapping.Problem{}
	}
	code := exitDone
	if o.err != nil {
		var p problem
		code, p = describe(o.err)
		o.document.Error = &p
		if r.Status == "" {
			r.Status, r.Reason, r.Remedy, r.Who, r.Details = history.StatusFailed, p.Sentence, p.Remedy, p.Who, p.Details
		}
	}
	if r.RunID != "" && r.Resumable {
		code = exitStopped
	}
	if c.json {
		c.printJSON(o.document)
	} else {
		c.printSent(o.document)
	}
	if code == exitDone {
		return nil
	}
	return reported(code)
}

func (c *commander) runSend(ctx context.Context, path string, f sendFlags) (o outcome) {
	chosen, err := f.choices()
	if err != nil {
		return outcome{err: err}
	}
	d, err := c.open()
	if err != nil {
		return outcome{err: err}
	}
	reading, err := c.read(ctx, path, f.source)
	if err != nil {
		return outcome{err: err}
	}
	defer reading.Book.Close()
	if reading, err = f.column.texts(ctx, reading); err != nil {
		return outcome{err: err}
	}
	c.remarkTexts(reading)
	dest, err := c.destination(ctx, d, reading, f)
	if err != nil {
		return outcome{err: err}
	}
	dest.Retention, dest.Reshape = chosen.retention, f.reshape
	c.unlock(ctx, d)
	place, err := d.Locate(ctx, dest)
	if err != nil {
		return outcome{err: err}
	}
	c.remark(place, chosen)
	mapping, err := f.column.apply(job.Propose(reading, place), reading, place)
	if err != nil {
		return outcome{err: err}
	}
	if mapping, err = f.filter(mapping, reading); err != nil {
		return outcome{err: err}
	}
	u := job.Upload{Reading: reading, Place: place, Mapping: mapping, Policy: chosen.policy, Mode: chosen.mode,
		Skip: f.skip, Limit: f.limit, OneHour: f.oneHour, InParts: f.inParts, Reshape: f.reshape && place.Exists}
	return c.carryOut(ctx, d, u, f)
}

// carryOut checks, plans and sends what is decided.
func (c *commander) carryOut(ctx context.Context, d *app.App, u job.Upload, f sendFlags) (o outcome) {
	o.document.Receipt = begin(u)
	o.document.Columns = sentColumns(u.Mapping)

	shown := c.newProgress()
	report, err := job.Check(ctx, u, shown.checking(u.Reading.Profile.Rows))
	shown.end()
	if err != nil {
		o.err = err
		return o
	}
	u.Rows = report.Rows
	o.document.Filtered = report.RowsFiltered
	if note := words.FilterNote((history.Receipt{Mapping: &u.Mapping, RowsRead: report.Rows, Filtered: report.RowsFiltered})); note != "" {
		c.say("%s.", note)
	}
	plan, err := d.Plan(u, report, time.Now())
	if err != nil {
		o.err = err
		return o
	}
	o.document.Plan = &plan
	if o.document.Earlier, err = d.Earlier(ctx, u); err != nil {
		o.err = err
		return o
	}
	o.document.RowsTotal, o.document.Problems, o.document.ByColumn = report.Rows, report.Problems, report.ByColumn
	if report.Errors() > 0 && u.Policy == mapping.PolicyStop {
		o.document.RowsRead, o.document.RowsNotSent = report.Rows, report.Rows
		o.err = problemsFailure(report)
		return o
	}
	if len(plan.Blockers) > 0 {
		o.document.RowsRead, o.document.RowsNotSent = report.Rows, report.Rows
		o.err = blockedFailure(plan.Blockers[0])
		c.printChoices(plan)
		return o
	}
	c.printPlan(plan)
	var shape job.Reshaping
	if u.Reshape {
		if shape, err = d.PlanReshape(ctx, u); err != nil {
			o.err = err
			return o
		}
		o.document.Schema = &shape
		c.say("The table's columns:")
		for _, note := range shape.Notes {
			c.say("  %s", note)
		}
	}
	if f.dryRun {
		o.document.DryRun = true
		o.document.Status = "checked"
		o.document.RowsRead, o.document.RowsNotSent = report.Rows, report.Rows
		return o
	}
	if err = c.mayRepeat(u, o.document.Earlier, f); err == nil {
		err = c.mayWrite(u, shape, f)
	}
	if err != nil {
		o.document.RowsRead, o.document.RowsNotSent = report.Rows, report.Rows
		o.err = err
		return o
	}
	receipt, err := d.Send(ctx, u, shown.sending(u.Rows))
	shown.end()
	if receipt.RunID != "" {
		o.document.Receipt = receipt
	}
	o.err = err
	return o
}

// mayRepeat asks before the same rows are added to the same table once more.
func (c *commander) mayRepeat(u job.Upload, earlier []history.Receipt, f sendFlags) error {
	if len(earlier) == 0 {
		return nil
	}
	last := earlier[0]
	sentence := fmt.Sprintf("The same rows were sent to this table on %s: %s.", last.Started.Local().Format("Monday, 2 January, 15:04"), plural(last.RowsSent, "row", "rows"))
	switch {
	case u.Mode == plan.ModeReplace || f.again:
		c.say("%s", sentence)
		return nil
	case last.Resumable:
		sentence += fmt.Sprintf(" That run is not done: pushdesk runs resume %s sends the rest.", last.RunID)
	}
	if c.agrees(sentence + " Add them once more?") {
		return nil
	}
	return usage("%s Nothing was sent: say yes when asked, or give --again to add them once more", sentence)
}

// mayWrite asks before rows are sent with a production connection, and for the
// dataset's name before the rows of a table are deleted with one.
func (c *commander) mayWrite(u job.Upload, shape job.Reshaping, f sendFlags) error {
	to, dataset := u.Place.Destination.Connection, u.Place.Target.DatasetName
	if job.MustType(to, u, shape) {
		what := fmt.Sprintf("%q is a production connection, and all rows of the table will be deleted first", to.Name)
		why := fmt.Sprintf("%q is a production connection", to.Name)
		if shape.Diff.Destructive() {
			what, why = "Columns of the table will be dropped or changed, with their values", "columns would be dropped or changed"
		}
		typed := f.replaces
		if typed == "" && c.AskLine != nil {
			typed, _ = c.AskLine(fmt.Sprintf("%s. Type the dataset's name, %q, to go on: ", what, dataset))
		}
		if strings.TrimSpace(typed) == dataset {
			return nil
		}
		return usage("%s, so nothing was deleted or sent: type the dataset's name when asked, or give --yes-replace %q", why, dataset)
	}
	if !to.Production {
		return nil
	}
	if f.sure || c.agrees(fmt.Sprintf("Send %s with the production connection %q?", plural(u.Rows, "row", "rows"), to.Name)) {
		return nil
	}
	return usage("%q is a production connection, so nothing was sent: say yes when asked, or give --yes", to.Name)
}

// destination is where the flags say that rows go.
func (c *commander) destination(ctx context.Context, d *app.App, reading job.Reading, f sendFlags) (job.Destination, error) {
	if f.practice {
		conn, err := d.PracticeConnection(ctx, false)
		if err != nil {
			return job.Destination{}, err
		}
		dest := job.PracticeDestination(app.For(conn), reading)
		for flag, to := range map[*string]*string{&f.workspace: &dest.Workspace, &f.dataset: &dest.Dataset, &f.table: &dest.Table} {
			if *flag != "" {
				*to = *flag
			}
		}
		return dest, nil
	}
	conn, err := d.Connections.Find(f.connection)
	if err != nil {
		return job.Destination{}, err
	}
	if f.dataset == "" {
		return job.Destination{}, usage("--dataset is missing: the name or ID of the dataset the rows are for")
	}
	if f.create && f.table == "" && len(f.into) == 0 {
		return job.Destination{}, usage("--table is missing: with --create the table needs a name")
	}
	return job.Destination{Connection: app.For(conn), Workspace: f.workspace, Dataset: f.dataset, Table: f.table, Create: f.create}, nil
}

// begin is the receipt of a run that has not begun.
func begin(u job.Upload) history.Receipt {
	t, source := u.Place.Target, u.Reading.Layout.Source
	return history.Receipt{
		Workspace: t.WorkspaceName, WorkspaceID: t.WorkspaceID, Dataset: t.DatasetName, DatasetID: t.DatasetID, Table: t.Table,
		Retention: t.Retention, Mode: u.Mode, Policy: u.Policy, File: u.Reading.Book.Path(), Sheet: source.Sheet,
	}
}

func sentColumns(m mapping.Mapping) (list []sentColumn) {
	for _, f := range m.Used() {
		list = append(list, sentColumn{Name: f.Target.Name, Type: string(f.Target.DataType), From: f.Header, Letter: f.Letter})
	}
	return list
}

// remark says what a person may not expect of the destination.
func (c *commander) remark(p job.Place, chosen choices) {
	t := p.Target
	if !p.Exists {
		c.say("The dataset %q with the table %q will be made in %q.", t.DatasetName, t.Table, t.WorkspaceName)
		return
	}
	if p.Learned.Note != "" {
		c.say("%s", p.Learned.Note)
	}
	if p.Unlearned != nil {
		c.say("%s The columns of the file are sent as they are.", sentenceOf(p.Unlearned))
	}
	if chosen.retention == powerbi.RetentionFIFO && t.Retention != chosen.retention {
		c.say("The dataset exists and keeps its own retention policy: %s.", t.Retention)
	}
}

// remarkTexts says which columns allow two readings.
func (c *commander) remarkTexts(r job.Reading) {
	for _, p := range r.Profile.Columns {
		for _, n := range p.Notes {
			if n.Kind == infer.NoteAmbiguous {
				c.say("Column %q: %s", p.Header.Name, n.Sentence)
			}
		}
	}
}

// problemsFailure says that values keep the rows from being sent.
func problemsFailure(r mapping.CheckReport) error {
	them := map[bool]string{true: "it is", false: "they are"}[r.RowsWithProblems == 1]
	return failure.New(failure.Data, "bad-rows", fmt.Sprintf("%s of %s cannot be sent as %s, so nothing was sent.", humanize.Count(r.RowsWithProblems, "row"), humanize.Number(r.Rows), them),
		"Correct the values in the file, choose another type for the column, or say what to do with such rows.")
}

// blockedFailure says that the plan cannot be carried out.
func blockedFailure(n plan.Note) error {
	return failure.New(failure.Data, "plan-blocked", n.Sentence, n.Remedy)
}
