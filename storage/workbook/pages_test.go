package workbook

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pushdesk/storage/cell"
)

// paged opens a text file and keeps its rows.
func paged(t testing.TB, text string) (*Book, Layout, *Pages) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	source, err := b.Find(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	l, err := b.Layout(t.Context(), source, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, pages, err := b.ProfilePages(t.Context(), l, t.TempDir(), nil)
	if err != nil || pages == nil {
		t.Fatalf("%v %v", pages, err)
	}
	return b, l.WithTypes(p), pages
}

// Every row is there as the reader gives it, in any order.
func TestPages(t *testing.T) {
	var text strings.Builder
	text.WriteString("Name,Amount,When,Yes\n")
	for i := range 1000 {
		if i%7 == 3 {
			text.WriteString("\n") // blank rows are none
		}
		fmt.Fprintf(&text, "Größe %d,%d.5,2024-01-%02d,%t\n", i, i, i%28+1, i%2 == 0)
	}
	b, l, pages := paged(t, text.String())
	r, err := b.Rows(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := int64(0)
	for ; r.Next(); n++ {
		got, ok := pages.Row(n)
		want := r.Row()
		if !ok || got.Number != want.Number || len(got.Cells) != len(want.Cells) {
			t.Fatalf("row %d: %+v, want %+v", n, got, want)
		}
		for i := range want.Cells {
			if got.Cells[i] != want.Cells[i] {
				t.Fatalf("row %d: %+v, want %+v", n, got.Cells[i], want.Cells[i])
			}
		}
		if at := pages.Find(want.Number); at != n {
			t.Errorf("row %d of the file is at %d, not %d", want.Number, at, n)
		}
	}
	if r.Err() != nil || n != pages.Rows() || n != 1000 {
		t.Fatalf("%v, %d rows, %d paged", r.Err(), n, pages.Rows())
	}
	for _, i := range []int64{999, 0, 500, -1, 1000, 1 << 40} {
		if _, ok := pages.Row(i); ok != (i >= 0 && i < 1000) {
			t.Errorf("row %d: %t", i, ok)
		}
	}
	for _, c := range []struct {
		text   string
		from   int64
		column int
		row    int64
		at     int
		ok     bool
	}{
		{"GRÖSSE 77", 0, -1, 0, 0, false}, {"größe 77", 0, -1, 77, 0, true}, {"größe 77", 77, 0, 770, 0, true}, {"größe 77", 779, 0, 77, 0, true},
		{"999.5", 0, -1, 999, 1, true}, {"2024-01-28", 0, -1, 27, 2, true}, {"nowhere", 5, 1, 0, 0, false},
	} {
		row, at, ok := pages.Search(t.Context(), c.text, c.from, c.column, nil)
		if ok != c.ok || ok && (row != c.row || at != c.at) {
			t.Errorf("%+v: found %d, %d, %v", c, row, at, ok)
		}
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, ok := pages.Search(stopped, "größe", 0, -1, nil); ok {
		t.Error("a search that was stopped found something")
	}
	var wait sync.WaitGroup
	for g := range 8 {
		wait.Go(func() {
			for i := range int64(200) {
				if row, ok := pages.Row((i*37 + int64(g)) % 1000); !ok || row.Cells[0].Kind != cell.Text {
					t.Errorf("%+v %v", row, ok)
				}
			}
		})
	}
	wait.Wait()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok := pages.Row(900); ok {
		t.Error("a closed book still gives rows")
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), ".~pushdesk-rows-*")); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
}

// Every kind of cell survives the file.
func TestPagesKeepEveryKind(t *testing.T) {
	row := cell.Row{Number: 1_048_576, Cells: []cell.Cell{
		{}, {Flags: cell.Uncalculated}, {Kind: cell.Number, Float: -0.1, Style: cell.Percent}, {Kind: cell.Number, Float: 1e300, Text: "12345678901234567890", Flags: cell.Rounded},
		{Kind: cell.Text, Text: "a\x00\u00e4\U0001f600", Style: cell.AsText}, {Kind: cell.Boolean, Int: 1}, {Kind: cell.Date, Int: -2_208_988_800_000, Flags: cell.FakeLeapDay},
		{Kind: cell.DateTime, Int: 1 << 45}, {Kind: cell.Time, Int: 86_399_999}, {Kind: cell.Duration, Int: -5}, {Kind: cell.Error, Text: "#N/A"},
		{Kind: cell.Number, Float: 7, Style: cell.ZeroPadded, Width: 5}}}
	got := decodeRows(appendRow(appendRow(nil, row), cell.Row{Number: 3}))
	if len(got) != 2 || got[0].Number != row.Number || got[1].Number != 3 || len(got[1].Cells) != 0 {
		t.Fatalf("%+v", got)
	}
	for i, want := range row.Cells {
		if got[0].Cells[i] != want {
			t.Errorf("%+v, want %+v", got[0].Cells[i], want)
		}
	}
}

func BenchmarkPages(b *testing.B) {
	var text strings.Builder
	text.WriteString("Name,Amount,When,Yes\n")
	for i := range 200_000 {
		fmt.Fprintf(&text, "Customer %d,%d.5,2024-01-%02d,%t\n", i%5000, i, i%28+1, i%2 == 0)
	}
	book, _, pages := paged(b, text.String())
	defer book.Close()
	b.Run("far rows", func(b *testing.B) {
		i := int64(1)
		for b.Loop() {
			i = i * 48_271 % pages.Rows() // never the page that was read last
			if _, ok := pages.Row(i); !ok {
				b.Fatal("no row")
			}
		}
	})
	b.Run("search all", func(b *testing.B) {
		for b.Loop() {
			if _, _, ok := pages.Search(b.Context(), "nowhere", 0, -1, nil); ok {
				b.Fatal("found")
			}
		}
	})
}

// TestPagesAboveAnotherTable: the rows of the first of two tables that are drawn are all
// there.
func TestPagesAboveAnotherTable(t *testing.T) {
	_, _, p := paged(t, "+----+------+\n| id | name |\n+----+------+\n|  1 | Anna |\n|  2 | Bob  |\n+----+------+\n\n+-------+-------+\n| depot | units |\n+-------+-------+\n| Gent  |     3 |\n+-------+-------+\n")
	last, ok := p.Row(p.Rows() - 1)
	if p.Rows() != 2 || !ok || last.Cells[1].Text != "Bob" {
		t.Errorf("%d rows, the last is %+v", p.Rows(), last)
	}
}
