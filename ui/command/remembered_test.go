package command

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pushdesk/ui/command/cli"
)

// TestReadingsAreRemembered: how flags say to read a file holds for the next files of its
// name, which is said each time, until flags say otherwise or it is to be found again.
func TestReadingsAreRemembered(t *testing.T) {
	x := apart(t)
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	rows := func(args ...string) (n int64, recalled bool) {
		t.Helper()
		x.want(cli.ExitDone, append(args, "--json")...)
		var d struct {
			Rows      int64
			RowsTotal int64
			Remarks   []cli.Remark
		}
		x.document(&d)
		return d.Rows + d.RowsTotal, slices.ContainsFunc(d.Remarks, func(r cli.Remark) bool {
			return r.Code == "recalled" && slices.Contains(r.Flags, "--detect")
		})
	}
	sent := 0
	send := func(args ...string) (int64, bool) {
		t.Helper()
		sent++
		return rows(append([]string{"send", "--practice", "--dataset", fmt.Sprint("Towns ", sent)}, args...)...)
	}
	first, second := write("towns-2024-01.csv", "Oslo,Norway\nRome,Italy\n"), write("towns-2024-02.csv", "Bonn,Germany\nLyon,France\nLima,Peru\n")
	if n, recalled := rows("inspect", first); n != 1 || recalled {
		t.Errorf("%d rows, %v", n, recalled)
	}
	for _, looked := range [][]string{{"inspect", first}, {"send", first, "--practice", "--dry-run"}} { // looking decides nothing
		if n, recalled := rows(append(looked, "--header-row", "-1")...); n != 2 || recalled {
			t.Errorf("%v: %d rows, %v", looked, n, recalled)
		}
		if n, recalled := rows("inspect", second); n != 2 || recalled {
			t.Errorf("after %v: %d rows, %v", looked, n, recalled)
		}
	}
	if n, recalled := send(first, "--header-row", "-1"); n != 2 || recalled {
		t.Errorf("chosen: %d rows, %v", n, recalled)
	}
	if n, recalled := rows("inspect", second); n != 3 || !recalled {
		t.Errorf("the next file: %d rows, %v", n, recalled)
	}
	x.want(cli.ExitDone, "inspect", second)
	x.says("Read as you chose the last time for towns-*-*.csv: no column names.", "To find it again: --detect")
	if n, recalled := rows("send", second, "--practice", "--dry-run"); n != 3 || !recalled {
		t.Errorf("sent: %d rows, %v", n, recalled)
	}
	if n, recalled := send(second); n != 3 || !recalled {
		t.Errorf("the receipt: %d rows, %v", n, recalled)
	}
	if n, recalled := send(second, "--delimiter", ","); n != 3 || !recalled {
		t.Errorf("another flag: %d rows, %v", n, recalled)
	}
	if n, recalled := send(second, "--header-row", "1"); n != 2 || !recalled { // the delimiter still is
		t.Errorf("a flag wins: %d rows, %v", n, recalled)
	}
	if n, recalled := rows("inspect", second, "--detect"); n != 2 || recalled {
		t.Errorf("found again: %d rows, %v", n, recalled)
	}
	if n, recalled := rows("inspect", second); n != 2 || !recalled {
		t.Errorf("after looking: %d rows, %v", n, recalled)
	}
	if n, recalled := send(second, "--detect"); n != 2 || recalled {
		t.Errorf("sent as found again: %d rows, %v", n, recalled)
	}
	for range 2 {
		if n, recalled := rows("inspect", write("towns-2024-03.csv", "Oslo,Norway\nRome,Italy\n")); n != 1 || recalled {
			t.Errorf("forgotten: %d rows, %v", n, recalled)
		}
	}
	if n, recalled := rows("inspect", write("other.csv", "Oslo,Norway\nRome,Italy\n")); n != 1 || recalled {
		t.Errorf("another file: %d rows, %v", n, recalled)
	}

	x.want(cli.ExitDone, "send", "--practice", write("sold1.csv", "Region,Item,Sold\nEast,a,1\n,b,2\nWest,a,4\n"), "--fill-down", "Region")
	x.want(cli.ExitDone, "inspect", write("sold2.csv", "Area,Item,Sold\nEast,a,1\n,b,2\nWest,a,4\n"))
	x.says("The file cannot be read as the last time for sold*.csv", `has no column "Region"`)
}

// TestARefusalNamesWhatIsRemembered: a remembered delimiter that makes a file unfit is said by
// what refuses it, also without remarks.
func TestARefusalNamesWhatIsRemembered(t *testing.T) {
	x := newTerminal(t)
	folder := t.TempDir()
	for name, text := range map[string]string{"in-01.csv": "Town;N\nOslo;1\n", "in-02.csv": "Town,N\nRome,2\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	x.want(cli.ExitDone, "send", filepath.Join(folder, "in-01.csv"), "--practice", "--dataset", "D", "--table", "T", "--delimiter", ";")
	second := []string{"send", filepath.Join(folder, "in-02.csv"), "--practice", "--dataset", "D", "--table", "T", "--quiet"}
	for code, more := range map[int][]string{cli.ExitData: nil, cli.ExitUsage: {"--key", "N"}} {
		x.want(code, append(second, more...)...)
		x.says(`The file is read as you chose the last time for in-*.csv: values separated by ";". To find it again: --detect.`)
	}
	x.want(cli.ExitData, append(second, "--json")...)
	x.says("To find it again: --detect.")
	x.want(cli.ExitDone, append(second, "--detect")...)
}

// TestRowsAboveRememberedNames are named: in the next file they may be rows of the table.
func TestRowsAboveRememberedNames(t *testing.T) {
	x := newTerminal(t)
	folder := t.TempDir()
	for name, text := range map[string]string{"in-01.csv": "Report,\n\nTown,N\nOslo,1\n", "in-02.csv": "Town,N\nOslo,1\nRome,2\nLima,3\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	x.want(cli.ExitDone, "send", filepath.Join(folder, "in-01.csv"), "--practice", "--header-row", "3")
	x.says(`Row 1 is above the chosen column names and left out ("Report").`)
	x.want(cli.ExitDone, "inspect", filepath.Join(folder, "in-02.csv"))
	x.says(`Rows 1 and 2 are above the chosen column names and left out ("Town"). To take row 1 as the names: --header-row 1`, "--detect")
}

// TestARememberedEncodingIsDisproved by the bytes of the next file, which is UTF-8. What is
// remembered is a guess, which --strict refuses.
func TestARememberedEncodingIsDisproved(t *testing.T) {
	x := apart(t)
	folder := t.TempDir()
	for name, text := range map[string]string{"in-01.csv": "Name;N\nM\x81ller;1\n", "in-02.csv": "Name;N\nMüller;1\n", "in-03.csv": "Name;N\nM\x81ller;1\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := func(name string) string { return filepath.Join(folder, name) }
	x.want(cli.ExitDone, "send", file("in-01.csv"), "--practice", "--encoding", "ibm850")
	x.want(cli.ExitDone, "inspect", file("in-02.csv"))
	x.says("Müller", "UTF-8")
	x.want(cli.ExitDone, "inspect", file("in-03.csv"))
	x.says("Müller", "Read as you chose the last time")
	x.want(cli.ExitData, "send", file("in-03.csv"), "--practice", "--dataset", "Third", "--strict")
	x.says("the last time")
}

// TestTheTableIsNotRemembered: which sheet is sent is said by the command, not by what was
// looked at before; how that sheet is read is remembered.
func TestTheTableIsNotRemembered(t *testing.T) {
	x := apart(t)
	f := excelize.NewFile()
	for sheet, rows := range map[string][][]any{"Sheet1": {{"Town", "Sold"}, {"Oslo", 1}}, "Other": {{"Town", "Sold"}, {"Ort", "Stück"}, {"Bonn", 3}, {"Trier", 4}}} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "send", path, "--practice", "--sheet", "Other", "--header-row", "2")
	x.want(cli.ExitDone, "inspect", path)
	x.says(`sheet "Sheet1": 1 row`)
	if strings.Contains(x.stdout, "the last time") {
		t.Error(x.stdout)
	}
	recalls := func() {
		t.Helper()
		x.want(cli.ExitDone, "inspect", path, "--sheet", "Other")
		x.says("Read as you chose the last time for book.xlsx: column names in row 2.", "Stück")
	}
	recalls()
	x.want(cli.ExitDone, "send", path, "--practice", "--dataset", "First", "--sheet", "Sheet1", "--header-row", "-1") // each sheet has its own
	recalls()
	x.want(cli.ExitDone, "inspect", path)
	x.says("Read as you chose the last time for book.xlsx: no column names.")
}
