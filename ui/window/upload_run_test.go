package window

import (
	"fmt"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push"
	"pushdesk/ui/window/part"
	"pushdesk/ui/window/probe"
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
func (h *house) begin(p *uploadPage, path string) {
	h.Helper()
	p.Dropped([]string{path})
	h.until(func() bool { return p.upload.Reading.Book != nil && p.upload.Reading.Book.Path() == path })
	for p.current < stepSend {
		was := p.current
		h.next(p)
		h.until(func() bool { return p.current > was })
	}
	probe.Press(h.T, h.canvas, p.send.begin.Text())
}

func (h *house) faults() *practice.Faults {
	h.Helper()
	p, err := h.desk.Practice(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return p.Service().Faults()
}

func TestUploadIsCancelledAndContinued(t *testing.T) {
	h, p := uploading(t)
	held := make(chan struct{})
	h.faults().Add(practice.Fault{Operation: practice.OpRows, After: 2, Times: -1, Hold: held})
	h.begin(p, things(t, 95_000))
	h.sees("2 batches accepted", "of 95,000 rows sent")

	// While rows are sent nothing else can be begun, and closing asks.
	if p.Busy() == "" {
		t.Error("the window would close without asking")
	}
	p.Dropped([]string{prices(t)})
	p.show(stepSource)
	if p.current != stepSend || p.upload.Reading.Book == nil || p.fileName() != "things.csv" {
		t.Error("the run was left")
	}

	probe.Press(t, h.canvas, "Cancel")
	h.sees("Stopping")
	close(held)
	h.sees("Stopped", "Continue", "The run was cancelled.")
	before := h.stored("things", "things")
	if before == 0 || before >= 95_000 {
		t.Errorf("%d rows are stored after the cancel", before)
	}
	h.faults().Clear()

	// It is continued from Activity, by another program if need be.
	h.Open(Activity)
	h.sees("1 run", "Stopped")
	h.pages[Activity].(*activityPage).receipt.onResume(h.receipt())
	h.sees("Done", "Upload another file")
	if n := h.stored("things", "things"); n != 95_000 {
		t.Errorf("%d rows are stored, want 95,000", n)
	}
	if h.current != Upload || p.Busy() != "" {
		t.Errorf("page %s, busy %q", h.current, p.Busy())
	}
}

// receipt is that of the newest run.
func (h *house) receipt() push.Receipt {
	h.Helper()
	list, err := h.desk.Runs.List()
	if err != nil || len(list) == 0 {
		h.Fatalf("%d runs, %v", len(list), err)
	}
	return list[0]
}

func TestUploadThatLosesItsRole(t *testing.T) {
	h, p := uploading(t)
	h.faults().Add(practice.Fault{Operation: practice.OpRows, After: 1, Times: -1, Role: practice.RoleViewer})
	h.begin(p, things(t, 25_000))
	h.sees("Failed", "Continue", "Contributor")
	r := h.receipt()
	if r.RowsSent == 0 || r.RowsRead != r.RowsSent+r.RowsRejected+r.RowsUnknown+r.RowsNotSent {
		t.Errorf("%+v", r)
	}
}

func TestUploadThatIsNotCertainAsksFirst(t *testing.T) {
	h, p := uploading(t)
	asked := 0
	p.send.decide(push.Receipt{RunID: "0190a0a0-0000-7000-8000-000000000000", RowsUnknown: 400, Doubtful: []push.DoubtfulBatch{{Rows: 400}}})
	h.sees("Some rows are not certain", "400 rows", "Take the rows as stored", "Send the rows again")
	for _, c := range probe.All[*part.Choices](h.canvas) {
		if c.Visible() {
			asked++
		}
	}
	if asked == 0 {
		t.Error("there is nothing to choose")
	}
	probe.Press(t, h.canvas, "Continue")
	h.sees("There is no run") // it was never on this computer
	if p.send.running() {
		t.Error("it runs")
	}
}
