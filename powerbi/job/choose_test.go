package job

import (
	"os"
	"path/filepath"
	"testing"

	"pushdesk/storage/remark"
	"pushdesk/storage/workbook"
)

// TestChoose: every option that a remark on the rows gives can be carried out, and back.
func TestChoose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pivot.csv")
	if err := os.WriteFile(path, []byte("Region,Item,Sold\nEast,a,1\n,b,2\nEast Total,,3\nWest,a,4\n,b,5\nWest Total,,9\n\nShop,Town,Open\nx,Oslo,1\ny,Rome,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, err := OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Book.Close()
	read := func(r Reading, err error) Reading {
		t.Helper()
		if err == nil {
			r, err = r.Full(t.Context(), nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	option := func(r Reading, setting remark.Setting) remark.Option {
		t.Helper()
		for _, n := range r.Remarks() {
			for _, o := range n.Options {
				if o.Setting == setting {
					if !Chooses(o) {
						t.Errorf("%+v cannot be chosen", o)
					}
					return o
				}
			}
		}
		t.Fatalf("no remark has the option %s: %q", setting, remark.Sentences(r.Remarks()))
		return remark.Option{}
	}
	all := read(first, nil)
	if all.Profile.Rows != 4 {
		t.Fatalf("%d rows", all.Profile.Rows)
	}
	kept := read(all.Choose(t.Context(), option(all, remark.KeepTotals)))
	if kept.Profile.Rows < 6 {
		t.Errorf("%d rows with the totals", kept.Profile.Rows)
	}
	if back := read(kept.Choose(t.Context(), option(kept, remark.LeaveTotal))); back.Profile.Rows != 4 {
		t.Errorf("%d rows without them", back.Profile.Rows)
	}
	filled := read(all.Choose(t.Context(), option(all, remark.FillDown)))
	if filled.Preview[1].Cells[0].Text != "East" {
		t.Errorf("%+v", filled.Preview[1])
	}
	if blank := read(filled.Choose(t.Context(), option(filled, remark.KeepBlank))); blank.Preview[1].Cells[0].Text != "" {
		t.Errorf("%+v", blank.Preview[1])
	}
	next := read(all.Choose(t.Context(), option(all, remark.Range)))
	if next.Profile.Rows != 2 || next.Layout.Headers[0].Name != "Shop" {
		t.Errorf("%d rows of %+v", next.Profile.Rows, next.Layout.Headers)
	}
	semicolons, err := all.Choose(t.Context(), remark.Option{Setting: remark.Delimiter, Value: ";"})
	if err != nil || semicolons.Book == all.Book || len(semicolons.Layout.Headers) != 1 {
		t.Errorf("%v", err)
	} else if err := semicolons.Book.Close(); err != nil {
		t.Error(err)
	}
	if _, err := all.Choose(t.Context(), remark.Option{Setting: remark.OnDrift}); err == nil || Chooses(remark.Option{Setting: remark.OnDrift}) {
		t.Error("a setting of the upload is none of the reading")
	}
}

// TestMarksByWords: what has no single character, or none that is seen, is chosen by its word.
func TestMarksByWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.txt")
	if err := os.WriteFile(path, []byte("name\tqty\npen\t\"3\nink\t4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Book.Close()
	for _, c := range []struct {
		setting remark.Setting
		value   string
		columns int
	}{{remark.Delimiter, "tab", 2}, {remark.Delimiter, "none", 1}, {remark.Delimiter, "fixed", 1}, {remark.Quote, "none", 2}} {
		o := remark.Option{Setting: c.setting, Value: c.value}
		other, err := r.Choose(t.Context(), o)
		if err != nil || !Chooses(o) || len(other.Layout.Headers) != c.columns {
			t.Fatalf("%v: %v, %+v", o, err, other.Layout.Headers)
		}
		if err := other.Book.Close(); err != nil {
			t.Error(err)
		}
	}
	if Chooses(remark.Option{Setting: remark.Delimiter, Value: "many"}) || Chooses(remark.Option{Setting: remark.Delimiter}) {
		t.Error("no mark is chosen")
	}
}
