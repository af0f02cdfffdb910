package command

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi/push/history"
	"pushdesk/ui/command/cli"
)

// orders is a text file with numbers that have a decimal comma, dates with the day
// first, a column of codes, and blanks.
func orders(t *testing.T) string {
	t.Helper()
	return tempFile(t, "orders.csv", []byte(strings.Join([]string{
		"Order;Region;Amount;Day;Note;Internal",
		"1;West;1.234,50;31.01.2026;;5",
		"2;west ;99,99;31.01.2026;late;6",
		"3;East;500,00;01.02.2026;;7",
		"4;West;100,00;13.02.2026;very late;8",
		"5;;2.000,00;14.02.2026;;9",
		"6;West;100,01;15.03.2026;paid;10", ""}, "\n")))
}

// TestSendWhere: exactly the rows that meet the conditions are stored.
func TestSendWhere(t *testing.T) {
	path := orders(t)
	for i, c := range []struct {
		args []string
		want []float64
	}{
		{[]string{"--where", "Region=West", "--where", "Amount>=100"}, []float64{1, 4, 6}},
		{[]string{"--where", "amount > 100", "--where", "Amount<=1234.50"}, []float64{1, 3, 6}},
		{[]string{"--where", "Note is not blank"}, []float64{2, 4, 6}},
		{[]string{"--where", "Note is blank", "--where", "B!=east"}, []float64{1, 5}},
		{[]string{"--where", "Note contains LATE"}, []float64{2, 4}},
		{[]string{"--where", "Day<=2026-01-31"}, []float64{1, 2}},
		{[]string{"--where", "Day>2026-02-13", "--skip", "1"}, []float64{6}},
		// A column that is not sent is compared as what its values are, and one that is
		// sent as text as that text.
		{[]string{"--leave-out", "Internal", "--where", "Internal>=10"}, []float64{6}},
		{[]string{"--type", "Amount=String", "--where", "Amount=1.234,50"}, []float64{1}},
	} {
		x := newTerminal(t)
		dataset := fmt.Sprint("Orders ", i)
		x.want(cli.ExitDone, append([]string{"send", path, "--practice", "--dataset", dataset, "--json"}, c.args...)...)
		var got []float64
		for _, row := range x.stored(dataset, "orders") {
			got = append(got, row["Order"].(float64))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: stored %v, want %v", c.args, got, c.want)
		}
		var members struct {
			history.Receipt
			RowsFiltered int64 `json:"rowsFiltered"`
		}
		x.document(&members)
		if members.RowsRead != int64(len(c.want)) || i != 6 && members.RowsFiltered != 6-members.RowsRead || len(members.Mapping.Filter) == 0 {
			t.Errorf("%v: %s", c.args, x.stdout)
		}
	}
}

// TestSendWhereSaysWhatIsSent: in the plan, in the receipt, and in that of later.
func TestSendWhereSaysWhatIsSent(t *testing.T) {
	x := apart(t)
	path := orders(t)
	where := []string{"--where", "Region=West", "--where", "Amount>=100"}
	x.want(cli.ExitDone, append([]string{"send", path, "--practice", "--dry-run"}, where...)...)
	x.says("Only rows where Region is West and Amount is at least 100: 3 of 6 rows.", "The conditions leave out 3 rows of the file.", "Checked.")
	x.want(cli.ExitDone, append([]string{"send", path, "--practice"}, where...)...)
	x.says("3 rows sent", "Only rows where Region is West and Amount is at least 100: 3 of 6 rows")

	// The rest of the file is not the same rows, and the same ones are.
	x.want(cli.ExitDone, "send", path, "--practice", "--where", "Region!=West")
	x.want(cli.ExitNothing, append([]string{"send", path, "--practice"}, where...)...)
	x.says("The same rows were sent to this table")
	x.want(cli.ExitDone, "runs", "list", "--json")
	if n := len(x.stored("orders", "orders")); n != 5 {
		t.Errorf("%d rows are stored", n)
	}
}

// TestSendWhereComplains: nothing is sent, and it is said what is wrong.
func TestSendWhereComplains(t *testing.T) {
	path := orders(t)
	for _, c := range []struct {
		where string
		code  int
		says  string
	}{
		{"Land=West", cli.ExitUsage, "The file has no column “Land”"},
		{"Region", cli.ExitUsage, "“Region” is not a condition"},
		{"Region>West", cli.ExitUsage, "does not fit the column “Region”"},
		{"Amount=much", cli.ExitUsage, "“much” is not a number"},
		{"Amount=1.234,50", cli.ExitUsage, "Write it with digits and a point only"},
		{"Day=31.01.2026", cli.ExitUsage, "Write it as 2026-01-31"},
		{"Amount contains 5", cli.ExitUsage, "Only text can contain something"},
		{"Region=", cli.ExitUsage, "has no value"},
		{"Region=North", cli.ExitData, "No sendable row matches the conditions"},
	} {
		x := newTerminal(t)
		x.want(c.code, "send", path, "--practice", "--where", c.where)
		x.says(c.says)
	}
	x := newTerminal(t)
	x.want(cli.ExitUsage, "send", path, "--practice", "--create", "--dataset", "d", "--into", "orders=orders", "--where", "Region=West")
	x.says("--where")
	x.want(cli.ExitUsage, "send", path, "--practice", "--json", "--where", "Land=West")
	var document map[string]json.RawMessage
	x.document(&document)
	if !strings.Contains(string(document["error"]), "Land") {
		t.Error(x.stdout)
	}
}
