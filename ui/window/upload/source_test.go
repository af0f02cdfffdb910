package upload

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/window/upload/preview"
	"pushdesk/ui/window/windowtest"
)

// report is a sheet with a title, names in two rows, an error and a total below.
func report(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for at, row := range map[string][]any{
		"A1": {"Sales by quarter"}, "A3": {"Product", "2023", nil, "2024", nil}, "A4": {nil, "Sold", "Left", "Sold", "Left"},
		"A5": {"Tea", 1, 2, 3, 4}, "A6": {"Milk", 5, 6, 7, nil}, "A7": {"Total", 6, 8, 10, 4},
	} {
		if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "E6", "=1+1"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report-2024-03.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestChoicesAreRemembered: what was chosen for a file holds when it is opened again,
// and for the next file of its pattern, until it is to be found again.
func TestChoicesAreRemembered(t *testing.T) {
	h, p := uploading(t)
	path := report(t)
	whole := func() bool {
		r := p.now.draft.Reading
		return !p.source.full.Busy() && !p.source.reads.Busy() && r.Book != nil && !r.Profile.Provisional
	}
	p.source.open(path)
	h.until(whole)
	h.sees("Rows 3 and 4 hold the column names", "Row 7 is the total of the rows above (\"Total\"). It is left out.", "Left out", "Keep")
	if got := (preview.Rows{Reading: p.now.draft.Reading}).Columns(); got[1].Name != "2023 – Sold" || !strings.Contains(got[4].Type, "1 problem") {
		t.Errorf("%+v", got)
	}
	h.until(func() bool { return len(p.source.recent.files) == 1 })

	windowtest.Press(t, h.canvas, "Keep")
	h.until(func() bool { return whole() && p.now.draft.Reading.Profile.Rows == 3 })
	h.sees("It is sent like any other row.", "Leave out")
	one := headerChoice{row: 4, rows: 1}
	for i, c := range p.source.header {
		if c == one {
			p.source.chooseHeader(i)
		}
	}
	h.until(func() bool { return whole() && p.now.draft.Reading.Layout.HeaderRows == 1 })
	h.until(func() bool {
		c, ok := h.desk.ChoiceFor(path)
		return ok && c.HeaderRow == 4 && c.Source.Totals == infer.KeepAll
	})

	p.restart()
	h.until(func() bool { return p.source.zone.Visible() })
	h.sees("Opened before", "report-2024-03.xlsx")
	p.source.recent.list.Choose(0)
	h.until(whole)
	h.sees("Read as you chose the last time for report-*-*.xlsx: column names in row 4 and totals and notes sent as rows.", "You chose row 4", "Find it again")
	if r := p.now.draft.Reading; r.Profile.Rows != 3 || r.Layout.HeaderRow != 4 || r.Layout.HeaderRows != 1 {
		t.Errorf("%+v", r.Layout)
	}
	if next, ok := h.desk.ChoiceFor(filepath.Join(filepath.Dir(path), "report-2025-11.xlsx")); !ok || next.HeaderRow != 4 {
		t.Errorf("the next file of the pattern: %+v %v", next, ok)
	}
	windowtest.Press(t, h.canvas, "Find it again")
	h.until(func() bool { return whole() && p.now.draft.Reading.Layout.HeaderRows == 2 })
	h.sees("Row 7 is the total of the rows above (\"Total\"). It is left out.")
}

// TestChoicesAreKeptInOrder: a choice that is slow to be kept never replaces one that was
// made after it.
func TestChoicesAreKeptInOrder(t *testing.T) {
	h, p := uploading(t)
	slow := make(chan struct{})
	var mu sync.Mutex
	var order []string
	keep := func(name string) error {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, name)
		return nil
	}
	p.source.recent.change(func() error { <-slow; return keep("first") })
	p.source.recent.change(func() error { return keep("second") })
	time.AfterFunc(20*time.Millisecond, func() { close(slow) })
	h.until(func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(order) == 2
	})
	if order[1] != "second" {
		t.Errorf("kept in the order %v", order)
	}
}
