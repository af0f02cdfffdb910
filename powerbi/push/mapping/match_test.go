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

// joined is a result of Matches by header: the column's index, or -1.
func joined(headers int, list []Match) []int {
	found := make([]int, headers)
	for i := range found {
		found[i] = -1
	}
	for _, m := range list {
		found[m.Header] = m.Column
	}
	return found
}

func TestColumnsOfOneName(t *testing.T) {
	for name, c := range map[string]struct {
		headers  []string
		existing []string
		want     []int
	}{
		"exact":               {[]string{"A", "B"}, []string{"B", "A"}, []int{1, 0}},
		"exact before case":   {[]string{"amount", "Amount"}, []string{"Amount", "AMOUNT"}, []int{1, 0}},
		"blanks, punctuation": {[]string{" Sales Price ", "order-id"}, []string{"OrderID", "Sales_Price"}, []int{1, 0}},
		"joined words":        {[]string{"netSales", "OrderDate"}, []string{"Order date", "NET_SALES"}, []int{1, 0}},
		"each once":           {[]string{"Net Sales", "net_sales", "NetSales"}, []string{"net sales", "NETSALES"}, []int{0, -1, 1}},
		"accents in two ways": {[]string{"Cafe\u0301 m2"}, []string{"Café (m2)"}, []int{0}},
		"accents lost":        {[]string{"Region", "Umsatz Strasse", "Naïveté"}, []string{"Naivete", "Umsatz Straße", "Région"}, []int{2, 1, 0}},
		"accents kept first":  {[]string{"resume", "résumé"}, []string{"Résumé", "Resume"}, []int{1, 0}},
		"no letters":          {[]string{"%", "#"}, []string{"#", "€"}, []int{-1, 0}},
		"none":                {[]string{"A"}, nil, []int{-1}},
	} {
		sure, _ := Matches(Sides{Headers: c.headers, Existing: columns(c.existing...)})
		if got := joined(len(c.headers), sure); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestLikelyRenames(t *testing.T) {
	const text, whole, double, date = powerbi.String, powerbi.Int64, powerbi.Double, powerbi.DateTime
	typed := func(list []powerbi.Column, types ...powerbi.DataType) []powerbi.Column {
		for i := range list {
			list[i].DataType = types[i]
		}
		return list
	}
	for name, c := range map[string]struct {
		Sides
		want []Match
	}{
		"another last word": {Sides{Headers: []string{"Order No", "Units"}, Existing: columns("Order ID", "Units")}, []Match{{0, 0, Similar}}},
		"a word more":       {Sides{Headers: []string{"Net Sales"}, Existing: columns("Sales", "Region")}, []Match{{0, 0, Similar}}},
		"short for it":      {Sides{Headers: []string{"Qty", "Cust Name"}, Existing: columns("Customer Name", "Quantity")}, []Match{{1, 0, Similar}, {0, 1, Similar}}},
		"a slip":            {Sides{Headers: []string{"Kundem"}, Existing: columns("Kunden", "Region")}, []Match{{0, 0, Similar}}},
		"nothing in common": {Sides{Headers: []string{"Colour"}, Existing: columns("Amount")}, nil},
		"two fit as well":   {Sides{Headers: []string{"Sales"}, Existing: columns("Net Sales", "Old Sales")}, nil},
		"a date is no number": {Sides{Headers: []string{"Order Date"}, Types: []powerbi.DataType{date},
			Existing: typed(columns("Order Rate"), double)}, nil},
		"the same place": {Sides{Headers: []string{"Artikel", "Menge", "Datum"}, Types: []powerbi.DataType{text, whole, date},
			Existing: typed(columns("Artikel", "Pieces", "Datum"), text, double, date)}, []Match{{1, 1, Position}}},
		"the same place, another type": {Sides{Headers: []string{"Artikel", "Menge"}, Types: []powerbi.DataType{text, text},
			Existing: typed(columns("Artikel", "Pieces"), text, double)}, nil},
		"the others moved": {Sides{Headers: []string{"B", "A", "Menge"}, Types: []powerbi.DataType{text, text, whole},
			Existing: typed(columns("A", "B", "Pieces"), text, text, whole)}, nil},
		"not as many": {Sides{Headers: []string{"A", "Menge", "C"}, Types: []powerbi.DataType{text, whole, text},
			Existing: typed(columns("A", "Pieces"), text, whole)}, nil},
	} {
		if _, likely := Matches(c.Sides); !reflect.DeepEqual(likely, c.want) {
			t.Errorf("%s: %v, want %v", name, likely, c.want)
		}
	}
}

func TestWhatAPersonChoseBefore(t *testing.T) {
	s := Sides{Headers: []string{"Umsatz", "Region"}, Existing: columns("Sales", "Region"), Before: map[string]string{"Umsatz": "Sales", "Region": "Sales"}}
	sure, likely := Matches(s)
	if want := []Match{{0, 0, Before}, {1, 1, Exact}}; !reflect.DeepEqual(sure, want) || likely != nil {
		t.Errorf("%v %v, want %v", sure, likely, want)
	}
	s.Beside = []int{0}
	if sure, _ := Matches(s); joined(2, sure)[0] != -1 {
		t.Errorf("a column that was left out is used: %v", sure)
	}
}

func TestFit(t *testing.T) {
	m := Fit("T", Sides{Headers: []string{"depot", "Other"}, Existing: columns("Units", "Depot")}, []string{"C", "D"})
	want := []Field{
		{From: -1, Use: true, Target: powerbi.Column{Name: "Units", DataType: powerbi.String}},
		{From: 0, Header: "depot", Letter: "C", Use: true, By: Spelling, Target: powerbi.Column{Name: "Depot", DataType: powerbi.String}},
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
