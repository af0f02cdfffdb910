package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/storage/cell"
)

// TestWorkbooksLeaveNothing: a workbook of many rows needs room among the temporary files,
// in a folder that is known as ours and is gone afterwards, however it ends.
func TestWorkbooksLeaveNothing(t *testing.T) {
	temp, folder := t.TempDir(), t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	for _, whole := range []bool{true, false} {
		path := filepath.Join(folder, "rows.xlsx")
		w, err := New(path, "Rows", []string{"Text"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		line := []cell.Cell{{Kind: cell.Text, Text: strings.Repeat("x", 30_000)}}
		for range 700 { // above what is kept in memory
			if err := w.Write(line); err != nil {
				t.Fatal(err)
			}
		}
		found, err := filepath.Glob(filepath.Join(temp, "*", "excelize-*"))
		if err != nil || len(found) != 1 || !strings.HasPrefix(filepath.Base(filepath.Dir(found[0])), "pushdesk-"+Kind+"-") {
			t.Errorf("temporary files: %v, %v", found, err)
		}
		if whole {
			err = w.Close()
		} else {
			w.Abandon()
		}
		if err != nil {
			t.Fatal(err)
		}
		for dir, want := range map[string]int{temp: 0, folder: map[bool]int{true: 1}[whole]} {
			if left, err := os.ReadDir(dir); err != nil || len(left) != want {
				t.Errorf("whole %v: left: %v, %v", whole, left, err)
			}
		}
		_ = os.Remove(path)
	}
}
