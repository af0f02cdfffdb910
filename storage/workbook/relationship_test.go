package workbook

import (
	"strings"
	"testing"

	"pushdesk/storage/remark"
)

// TestNoHiddenSheetStandsIn: what is wrong with the relationship of the sheet that people
// see never makes the hidden one behind it the best there is, and what is not read is said.
func TestNoHiddenSheetStandsIn(t *testing.T) {
	sheet := func(text string) string {
		return `<worksheet ` + mainNS + `><sheetData>` + sheetOf(row("Name", "Amount"), row(text, "1")) + `</sheetData></worksheet>`
	}
	base := bookOf(sheet("seen"), sheet("secret"))
	base["xl/workbook.xml"] = strings.Replace(base["xl/workbook.xml"], `name="Data2"`, `name="Secret" state="hidden"`, 1)
	const links = "xl/_rels/workbook.xml.rels"
	swap := func(from, to string) parts { return base.with(links, strings.Replace(base[links], from, to, 1)) }
	for name, c := range map[string]struct {
		p      parts
		reads  bool
		remark string
	}{
		"as it should be":         {base, true, ""},
		"another kind":            {swap(`worksheet" Target="worksheets/sheet1.xml"`, `wrksheet" Target="worksheets/sheet1.xml"`), true, ""},
		"a chart that is none":    {swap(`worksheet" Target="worksheets/sheet1.xml"`, `chartsheet" Target="worksheets/sheet1.xml"`), true, ""},
		"the hidden sheet's part": {swap("worksheets/sheet1.xml", "worksheets/sheet2.xml"), false, "sheet-mixed-up"},
		"another ID":              {swap(`Id="rId1"`, `Id="rId9"`), false, ""},
		"no part":                 {swap("worksheets/sheet1.xml", "worksheets/sheet7.xml"), false, ""},
		"another part":            {swap("worksheets/sheet1.xml", "styles.xml"), false, ""},
		"only a chart is seen":    {swap(`worksheet" Target="worksheets/sheet1.xml"`, `chartsheet" Target="charts/sheet1.xml"`).with("xl/charts/sheet1.xml", `<chartsheet `+mainNS+`/>`), false, "sheet-without-rows"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Open(t.Context(), c.p.file(t), Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			s, err := b.Find(t.Context(), "", "")
			if (err == nil) != c.reads || c.reads && s.Sheet != "Data" {
				t.Errorf("found %q, %v", s.Sheet, err)
			}
			if c.remark != "" && !remark.Has(b.Remarks(), c.remark) {
				t.Errorf("said: %+v", b.Remarks())
			}
		})
	}
}

// TestATableThatIsNotReadIsSaid: a table that the sheet names and that has no definition.
func TestATableThatIsNotReadIsSaid(t *testing.T) {
	p := book(sheetOf(row("Name", "Amount"), row("a", "1")))
	p["xl/worksheets/_rels/sheet1.xml.rels"] = rels(rel{"rId1", "table", "../tables/table1.xml"})
	b, err := Open(t.Context(), p.file(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if !remark.Has(b.Remarks(), "table-missing") {
		t.Errorf("said: %+v", b.Remarks())
	}
}
