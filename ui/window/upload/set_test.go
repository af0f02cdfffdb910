package upload

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"pushdesk/assets"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/window/windowtest"
)

// on leads an upload to the last step.
func (h *house) on(p *Page) {
	h.Helper()
	for p.current < stepSend {
		was := p.current
		h.until(func() bool { return !p.now.draft.Reading.Profile.Provisional })
		h.next(p)
		h.until(func() bool { return p.current > was })
	}
}

// TestUploadOfSeveralTables lays a table by, takes it out and lays it by again, and
// sends it with another into a dataset that is made with both.
func TestUploadOfSeveralTables(t *testing.T) {
	h, p := uploading(t)
	path := filepath.Join(t.TempDir(), assets.SampleName)
	if err := os.WriteFile(path, assets.Sample, 0o600); err != nil {
		t.Fatal(err)
	}
	p.path(path)
	h.sees("480 rows")
	first := p.now.draft.Reading.Layout.Source.Name
	h.on(p)
	dataset, table := p.now.draft.Place.Target.DatasetName, p.now.draft.Place.Target.Table
	windowtest.Press(t, h.canvas, "Add another table")
	h.until(func() bool { return p.current == stepSource && len(p.now.others) == 1 })

	// Another table is proposed. The same one is not taken twice, nor one of another dataset.
	h.next(p)
	h.until(func() bool { return p.current == stepDestination && p.destination.blocked() == "" })
	if got := p.destination.newTable.Text; got != table+" 2" {
		t.Errorf("the second table is to be called %q", got)
	}
	windowtest.Fill(t, h.canvas, "Table name", table)
	h.sees("was added already")
	windowtest.Fill(t, h.canvas, "Table name", "Other")
	windowtest.Fill(t, h.canvas, "Dataset name", "Elsewhere")
	h.sees("choose the same dataset")
	windowtest.Fill(t, h.canvas, "Dataset name", dataset)
	p.bring(stepSource)
	windowtest.Choose(t, h.canvas, "Sheet, table or named range", "Targets")
	h.until(func() bool {
		return p.now.draft.Reading.Layout.Source.Name == "Targets" && !p.now.draft.Reading.Profile.Provisional
	})
	h.on(p)
	h.sees("Sent in the same run", table+": 480 rows from "+first, "Together:", "into 2 tables", "Send 2 tables", "Remove")

	windowtest.Press(t, h.canvas, "Remove")
	h.until(func() bool { return len(p.now.others) == 0 })
	windowtest.SeesNot(t, h.canvas, "Sent in the same run", "Send 2 tables")
	windowtest.Press(t, h.canvas, "Add another table")
	h.until(func() bool { return p.current == stepSource && len(p.now.others) == 1 })
	windowtest.Choose(t, h.canvas, "Sheet, table or named range", first)
	h.until(func() bool {
		return p.now.draft.Reading.Layout.Source.Name == first && !p.now.draft.Reading.Profile.Provisional
	})
	h.on(p)
	h.sees("Send 2 tables")
	held := make(chan struct{})
	h.faults().Add(faults.Fault{Operation: faults.OpRows, Hold: held})
	windowtest.Press(t, h.canvas, "Send 2 tables")
	h.sees("(table 1 of 2)", "Targets")
	close(held)
	h.sees("2 tables,", "rows sent.", "Done")
	receipts := p.send.which
	if !p.send.whichBox.Visible() || len(receipts.Inner.Options) != 2 || p.send.receipt.Receipt().Table != table {
		t.Errorf("the receipts offered are %q, and that of %s is shown", receipts.Inner.Options, p.send.receipt.Receipt().Table)
	}
	receipts.Inner.SetSelectedIndex(0)
	if got := p.send.receipt.Receipt(); got.Table != "Targets" || got.RowsSent != 40 {
		t.Errorf("the receipt of %s with %d rows is shown", got.Table, got.RowsSent)
	}
	if n := h.stored(dataset, table); n != 480 {
		t.Errorf("%d rows are in the first table", n)
	}
	if n := h.stored(dataset, "Targets"); n == 0 {
		t.Error("the second table is empty")
	}
	if list, err := h.desk.Runs.List(context.Background()); err != nil || len(list) != 2 || list[0].DatasetID != list[1].DatasetID {
		t.Errorf("%d runs, %v", len(list), err)
	}

	// A dataset that exists takes no new table: the next one goes into one that it has.
	p.restart()
	p.path(path)
	h.sees("480 rows")
	h.on(p)
	windowtest.Press(t, h.canvas, "Add another table")
	h.until(func() bool { return p.current == stepSource && len(p.now.others) == 1 })
	h.next(p)
	h.until(func() bool { return p.current == stepDestination && p.destination.blocked() == "Choose a table" })
	if d := p.destination; d.kind.Selected() != kindExisting || d.datasets[d.dataset.Selected()].Name != dataset || len(d.tables) != 2 {
		t.Errorf("the second table is offered kind %d, dataset %d, %d tables", d.kind.Selected(), d.dataset.Selected(), len(d.tables))
	}
}
