package command

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pushdesk/powerbi/practice"
	"pushdesk/ui/command/cli"
)

// TestMoreThanOneSheet is R9: which sheet is read is said, and that there are others, in
// inspect, a dry run, a send and its receipt; not where there are none, and not of a sheet
// that is hidden.
func TestMoreThanOneSheet(t *testing.T) {
	x := apart(t)
	both := twoSheets(t, false)
	x.want(cli.ExitDone, "inspect", both, "--json")
	var seen struct{ Remarks []cli.Remark }
	x.document(&seen)
	says := func(list []cli.Remark) (said string) {
		for _, r := range list {
			if r.Code == "other-tables" {
				said += r.Sentence + strings.Join(r.Flags, " ")
			}
		}
		return said
	}
	if got := says(seen.Remarks); !strings.Contains(got, "Depots") || !strings.Contains(got, "--sheet") {
		t.Errorf("inspect says %q", got)
	}
	x.want(cli.ExitDone, "inspect", both)
	x.says("Orders", "Depots")
	to := []string{"send", both, "--practice", "--dataset", "Both", "--table", "T"}
	for _, line := range [][]string{append(to[:len(to):len(to)], "--dry-run"), to} {
		r := x.ran(cli.ExitDone, line...)
		if got := says(r.Remarks); !strings.Contains(got, "Depots") {
			t.Errorf("%v says %q", line, got)
		}
	}
	if got := says(x.ran(cli.ExitDone, "runs", "show", "last").Remarks); !strings.Contains(got, "Depots") {
		t.Errorf("the receipt says %q", got)
	}
	if got := says(x.ran(cli.ExitDone, "send", both, "--practice", "--sheet", "Depots", "--dataset", "Depots", "--dry-run").Remarks); !strings.Contains(got, "Orders") {
		t.Errorf("of the other one it says %q", got)
	}
	for name, f := range map[string]func(*excelize.File){
		"one":    func(f *excelize.File) { _ = f.DeleteSheet("Depots") },
		"hidden": func(f *excelize.File) { _ = f.SetSheetVisible("Depots", false) },
	} {
		book, err := excelize.OpenFile(both)
		if err != nil {
			t.Fatal(err)
		}
		f(book)
		path := filepath.Join(t.TempDir(), name+".xlsx")
		if err := book.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		if got := says(x.ran(cli.ExitDone, "send", path, "--practice", "--dataset", name, "--dry-run").Remarks); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestLongValuesAreCutAndSaySo is R10: on a terminal, and inspect has them whole in JSON.
func TestLongValuesAreCutAndSaySo(t *testing.T) {
	x := apart(t)
	long := strings.Repeat("a long text ", 400)
	path := tempFile(t, "long.csv", []byte("ID,Text,Units\n1,"+long+",5\n2,short,"+strings.Repeat("many", 50)+"\n3,short,7\n"))
	x.want(cli.ExitDone, "inspect", path)
	if strings.Contains(x.stdout, long[:1000]) {
		t.Error("a value is shown in full length")
	}
	x.says("…", "Values that end with … are cut; --json has")
	x.want(cli.ExitData, "send", path, "--practice", "--type", "Units=Int64", "--dry-run")
	x.says("…", "Values that end with … are cut; --json has")
	if strings.Contains(x.stdout+x.stderr, strings.Repeat("many", 50)) {
		t.Error("a value is shown in full length")
	}
	x.want(cli.ExitDone, "inspect", path, "--json")
	if !strings.Contains(x.stdout, strings.Repeat("many", 50)) {
		t.Errorf("the JSON cuts a value:\n%.2000s", x.stdout)
	}
	x.want(cli.ExitDone, "inspect", tempFile(t, "short.csv", []byte("ID,Text\n1,a\n")))
	if strings.Contains(x.stdout, "are cut") {
		t.Errorf("nothing is cut:\n%s", x.stdout)
	}
}

// TestOpeningEndsWithCtrlC is R12, for every format: what is cancelled when it begins to
// read stops and says so. powerbi/job and storage/workbook cancel on the way.
func TestOpeningEndsWithCtrlC(t *testing.T) {
	x := apart(t)
	files, err := filepath.Glob(filepath.Join("..", "..", "storage", "workbook", "testdata", "programs", "*.*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	seen := map[string]bool{}
	for _, path := range files {
		if seen[filepath.Ext(path)] {
			continue
		}
		seen[filepath.Ext(path)] = true
		for _, line := range [][]string{{"inspect", path}, {"send", path, "--practice", "--dry-run"}} {
			if code := x.runUntil(ended(), line...); code != cli.ExitUnexpected {
				t.Errorf("%v: exit code %d\n%s\n%s", line, code, x.stdout, x.stderr)
			}
			x.says("ancelled")
		}
	}
	if len(seen) < 3 {
		t.Errorf("formats: %v", seen)
	}
}

// TestRowsOfAProtectedWorkbookAreNowhere is R13: not in a temporary folder and not in the
// program's own, while they are read and afterwards.
func TestRowsOfAProtectedWorkbookAreNowhere(t *testing.T) {
	const marker = "MARKER-in-a-protected-cell"
	f := excelize.NewFile()
	defer f.Close()
	for i := range 3000 {
		row := []any{"Item", "Price"}
		if i > 0 {
			row = []any{fmt.Sprint(marker, " ", i), i}
		}
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "protected.xlsx")
	if err := f.SaveAs(path, excelize.Options{Password: "open sesame"}); err != nil {
		t.Fatal(err)
	}
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	x := newTerminal(t)
	x.service(practice.AppPractice)
	x.env[cli.WorkbookVariable] = "open sesame"
	looked := 0
	look := func(string) {
		looked++
		for _, folder := range []string{temporary, x.home} {
			err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return nil //nolint:nilerr // it may be gone already
				}
				if data, err := os.ReadFile(path); err == nil && strings.Contains(string(data), marker) {
					t.Errorf("%s holds a row in clear", path)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
	x.hears = look
	x.want(cli.ExitDone, "inspect", path)
	x.want(cli.ExitDone, local(path, "Closed", "--create")...)
	x.want(cli.ExitDone, "runs", "show", "last")
	look("")
	if looked < 3 {
		t.Errorf("looked %d times", looked)
	}
	left, err := os.ReadDir(temporary)
	left = slices.DeleteFunc(left, func(d fs.DirEntry) bool { return strings.HasPrefix(d.Name(), "pushdesk-practice-") }) // of this test's service
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
