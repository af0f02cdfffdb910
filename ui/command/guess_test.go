package command

import (
	"os"
	"path/filepath"
	"testing"

	"pushdesk/ui/command/cli"
)

// TestAGuessIsInQuestion where values do not fit a type that was guessed from rows: the type
// is asked for, and the check after sending finds no difference once it is said.
func TestAGuessIsInQuestion(t *testing.T) {
	x := apart(t)
	to := []string{"--dataset", "Sales", "--table", "Orders"}
	x.ask(cli.ExitDone, append([]string{tempFile(t, "a.csv", []byte("ID,Amount\nA1,12\nA2,7\n")), "--type", "Amount=Double"}, to...)...)
	if err := os.Remove(filepath.Join(x.home, "tables.json")); err != nil {
		t.Fatal(err)
	}
	next := tempFile(t, "b.csv", []byte("ID,Amount\nA3,1.5\nA4,2.25\n"))
	for _, lines := range [][]string{nil, {"y"}} { // also with a person there
		x.lines = lines
		x.want(cli.ExitContract, append([]string{"send", next, "--practice", "--accept-guesses"}, to...)...)
		x.says("Amount was guessed as Whole number", "--type COLUMN=TYPE")
	}
	x.lines = nil
	a := x.ask(cli.ExitDone, append([]string{next, "--accept-guesses", "--type", "Amount=Double"}, to...)...)
	x.want(cli.ExitDone, "runs", "show", a.RunID)
	x.says("2 of 2 rows are in the table as they were sent")
	if rows := x.stored("Sales", "Orders"); len(rows) != 4 || rows[2]["Amount"] != 1.5 {
		t.Errorf("%v", rows)
	}
}
