package schema

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/tables"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/failure"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/windowtest"
)

// fake is a service whose answers a test decides.
type fake struct {
	table  tables.Table
	look   error
	plan   error
	change func(ctx context.Context, on func(push.Progress)) (tables.Done, error)
	edits  []alter.Edit // that were planned last
}

func (f *fake) RunConnection(context.Context, string) (job.Connection, error) {
	return job.Connection{Name: "Sales"}, f.look
}
func (f *fake) LookTable(context.Context, job.Destination, string) (tables.Table, error) {
	return f.table, f.look
}
func (f *fake) PlanTable(_ context.Context, t tables.Table, edits []alter.Edit, rebuild bool) (tables.Change, error) {
	f.edits = edits
	c := tables.Change{Table: t}
	if c.Alteration.Notes = []string{"What changes."}; rebuild {
		c.Rebuild = &tables.Rebuild{Rows: 7, RowsAgain: 7, Runs: []history.Receipt{{RunID: "r", Origin: history.Origin{File: "/data/january.csv"}, RowsSent: 7, Started: time.Now()}}}
		if t.Interrupted != nil {
			c.Rebuild.Began, c.Rebuild.Appends = t.Interrupted.Began, true
			c.Alteration.Notes = []string{"The columns stay as they are."}
		}
	}
	return c, f.plan
}
func (f *fake) ChangeTable(ctx context.Context, _ tables.Change, on func(push.Progress)) (tables.Done, error) {
	return f.change(ctx, on)
}

func stage(t *testing.T, production bool) (*windowtest.Stage, *Page, *fake) {
	t.Helper()
	s := windowtest.NewStage(t)
	f := &fake{table: tables.Table{
		Definition: alter.Definition{Source: alter.Kept, MeasuresKnown: true, Table: powerbi.Table{Name: "Orders", Columns: []powerbi.Column{
			{Name: "Month", DataType: powerbi.String, SortByColumn: "Number"}, {Name: "Number", DataType: powerbi.Int64, SummarizeBy: "Sum"}}}},
		Reports: []powerbi.Report{{Name: "Sales of the week"}},
	}}
	f.table.Place.Rows = 7
	f.table.Place.Target = history.Table{DatasetName: "Sales", Table: "Orders", WorkspaceName: "Finance"}
	f.table.Place.Destination.Connection = job.Connection{Name: "Sales EU", Production: production}
	p := New(f, s)
	s.Put(p)
	return s, p, f
}

// TestAPageThatCannotLook says why, and shows no form.
func TestAPageThatCannotLook(t *testing.T) {
	s, p, f := stage(t, false)
	s.Sees("No table is open")
	f.look = failure.New(failure.Connection, "x", "The secret has expired.", "Replace it.")
	p.OpenRun("r", "w", "d", "Orders", page.Activity)
	s.Until(func() bool { return strings.Contains(windowtest.Words(s.Win.Canvas()), "The secret has expired.") })
	windowtest.Press(t, s.Win.Canvas(), "Test the connection")
	if len(s.Opened) != 1 || s.Opened[0] != page.Connections {
		t.Errorf("%v", s.Opened)
	}
	windowtest.SeesNot(t, s.Win.Canvas(), "Review changes")
	f.look = nil
	p.OpenRun("r", "w", "d", "Orders", page.Activity)
	s.Until(func() bool { return strings.Contains(windowtest.Words(s.Win.Canvas()), "Sales of the week") })
	windowtest.Press(t, s.Win.Canvas(), "Back")
	if s.Opened[len(s.Opened)-1] != page.Activity {
		t.Errorf("%v", s.Opened)
	}
}

// TestWhatAFormSays is what is planned: settings that the page does not know stay, and
// columns that are sorted by a renamed one follow it.
func TestWhatAFormSays(t *testing.T) {
	s, p, f := stage(t, true)
	p.Open(job.Destination{}, page.Upload)
	c := s.Win.Canvas()
	s.Until(func() bool { return strings.Contains(windowtest.Words(c), "About this table") })
	p.rows.Choose(1)
	windowtest.Fill(t, c, "Name", " ")
	windowtest.Sees(t, c, "Enter a name.")
	if !windowtest.Button(t, c, "Review changes").Disabled() {
		t.Error("a column without a name can be reviewed")
	}
	windowtest.Fill(t, c, "Name", "No")
	p.rows.Choose(0)
	if got := p.form.sort.Inner.Selected; got != "No" {
		t.Errorf("the first column is sorted by %q", got)
	}
	windowtest.Fill(t, c, "Format", "0")
	windowtest.Press(t, c, "Review 2 changes")
	s.Until(func() bool { return strings.Contains(windowtest.Words(c), "What changes.") })
	if len(f.edits) != 2 || f.edits[0] != (alter.Edit{Kind: alter.Format, Name: "Month", Value: "0"}) || f.edits[1] != (alter.Edit{Kind: alter.Rename, Name: "Number", Value: "No"}) {
		t.Errorf("%+v", f.edits)
	}
	windowtest.Sees(t, c, `"Sales EU" is a production connection.`)
	windowtest.Press(t, c, "Back") // to the form, with what was entered
	windowtest.Sees(t, c, "Review 2 changes")
	f.plan = failure.New(failure.Usage, "alter-refused", "A column and a measure have one name.", "Rename one.")
	windowtest.Press(t, c, "Review 2 changes")
	s.Until(func() bool { return strings.Contains(windowtest.Words(c), "have one name") })
	windowtest.Sees(t, c, "Format") // the form is still there
}

// TestAChangeOnItsWay can be stopped, and says how it ends.
func TestAChangeOnItsWay(t *testing.T) {
	s, p, f := stage(t, false)
	p.Open(job.Destination{}, page.Upload)
	c := s.Win.Canvas()
	says := func(words string) {
		t.Helper()
		s.Until(func() bool { return strings.Contains(windowtest.Words(c), words) })
	}
	says("About this table")
	review := func() {
		t.Helper()
		windowtest.Fill(t, c, "Format", "0.0")
		windowtest.Press(t, c, "Review 1 change")
		says("Leave the rows as they are")
	}
	review()
	windowtest.Pick(t, c, "Send my runs again")
	says("7 rows will be sent again from 1 run")
	windowtest.Fill(t, c, "Type the name of the dataset to continue", "Sales")
	f.change = func(ctx context.Context, on func(push.Progress)) (tables.Done, error) {
		on(push.Progress{RowsSent: 3})
		<-ctx.Done()
		return tables.Done{Receipts: []history.Receipt{{RunID: "r2"}}}, failure.New(failure.Stopped, "rebuild-unfinished", "The rows were not all sent again.", "Resume the run r2.").Because(ctx.Err())
	}
	windowtest.Press(t, c, "Change the table")
	says("Sending again: 3 rows of this run, 7 in all.")
	if p.Busy() == "" {
		t.Error("the window may be closed without a question")
	}
	windowtest.Press(t, c, "Stop")
	says("Resume the run r2.")
	windowtest.Sees(t, c, "Review changes") // the table was looked up again
	if p.Busy() != "" {
		t.Error("it is still busy")
	}
	// What fails before anything was changed leaves the review open.
	review()
	f.change = func(context.Context, func(push.Progress)) (tables.Done, error) {
		return tables.Done{}, errors.New("no network")
	}
	windowtest.Press(t, c, "Change the table")
	says("The table could not be changed.")
	windowtest.Sees(t, c, "Leave the rows as they are")
	// Rows that are gone are said.
	before, after := int64(7), int64(0)
	f.change = func(context.Context, func(push.Progress)) (tables.Done, error) {
		return tables.Done{RowsBefore: &before, RowsAfter: &after, Notes: []string{"The table held 7 rows before the change and holds 0 now."}}, nil
	}
	windowtest.Press(t, c, "Change the table")
	says("The table held 7 rows before the change")
	// A rebuild that was interrupted is offered to be continued, and asks for no name.
	f.table.Interrupted = &tables.Interrupted{Began: time.Now(), Rows: 7, Sent: 3}
	p.Open(job.Destination{}, page.Upload)
	says("3 of 7 rows were sent again.")
	f.change = func(context.Context, func(push.Progress)) (tables.Done, error) {
		f.table.Interrupted = nil
		return tables.Done{RowsAfter: &before, Receipts: []history.Receipt{{RunID: "r3"}}}, nil
	}
	windowtest.Press(t, c, "Continue the rebuild")
	says("The columns stay as they are.")
	windowtest.SeesNot(t, c, "Leave the rows as they are")
	windowtest.SeesNot(t, c, "Type the name of the dataset to continue")
	windowtest.Press(t, c, "Continue the rebuild")
	says("It holds 7 rows.")
}
