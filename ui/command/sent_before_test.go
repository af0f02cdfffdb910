package command

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pushdesk/ui/command/cli"
)

// orderLines writes the orders from one number to another as text, with or without the
// column of the notes.
func orderLines(from, to int, notes bool) []byte {
	var b strings.Builder
	b.WriteString("Order,Day,Amount")
	if notes {
		b.WriteString(",Note")
	}
	for i := from; i <= to; i++ {
		fmt.Fprintf(&b, "\n%d,2026-03-%02d,%d.5", 1000+i, 1+i%28, i)
		if notes {
			fmt.Fprintf(&b, ",note %d", i%7)
		}
	}
	return []byte(b.String() + "\n")
}

// TestRowsAreKnownByContent: rows that were sent before are known in a file under another
// name, in another format and without a column; and not where they are no longer in the
// table.
func TestRowsAreKnownByContent(t *testing.T) {
	x := apart(t)
	to := func(path string, more ...string) []string {
		return append([]string{"send", path, "--practice", "--dataset", "Shop", "--table", "Orders"}, more...)
	}
	x.want(cli.ExitDone, to(tempFile(t, "march.csv", orderLines(1, 40, true)))...)

	saved := excelize.NewFile()
	defer saved.Close()
	for i, line := range strings.Split(strings.TrimSpace(string(orderLines(1, 40, true))), "\n") {
		var row []any
		for j, v := range strings.Split(line, ",") {
			var n float64
			if _, err := fmt.Sscan(v, &n); err == nil && j != 1 {
				row = append(row, n)
			} else {
				row = append(row, v)
			}
		}
		if err := saved.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	workbook := filepath.Join(t.TempDir(), "again.xlsx")
	if err := saved.SaveAs(workbook); err != nil {
		t.Fatal(err)
	}
	semicolons := []byte(strings.ReplaceAll(string(orderLines(1, 40, true)), ",", ";"))
	for name, path := range map[string]string{
		"renamed":    tempFile(t, "final version.csv", orderLines(1, 40, true)),
		"semicolons": tempFile(t, "march.txt", semicolons),
		"workbook":   workbook,
	} {
		x.t = t
		x.want(cli.ExitNothing, to(path)...)
		x.says("The same rows were sent to this table on", `from "march.csv"`, "--again")
		if x.want(cli.ExitNothing, to(path, "--only-new", "--json")...); !strings.Contains(x.stdout, `"code": "nothing-new"`) {
			t.Errorf("%s: %s", name, x.stdout)
		}
	}
	x.want(cli.ExitNothing, to(tempFile(t, "short.csv", orderLines(1, 40, false)), "--on-drift", "warn")...)
	x.says("Only one of the files has Note")

	other := tempFile(t, "other.csv", orderLines(2, 41, true)) // the same but for its first and last row
	x.want(cli.ExitNothing, to(other)...)
	x.says("39 of 40 rows were sent to this table before, but not as the beginning of this file")
	x.want(cli.ExitDone, to(other, "--again")...)
	x.want(cli.ExitDone, to(tempFile(t, "new.csv", orderLines(50, 60, true)), "--mode", "replace")...)
	x.want(cli.ExitDone, to(workbook)...) // its rows were replaced
}

// TestOnlyNewRows: a file that grows is said to begin with rows that were sent, and only
// its new rows can be sent, time after time.
func TestOnlyNewRows(t *testing.T) {
	x := apart(t)
	to := func(path string, more ...string) []string {
		return append([]string{"send", path, "--practice", "--dataset", "Shop", "--table", "Orders"}, more...)
	}
	x.want(cli.ExitDone, to(tempFile(t, "week 1.csv", orderLines(1, 40, true)), "--only-new")...)
	x.says("all of them are new")
	second := tempFile(t, "week 2.csv", orderLines(1, 52, true))
	x.want(cli.ExitNothing, to(second)...)
	x.says("Rows 1 to 40 of the file were sent to this table on", `from "week 1.csv"`, "--only-new", "--again")
	x.want(cli.ExitDone, to(second, "--only-new", "--dry-run")...)
	x.says("12 rows in 1 request")
	x.want(cli.ExitDone, to(second, "--only-new")...)
	x.says("They are left out", "12 rows sent")
	x.want(cli.ExitDone, to(tempFile(t, "week 3.csv", orderLines(1, 60, true)), "--only-new")...)
	x.says("Rows 1 to 52 of the file were sent to this table before", "8 rows sent")
	x.want(cli.ExitNothing, to(tempFile(t, "week 3 copy.csv", orderLines(1, 60, true)), "--only-new")...)
	x.says("The file has no new rows")
	rows := x.stored("Shop", "Orders")
	if len(rows) != 60 || rows[59]["Order"] != float64(1060) {
		t.Errorf("%d rows, the last %v", len(rows), rows[len(rows)-1])
	}
	x.want(cli.ExitUsage, to(second, "--only-new", "--mode", "replace")...)
	x.want(cli.ExitUsage, to(second, "--only-new", "--skip", "3")...)
	x.want(cli.ExitUsage, to(second, "--only-new", "--again")...)
}
