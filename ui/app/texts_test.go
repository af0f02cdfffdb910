package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pushdesk/powerbi/job"
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

func read(t *testing.T, text string) job.Reading {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := job.OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Book.Close() })
	if r, err = r.Full(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTextsAreReadAsChosen(t *testing.T) {
	t.Setenv("LC_ALL", "C.UTF-8") // a region that writes the day first
	for name, x := range map[string]struct {
		text        string
		change      func(f *infer.TextFormat)
		first, then string // the first cell, before and after
	}{
		"month first": {"Item,Day\na,03/04/2026\nb,05/06/2026\n", func(f *infer.TextFormat) { f.Order = infer.MonthFirst }, "2026-04-03", "2026-03-04"},
		"comma":       {"Item\tPrice\na\t1.234\nb\t5.678\n", func(f *infer.TextFormat) { f.Decimal = ',' }, "1.234", "1234"},
	} {
		t.Run(name, func(t *testing.T) {
			was := read(t, x.text)
			if !was.Profile.Columns[1].Text.Ambiguous || len(was.Profile.Columns[1].Remarks) == 0 {
				t.Fatalf("the column is not in doubt: %+v", was.Profile.Columns[1])
			}
			format := was.Profile.Columns[1].Text
			x.change(&format)
			now, err := was.ReadTexts(t.Context(), 1, format)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := cell.Display(was.Preview[0].Cells[1]), cell.Display(now.Preview[0].Cells[1]); a != x.first || b != x.then {
				t.Errorf("%s became %s, want %s to become %s", a, b, x.first, x.then)
			}
			if len(was.Profile.Columns[1].Remarks) == 0 || len(now.Profile.Columns[1].Remarks) != 0 || now.Profile.Columns[1].Why == was.Profile.Columns[1].Why {
				t.Errorf("before %+v, now %+v", was.Profile.Columns[1], now.Profile.Columns[1])
			}
		})
	}
}

func TestTextsAreNotReadAfterACancel(t *testing.T) {
	was := read(t, "Day\n03/04/2026\n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := was.ReadTexts(ctx, 0, was.Profile.Columns[0].Text); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
