package mapping

import (
	"reflect"
	"slices"
	"testing"

	"pushdesk/powerbi"
)

func columns(names ...string) []powerbi.Column {
	var list []powerbi.Column
	for _, n := range names {
		list = append(list, powerbi.Column{Name: n, DataType: powerbi.String})
	}
	return list
}

func TestMatchColumns(t *testing.T) {
	for name, c := range map[string]struct {
		headers  []string
		existing []string
		want     []int
	}{
		"exact":               {[]string{"A", "B"}, []string{"B", "A"}, []int{1, 0}},
		"exact before case":   {[]string{"amount", "Amount"}, []string{"Amount", "AMOUNT"}, []int{1, 0}},
		"blanks, punctuation": {[]string{" Sales Price ", "order-id"}, []string{"OrderID", "Sales_Price"}, []int{1, 0}},
		"each once":           {[]string{"Net Sales", "net_sales", "NetSales"}, []string{"net sales", "NETSALES"}, []int{0, -1, 1}},
		"accents":             {[]string{"Cafe\u0301 m2"}, []string{"Café (m2)"}, []int{0}},
		"no letters":          {[]string{"%", "#"}, []string{"#", "€"}, []int{-1, 0}},
		"none":                {[]string{"A"}, nil, []int{-1}},
	} {
		if got := MatchColumns(c.headers, columns(c.existing...)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestFit(t *testing.T) {
	m := Fit("T", columns("Units", "Depot"), []string{"depot", "Other"}, []string{"C", "D"})
	want := []Field{
		{From: -1, Use: true, Target: powerbi.Column{Name: "Units", DataType: powerbi.String}},
		{From: 0, Header: "depot", Letter: "C", Use: true, Target: powerbi.Column{Name: "Depot", DataType: powerbi.String}},
	}
	if m.Table != "T" || !reflect.DeepEqual(m.Fields, want) {
		t.Errorf("%+v", m)
	}
	if problems := m.Check(); len(problems) != 0 {
		t.Errorf("%+v", problems)
	}
	m.Fields[1].From = -1
	if problems := m.Check(); len(problems) != 1 {
		t.Errorf("nothing mapped: %+v", problems)
	}
	m.Fields[0].Target.Name = "depot"
	m.Fields[1].From = 0
	if problems := m.Check(); len(problems) == 0 {
		t.Error("two columns that differ by case only")
	}
}
