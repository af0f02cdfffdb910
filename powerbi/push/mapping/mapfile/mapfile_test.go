package mapfile_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/mapping/mapfile"
	"pushdesk/storage/failure"
)

// TestWhatIsWrittenIsRead writes a mapping with every rule and reads it again.
func TestWhatIsWrittenIsRead(t *testing.T) {
	west, two := "West: \"quoted\" # no comment", 2
	column := func(name string, as powerbi.DataType) powerbi.Column { return powerbi.Column{Name: name, DataType: as} }
	m := mapping.Mapping{Table: "Orders", LeftOut: []string{"Comment"}, Fields: []mapping.Field{
		{From: 0, Header: "Order No", Use: true, Target: column("Order ID", powerbi.String), OnTooLong: mapping.TooLongTruncate,
			Rules: &mapping.Rules{Trim: true, Collapse: true, Case: mapping.CaseUpper, Replace: []mapping.Replacement{{Find: " ", With: "_"}, {Find: "-", With: "", Whole: true}}, Nothing: []string{"n/a", "- "}, Default: "none"}},
		{From: 1, Header: "on", Use: true, Target: column("Paid", powerbi.Boolean), Rules: &mapping.Rules{True: []string{"yes", "1"}, False: []string{"no"}}},
		{From: 2, Header: "12", Use: true, Target: column("Amount", powerbi.Double), DecimalMark: ",", DateOrder: mapping.DayFirst, Rules: &mapping.Rules{Round: &two}},
		{From: -1, Use: true, Target: column("Region", powerbi.String), Rules: &mapping.Rules{Constant: &west}},
		{From: -1, Use: true, Target: column("Note", powerbi.String)},
		{From: 3, Header: "Not this", Target: column("Not this", powerbi.String)},
	}}
	f := mapfile.File{Version: mapfile.Version, Tables: []mapfile.Table{mapfile.Of(m, "Sheet 1", mapping.DriftWarn), {Table: "Other", Columns: []mapfile.Column{{Column: "A"}}}}}
	var out bytes.Buffer
	if err := mapfile.Write(&out, f, func(_, column string) string { return "about\n" + column }); err != nil {
		t.Fatal(err)
	}
	again, err := mapfile.Read(bytes.NewReader(out.Bytes()))
	if err != nil || !reflect.DeepEqual(again, f) {
		t.Fatalf("%v\n%s\n%+v\n%+v", err, &out, again, f)
	}
	if !strings.Contains(out.String(), "# about Order ID") || !reflect.DeepEqual(again.Tables[0].LeaveOut, []string{"Comment", "Not this"}) {
		t.Errorf("%s", &out)
	}
	var had mapping.Rules // a rule that is added later belongs into one of the fields above
	for i, c := range again.Tables[0].Columns[:5] {
		if got := c.Rules.Some(); !reflect.DeepEqual(got, m.Fields[i].Rules) {
			t.Errorf("%d: %+v", i, got)
		}
		for k, from, to := 0, reflect.ValueOf(c.Rules), reflect.ValueOf(&had).Elem(); k < from.NumField(); k++ {
			if !from.Field(k).IsZero() {
				to.Field(k).Set(from.Field(k))
			}
		}
	}
	for k, v := 0, reflect.ValueOf(had); k < v.NumField(); k++ {
		if v.Field(k).IsZero() {
			t.Errorf("the rule %s is written by no column", v.Type().Field(k).Name)
		}
	}
	if _, complete := again.Tables[0].Schema(); !complete {
		t.Error("the schema is not complete")
	}
	if _, complete := again.Tables[1].Schema(); complete {
		t.Error("a column without a type makes a schema")
	}
	if x, ok := again.For("orders"); !ok || x.From != "Sheet 1" {
		t.Errorf("%+v", x)
	}
	if _, ok := again.For("third"); ok {
		t.Error("a table that is not there")
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	const start = "version: 1\ntables:\n  - table: T\n    columns:\n      - column: A\n"
	for name, text := range map[string]string{
		"nothing": "", "no YAML": "version: [", "another version": "version: 7\ntables: []\n", "no tables": "version: 1\n",
		"a word that is not known": start + "        colour: red\n", "no such type": start + "        type: number\n",
		"twice": start + "      - column: a\n", "two sources": start + "        from: X\n        blank: true\n",
		"no such order": start + "        date-order: ymd\n", "no such mark": start + "        decimal-mark: ';'\n",
		"no such drift": "version: 1\ntables:\n  - table: T\n    on-drift: never\n",
		"a table twice": start + "  - table: t\n    columns: []\n", "no name": start + "      - type: String\n",
	} {
		if _, err := mapfile.Read(strings.NewReader(text)); !failure.HasCode(err, "mapping-file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := mapfile.Read(strings.NewReader(start + "        # a comment\n        type: whole number\n")); err != nil {
		t.Error(err)
	}
}
