package upload

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/ui/window/windowtest"
)

// pickOption chooses an operator of a condition as a person does.
func pickOption(t *testing.T, r *conditionRow, op string) {
	t.Helper()
	for i, o := range r.op.Inner.Options {
		if o == op {
			r.op.Inner.SetSelectedIndex(i)
			return
		}
	}
	t.Fatalf("%q is not offered: %v", op, r.op.Inner.Options)
}

// TestUploadOfSomeRows: conditions are set above the columns, checked at once, and
// only the rows that meet them are sent.
func TestUploadOfSomeRows(t *testing.T) {
	h, p := uploading(t)
	orders := "Order,Region,Amount,Day\n1,West,99.5,2026-01-31\n2,East,100,2026-02-01\n3,west,100,2026-02-02\n4,,2000,2026-02-03\n5,West,250,2026-02-04\n"
	p.Dropped([]string{written(t, "orders.csv", orders)})
	h.next(p)
	h.next(p)
	h.sees("Every row of the file is sent.")
	windowtest.Press(t, h.canvas, "Only some rows")
	h.sees("Only rows where", "Only rows where Order is not blank.")
	rows := p.columns.filter.rows
	rows[0].column.Inner.SetSelectedIndex(1)
	pickOption(t, rows[0], "is")
	h.sees("Type the value to compare with.", "Fix the conditions first")
	windowtest.SeesNot(t, h.canvas, "has no value") // nobody has typed anything wrong yet
	rows[0].value.SetText("x")
	rows[0].value.SetText("")
	h.sees("The condition on “Region” has no value.")
	rows[0].value.SetText("West")
	h.sees("Only rows where Region is West.")
	test.Tap(rows[0].more)
	rows = p.columns.filter.rows
	rows[1].column.Inner.SetSelectedIndex(2)
	pickOption(t, rows[1], "is at least")
	rows[1].value.SetText("a lot")
	h.sees("“a lot” is not a number")
	if !p.next.Disabled() {
		t.Error("a wrong condition lets on")
	}
	rows[1].value.SetText("100")
	h.sees("Only rows where Region is West and Amount is at least 100.")
	if rows[0].more.Visible() || !rows[1].more.Visible() {
		t.Error("not the last condition only offers another one")
	}
	h.next(p)
	h.sees("Rows in the file", "Meet the conditions", "The conditions leave out 3 rows of the file.", "2 rows in 1 request")
	h.next(p)
	h.sees("Conditions", "Only rows where Region is West and Amount is at least 100")
	windowtest.Press(t, h.canvas, "Send 2 rows")
	h.sees("Done", "Upload another file", "Amount is at least 100: 2 of 5 rows")
	stored := h.rows("orders", "orders")
	if len(stored) != 2 || !strings.Contains(stored[0], `"Order":3`) || !strings.Contains(stored[1], `"Order":5`) {
		t.Errorf("%v", stored)
	}

	// Another file begins with every row.
	p.restart()
	p.Dropped([]string{written(t, "orders.csv", orders)})
	h.next(p)
	h.next(p)
	h.sees("Every row of the file is sent.")
	if f := p.now.draft.Mapping.Filter; len(f) != 0 {
		t.Errorf("%+v", f)
	}

	// A condition follows the type of its column, and can be taken away.
	windowtest.Press(t, h.canvas, "Only some rows")
	row := p.columns.filter.rows[0]
	row.column.Inner.SetSelectedIndex(2)
	pickOption(t, row, "is above")
	row.value.SetText("99")
	h.sees("Only rows where Amount is above 99.")
	p.columns.change(func(m *mapping.Mapping) { m.Fields[2].Target.DataType = powerbi.String })
	h.sees("does not fit the column “Amount”, which is compared as Text")
	pickOption(t, row, "contains")
	h.sees("Only rows where Amount contains 99.")
	windowtest.Press(t, h.canvas, "Remove this condition")
	h.sees("Every row of the file is sent.")

	// Where a limit stands in the way, the plan leads here.
	h.next(p)
	h.sees("5 rows in 1 request")
	limited := p.now.draft.Checked.Plan
	limited.Choices = []plan.Choice{{Kind: plan.ChoiceFilter, Rows: 5, Sentence: "Send only some of the rows."}}
	p.check.showPlan(limited)
	windowtest.Press(t, h.canvas, "Choose")
	h.sees("Only some rows")
	if p.current != stepColumns {
		t.Errorf("it leads to the step %d", p.current)
	}
}
