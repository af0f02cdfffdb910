package window

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/storage"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/schema"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// TestATableIsChanged goes from a run to its table, changes it, and sends the run again;
// every control of the page is used.
func TestATableIsChanged(t *testing.T) {
	h := openHouse(t)
	h.sees("No connections yet")
	windowtest.Press(t, h.canvas, "Try it with sample data")
	h.sees("Ready to send")
	windowtest.Press(t, h.canvas, "Send 480 rows")
	h.sees("Done", "Confirmed")
	p, err := h.desk.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	is := func() powerbi.Table {
		t.Helper()
		def, _, err := p.Service().Definition(practice.Workspace, "Harbour coffee orders", "Orders")
		if err != nil {
			t.Fatal(err)
		}
		return def
	}
	was := is()
	h.Open(page.Activity)
	h.sees("1 run", "Show the table")
	windowtest.Press(t, h.canvas, "Show the table")
	h.sees("Harbour coffee orders in Practice workspace, 480 rows", "About this table", was.Columns[0].Name, "None of the workspace")
	if !windowtest.Button(t, h.canvas, "Review changes").Disabled() {
		t.Error("there is nothing to review, and the button works")
	}
	// A style loses nothing.
	windowtest.Fill(t, h.canvas, "Format", "0000")
	windowtest.Choose(t, h.canvas, "Data category", "PostalCode")
	windowtest.Choose(t, h.canvas, "Summarize by", "none")
	windowtest.Choose(t, h.canvas, "Sort by", was.Columns[1].Name)
	h.segment("Hidden")
	h.sees("Review 5 changes", "Changed")
	// A measure is added.
	h.segment("Measures")
	h.sees("No measures")
	windowtest.Press(t, h.canvas, "Add a measure")
	windowtest.Fill(t, h.canvas, "Name", "Orders sent")
	windowtest.Fill(t, h.canvas, "Description", "all of them")
	h.segment("Relationships")
	h.sees("No relationships", "cannot add, change or remove them later")
	windowtest.Press(t, h.canvas, "Review 7 changes")
	h.sees("What changes", "format none becomes 0000", "Measures added: Orders sent = COUNTROWS('Orders') (description all of them).", "Nothing is lost.", "Leave the rows as they are")
	windowtest.Press(t, h.canvas, "Change the table")
	h.sees("The table is changed. It holds 480 rows.", "Review changes")
	now := is()
	c := was.Columns[0]
	c.FormatString, c.DataCategory, c.SummarizeBy, c.SortByColumn, c.IsHidden = "0000", "PostalCode", "none", was.Columns[1].Name, true
	if now.Columns[0] != c || !slices.Equal(now.Columns[1:], was.Columns[1:]) || len(now.Measures) != 1 || now.Measures[0].Description != "all of them" {
		t.Errorf("%+v", now)
	}

	// A new name loses values, unless the run is sent again.
	h.segment("Columns")
	windowtest.Fill(t, h.canvas, "Name", "Code")
	h.sees("To Power BI this is another column.", "Review 1 change")
	windowtest.Press(t, h.canvas, "Add a column")
	windowtest.Press(t, h.canvas, "Remove") // the new one
	windowtest.Press(t, h.canvas, "Review 1 change")
	h.sees(was.Columns[0].Name+" becomes Code", "Something is lost or breaks")
	if !windowtest.Button(t, h.canvas, "Change the table").Disabled() {
		t.Error("it can be changed before the name is typed")
	}
	windowtest.Pick(t, h.canvas, "Send my runs again")
	h.sees("480 rows will be sent again from 1 run")
	windowtest.Fill(t, h.canvas, "Type the name of the dataset to continue", "Harbour coffee orders")
	windowtest.Press(t, h.canvas, "Change the table")
	h.sees("The table is changed. It holds 480 rows.")
	rows, err := p.Service().Rows(practice.Workspace, "Harbour coffee orders", "Orders")
	if err != nil || len(rows) != 480 || strings.Contains(string(rows[0]), `"Code":null`) || !strings.Contains(string(rows[0]), `"Code":`) {
		t.Errorf("%d rows, %.200s, %v", len(rows), rows, err)
	}
	// What is entered and not wanted is given up.
	windowtest.Press(t, h.canvas, "Remove")
	h.sees("Removed", "It will be removed from the table")
	windowtest.Press(t, h.canvas, "Keep")
	h.sees("Review changes")
	windowtest.Press(t, h.canvas, "Remove")
	windowtest.Press(t, h.canvas, "Review 1 change")
	h.sees("Dropped: Code")
	windowtest.Press(t, h.canvas, "Back to the columns")
	windowtest.Press(t, h.canvas, "Back")
	h.sees("Leave without changing the table?")
	windowtest.Press(t, h.canvas, "Leave")
	h.sees("2 runs") // Activity
	if got := is(); len(got.Columns) != len(was.Columns) {
		t.Errorf("%+v", got)
	}
}

// segment chooses a segment by its word, as the arrow keys do.
func (h *house) segment(word string) {
	h.Helper()
	for _, s := range windowtest.All[*widget.Segmented](h.canvas) {
		var words []string
		windowtest.Walk(s, func(o fyne.CanvasObject) bool {
			if text, ok := o.(*canvas.Text); ok && text.Text != "" {
				words = append(words, text.Text)
			}
			return true
		})
		at := slices.Index(words, word)
		if at < 0 {
			continue
		}
		for s.Selected() < at {
			s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		}
		for s.Selected() > at {
			s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
		}
		return
	}
	h.Fatalf("there is no segment %q; the screen says:\n%s", word, windowtest.Words(h.canvas))
}

// offers waits until the select of a form row offers something, and chooses it.
func (h *house) offers(label, option string) {
	h.Helper()
	h.until(func() bool {
		return slices.Contains(windowtest.Field(h.T, h.canvas, label).Input.(*widget.Select).Inner.Options, option)
	})
	windowtest.Choose(h.T, h.canvas, label, option)
}

func (h *house) until(done func() bool) {
	h.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(2 * time.Millisecond) {
		h.queue.Drain()
		if time.Now().After(end) {
			h.Fatalf("what was waited for never came; the screen says:\n%s", windowtest.Words(h.canvas))
		}
	}
}

// TestATableThatPowerBIDoesNotTell is opened from an upload: it is changed with a file that
// says what it is, and not on a guess.
func TestATableThatPowerBIDoesNotTell(t *testing.T) {
	h := openHouse(t)
	h.sees("No connections yet")
	conn, err := h.desk.PracticeConnection(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	api, err := h.desk.Connector.API(t.Context(), conn.ID)
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.desk.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id, err := p.Service().WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	wide := powerbi.Table{Name: "A table with quite a long name that does not fit into one line of the header"}
	keys := powerbi.Table{Name: "Keys", Columns: []powerbi.Column{{Name: "Key", DataType: powerbi.String}}}
	row := map[string]any{}
	for i := range powerbi.MaxColumns {
		wide.Columns = append(wide.Columns, powerbi.Column{Name: fmt.Sprintf("Column %d", i), DataType: powerbi.String, FormatString: "0.0", DataCategory: "Barcode"})
		row[wide.Columns[i].Name] = "x"
	}
	for i := range 10 {
		wide.Measures = append(wide.Measures, powerbi.Measure{Name: fmt.Sprintf("Measure %d", i), Expression: fmt.Sprintf("COUNTROWS(FILTER('%s',\n  [Column %d] = \"x\"))", wide.Name, i)})
	}
	dataset := powerbi.DatasetSchema{Name: "Wide", DefaultMode: "Push", Tables: []powerbi.Table{wide, keys},
		Relationships: []powerbi.Relationship{{Name: "to keys", FromTable: wide.Name, FromColumn: "Column 0", ToTable: "Keys", ToColumn: "Key"}}}
	made, err := api.CreateDataset(t.Context(), id, dataset, powerbi.RetentionNone)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"rows": []any{row}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.AddRows(t.Context(), id, made.ID, wide.Name, body); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "wide.json")
	data, err := json.Marshal(dataset)
	if err == nil {
		err = os.WriteFile(file, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	sheet := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(sheet, []byte("Column 0\nx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.Open(page.Table)
	h.sees("No table is open")
	windowtest.Press(t, h.canvas, "Go to Upload")
	h.Window.dropped([]fyne.URI{storage.NewFileURI(sheet)})
	h.sees("Next: Destination")
	h.until(func() bool { return !windowtest.Button(t, h.canvas, "Next: Destination").Disabled() })
	windowtest.Press(t, h.canvas, "Next: Destination")
	h.sees("Existing dataset")
	h.segment("Existing dataset")
	h.offers("Dataset", "Wide")
	h.offers("Table", wide.Name)
	windowtest.Press(t, h.canvas, "Show or change the table")
	h.sees("Wide in Practice workspace, 1 row", "The types are a guess", "Definition")
	windowtest.Press(t, h.canvas, "Remove")
	windowtest.Press(t, h.canvas, "Review 1 change")
	h.sees("its columns are not known for sure", "It is chosen on this page under Definition.")
	h.pages[page.Table].(*schema.Page).UseFile(file) // the dialog is Fyne's
	h.sees("The definition is read from wide.json.", "These are as the file says.", "Barcode", "Review changes")
	if !windowtest.Button(t, h.canvas, "Add a column").Disabled() {
		t.Error("a 76th column is offered")
	}
	h.segment("Relationships")
	h.sees("to keys", wide.Name+"[Column 0]", "OneDirection")
	h.segment("Measures")
	h.sees("Measure 0", "[Column 0]")
	windowtest.Fill(t, h.canvas, "DAX", "1")
	h.segment("Columns")
	windowtest.Fill(t, h.canvas, "Format", "0")
	windowtest.Choose(t, h.canvas, "Type", "Whole number (Int64)")
	h.sees("The values of the column may be lost.")
	windowtest.Press(t, h.canvas, "Review 3 changes")
	h.sees("Another type: Column 0 (String becomes Int64).", "The relationship “to keys”", "expression", "Type the name of the dataset to continue")
	windowtest.Pick(t, h.canvas, "Send my runs again")
	h.sees("The rows of the table cannot be sent again from the runs on this computer.")
	windowtest.Fill(t, h.canvas, "Type the name of the dataset to continue", "Wide")
	windowtest.Press(t, h.canvas, "Change the table")
	h.sees("The table is changed. It holds 1 row.", "as this computer created or last changed them")
	is, related, err := p.Service().Definition(practice.Workspace, "Wide", wide.Name)
	want := wide.Columns[0]
	want.DataType, want.FormatString = powerbi.Int64, "0"
	if err != nil || len(related) != 0 || is.Columns[0] != want || len(is.Columns) != 75 || len(is.Measures) != 10 || is.Measures[0].Expression != "1" || is.Measures[1] != wide.Measures[1] {
		t.Errorf("%+v, %+v, %v", is, related, err)
	}
	windowtest.Press(t, h.canvas, "Back")
	h.sees("Next: Columns") // where the upload was left
}
