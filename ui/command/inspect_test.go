package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pushdesk/assets"
	"pushdesk/powerbi"
	"pushdesk/ui/command/cli"
)

func TestInspect(t *testing.T) {
	x := apart(t)
	path := sales(t, 40)
	x.want(cli.ExitDone, "inspect", path)
	x.says("financials", "40 rows, 8 columns", "Gross Sales", "Decimal number (Double)", "Date and time (DateTime)", "Year", "Text (String)")

	x.want(cli.ExitDone, "inspect", path, "--json")
	var d inspected
	x.document(&d)
	types := map[string]powerbi.DataType{}
	for _, c := range d.Columns {
		types[c.Name] = c.Type
	}
	for name, want := range map[string]powerbi.DataType{"Segment": powerbi.String, "Units Sold": powerbi.Double, "Gross Sales": powerbi.Double, "Date": powerbi.DateTime, "Month Number": powerbi.Int64, "Year": powerbi.String, "Paid": powerbi.Boolean, "Postcode": powerbi.String} {
		if types[name] != want {
			t.Errorf("%s is %q, want %q", name, types[name], want)
		}
	}
	if d.Rows != 40 || d.HeaderRow != 1 || len(d.Sources) != 2 || d.Source.Kind != "table" || d.Source.Range != "A1:H41" {
		t.Errorf("%+v", d)
	}
	if x.stderr != "" {
		t.Errorf("standard error says %q", x.stderr)
	}
}

func TestInspectNamesTheFirstMisfits(t *testing.T) {
	x := apart(t)
	text := "Item,Price\n"
	for range 30 {
		text += "Thing,1.5\n"
	}
	path := tempFile(t, "prices.csv", []byte(text+"Odd,ask Anna\n"))
	x.want(cli.ExitDone, "inspect", path, "--json")
	var d inspected
	x.document(&d)
	if c := d.Columns[1]; c.Type != powerbi.String || c.TypeLabel != "Text" || c.OfferType != powerbi.Double || len(c.Misfits) != 1 || c.Misfits[0].Address != "B32" || c.Misfits[0].Value != "ask Anna" {
		t.Errorf("%+v", c)
	}
	x.want(cli.ExitDone, "inspect", path)
	x.says(`"ask Anna" in B32`)
	x.want(cli.ExitDone, "inspect", tempFile(t, "more.csv", []byte(text+"Odd,n/a\nOdd,Inf\n")))
	x.says(`"n/a" in B32 and "Inf" in B33`)
}

func TestASheetOrRangeIsChosen(t *testing.T) {
	x := apart(t)
	path := tempFile(t, assets.SampleName, assets.Sample)
	x.want(cli.ExitDone, "inspect", path, "--sheet", "targets", "--json")
	var d inspected
	x.document(&d)
	if d.Source.Name != "Targets" || d.Rows == 0 || d.Rows == 480 {
		t.Errorf("%+v", d)
	}
	x.want(cli.ExitDone, "inspect", path, "--range", "A1:B5", "--json")
	d = inspected{}
	x.document(&d)
	if len(d.Columns) != 2 || d.Rows > 5 {
		t.Errorf("%+v", d)
	}
	x.want(cli.ExitDone, "inspect", path, "--sheet", "Targets", "--header-row", "-1", "--json")
	var bare inspected
	x.document(&bare)
	if bare.HeaderRow != 0 {
		t.Errorf("%+v", bare)
	}
	x.want(cli.ExitData, "inspect", path, "--sheet", "No such sheet")
	x.says("No such sheet")
}

// Every cell of every sheet, as it is meant and as it is stored, a line each.
func TestInspectCells(t *testing.T) {
	x := apart(t)
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	style := func(number int, custom string) int {
		s := &excelize.Style{NumFmt: number}
		if custom != "" {
			s = &excelize.Style{CustomNumFmt: &custom}
		}
		id, err := f.NewStyle(s)
		check(err)
		return id
	}
	check(f.SetSheetRow("Sheet1", "A1", &[]any{"Text <&>", 1.5, true, 45000, 45000.5, 0.25, 1.5, 0.1}))
	for address, id := range map[string]int{"D1": style(14, ""), "E1": style(22, ""), "F1": style(21, ""), "G1": style(0, "[h]:mm:ss"), "H1": style(9, "")} {
		check(f.SetCellStyle("Sheet1", address, address, id))
	}
	check(f.SetCellFormula("Sheet1", "A3", "=1/0"))
	_, err := f.NewSheet("Second")
	check(err)
	check(f.SetCellValue("Second", "C2", "007"))
	check(f.SetSheetVisible("Second", false))
	path := filepath.Join(t.TempDir(), "cells.xlsx")
	check(f.SaveAs(path))

	x.want(cli.ExitDone, "inspect", path, "--cells")
	want := strings.Join([]string{
		`{"sheet":"Sheet1","cell":"A1","kind":"text","value":"Text <&>","raw":"Text <&>"}`,
		`{"sheet":"Sheet1","cell":"B1","kind":"number","value":1.5,"raw":"1.5"}`,
		`{"sheet":"Sheet1","cell":"C1","kind":"boolean","value":true,"raw":"1"}`,
		`{"sheet":"Sheet1","cell":"D1","kind":"date","value":"2023-03-15","raw":"45000"}`,
		`{"sheet":"Sheet1","cell":"E1","kind":"datetime","value":"2023-03-15T12:00:00","raw":"45000.5"}`,
		`{"sheet":"Sheet1","cell":"F1","kind":"time","value":"06:00:00","raw":"0.25"}`,
		`{"sheet":"Sheet1","cell":"G1","kind":"duration","value":"PT36H","raw":"1.5"}`,
		`{"sheet":"Sheet1","cell":"H1","kind":"number","value":0.1,"raw":"0.1"}`,
		`{"sheet":"Second","cell":"C2","kind":"text","value":"007","raw":"007"}`, "",
	}, "\n")
	if x.stdout != want {
		t.Errorf("got\n%s\nwant\n%s", x.stdout, want)
	}
	x.want(cli.ExitDone, "inspect", path, "--cells", "--sheet", "second", "--rows", "1")
	if x.stdout != "" {
		t.Errorf("%s", x.stdout)
	}
	x.want(cli.ExitData, "inspect", path, "--cells", "--sheet", "Third")
	data, err := os.ReadFile(path)
	check(err)
	for _, args := range [][]string{{"--cells"}, {"--json"}} {
		x.want(cli.ExitData, append([]string{"inspect", tempFile(t, "cut.xlsx", data[:len(data)*2/3])}, args...)...)
		var e struct {
			Error struct {
				Kind, Code, Sentence string
				Sheet                *string
				Row                  *int
			}
		}
		if err := json.Unmarshal([]byte(x.stderr), &e); err != nil || e.Error.Kind != "data" || !strings.HasPrefix(e.Error.Code, "file-") || e.Error.Sentence == "" || e.Error.Sheet == nil || e.Error.Row == nil {
			t.Errorf("%v: standard error is %q", args, x.stderr)
		}
	}
}

func TestISODurations(t *testing.T) {
	for millis, want := range map[int64]string{0: "PT0S", 1: "PT0.001S", 36 * 3_600_000: "PT36H", 90_061_500: "PT25H1M1.5S", -60_000: "-PT1M"} {
		if got := isoDuration(millis); got != want {
			t.Errorf("%d: %s, want %s", millis, got, want)
		}
	}
}

// The words of an inspection: sheets, tables, the range found, the header, the columns
// with their first problem, and the first rows; a total below is left out, and said.
func TestInspectInWords(t *testing.T) {
	x := apart(t)
	f := excelize.NewFile()
	defer f.Close()
	for at, row := range map[string][]any{
		"B3": {"Region", "2023", nil, "2024", nil}, "B4": {nil, "Sold", "Left", "Sold", "Left"},
		"B5": {"North", 1, 2, 3, 4}, "B6": {"South", 5, nil, 7, 8}, "B7": {"Total", 6, 2, 10, 12},
	} {
		if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("Other"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.SetCellFormula("Sheet1", "D6", "=1+1"), f.SetSheetVisible("Other", false), f.SetDefinedName(&excelize.DefinedName{Name: "Area", RefersTo: "Sheet1!$B$3:$F$6"})); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "inspect", path, "--json")
	var d inspected
	x.document(&d)
	if len(d.Sheets) != 2 || d.Sheets[0].Hidden || !d.Sheets[1].Hidden || len(d.Tables) != 0 || len(d.Ranges) != 1 || d.Ranges[0].Range != "B3:F6" {
		t.Errorf("%+v %+v %+v", d.Sheets, d.Tables, d.Ranges)
	}
	if d.Range != "B3:F7" && d.LeftOut == "" || d.Header.Row != 4 || d.Header.Rows != 2 || strings.Join(d.Header.Names, "|") != "Region|2023 – Sold|2023 – Left|2024 – Sold|2024 – Left" {
		t.Errorf("range %s, left out %q, header %+v", d.Range, d.LeftOut, d.Header)
	}
	if len(d.Samples) == 0 || d.Samples[0].Row != 5 || strings.Join(d.Samples[0].Values, "|") != "North|1|2|3|4" {
		t.Errorf("%+v", d.Samples)
	}
	if c := d.Columns[2]; c.FirstProblem != "D6" {
		t.Errorf("%+v", c)
	}
	x.want(cli.ExitDone, "inspect", path, "--json", "--keep-totals")
	d = inspected{}
	x.document(&d)
	if d.Rows != 3 || d.LeftOut != "" || d.Range != "B3:F7" {
		t.Errorf("with the total: %d rows, %q, %s", d.Rows, d.LeftOut, d.Range)
	}
	x.want(cli.ExitDone, "inspect", path, "--json", "--header-rows", "1")
	d = inspected{}
	x.document(&d)
	if d.Header.Rows != 1 {
		t.Errorf("%+v", d.Header)
	}
	x.want(cli.ExitUsage, "inspect", path, "--header-rows", "4")
}

func TestATotalBelowIsLeftOut(t *testing.T) {
	x := apart(t)
	f := excelize.NewFile()
	defer f.Close()
	for at, row := range map[string][]any{"A1": {"Name", "Sold"}, "A2": {"a", 1}, "A3": {"b", 2}, "A4": {"Total", 3}} {
		if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "sold.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "inspect", path, "--json")
	var d inspected
	x.document(&d)
	if d.Rows != 2 || d.Range != "A1:B3" || !strings.Contains(d.LeftOut, "Row 4 is the total") || x.stderr != "" {
		t.Errorf("%d rows in %s, %q, %q", d.Rows, d.Range, d.LeftOut, x.stderr)
	}
	x.want(cli.ExitDone, "inspect", path)
	if !strings.Contains(x.stdout, "Row 4 is the total of the rows above (\"Total\"). It is left out. To keep it: --keep-totals") {
		t.Errorf("%q", x.stdout)
	}
}

// TestInspectShowsAPersonWhatCanBeRead: of a range of all columns, and of a workbook of many
// sheets, a person is shown a part and told how much is missing; JSON holds all of it.
func TestInspectShowsAPersonWhatCanBeRead(t *testing.T) {
	x := apart(t)
	f := excelize.NewFile()
	defer f.Close()
	for at, value := range map[string]any{"A1": "Region", "B1": "Units", "XFD1": "Last", "A2": "West", "B2": 1, "XFD2": 2, "A3": "East", "B3": 3, "XFD3": 4} {
		if err := f.SetCellValue("Sheet1", at, value); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 149 {
		if _, err := f.NewSheet(fmt.Sprintf("Page %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "wide.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	args := []string{"inspect", path, "--range", "Sheet1!A1:XFD3"}
	x.want(cli.ExitDone, args...)
	x.says("16,384 columns", "Region", "Units", "XFD", "Last", "Not shown: 16,381 more columns. --json lists all of them.", "Page 42", "16,306 more remarks like those of other columns", "Not shown: 50 more sheets, tables and ranges. --json lists all of them.")
	if n := strings.Count(x.stdout, "\n"); n > 270 {
		t.Errorf("%d lines", n)
	}
	x.want(cli.ExitDone, append(args, "--json")...)
	var d inspected
	x.document(&d)
	if len(d.Columns) != 16_384 || len(d.Sources) != 150 || d.Columns[16_383].Name != "Last" {
		t.Errorf("%d columns, %d sheets", len(d.Columns), len(d.Sources))
	}
}
