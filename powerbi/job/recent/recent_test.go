package recent

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pushdesk/storage/workbook"
)

// TestKind: files whose names differ in numbers, dates and months only are read alike.
func TestKind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"orders-2024-03.csv", "orders-2024-12.csv", true},
		{"Orders March.csv", "orders april.csv", true},
		{"Umsatz_Dez_24.csv", "Umsatz_Okt_25.csv", true},
		{"orders_1.csv", "returns_1.csv", false},
		{"marching.csv", "maying.csv", false},
		{"a/orders1.csv", "b/orders1.csv", false},
	} {
		if same := Kind(filepath.FromSlash(c.a)) == Kind(filepath.FromSlash(c.b)); same != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, same)
		}
	}
}

// TestTwoPrograms: what one program remembers is not lost when another one does that had read
// the list before.
func TestTwoPrograms(t *testing.T) {
	t.Parallel()
	path, now := filepath.Join(t.TempDir(), "files.json"), time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	window, terminal := New(path), New(path)
	for i, err := range []error{window.Opened("a.csv", Choice{}, now), terminal.Opened("b1.csv", Choice{Delimiter: "||"}, now), window.Opened("c.csv", Choice{}, now)} {
		if err != nil {
			t.Fatal(i, err)
		}
	}
	if c, ok := window.ChoiceFor("b2.csv"); !ok || c.Delimiter != "||" || len(terminal.Recent()) != 3 {
		t.Errorf("%+v, %v, %v", c, ok, terminal.Recent())
	}
	for i := range mostFiles + 5 { // many more files do not push out what was chosen
		if err := window.Opened(fmt.Sprintf("%c/d.csv", 'A'+i), Choice{}, now); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := window.ChoiceFor("b2.csv"); !ok || len(window.Recent()) != mostFiles+1 {
		t.Errorf("%v, %d files", ok, len(window.Recent()))
	}
}

// TestFormerDelimiters: what was kept when a delimiter was a number is read.
func TestFormerDelimiters(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "files.json")
	for kept, want := range map[string]workbook.Delimiter{"59": ";", "9": "\t", "-1": workbook.NoDelimiter, "-2": workbook.FixedWidth, "0": "", `"||"`: "||"} {
		file, err := filepath.Abs("x.csv")
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal([]map[string]any{{"path": file, "choice": map[string]any{"delimiter": json.RawMessage(kept)}}})
		if err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := New(path).ChoiceFor("x.csv"); !ok || c.Delimiter != want {
			t.Errorf("%s: %q, %v", kept, c.Delimiter, ok)
		}
	}
}
