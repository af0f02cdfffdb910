package workbook

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushdesk/storage/cell"
)

// programCells is what every workbook of testdata/programs holds, written by hand: the
// kind of each cell and how it is shown.
var programCells = map[string]string{
	"Cells!A1": "text Zoë & <b>", "Cells!A2": "text   padded  ", "Cells!A3": "text line\nbreak", "Cells!A4": "text 007", "Cells!A5": "text 😀 東京",
	"Cells!B1": "number 42", "Cells!B2": "number -0.5", "Cells!B3": "number 0.00000015", "Cells!B4": "number 123456789012345", "Cells!B5": "number 0.3",
	"Cells!B6": "number 1e+300", "Cells!C1": "boolean TRUE", "Cells!C2": "boolean FALSE",
	"Cells!D1": "date 2023-03-15", "Cells!D2": "datetime 2023-03-15 18:00:00", "Cells!D3": "time 18:30:00", "Cells!D4": "duration 36:00:00",
	"Cells!D5": "datetime 2023-03-15 18:00:00", "Cells!D6": "date 2023-03-15",
	"Cells!E1": "number 25%", "Cells!E2": "number 9.99", "Cells!E3": "number 00123", "Cells!E4": "number 12",
	"Cells!F1": "number 43", "Cells!F2": "error #DIV/0!", "Cells!F3": "text 007x", "Cells!H1": "text merged", "Hidden & more!B2": "number 1",
}

// programDiffers says in what a program's file is different; "" stands for no value.
var programDiffers = map[string]map[string]string{
	// They write no results of formulas, or no formulas that are errors.
	"openpyxl.xlsx":         {"Cells!F1": "", "Cells!F2": "", "Cells!F3": ""},
	"openpyxl-iso.xlsx":     {"Cells!F1": "", "Cells!F2": "", "Cells!F3": ""},
	"populate.xlsx":         {"Cells!F1": "", "Cells!F2": "", "Cells!F3": ""},
	"excel4node.xlsx":       {"Cells!F1": "", "Cells!F2": "", "Cells!F3": ""},
	"poi-stream-style.xlsx": {"Cells!F1": "", "Cells!F2": "", "Cells!F3": ""},
	// SheetJS writes no formats into this form, so its dates are numbers.
	"sheetjs.ods": {"Cells!D1": "number 45000", "Cells!D2": "number 45000.75", "Cells!D3": "number 0.770833333333333", "Cells!D4": "number 1.5",
		"Cells!D5": "number 45000.75", "Cells!D6": "number 45000", "Cells!E1": "number 0.25", "Cells!E3": "number 123", "Cells!F2": ""},
	// It stores the result that XlsxWriter had written for want of a calculation.
	"libreoffice.xls": {"Cells!F3": "number 0"},
	// Its code page has no such letters, and SheetJS brings no other.
	"sheetjs-95.xls": {"Cells!A1": "text Zo_ & <b>", "Cells!A5": "text __ __"},
	// This form knows no leading zeros of a number but as its text.
	"libreoffice.ods": {"Cells!E3": "number 123"},
	"gnumeric.ods":    {"Cells!E1": "number 0.25", "Cells!E3": "number 123"},
}

// programShows are the files whose program does not write which sheet is hidden.
var programShows = map[string]bool{"gnumeric.xlsx": true, "sheetjs.ods": true}

// TestPrograms reads what other programs write: see testdata/programs/README.md.
func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/programs/*.[xo]*s*")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			b, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			want := maps.Clone(programCells)
			for at, differs := range programDiffers[name] {
				if want[at] = differs; differs == "" {
					delete(want, at)
				}
			}
			got := map[string]string{}
			if err := b.Cells(t.Context(), "", 0, func(s Stored) error {
				at := s.Sheet + "!" + cell.Address(s.Row, s.Column)
				if _, twice := got[at]; twice {
					return errors.New(at + " is given twice")
				}
				got[at] = s.Cell.Kind.String() + " " + cell.Display(s.Cell)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			for _, at := range slices.Sorted(maps.Keys(want)) {
				if got[at] != want[at] {
					t.Errorf("%s is %q, want %q", at, got[at], want[at])
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d cells, want %d: %v", len(got), len(want), got)
			}
			sources := b.Sources()
			if len(sources) != 2 || sources[0].Hidden || sources[1].Hidden == programShows[name] {
				t.Errorf("%+v", sources)
			}
			if data, err := os.ReadFile(path); err != nil || strings.HasSuffix(name, ".xlsx") && programFaults[name] == "" {
				if err != nil {
					t.Fatal(err)
				}
				compare(t, name, data)
			}
		})
	}
}

// programFaults are the files that excelize does not read as they are, and its fault.
var programFaults = map[string]string{
	"report-style.xlsx":      "it finds no rows in UTF-16 parts",
	"excel-strict.xlsx":      "it leaves dates in ISO 8601 as texts",
	"openpyxl-iso.xlsx":      "it leaves dates in ISO 8601 as texts",
	"xlsxwriter-inline.xlsx": "none: the comparison knows no dates from 1904",
}

// TestProgramsText reads the text file that LibreOffice writes of the same cells.
func TestProgramsText(t *testing.T) {
	b, err := Open(t.Context(), "testdata/programs/libreoffice.csv", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var got []string
	if err := b.Cells(t.Context(), "", 0, func(s Stored) error {
		if s.Column < 2 {
			got = append(got, fmt.Sprintf("%s=%s", cell.Address(s.Row, s.Column), s.Raw))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := "A1=Zoë & <b>|B1=42|A2=  padded  |B2=-0.5|A3=line\nbreak|B3=0.00000015|A4=007|B4=123456789012345|A5=😀 東京|B5=0.3|B6=1E+300"
	if strings.Join(got, "|") != want {
		t.Errorf("got  %q\nwant %q", strings.Join(got, "|"), want)
	}
}
