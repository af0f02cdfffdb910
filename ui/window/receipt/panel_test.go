package receipt

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"pushdesk/powerbi/push/history"
	"pushdesk/ui/window/windowtest"
)

// TestWhatIsNewIsInSight: a receipt that says something else, as after an undo, begins at
// its top; one that is only read again stays where it is.
func TestWhatIsNewIsInSight(t *testing.T) {
	s := windowtest.NewStage(t)
	p := NewPanel(s, nil)
	s.Win.SetContent(p.Content())
	s.Win.Resize(fyne.NewSize(600, 260))
	r := history.Receipt{RunID: "run-1", Status: history.StatusDone, RowsRead: 700, RowsSent: 700, Workspace: "Sales", Dataset: "Orders", Table: "Lines",
		Origin: history.Origin{File: "/data/orders.xlsx", Sheet: "Orders", By: "ann", Connection: "Sales EU"}, Started: time.Now()}
	p.Show(r)
	s.Win.Resize(fyne.NewSize(601, 260))
	test.Scroll(s.Win.Canvas(), fyne.NewPos(100, 200), 0, -150)
	down := p.content.Offset()
	if down == 0 {
		t.Fatal("the receipt does not scroll")
	}
	p.Show(r)
	if got := p.content.Offset(); got != down {
		t.Errorf("read again it goes from %v to %v", down, got)
	}
	r.Undone = time.Now()
	p.Show(r)
	if got := p.content.Offset(); got != 0 {
		t.Errorf("after the undo it is still scrolled by %v", got)
	}
}
