package activity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

type fakeRuns struct {
	stage  *windowtest.Stage
	runs   []history.Receipt
	err    error
	why    string // a run cannot be undone
	again  []string
	undone []string

	password string           // of the files
	hold     chan *push.Pause // an undo gives it and waits for its end
}

func (f *fakeRuns) Opens(_ context.Context, _, password string) error {
	f.stage.Waits("Opens")
	return f.protected(password)
}

// protected says that the right password is missing, if the file is protected.
func (f *fakeRuns) protected(password string) error {
	if f.password == password {
		return nil
	}
	return failure.New(failure.Data, workbook.CodePassword, "The workbook is protected with a password.", "")
}

func (f *fakeRuns) PlanUndo(_ context.Context, id, password string) (job.UndoPlan, error) {
	f.stage.Waits("PlanUndo")
	if err := f.protected(password); err != nil {
		return job.UndoPlan{}, err
	}
	if f.why != "" {
		return job.UndoPlan{}, failure.New(failure.Usage, "no-undo", "This run cannot be undone. "+f.why, "")
	}
	return job.UndoPlan{Run: history.Receipt{RunID: id, Table: "Orders", Dataset: "Sales"}, Rows: 700}, f.err
}
func (f *fakeRuns) SaveRejects(context.Context, string, string, string) (int64, error) {
	f.stage.Waits("SaveRejects")
	return 17, f.err
}
func (f *fakeRuns) Undo(ctx context.Context, t job.UndoPlan, c job.Control, _ func(push.Progress)) ([]history.Receipt, error) {
	f.stage.Waits("Undo")
	if f.hold != nil {
		f.hold <- c.Pause
		<-ctx.Done()
		return nil, ctx.Err()
	}
	f.undone = append(f.undone, t.Run.RunID)
	return nil, f.err
}
func (f *fakeRuns) UnknownBatches(_ context.Context, id, _ string) ([]history.UnknownBatch, error) {
	f.stage.Waits("UnknownBatches")
	for _, r := range f.runs {
		if r.RunID == id {
			return slices.Clone(r.UnknownBatches), nil
		}
	}
	return nil, f.err
}
func (f *fakeRuns) AnswerBatch(_ context.Context, id string, batch int, stored bool) error {
	f.stage.Waits("AnswerBatch")
	for i, r := range f.runs {
		for j, u := range r.UnknownBatches {
			if r.RunID == id && u.Batch == batch {
				f.runs[i].UnknownBatches[j].Stored = &stored
			}
		}
	}
	return f.err
}
func (f *fakeRuns) DeleteRun(_ context.Context, id string) error {
	f.stage.Waits("DeleteRun")
	f.runs = slices.DeleteFunc(f.runs, func(r history.Receipt) bool { return r.RunID == id })
	return f.err
}
func (f *fakeRuns) Receipts(context.Context) ([]history.Receipt, error) {
	f.stage.Waits("Receipts")
	var list []history.Receipt
	for _, r := range f.runs { // as the history gives them: without what is long
		r.Problems = nil
		list = append(list, r)
	}
	return list, f.err
}
func (f *fakeRuns) Receipt(_ context.Context, id string) (history.Receipt, error) {
	f.stage.Waits("Receipt")
	for _, r := range f.runs {
		if r.RunID == id {
			return r, nil
		}
	}
	return history.Receipt{}, &history.NoRunError{RunID: id}
}

func stoppedRun() history.Receipt {
	return history.Receipt{
		RunID: "run-2", Status: "stopped", RowsRead: 412_300, RowsSent: 400_000, RowsRejected: 17, RowsUnknown: 10_000, RowsNotSent: 2_283,
		Batches: 41, Requests: 44, Retries: 2, DurationMs: 732_000, Workspace: "Sales", Dataset: "Orders", Table: "Lines",
		Origin: history.Origin{File: "/data/Regional sales.xlsx", Mode: "append"}, Started: time.Now().Add(-48 * time.Hour), Resumable: true, FirstUnsentRow: 400_019,
		Reason: "You stopped the run.", Remedy: "Continue it to send the rest.",
		Problems: []mapping.Problem{{Row: 12, Address: "C12", Column: "Amount", Value: "n/a", Rule: "Not a number", Advice: "Correct the cell.", Severity: "error"}},
	}
}

func doneRun() history.Receipt {
	return history.Receipt{RunID: "run-1", Status: "done", RowsRead: 700, RowsSent: 700, RowsConfirmed: 700, Batches: 1, Requests: 1,
		Table: "Orders", Origin: history.Origin{File: "/data/Harbour.xlsx"}, Started: time.Now(), DurationMs: 1240}
}

func TestNoRunsLeadToTheUpload(t *testing.T) {
	s := windowtest.NewStage(t)
	s.Put(New(&fakeRuns{stage: s}, s))
	s.Sees("Nothing has been sent yet")
	windowtest.Press(t, s.Win.Canvas(), "Upload a workbook")
	if len(s.Opened) != 1 || s.Opened[0] != page.Upload {
		t.Errorf("opened %v", s.Opened)
	}
}

func TestReceipts(t *testing.T) {
	s := windowtest.NewStage(t)
	f := &fakeRuns{stage: s, runs: []history.Receipt{stoppedRun(), doneRun()}}
	p := New(f, s)
	var resumed string
	p.OnResume(func(r history.Receipt) { resumed = r.RunID })
	s.Put(p)
	c := s.Win.Canvas()
	s.Sees("2 runs", "Harbour.xlsx", "Done", "Regional sales.xlsx", "Stopped", "1.2 s", "1 request in 1 batch")
	windowtest.SeesNot(t, c, "Rows with problems", "Continue")
	if p.current != "run-1" {
		t.Errorf("the newest run comes first, but %s is shown", p.current)
	}
	p.list.Choose(1)
	s.Sees("You stopped the run.", "Continue it to send the rest.", "412,300", "400,000", "10,000", "2,283", "17",
		"Rows with problems", "C12", "Not a number", "44 requests in 41 batches, 2 repeated", "12 min 12 s", "Row 400,019 of the sheet")
	windowtest.Press(t, c, "Continue")
	if resumed != "run-2" {
		t.Errorf("continued %q", resumed)
	}
	windowtest.Press(t, c, "Copy")
	if text := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(text, "run-2") || !strings.Contains(text, "412,300") {
		t.Errorf("copied %q", text)
	}
	p.Shown()
	s.Until(func() bool { return !p.reads.Busy() })
	if p.current != "run-2" {
		t.Error("reading again went to another run")
	}
	f.err = errors.New("disk")
	windowtest.Press(t, c, "Refresh")
	s.Sees("The list of runs could not be read.", "Regional sales.xlsx")
}

func TestARunUnderWayIsFollowed(t *testing.T) {
	s := windowtest.NewStage(t)
	running := doneRun()
	running.Status, running.RowsSent = history.StatusRunning, 400
	f := &fakeRuns{stage: s, runs: []history.Receipt{running}}
	p := New(f, s)
	s.Put(p)
	s.Sees("Running", "400 rows to Orders")
	s.Until(func() bool { return !p.reads.Busy() })
	f.runs = []history.Receipt{doneRun()}
	p.follow()
	s.Sees("Done", "700 rows to Orders")
}

// TestWhatCanBeDoneWithARun: undo asks first, and says why not; run again leads to the
// check of the upload.
func TestWhatCanBeDoneWithARun(t *testing.T) {
	s := windowtest.NewStage(t)
	done, live := doneRun(), doneRun()
	done.FileHash, live.FileHash = "h", "h"
	live.RunID, live.Status, live.Started = "run-0", history.StatusRunning, time.Now().Add(-time.Hour)
	f := &fakeRuns{stage: s, runs: []history.Receipt{done, live}}
	p := New(f, s)
	p.OnAgain(func(r history.Receipt) { f.again = append(f.again, r.RunID) })
	s.Put(p)
	c := s.Win.Canvas()
	s.Sees("2 runs")
	if p.runs[0].RunID != "run-0" {
		t.Errorf("the run that goes on comes first: %v", p.runs[0].RunID)
	}
	windowtest.SeesNot(t, c, "Undo", "Run again")
	p.list.Select(1)
	p.show(p.runs[1])
	s.Sees("Undo", "Run again", "Export CSV")

	windowtest.Press(t, c, "Run again")
	windowtest.Press(t, c, "Undo")
	s.Sees("Undo this run?", `All 700 rows of the table "Orders" in "Sales" will be deleted.`)
	windowtest.Press(t, c, "Delete the rows")
	s.Until(func() bool { return len(f.undone) == 1 && !p.actions.work.Busy() && !p.reads.Busy() })
	if strings.Join(f.again, "") != "run-1" || strings.Join(f.undone, "") != "run-1" {
		t.Errorf("again %v, undone %v", f.again, f.undone)
	}
	f.why = "The table held rows of others."
	windowtest.Press(t, c, "Undo")
	s.Sees("This run cannot be undone. The table held rows of others.")
}

// TestAProtectedFileIsAskedAbout where rejects are saved and a run is undone; the undo can be
// paused and cancelled.
func TestAProtectedFileIsAskedAbout(t *testing.T) {
	s := windowtest.NewStage(t)
	done := doneRun()
	done.FileHash, done.RowsRejected, done.File = "h", 2, "orders.xlsx"
	f := &fakeRuns{stage: s, runs: []history.Receipt{done}, password: "open sesame", hold: make(chan *push.Pause, 1)}
	p := New(f, s)
	s.Put(p)
	c := s.Win.Canvas()
	s.Sees("1 run", "Save rejects")
	open := func(with string) {
		t.Helper()
		s.Sees("The workbook is protected", "orders.xlsx")
		for _, e := range windowtest.All[*widget.Entry](c) {
			if e.Password && e.Visible() {
				e.SetText(with)
			}
		}
		windowtest.Press(t, c, "Open")
	}
	windowtest.Press(t, c, "Save rejects")
	open("wrong")
	open("open sesame")
	s.Sees("Save the rejects")
	windowtest.Press(t, c, "Cancel")
	windowtest.Press(t, c, "Undo")
	open("open sesame")
	s.Sees("Undo this run?")
	windowtest.Press(t, c, "Delete the rows")
	held := <-f.hold
	s.Sees("Undoing", "Pause", "Cancel")
	windowtest.Press(t, c, "Pause")
	if !held.On() {
		t.Error("it is not paused")
	}
	if question := p.Busy(); !strings.Contains(question, "being undone") {
		t.Errorf("closing asks %q", question)
	}
	windowtest.Press(t, c, "Continue")
	windowtest.Press(t, c, "Cancel")
	s.Sees("Undoing did not finish")
	if held.On() {
		t.Error("it is still paused")
	}
}

// TestARunIsDeleted: after a question, and not while it runs.
func TestARunIsDeleted(t *testing.T) {
	s := windowtest.NewStage(t)
	running := doneRun()
	running.RunID, running.Status = "run-3", history.StatusRunning
	d := &fakeRuns{stage: s, runs: []history.Receipt{running, stoppedRun(), doneRun()}}
	p := New(d, s)
	s.Put(p)
	s.Sees("3 runs")
	c := s.Win.Canvas()
	for _, b := range windowtest.All[*widget.Button](c) {
		if b.Text() == "Delete this run" {
			t.Error("a run under way can be deleted")
		}
	}
	p.list.Choose(slices.IndexFunc(p.runs, func(r history.Receipt) bool { return r.Resumable }))
	windowtest.Press(t, c, "Delete this run")
	windowtest.Sees(t, c, "Delete this run?", "the rest of its rows cannot be sent", "stay in Power BI")
	windowtest.Press(t, c, "Cancel")
	windowtest.Press(t, c, "Delete this run")
	windowtest.Press(t, c, "Delete run")
	s.Sees("2 runs")
	if len(s.Toasts) != 1 {
		t.Errorf("said %q", s.Toasts)
	}
}

// TestUnknownBatchesAreAnsweredOneByOne: each unknown batch is listed with what tells its
// rows, and takes an answer of its own.
func TestUnknownBatchesAreAnsweredOneByOne(t *testing.T) {
	s := windowtest.NewStage(t)
	r := stoppedRun()
	r.Status = history.StatusUnknown
	r.UnknownBatches = []history.UnknownBatch{
		{Batch: 7, FirstRow: 60_002, LastRow: 70_001, Rows: 10_000, Sent: time.Now(), FirstKey: "Order 59999, Customer ACME", LastKey: "Order 69999, Customer Zed", Looked: "None of 8 of its rows that were looked for were in the table."},
		{Batch: 9, FirstRow: 80_002, LastRow: 90_001, Rows: 10_000, Sent: time.Now()},
	}
	f := &fakeRuns{stage: s, runs: []history.Receipt{r}}
	s.Put(New(f, s))
	c := s.Win.Canvas()
	s.Sees("Unknown batches", "Batch 7: 10,000 rows, rows 60,002 to 70,001 of the sheet", "Order 59999, Customer ACME", "None of 8", "Batch 9", "Not answered yet.")
	windowtest.Press(t, c, "They are stored")
	s.Sees("Your answer: count it as stored.", "Not answered yet.")
	if got := f.runs[0].UnknownBatches; got[0].Stored == nil || !*got[0].Stored || got[1].Stored != nil {
		t.Errorf("%+v", got)
	}
}

// TestARunThatIsNotProven: its receipt says so, and of which rows.
func TestARunThatIsNotProven(t *testing.T) {
	s := windowtest.NewStage(t)
	r := doneRun()
	r.Status, r.RowsUnproven, r.RowsConfirmed = history.StatusUnproven, 100, 600
	r.Unproven = []string{"That rows 2 to 101 of the sheet (100 rows, batch 1) were stored."}
	s.Put(New(&fakeRuns{stage: s, runs: []history.Receipt{r}}, s))
	s.Sees("Not proven", "of 100 rows it is not proven", "rows 2 to 101 of the sheet")
}
