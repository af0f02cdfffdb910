package workbook

import (
	"fmt"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
)

// lineCase is a table with lines that are no rows.
type lineCase struct {
	name  string
	lines []string // with bars between the values; "" is a blank line
	rows  string   // the numbers of the rows that are left
	codes string   // of the remarks about lines
	types string
}

var lineCases = []lineCase{
	{"a total", []string{"Item|Sold", "a|1.5", "b|2", "Total|3.5"}, "2 3", "total-left-out", "text decimal"},
	{"a total below a blank line", []string{"Item|Sold", "a|1", "b|2", "", "Grand total:|3"}, "2 3", "total-left-out", "text whole"},
	{"a total in a column of dates", []string{"Day|Sold", "2024-01-02|1", "2024-01-03|2", "Total|99"}, "2 3", "total-left-out", "datetime whole"},
	{"a total that is no sum", []string{"Item|Sold|Left", "a|1|10", "b|2|20", "Total|99|30"}, "2 3 4", "total", "text whole whole"},
	{"a customer named like a total", []string{"Item|Sold", "a|1", "Total Wine|7", "b|2"}, "2 3 4", "", "text whole"},
	{"a total with an average", []string{"Item|Sold|Share", "a|10|0.25", "b|30|0.5", "Total|40|0.4"}, "2 3", "total-left-out", "text whole decimal"},
	{"totals of groups", []string{"Area|Item|Sold", "East|a|1", "|b|2", "East Total||3", "West|a|4", "|b|5", "West Total||9", "Grand Total||12"}, "2 3 5 6", "total-left-out", "text text whole"},
	{"totals of groups of groups", []string{"Year|Area|Sold", "2023|East|1", "2023|West|2", "2023 Total||3", "2024|East|4", "2024|West|6", "2024 Total||10", "Total||13"}, "2 3 5 6", "total-left-out", "whole text whole"},
	{"the names once more", []string{"Day|Sold", "2024-01-02|1", "Day|Sold", "2024-01-03|2", "\ufeffDay|Sold", "2024-01-04|3"}, "2 4 6", "names-repeated", "datetime whole"},
	{"the names once more, in capitals and with other blanks", []string{"Day|Sold  here", "2024-01-02|1", "DAY|SOLD HERE", "2024-01-03|2"}, "2 4", "names-repeated", "datetime whole"},
	{"the names once more below a title", []string{"Item|Sold", "a|1", "b|2", "", "Costs", "Item|Sold", "c|3", "d|4"}, "2 3 7 8", "note-left-out names-repeated", "text whole"},
	{"totals of groups in Japanese", []string{"地域|商品|売上", "北|A|10", "北|B|20", "北 集計||30", "南|A|5", "南|C|7", "南 集計||12", "総計||42"}, "2 3 5 6", "total-left-out", "text text whole"},
	{"a footnote about a total", []string{"Item|Sold", "a|1", "b|2", "* Summe ohne MwSt."}, "2 3", "note-left-out", "text whole"},
	{"a source in Czech", []string{"Item|Sold", "a|1", "b|2", "Zdroj: ČSÚ"}, "2 3", "note-left-out", "text whole"},
	{"a line that may be a note", []string{"Item|Sold", "a|1", "b|2", "Branch: Vienna"}, "2 3 4", "note", "text whole"},
	{"a size named like an average", []string{"Size|Sold", "Klein|5", "Groß|7", "Mittel|6"}, "2 3 4", "total", "text whole"},
	{"lines of dashes", []string{"Day|Sold", "----------|----", "2024-01-02|1", "==========|====", "2024-01-03|2"}, "3 5", "rule-line", "datetime whole"},
	{"a count", []string{"Day|Item|Sold", "2024-01-02|a|1", "2024-01-03|b|2", "", "(2 rows affected)"}, "2 3", "note-left-out", "datetime text whole"},
	{"a count right below", []string{"Item|Sold", "a|1", "b|2", "2 records selected."}, "2 3", "note-left-out", "text whole"},
	{"a source", []string{"Item|Sold", "a|1", "b|2", "", "Source: the warehouse"}, "2 3", "note-left-out", "text whole"},
	{"two notes", []string{"Item|Sold|Left", "a|1|3", "b|2|4", "", "* without returns", "As of Monday"}, "2 3", "note-left-out", "text whole whole"},
	{"a balance below", []string{"Day|Valued|Text|Who|What|Sum", "2024-01-02|2024-01-02|a|b|c|1.5", "2024-01-03|2024-01-03|a|b|c|2.5", "", "Balance on 3 January:|4.0"}, "2 3", "note-left-out", "datetime datetime text text text decimal"},
	{"a short row of data below a blank one", []string{"Item|Sold|Left", "a|1|3", "b|2|4", "", "|9"}, "2 3 5", "note", "text whole whole"},
	{"a last row that is the sum by chance", []string{"Id|Sold|Note", "1|2|x", "2|3|y", "3|5|"}, "2 3 4", "total", "whole whole text"},
	{"sums below a column of numbers", []string{"Id|Sold|Left", "1|2|5", "2|3|8", "|5|13"}, "2 3", "total-left-out", "whole whole whole"},
	{"one sum below a column of numbers", []string{"Id|Sold", "7|2", "8|3", "9|4", "|9"}, "2 3 4 5", "total", "whole whole"},
	{"an incomplete row", []string{"Item|Sold", "a|1", "b|2", "c|"}, "2 3 4", "", "text whole"},
	{"an incomplete row inside", []string{"Item|Sold|Left", "a|1|3", "b||", "c|2|4"}, "2 3 4", "", "text whole whole"},
	{"labels of groups", []string{"Item|Sold|Left", "Fruit", "Apple|1|3", "Pear|2|4", "Roots", "Carrot|3|5"}, "2 3 4 5 6", "label", "text whole whole"},
	{"labels in a column of dates", []string{"Day|Sold|Left", "Fruit", "2024-01-02|1|3", "2024-01-03|2|4", "Roots", "2024-01-02|3|5"}, "3 4 6", "label-left-out", "datetime whole whole"},
	{"one value in the first column, inside", []string{"Id|Item|Sold", "1|a|3", "lost||", "2|b|4", "gone||", "3|c|5"}, "2 3 4 5 6", "label", "text text whole"},
	{"one value in another column, inside", []string{"Id|Item|Sold", "||lost", "1|a|3", "||gone", "2|b|4"}, "2 3 4 5", "label", "whole text text"},
	{"one value in another column, in the last row", []string{"Id|Item|Sold", "1|a|3", "2|b|4", "||lost"}, "2 3 4", "note", "whole text text"},
	{"rows that begin as notes do", []string{"Item|Sold", "Note 1|1", "Note 2|2", "Note 3|"}, "2 3 4", "note", "text whole"},
	{"rows after a blank line", []string{"Item|Sold", "a|1", "", "b|2"}, "2 4", "", "text whole"},
	{"another table", []string{"Item|Sold", "a|1", "b|2", "", "Shop|Town|Open", "x|Oslo|1", "y|Rome|2"}, "2 3", "another-table", "text whole"},
	{"another table of texts", []string{"Item|Sold", "a|1", "b|2", "", "Shop|Town", "x|Oslo", "y|Rome"}, "2 3", "another-table", "text whole"},
	{"a blank line in a table of texts", []string{"Item|Town", "a|Oslo", "b|Rome", "", "c|Bern", "d|Wien"}, "2 3 5 6", "another-table", "text text"},
	{"another table below one of texts", []string{"Item|Town|Open", "a|Oslo|yes", "b|Rome|no", "", "Shop|Town", "x|Oslo", "y|Rome"}, "2 3", "another-table", "text text text"},
	{"another table with a title", []string{"Item|Sold|Left", "a|1|3", "b|2|4", "", "Shops", "Shop|Town|Open", "x|Oslo|1", "y|Rome|2"}, "2 3", "another-table", "text whole whole"},
	{"another table right below", []string{"Item|Sold|Left", "a|1|3", "b|2|4", "Shop|Town|Open", "x|Oslo|1", "y|Rome|2"}, "2 3", "another-table", "text whole whole"},
	{"a row of texts above one with a blank", []string{"Item|Sold|Left", "a|1|3", "b|sold out|unknown", "c||4", "d|5|6"}, "2 3 4 5", "", "text text text"},
	{"a row of texts among numbers", []string{"Item|Sold|Left", "a|1|3", "b|sold out|unknown", "c|2|4"}, "2 3 4", "", "text text text"},
}

// linesOf reads the lines of a case as a text file and as a workbook.
func linesOf(t *testing.T, c lineCase) map[string]string {
	var sheet [][]string
	for _, line := range c.lines {
		if line == "" {
			sheet = append(sheet, nil)
			continue
		}
		values := row(strings.Split(line, "|")...)
		for i, v := range values {
			if len(v) == 10 && strings.HasPrefix(v, "2024-01-0") {
				values[i] = fmt.Sprintf("4529%c@1", v[9])
			}
		}
		sheet = append(sheet, values)
	}
	return map[string]string{"text": put(t, "lines.csv", []byte(strings.ReplaceAll(strings.Join(c.lines, "\n")+"\n", "|", ";"))), "workbook": book(sheetOf(sheet...)).file(t)}
}

// lineCodes are the codes of what is said about lines.
func lineCodes(p infer.Profile) string {
	var all []string
	for _, r := range p.Remarks {
		if r.Code != infer.NoteRagged && r.Code != infer.NoteOutside {
			all = append(all, r.Code)
		}
	}
	return strings.Join(all, " ")
}

// TestLinesThatAreNoRows: lines that are no rows are left out and said, or kept and said,
// and never change the types of the columns. What can be chosen holds in both directions.
func TestLinesThatAreNoRows(t *testing.T) {
	for _, c := range lineCases {
		for kind, path := range linesOf(t, c) {
			t.Run(c.name+"/"+kind, func(t *testing.T) {
				b, err := Open(t.Context(), path, Options{Delimiter: map[string]Delimiter{"text": ";"}[kind]})
				if err != nil {
					t.Fatal(err)
				}
				defer b.Close()
				src, err := b.Find(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				p, rows := profiled(t, b, src)
				var types []string
				for _, column := range p.Columns {
					types = append(types, string(column.Type))
				}
				if rows != c.rows || lineCodes(p) != c.codes || strings.Join(types, " ") != c.types {
					t.Errorf("rows %s, remarks %s, types %v\nwant %s, %s, %s\n%q", rows, lineCodes(p), types, c.rows, c.codes, c.types, remark.Sentences(p.Remarks))
				}
				for _, r := range p.Remarks {
					if r.Code != infer.NoteRagged && len(r.Options) == 0 {
						t.Errorf("%q offers nothing", r.Sentence)
					}
				}
				src.Totals = infer.KeepAll
				all, rows := profiled(t, b, src)
				if len(all.Left) > 0 || int64(len(strings.Fields(rows))) != all.Rows || all.Rows < p.Rows+p.Suspects-int64(strings.Count(c.codes, "note "))-int64(len(c.lines)) {
					t.Errorf("all kept: %s, %+v", rows, all.Left)
				}
				if p.Suspects > 0 && all.Suspects == 0 {
					t.Error("what was kept is not said")
				}
				src.Totals = infer.KeepNone
				if none, rows := profiled(t, b, src); p.Suspects > 0 && none.Rows > p.Rows || strings.Contains(lineCodes(none), "label ") {
					t.Errorf("none kept: %s", rows)
				}
			})
		}
	}
}

// profiled reads a source and returns what its rows show and the numbers of those that
// are delivered, which pages must agree with.
func profiled(t *testing.T, b *Book, src Source) (infer.Profile, string) {
	t.Helper()
	l, err := b.Layout(t.Context(), src, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, pages, err := b.ProfilePages(t.Context(), l, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Preview(t.Context(), l.WithTypes(p), 1000)
	if err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for i, row := range rows {
		numbers = append(numbers, fmt.Sprint(row.Number))
		if shown, ok := pages.Row(int64(i)); !ok || shown.Number != row.Number || pages.Find(row.Number) != int64(i) {
			t.Errorf("page row %d is %d, row %d is at %d", i, shown.Number, row.Number, pages.Find(row.Number))
		}
	}
	if int64(len(rows)) != p.Rows || pages.Rows() != p.Rows {
		t.Errorf("%d rows are delivered, %d are counted, %d are in the pages", len(rows), p.Rows, pages.Rows())
	}
	return p, strings.Join(numbers, " ")
}

// TestTotalWords: a total is known in the languages of spreadsheet programs, proven by
// its sum, also where numbers are texts.
func TestTotalWords(t *testing.T) {
	for _, word := range []string{"Total", "TOTAL:", "Grand Total", "Sub-total", "Gesamtergebnis", "Summe", "Total général", "Sous-total", "Totale", "Suma", "Total geral", "Totaal", "Totalt",
		"I alt", "Yhteensä", "Razem", "Suma końcowa", "Celkem", "Spolu", "Összesen", "Итого", "Общий итог", "Всего", "Разом", "Ukupno", "Skupaj", "Toplam", "Genel Toplam", "Σύνολο", "Γενικό Σύνολο",
		"合計", "総計", "小计", "合计", "總計", "합계", "총합계", "סה\"כ", "المجموع", "إجمالي", "योग", "รวม", "Jumlah", "Tổng cộng"} {
		for kind, path := range linesOf(t, lineCase{lines: []string{"Item|Sold", "a|1.5", "b|2.25", word + "|3.75"}}) {
			r, err := readAll(t, path, Options{})
			if err != nil || len(r.rows) != 2 || lineCodes(r.profile) != "total-left-out" {
				t.Errorf("%s in a %s: %v, %d rows, %s", word, kind, err, len(r.rows), lineCodes(r.profile))
			}
		}
	}
	for _, word := range []string{"Totally", "Summer", "Resume", "Sumatra", "Totem", "Lump", "Totaline"} {
		r, err := readAll(t, put(t, "x.csv", []byte("Item,Sold\na,1\nb,2\n"+word+",3\n")), Options{})
		if err != nil || len(r.rows) != 3 {
			t.Errorf("%s: %v, %d rows", word, err, len(r.rows))
		}
	}
}

// TestManyTotals: subtotals all through a long file are left out one by one, and pages
// show the others by their places.
func TestManyTotals(t *testing.T) {
	var b strings.Builder
	b.WriteString("Group,Item,Sold\n")
	want := 0
	for g := range 300 {
		for i := range 7 {
			fmt.Fprintf(&b, "g%d,i%d,%d\n", g, i, g+i)
			want++
		}
		fmt.Fprintf(&b, "g%d Total,,%d\n", g, 7*g+21)
	}
	book, err := Open(t.Context(), put(t, "many.csv", []byte(b.String())), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	src, err := book.Find(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	l, err := book.Layout(t.Context(), src, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, pages, err := book.ProfilePages(t.Context(), l, t.TempDir(), nil)
	if err != nil || p.Rows != int64(want) || pages.Rows() != int64(want) || len(p.Left) != 300 || p.Suspects != 300 {
		t.Fatalf("%v: %d rows, %d in pages, %d left out", err, p.Rows, pages.Rows(), len(p.Left))
	}
	for i := int64(0); i < pages.Rows(); i++ {
		if row, ok := pages.Row(i); !ok || strings.Contains(cell.Display(row.Cells[0]), "Total") || pages.Find(row.Number) != i {
			t.Fatalf("row %d: %+v at %d", i, row, pages.Find(row.Number))
		}
	}
}

// TestAnotherTableMayBegin: that the rows end where a line of texts stands is a guess when the
// rows below it look like those above.
func TestAnotherTableMayBegin(t *testing.T) {
	for below, want := range map[string]remark.Kind{"c,sold out,unknown\nd,,4\n": remark.Guess, "Shop,Town,Open\nx,Oslo,1\n": remark.Omit} {
		r, err := readAll(t, put(t, "x.csv", []byte("Item,Sold,Left\na,1,3\nb,2,4\n\n"+below)), Options{})
		if err != nil || len(r.profile.Remarks) != 1 || r.profile.Remarks[0].Kind != want {
			t.Errorf("%v: %+v", err, r.profile.Remarks)
		}
	}
}
