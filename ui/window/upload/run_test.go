package upload

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/windowtest"
)

// things is a file that takes several requests.
func things(t *testing.T, rows int) string {
	var b strings.Builder
	b.WriteString("Item\n")
	for i := range rows {
		fmt.Fprintf(&b, "Thing %d\n", i)
	}
	return written(t, "things.csv", b.String())
}

// begin leads a file to the last step and presses Send.
func (h *house) begin(p *Page, path string) {
	h.Helper()
	p.Dropped([]string{path})
	h.until(func() bool { return p.now.draft.Reading.Book != nil && p.now.draft.Reading.Book.Path() == path })
	for p.current < stepSend {
		was := p.current
		h.next(p)
		h.until(func() bool { return p.current > was })
	}
	windowtest.Press(h.T, h.canvas, p.send.begin.Text())
}

func (h *house) faults() *faults.Set {
	h.Helper()
	p, err := h.desk.Practice(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return p.Service().Faults()
}

// TestTheTimePasses: a run that waits for the practice service continues when a person lets
// the time pass, and says how long it waited by the service's clock.
func TestTheTimePasses(t *testing.T) {
	h, p := uploading(t)
	b := h.faults().Behavior()
	b.Limits.RowsPerHour = 10_000
	if err := h.faults().SetBehavior(b); err != nil {
		t.Fatal(err)
	}
	h.begin(p, things(t, 15_000))
	h.sees("Waiting 59 min", "Power BI asked to wait", "Let the time pass")
	windowtest.Press(t, h.canvas, "Let the time pass")
	h.sees("Done", "of which 1 h waiting for Power BI")
	if n := h.stored("things", "things"); n != 15_000 {
		t.Errorf("%d rows are stored", n)
	}
}

func TestUploadIsCancelledAndContinued(t *testing.T) {
	h, p := uploading(t)
	held := make(chan struct{})
	h.faults().Add(faults.Fault{Operation: faults.OpRows, After: 2, Times: -1, Hold: held})
	h.begin(p, things(t, 95_000))
	h.sees("2 batches accepted", "of 95,000 rows sent")

	// While rows are sent nothing else can be begun, and closing asks.
	if p.Busy() == "" {
		t.Error("the window would close without asking")
	}
	p.Dropped([]string{prices(t)})
	p.bring(stepSource)
	if p.current != stepSend || p.now.draft.Reading.Book == nil || p.fileName() != "things.csv" {
		t.Error("the run was left")
	}

	windowtest.Press(t, h.canvas, "Cancel")
	h.sees("Stopping", "End now")
	close(held)
	h.sees("Stopped", "Continue", "The run was cancelled.")
	before := h.stored("things", "things")
	if before == 0 || before >= 95_000 {
		t.Errorf("%d rows are stored after the cancel", before)
	}
	h.faults().Clear()

	// It is continued from Activity, by another program if need be.
	p.Resume(h.receipt())
	h.sees("Done", "Upload another file")
	if n := h.stored("things", "things"); n != 95_000 {
		t.Errorf("%d rows are stored, want 95,000", n)
	}
	if p.Busy() != "" {
		t.Errorf("busy %q", p.Busy())
	}
}

// TestUploadIsPaused holds a run and lets it go on, without an answer being lost.
func TestUploadIsPaused(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	h, p := uploading(t)
	held := make(chan struct{})
	h.faults().Add(faults.Fault{Operation: faults.OpRows, After: 2, Times: -1, Hold: held})
	h.begin(p, things(t, 95_000))
	h.sees("2 batches accepted")
	windowtest.Press(t, h.canvas, "Pause")
	h.sees("Pausing", "Resume", "Cancel")
	close(held)
	h.sees("Paused")
	before := h.stored("things", "things")
	if before == 0 || before >= 95_000 {
		t.Errorf("%d rows are stored while it is paused", before)
	}
	windowtest.Press(t, h.canvas, "Resume")
	h.sees("95,000 rows sent.")
	if n := h.stored("things", "things"); n != 95_000 {
		t.Errorf("%d rows are stored, want 95,000", n)
	}
}

// TestUploadGoesOnInARenamedTable asks which table it is now.
func TestUploadGoesOnInARenamedTable(t *testing.T) {
	h, p := uploading(t)
	h.faults().Add(faults.Fault{Operation: faults.OpRows, After: 2, Times: -1, Role: practice.RoleViewer})
	h.begin(p, things(t, 55_000))
	h.sees("Failed", "Continue")
	r := h.receipt()
	local, err := h.desk.Practice(h.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := local.Service()
	h.faults().Clear()
	if err := errors.Join(s.SetRole(practice.Workspace, practice.AppPractice, practice.RoleAdmin), s.RenameTable(r.DatasetID, r.Table, "Objects")); err != nil {
		t.Fatal(err)
	}
	windowtest.Press(t, h.canvas, "Continue")
	h.sees("Was the table renamed?", "no longer has a table things", "Objects")
	pressLast(t, h, "Continue")
	h.sees("55,000 rows sent.")
	if n := h.stored("things", "Objects"); n != 55_000 || r.RowsSent == 0 {
		t.Errorf("%d rows are stored, want 55,000", n)
	}
}

// receipt is that of the newest run.
func (h *house) receipt() history.Receipt {
	h.Helper()
	list, err := h.desk.Runs.List(context.Background())
	if err != nil || len(list) == 0 {
		h.Fatalf("%d runs, %v", len(list), err)
	}
	return list[0]
}

func TestUploadThatLosesItsRole(t *testing.T) {
	h, p := uploading(t)
	h.faults().Add(faults.Fault{Operation: faults.OpRows, After: 5, Times: -1, Role: practice.RoleViewer})
	h.begin(p, things(t, 75_000)) // the sixth request goes out when one of the first five was answered
	h.sees("Failed", "Continue", "Contributor")
	r := h.receipt()
	if r.RowsSent == 0 || r.RowsNotSent == 0 || r.RowsRead != r.RowsSent+r.RowsRejected+r.RowsUnknown+r.RowsNotSent {
		t.Errorf("%+v", r)
	}
}

// TestUploadThatIsNotCertainAsksFirst loses an answer, and the count that would
// tell what became of the rows, so that a person has to decide.
func TestUploadThatIsNotCertainAsksFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for choice, twice := range map[string]bool{"Treat the rows as saved": false, "Send the rows again": true} {
		t.Run(choice, func(t *testing.T) {
			h, p := uploading(t)
			h.faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, CutAfter: true})
			h.faults().Add(faults.Fault{Operation: faults.OpQuery, Status: 401, ErrorInfo: "TokenExpired", Times: -1})
			h.begin(p, things(t, 25_000))
			h.sees("Unknown", "Continue")
			r := h.receipt()
			if r.Status != history.StatusUnknown || len(r.UnknownBatches) != 1 || r.RowsUnknown == 0 {
				t.Fatalf("%+v", r)
			}
			windowtest.Press(t, h.canvas, "Continue")
			h.sees("Some rows are unknown", humanize.Count(r.RowsUnknown, "row")+", rows", "First row: ")
			if p.send.running() {
				t.Fatal("it went on before it was told how")
			}
			windowtest.Pick(t, h.canvas, choice)
			pressLast(t, h, "Continue")
			h.sees("25,000 rows sent, "+humanize.Number(r.RowsUnknown)+" of them not proven.", "Not proven")
			want := 25_000 // the answer was lost, not the rows
			if twice {
				want += int(r.RowsUnknown)
			}
			if n := h.stored("things", "things"); n != want {
				t.Errorf("%d rows are stored, want %d", n, want)
			}
		})
	}
}

// TestASecondCancelEndsNow: a request that gets no answer is not waited for when Cancel is
// pressed once more.
func TestASecondCancelEndsNow(t *testing.T) {
	h, p := uploading(t)
	held := make(chan struct{})
	defer close(held)
	waits := h.faults().Add(faults.Fault{Operation: faults.OpRows, After: 2, Times: -1, Hold: held})
	h.begin(p, things(t, 95_000))
	h.sees("2 batches accepted", "of 95,000 rows sent")
	h.until(func() bool { return h.faults().Struck(waits) > 0 }) // a third is on its way
	windowtest.Press(t, h.canvas, "Cancel")
	h.sees("Stopping", "End now")
	windowtest.Press(t, h.canvas, "End now")
	h.sees("Unknown batches", "Continue")
	if r := h.receipt(); r.Status.Finished() || !r.Resumable || r.RowsUnknown == 0 {
		t.Errorf("%+v", r)
	}
}
