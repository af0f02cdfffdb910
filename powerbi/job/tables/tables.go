// Package tables changes a table of a push dataset as a job of its own: what the table is
// and what hangs on it is shown, a change is planned, and then carried out, on request with
// the rows of the runs that filled the table sent again.
package tables

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/pause"
)

// Table is a table that was looked up, with what hangs on it.
type Table struct {
	Place      job.Place
	Definition alter.Definition
	Reports    []powerbi.Report // of the workspace, that use the dataset
	Notes      []string         // sentences: what is not known

	Interrupted *Interrupted // a rebuild that did not send all of its runs; nil = none
}

// Look looks a table up. definition is the path of a file that says what the service does
// not tell of it; "": there is none.
func Look(ctx context.Context, j *job.Jobs, dest job.Destination, definition string) (t Table, err error) {
	dest.Create = false
	if t.Place, err = j.Locate(ctx, dest); err != nil {
		return t, err
	}
	var given *alter.Definition
	if definition != "" {
		if given, err = read(definition, t.Place.Target.Table); err != nil {
			return t, err
		}
	}
	c, target := dest.Connection, t.Place.Target
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return t, err
	}
	if t.Definition, err = schema.Define(ctx, api, j.Known, c.Service, target, t.Place.Learned, given); err != nil {
		return t, err
	}
	if given != nil && t.Definition.Source == alter.Told {
		return t, failure.New(failure.Usage, "definition-told", fmt.Sprintf("Power BI tells the definition of the table “%s”, so that no file is needed for it.", target.Table), "Leave the file out.")
	}
	if t.Interrupted, err = interrupted(ctx, j, c.Service, target); err != nil {
		return t, err
	}
	t.note()
	t.Reports, err = api.ReportsOn(ctx, target.WorkspaceID, target.DatasetID)
	var refused *powerbi.APIError
	if errors.As(err, &refused) {
		t.Notes = append(t.Notes, "It is not known which reports use the dataset: "+history.Explain(err).Sentence)
		err = nil
	}
	return t, err
}

// read reads what a file says of a table.
func read(path, table string) (d *alter.Definition, err error) {
	file, err := storage.OpenRegular(path)
	if err != nil {
		return nil, failure.New(failure.Missing, "definition-missing", fmt.Sprintf("The file %q with the definition cannot be opened.", path), "Check its path.").Because(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return schema.ReadDefinition(file, table)
}

// note says what is not known of the table.
func (t *Table) note() {
	d := t.Definition
	if t.Interrupted != nil {
		t.Notes = append(t.Notes, t.Interrupted.Sentence())
	}
	switch {
	case d.Source == alter.Told:
	case d.Source == alter.Given:
		t.Notes = append(t.Notes, "Power BI does not tell the columns and measures of a table. These are as the file says.")
	case d.Source == alter.Kept && d.MeasuresKnown:
		t.Notes = append(t.Notes, "Power BI does not tell the columns and measures of a table. These are as this computer created or last changed them.")
	case d.Source == alter.Guessed:
		t.Notes = append(t.Notes, t.Place.Learned.Note)
	case len(d.Table.Columns) == 0:
		t.Notes = append(t.Notes, "The columns of the table are not known: Power BI does not tell them.")
	}
	if !d.MeasuresKnown {
		t.Notes = append(t.Notes, "Which measures, formats and other settings the table has is not known.")
	}
	if !d.RelationshipsKnown {
		t.Notes = append(t.Notes, "Which relationships the dataset has is not known: Power BI does not tell them.")
	}
}

// Change is a change of a table that is planned.
type Change struct {
	Table
	schema.Alteration
	Rebuild *Rebuild // the runs that are sent again; nil: the rows stay as they are
}

// Plan works out what edits do to a table. With rebuild, the runs that filled the table are
// sent again afterwards; without edits, a rebuild that was interrupted is continued. Nothing
// is changed.
func Plan(ctx context.Context, j *job.Jobs, t Table, edits []alter.Edit, rebuild bool) (c Change, err error) {
	c.Table = t
	d, target := t.Definition, t.Place.Target
	if d.Source == alter.Guessed || len(d.Table.Columns) == 0 || d.Source == alter.Unknown {
		return c, failure.New(failure.Contract, "alter-guessed", fmt.Sprintf("The table “%s” cannot be changed: its columns are not known for sure, and changing it means to give Power BI all of them.", target.Table),
			"Name a file that says its columns and measures.")
	}
	if err := idle(ctx, j, target); err != nil {
		return c, err
	}
	if len(edits) == 0 && rebuild {
		c.Diff, c.Alteration.Notes = alter.Columns(d.Table.Columns, d.Table.Columns), []string{"The columns stay as they are."}
		c.Rebuild, err = planContinue(ctx, j, t)
		return c, err
	}
	if x := t.Interrupted; x != nil && !x.Unrelated && rebuild {
		return c, failure.New(failure.Usage, "rebuild-open", x.Sentence()+" Rows that it has not sent again yet would be lost.", "Continue it first, then change the table.")
	}
	change, err := alter.Apply(d, edits)
	if err != nil {
		return c, err
	}
	conn := t.Place.Destination.Connection
	api, err := j.Connector.API(ctx, conn.ID)
	if err != nil {
		return c, err
	}
	if c.Alteration, err = schema.Plan(ctx, api, target, d, change, !rebuild && t.Place.Rows != 0); err != nil {
		return c, err
	}
	if c.Diff.Empty() {
		return c, failure.New(failure.Usage, "alter-no-effect", "Nothing would change: the table is like that already.", "Say what to change.")
	}
	if rebuild {
		c.Rebuild, err = planRebuild(ctx, j, c, time.Now())
	} else if c.givesUp() {
		c.Alteration.Notes = append(c.Alteration.Notes, t.Interrupted.Sentence()+" After this change it cannot be continued.")
	}
	return c, err
}

// givesUp reports whether a change keeps an interrupted rebuild from being continued.
func (c Change) givesUp() bool {
	return c.Interrupted != nil && !c.Interrupted.Unrelated && c.Rebuild == nil
}

// idle checks that no run on this computer sends into a table.
func idle(ctx context.Context, j *job.Jobs, t history.Table) error {
	list, err := j.Runs.List(ctx)
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.DatasetID == t.DatasetID && r.Table == t.Table && r.Status == history.StatusRunning {
			return &history.BusyError{RunID: r.RunID}
		}
	}
	return nil
}

// Question is what a person agrees to before a change is carried out.
type Question struct {
	Sentence string // "" = nothing is asked
	Type     string // what must be typed; "" = a yes is enough
}

// Ask returns what a person has to agree to.
func (c Change) Ask() (q Question) {
	conn, t := c.Place.Destination.Connection, c.Place.Target
	if conn.Production {
		q.Sentence = fmt.Sprintf("%q is a production connection. The table %q in %q will be changed.", conn.Name, t.Table, t.DatasetName)
	}
	if c.Diff.Destructive() {
		q.Sentence, q.Type = join(q.Sentence, c.Loses()), t.DatasetName
	}
	switch r := c.Rebuild; {
	case c.givesUp():
		q.Sentence, q.Type = join(q.Sentence, c.Interrupted.Sentence()+" After this change it cannot be continued."), t.DatasetName
	case r != nil && !r.Appends:
		q.Sentence, q.Type = join(q.Sentence, r.Sentence(t.Table)), t.DatasetName
	}
	return q
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// Done is what became of a change.
type Done struct {
	RowsBefore *int64            // in the table, where it could be asked
	RowsAfter  *int64            //
	Receipts   []history.Receipt // of the runs that were sent again
	Notes      []string          // sentences
}

// Lost reports whether the table holds other rows than before, though none were to go.
func (d Done) Lost() bool {
	return len(d.Receipts) == 0 && d.RowsBefore != nil && d.RowsAfter != nil && *d.RowsBefore != *d.RowsAfter
}

// countAfter is how long a row count that differs is asked for again: it may run behind.
var countAfter = []time.Duration{0, time.Second, 3 * time.Second}

// Carry carries a change out. What was done is told with an error too.
func Carry(ctx context.Context, j *job.Jobs, c Change, control job.Control, on func(push.Progress)) (done Done, err error) {
	conn, t := c.Place.Destination.Connection, c.Place.Target
	api, err := j.Connector.API(ctx, conn.ID)
	if err != nil {
		return done, err
	}
	if err := idle(ctx, j, t); err != nil {
		return done, err
	}
	count := func() *int64 {
		n, err := api.CountRows(context.WithoutCancel(ctx), t.WorkspaceID, t.DatasetID, t.Table)
		if err != nil {
			return nil
		}
		return &n
	}
	done.RowsBefore = count()
	if r := c.Rebuild; r != nil && (done.RowsBefore == nil || *done.RowsBefore != r.Rows) {
		held := int64(-1)
		if done.RowsBefore != nil {
			held = *done.RowsBefore
		}
		return done, &push.NotOursError{Table: t.Table, Rows: held, Low: r.Rows, High: r.Rows}
	}
	began := time.Now()
	if c.Rebuild != nil {
		if err := c.Rebuild.keep(j, conn.Service, t, began); err != nil {
			return done, err
		}
	}
	if c.Rebuild == nil || !c.Rebuild.Continues() {
		if err := c.Alteration.Carry(ctx, api, j.Known, conn.Service, t); err != nil {
			if c.Rebuild != nil && powerbi.OutcomeOf(err) != powerbi.Unknown {
				err = errors.Join(err, j.Rebuilds.Drop(conn.Service, t.DatasetID, t.Table))
			}
			return done, err
		}
	}
	j.Connector.Used(conn.ID)
	if c.Rebuild != nil {
		return c.rebuild(ctx, j, done, control, on, count)
	}
	if err := j.Rebuilds.Drop(conn.Service, t.DatasetID, t.Table); err != nil { // its rows do not fit any more
		return done, err
	}
	for _, wait := range countAfter {
		if pause.For(ctx, wait) != nil {
			break
		}
		if done.RowsAfter = count(); !done.Lost() {
			break
		}
	}
	if done.Lost() {
		done.Notes = append(done.Notes, fmt.Sprintf("The table held %s before the change and holds %s now.", humanize.Count(*done.RowsBefore, "row"), humanize.Number(*done.RowsAfter)))
	}
	return done, nil
}

// rebuild sends the runs again, and forgets the rebuild when all were.
func (c Change) rebuild(ctx context.Context, j *job.Jobs, done Done, control job.Control, on func(push.Progress), count func() *int64) (Done, error) {
	service, t := c.Place.Destination.Connection.Service, c.Place.Target
	var cause error
	done.Receipts, cause = c.Rebuild.carry(ctx, j, control, on)
	done.RowsAfter = count()
	if cause == nil {
		return done, j.Rebuilds.Drop(service, t.DatasetID, t.Table)
	}
	left, err := interrupted(context.WithoutCancel(ctx), j, service, t)
	return done, errors.Join(c.Rebuild.unfinished(t.Table, done, left, cause), err)
}
