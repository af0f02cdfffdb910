package workbook

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
)

// report makes tables as reports have them. The lines are written as a text file.
type report struct {
	*rand.Rand
	lines [][]string
}

func (r *report) add(values ...string)    { r.lines = append(r.lines, values) }
func (r *report) one(of ...string) string { return of[r.IntN(len(of))] }
func (r *report) some(n int, of []string) []string {
	var all []string
	for _, i := range r.Perm(len(of))[:n] {
		all = append(all, of[i])
	}
	return all
}

var (
	labelNames   = []string{"Region", "Product", "Customer", "Depot", "Town", "Category", "Sales person", "Supplier", "Shop", "Country"}
	numberNames  = []string{"Units", "Revenue", "Cost", "Margin %", "Qty", "Net amount", "Tax", "Discount", "Stock", "Returns", "Weight (kg)", "Price"}
	words        = []string{"North", "South", "Oslo", "Rome", "Apple", "Pear", "Berg AG", "Dahl & Co", "Paper", "Tea", "Milk, fresh", "Screw 3x20", "Anna", "Bert"}
	reportTitles = []string{"Sales report 2024", "Stock by depot", "Monatsbericht", "Rapport des ventes", "Quarterly overview", "Umsatz je Region"}
)

// value is a number as reports show it.
func (r *report) value() string {
	switch r.IntN(4) {
	case 0:
		return fmt.Sprint(r.IntN(5000))
	case 1:
		return fmt.Sprintf("%d.%02d", r.IntN(900), r.IntN(100))
	case 2:
		return fmt.Sprint(r.IntN(90))
	}
	return fmt.Sprintf("%d.5", r.IntN(40))
}

// title writes titles, notes and blank lines above the table.
func (r *report) title() {
	switch r.IntN(6) {
	case 0:
		r.add(r.one(reportTitles...))
		r.add()
	case 1:
		r.add(r.one(reportTitles...))
		r.add("Printed on 2024-03-01")
		r.add()
	case 2:
		r.add("Company:", "Berg AG")
		r.add("Period:", "2024-01-01")
		r.add()
	case 3:
		r.add("# " + r.one(reportTitles...))
	}
}

// rows writes rows of data: so many labels, then numbers.
func (r *report) rows(labels, numbers int) {
	for range 3 + r.IntN(40) {
		var line []string
		for range labels {
			line = append(line, r.one(words...))
		}
		for range numbers {
			v := r.value()
			if r.IntN(25) == 0 {
				v = ""
			}
			line = append(line, v)
		}
		r.add(line...)
	}
	switch r.IntN(8) {
	case 0, 1:
		r.add()
		r.add("Source: the warehouse")
	case 2:
		total := []string{"Total"}
		for range labels + numbers - 1 {
			total = append(total, "17.5")
		}
		r.add(total...)
	case 3: // another, wider table
		r.add()
		r.add("Depot", "Street", "Town", "Zip", "Opened", "Staff", "Rent", "Heating")
		r.add("a", "x", "Oslo", "0150", "2001", "12", "100", "20")
		r.add("b", "y", "Rome", "0250", "2005", "15", "200", "25")
	}
}

// oneLine is a table with its names in one row.
func (r *report) oneLine() (header int) {
	r.title()
	labels, numbers := 1+r.IntN(3), 1+r.IntN(5)
	names := append(r.some(labels, labelNames), r.some(numbers, numberNames)...)
	switch r.IntN(14) {
	case 0, 1: // years
		names = names[:labels]
		for i := range numbers {
			names = append(names, fmt.Sprint(2019+i)+r.one("", ".0"))
		}
	case 2: // names that say nothing
		for i := range names {
			names[i] = "x"
		}
	case 3: // a column without a name
		names[labels-1] = ""
		names[0] = r.one(labelNames...)
	case 4: // a title in several cells, wider than the table
		title := []string{"Report", "of", "March"}
		for range labels + numbers {
			title = append(title, r.one("final", "draft", "v2", "Berg"))
		}
		r.add(title...)
	case 5: // texts only
		names, numbers = r.some(labels+1, labelNames), 0
		labels++
	}
	r.add(names...)
	header = len(r.lines)
	switch r.IntN(8) {
	case 0:
		var units []string
		for i := range names {
			units = append(units, "")
			if i >= labels {
				units[i] = r.one("kg", "EUR", "%", "pcs", "[h]")
			}
		}
		r.add(units...)
	case 1:
		var rule []string
		for range names {
			rule = append(rule, "--------")
		}
		r.add(rule...)
	}
	r.rows(labels, numbers)
	return header
}

// groups writes a line of group names, each above so many columns of a line below.
func (r *report) groups(labels, wide, count int, names []string, repeat bool) {
	line := make([]string, labels)
	for g := range count {
		for i := range wide {
			name := names[g%len(names)]
			if i > 0 && !repeat {
				name = ""
			}
			line = append(line, name)
		}
	}
	r.add(line...)
}

// twoLines is a table with groups above its names.
func (r *report) twoLines() (header int) {
	r.title()
	labels, wide, count := 1+r.IntN(2), 2+r.IntN(2), 1+r.IntN(3)
	names := r.some(labels, labelNames)
	top := r.one("years", "regions", "plans")
	groups := map[string][]string{"years": {"2022", "2023", "2024"}, "regions": {"North", "South", "West"}, "plans": {"Plan", "Actual", "Difference"}}[top]
	below := r.some(wide, numberNames)
	if top == "years" {
		below = []string{"Q1", "Q2", "Q3"}[:wide]
	}
	inUpper := r.IntN(2) == 0 // the names of the labels are in the upper line
	r.groups(labels, wide, count, groups, r.IntN(2) == 0)
	if inUpper {
		copy(r.lines[len(r.lines)-1], names)
		names = make([]string, labels)
	}
	for range count {
		names = append(names, below...)
	}
	if top == "years" && r.IntN(4) == 0 && count > 1 {
		r.add() // a blank line between
	}
	r.add(names...)
	header = len(r.lines)
	if r.IntN(5) == 0 {
		units := make([]string, labels)
		for range wide * count {
			units = append(units, r.one("EUR", "in EUR", "%", "kg"))
		}
		r.add(units...)
	}
	r.rows(labels, wide*count)
	return header
}

// threeLines is a table with groups of groups above its names.
func (r *report) threeLines() (header int) {
	r.title()
	labels, count := 1+r.IntN(2), 1+r.IntN(2)
	names := r.some(labels, labelNames)
	repeat := r.IntN(2) == 0
	r.groups(labels, 4, count, []string{"2023", "2024"}, repeat)
	r.groups(labels, 2, 2*count, []string{"North", "South"}, repeat)
	if r.IntN(3) == 0 {
		copy(r.lines[len(r.lines)-2], names)
		names = make([]string, labels)
	}
	for range 2 * count {
		names = append(names, "Plan", "Actual")
	}
	r.add(names...)
	header = len(r.lines)
	r.rows(labels, 4*count)
	return header
}

// TestHeadersOfReports finds the names in tables made by templates of reports. Of those
// that are not found most must be said to be guesses.
func TestHeadersOfReports(t *testing.T) {
	for lines, c := range []struct {
		make  func(*report) int
		least int
	}{{(*report).oneLine, 99}, {(*report).twoLines, 90}, {(*report).threeLines, 80}} {
		found, said := 0, 0
		const tables = 100
		for n := range tables {
			r := &report{Rand: rand.New(rand.NewPCG(uint64(n), uint64(lines)))}
			header := c.make(r)
			var text strings.Builder
			for _, line := range r.lines {
				for i, v := range line {
					if i > 0 {
						text.WriteByte('\t')
					}
					text.WriteString(v)
				}
				text.WriteByte('\n')
			}
			b, err := Open(t.Context(), put(t, "report.tsv", []byte(text.String())), Options{Delimiter: "\t"})
			if err != nil {
				t.Fatal(err)
			}
			src, err := b.Find(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			l, err := b.Layout(t.Context(), src, 0)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case l.HeaderRow == header && l.HeaderRows == lines+1:
				found++
			case remark.Has(l.Remarks, infer.NoteHeaderGuess):
				said++
				t.Logf("a guess: %d lines, table %d: row %d in %d rows, want row %d: %s\n%.300s", lines+1, n, l.HeaderRow, l.HeaderRows, header, l.Why, text.String())
			default:
				t.Logf("%d lines, table %d: row %d in %d rows, want row %d: %s\n%.400s", lines+1, n, l.HeaderRow, l.HeaderRows, header, l.Why, text.String())
			}
			b.Close()
		}
		t.Logf("%d lines: %d found, %d said to be guesses", lines+1, found, said)
		if found*100 < c.least*tables || found+said < tables-1 {
			t.Errorf("%d lines: %d of %d found, %d said to be guesses", lines+1, found, tables, said)
		}
	}
}
