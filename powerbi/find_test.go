package powerbi_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/storage/failure"
)

func TestFind(t *testing.T) {
	list := []powerbi.Dataset{
		{ID: "aaaa-1", Name: "Depot stock"}, {ID: "aaaa-2", Name: "Depot stock"},
		{ID: "aaaa-3", Name: "Sales"}, {ID: "aaaa-4", Name: "SALES"},
		{ID: "aaaa-5", Name: "Budget "}, {ID: "aaaa-6", Name: "Sales 2026"},
	}
	for _, c := range []struct {
		wanted string
		id     string
		ids    []string
		near   []string
	}{
		{"aaaa-2", "aaaa-2", nil, nil},
		{"AAAA-2", "aaaa-2", nil, nil},
		{"Sales", "aaaa-3", nil, nil},
		{" SALES ", "aaaa-4", nil, nil},
		{"budget", "aaaa-5", nil, nil},
		{"sales", "", []string{"aaaa-3", "aaaa-4"}, nil},
		{"Depot stock", "", []string{"aaaa-1", "aaaa-2"}, nil},
		{"Buget", "", nil, []string{"Budget "}},
		{"depot", "", nil, []string{"Depot stock"}},
		{"Sale", "", nil, []string{"SALES", "Sales", "Sales 2026"}},
		{"Weather", "", nil, nil},
		{"", "", nil, nil},
	} {
		got, err := powerbi.FindDataset(list, c.wanted)
		if got.ID != c.id {
			t.Errorf("%q: found %q", c.wanted, got.ID)
		}
		var none *powerbi.NotFoundError
		switch {
		case c.id != "":
			if err != nil {
				t.Errorf("%q: %v", c.wanted, err)
			}
		case c.ids != nil:
			if f, _ := failure.From(err); !errors.Is(err, powerbi.ErrAmbiguous) || !strings.HasSuffix(f.Remedy, ": "+strings.Join(c.ids, ", ")+".") || f.Sentence == "" {
				t.Errorf("%q: %v", c.wanted, err)
			}
		default:
			if !errors.As(err, &none) || !slices.Equal(none.Near, c.near) || none.Failure().Sentence == "" || none.Failure().Remedy == "" {
				t.Errorf("%q: %v, near %q", c.wanted, err, none.Near)
			}
		}
	}
	if w, err := powerbi.FindWorkspace([]powerbi.Workspace{{ID: "1", Name: "Finance"}}, "finance"); err != nil || w.ID != "1" {
		t.Errorf("workspace %v, %v", w, err)
	}
	if tb, err := powerbi.FindTable([]powerbi.Table{{Name: "Stock"}}, "stock"); err != nil || tb.Name != "Stock" {
		t.Errorf("table %v, %v", tb, err)
	}
}
