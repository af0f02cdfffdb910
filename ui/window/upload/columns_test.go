package upload

import (
	"fmt"
	"strings"
	"testing"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/remark"
	"pushdesk/ui/window/windowtest"

	fynewidget "fyne.io/fyne/v2/widget"
)

// columns is a text file with columns of numbers.
func columns(t *testing.T, name string, n int) string {
	var names, values []string
	for i := range n {
		names, values = append(names, fmt.Sprintf("Column %02d", i)), append(values, fmt.Sprint(i))
	}
	return written(t, name, strings.Join(names, ",")+"\n"+strings.Join(values, ",")+"\n")
}

func TestUploadOfANarrowerFileAfterAWideOne(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{columns(t, "wide.csv", 80)})
	h.next(p)
	h.next(p)
	h.sees("80 of 80 columns are sent", "Leave out 5 columns")
	p.Dropped([]string{columns(t, "narrow.csv", 3)})
	h.sees("1 row, 3 columns")
	h.next(p)
	h.next(p)
	h.sees("3 of 3 columns are sent")
}

func TestUploadAsksHowDatesAreWritten(t *testing.T) {
	t.Setenv("LC_ALL", "C.UTF-8") // a region that writes the day first
	h, p := uploading(t)
	p.Dropped([]string{written(t, "days.csv", "Item,Day,Amount\nCup,03/04/2026,1\nPot,05/06/2026,2\n")})
	h.next(p)
	h.next(p)
	h.sees("3 of 3 columns are sent", `"2026-04-03T00:00:00"`, "Day: The dates are ambiguous", wordDayFirst)
	asks := windowtest.All[*columnRow](h.canvas)[1].asks
	if !asks.Visible() || asks.Selected() != 0 {
		t.Fatalf("the row asks nothing: %v, %d", asks.Visible(), asks.Selected())
	}
	asks.Inner.SetSelected(wordMonthFirst)
	h.sees(`"2026-03-04T00:00:00"`)
	if p.columns.problem.Visible() {
		t.Errorf("it is still asked: %s", p.columns.problem.Sentence())
	}
	h.next(p)
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 2 rows")
	h.sees("Done", "Upload another file")
	for i, want := range []string{"2026-03-04", "2026-05-06"} {
		if row := h.rows("days", "days")[i]; !strings.Contains(row, want) {
			t.Errorf("%s was stored, want %s", row, want)
		}
	}
}

// rows are those the practice service keeps, as JSON.
func (h *house) rows(dataset, table string) (rows []string) {
	h.Helper()
	p, err := h.desk.Practice(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	kept, err := p.Service().Rows(practice.Workspace, dataset, table)
	if err != nil {
		h.Fatal(err)
	}
	for _, r := range kept {
		rows = append(rows, string(r))
	}
	return rows
}

func TestUploadAsksAboutTextsTooLong(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "letters.csv", "Item,Letter\nCup,"+strings.Repeat("x", 4_100)+"\n")})
	h.next(p)
	h.next(p)
	h.sees("2 of 2 columns are sent", "Report long texts")
	windowtest.All[*columnRow](h.canvas)[1].asks.Inner.SetSelected("Cut at 4,000 letters")
	h.next(p)
	h.sees("1 row in 1 request")
	if errors := p.now.draft.Checked.Report.Errors(); errors != 0 {
		t.Errorf("%d values cannot be sent", errors)
	}
}

func TestUploadSaysWhichColumnsOfATableGetNothing(t *testing.T) {
	h, p := uploading(t)
	h.send(p, written(t, "stock.csv", "Item,Pieces,Place\nCup,5,Hall\n"), "Send 1 row")
	p.Dropped([]string{written(t, "stock.csv", "Item\nPot\n")})
	h.sees("1 row, 1 column")
	h.next(p)
	h.next(p)
	h.sees("The table stock exists with 3 columns", "1 column matched, 2 missing in the file.", "Nothing in the file goes here.")
	windowtest.Choose(t, h.canvas, "Columns that do not match", "Send and say so")
	h.next(p)
	h.sees("Columns that do not match", "Missing in the file: Pieces, Place.", "1 row in 1 request")
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 1 row")
	h.sees("Done", "Missing in the file: Pieces, Place.")
}

// TestUploadAddsAColumn extends a table by a new column of the file, and keeps the rest.
func TestUploadAddsAColumn(t *testing.T) {
	h, p := uploading(t)
	h.send(p, written(t, "stock.csv", "Item,Pieces\nCup,5\n"), "Send 1 row")
	p.Dropped([]string{written(t, "stock.csv", "Item,Pieces,Colour\nPot,6,red\n")})
	h.sees("1 row, 3 columns")
	h.next(p)
	h.next(p)
	h.sees("Colour is new in the file and goes nowhere.")
	windowtest.Choose(t, h.canvas, "Columns that do not match", "Add new columns to the table")
	h.sees("Added to the table: Colour")
	h.next(p)
	h.sees("1 added to the table", "Added: Colour (String).")
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 1 row")
	h.sees("Done", "Upload another file")
	if rows := h.rows("stock", "stock"); len(rows) != 2 || !strings.Contains(rows[1], `"Colour":"red"`) || !strings.Contains(rows[0], `"Pieces":5`) {
		t.Errorf("%q", rows)
	}
}

// TestUploadChangesValues changes what is sent of a column by the dialog of its row, and
// fills another with a constant.
func TestUploadChangesValues(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "towns.csv", "Town,Land\n  ghent ,be\nparis,\n")})
	h.next(p)
	h.next(p)
	h.sees("2 of 2 columns are sent")
	row := func(i int) *columnRow { return windowtest.All[*columnRow](h.canvas)[i] }
	row(0).values()
	h.sees("Values of Town")
	windowtest.Choose(t, h.canvas, "Letters", "Title Case")
	windowtest.Fill(t, h.canvas, "Find and replace", "ghent => gent\nparis => Paris (FR)")
	h.sees(`"  Gent "`)
	for _, c := range windowtest.All[*fynewidget.Check](h.canvas) {
		if c.Text == "Drop spaces at both ends" {
			c.SetChecked(true)
		}
	}
	h.sees(`"Gent"`)
	windowtest.Press(t, h.canvas, "Use")
	h.sees("The values are changed as chosen.")
	row(1).values()
	windowtest.Fill(t, h.canvas, "The same value in every row", "Europe")
	windowtest.Press(t, h.canvas, "Use")
	h.sees("The same value in every row.", `"Europe"`)
	h.next(p)
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 2 rows")
	h.sees("Done", "Upload another file")
	for i, want := range []string{`"Town":"Gent"`, `"Town":"Paris (Fr)"`} {
		if got := h.rows("towns", "towns")[i]; !strings.Contains(got, want) || !strings.Contains(got, `"Land":"Europe"`) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestUploadSaysEveryRemark shows in the step Check what the draft remarks.
func TestUploadSaysEveryRemark(t *testing.T) {
	h, p := uploading(t)
	h.send(p, written(t, "stock.csv", "Item,Pieces\nCup,5\n"), "Send 1 row")
	p.Dropped([]string{written(t, "stock.csv", "ITEM,Pieces,Share\nPot,6,1 %\nPan,7,n/a\n")})
	h.sees("2 rows, 3 columns")
	h.next(p)
	h.next(p)
	h.sees("Share is new in the file and goes nowhere.")
	windowtest.Choose(t, h.canvas, "Columns that do not match", "Send and say so")
	h.next(p)
	h.sees("Will be sent")
	list := p.now.draft.Remarks()
	if !remark.Has(list, job.RemarkNew) || !remark.Has(list, job.RemarkMatched) {
		t.Errorf("%+v", list)
	}
	h.sees(remark.Sentences(list)...)
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 2 rows")
	h.sees("Done", "Upload another file")
	h.sees(remark.Sentences(list)...)
}
