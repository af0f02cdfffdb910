package command

import (
	"testing"

	"pushdesk/assets"
)

func TestInspect(t *testing.T) {
	x := newTerminal(t)
	path := sales(t, 40)
	x.want(exitDone, "inspect", path)
	x.says("financials", "40 rows, 8 columns", "Gross Sales", "decimal", "datetime", "Year", "text")

	x.want(exitDone, "inspect", path, "--json")
	var d inspected
	x.document(&d)
	types := map[string]string{}
	for _, c := range d.Columns {
		types[c.Name] = c.Type
	}
	for name, want := range map[string]string{"Segment": "text", "Units Sold": "decimal", "Gross Sales": "decimal", "Date": "datetime", "Month Number": "whole", "Year": "text", "Paid": "boolean", "Postcode": "text"} {
		if types[name] != want {
			t.Errorf("%s is %q, want %q", name, types[name], want)
		}
	}
	if d.Rows != 40 || d.HeaderRow != 1 || len(d.Sources) != 2 || d.Source.Kind != "table" || d.Source.Range != "A1:H41" {
		t.Errorf("%+v", d)
	}
	if x.stderr != "" {
		t.Errorf("standard error says %q", x.stderr)
	}
}

func TestInspectNamesTheFirstMisfits(t *testing.T) {
	x := newTerminal(t)
	text := "Item,Price\n"
	for range 30 {
		text += "Thing,1.5\n"
	}
	path := file(t, "prices.csv", []byte(text+"Odd,ask Anna\n"))
	x.want(exitDone, "inspect", path, "--json")
	var d inspected
	x.document(&d)
	if c := d.Columns[1]; c.Type != "text" || c.OfferType != "decimal" || len(c.Misfits) != 1 || c.Misfits[0].Address != "B32" || c.Misfits[0].Value != "ask Anna" {
		t.Errorf("%+v", c)
	}
	x.want(exitDone, "inspect", path)
	x.says(`"ask Anna" in B32`)
}

func TestASheetOrRangeIsChosen(t *testing.T) {
	x := newTerminal(t)
	path := file(t, assets.SampleName, assets.Sample)
	x.want(exitDone, "inspect", path, "--sheet", "targets", "--json")
	var d inspected
	x.document(&d)
	if d.Source.Name != "Targets" || d.Rows == 0 || d.Rows == 480 {
		t.Errorf("%+v", d)
	}
	x.want(exitDone, "inspect", path, "--range", "A1:B5", "--json")
	d = inspected{}
	x.document(&d)
	if len(d.Columns) != 2 || d.Rows > 5 {
		t.Errorf("%+v", d)
	}
	x.want(exitDone, "inspect", path, "--sheet", "Targets", "--header-row", "-1", "--json")
	var bare inspected
	x.document(&bare)
	if bare.HeaderRow != 0 {
		t.Errorf("%+v", bare)
	}
	x.want(exitData, "inspect", path, "--sheet", "No such sheet")
	x.says("No such sheet")
}
