package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/storage/cell"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "Nut": "Nut", "-5": "-5", "+1,234.50": "+1,234.50", "-12.5%": "-12.5%", "'quoted'": "'quoted'", "a=b": "a=b",
		"=1+1": "'=1+1", "+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "-": "'-", "'=1": "''=1", "''@x": "'''@x", "\uff1d1": "'\uff1d1",
	} {
		if got := Guard(in); got != want {
			t.Errorf("Guard(%q) = %q, want %q", in, got, want)
		}
		if back := Unguard(Guard(in)); back != in {
			t.Errorf("%q came back as %q", in, back)
		}
	}
}

// FuzzGuard: what is written comes back, and no spreadsheet calculates it.
func FuzzGuard(f *testing.F) {
	f.Add("'=1")
	f.Fuzz(func(t *testing.T, s string) {
		if g := Guard(s); Unguard(g) != s || live(g) {
			t.Errorf("%q became %q and came back as %q", s, g, Unguard(g))
		}
	})
}

// TestEveryTextIsGuarded: names of columns, texts, and errors, which a file may call what it
// likes, are no formulas in a text file.
func TestEveryTextIsGuarded(t *testing.T) {
	const live = `=cmd|' /C calc'!A0`
	path := filepath.Join(t.TempDir(), "rejects.csv")
	w, err := New(path, "Rows", []string{live}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []cell.Cell{{Kind: cell.Text, Text: live}, {Kind: cell.Error, Text: live}} {
		if err := w.Write([]cell.Cell{c}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "'"+live); n != 3 || strings.Count(string(text), live) != 3 {
		t.Errorf("%s", text)
	}
}
